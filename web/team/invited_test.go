package team_test

import (
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/signin/signintest"
	"watchword/web/webtest"
)

// strict is an organisation that requires two-factor and accepts email from members, seen by its owner.
func (h *house) strict(grace int64) (*webtest.Browser, id.Organisation) {
	h.t.Helper()
	owner, me, org := h.owner("maya", "Harbour Dental")
	h.Number(h.t, me, signintest.Mobile)
	h.login(owner, "maya")
	h.visit(owner, org)
	h.Requires(h.t, me, org, grace)
	return owner, org
}

// joined accepts an invitation as somebody new, and logs in where that leads to.
func (h *house) joined(owner *webtest.Browser, invite, form map[string]string) *webtest.Browser {
	h.t.Helper()
	owner.Get("/settings/users/invite")
	h.pass(owner, "Send invitation", invite)
	at(h.t, owner, "/settings/users", 200)
	guest := h.browser()
	guest.Get("/invitation?token=" + h.Newest(h.t, "new@example.com").Token(h.t))
	form["Username"], form["Password"], form["I agree"] = "newman", accounttest.Password, "yes"
	guest.Submit("Join Harbour Dental", form)
	at(h.t, guest, "/login", 200)
	guest.Submit("Log in", map[string]string{"Username": "newman", "Password": accounttest.Password})
	if guest.Page.Has("input[name=code]") {
		guest.Submit("Continue", map[string]string{"code": h.code()})
	}
	return guest
}

// Proves LF16, OU4 and decisions 25: under required two-factor a number typed with an invitation is proved first, also
// where members may use email: the page, the door and the list of users agree.
func TestTypedNumberIsProvedFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, _ := h.strict(0)
		guest := h.joined(owner, map[string]string{"Email address": "new@example.com", "number": "07700 900456", "method": ""}, map[string]string{"method": "sms"})
		at(t, guest, "/organisations/enter", 200)
		says(t, guest, "Send a code to 07700 ••• 456")
		if strings.Contains(guest.Page.Words(), "Not now") {
			t.Error("the number can be put off")
		}
		if guest.Get("/settings/organisation/leave"); guest.Page.URL.Path != "/organisations/enter" {
			t.Errorf("the door is open: at %s", guest.Page.URL)
		}
		owner.Get("/settings/users?q=newman")
		says(t, owner, "Number not proved")
		h.pass(guest, "Send a code to", nil)
		at(t, guest, "/profile/phone/code", 200)
		guest.Submit("Confirm the number", map[string]string{"code": h.code()})
		guest.Submit("Continue", map[string]string{"saved": "yes"})
		guest.Get("/settings/organisation/leave")
		at(t, guest, "/settings/organisation/leave", 200)
		if owner.Get("/settings/users?q=newman"); strings.Contains(owner.Page.TextOf("#users tbody"), "Number not proved") {
			t.Error("the list still waits for the number")
		}
	})
}

// Proves decisions 25: until its date a required second factor can wait, and the number is asked for first all the same.
func TestTypedNumberThatCanWait(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, _ := h.strict(db.Clock().Now().Add(48 * time.Hour).UnixMicro())
		guest := h.joined(owner, map[string]string{"Email address": "new@example.com", "number": "07700 900456", "method": ""}, map[string]string{"method": "sms"})
		at(t, guest, "/organisations/enter", 200)
		says(t, guest, "Send a code to 07700 ••• 456", "Not now")
	})
}

// Proves decisions 25: where an owner chose email for this member it opens the organisation, and a typed number comes first.
func TestTypedNumberBesideEmail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, _ := h.strict(0)
		guest := h.joined(owner, map[string]string{"Email address": "new@example.com", "number": "07700 900456", "method": "email"}, map[string]string{"method": "sms"})
		at(t, guest, "/organisations/enter", 200)
		says(t, guest, "Send a code to 07700 ••• 456", "Not now")
	})
}

// Proves OU4 and decisions 25: the method that an owner chose with the invitation binds under required two-factor, without
// a way round it; without that it is an offer.
func TestChosenMethodBinds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, _ := h.strict(0)
		guest := h.joined(owner, map[string]string{"Email address": "new@example.com", "method": "totp"}, map[string]string{"method": "totp"})
		at(t, guest, "/organisations/enter", 200)
		for _, path := range []string{"/welcome/two-factor", "/settings/organisation/leave"} {
			guest.Get(path)
			at(t, guest, "/organisations/enter", 200)
			says(t, guest, "Authenticator app")
			if w := guest.Page.Words(); strings.Index(w, "Authenticator app") > strings.Index(w, "Passkey") {
				t.Errorf("what the owner chose does not come first:\n%s", w)
			}
			if strings.Contains(guest.Page.Words(), "Not now") {
				t.Errorf("%s can be put off", path)
			}
		}
	})
}

// Proves OU4: without required two-factor the method chosen with an invitation is an offer.
func TestChosenMethodIsOffered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, _, _ := h.owner("maya", "Harbour Dental")
		guest := h.joined(owner, map[string]string{"Email address": "new@example.com", "method": "totp"}, map[string]string{"method": "totp"})
		at(t, guest, "/welcome/two-factor", 200)
		says(t, guest, "Not now")
		if w := guest.Page.Words(); strings.Index(w, "Authenticator app") > strings.Index(w, "Mobile number") {
			t.Errorf("what was chosen does not come first:\n%s", w)
		}
	})
}
