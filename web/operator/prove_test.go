package operator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves decisions 27 and SO3 in the browser, without scripts: after five minutes a dangerous act asks for a code first,
// keeps what was typed, says what is wrong with a code, and goes on by itself; for five minutes nothing is asked again.
func TestDangerousActsAskForACode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		o := h.team()
		olga := h.operator("olga")
		page := "/operator/organisations/" + string(o.ID)
		h.Later(6 * time.Minute)
		olga.Get(page)
		olga.Submit("Suspend Harbour Dental", map[string]string{"reason": ""})
		at(t, olga, page+"/suspend", 422) // what is wrong is said before a code is asked for
		olga.Submit("Suspend Harbour Dental", map[string]string{"reason": "Unpaid since March"})
		at(t, olga, page+"/suspend", 403)
		says(t, olga, "Prove that it is you", "6 digits from your authenticator app")
		if v := olga.Page.Attr("input[name=reason]", "value"); v != "Unpaid since March" {
			t.Errorf("the form is lost: %q", v)
		}
		olga.Submit("Continue", map[string]string{"Code": "000000"})
		if olga.Page.Status != 422 || len(olga.Page.Errors()) != 1 {
			t.Fatalf("a wrong code: %d %v", olga.Page.Status, olga.Page.Errors())
		}
		code, err := totp.GenerateCode(h.seeds["olga"], h.DB.Clock().Now())
		if err != nil {
			t.Fatal(err)
		}
		olga.Submit("Continue", map[string]string{"Code": code})
		at(t, olga, page, 200)
		says(t, olga, "Suspended")
		h.Later(4 * time.Minute)
		olga.Submit("Restore Harbour Dental", map[string]string{"reason": "Paid"})
		olga.Submit("Suspend Harbour Dental", map[string]string{"reason": "Again"})
		at(t, olga, page, 200)
		olga.Get("/operator/audit?event=operator")
		if n := strings.Count(olga.Page.Words(), "Operator proved who they are"); n != 1 {
			t.Errorf("proved %d times", n)
		}
	})
}
