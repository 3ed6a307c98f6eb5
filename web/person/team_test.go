package person_test

import (
	"encoding/csv"
	"net/url"
	"strings"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/organisation"
)

// Proves OU1, OU12 and B15 through the pages: two organisations, one after a double press, and going from one to the
// other without logging in again.
func TestOrganisations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		says(t, b, "Make your first organisation")
		b.Get("/organisations/new")
		b.Submit("Create organisation", map[string]string{"Name": " "})
		at(t, b, "/organisations/new", 422)
		form := *b.Page
		b.Submit("Create organisation", map[string]string{"Name": "Harbour Dental"})
		at(t, b, "/", 200)
		says(t, b, "Harbour Dental is ready")
		b.Page = &form // the same form once more
		b.Submit("Create organisation", map[string]string{"Name": "Harbour Dental"})
		b.Get("/organisations/new")
		b.Submit("Create organisation", map[string]string{"Name": "Pennine Cycling <Club>"})
		b.Get("/organisations")
		says(t, b, "2 organisations", "You are here", "Pennine Cycling <Club>")
		if n := len(b.Page.All("#organisations tbody tr")); n != 2 {
			t.Fatalf("%d organisations", n)
		}
		b.Submit("HD Harbour Dental", nil) // in the switcher of the top bar
		if b.Page.Status != 200 {
			t.Fatalf("switching: %d", b.Page.Status)
		}
		says(t, b, "You are in Harbour Dental")
		b.Get("/settings/organisation")
		b.Submit("Save changes", map[string]string{"Name": "Harbour Dental & Sons"})
		says(t, b, "is called Harbour Dental & Sons now")
		b.Get("/settings/users?q=MAYA")
		says(t, b, "maya@example.com, you", "Owner", "None", "No number")
		b.Get("/settings/users?q=zzz")
		says(t, b, "Nobody fits")
	})
}

// Proves OU17: an organisation of somebody else is answered like one that does not exist, on every address that takes
// its id.
func TestForeignOrganisation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		owner, stranger := h.in("maya"), h.in("tom")
		owner.Get("/organisations/new")
		owner.Submit("Create organisation", map[string]string{"Name": "Harbour Dental"})
		owner.Get("/organisations")
		foreign := owner.Page.TextOf("#organisations .pair-note")
		if !strings.HasPrefix(foreign, "AC") {
			t.Fatalf("no id: %q", foreign)
		}
		for _, id := range []string{foreign, "AC0190a0a0a0a0a0a0a0a0a0a0a0a0a0a0", "x"} {
			for _, path := range []string{"/settings/organisation", "/settings/users", "/settings/audit"} {
				if stranger.Get(path + "?organisation=" + id); stranger.Page.Status != 404 || strings.Contains(stranger.Page.Text, "Harbour") {
					t.Errorf("%s %s: %d", path, id, stranger.Page.Status)
				}
			}
			for _, path := range []string{"/settings/organisation", "/settings/audit.csv"} {
				if stranger.Post(path+"?organisation="+id, url.Values{"name": {"Mine"}}); stranger.Page.Status != 404 {
					t.Errorf("POST %s %s: %d", path, id, stranger.Page.Status)
				}
			}
			if stranger.Post("/organisations/switch", url.Values{"organisation": {id}}); stranger.Page.Status != 404 {
				t.Errorf("switch to %s: %d", id, stranger.Page.Status)
			}
		}
		owner.Get("/settings/organisation")
		says(t, owner, "Harbour Dental")
	})
}

// Proves OU18: the audit log is filtered, paged by key, checked and exported by the owner.
func TestAuditLog(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		b := h.in("maya")
		b.Get("/organisations/new")
		b.Submit("Create organisation", map[string]string{"Name": "Harbour Dental"})
		for i := range organisation.AuditPage + 1 {
			b.Post("/settings/organisation", url.Values{"name": {"Harbour " + strings.Repeat("x", i+1)}})
		}
		b.Get("/settings/audit")
		says(t, b, "Business details changed", "Firefox on Linux", "127.0.0.1")
		if n := len(b.Page.All("tbody tr")); n != organisation.AuditPage {
			t.Errorf("%d lines on the first page", n)
		}
		b.Follow("Next")
		says(t, b, "Organisation created")
		b.Get("/settings/audit?event=organisation.created&who=MAYA")
		if n := len(b.Page.All("tbody tr")); n != 1 {
			t.Errorf("%d lines fit", n)
		}
		b.Get("/settings/audit?event=member")
		says(t, b, "Nothing fits the filter")
		b.Get("/settings/audit")
		b.Follow("Check the chain")
		says(t, b, "The chain holds")
		b.Submit("Export as CSV", nil)
		lines, err := csv.NewReader(strings.NewReader(b.Page.Text)).ReadAll()
		if err != nil || len(lines) < organisation.AuditPage || lines[0][0] != "seq" || b.Page.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Errorf("%d lines, %v", len(lines), err)
		}
		h.Write(t, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE audit_event SET actor_name = 'somebody' WHERE kind = 'organisation.created'`)
			return err
		})
		b.Get("/settings/audit?check=1")
		says(t, b, "The chain is broken at line 1")
	})
}
