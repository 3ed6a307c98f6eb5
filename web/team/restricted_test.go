package team_test

import (
	"net/http"
	"strings"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web/contacts"
	"watchword/web/person/frame"
)

// theirOwn are the places for people who are logged in that stay open to somebody who may not enter the organisation
// switched to: their own, the list from which another organisation is chosen, and the console, which has its own log-in.
var theirOwn = []string{"/profile", "/organisations", "/stepup", "/logout", "/welcome", "/operator"}

// Proves decisions 25 and LF15: whoever lacks the second factor that an organisation requires sees, when the grace date
// has come, nothing of it but the page that sets one up, whichever route of the table is asked for; before that date, and
// in the person's other organisations, everything is as it was.
func TestRestrictedMembers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		contacts.Mount(h.door, frame.New(h.door), contacts.Rooms{Contacts: &contact.Room{}, Home: "GB"})
		_, maya, ours := h.owner("maya", "Harbour Dental")
		b, anna := h.in("anna")
		other := h.Organisation(t, anna, "Pennine Cycling", false, organisation.PolicyForm{TrustDays: 30})
		h.Member(t, ours, anna, organisation.BySMS)
		h.visit(b, ours)
		h.Requires(t, maya, ours, db.Now()+1e6)
		if b.Get("/"); !strings.Contains(b.Page.Words(), "You are in Harbour Dental") {
			t.Fatalf("before the date: %s\n%s", b.Page.URL, b.Page.Words())
		}
		h.Later(2e9)
		led := 0
		for _, pattern := range h.door.Routes() {
			method, path, _ := strings.Cut(pattern, " ")
			v := h.browser()
			if h.ask(v, method, path, ""); v.Page.URL.Path != "/login" || strings.HasPrefix(path, "/login") || contains(theirOwn, path) {
				continue // for everybody
			}
			led++
			path = strings.NewReplacer("{$}", "", "{id}", string(anna.ID)).Replace(path)
			h.ask(b, method, path, "")
			if b.Page.URL.Path != "/organisations/enter" || !strings.Contains(b.Page.Words(), "Set up your second factor") {
				t.Errorf("%s: %d at %s", pattern, b.Page.Status, b.Page.URL)
			}
		}
		if led < 50 {
			t.Fatalf("only %d routes lead to the page: the table is not read", led)
		}
		for _, path := range []string{"/profile", "/profile/security/app", "/profile/phone", "/organisations"} {
			if b.Get(path); b.Page.URL.Path != path || b.Page.Status != http.StatusOK {
				t.Errorf("%s: %d at %s", path, b.Page.Status, b.Page.URL)
			}
		}
		h.visit(b, other)
		b.Get("/")
		says(t, b, "You are in Pennine Cycling")
		b.Get("/settings/users")
		at(t, b, "/settings/users", http.StatusOK)
	})
}
