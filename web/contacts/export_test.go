package contacts_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/organisation"
	"watchword/web/webtest"
)

// export asks for a file and gives the code; it comes back with the id of the export when the file is there.
func (h *house) export(b *webtest.Browser, fields map[string]string) string {
	h.t.Helper()
	b.Get("/contacts/export")
	b.Submit("Export contacts", fields)
	h.prove(b)
	at(h.t, b, "/contacts/export", 200)
	until(h.t, b, "/contacts/export", func(p *webtest.Page) bool { return strings.Contains(p.TextOf("#exports tbody tr"), "Ready") })
	return b.Page.Attr("#exports tbody tr", "id")
}

// Proves CL15, TD8-TD10, B22 and C64 on the pages: each export and each download asks a fresh code that names what and
// how many in the page and in the message; the form goes on by itself afterwards; a code is good for one file once, and
// only who asked for a file gets it.
func TestExport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		org, maya := h.team("maya", "Harbour Dental")
		h.join(org, "tom", organisation.Contacts, organisation.Exports)
		h.fill(org, maya.ID, 12)
		b := h.in("maya")
		b.Get("/contacts/export")
		b.Post("/contacts/export", url.Values{"scope": {"all"}})
		if b.Page.Status != 422 || !strings.Contains(strings.Join(b.Page.Errors(), " "), "column") {
			t.Errorf("no columns: %d %q", b.Page.Status, b.Page.Errors())
		}
		b.Get("/contacts/export")
		b.Submit("Export contacts", map[string]string{"scope": "search", "q": ""})
		if b.Page.Status != 422 {
			t.Errorf("a search for nothing: %d", b.Page.Status)
		}

		b.Get("/contacts/export")
		b.Submit("Export contacts", nil)
		if !strings.HasPrefix(b.Page.URL.Path, "/stepup") {
			t.Fatalf("no code is asked: %s %d", b.Page.URL, b.Page.Status)
		}
		says(t, b, "export of 12 contacts", "All contacts", "Mobile number, First name")
		b.Submit("Continue", map[string]string{"Password": "plover sandbank tremolo 7"})
		says(t, b, "export of 12 contacts")
		if text := h.message(); !strings.Contains(text, "export 12 contacts") {
			t.Errorf("the message does not say what for:\n%s", text)
		}
		h.prove(b)
		at(t, b, "/contacts/export", 200)
		says(t, b, "The export of 12 contacts is being written.")
		until(t, b, "/contacts/export", func(p *webtest.Page) bool { return strings.Contains(p.TextOf("#exports tbody tr"), "Ready") })
		if n := len(b.Page.All("#exports tbody tr")); n != 1 {
			t.Fatalf("%d exports", n)
		}
		x := b.Page.Attr("#exports tbody tr", "id")

		b.Submit("Download", nil)
		if !strings.HasPrefix(b.Page.URL.Path, "/stepup") {
			t.Fatalf("the download asks no code: %s", b.Page.URL)
		}
		says(t, b, "the download of your export of 12 contacts")
		h.prove(b)
		file := b.Page.Text
		if b.Page.Status != 200 || b.Page.Header.Get("Content-Type") != "text/csv; charset=utf-8" || strings.Count(file, "+4477009") != 12 {
			t.Fatalf("the file: %d %v\n%s", b.Page.Status, b.Page.Header, file)
		}
		sum := sha256.Sum256([]byte(file))
		b.Get("/contacts/export/" + x)
		says(t, b, hex.EncodeToString(sum[:]), "Export of 12 contacts", "Receipt")
		b.Submit("Download 12 contacts", nil)
		if !strings.HasPrefix(b.Page.URL.Path, "/stepup") {
			t.Errorf("a second download asks no code: %s %d", b.Page.URL, b.Page.Status)
		}

		// A colleague with every permission sees that it happened, and gets nothing.
		tom := h.in("tom")
		tom.Get("/contacts/export")
		if tom.Page.Status != 200 || !strings.Contains(tom.Page.TextOf("#"+x), "maya") || strings.Contains(tom.Page.TextOf("#"+x), "Download") {
			t.Errorf("the colleague's list: %s", tom.Page.TextOf("#"+x))
		}
		tom.Post("/contacts/export/"+x+"/download", url.Values{})
		if tom.Page.Status != 404 && tom.Page.Status != 403 {
			t.Errorf("the colleague's download: %d at %s", tom.Page.Status, tom.Page.URL)
		}

		// One code, one act: what was proved for twelve does not let one out, nor the other way round.
		h.export(b, map[string]string{"scope": "search", "q": "07700 900003"})
		says(t, b, "1 contact", "Search for")
		b.Post("/contacts/export", url.Values{"scope": {"all"}, "fields": {"number"}})
		if !strings.HasPrefix(b.Page.URL.Path, "/stepup") {
			t.Errorf("another export passes on a spent code: %s", b.Page.URL)
		}
	})
}

// Proves TD10 in a browser that tells how it navigates: after the code the page of the export stands and begins the
// download, and nobody else can fetch it.
func TestDownloadInABrowser(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	org, maya := h.team("maya", "Harbour Dental")
	h.join(org, "tom", organisation.Contacts, organisation.Exports)
	h.fill(org, maya.ID, 3)
	b := h.in("maya")
	x := h.export(b, nil)
	b.Header.Set("Sec-Fetch-Mode", "navigate")
	b.Submit("Download", nil)
	h.prove(b)
	at(t, b, "/contacts/export/"+x+"/download", 200)
	says(t, b, "Your download begins.")
	from, ok := strings.CutPrefix(b.Page.Header.Get("Refresh"), "0; url=")
	if !ok {
		t.Fatalf("nothing begins: %v", b.Page.Header)
	}
	tom := h.in("tom")
	if tom.Get(from); strings.Contains(tom.Page.Text, "+4477009") {
		t.Error("a colleague fetched it")
	}
	if b.Get(from); strings.Count(b.Page.Text, "+4477009") != 3 {
		t.Errorf("the file: %d %s", b.Page.Status, b.Page.Text)
	}
	if b.Get(from); strings.Contains(b.Page.Text, "+4477009") {
		t.Error("it came twice for one code")
	}
}
