package person_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/web/webtest"
)

// everyPage are the pages that a person without an organisation can open.
var everyPage = []string{"/", "/profile", "/profile/username", "/profile/email", "/profile/password", "/profile/phone", "/profile/security", "/profile/security/add",
	"/profile/security/app", "/profile/security/passkey", "/profile/security/passkey/create", "/profile/security/email", "/profile/security/recovery-codes",
	"/profile/security/recovery-address", "/profile/security/history", "/profile/security/factors/sms", "/profile/security/factors/passkey", "/profile/activity", "/profile/devices", "/settings",
	"/profile/close", "/organisations", "/organisations/new"}

// Every page has one heading, one main part and a title, and every link of the site on it leads somewhere; visitors are
// sent to log in (C55 is proved at the frame).
func TestEveryPageAndNoDeadLinks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b, visitor := h.in("maya"), h.browser()
		linked := map[string]bool{}
		visit := func(path string) {
			b.Get(path)
			at(t, b, strings.SplitN(path, "?", 2)[0], 200)
			if n := len(b.Page.All("h1")); n != 1 || len(b.Page.All("main")) != 1 || b.Page.TextOf("title") == "" {
				t.Errorf("%s: %d headings", path, n)
			}
			for _, a := range b.Page.All("a") {
				for _, x := range a.Attr {
					if x.Key == "href" && strings.HasPrefix(x.Val, "/") {
						linked[x.Val] = true
					}
				}
			}
		}
		for _, path := range everyPage {
			visit(path)
			visitor.Get(path)
			at(t, visitor, "/login", 200)
		}
		b.Get("/organisations/new")
		b.Submit("Create organisation", map[string]string{"Name": "Harbour Dental"})
		for _, path := range []string{"/", "/settings", "/settings?q=device", "/settings/organisation", "/settings/users", "/settings/users/invite", "/settings/security", "/settings/security/require",
			"/settings/security/devices", "/settings/organisation/leave", "/settings/organisation/delete", "/settings/audit", "/settings/audit?check=1", "/organisations"} {
			visit(path)
		}
		for address := range linked {
			if strings.HasPrefix(address, "/contacts") || strings.HasPrefix(address, "/support") {
				continue // other groups of pages, which stand in the whole program only: the walk opens them
			}
			if b.Get(address); b.Page.Status != 200 {
				t.Errorf("a link leads to %s: %d", address, b.Page.Status)
			}
		}
	})
}

// Proves RP12 and RP19: details are edited with every mistake at its field and nothing typed lost, and dates are written
// in the person's zone and format.
func TestDetails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		b.Get("/profile")
		b.Submit("Save changes", map[string]string{"Name": strings.Repeat("x", 201), "Currency": "??", "Postal address": "1 Quay\x00"})
		at(t, b, "/profile", 422)
		if n := len(b.Page.Errors()); n != 3 {
			t.Errorf("%v", b.Page.Errors())
		}
		if b.Page.Attr("#currency", "value") == "" || len(b.Page.Attr("#name", "value")) != 201 {
			t.Error("what was typed is lost")
		}
		b.Get("/profile")
		b.Submit("Save changes", map[string]string{"Name": "Maya Okafor", "Language": "de", "Time zone": "Pacific/Auckland", "Date format": "2006-01-02", "Currency": "gbp",
			"Default encoding": "unicode", "Postal address": "1 Quay\nWhitby", "Country": "GB"})
		at(t, b, "/profile", 200)
		says(t, b, "Your profile is saved", "Pacific/Auckland")
		if b.Page.Attr("#currency", "value") != "GBP" || b.Page.Attr("#name", "value") != "Maya Okafor" {
			t.Error("not stored")
		}
		b.Get("/profile")
		if b.Page.Has(".flash") {
			t.Error("the notice comes twice")
		}
		b.Get("/")
		says(t, b, "Hello, Maya Okafor")
	})
}

// Proves RP9, RP10, RP11, LF20, LF21, C26 and C27 through the pages: a first number with a wrong code, recovery codes
// shown once and saved, an app, the order of factors, removal, and two-factor off, each with its fresh code.
func TestSecondFactors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		b.Get("/profile/phone")
		b.Submit("Send a code to this number", map[string]string{"Mobile number": "07400 123456"})
		h.prove(b)
		at(t, b, "/profile/phone/code", 200)
		says(t, b, "07400 ••• 456", "United Kingdom", "Queued")
		if rail := b.Page.Attr("[data-delivery]", "data-poll"); rail == "" {
			t.Error("the rail is not asked for anew")
		}
		code := h.code()
		if p := b.Post("/profile/phone/code/resend", nil); p.Status != 429 || p.Header.Get("Retry-After") != "30" {
			t.Errorf("an early re-send: %d, Retry-After %q", p.Status, p.Header.Get("Retry-After"))
		}
		b.Submit("Confirm the number", map[string]string{"Code": other(code)})
		at(t, b, "/profile/phone/code", 422)
		says(t, b, "4 tries left")
		b.Get("/profile/security")
		says(t, b, "Password only") // unused until it is proved
		b.Get("/profile/phone/code")
		b.Submit("Confirm the number", map[string]string{"Code": code})
		at(t, b, "/profile/security/recovery-codes", 200)
		says(t, b, "Save your recovery codes", "Your mobile number is confirmed")
		codes := regexp.MustCompile(`[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{5}`).FindAllString(b.Page.Words(), -1)
		if len(codes) != 10 {
			t.Fatalf("%d recovery codes", len(codes))
		}
		b.Submit("Continue", nil)
		if len(b.Page.Errors()) != 1 || !strings.Contains(b.Page.Words(), codes[9]) {
			t.Error("going on without having saved them")
		}
		page := *b.Page
		b.Submit("Download as text", nil)
		if !strings.Contains(b.Page.Text, codes[0]) || !strings.HasPrefix(b.Page.Header.Get("Content-Disposition"), "attachment") {
			t.Error("no file")
		}
		b.Page = &page
		b.Submit("Continue", map[string]string{"saved": "yes"})
		at(t, b, "/profile/security", 200)
		says(t, b, "07400 ••• 456", "Good", "10 of 10 left", "100 of 100 tries left for SMS")
		if strings.Contains(b.Page.Words(), codes[0]) {
			t.Error("a recovery code is shown twice")
		}
		manage(t, h, b)
	})
}

func manage(t *testing.T, h *house, b *webtest.Browser) {
	b.Get("/profile/security/email")
	b.Submit("Add codes by email", nil)
	if strings.HasPrefix(b.Page.URL.Path, "/stepup") {
		h.prove(b)
	}
	at(t, b, "/profile/security", 200)
	says(t, b, "Weak", "Codes by email are added")
	b.Get("/profile/security/factors/email")
	b.Submit("Ask first", nil)
	at(t, b, "/profile/security", 200)
	b.Get("/profile/security/factors/email")
	b.Follow("Remove")
	b.Submit("Remove it", nil)
	h.prove(b)
	at(t, b, "/profile/security", 200)
	says(t, b, "is removed")
	b.Get("/profile/security/history")
	says(t, b, "Removed", "In use")
	b.Get("/profile/security/remove?factor=FA0190a0a0a0a0a0a0a0a0a0a0a0a0a0a0")
	at(t, b, "/profile/security/remove", 404)
	b.Get("/profile/security/off")
	b.Submit("Turn two-factor off", nil)
	h.prove(b)
	at(t, b, "/profile/security", 200)
	says(t, b, "Two-factor is off", "Password only")
}

// Proves LF24, C42 and C43: sessions are listed with their devices, another one ends only after a fresh code, and at
// once.
func TestSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		two := h.browser()
		two.Get("/login")
		two.Submit("Log in", map[string]string{"Username": "maya", "Password": "plover sandbank tremolo 7"})
		two.Submit("Continue", map[string]string{"Code": h.code()})
		b.Get("/profile/security")
		says(t, b, "You are logged in at 2 places", "This session", "Recognised browsers", "This one")
		b.Submit("Log out everywhere else", nil)
		h.prove(b)
		at(t, b, "/profile/security", 200)
		says(t, b, "1 session logged out", "1 place, this one")
		two.Get("/profile")
		at(t, two, "/login", 200)
		b.Post("/profile/security/sessions/end", url.Values{"session": {"SE0190a0a0a0a0a0a0a0a0a0a0a0a0a0a0"}})
		at(t, b, "/profile/security/sessions/end", 404)
	})
}

// Proves B5 and C23 as people see them: wrong codes are counted on the security page with where they came from, and codes
// by email alone are not called two-factor, because reset and code end in one mailbox.
func TestWrongCodesAndOneMailbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		b.Get("/profile/security/email")
		b.Submit("Add codes by email", nil)
		h.prove(b)
		says(t, b, "Save your recovery codes")
		b.Get("/profile/security")
		says(t, b, "end in the same mailbox", "Weak", "100 of 100 tries left for email codes", "No wrong code")
		stranger := h.browser()
		stranger.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36")
		stranger.Get("/login")
		stranger.Submit("Log in", map[string]string{"Username": "maya", "Password": "plover sandbank tremolo 7"})
		for range 2 {
			stranger.Submit("Continue", map[string]string{"Code": other(h.code())})
			at(t, stranger, "/login/code", 422)
		}
		b.Get("/profile/security")
		says(t, b, "98 of 100 tries left for email codes", "Have a look", "2 wrong codes since today", "2 from Chrome on Windows at 127.0.0.1")
		if n := len(b.Page.All("rect.tally-spent")); n != 2 {
			t.Errorf("%d strokes are spent", n)
		}
	})
}

// Proves RP3, RP13, RP14 and C7 through the pages, what was typed surviving the fresh code.
func TestNamesAndPassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		b.Get("/profile/username")
		b.Submit("Change username", map[string]string{"Username": "maya okafor"})
		at(t, b, "/profile/username", 422)
		if e := b.Page.Errors(); len(e) != 1 || !strings.Contains(e[0], "Remove the space") || b.Page.Attr("#username", "value") != "maya okafor" {
			t.Errorf("%v", e)
		}
		b.Submit("Change username", map[string]string{"Username": "maya.okafor"})
		h.prove(b)
		at(t, b, "/profile", 200)
		says(t, b, "Your username is now maya.okafor. The old one stays yours for 30 days.")
		b.Get("/profile/username")
		b.Submit("Change username", nil)
		says(t, b, "Your username is still maya.okafor.")
		b.Get("/profile/email")
		b.Submit("Send the link", map[string]string{"Email address": "new@example.com"})
		h.prove(b)
		at(t, b, "/profile", 200)
		says(t, b, "We sent a link to new@example.com", "maya@example.com")
		link := regexp.MustCompile(`https://\S+`).FindString(h.Newest(t, "new@example.com").Text)
		b.Get(link)
		says(t, b, "Confirm your new email address")
		b.Get("/profile")
		says(t, b, "maya@example.com") // opening it changed nothing
		b.Get(link)
		b.Submit("Confirm the address", nil)
		b.Get("/profile")
		says(t, b, "new@example.com")
		b.Get("/profile/password")
		b.Submit("Change password", map[string]string{"Current password": "wrong", "New password": "another sandbank plover 9"})
		h.prove(b)
		at(t, b, "/profile/password", 422)
		b.Submit("Change password", map[string]string{"Current password": "plover sandbank tremolo 7", "New password": "another sandbank plover 9"})
		at(t, b, "/profile", 200)
		says(t, b, "Your password is changed")
	})
}

// Proves RP16 and RP17: closing is refused while the person alone owns an organisation, and final otherwise.
func TestClosing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b, owner := h.in("maya"), h.in("tom")
		owner.Get("/organisations/new")
		owner.Submit("Create organisation", map[string]string{"Name": "Harbour Dental"})
		owner.Get("/profile/close")
		says(t, owner, "cannot be closed yet", "Harbour Dental", "Transfer", "delete it")
		owner.Post("/profile/close", nil)
		h.prove(owner)
		at(t, owner, "/profile/close", 409)
		b.Get("/profile/close")
		b.Submit("Close my profile", nil)
		h.prove(b)
		says(t, b, "Your profile is closed")
		b.Get("/profile")
		at(t, b, "/login", 200)
		b.Submit("Log in", map[string]string{"Username": "maya", "Password": "plover sandbank tremolo 7"})
		at(t, b, "/login", 422)
	})
}
