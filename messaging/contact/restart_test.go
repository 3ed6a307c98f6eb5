package contact_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/messaging/contact"
)

// people writes a file of n rows, with numbers that repeat, rows that are wrong, and names that are shared.
func people(n int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 1))
	first := []string{"Ana", "Bruno", "Chloé", "Dora", "Émile", "Faye"}
	var b strings.Builder
	b.WriteString("Number,First name,Last name,Email,City\n")
	for i := range n {
		number := fmt.Sprintf("+4477%08d", r.IntN(n)*37)
		if r.IntN(20) == 0 {
			number = "0"
		}
		fmt.Fprintf(&b, "%s,%s,Surname %d,p%d@example.com,City %d\n", number, first[r.IntN(len(first))], r.IntN(n), i, r.IntN(5))
	}
	return b.String()
}

// everything is all that an organisation has, as text, without ids and times; and each order agrees with it.
func (k *kit) everything(t testing.TB, org id.Organisation) string {
	t.Helper()
	k.org = org
	var out []string
	for _, c := range k.all(t, contact.Query{Limit: 200}) {
		out = append(out, fmt.Sprint(c.Number, c.First, c.Last, c.Email, c.Fields, len(c.Lists)))
	}
	sort.Strings(out)
	for _, search := range []string{"city", "city 3", "@example", "0037", "p1"} {
		out = append(out, fmt.Sprint(search, ": ", len(k.all(t, contact.Query{Search: search, Limit: 200}))))
	}
	lists, all, err := k.room.Lists(ctx, k.DB, k.ana, org)
	if err != nil || int(all) != len(out)-5 {
		t.Fatalf("%d counted, %d there: %v", all, len(out)-5, err)
	}
	for _, l := range lists {
		if n := len(k.all(t, contact.Query{List: l.ID, Limit: 200})); int64(n) != l.Contacts {
			t.Fatalf("%s counts %d, has %d", l.Name, l.Contacts, n)
		}
		if n := len(k.all(t, contact.Query{List: l.ID, Limit: 200, Sort: contact.Newest})); int64(n) != l.Contacts {
			t.Fatalf("%s counts %d, has %d by age", l.Name, l.Contacts, n)
		}
	}
	return strings.Join(out, "\n")
}

// Proves CL12: the database goes away under the worker again and again, at any moment; other processes go on, and in the
// end everything is there exactly once, as if nothing had happened. Two files are imported at once.
func TestImportSurvivesAnyEnd(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			address := url(t)
			clock := &store.Clock{}
			open := func() *store.DB {
				db, err := store.Open(ctx, store.Options{URL: address, Clock: clock})
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
			db := open()
			k := newKit(t, db, func(s *contact.Settings) { s.FreeReads = 1 << 40 })
			k.room.Small()
			orgs := []id.Organisation{k.org, k.organisation(t, k.ana, "Undisturbed")}
			var imports [2][2]contact.Import
			for _, i := range []int{1, 0} { // the undisturbed one first: a worker takes whatever there is
				org := orgs[i]
				k.org = org
				l, err := k.room.CreateList(ctx, db, k.ana, org, "All")
				if err != nil {
					t.Fatal(err)
				}
				k.create(t, contact.Form{Number: "+447700000037", First: "Was", Last: "Here", Email: "was@example.com"})
				for n := range imports[i] {
					imports[i][n] = k.upload(t, "people.csv", people(600, uint64(n)))
				}
				k.start(t, imports[i][0], func(m *contact.Mapping) { m.List = l.ID })
				if i == 1 {
					stop := k.work(t)
					k.done(t, imports[i][0].ID)
					k.start(t, imports[i][1], func(m *contact.Mapping) { m.Duplicates = contact.Overwrite })
					k.done(t, imports[i][1].ID)
					stop()
				}
			}
			k.org = orgs[0]
			state := func(n int) contact.ImportState {
				p, err := k.room.Progress(ctx, db, k.ana, orgs[0], imports[0][n].ID)
				if err != nil || p.State == contact.Broken {
					t.Fatal(err, p.Reason)
				}
				return p.State
			}
			ends := 0
			for ; state(1) != contact.Done; ends++ {
				if state(0) == contact.Done {
					k.start(t, imports[0][1], func(m *contact.Mapping) { m.Duplicates = contact.Overwrite })
				}
				c, cancel := context.WithCancel(ctx)
				other := open()
				room := contact.New(contact.Options{Ring: k.Ring, Log: k.Log, Post: k.Post, Settings: contact.Defaults()})
				room.Small()
				var run sync.WaitGroup
				run.Go(func() { room.Run(c, other) })
				for n := 1 + rand.Uint64N(60); state(0).Running() || state(1).Running(); time.Sleep(time.Millisecond) {
					if did, _ := other.Counts(); did >= n {
						break
					}
				}
				other.Close() // under it, as far as the worker can tell
				cancel()
				run.Wait()
				clock.Advance(time.Minute) // past the lease of the dead
				if ends > 2000 {
					t.Fatal("no end")
				}
			}
			t.Log("ended", ends, "times")
			for n, im := range imports[0] {
				a, b := k.report(t, im.ID), map[string]string{}
				k.org = orgs[1]
				b = k.report(t, imports[1][n].ID)
				k.org = orgs[0]
				if fmt.Sprint(a) != fmt.Sprint(b) {
					t.Errorf("import %d: the reports differ", n)
				}
			}
			a, b := k.everything(t, orgs[0]), k.everything(t, orgs[1])
			if a != b || len(a) == 0 {
				t.Errorf("what was interrupted differs from what was not: %d and %d octets", len(a), len(b))
			}
			var left int
			k.Write(t, func(tx *store.Tx) error {
				return tx.QueryRow(`SELECT COUNT(*) FROM contact_import_part WHERE kind <> 'verdict'`).Scan(&left)
			})
			if left != 0 {
				t.Errorf("%d pieces are left", left)
			}
			db.Close()
		})
	}
}

// Proves CL12, CL2: two files of the same people at once make each contact once, and the verdicts of both add up.
func TestTwoImportsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db, func(s *contact.Settings) { s.FreeReads = 1 << 40 })
		k.room.Small()
		a, b := k.upload(t, "a.csv", people(500, 7)), k.upload(t, "b.csv", people(500, 7))
		k.start(t, a)
		k.start(t, b)
		k.work(t)
		x, y := k.done(t, a.ID), k.done(t, b.ID)
		all := k.all(t, contact.Query{Limit: 200})
		if n := x.Counts[contact.VerdictImported] + y.Counts[contact.VerdictImported]; int64(len(all)) != n || n == 0 {
			t.Errorf("%d contacts, %v and %v", len(all), x.Counts, y.Counts)
		}
		if x.Counts[contact.VerdictInvalid] != y.Counts[contact.VerdictInvalid] {
			t.Errorf("%v and %v", x.Counts, y.Counts)
		}
	})
}

// Proves CL15, TD8-TD10, C47, B22, part 4 rows 5 and 6: a code for the request and another for the download, each used
// once and bound to exactly this; a colleague with the link gets nothing; the hash is the file's; the receipt is signed;
// every owner is told; a file that was taken out comes in again as it was, formulas and all.
func TestExport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db)
		k.room.Small()
		k.work(t)
		nasty := []string{"=1+1", "+1", "-1", "@x", "'=quoted", "''", "plain", `with "quotes", and comma`, "two\nlines", "\u202dx"[3:], "ünal", "=cmd|' /C calc'!A0"}
		for i := range 60 {
			k.create(t, contact.Form{Number: fmt.Sprintf("+4477009002%02d", i), First: nasty[i%len(nasty)], Last: fmt.Sprint(i), Fields: map[string]string{"City": nasty[(i+1)%len(nasty)]}})
		}
		fields := []contact.Column{contact.ColNumber, contact.ColFirst, contact.ColLast, contact.Field("City")}
		ask := func() (contact.Export, error) {
			return k.room.Ask(ctx, db, k.ana, k.org, contact.Filter{}, fields)
		}
		_, err := ask()
		k.give(t, k.ana, err)
		if _, err := k.room.Ask(ctx, db, k.ana, k.org, contact.Filter{}, fields[:1]); err == nil {
			t.Fatal("the code for some fields opened others")
		}
		more := k.create(t, contact.Form{Number: "+447700900999"})
		_, err = ask()
		is(t, err, "step_up_required") // one contact more than the code named
		if _, err := k.room.Delete(ctx, db, k.ana, k.org, more.ID); err != nil {
			t.Fatal(err)
		}
		x, err := ask()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ask(); err == nil {
			t.Fatal("one code, two exports")
		}
		for end := time.Now().Add(5 * time.Minute); x.State != contact.Ready; time.Sleep(5 * time.Millisecond) {
			if x, err = k.room.ExportOf(ctx, db, k.ana, k.org, x.ID); err != nil || time.Now().After(end) {
				t.Fatal(x, err)
			}
		}
		if x.Rows != 60 || !x.Downloadable || !k.room.Genuine(x.Receipt) || k.room.Genuine(strings.Replace(x.Receipt, "Rows: 60", "Rows: 6", 1)) || !strings.Contains(x.Receipt, x.SHA256) {
			t.Fatalf("%+v", x)
		}
		if m := k.Newest(t, "ana@example.com"); m.Kind != "contacts_exported" || !strings.Contains(strings.ReplaceAll(m.Text, " ", ""), x.SHA256[:16]) {
			t.Errorf("%+v", m)
		}
		bob := k.person(t, "bob")
		_, err = k.room.Download(ctx, db, bob, k.org, x.ID)
		is(t, err, "not_found")
		_, err = k.room.Download(ctx, db, k.ana, k.org, x.ID)
		k.give(t, k.ana, err)
		f, err := k.room.Download(ctx, db, k.ana, k.org, x.ID)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if n, err := f.WriteTo(&file); err != nil || n != f.Size || int64(file.Len()) != n {
			t.Fatal(n, f.Size, err)
		}
		if h := sha256.Sum256(file.Bytes()); hex.EncodeToString(h[:]) != x.SHA256 || f.SHA256 != x.SHA256 {
			t.Error("another hash")
		}
		_, err = k.room.Download(ctx, db, k.ana, k.org, x.ID)
		is(t, err, "step_up_required")
		before := k.everything(t, k.org)
		other := k.organisation(t, k.ana, "Copy")
		k.org = other
		im := k.upload(t, x.FileName, file.String())
		if fmt.Sprint(im.About.Guess.Columns) != "[number first_name last_name field:City ]" {
			t.Fatalf("%q", im.About.Guess.Columns)
		}
		k.start(t, im)
		k.done(t, im.ID)
		if after := k.everything(t, other); after != before {
			t.Errorf("came back as\n%s\nnot\n%s", after, before)
		}
		for _, line := range strings.Split(file.String(), "\n") {
			for i, c := range strings.Split(line, ",") {
				if i > 0 && c != "" && strings.ContainsRune("=+-@", rune(c[0])) {
					t.Errorf("a formula: %s", line)
				}
			}
		}
	})
}
