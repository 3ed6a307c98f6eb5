package contact_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"watchword/base/access"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/messaging/contact"
	"watchword/organisation"
)

// export asks with the proof that is needed, and waits until the file is there.
func (k *kit) export(t testing.TB, f contact.Filter, fields ...contact.Column) contact.Export {
	t.Helper()
	_, err := k.room.Ask(ctx, k.DB, k.ana, k.org, f, fields)
	k.give(t, k.ana, err)
	x, err := k.room.Ask(ctx, k.DB, k.ana, k.org, f, fields)
	if err != nil {
		t.Fatal(err)
	}
	return k.ready(t, x.ID)
}

func (k *kit) ready(t testing.TB, export string) contact.Export {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		x, err := k.room.ExportOf(ctx, k.DB, k.ana, k.org, export)
		if err != nil || time.Now().After(end) {
			t.Fatal(x, err)
		}
		if x.State == contact.Ready {
			return x
		}
	}
}

func (k *kit) content(t testing.TB, x contact.Export) string {
	t.Helper()
	_, err := k.room.Download(ctx, k.DB, k.ana, k.org, x.ID)
	k.give(t, k.ana, err)
	f, err := k.room.Download(ctx, k.DB, k.ana, k.org, x.ID)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Proves CL15, CL7, TD11: a list and a search are exports of their own, with every field, headed as an import reads them; after 30 days the file is gone and
// its receipt stays; a deleted list leaves its contacts; a deleted organisation leaves nothing.
func TestFiltersAndSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db)
		stop := k.work(t)
		l, err := k.room.CreateList(ctx, db, k.ana, k.org, "Some")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 40 {
			f := contact.Form{Number: fmt.Sprintf("+4477009003%02d", i), First: []string{"Ana", "Bob"}[i%2], Email: "a@example.com"}
			if i%4 == 0 {
				f.Lists = []contact.ListID{l.ID}
			}
			k.create(t, f)
		}
		k.Write(t, func(tx *store.Tx) error { return k.room.Optouts.Add(tx, k.org, "+447700900300", "stop") })
		x := k.export(t, contact.Filter{List: l.ID}, contact.ColNumber, contact.ColLists, contact.ColOptOut, contact.ColCreated, contact.ColUpdated)
		text := k.content(t, x)
		if x.Rows != 10 || strings.Count(text, "\r\n") != 11 || strings.Count(text, ",Some,") != 10 || !strings.Contains(text, "+447700900300,Some,yes,") {
			t.Errorf("%+v\n%s", x, text)
		}
		all := []contact.Column{contact.ColNumber, contact.ColFirst, contact.ColLast, contact.ColEmail, contact.ColNotes}
		text = k.content(t, k.export(t, contact.Filter{}, all...))
		if !strings.HasPrefix(strings.TrimPrefix(text, "\ufeff"), "Mobile number,First name,Last name,Email address,Notes,") {
			t.Errorf("the headings: %.200s", text)
		}
		// What was exported is imported without a question: each heading is known for what it heads.
		about, err := contact.Guess(strings.NewReader(text))
		if err != nil || !about.Guess.Header || !slices.Equal(about.Guess.Columns[:len(all)], all) {
			t.Errorf("%+v %v", about.Guess, err)
		}
		if x = k.export(t, contact.Filter{Search: "bob"}, contact.ColNumber); x.Rows != 20 || strings.Count(k.content(t, x), "\r\n") != 21 {
			t.Errorf("%+v", x)
		}
		if err := k.room.DeleteList(ctx, db, k.ana, k.org, l.ID); err != nil {
			t.Fatal(err)
		}
		stop()
		k.DB.Clock().Advance(31 * 24 * time.Hour)
		sweep := func() {
			if err := k.room.Sweep(ctx, db); err != nil {
				t.Fatal(err)
			}
		}
		sweep()
		count := func(query string) (n int) {
			k.Write(t, func(tx *store.Tx) error { return tx.QueryRow(query, k.org).Scan(&n) })
			return n
		}
		if count(`SELECT COUNT(*) FROM contact_export_part WHERE organisation_id = $1`) != 0 || count(`SELECT COUNT(*) FROM contact_list WHERE organisation_id = $1`) != 0 ||
			count(`SELECT COUNT(*) FROM contact_index WHERE organisation_id = $1 AND kind IN ('l1', 'n1')`) != 0 || count(`SELECT COUNT(*) FROM contact WHERE organisation_id = $1`) != 40 {
			t.Error("not what was to go went")
		}
		if y, err := k.room.ExportOf(ctx, db, k.ana, k.org, x.ID); err != nil || y.State != contact.Gone || y.Downloadable || !k.room.Genuine(y.Receipt) {
			t.Errorf("%+v %v", y, err)
		}
		k.Write(t, func(tx *store.Tx) error {
			return grant.GiveOnce(tx, k.ana.Session, string(wording.DeleteOrganisation), string(k.org), time.Minute)
		})
		k.Write(t, func(tx *store.Tx) error { _, err := k.orgs.Delete(tx, k.ana, k.org); return err })
		sweep()
		for _, table := range []string{"contact", "contact_index", "contact_list", "contact_book", "contact_export", "contact_export_part", "contact_import", "contact_import_part", "contact_read", "optout"} {
			if n := count(`SELECT COUNT(*) FROM ` + table + ` WHERE organisation_id = $1`); n != 0 {
				t.Errorf("%d rows of %s are left", n, table)
			}
		}
	})
}

// Proves CL15, C48, OU7: members need the permission; without any factor nobody exports where the organisation says so;
// support that looks in takes nothing out.
func TestWhoMayExport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db)
		k.create(t, contact.Form{Number: "+447700900123"})
		fields := []contact.Column{contact.ColNumber}
		bare := k.ana
		bare.Methods = []string{"password", "email"}
		_, err := k.room.Ask(ctx, db, bare, k.org, contact.Filter{}, fields)
		is(t, err, "step_up_required")
		k.Write(t, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE organisation SET email_export = false WHERE organisation_id = $1`, k.org)
			return err
		})
		_, err = k.room.Ask(ctx, db, bare, k.org, contact.Filter{}, fields)
		is(t, err, "export_needs_factor")
		_, err = k.room.Ask(ctx, db, k.ana, k.org, contact.Filter{}, fields)
		is(t, err, "step_up_required")

		bob := k.person(t, "bob")
		k.Write(t, func(tx *store.Tx) error {
			return k.orgs.Add(tx, bob, k.org, bob.Profile, organisation.Joining{Role: organisation.FullMember, May: []organisation.Permission{organisation.Contacts}})
		})
		if _, err := k.room.Page(ctx, db, bob, k.org, contact.Query{}); err != nil {
			t.Error(err)
		}
		for _, f := range []func() error{
			func() error { _, err := k.room.Ask(ctx, db, bob, k.org, contact.Filter{}, fields); return err },
			func() error { _, err := k.room.Exports(ctx, db, bob, k.org); return err },
			func() error { _, err := k.room.Download(ctx, db, bob, k.org, "EX1"); return err },
		} {
			is(t, f(), "not_permitted")
		}
		support := access.Actor{Kind: access.KindOperator, Operator: "OP1", Organisation: k.org, Looking: true}
		if _, err := k.room.Page(ctx, db, support, k.org, contact.Query{}); err != nil {
			t.Error(err)
		}
		_, err = k.room.Ask(ctx, db, support, k.org, contact.Filter{}, fields)
		is(t, err, "only_looking")
		_, err = k.room.Create(ctx, db, support, k.org, contact.Form{Number: "+447700900124"})
		is(t, err, "only_looking")
	})
}

// Proves CL12, CL15: an export whose process dies is written anew by another one, and is one state of the contacts: those
// that are made meanwhile are not in it, and never more rows than the code named.
func TestExportSurvivesAnyEnd(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			address, clock := url(t), &store.Clock{}
			open := func() *store.DB {
				db, err := store.Open(ctx, store.Options{URL: address, Clock: clock})
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
			db := open()
			defer db.Close()
			k := newKit(t, db)
			for i := range 100 {
				k.create(t, contact.Form{Number: fmt.Sprintf("+4477009%05d", i), First: "Ana", Notes: strings.Repeat("x", 200)})
			}
			fields := []contact.Column{contact.ColNumber, contact.ColFirst, contact.ColNotes}
			_, err := k.room.Ask(ctx, db, k.ana, k.org, contact.Filter{}, fields)
			k.give(t, k.ana, err)
			x, err := k.room.Ask(ctx, db, k.ana, k.org, contact.Filter{}, fields)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 5 {
				k.create(t, contact.Form{Number: fmt.Sprintf("+447700899%03d", i)}) // after the request
				c, cancel := context.WithCancel(ctx)
				other := open()
				room := contact.New(contact.Options{Ring: k.Ring, Log: k.Log, Post: k.Post, Settings: contact.Defaults()})
				room.Small()
				ended := make(chan struct{})
				go func() { room.Run(c, other); close(ended) }()
				for n := uint64(3 + 4*i); ; time.Sleep(time.Millisecond) {
					if did, _ := other.Counts(); did >= n {
						break
					}
				}
				other.Close()
				cancel()
				<-ended
				clock.Advance(time.Minute)
			}
			k.room.Small()
			stop := k.work(t)
			defer stop()
			x = k.ready(t, x.ID)
			text := k.content(t, x)
			if x.Rows != 100 || strings.Count(text, "\r\n") != 101 || strings.Contains(text, "+447700899") || int64(len(text)) != x.Size {
				t.Errorf("%d rows, %d lines, %d octets of %d", x.Rows, strings.Count(text, "\r\n"), len(text), x.Size)
			}
		})
	}
}
