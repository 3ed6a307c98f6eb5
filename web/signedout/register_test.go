package signedout_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/web/webtest"
)

const host = "__Host-watchword_"

// Proves RP1, RP7, RP9, C40, C51, B11 and decisions 17: register, be told every mistake at its field and lose nothing,
// open the link in the same browser after a scanner did, and be logged in with an offer of two-factor.
func TestRegister(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.browser()
		b.Get("/register")
		b.Submit("Register", map[string]string{"Username": "maya okafor", "Email address": "maya@", "Password": "short"})
		at(t, b, "/register", 422)
		if e := b.Page.Errors(); len(e) != 4 {
			t.Errorf("errors %q", e)
		}
		for _, field := range []string{"username", "email", "password", "terms"} {
			if !b.Page.Has("#"+field+"-error") && field != "terms" {
				t.Errorf("no words at %s", field)
			}
		}
		if b.Page.Attr("#username", "value") != "maya okafor" || b.Page.Attr("#email", "value") != "maya@" || b.Page.Attr("#password", "value") != "" {
			t.Error("what was typed is not kept, or a password was sent back")
		}
		b.Submit("Register", map[string]string{"Username": "maya", "Email address": "maya@example.com", "Password": accounttest.Password, "I agree": "yes"})
		at(t, b, "/register/waiting", 200)
		says(t, b, "maya@example.com", "Send the email again")

		link := "/register/confirm?token=" + h.Newest(t, "maya@example.com").Token(t)
		scanner := h.browser()
		for range 3 {
			if p := scanner.Get(link); p.Status != 200 || scanner.Cookie(host+"session") != "" {
				t.Fatalf("scanner: %d", p.Status)
			}
		}
		r, _ := http.NewRequest(http.MethodHead, accounttest.BaseURL+link, nil)
		if a, err := scanner.Client.Do(r); err != nil || a.StatusCode != 200 {
			t.Fatalf("HEAD %v %v", a, err)
		}
		b.Get(link)
		if b.Page.Has("[type=password]") {
			t.Error("the registering browser is asked for the password")
		}
		b.Submit("Confirm my email address", nil)
		at(t, b, "/welcome/two-factor", 200)
		if b.Follow("Not now"); !strings.HasPrefix(b.Page.Text, `"PR`) {
			t.Errorf("home: %s", b.Page.Text)
		}
		b.Get(link)
		if b.Page.Status != 409 {
			t.Errorf("a used link: %d", b.Page.Status)
		}
	})
}

// Proves decisions 17 for the other browser: the link asks the password first, and "I did not register" deletes it.
func TestConfirmElsewhere(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	register := func(name string) string {
		b := h.browser()
		b.Get("/register")
		b.Submit("Register", map[string]string{"Username": name, "Email address": name + "@example.com", "Password": accounttest.Password, "I agree": "yes"})
		at(t, b, "/register/waiting", 200)
		return "/register/confirm?token=" + h.Newest(t, name+"@example.com").Token(t)
	}
	link := register("ana")
	b := h.browser()
	b.Get(link)
	b.Submit("Confirm my email address", map[string]string{"Password": "not this one, surely"})
	at(t, b, "/register/confirm", 422)
	b.Submit("Confirm my email address", map[string]string{"Password": accounttest.Password})
	at(t, b, "/login", 200)
	if b.Cookie(host+"session") != "" {
		t.Error("signed in by a link in another browser")
	}
	link = register("ben")
	b.Get(link)
	form := url.Values{"token": {b.Page.Attr("[name=token]", "value")}, "once": {b.Page.Attr("[name=once]", "value")}}
	b.Submit("I did not register", nil)
	says(t, b, "The registration is deleted")
	b.Post("/register/disown", form) // a double press
	says(t, b, "The registration is deleted")
	if b.Get(link); b.Page.Status != 409 {
		t.Errorf("after disowning: %d", b.Page.Status)
	}
}

// Proves RP8 and C11 at the door: a known address gets the same pages; only its owner is written to.
func TestRegisterKnown(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	h.Person(t, "maya")
	pages := map[string]string{}
	for name, email := range map[string]string{"stranger1": "maya@example.com", "stranger2": "nobody@example.com"} {
		b := h.browser()
		b.Get("/register")
		b.Submit("Register", map[string]string{"Username": name, "Email address": email, "Password": accounttest.Password, "I agree": "yes"})
		at(t, b, "/register/waiting", 200)
		pages[email] = strings.ReplaceAll(b.Page.Words(), email, "X")
	}
	if pages["maya@example.com"] != pages["nobody@example.com"] {
		t.Errorf("pages differ:\n%s\n%s", pages["maya@example.com"], pages["nobody@example.com"])
	}
	if m := h.Newest(t, "maya@example.com"); m.Kind != "already_registered" {
		t.Errorf("mail %q", m.Kind)
	}
}

// Proves "double clicks and parallel posts": fifty posts of one form make one sign-up and every one shows the same page.
func TestRegisterOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.browser()
		b.Get("/register")
		fields := url.Values{"once": {b.Page.Attr("[name=once]", "value")}, "username": {"maya"}, "email": {"maya@example.com"},
			"password": {accounttest.Password}, "terms": {"yes"}}
		var all sync.WaitGroup
		var right atomic.Int32
		for range 50 {
			all.Go(func() {
				p := h.browser()
				if p.Post("/register", fields); p.Page.URL.Path == "/register/waiting" && p.Page.Status == 200 {
					right.Add(1)
				}
			})
		}
		all.Wait()
		if n := len(h.Mails(t)); n != 1 || right.Load() != 50 {
			t.Errorf("%d mails, %d right answers", n, right.Load())
		}
	})
}

// Hostile input at every field: a clear answer, kept input, no fault.
func TestRegisterHostile(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	for name, bad := range map[string]string{"empty": "", "a megabyte": strings.Repeat("a", 1<<20), "NUL": "a\x00b", "emoji": "🙂🙂", "right to left": "a\u202eb",
		"not UTF-8": "a\xff", "markup": `"><script>alert(1)</script>`, "a megabyte of emoji": strings.Repeat("🙂", 1<<18)} {
		for _, field := range []string{"username", "email", "password"} {
			b := h.browser()
			f := url.Values{"username": {"maya"}, "email": {"maya@example.com"}, "password": {"plover sandbank tremolo 7"}}
			f.Set(field, bad)
			p := b.Post("/register", f)
			if p.Status != 422 || len(p.Errors()) == 0 {
				t.Errorf("%s in %s: %d", name, field, p.Status)
			}
			if strings.Contains(p.Text, "<script>alert") {
				t.Errorf("%s in %s comes back as markup", name, field)
			}
		}
	}
}

// Proves RP7 for the late: an expired link leads to a new one while the registration is open, and to registering again,
// in words and with the same names, when that is over too.
func TestAnExpiredRegistrationLeadsOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b, names := h.browser(), map[string]string{"Username": "maya", "Email address": "maya@example.com", "Password": accounttest.Password, "I agree": "yes"}
		b.Get("/register")
		b.Submit("Register", names)
		link := "/register/confirm?token=" + h.Newest(t, "maya@example.com").Token(t)
		db.Clock().Advance(31 * 24 * time.Hour)
		for _, who := range []*webtest.Browser{h.browser(), b} {
			who.Get(link)
			at(t, who, "/register/confirm", 409)
			says(t, who, "This link does not work", "Register again")
		}
		b.Get("/register/waiting")
		at(t, b, "/login", 200)
		says(t, b, "That registration is over")
		b.Get(link)
		b.Follow("Register again")
		b.Submit("Register", names)
		at(t, b, "/register/waiting", 200)
	})
}
