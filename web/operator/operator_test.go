package operator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"watchword/account/accounttest"
	"watchword/base/store/storetest"
	"watchword/signin/signintest"
	"watchword/web/webtest"

	"watchword/base/store"
)

const note = "Called back on the number of the contract."

// ask leaves a request as a visitor and follows an operator to it.
func ask(t *testing.T, h *house, op *webtest.Browser) {
	t.Helper()
	locked := h.browser()
	locked.Get("/support")
	locked.Submit("Send", map[string]string{"Your name or username": "ben", "What do you need?": "lost_phone", "Organisation": "Harbour Dental", "Message": "It fell into the sea."})
	at(t, locked, "/support/sent", 200)
	op.Get("/operator")
	op.Follow("ben")
	says(t, op, "It fell into the sea.", "Harbour Dental")
}

func (h *house) left(t *testing.T, person string) (n int) {
	t.Helper()
	h.Write(t, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT COUNT(*) FROM account_factor f JOIN account_profile p ON p.id = f.profile_id WHERE p.username = $1 AND f.state = 'bound'`, person).Scan(&n)
	})
	return n
}

// Proves SO1, SO2, SO8, B20 and C36 in the browser, without scripts: a request from the log-in page, taken, started with
// a note, confirmed by another operator and by nobody else.
func TestRequestWalk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.team()
		olga, oscar := h.operator("olga"), h.operator("oscar")
		ask(t, h, olga)
		page := olga.Page.URL.Path
		olga.Submit("Take it", nil)
		says(t, olga, "Taken by olga")
		olga.Submit("Start and tell the owners", map[string]string{"Reason": "Phone lost"})
		at(t, olga, page+"/start", 422)
		if len(olga.Page.Errors()) != 1 {
			t.Error(olga.Page.Errors())
		}
		olga.Submit("Start and tell the owners", map[string]string{"How you made sure": note, "Reason": "Phone lost"})
		at(t, olga, page, 200)
		says(t, olga, "You cannot confirm this", "started this yourself")
		olga.Post(page+"/confirm", url.Values{})
		if olga.Page.Status != 403 || h.left(t, "ben") != 1 {
			t.Fatal("one operator alone:", olga.Page.Status)
		}
		oscar.Get(page)
		says(t, oscar, note, "Phone lost")
		oscar.Submit("Confirm: do it now", nil)
		at(t, oscar, page, 200)
		if h.left(t, "ben") != 0 || h.left(t, "maya") != 1 {
			t.Error("factors left:", h.left(t, "ben"), h.left(t, "maya"))
		}
		for _, who := range []*webtest.Browser{h.browser(), h.browser()} {
			who.Get(page)
			at(t, who, "/operator/login", 200) // no role of an organisation, and no visitor, gets here (SO3)
		}
	})
}

// Proves part 4 row 3, C51 and B11: the link of the notice shows by GET and cancels by POST, without being logged in.
func TestOwnerCancels(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	o := h.team()
	olga := h.operator("olga")
	olga.Get("/operator/organisations")
	olga.Follow("Harbour Dental")
	olga.Submit("Start switching two-factor off", map[string]string{"How you made sure": note, "Reason": "New phones next week"})
	at(t, olga, "/operator", 200)
	says(t, olga, "Harbour Dental")
	token := h.Newest(t, "maya@example.com").Token(t)
	owner := h.browser()
	for range 3 {
		owner.Get("/support/cancel?token=" + token)
		says(t, owner, "Harbour Dental", "New phones next week", "olga")
	}
	owner.Submit("Cancel this", nil)
	at(t, owner, "/support/cancel", 200)
	says(t, owner, "This was cancelled")
	owner.Get("/support/cancel?token=" + token)
	if owner.Page.Has("form[action=/support/cancel]") {
		t.Error("a used link still offers to cancel")
	}
	owner.Get("/support/cancel?token=" + strings.Repeat("x", 43))
	at(t, owner, "/support/cancel", 404)
	olga.Get("/operator/organisations/" + string(o.ID))
	says(t, olga, "Cancelled", "Required")
}

// Proves SO12: an operator who looks in sees the pages of the organisation with a banner, may post nothing anywhere, and
// sees no export and nobody's own pages; the banner ends it.
func TestLookIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		o := h.team()
		olga := h.operator("olga")
		olga.Get("/settings/organisation")
		if olga.Page.URL.Path == "/settings/organisation" {
			t.Fatal("an operator who does not look sees an organisation")
		}
		page := "/operator/organisations/" + string(o.ID)
		olga.Get(page)
		olga.Submit("Look in for 30 minutes", map[string]string{"reason": ""})
		at(t, olga, page+"/look", 422)
		olga.Submit("Look in for 30 minutes", map[string]string{"reason": "Ticket 12"})
		at(t, olga, "/settings/organisation", 200)
		says(t, olga, "You look into Harbour Dental as support", "Members of Harbour Dental")
		for path, status := range map[string]int{"/contacts/export": 403, "/profile": 403} {
			if olga.Get(path); olga.Page.Status != status {
				t.Errorf("GET %s: %d", path, olga.Page.Status)
			}
		}
		for _, path := range []string{"/settings/organisation", "/contacts/export", "/profile", "/profile/open", "/settings/organisation/open", "/support"} {
			if olga.Post(path, url.Values{"name": {"x"}, "kind": {"lost_phone"}}); olga.Page.Status != 403 {
				t.Errorf("POST %s: %d", path, olga.Page.Status)
			}
		}
		if h.changed != 0 {
			t.Errorf("%d posts came through", h.changed)
		}
		if h.Kinds(t, "maya@example.com")["support_looked_in"] != 1 {
			t.Error("the owner was not told")
		}
		olga.Get("/settings/organisation")
		olga.Submit("Stop looking", nil)
		at(t, olga, page, 200)
		if olga.Get("/settings/organisation"); olga.Page.URL.Path == "/settings/organisation" {
			t.Error("still looking")
		}
	})
}

// Proves SO7 and SO3: suspend and restore with a reason, find a person, invite and remove an operator, read and export
// the log, the guard's report; every page under its own heading and none without an operator.
func TestConsolePages(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	o := h.team()
	olga := h.operator("olga")
	page := "/operator/organisations/" + string(o.ID)
	olga.Get(page)
	olga.Submit("Suspend Harbour Dental", map[string]string{"reason": "Unpaid since March"})
	at(t, olga, page, 200)
	says(t, olga, "Suspended")
	olga.Submit("Restore Harbour Dental", map[string]string{"reason": "Paid"})
	at(t, olga, page, 200)

	olga.Get("/operator/people")
	olga.Submit("Find", map[string]string{"Username or email": "may"})
	at(t, olga, "/operator/people", 422)
	olga.Submit("Find", map[string]string{"Username or email": "ben@example.com"})
	at(t, olga, "/operator/people", 200)
	says(t, olga, "Text message", "Harbour Dental")
	if strings.Contains(olga.Page.Text, signintest.Other[4:]) {
		t.Error("a whole number is on the page")
	}
	olga.Submit("Start removing the second factors", map[string]string{"How you made sure": note, "Reason": "Lost"})
	says(t, olga, "Lost phone or second factor", "You cannot confirm this")

	olga.Get("/operator/operators")
	olga.Submit("Make a token", nil)
	var token string
	for _, n := range olga.Page.All(".mono") {
		if n.FirstChild != nil && len(n.FirstChild.Data) == 43 {
			token = n.FirstChild.Data
		}
	}
	second := h.setUp("second", token)
	second.Get("/operator")
	second.Follow("ben")
	says(t, second, "was invited or bound a new factor by a recovery code a short time ago")
	olga.Get("/operator/operators")
	says(t, olga, "Confirms from")
	olga.Get("/operator/audit?event=operator")
	says(t, olga, "Operator created")
	olga.Post("/operator/audit.csv", url.Values{})
	if !strings.Contains(olga.Page.Text, "operator.created") {
		t.Errorf("%d %.200s", olga.Page.Status, olga.Page.Text)
	}
	olga.Get("/operator/guard")
	says(t, olga, "Why sends were refused")
	olga.Get("/operator")
	olga.Submit("Log out", nil)
	at(t, olga, "/operator/login", 200)
	for _, r := range h.door.Routes() {
		method, path, _ := strings.Cut(r, " ")
		if !strings.HasPrefix(path, "/operator") || strings.HasPrefix(path, "/operator/login") || strings.HasPrefix(path, "/operator/address") || path == "/operator/logout" {
			continue
		}
		stranger, path := h.browser(), strings.ReplaceAll(path, "{id}", string(o.ID))
		if method == http.MethodGet {
			stranger.Get(path)
		} else {
			stranger.Post(path, url.Values{})
		}
		at(t, stranger, "/operator/login", 200)
	}
}

// Proves SO8 and C11: the form answers the same for known and unknown names; a person who is logged in sees the own
// requests and how far they are, nobody else's.
func TestSupportPage(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	h.team()
	var pages []string
	for _, name := range []string{"ben", "nobody-at-all"} {
		b := h.browser()
		b.Get("/support")
		b.Submit("Send", map[string]string{"Your name or username": name, "Email address": "x@example.net", "What do you need?": "other", "Message": "Hello"})
		at(t, b, "/support/sent", 200)
		pages = append(pages, b.Page.Words())
	}
	if pages[0] != pages[1] {
		t.Error("known and unknown names are answered differently")
	}
	b := h.browser()
	made := h.LogIn(t, "ben", signintest.Browser())
	b.Client.Jar.SetCookies(mustURL(accounttest.BaseURL), []*http.Cookie{{Name: h.door.CookieName("session"), Value: made.Token, Path: "/", Secure: true}})
	b.Get("/support")
	if v := b.Page.Attr("#name", "value"); v != "ben" || strings.Contains(b.Page.Words(), "Your requests") {
		t.Errorf("%q\n%s", v, b.Page.Words())
	}
	b.Submit("Send", map[string]string{"What do you need?": "other", "Message": "My invoice"})
	b.Get("/support")
	says(t, b, "Your requests", "Received")
	b.Submit("Send", map[string]string{"What do you need?": "other", "Message": ""})
	at(t, b, "/support", 422)
}

func mustURL(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		panic(err)
	}
	return u
}
