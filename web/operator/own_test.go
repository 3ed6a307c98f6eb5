package operator_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"watchword/account/accounttest"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves decisions 34 and 35 in the browser, without scripts: an operator makes new recovery codes, loses the phone, comes
// in by a code, is led to where another app is added, removes the lost one, and can do dangerous acts again; an address for
// alerts counts once its link was used.
func TestOwnFactors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		o := h.team()
		olga := h.operator("olga")
		olga.Follow("Your log-in")
		says(t, olga, "Authenticator app", "10 codes left", "this one", "Alerts")
		olga.Submit("Make 10 new recovery codes", nil)
		codes := olga.Page.All("#recovery-codes li")
		if len(codes) != 10 {
			t.Fatalf("%d codes:\n%s", len(codes), olga.Page.Words())
		}
		first := olga.Page.TextOf("#recovery-codes li")
		olga.Follow("I have saved them")
		olga.Submit("Save the address", map[string]string{"email": "nobody"})
		at(t, olga, "/operator/security/address", 422)
		olga.Submit("Save the address", map[string]string{"email": "olga@example.com"})
		says(t, olga, "A link waits in the mailbox of olga@example.com")
		token := h.Newest(t, "olga@example.com").Token(t)
		guest := h.browser()
		for range 3 {
			guest.Get("/operator/address/confirm?token=" + token)
			says(t, guest, "o•••@example.com")
		}
		guest.Submit("Confirm the address", nil)
		says(t, guest, "Alerts go there from now on")
		guest.Post("/operator/address/confirm", url.Values{"token": {token}})
		at(t, guest, "/operator/address/confirm", 409)
		olga.Get("/operator/security")
		olga.Follow("Remove")
		says(t, olga, "0 second factors will be left")
		olga.Submit("Remove it", nil)
		at(t, olga, "/operator/security/remove", 409)
		says(t, olga, "the last second factor that you can use")

		// The phone is lost.
		b := h.browser()
		b.Get("/operator/login")
		b.Submit("Log in", map[string]string{"Username": "olga", "Password": accounttest.Password})
		b.Submit("Use the recovery code", map[string]string{"Recovery code": first})
		at(t, b, "/operator/security", 200)
		says(t, b, "You came in by a recovery code")
		page := "/operator/organisations/" + string(o.ID)
		b.Post(page+"/suspend", url.Values{"reason": {"Unpaid since March"}})
		at(t, b, page+"/suspend", 403)
		if b.Page.Has("input[name=recovery]") {
			t.Error("a recovery code is offered for a dangerous act")
		}
		h.Later(6 * time.Minute)
		b.Get("/operator/security")
		b.Submit("Add an authenticator app", nil)
		at(t, b, "/operator/security/app", 403)
		b.Submit("Use the recovery code", map[string]string{"Recovery code": first})
		at(t, b, "/operator/security/app", 422)
		if n := b.Page.Errors(); len(n) != 1 || !b.Page.Has(".field-error #recovery") {
			t.Errorf("a used code: %v", n)
		}
		second := strings.TrimSpace(codes[1].FirstChild.FirstChild.Data)
		b.Submit("Use the recovery code", map[string]string{"Recovery code": second})
		at(t, b, "/operator/security/app", 200)
		seed := strings.ReplaceAll(b.Page.TextOf("#qr-key"), " ", "")
		code, err := totp.GenerateCode(seed, h.DB.Clock().Now())
		if err != nil {
			t.Fatal(err)
		}
		b.Submit("Confirm the app", map[string]string{"Code": "12"})
		at(t, b, "/operator/security/app/confirm", 422)
		b.Submit("Confirm the app", map[string]string{"Code": code, "Name": "New phone"})
		at(t, b, "/operator/security", 200)
		says(t, b, "Your authenticator app is added", "New phone")
		if olga.Get("/operator"); olga.Page.URL.Path != "/operator/login" {
			t.Error("the session before goes on:", olga.Page.URL)
		}
		h.Later(time.Minute)
		b.Post(page+"/suspend", url.Values{"reason": {"Unpaid since March"}})
		if code, err = totp.GenerateCode(seed, h.DB.Clock().Now()); err != nil {
			t.Fatal(err)
		}
		b.Submit("Continue", map[string]string{"Code": code})
		at(t, b, page, 200)
		says(t, b, "Suspended")
		b.Get("/operator/audit?event=operator")
		says(t, b, "Operator's second factor added", "Operator's recovery codes made", "Operator's address for alerts changed")
	})
}
