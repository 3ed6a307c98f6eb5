package contacts_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/messaging/contact"
	"watchword/web/webtest"
)

// fill makes n contacts of an organisation, +447700900000 and on, as its owner.
func (h *house) fill(org id.Organisation, owner id.Profile, n int) (all []contact.ID) {
	h.t.Helper()
	who := access.Actor{Kind: access.KindPerson, Profile: owner, Organisation: org, Session: "fill"}
	for i := range n {
		c, err := h.contacts.Create(ctx, h.DB, who, org, contact.Form{Number: fmt.Sprintf("+4477009%05d", i), First: fmt.Sprintf("Ada%03d", i), Last: "Hall", Email: fmt.Sprintf("ada%d@example.com", i)})
		if err != nil {
			h.t.Fatal(err)
		}
		all = append(all, c.ID)
	}
	return all
}

// rows are the names in the table, in order.
func rows(p *webtest.Page) (names []string) {
	for _, tr := range p.All("#contacts tbody tr") {
		for _, a := range tr.Attr {
			if a.Key == "id" {
				names = append(names, p.TextOf("#"+a.Val+" .first a"))
			}
		}
	}
	return names
}

// Proves CL1, CL2, CL4, CL5 and C57 on the pages: a contact is added, changed and deleted, lists come and go without
// their contacts, and every mistake stands at its field with everything typed kept.
func TestContactsAndLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.team("maya", "Harbour Dental")
		b := h.in("maya")
		b.Get("/contacts")
		at(t, b, "/contacts", 200)
		if !b.Page.Has(".empty") || b.Page.Has("#contacts") {
			t.Fatalf("no empty state:\n%s", b.Page.Words())
		}
		b.Follow("Add one contact")
		b.Submit("Add contact", map[string]string{"Mobile number": "0770 09", "First name": "Abigail", "Notes": "Prefers mornings"})
		at(t, b, "/contacts/new", 422)
		if b.Page.TextOf("#number-error") == "" || b.Page.Attr("#first_name", "value") != "Abigail" || b.Page.TextOf("#notes") != "Prefers mornings" || len(b.Page.Errors()) != 1 {
			t.Errorf("the mistake: %q\n%s", b.Page.Errors(), b.Page.Words())
		}
		b.Submit("Add contact", map[string]string{"Mobile number": "07700 900114", "Last name": "Norton", "Email": "abigail@example.com", "Name of field 1": "Last visit", "Value of field 1": "2 October"})
		at(t, b, "/contacts", 200)
		says(t, b, "Abigail Norton", "07700 900 114", "Can be messaged", "1 contact in 0 lists")
		b.Get("/contacts/new")
		b.Submit("Add contact", map[string]string{"Mobile number": "+44 (0)7700 900 114"})
		if b.Page.Status != 422 && b.Page.Status != 409 || b.Page.TextOf("#number-error") == "" {
			t.Errorf("the same number again: %d %q", b.Page.Status, b.Page.Errors())
		}

		b.Get("/contacts/lists")
		b.Submit("Create list", map[string]string{"Name of a new list": "Winter recall"})
		at(t, b, "/contacts/lists", 200)
		says(t, b, "The list Winter recall is made.")
		b.Submit("Create list", map[string]string{"Name of a new list": "winter recall"})
		if b.Page.Status < 400 || b.Page.TextOf("#name-error") == "" {
			t.Errorf("a second list of the name: %d", b.Page.Status)
		}
		b.Get("/contacts")
		b.Follow("Abigail Norton")
		if b.Page.Title() != "Abigail Norton" || b.Page.Attr("[name=field-name]", "value") != "Last visit" {
			t.Errorf("the contact's page:\n%s", b.Page.Words())
		}
		b.Submit("Save", map[string]string{"Winter recall": "" + b.Page.Attr("[name=lists]", "value"), "First name": "Abby"})
		says(t, b, "Abby Norton is saved.")
		b.Get("/contacts/lists")
		says(t, b, "Winter recall", "1 contact in 1 list")
		b.Follow("Change")
		b.Submit("Rename list", map[string]string{"Name": "Summer recall"})
		b.Follow("Summer recall")
		says(t, b, "Abby Norton", "List is Summer recall")
		b.Get("/contacts/lists")
		b.Follow("Change")
		b.Submit("Delete list", nil)
		at(t, b, "/contacts/lists", 200)
		b.Get("/contacts")
		says(t, b, "Abby Norton", "1 contact in 0 lists")

		b.Follow("Abby Norton")
		b.Submit("Delete contact", nil)
		at(t, b, "/contacts/chosen", 200)
		says(t, b, "1 contact will be deleted.")
		b.Submit("Delete 1 contact", nil)
		if at(t, b, "/contacts", 200); !b.Page.Has(".empty") {
			t.Errorf("still there:\n%s", b.Page.Words())
		}
	})
}

// Proves CL5 and CL19: every contact stands on exactly one page however the table is sorted, search finds names,
// numbers and addresses, and chosen rows go into a list, out of it, and away, each after a page that says how many.
func TestTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		org, maya := h.team("maya", "Harbour Dental")
		all := h.fill(org, maya.ID, 60)
		b := h.in("maya")
		for _, sort := range []string{"", "number", "newest", "oldest"} {
			var seen []string
			b.Get("/contacts?sort=" + sort)
			for len(seen) < 100 {
				seen = append(seen, rows(b.Page)...)
				if !b.Page.Has("a[rel=next]") {
					break
				}
				b.Follow("Next")
			}
			if len(seen) != 60 || strings.Count(strings.Join(seen, ","), "Ada031") != 1 || (seen[0] == "Ada059 Hall") != (sort == "newest") {
				t.Errorf("sorted by %q: %d rows, first %v", sort, len(seen), seen[:min(3, len(seen))])
			}
			b.Follow("Previous")
			if got := rows(b.Page); len(got) != 25 || got[0] != seen[25] {
				t.Errorf("back: %v, want %v", got, seen[25:28])
			}
		}
		for _, words := range []string{"Ada042", "ada042 ha", "07700 900042", "+447700900042", "ADA42@example.com"} {
			b.Get("/contacts")
			b.Submit("Search", map[string]string{"Search contacts": words})
			if got := rows(b.Page); len(got) != 1 || got[0] != "Ada042 Hall" {
				t.Errorf("search for %q: %v", words, got)
			}
		}
		if b.Get("/contacts?q=nobody+at+all"); !b.Page.Has(".empty") || b.Page.Status != 200 {
			t.Errorf("nobody found: %d\n%s", b.Page.Status, b.Page.Words())
		}

		b.Get("/contacts/lists")
		b.Submit("Create list", map[string]string{"Name of a new list": "Winter recall"})
		choose := func(act string) {
			t.Helper()
			v := url.Values{"act": {act}, "contact": {string(all[3]), string(all[4]), string(all[3])}}
			if list := b.Page.Attr("form#chosen [name=list]", "value"); list != "" {
				v.Set("list", list)
			}
			b.Post("/contacts/chosen", v)
		}
		b.Get("/contacts")
		choose("add")
		b.Submit("Add 2 contacts", nil)
		says(t, b, "2 contacts added.", "2 of 2 contacts")
		choose("remove")
		b.Submit("Remove 2 contacts", nil)
		says(t, b, "2 contacts removed from the list.", "Nobody is in this list")
		choose("delete")
		b.Submit("Delete 2 contacts", nil)
		b.Get("/contacts")
		says(t, b, "58 contacts in 1 list")
		b.Post("/contacts/chosen", url.Values{"act": {"delete"}})
		says(t, b, "Choose at least one contact first.")
	})
}

// Proves decisions 27: whoever reads more than a session's share of contacts needs a code, and goes on with the very page
// afterwards.
func TestReadingManyNeedsACode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.contacts.Settings.FreeReads = 60
		org, maya := h.team("maya", "Harbour Dental")
		h.fill(org, maya.ID, 120)
		b := h.in("maya")
		seen := 0
		b.Get("/contacts")
		for range 4 {
			seen += len(rows(b.Page))
			b.Follow("Next")
			if strings.HasPrefix(b.Page.URL.Path, "/stepup") {
				break
			}
		}
		if !strings.HasPrefix(b.Page.URL.Path, "/stepup") || seen > 60+25 {
			t.Fatalf("%d contacts read, at %s", seen, b.Page.URL)
		}
		h.prove(b)
		at(t, b, "/contacts", 200)
		if got := rows(b.Page); len(got) == 0 || b.Page.URL.Query().Get("after") == "" {
			t.Errorf("after the code at %s: %v", b.Page.URL, got)
		}
	})
}
