package contacts_test

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/web/webtest"
)

const people = "\uFEFFMobile;First name;Surname;Email;Last check-up\r\n" +
	"07700 900114;Abigail;Norton;abigail@example.com;\"2 October,\nin the morning\"\r\n" +
	"7700900285;Adam;Rashid;;\r\n" +
	"+447700900361;Agnieszka;Nowak;agnieszka@example.com;14 October\r\n" +
	"00447700900114;Abigail;Again;;\r\n" +
	"7.7009E+11;J.;Whitaker;;\r\n" +
	";Nobody;;;\r\n"

// sum reads the equation of the progress page: rows handled, and what they add up to.
func sum(t testing.TB, p *webtest.Page) (total int, parts map[string]int) {
	t.Helper()
	parts = map[string]int{}
	add := 0
	dts, dds := p.All(".sums dt"), p.All(".sums dd")
	for i := range dts {
		n, err := strconv.Atoi(strings.ReplaceAll(webtest.Text(dds[i]), ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			total = n
			continue
		}
		parts[strings.TrimLeft(webtest.Text(dts[i]), "=+ ")] = n
		add += n
	}
	if add != total {
		t.Errorf("%d rows handled, but the parts add up to %d: %v", total, add, parts)
	}
	return total, parts
}

// Proves CL6-CL9, CL12 on the pages, by plain posts: what is wrong with a file stands at its field, the columns are
// guessed and shown with rows of the file, nothing is imported without consent, the counts add up, and the report names
// each row that was not taken.
func TestImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.team("maya", "Harbour Dental")
		b := h.in("maya")
		b.Get("/contacts/import")
		b.Upload("Upload and look", "", nil)
		if b.Page.Status != 422 || b.Page.TextOf("#file-error") == "" {
			t.Fatalf("no file chosen: %d %s", b.Page.Status, b.Page.Words())
		}
		b.Upload("Upload and look", "empty.csv", []byte(""))
		if b.Page.Status != 422 || b.Page.TextOf("#file-error") == "" {
			t.Errorf("an empty file: %d %s", b.Page.Status, b.Page.Words())
		}
		b.Get("/contacts/import")
		b.Upload("Upload and look", "people.csv", []byte(people))
		if b.Page.Status != 200 || !strings.HasPrefix(b.Page.URL.Path, "/contacts/import/") {
			t.Fatalf("at %s with %d: %s", b.Page.URL, b.Page.Status, b.Page.Words())
		}
		here := b.Page.URL.Path
		for column, want := range map[string]string{"column-0": "number", "column-1": "first_name", "column-2": "last_name", "column-3": "email"} {
			if got := b.Page.Attr("[name="+column+"] option[selected]", "value"); got != want {
				t.Errorf("%s is guessed to be %q", column, got)
			}
		}
		if got := len(b.Page.All("#sample tbody tr")); got != 5 {
			t.Errorf("%d rows are shown", got)
		}
		says(t, b, "Agnieszka", "Nothing is imported yet.")
		b.Submit("Import", map[string]string{"column-4": "field:Last check-up", "new_list": "Patients"})
		if b.Page.Status != 422 || b.Page.TextOf("#consent-error") == "" || b.Page.Attr("#new_list", "value") != "Patients" {
			t.Fatalf("without consent: %d %q", b.Page.Status, b.Page.Errors())
		}
		b.Submit("Import", map[string]string{"column-0": "", "consent": "on"})
		if b.Page.Status != 422 || len(b.Page.Errors()) == 0 {
			t.Errorf("without a number: %d %q", b.Page.Status, b.Page.Errors())
		}
		b.Submit("Import", map[string]string{"column-0": "number", "column-4": "field:Last check-up", "new_list": "Patients", "consent": "on"})
		at(t, b, here, 200)
		until(t, b, here, func(p *webtest.Page) bool { return strings.Contains(p.Words(), "Done") })
		total, parts := sum(t, b.Page)
		if total != 6 || parts["New"] != 3 || parts["Skipped"] != 1 || parts["Not valid"] != 2 {
			t.Errorf("%d rows: %v\n%s", total, parts, b.Page.Words())
		}
		b.Follow("Download the report")
		report := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.Page.Text, "\uFEFF")))
		report.FieldsPerRecord = -1
		lines, err := report.ReadAll()
		if err != nil || b.Page.Header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(b.Page.Text, "Whitaker") || len(lines) != 7 {
			t.Errorf("the report: %v %q\n%s", err, b.Page.Header, b.Page.Text)
		}
		b.Get("/contacts")
		says(t, b, "Abigail Norton", "Adam Rashid", "07700 900 285", "Patients", "3 contacts in 1 list")

		// The same people again: they stay as they are, or are overwritten, never doubled (CL8).
		for _, x := range []struct {
			choice, verdict string
			rows            int
		}{{"skip", "Skipped", 2}, {"overwrite", "Updated", 1}} {
			b.Get("/contacts/import")
			b.Upload("Upload and look", "again.csv", []byte("number,email\n07700900285,adam@example.com\n07700900114,\n"))
			again := b.Page.URL.Path
			b.Submit("Import", map[string]string{"duplicates": x.choice, "consent": "on"})
			until(t, b, again, func(p *webtest.Page) bool { return strings.Contains(p.Words(), "Done") })
			if total, parts := sum(t, b.Page); total != 2 || parts[x.verdict] != x.rows {
				t.Errorf("%s: %v", x.choice, parts)
			}
		}
		b.Get("/contacts")
		says(t, b, "adam@example.com", "abigail@example.com", "3 contacts in 1 list")
		b.Get("/contacts/import")
		if got := len(b.Page.All("#imports tbody tr")); got != 3 {
			t.Errorf("%d imports are listed", got)
		}
		b.Upload("Upload and look", "unwanted.csv", []byte("number\n07700900400\n"))
		b.Submit("Discard the file", nil)
		at(t, b, "/contacts/import", 200)
		b.Get("/contacts")
		says(t, b, "3 contacts in 1 list")
		// A file that was taken out here says itself what can come in, and who opted out (CL10).
		b.Get("/contacts/import")
		b.Upload("Upload and look", "ours.csv", []byte("\uFEFFMobile number,Lists,Opted out,Created,Updated,City,Export\r\n"+
			"+447700900401,Patients,yes,2026-01-02T03:04:05Z,2026-01-02T03:04:05Z,Porto,X0123abcd\r\n"))
		for i, want := range []string{"number", "", "opted_out", "", "", "field:City", ""} {
			if got := b.Page.Attr("[name=column-"+strconv.Itoa(i)+"] option[selected]", "value"); got != want {
				t.Errorf("column %d is guessed to be %q, not %q", i, got, want)
			}
		}
		says(t, b, "Left out, since an import cannot set them: “Lists”, “Created”, “Updated”.")
		ours := b.Page.URL.Path
		b.Submit("Import", map[string]string{"consent": "on"})
		until(t, b, ours, func(p *webtest.Page) bool { return strings.Contains(p.Words(), "Done") })
		if total, parts := sum(t, b.Page); total != 1 || parts["Stay opted out"] != 1 {
			t.Errorf("%d rows: %v", total, parts)
		}
		if b.Get("/contacts/import/example.csv"); b.Page.Status != 200 || !strings.HasPrefix(b.Page.Text, "Mobile number,") {
			t.Errorf("the example: %d", b.Page.Status)
		}
	})
}
