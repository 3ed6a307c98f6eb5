package signedout_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"watchword/account/accounttest"
	"watchword/account/link"
	"watchword/base/access"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/organisation"
)

// Proves decisions 34 and C59: no operator without the token, which works once; a second factor is obligatory; the
// operators' session is not a person's.
func TestOperators(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		token, err := h.Operators.Token(ctx, db, access.System("serve"))
		if err != nil {
			t.Fatal(err)
		}
		b := h.browser()
		b.Get("/setup")
		form := map[string]string{"Token": strings.Repeat("x", 43), "Username": "root-op", "Password": accounttest.Password}
		b.Submit("Create the operator", form)
		at(t, b, "/setup", 422)
		form["Token"] = token
		b.Submit("Create the operator", form)
		at(t, b, "/setup/factor", 200)
		b.Get("/operator")
		at(t, b, "/operator/login", 200) // a password alone opens nothing
		b.Get("/setup/factor")
		secret := strings.ReplaceAll(b.Page.TextOf("#qr-key"), " ", "")
		code, err := totp.GenerateCode(secret, db.Clock().Now())
		if err != nil {
			t.Fatal(err)
		}
		b.Submit("Continue", map[string]string{"Code": other(code)})
		at(t, b, "/setup/factor", 422)
		b.Submit("Continue", map[string]string{"Code": code})
		if n := len(b.Page.All("#recovery-codes li")); n != 10 {
			t.Fatalf("%d recovery codes:\n%s", n, b.Page.Words())
		}
		recovery := b.Page.TextOf("#recovery-codes li")
		b.Follow("I have saved them")
		at(t, b, "/operator", 200)
		says(t, b, "root-op")
		if b.Get("/session"); b.Page.Status != 401 {
			t.Error("an operator's cookie is a person's session")
		}
		b = h.browser()
		b.Get("/operator")
		at(t, b, "/operator/login", 200)
		b.Submit("Log in", fill("root-op", "not this one, surely"))
		at(t, b, "/operator/login", 422)
		b.Submit("Log in", fill("root-op", accounttest.Password))
		at(t, b, "/operator/login/proof", 200)
		b.Submit("Use the recovery code", map[string]string{"Recovery code": recovery})
		if b.Page.URL.Path != "/operator/security" { // whoever came in by it is led to where a new factor is bound
			t.Errorf("a recovery code leads to %s", b.Page.URL)
		}
		second := h.browser()
		second.Get("/setup")
		second.Submit("Create the operator", form)
		at(t, second, "/setup", 422) // the token was used
	})
}

// Proves LF23: the choice of an organisation after logging in, remembered in this browser.
func TestChooser(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	maya := h.Person(t, "maya")
	rooms := &organisation.Rooms{Log: h.Log}
	who := access.Actor{Kind: access.KindPerson, Profile: maya.ID, Name: "maya", Origin: accounttest.From("192.0.2.1").Origin}
	var second organisation.Organisation
	for _, name := range []string{"Harbour Dental", "Pennine Cycling"} {
		var err error
		if second, err = rooms.Create(ctx, h.DB, who, organisation.Form{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	b := h.browser()
	b.Get("/login?next=/help")
	b.Submit("Log in", fill("maya", accounttest.Password))
	b.Submit("Continue", map[string]string{"Code": h.code()})
	at(t, b, "/organisations/choose", 200)
	b.Submit("Pennine Cycling", map[string]string{"Go straight": "yes"})
	at(t, b, "/help", 200)
	if b.Get("/session"); !strings.Contains(b.Page.Text, string(second.ID)) {
		t.Errorf("session: %s", b.Page.Text)
	}
	b.Post("/organisations/choose", url.Values{"organisation": {"AC00000000000000000000000000000001"}})
	at(t, b, "/organisations/choose", 404) // OU17
	b.Get("/logout")
	b.Submit("Log out", nil)
	b.Submit("Log in", fill("maya", accounttest.Password))
	at(t, b, "/", 200)
}

// Proves LF27, LF13 (the unlocking link), C51 and B11 for both mailed links, and decisions 13 (new terms).
func TestBeforeTheSession(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t), func(h *house) { h.login.Settings.Terms = "2" })
	h.Person(t, "maya")
	b := h.browser()
	b.Get("/login")
	b.Submit("Log in", fill("maya", accounttest.Password))
	b.Submit("Continue", map[string]string{"Code": h.code()})
	at(t, b, "/login/terms", 200)
	b.Submit("Continue", nil)
	at(t, b, "/login/terms", 422)
	b.Submit("Continue", map[string]string{"I agree": "yes"})
	at(t, b, "/", 200)
	b.Get("/logout")
	b.Submit("Log out", nil)

	h.DB.Clock().Advance(400 * 24 * time.Hour)
	b.Submit("Log in", fill("maya", accounttest.Password))
	if b.Page.URL.Path == "/login/code" {
		b.Submit("Continue", map[string]string{"Code": h.code()})
	}
	at(t, b, "/login/mail", 200)
	b.Submit("Continue", nil)
	at(t, b, "/login/mail", 422)
	wake := link.WakeLogin.Path() + "?token=" + h.Newest(t, "maya@example.com").Token(t)
	elsewhere := h.browser()
	for range 3 {
		elsewhere.Get(wake)
	}
	b.Get("/login/mail")
	b.Submit("Continue", nil)
	at(t, b, "/login/mail", 422) // opening the link did nothing
	elsewhere.Submit("It is me", nil)
	says(t, elsewhere, "Go back to the window")
	b.Submit("Continue", nil)
	at(t, b, "/", 200)

	stranger := h.browser()
	stranger.Post("/login/unlock/ask", url.Values{"username": {"maya"}})
	known := stranger.Page.Words()
	if stranger.Post("/login/unlock/ask", url.Values{"username": {"nobody"}}); stranger.Page.Words() != known {
		t.Error("asking for a link tells who exists")
	}
	unlock := link.UnlockLogin.Path() + "?token=" + h.Newest(t, "maya@example.com").Token(t)
	for range 3 {
		stranger.Get(unlock)
	}
	stranger.Submit("Let this browser log in", nil)
	at(t, stranger, "/login", 200)
	if stranger.Get(unlock); stranger.Page.Status != 409 {
		t.Errorf("a used link: %d", stranger.Page.Status)
	}
}

// Proves RP6: after a few sign-ups from one address the form asks for a proof of work, and without JavaScript the
// sign-up is held instead (decisions 15).
func TestCaptcha(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	for _, name := range []string{"ana", "ben", "cyd", "dov"} {
		b := h.browser()
		b.Get("/register")
		if got := b.Page.Has("altcha-widget"); got != (name == "dov") {
			t.Errorf("%s: CAPTCHA %v", name, got)
		}
		b.Submit("Register", map[string]string{"Username": name, "Email address": name + "@example.com", "Password": accounttest.Password, "I agree": "yes"})
		at(t, b, "/register/waiting", 200)
		if got := strings.Contains(b.Page.Words(), "did not show that you are a person"); got != (name == "dov") {
			t.Errorf("%s: held %v", name, got)
		}
	}
	if b := h.browser(); b.Get("/captcha").Header.Get("Content-Type") != "application/json" || !strings.Contains(b.Page.Text, "keySignature") {
		t.Errorf("challenge: %s", b.Page.Text)
	}
}

// Proves C13 and B4 at the door: after very many failures strange browsers are offered the emailed link, and while too
// many log-ins fail the form asks for a proof of work. Both keep what was typed.
func TestLogInUnderAttack(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t), func(h *house) {
		h.login.Settings.Gate, h.login.Settings.Free = 3, 100
		h.login.Settings.AlarmFailures = 8
	})
	h.Person(t, "maya")
	b := h.browser()
	try := func(name string) {
		b.Get("/login")
		b.Submit("Log in", fill(name, "a wrong password, surely"))
	}
	for range 4 {
		try("maya")
	}
	at(t, b, "/login", 403)
	if b.Page.Attr("#username", "value") != "maya" {
		t.Error("the name is not kept")
	}
	b.Submit("Email me a link", nil)
	at(t, b, "/login/unlock/ask", 200)
	says(t, b, "Check your email")
	for i := range 12 {
		try("nobody" + string(rune('a'+i)))
		if b.Page.Has("altcha-widget") {
			at(t, b, "/login", 403)
			return
		}
	}
	t.Error("no proof of work was asked for")
}
