package team_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/signin/signintest"
	"watchword/web/webtest"
)

// pass submits a form and proves the step-up that it may lead to.
func (h *house) pass(b *webtest.Browser, button string, fields map[string]string) {
	h.t.Helper()
	b.Submit(button, fields)
	if strings.HasPrefix(b.Page.URL.Path, "/stepup") {
		h.prove(b)
	}
}

// Proves OU3-OU10, OU14, C37, C42, C49, C50, B10 through the pages: an invitation to a new person and one to somebody who
// has a profile, what a wrong person sees, a change of method and permissions, switching off and on, removal of somebody
// who is logged in elsewhere, handing over, leaving.
func TestPeopleOfAnOrganisation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, _, org := h.owner("maya", "Harbour Dental")
		tom, _ := h.in("tom")
		h.invitation(owner, "new@example.com")
		says(t, owner, "The invitation is on its way to new@example.com", "1 invitation open")
		link := "/invitation?token=" + h.Newest(t, "new@example.com").Token(t)
		if tom.Get(link); tom.Page.Status != 403 || !strings.Contains(tom.Page.Words(), "another address") {
			t.Errorf("somebody else sees %d: %s", tom.Page.Status, tom.Page.Words())
		}
		if tom.Post("/invitation", url.Values{"token": {h.Newest(t, "new@example.com").Token(t)}}); tom.Page.Status != 403 {
			t.Errorf("somebody else joins: %d", tom.Page.Status)
		}
		guest := h.browser()
		for range 3 { // opening it uses nothing up
			guest.Get(link)
			at(t, guest, "/invitation", 200)
		}
		says(t, guest, "maya invited you", "Harbour Dental", "new@example.com")
		guest.Submit("Join Harbour Dental", map[string]string{"Username": "newman", "Password": "short"})
		at(t, guest, "/invitation", 422)
		if n := len(guest.Page.Errors()); n != 2 || guest.Page.Attr("#username", "value") != "newman" {
			t.Errorf("%v", guest.Page.Errors())
		}
		guest.Submit("Join Harbour Dental", map[string]string{"Password": accounttest.Password, "I agree": "yes"})
		at(t, guest, "/login", 200)
		h.login(guest, "newman")
		guest.Get("/")
		says(t, guest, "You are in Harbour Dental")
		if guest.Get("/settings/users"); guest.Page.Status != 403 || guest.Page.Has(".side-list a[href=/settings/users]") {
			t.Errorf("a member sees the users: %d", guest.Page.Status)
		}
		if again := h.browser(); again.Get(link).Status < 400 {
			t.Errorf("the link works twice: %s", again.Page.Words())
		}
		h.known(t, owner, tom)
		h.changes(t, owner, guest)
		_ = org
	})
}

// known invites somebody who has a profile and is logged in.
func (h *house) known(t *testing.T, owner, tom *webtest.Browser) {
	h.invitation(owner, "tom@example.com")
	link := "/invitation?token=" + h.Newest(t, "tom@example.com").Token(t)
	owner.Get("/settings/users")
	owner.Submit("Send again", nil) // the link before no longer counts
	if owner.Page.Status >= 400 && owner.Page.Status != 429 {
		t.Errorf("sending again: %d %s", owner.Page.Status, owner.Page.Words())
	}
	if owner.Page.Status == 429 {
		h.Later(2 * time.Minute)
		owner.Get("/settings/users")
		h.pass(owner, "Send again", nil)
	}
	if tom.Get(link); tom.Page.Status < 400 {
		t.Error("the former link still works")
	}
	tom.Get("/invitation?token=" + h.Newest(t, "tom@example.com").Token(t))
	says(t, tom, "You join with the profile you are logged in with")
	tom.Submit("Join Harbour Dental", nil)
	at(t, tom, "/", 200)
	says(t, tom, "You have joined", "You are in Harbour Dental")
}

// row is the page of a user, found in the list by name.
func (h *house) row(b *webtest.Browser, name string) string {
	h.t.Helper()
	b.Get("/settings/users?q=" + name)
	at(h.t, b, "/settings/users", 200)
	if n := len(b.Page.All("#users tbody tr")); n != 1 {
		h.t.Fatalf("%d users are called %s", n, name)
	}
	return b.Page.Attr("#users .pair a", "href")
}

func (h *house) changes(t *testing.T, owner, guest *webtest.Browser) {
	at := h.row(owner, "newman")
	owner.Get(at)
	h.pass(owner, "Save changes", map[string]string{"method": "totp"})
	says(t, owner, "Saved")
	if owner.Page.Attr("#method option[value=totp]", "selected") != "" || !owner.Page.Has("#method option[selected]") {
		t.Error("the method is not kept")
	}
	if guest.Get("/profile"); guest.Page.URL.Path != "/login" {
		t.Errorf("after a change of method the session goes on: %s", guest.Page.URL)
	}
	h.login(guest, "newman")
	owner.Post(at, url.Values{"method": {"totp"}, "permissions": {"", "contacts"}})
	owner.Get(at)
	if n := len(owner.Page.All("#permissions-group input[checked]")); n != 1 {
		t.Errorf("%d permissions of 1", n)
	}
	for _, act := range []struct{ button, words string }{{"Switch off", "is switched off"}, {"Switch on", "is switched on again"}, {"End trusted devices", "is asked for a code"}} {
		owner.Get(at)
		h.pass(owner, act.button, nil)
		says(t, owner, act.words)
	}
	h.login(guest, "newman")
	owner.Get(at + "/remove")
	h.pass(owner, "Remove newman", nil)
	says(t, owner, "newman is removed")
	guest.Get("/settings/organisation/leave")
	if guest.Page.Status == 200 && guest.Page.URL.Path != "/organisations" && guest.Page.URL.Path != "/login" {
		t.Errorf("a removed member still sees %s:\n%s", guest.Page.URL, guest.Page.Words())
	}
	// Owners cannot be removed; ownership is handed over with password and code.
	tom := h.row(owner, "tom")
	me := h.row(owner, "maya")
	owner.Post(me+"/remove", nil)
	if owner.Page.Status < 400 && !strings.HasPrefix(owner.Page.URL.Path, "/stepup") {
		t.Errorf("the only owner is removed: %d", owner.Page.Status)
	}
	owner.Get(tom + "/transfer")
	h.pass(owner, "Transfer ownership", nil)
	says(t, owner, "tom owns Harbour Dental now")
	if owner.Get("/settings/users"); owner.Page.Status != 403 {
		t.Errorf("a former owner still manages users: %d", owner.Page.Status)
	}
	if h.Kinds(t, "tom@example.com")["ownership_transferred"] == 0 || h.Kinds(t, "maya@example.com")["ownership_transferred"] == 0 {
		t.Errorf("who handed over and who got it are told: %v %v", h.Kinds(t, "tom@example.com"), h.Kinds(t, "maya@example.com"))
	}
	owner.Get("/settings/organisation/leave")
	owner.Submit("Leave Harbour Dental", nil)
	if owner.Page.URL.Path != "/organisations" {
		t.Errorf("leaving leads to %s", owner.Page.URL)
	}
	says(t, owner, "You have left Harbour Dental")
}

// Proves LF3, LF4, LF15, LF16, LF18, LF25, TD1-TD6, C45 through the pages: the window refuses to be saved while a number
// is missing, keeps what was typed, then binds everybody; no page switches it off; a browser is trusted unless it is
// shared, listed and ended.
func TestTwoFactorForEverybody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, me, org := h.owner("maya", "Harbour Dental")
		anna, a := h.in("anna")
		h.joins(a, org)
		owner.Get("/settings/security/require")
		says(t, owner, "0 of 2 users are ready")
		h.pass(owner, "Require it for 2 users", map[string]string{"number-" + string(a.ID): "0113 496 0142"})
		at(t, owner, "/settings/security/require", 422)
		if text := strings.Join(owner.Page.Errors(), "\n"); !strings.Contains(text, "maya: ") || !strings.Contains(text, "anna: ") {
			t.Errorf("mistakes do not say whose they are: %s", text)
		}
		if !owner.Page.Has("#row-"+string(a.ID)+" .error") || owner.Page.Attr("#number-"+string(a.ID), "value") != "0113 496 0142" {
			t.Error("the mistake is not at its row, or what was typed is lost")
		}
		h.Number(t, me, signintest.Mobile)
		h.login(owner, "maya")
		h.visit(owner, org)
		owner.Get("/settings/security/require")
		owner.Submit("Require it for 2 users", map[string]string{"number-" + string(a.ID): "07700 900456", "when": "date", "grace-day": "31", "grace-month": "2", "grace-year": "2026"})
		at(t, owner, "/settings/security/require", 422)
		owner.Submit("Require it for 2 users", map[string]string{"when": "soon"})
		at(t, owner, "/settings/security/require", 422)
		says(t, owner, "Choose when it starts")
		h.pass(owner, "Require it for 2 users", map[string]string{"when": "now"})
		at(t, owner, "/settings/security", 200)
		says(t, owner, "Two-factor is required of everybody now", "You cannot switch this off yourself", "1 number not proved")
		for _, form := range owner.Page.All("main form") {
			for _, x := range form.Attr {
				if x.Key == "action" && strings.Contains(x.Val, "off") {
					t.Errorf("a form switches it off: %s", x.Val)
				}
			}
		}
		h.window(t, owner)
		h.firstNumber(t, anna)
		h.trust(t, owner)
	})
}

// window stands over the pages of users and of security with one form, and no id twice.
func (h *house) window(t *testing.T, owner *webtest.Browser) {
	for _, path := range []string{"/settings/users", "/settings/security"} {
		owner.Get(path)
		if !owner.Page.Has("dialog#require-window form[action=/settings/security/require]") || owner.Page.Attr("a[data-opens=require-window]", "href") == "" {
			t.Errorf("%s has no window:\n%s", path, owner.Page.Words())
		}
		seen := map[string]bool{}
		for _, n := range owner.Page.All("[id]") {
			for _, a := range n.Attr {
				if a.Key == "id" && seen[a.Val] {
					t.Errorf("%s has the id %s twice", path, a.Val)
				} else if a.Key == "id" {
					seen[a.Val] = true
				}
			}
		}
	}
}

// Proves LF16 and C23 through the pages: who joins later, where email is the least method, is shown as ready by email and
// called weak, in the list, in its filter, in the bar and in the window.
func TestReadyByEmail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, me, org := h.owner("maya", "Harbour Dental")
		h.Number(t, me, signintest.Mobile)
		h.login(owner, "maya")
		h.visit(owner, org)
		owner.Get("/settings/security/require")
		h.pass(owner, "Require it for 1 user", map[string]string{"when": "now"})
		_, a := h.in("anna")
		h.joins(a, org)
		owner.Get("/settings/users")
		says(t, owner, "2 of 2 users are ready for two-factor", "1 ready by email (weak)", "By email (weak)")
		owner.Get("/settings/users?state=weak")
		if n := len(owner.Page.All("#users tbody tr")); n != 1 {
			t.Errorf("%d users are ready by email", n)
		}
		owner.Get("/settings/security/require")
		says(t, owner, "By email (weak)", "Everybody is ready")
	})
}

// firstNumber logs the member in, who sees only what binds the typed number, and proves it.
func (h *house) firstNumber(t *testing.T, anna *webtest.Browser) {
	anna.Get("/logout")
	anna.Submit("Log out", nil)
	h.login(anna, "anna")
	at(t, anna, "/organisations/enter", 200)
	says(t, anna, "Set up your second factor", "Send a code to 07700 ••• 456")
	h.pass(anna, "Send a code to", nil)
	at(t, anna, "/profile/phone/code", 200)
	anna.Submit("Confirm the number", map[string]string{"code": h.code()})
	says(t, anna, "Save your recovery codes")
	anna.Submit("Continue", map[string]string{"saved": "yes"})
	if anna.Page.URL.Path == "/organisations/enter" {
		t.Errorf("still asked after the number was proved:\n%s", anna.Page.Words())
	}
	anna.Get("/settings/organisation/leave")
	at(t, anna, "/settings/organisation/leave", 200)
}

func (h *house) trust(t *testing.T, owner *webtest.Browser) {
	owner.Get("/settings/security")
	h.pass(owner, "Save changes", map[string]string{"new_device": "new", "trust_days": "91"})
	at(t, owner, "/settings/security", 422)
	h.pass(owner, "Save changes", map[string]string{"trust_days": "30", "networks": "192.0.2.0/24"})
	at(t, owner, "/settings/security", 422)
	says(t, owner, "you would lock yourself out")
	h.pass(owner, "Save changes", map[string]string{"networks": ""})
	at(t, owner, "/settings/security", 200)
	again := func(fields map[string]string) (asked bool) {
		owner.Get("/logout")
		owner.Submit("Log out", nil)
		h.Later(10 * time.Minute)
		owner.Get("/login")
		owner.Submit("Log in", map[string]string{"Username": "maya", "Password": accounttest.Password})
		if asked = owner.Page.Has("input[name=code]"); asked {
			if !owner.Page.Has("input[name=shared]") {
				t.Error("the page does not ask whether the computer is shared")
			}
			fields["code"] = h.code()
			owner.Submit("Continue", fields)
		}
		return asked
	}
	if !again(map[string]string{"shared": "yes"}) || !again(map[string]string{}) {
		t.Error("no code on a browser that is shared, or not trusted")
	}
	owner.Get("/profile/devices")
	says(t, owner, "This one", "Stop trusting")
	if again(map[string]string{}) {
		t.Error("a trusted browser is asked")
	}
	owner.Get("/settings/security/devices")
	says(t, owner, "1 device of 1 user")
	owner.Get("/profile/devices")
	owner.Submit("Stop trusting all", nil)
	if !again(map[string]string{}) {
		t.Error("no code after the trust was ended")
	}
}

// Proves RP18, RP20, OU13, LF23 and story 4 through the pages: details with mistakes at their fields, settings found by
// name, an organisation that ends only for who types its name and proves it, and going from an open organisation into a
// stricter one.
func TestDetailsSearchAndStricter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, me, org := h.owner("maya", "Harbour Dental")
		owner.Get("/settings/organisation")
		owner.Submit("Save changes", map[string]string{"Billing email address": "nobody", "Country": "GB", "Contact phone": "12"})
		at(t, owner, "/settings/organisation", 422)
		if len(owner.Page.Errors()) != 2 || !owner.Page.Has(".field-error #billing_email") {
			t.Errorf("%v", owner.Page.Errors())
		}
		owner.Submit("Save changes", map[string]string{"Billing email address": "bills@example.com", "Contact phone": "07700 900123"})
		says(t, owner, "The business details are saved")
		owner.Get("/settings?q=vat")
		if n := len(owner.Page.All("#found .entry")); n != 1 {
			t.Errorf("%d settings for vat", n)
		}
		// A second organisation, stricter than the log-in was.
		tom, _, strict := h.owner("tom", "Pennine Cycling")
		_ = tom
		h.joins(me, strict)
		h.Write(t, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE organisation SET required = $2, required_at = $3, floor_member = 'sms' WHERE organisation_id = $1`, strict, true, tx.Now)
			return err
		})
		owner.Get("/settings/organisation/leave?organisation=" + string(strict))
		at(t, owner, "/organisations/enter", 200)
		says(t, owner, "Set up your second factor", "Mobile number", "Passkey")
		owner.Get("/settings/organisation")
		says(t, owner, "Harbour Dental")
		owner.Get("/settings/organisation/delete")
		owner.Submit("Delete organisation", map[string]string{"Name of the organisation": "harbour"})
		at(t, owner, "/settings/organisation/delete", 422)
		h.pass(owner, "Delete organisation", map[string]string{"Name of the organisation": "Harbour Dental"})
		at(t, owner, "/organisations", 200)
		if owner.Get("/settings/organisation?organisation=" + string(org)); owner.Page.Status != 404 {
			t.Errorf("a deleted organisation: %d", owner.Page.Status)
		}
	})
}
