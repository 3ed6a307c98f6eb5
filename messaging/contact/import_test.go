package contact_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/messaging/contact"
)

// work runs the workers until the test ends.
func (k *kit) work(t testing.TB) (stop func()) {
	c, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { k.room.Run(c, k.DB); close(done) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

func (k *kit) upload(t testing.TB, name, file string) contact.Import {
	t.Helper()
	im, err := k.room.Upload(ctx, k.DB, k.ana, k.org, name, strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return im
}

func (k *kit) start(t testing.TB, im contact.Import, change ...func(*contact.Mapping)) {
	t.Helper()
	m := im.About.Guess
	m.Consent, m.Country = true, "GB"
	for _, f := range change {
		f(&m)
	}
	if _, err := k.room.Start(ctx, k.DB, k.ana, k.org, im.ID, m); err != nil {
		t.Fatal(err)
	}
}

// done waits for the end of an import and checks that its verdicts add up.
func (k *kit) done(t testing.TB, im string) contact.Import {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		p, err := k.room.Progress(ctx, k.DB, k.ana, k.org, im)
		if err != nil {
			t.Fatal(err)
		}
		sum := int64(0)
		for _, n := range p.Counts {
			sum += n
		}
		if sum != p.Handled || p.Handled > p.Rows {
			t.Fatalf("%v do not add up to %d of %d", p.Counts, p.Handled, p.Rows)
		}
		if p.State == contact.Done {
			if p.Handled != p.Rows || p.Percent != 100 {
				t.Fatalf("%v are not all of %d rows", p.Counts, p.Rows)
			}
			return p
		}
		if p.State == contact.Broken || time.Now().After(end) {
			t.Fatalf("%+v", p)
		}
	}
}

// report reads the report: reason by row of the file.
func (k *kit) report(t testing.TB, im string) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := k.room.Report(ctx, k.DB, k.ana, k.org, im, &b); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, x := range rows[1:] {
		out[x[0]] = x[1] + " " + x[2]
	}
	return out
}

// Proves CL6-CL12: a file with everything that goes wrong; each row has one verdict, and they add up.
func TestImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db)
		k.work(t)
		list, err := k.room.CreateList(ctx, db, k.ana, k.org, "Imported")
		if err != nil {
			t.Fatal(err)
		}
		old := k.create(t, contact.Form{Number: "+447700900001", First: "Former", Last: "Name", Email: "old@example.com", Fields: map[string]string{"City": "Lisbon", "Pet": "cat"}})
		k.Write(t, func(tx *store.Tx) error { return k.room.Optouts.Add(tx, k.org, "+447700900009", "stop") })
		file := "Vorname;Nachname;Handynummer;E-Mail;City\r\n" +
			"New;;07700 900001;;Porto\r\n" + // 2: overwrites
			"\r\n" +
			"Ana;\"Sil\nva; \"\"x\"\"\";7700900002;ana@example.com;\r\n" + // 4: lost its zero
			"Bob;;4.47700900003E+11;;\r\n" + // 6 in the file is row 5: repaired
			"Cat;;6.14E+10;;\r\n" + // 6: lost
			"Dan;;+447700900002;;\r\n" + // 7: repeated
			"Eve;;;;\r\n" + // 8: no number
			"Fay;;07700900004;not an address;\r\n" + // 9
			"Guy;;07700900005\r\n" + // 10: fewer cells
			"Hal;;07700900006;;;too many\r\n" + // 11
			"Ida;;12;;\r\n" + // 12
			"Jan\x00;;07700900007;;\r\n" + // 13
			"Kim;;07700900009;;" // 14: unsubscribed
		im := k.upload(t, `C:\files\list.csv`, file)
		if im.Name != "list.csv" || im.About.Separator != ";" || !im.About.Guess.Header || im.Rows != 12 ||
			fmt.Sprint(im.About.Guess.Columns) != "[first_name last_name number email field:City]" || len(im.About.Sample) != contact.SampleRows {
			t.Fatalf("%+v", im)
		}
		k.start(t, im, func(m *contact.Mapping) { m.Duplicates, m.List = contact.Overwrite, list.ID })
		p := k.done(t, im.ID)
		if fmt.Sprint(p.Counts) != "map[imported:3 invalid:6 skipped:1 unsubscribed:1 updated:1]" {
			t.Errorf("%v", p.Counts)
		}
		report := k.report(t, im.ID)
		for row, want := range map[string]string{"2": "updated", "4": "imported", "5": "imported", "6": "invalid A spreadsheet", "7": "skipped The number stands",
			"8": "invalid The number is missing", "9": "invalid The email", "10": "imported", "11": "invalid The row has more", "12": "invalid The number is too short",
			"13": "invalid The row holds", "14": "unsubscribed"} {
			if !strings.HasPrefix(report[row], want) {
				t.Errorf("row %s: %q, not %q", row, report[row], want)
			}
		}
		if len(report) != 12 {
			t.Errorf("%d rows in the report", len(report))
		}
		c, err := k.room.Get(ctx, db, k.ana, k.org, old.ID)
		if err != nil || c.First != "New" || c.Last != "Name" || c.Email != "old@example.com" || fmt.Sprint(c.Fields) != "map[City:Porto Pet:cat]" || len(c.Lists) != 1 {
			t.Errorf("%+v %v", c, err)
		}
		if got := k.all(t, contact.Query{Search: "sil"}); len(got) != 1 || got[0].Last != `Sil va; "x"` {
			t.Errorf("%v", got)
		}
		if got := k.all(t, contact.Query{Search: "former"}); len(got) != 0 {
			t.Errorf("found by the former name: %v", got)
		}
		if got := k.all(t, contact.Query{List: list.ID}); len(got) != 5 {
			t.Errorf("%v", names(got))
		}
		if got := k.all(t, contact.Query{Search: "+447700900009"}); len(got) != 1 || !got[0].OptedOut {
			t.Errorf("%+v", got)
		}
		before := fmt.Sprint(k.all(t, contact.Query{}))
		for _, d := range []contact.Duplicates{contact.Overwrite, contact.Skip} {
			im = k.upload(t, "again.csv", file)
			k.start(t, im, func(m *contact.Mapping) { m.Duplicates, m.List = d, list.ID })
			if p := k.done(t, im.ID); p.Counts[contact.VerdictImported]+p.Counts[contact.VerdictUpdated] != 0 {
				t.Errorf("importing twice (%s) changed something: %v", d, p.Counts)
			}
		}
		if after := fmt.Sprint(k.all(t, contact.Query{})); after != before {
			t.Errorf("importing twice changed\n%s\nto\n%s", before, after)
		}
		var left int
		k.Write(t, func(tx *store.Tx) error {
			return tx.QueryRow(`SELECT COUNT(*) FROM contact_import_part WHERE kind <> 'verdict'`).Scan(&left)
		})
		if left != 0 {
			t.Errorf("%d pieces are left", left)
		}
	})
}
