package contacts_test

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"watchword/base/access"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/organisation"
	"watchword/web"
	"watchword/web/webtest"
)

// lets says of every route under /contacts whether contact data leaves by it, and what holds it back (C47, TD11). A
// route that is not named here fails the test: whoever adds one says what it lets out.
var lets = map[string]string{
	"GET /contacts":                        "a page, counted towards what a session may read",
	"GET /contacts/{id}":                   "one contact, counted likewise",
	"POST /contacts/{id}":                  "one contact, as it was typed",
	"GET /contacts/new":                    "nothing",
	"POST /contacts/new":                   "nothing but what was typed",
	"POST /contacts/chosen":                "nothing: ids and a number",
	"POST /contacts/chosen/add":            "nothing",
	"POST /contacts/chosen/remove":         "nothing",
	"POST /contacts/chosen/delete":         "nothing",
	"GET /contacts/lists":                  "nothing: names of lists and counts",
	"POST /contacts/lists":                 "nothing",
	"GET /contacts/lists/{id}":             "nothing",
	"POST /contacts/lists/{id}":            "nothing",
	"POST /contacts/lists/{id}/delete":     "nothing",
	"GET /contacts/import":                 "nothing: names of files and counts",
	"POST /contacts/import":                "nothing",
	"GET /contacts/import/example.csv":     "nothing: invented people",
	"GET /contacts/import/{id}":            "the first rows of a file, to who brought it",
	"POST /contacts/import/{id}":           "the same",
	"POST /contacts/import/{id}/discard":   "nothing",
	"GET /contacts/import/{id}/progress":   "nothing: counts",
	"GET /contacts/import/{id}/report.csv": "rows of a file that were not taken, to who brought it",
	"GET /contacts/export":                 "nothing: who, when, how many",
	"POST /contacts/export":                "nothing: a file is written after a fresh code",
	"GET /contacts/export/running":         "nothing: who, when, how many",
	"GET /contacts/export/{id}":            "nothing: the receipt",
	"GET /contacts/export/{id}/download":   "nothing: the receipt",
	"POST /contacts/export/{id}/download":  "the file, to who asked for it, after a fresh code for this file",
}

// Proves C47, C48, OU6, OU7, OU17 and TD11: every route under /contacts is known by what it lets out; each answers 404 to
// people of other organisations, 403 to members without the permission, and leads visitors to log in; no contact of the
// organisation is in any of these answers.
func TestEveryRoute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		org, maya := h.team("maya", "Harbour Dental")
		other, _ := h.team("eve", "Pennine Cycling")
		h.join(org, "ben", organisation.Sends)
		h.join(org, "una", organisation.Contacts)
		c := h.fill(org, maya.ID, 3)[0]
		b := h.in("maya")
		b.Get("/contacts/lists")
		b.Submit("Create list", map[string]string{"Name of a new list": "Secret list"})
		list := b.Page.Attr("#lists tbody tr", "id")
		b.Get("/contacts/import")
		b.Upload("Upload and look", "secret.csv", []byte("number\n07700900777\n"))
		im := strings.TrimPrefix(b.Page.URL.Path, "/contacts/import/")
		x := h.export(b, nil)
		ids := func(route string) string {
			for prefix, which := range map[string]string{"/contacts/lists/": list, "/contacts/import/": im, "/contacts/export/": x, "/contacts/": string(c)} {
				if strings.HasPrefix(route, prefix+"{id}") {
					return strings.Replace(route, "{id}", which, 1)
				}
			}
			return route
		}
		eve, ben, una, visitor := h.in("eve"), h.in("ben"), h.in("una"), h.browser()
		send := func(b *webtest.Browser, method, path string) *webtest.Page {
			if method == "GET" {
				return b.Get(path)
			}
			return b.Post(path, url.Values{"contact": {string(c)}, "list": {list}, "name": {"x"}, "number": {"07700900999"}, "act": {"delete"}, "scope": {"all"}, "fields": {"number"}, "consent": {"on"}, "column-0": {"number"}})
		}
		for _, route := range h.door.Routes() {
			method, path, _ := strings.Cut(route, " ")
			if path != "/contacts" && !strings.HasPrefix(path, "/contacts/") {
				continue
			}
			if lets[route] == "" {
				t.Errorf("%s is not in the list of what lets contact data out", route)
			}
			at := ids(path)
			clean := func(who string, p *webtest.Page) {
				t.Helper()
				for _, secret := range []string{"+4477009", "Ada00", "07700 9000", "07700900777", "Secret list", "secret.csv"} {
					if strings.Contains(p.Text, secret) {
						t.Errorf("%s tells %s %q", route, who, secret)
					}
				}
			}
			named := at + "?organisation=" + string(org)
			if p := send(eve, method, named); p.Status != 404 {
				t.Errorf("%s of another organisation by its id: %d", route, p.Status)
			} else {
				clean("a stranger", p)
			}
			if strings.Contains(path, "{id}") {
				if p := send(eve, method, at); p.Status != 404 && !(route == "POST /contacts/{id}" && p.Status == 422) {
					t.Errorf("%s with a foreign id: %d", route, p.Status)
				} else {
					clean("a stranger", p)
				}
			}
			if p := send(ben, method, at); p.Status != 403 {
				t.Errorf("%s without the permission: %d", route, p.Status)
			} else {
				clean("a member without the permission", p)
			}
			if strings.HasPrefix(path, "/contacts/export") {
				if p := send(una, method, at); p.Status != 403 {
					t.Errorf("%s without the permission to export: %d", route, p.Status)
				}
			}
			if p := send(visitor, method, at); p.URL.Path != "/login" {
				t.Errorf("%s to a visitor: %s %d", route, p.URL, p.Status)
			} else {
				clean("a visitor", p)
			}
		}
		if other == org {
			t.Fatal("one organisation")
		}
		// All that was refused changed nothing.
		b.Get("/contacts")
		says(t, b, "3 contacts in 1 list")
	})
}

// Proves SO12: an operator who looks in reads the first page of contacts, no other, no single contact, and no file.
func TestOperatorLooks(t *testing.T) {
	db := storetest.OpenSQLite(t)
	h := build(t, db)
	org, maya := h.team("maya", "Harbour Dental")
	all := h.fill(org, maya.ID, 60)
	h.door.Looking = func(_ context.Context, token string, o access.Origin) (access.Actor, web.Looked, error) {
		o.Address = netip.MustParseAddr("192.0.2.9")
		return access.Actor{Kind: access.KindOperator, Operator: "OP1", Organisation: org, Session: "looking", Name: "otto", Looking: true, Origin: o}, web.Looked{Name: "Harbour Dental"}, nil
	}
	b := h.browser()
	b.Header.Set("Cookie", "__Host-watchword_operator=anything")
	b.Get("/contacts")
	at(t, b, "/contacts", 200)
	first := rows(b.Page)
	if len(first) != 25 || b.Page.Has("a[rel=next]") || b.Page.Has(".bulk") || b.Page.Has("#contacts input") {
		t.Errorf("%d rows, and more can be asked for:\n%s", len(first), b.Page.Words())
	}
	for _, more := range []string{"?sort=newest", "?sort=oldest", "?q=Ada05", "?after=x", "?before=x"} {
		if b.Get("/contacts" + more); strings.Join(rows(b.Page), ",") != strings.Join(first, ",") {
			t.Errorf("%s shows other contacts: %v", more, rows(b.Page))
		}
	}
	for _, path := range []string{"/contacts/" + string(all[40]), "/contacts/export", "/contacts/import", "/contacts/export/running"} {
		if b.Get(path); b.Page.Status != 403 || strings.Contains(b.Page.Text, "Ada0") {
			t.Errorf("%s: %d", path, b.Page.Status)
		}
	}
	for _, path := range []string{"/contacts/new", "/contacts/chosen/delete", "/contacts/export", "/contacts/import"} {
		if b.Post(path, url.Values{"contact": {string(all[0])}, "number": {"07700900999"}, "scope": {"all"}, "fields": {"number"}}); b.Page.Status != 403 {
			t.Errorf("post to %s: %d", path, b.Page.Status)
		}
	}
}
