package contact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/messaging/contact"
)

// takeOut exports all contacts with all their fields and gives the file.
func (k *kit) takeOut(t testing.TB) string {
	t.Helper()
	fields, err := k.room.ExportFields(ctx, k.DB, k.ana, k.org)
	if err != nil {
		t.Fatal(err)
	}
	return k.content(t, k.export(t, contact.Filter{}, fields...))
}

// said is what a person would say of contacts: all but ids, lists and times.
func said(all []contact.Contact) (out []string) {
	for _, c := range all {
		out = append(out, fmt.Sprintf("%s %q %q %q %q %q %v", c.Number, c.First, c.Last, c.Email, c.Notes, c.Fields, c.OptedOut))
	}
	slices.Sort(out)
	return out
}

// Proves CL6, CL7, CL10, CL15: what is taken out comes in again as it was, as the mapping page proposes it, whatever the
// further fields are called; columns that cannot come in are left out and named; who opted out does not come in as somebody
// who did not, and a contact that is to stay as it is does.
func TestWhatGoesOutComesIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db)
		k.work(t)
		l, err := k.room.CreateList(ctx, db, k.ana, k.org, "Patients; of ours")
		if err != nil {
			t.Fatal(err)
		}
		fields := map[string]string{}
		for _, name := range []string{"Name", "Contact", "Phone", "Lists", "Export", "=SUM(A1)", "'+x", "me@home", "Comment", "City", "city", "a, \"b\"; c", "Opted out",
			"Updated", "447700900123"} {
			fields[name] = "of " + name
		}
		k.create(t, contact.Form{Number: "+447700900001", First: "Ana", Last: "=Silva", Email: "ana@example.com", Notes: "two\nlines, \"said\"", Fields: fields, Lists: []contact.ListID{l.ID}})
		k.create(t, contact.Form{Number: "+447700900002", First: "'quoted", Last: "''", Fields: map[string]string{"Name": "+1 said", "Created": "@home"}})
		k.create(t, contact.Form{Number: "+351912345678", Notes: "-1", Lists: []contact.ListID{l.ID}})
		k.create(t, contact.Form{Number: "+447700900004", Last: "Stopp"})
		k.Write(t, func(tx *store.Tx) error { return k.room.Optouts.Add(tx, k.org, "+447700900004", "stop") })
		want := said(k.all(t, contact.Query{}))

		file := k.takeOut(t)
		first := k.org
		k.org = k.organisation(t, k.ana, "Second")
		im := k.upload(t, "contacts.csv", file)
		if !im.About.Guess.Header || !strings.Contains(fmt.Sprint(im.About.Notes), "“Lists”, “Created”, “Updated”") {
			t.Errorf("%q", im.About.Notes)
		}
		for i, c := range im.About.Guess.Columns {
			name := im.About.Columns[i]
			if left := slices.Contains([]string{"Lists", "Created", "Updated"}, name) || i == len(im.About.Columns)-1; left != (c == contact.Ignored) {
				t.Errorf("%q is guessed to be %q", name, c)
			}
		}
		k.start(t, im)
		if p := k.done(t, im.ID); fmt.Sprint(p.Counts) != "map[imported:3 invalid:0 skipped:0 unsubscribed:1 updated:0]" {
			t.Errorf("%v", p.Counts)
		}
		if got := said(k.all(t, contact.Query{})); !slices.Equal(got, want) {
			t.Errorf("came in as\n%s\nnot as\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		// Once more, by way of the second organisation: nothing differs.
		im = k.upload(t, "again.csv", k.takeOut(t))
		k.start(t, im, func(m *contact.Mapping) { m.Duplicates = contact.Overwrite })
		if p := k.done(t, im.ID); fmt.Sprint(p.Counts) != "map[imported:0 invalid:0 skipped:3 unsubscribed:1 updated:0]" {
			t.Errorf("again: %v", p.Counts)
		}

		// An old file says nothing of who opted out since: they stay so (CL10).
		k.org = first
		old := k.takeOut(t)
		k.Write(t, func(tx *store.Tx) error { return k.room.Optouts.Add(tx, k.org, "+447700900001", "stop") })
		before := said(k.all(t, contact.Query{}))
		for _, d := range []contact.Duplicates{contact.Skip, contact.Overwrite} {
			im = k.upload(t, "old.csv", old)
			k.start(t, im, func(m *contact.Mapping) { m.Duplicates = d })
			k.done(t, im.ID)
			if after := said(k.all(t, contact.Query{})); !slices.Equal(after, before) {
				t.Errorf("%s: %q became %q", d, before, after)
			}
		}
		// A stranger's file may opt people out; what is neither yes nor no is refused, and a skipped contact stays as it is.
		file = "Phone,Unsubscribed\n07700900010,yes\n07700900011,\n07700900012,no\n07700900013,perhaps\n07700900002,yes\n"
		for _, d := range []contact.Duplicates{contact.Skip, contact.Overwrite} {
			out := d == contact.Overwrite
			im = k.upload(t, "theirs.csv", file)
			k.start(t, im, func(m *contact.Mapping) { m.Duplicates = d })
			k.done(t, im.ID)
			report := k.report(t, im.ID)
			if !strings.HasPrefix(report["5"], "invalid Whether") || out != strings.HasPrefix(report["6"], "unsubscribed") {
				t.Errorf("%s: %q", d, report)
			}
			for number, stop := range map[string]bool{"+447700900010": true, "+447700900011": false, "+447700900012": false, "+447700900002": out} {
				if c := k.all(t, contact.Query{Search: number}); len(c) != 1 || c[0].OptedOut != stop {
					t.Errorf("%s: %+v", d, c)
				}
			}
		}
	})
}

// Proves CL6, CL15: more further fields than one contact can have come in, as long as each row has no more.
func TestManyFurtherFields(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db)
		k.work(t)
		for i := range 3 {
			fields := map[string]string{}
			for n := range 20 {
				fields[fmt.Sprintf("field %d", 10*i+n)] = "x"
			}
			k.create(t, contact.Form{Number: fmt.Sprintf("+44770090000%d", i), Fields: fields})
		}
		want := said(k.all(t, contact.Query{}))
		file := k.takeOut(t)
		k.org = k.organisation(t, k.ana, "Second")
		im := k.upload(t, "contacts.csv", file)
		k.start(t, im)
		k.done(t, im.ID)
		im = k.upload(t, "more.csv", "Phone"+strings.Repeat(",x", 31)+"\n07700900009"+strings.Repeat(",1", 31)+"\n")
		k.start(t, im)
		k.done(t, im.ID)
		if r := k.report(t, im.ID)["2"]; !strings.HasPrefix(r, "invalid A contact can have 30") {
			t.Errorf("%q", r)
		}
		if got := said(k.all(t, contact.Query{})); !slices.Equal(got, want) {
			t.Errorf("%q became %q", want, got)
		}
	})
}
