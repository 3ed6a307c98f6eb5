package signedout_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

func fill(name, password string) map[string]string {
	return map[string]string{"Username": name, "Password": password}
}

// Proves LF1, LF2, LF7, LF9, LF10, LF12 and C38: by username or address, one answer for every mistake, a fresh code with
// its delivery on the page, wrong codes counted down, then the session; and logging out ends it on the server (C42, C55).
func TestLogIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.number(h.Person(t, "maya"), "07400 123456")
		b := h.browser()
		b.Get("/profile/x?y=1")
		at(t, b, "/profile/x", 404)
		b.Get("/")
		at(t, b, "/login", 200)
		if b.Page.URL.Query().Get("next") != "/" {
			t.Errorf("next %q", b.Page.URL)
		}
		said := map[string]bool{}
		for _, try := range [][2]string{{"maya", "not this one, surely"}, {"nobody", accounttest.Password}, {"maya@example.org", accounttest.Password}} {
			b.Submit("Log in", fill(try[0], try[1]))
			at(t, b, "/login", 422)
			said[strings.Join(b.Page.Errors(), "|")] = true
			if b.Page.Attr("#username", "value") != try[0] {
				t.Error("the name is not kept")
			}
		}
		if len(said) != 1 {
			t.Errorf("mistakes are told apart: %v", said)
		}
		b.Submit("Log in", fill("maya@example.com", accounttest.Password))
		at(t, b, "/login/code", 200)
		says(t, b, "07400 ••• 456", "United Kingdom", "Queued", "Sent", "Delivered", "5 tries left", "Send the code again in")
		if b.Cookie(host+"session") != "" {
			t.Fatal("a session before the code")
		}
		if a := b.Page.Attr("#code", "autocomplete"); a != "one-time-code" {
			t.Errorf("autocomplete %q", a)
		}
		rail := b.Page.Attr("[data-delivery]", "data-poll")
		first := h.code()
		b.Submit("Continue", map[string]string{"Code": other(first)})
		at(t, b, "/login/code", 422)
		says(t, b, "4 tries left")
		if b.Get(rail); b.Page.Status != 200 || !b.Page.Has(".rail") || b.Page.Has("h1") {
			t.Errorf("fragment: %d", b.Page.Status)
		}
		b.Get("/login/code")
		b.Submit("Send the code again", nil)
		at(t, b, "/login/code/resend", 429)
		if b.Page.Header.Get("Retry-After") != "30" {
			t.Errorf("Retry-After %q", b.Page.Header.Get("Retry-After"))
		}
		b.Get("/")
		at(t, b, "/login", 200) // half a log-in opens nothing
		b.Get("/login/code")
		b.Submit("Continue", map[string]string{"Code": first[:3] + " " + first[3:]})
		at(t, b, "/", 200)
		if b.Cookie(host+"login") != "" || len(b.Cookie(host+"session")) != 43 {
			t.Error("cookies after logging in")
		}
		old := b.Cookie(host + "session")
		b.Get("/logout")
		at(t, b, "/logout", 200)
		if b.Get("/"); b.Page.Status != 200 {
			t.Error("GET /logout logged out")
		}
		b.Get("/logout")
		b.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		b.Submit("Log out", nil)
		if b.Page.Header.Get("Clear-Site-Data") == "" || b.Cookie(host+"session") != "" {
			t.Error("logging out leaves something behind")
		}
		b.Client.CheckRedirect = nil
		b.Header.Set("Cookie", host+"session="+old)
		if b.Get("/session"); b.Page.Status != 401 {
			t.Errorf("the ended session answers %d", b.Page.Status)
		}
	})
}

// Proves decisions 17 (no factor yet): another browser needs a code by email; the recognised one only the password.
func TestLogInWithoutFactor(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	h.Person(t, "maya")
	b := h.browser()
	b.Get("/login")
	b.Submit("Log in", fill("maya", accounttest.Password))
	at(t, b, "/login/code", 200)
	says(t, b, "by email to m•••@example.com", "not logged in with this browser before")
	b.Submit("Continue", map[string]string{"Code": h.code()})
	at(t, b, "/", 200)
	b.Get("/logout")
	b.Submit("Log out", nil)
	says(t, b, "You are logged out.")
	b.Submit("Log in", fill("maya", accounttest.Password))
	at(t, b, "/", 200)
}

// Proves LF21, LF7, LF10: the ways are offered, a recovery code works once, cancelling ends the log-in.
func TestOtherWays(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	codes := h.number(h.Person(t, "maya"), "07400 123456")
	b := h.browser()
	enter := func() {
		t.Helper()
		b.Get("/login")
		b.Submit("Log in", fill("maya", accounttest.Password))
		at(t, b, "/login/code", 200)
	}
	enter()
	says(t, b, "Recovery code", "10 codes are left")
	b.Follow("Recovery code")
	at(t, b, "/login/recovery", 200)
	b.Submit("Continue", map[string]string{"Recovery code": "aaaaa-bbbbb-ccc"})
	at(t, b, "/login/recovery", 422)
	b.Submit("Continue", map[string]string{"Recovery code": codes[0]})
	at(t, b, "/", 200)
	b.Get("/logout")
	b.Submit("Log out", nil)
	enter()
	code := h.code()
	b.Submit("Cancel", nil)
	at(t, b, "/login", 200)
	if b.Cookie(host+"login") != "" {
		t.Error("the pending cookie stays after cancelling")
	}
	b.Post("/login/code", url.Values{"code": {code}})
	at(t, b, "/login", 200)
	if b.Cookie(host+"session") != "" {
		t.Error("a cancelled log-in went on")
	}
}

// Proves C46, C38 and the kept form: a change asks for a proof, and goes through afterwards with what was typed.
func TestStepUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.number(h.Person(t, "maya"), "07400 123456")
		b := h.browser()
		b.Get("/login")
		b.Submit("Log in", fill("maya", accounttest.Password))
		b.Submit("Continue", map[string]string{"Code": h.code()})
		at(t, b, "/", 200)
		before := b.Cookie(host + "session")
		mails := len(h.Mails(t))
		for range 3 {
			b.Get("/stepup?action=change_username&next=/")
		}
		at(t, b, "/stepup", 200)
		says(t, b, "change your username")
		if len(h.Mails(t)) != mails {
			t.Error("opening the page sent something")
		}
		b.Post("/profile/username", url.Values{"username": {"maya2"}}) // the same press begins the step-up
		for b.Page.URL.Path == "/stepup" {                             // the password comes first where it is wanted
			b.Submit("Continue", map[string]string{"Password": accounttest.Password})
		}
		at(t, b, "/stepup/code", 200)
		says(t, b, "change your username")
		b.Submit("Continue", map[string]string{"Code": h.code()})
		at(t, b, "/", 200)
		if b.Cookie(host+"session") == before {
			t.Error("the token was not exchanged")
		}
		b.Get("/logout")
		b.Submit("Log out", nil)
		b.Submit("Log in", fill("maya2", accounttest.Password))
		at(t, b, "/login/code", 200)
	})
}

// Proves RP15, C11, C31-C33, C51 and decisions 35: one answer for every name, the link alone does not pass the second
// factor, and nobody is logged in by it.
func TestForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		codes := h.number(h.Person(t, "maya"), "07400 123456")
		b := h.browser()
		said := map[string]bool{}
		for _, name := range []string{"nobody", "maya@example.com"} {
			b.Get("/forgot")
			b.Submit("Send me a link", map[string]string{"Username": name})
			at(t, b, "/forgot/sent", 200)
			said[b.Page.Words()] = true
		}
		if len(said) != 1 {
			t.Errorf("names are told apart: %v", said)
		}
		twice := h.browser()
		twice.Get("/forgot")
		form := url.Values{"once": {twice.Page.Attr("[name=once]", "value")}, "username": {"maya"}}
		before := len(h.Mails(t))
		for range 2 { // a double press
			twice.Post("/forgot", form)
			at(t, twice, "/forgot/sent", 200)
		}
		for range 3 {
			if err := h.Recovery.Answer(ctx, db); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(h.Mails(t)) - before; n != 2 { // of the first browser and of this one
			t.Errorf("%d mails for two forms", n)
		}
		link := "/reset-password?token=" + h.Newest(t, "maya@example.com").Token(t)
		for range 3 {
			h.browser().Get(link)
		}
		b.Get(link)
		if b.Page.Has("[type=password]") {
			t.Fatal("a new password before the second factor")
		}
		b.Post("/reset-password", url.Values{"token": {h.Newest(t, "maya@example.com").Token(t)}, "password": {"another good long password 9"}})
		if b.Page.Status == 200 && b.Page.URL.Path == "/login" {
			t.Fatal("a new password without the second factor")
		}
		b.Get(link)
		says(t, b, "A mobile number counts here from 72 hours after it was added") // why SMS is not among the ways (decisions 35)
		b.Follow("Recovery code")
		at(t, b, "/reset-password/recovery", 200)
		if strings.Contains(b.Page.URL.String(), "token") {
			t.Error("the token is in the address of the next page (C53)")
		}
		b.Submit("Continue", map[string]string{"Recovery code": codes[3]})
		at(t, b, "/reset-password", 200)
		b.Submit("Save the new password", map[string]string{"Password": "short"})
		at(t, b, "/reset-password", 422)
		b.Submit("Save the new password", map[string]string{"Password": "another good long password 9"})
		at(t, b, "/login", 200)
		if b.Cookie(host+"session") != "" {
			t.Error("the reset logged in (C32)")
		}
		if b.Get(link); b.Page.Status != 409 {
			t.Errorf("a used link: %d", b.Page.Status)
		}
		b.Get("/login")
		b.Submit("Log in", fill("maya", "another good long password 9"))
		at(t, b, "/login/code", 200)
	})
}

// Proves LF8 and LF9 in words: a code that no longer counts says so, offers a new one, and is silent about where it is.
func TestACodeThatIsOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.Person(t, "maya")
		b := h.browser()
		b.Get("/login")
		b.Submit("Log in", fill("maya", accounttest.Password))
		at(t, b, "/login/code", 200)
		if !b.Page.Has("[data-delivery]") {
			t.Error("nothing says where the code is")
		}
		db.Clock().Advance(11 * time.Minute)
		b.Submit("Continue", map[string]string{"Code": "000000"})
		says(t, b, "This code no longer counts", "expired", "Send a new code")
		if b.Page.Has("[data-delivery]") || strings.Contains(b.Page.Words(), "tries left") {
			t.Error("the page says that an expired code will arrive, or can be tried")
		}
		b.Submit("Send a new code", nil)
		at(t, b, "/login/code", 200)
		says(t, b, "Enter your code", "5 tries left")
	})
}

// Proves LF13 and decisions 16: the notice of wrong passwords carries a link, and the link leads somewhere.
func TestTheNoticeOfWrongPasswordsLeadsOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.Person(t, "maya")
		b := h.browser()
		b.Get("/login")
		for range 5 {
			b.Submit("Log in", fill("maya", "not her password at all"))
		}
		m := h.Newest(t, "maya@example.com")
		link := regexp.MustCompile(`https://\S+`).FindString(m.Text)
		if m.Kind != "many_wrong_passwords" || link == "" {
			t.Fatalf("%s: %s", m.Kind, m.Text)
		}
		b.Get(link)
		at(t, b, "/forgot", 200)
	})
}
