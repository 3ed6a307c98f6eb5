package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/messaging/contact"
	"watchword/organisation"
)

// Goals of contacts.
const (
	goalImport       = 50_000.0  // rows a second, from the first octet of the file to the last name findable
	goalImportMemory = 100.0     // MB, the most of the whole process meanwhile
	goalExport       = 272_000.0 // rows a second, from the request to the last octet of the download
	goalPage         = 2.0       // ms
	goalSearch       = 20.0      // ms
	goalTurn         = 5.0       // ms, the longest operation that others have to wait for
)

// contacts measures import, export, pages and searches at growing sizes, on SQLite and, where its address is given in
// WATCHWORD_TEST_POSTGRES, on PostgreSQL.
func (b *bench) contacts() error {
	engines := []string{"SQLite"}
	if os.Getenv("WATCHWORD_TEST_POSTGRES") != "" {
		engines = append(engines, "PostgreSQL")
	}
	for _, e := range engines {
		for _, n := range []int{10_000, 100_000, 1_000_000} {
			if b.quick && n > 100_000 {
				continue
			}
			b.say(fmt.Sprintf("%d contacts on %s", n, e))
			if err := b.contactsAt(e, n); err != nil {
				return fmt.Errorf("%d on %s: %w", n, e, err)
			}
		}
	}
	if len(engines) == 1 {
		b.report.fact("contacts on PostgreSQL", "not measured: WATCHWORD_TEST_POSTGRES is not set (scripts/test-postgres)")
	}
	return nil
}

// shop is an organisation with contacts.
type shop struct {
	b    *bench
	db   *store.DB
	room *contact.Room
	org  id.Organisation
	who  access.Actor
	end  func()
}

func (b *bench) shop(engine string, n int) (*shop, error) {
	dir, err := b.folder(fmt.Sprintf("contacts-%s-%d", engine, n))
	if err != nil {
		return nil, err
	}
	address, drop := "sqlite:"+filepath.Join(dir, "watchword.db"), func() { os.RemoveAll(dir) }
	if engine != "SQLite" {
		if address, drop, err = schema(b.ctx, os.Getenv("WATCHWORD_TEST_POSTGRES")); err != nil {
			return nil, err
		}
	}
	s := &shop{b: b}
	if s.db, err = store.Open(b.ctx, store.Options{URL: address}); err != nil {
		return nil, err
	}
	ring := secret.NewRing()
	log := &audit.Log{Ring: ring}
	set := contact.Defaults()
	set.FreeReads = 1 << 40 // the count is kept as ever, only its end is far away
	s.room = contact.New(contact.Options{Ring: ring, Log: log, Product: "Watchword", Settings: set})
	var p profile.Profile
	err = s.db.Write(b.ctx, func(tx *store.Tx) (err error) {
		p, err = profile.Create(tx, profile.New{Username: "owner", Email: "owner@example.com", Language: "en", Zone: "UTC"})
		return err
	})
	if err != nil {
		return nil, err
	}
	s.who = access.Actor{Kind: access.KindPerson, Profile: p.ID, Name: "owner", Session: "SEbench", Methods: []string{"password", "sms"}}
	o, err := (&organisation.Rooms{Log: log}).Create(b.ctx, s.db, s.who, organisation.Form{Name: "Bench"})
	if err != nil {
		return nil, err
	}
	s.org = o.ID
	ctx, cancel := context.WithCancel(b.ctx)
	ended := make(chan struct{})
	go func() { s.room.Run(ctx, s.db); close(ended) }()
	s.end = func() { cancel(); <-ended; s.db.Close(); drop() }
	return s, nil
}

// file streams a CSV of n people in no order, as a sender's list is: every twentieth number in the national way, one in
// two hundred doubled, one in two hundred wrong.
func file(n int) (string, io.Reader) {
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriterSize(w, 64<<10)
		b.WriteString("Mobile,First name,Last name,Email,City\n")
		var x []byte
		for i := range n {
			x = personLine(x[:0], i, n)
			if _, err := b.Write(x); err != nil {
				return
			}
		}
		b.Flush()
		w.Close()
	}()
	return "people.csv", r
}

var firstNames = strings.Fields("Ana Bruno Chloe Dora Emil Faye Gustav Hanna Igor Julia Karim Lena Maria Nils Olga Paul Quentin Rosa Stefan Tanja Uwe Vera Walter Xenia Yusuf Zoe")

// scatter gives each row a number of its own, in no order: multiplication by an odd number permutes 2^27.
func scatter(i int) int { return i * 94_906_249 & (1<<27 - 1) }

func personLine(b []byte, i, n int) []byte {
	k := scatter(i)
	switch {
	case i%200 == 7:
		k = scatter(i - 7)
	case i%200 == 11:
		return append(b, "12345,Wrong,Number,,Nowhere\n"...)
	}
	national := fmt.Sprintf("7%09d", 300_000_000+k)
	if i%20 == 3 {
		b = append(append(append(append(b, '0'), national[:4]...), ' '), national[4:]...)
	} else {
		b = append(append(b, "+44"...), national...)
	}
	b = append(append(b, ','), firstNames[k%len(firstNames)]...)
	b = append(b, ",Surname"...)
	b = strconv.AppendInt(b, int64(k%50_021), 36)
	b = append(b, ",person"...)
	b = strconv.AppendInt(b, int64(i), 10)
	b = append(b, "@example.com,City "...)
	b = strconv.AppendInt(b, int64(k%97), 10)
	return append(b, '\n')
}

func (b *bench) contactsAt(engine string, n int) error {
	s, err := b.shop(engine, n)
	if err != nil {
		return err
	}
	defer s.end()
	b.report.section(fmt.Sprintf("Contacts, %d on %s", n, engine))
	if err := s.imported(n); err != nil {
		return err
	}
	if err := s.pages(n); err != nil {
		return err
	}
	return s.exported()
}

func (s *shop) imported(n int) error {
	r := &s.b.report
	forgetOwnPeak()
	stop, slowest := make(chan struct{}), make(chan time.Duration, 1)
	go func() { slowest <- s.beside(stop) }()
	began := time.Now()
	name, f := file(n)
	im, err := s.room.Upload(s.b.ctx, s.db, s.who, s.org, name, f)
	if err != nil {
		return err
	}
	received := time.Since(began)
	m := im.About.Guess
	m.Consent, m.Country = true, "GB"
	if _, err := s.room.Start(s.b.ctx, s.db, s.who, s.org, im.ID, m); err != nil {
		return err
	}
	for im.State != contact.Done {
		if err := s.b.wait(10 * time.Millisecond); err != nil {
			return err
		}
		if im, err = s.room.Progress(s.b.ctx, s.db, s.who, s.org, im.ID); err != nil {
			return err
		}
		if im.State == contact.Broken {
			return errors.New(im.Reason)
		}
	}
	took := time.Since(began)
	close(stop)
	if im.Handled != int64(n) {
		return fmt.Errorf("%d verdicts of %d rows", im.Handled, n)
	}
	r.least("import, rows a second", "%.0f", float64(n)/took.Seconds(), goalImport)
	r.fact("  of which receiving the file took", "%.2f of %.2f s", received.Seconds(), took.Seconds())
	r.fact("  verdicts", "%d imported, %d skipped, %d invalid", im.Counts[contact.VerdictImported], im.Counts[contact.VerdictSkipped], im.Counts[contact.VerdictInvalid])
	r.most("  most memory of the process meanwhile", "%.0f MB", ownPeak(), goalImportMemory)
	r.fact("  a small write beside it, p99 (with its own commit)", "%.1f ms", ms(<-slowest))
	return nil
}

// beside writes something small all the time, as people do, and gives the time that one in a hundred exceeds.
func (s *shop) beside(stop chan struct{}) time.Duration {
	var all spread
	for !closed(stop) {
		began := time.Now()
		if err := s.db.Ping(s.b.ctx); err != nil {
			break
		}
		all = append(all, time.Since(began))
		if s.b.wait(20*time.Millisecond) != nil {
			break
		}
	}
	return time.Duration(all.at(0.99) * 1e6)
}

// pages reads pages and searches, each through the door, as a request does.
func (s *shop) pages(n int) error {
	times := sized(s.b, 300, 100)
	rng := rand.New(rand.NewPCG(1, 2))
	var deep []string
	q := contact.Query{Limit: contact.MaxPage}
	for range 40 { // marks at some depth, as somebody who pages on has them
		p, err := s.room.Page(s.b.ctx, s.db, s.who, s.org, q)
		if err != nil {
			return err
		}
		if p.After == "" {
			break
		}
		deep, q.After = append(deep, p.After), p.After
	}
	surname := func() string { return "Surname" + strconv.FormatInt(int64(scatter(rng.IntN(n))%50_021), 36) }
	for _, x := range []struct {
		name string
		goal float64
		q    func() contact.Query
	}{
		{"first page by name", goalPage, func() contact.Query { return contact.Query{} }},
		{"page at any depth, by name", goalPage, func() contact.Query { return contact.Query{After: deep[rng.IntN(len(deep))]} }},
		{"page at any depth, by number", goalPage, func() contact.Query {
			return contact.Query{Sort: contact.ByNumber, After: mark(fmt.Sprintf("+447%09d", 300_000_000+rng.IntN(1<<27)))}
		}},
		{"page at any depth, newest first", goalPage, func() contact.Query {
			return contact.Query{Sort: contact.Newest, After: mark(strconv.Itoa(1 + rng.IntN(n)))}
		}},
		{"search by number", goalPage, func() contact.Query {
			return contact.Query{Search: fmt.Sprintf("+447%09d", 300_000_000+scatter(rng.IntN(n)))}
		}},
		{"search by address", goalPage, func() contact.Query {
			return contact.Query{Search: fmt.Sprintf("person%d@example.com", rng.IntN(n))}
		}},
		{"search by first name", goalSearch, func() contact.Query { return contact.Query{Search: firstNames[rng.IntN(len(firstNames))][:3]} }},
		{"search by surname", goalSearch, func() contact.Query { return contact.Query{Search: surname()} }},
		{"search by both names", goalSearch, func() contact.Query {
			return contact.Query{Search: firstNames[rng.IntN(len(firstNames))] + " " + surname()}
		}},
		{"search without result", goalSearch, func() contact.Query { return contact.Query{Search: "zzz"} }},
	} {
		if len(deep) == 0 {
			deep = []string{""}
		}
		var all spread
		found := 0
		for range times {
			began := time.Now()
			p, err := s.room.Page(s.b.ctx, s.db, s.who, s.org, x.q())
			if err != nil {
				return fmt.Errorf("%s: %w", x.name, err)
			}
			all = append(all, time.Since(began))
			found += len(p.Contacts)
		}
		s.b.report.most(x.name+", p50", "%.2f ms", all.at(0.5), x.goal)
		s.b.report.fact("  p99, and rows shown on average", "%.2f ms, %.1f", all.at(0.99), float64(found)/float64(times))
	}
	return nil
}

// exported takes everything out, with the proofs that a person gives in between.
func (s *shop) exported() error {
	r := &s.b.report
	forgetOwnPeak()
	before := ownNow()
	fields := []contact.Column{contact.ColNumber, contact.ColFirst, contact.ColLast, contact.ColEmail, contact.Field("City")}
	began := time.Now()
	if _, err := s.room.Ask(s.b.ctx, s.db, s.who, s.org, contact.Filter{}, fields); s.prove(err) != nil {
		return err
	}
	x, err := s.room.Ask(s.b.ctx, s.db, s.who, s.org, contact.Filter{}, fields)
	if err != nil {
		return err
	}
	for x.State != contact.Ready {
		if err := s.b.wait(time.Millisecond); err != nil {
			return err
		}
		if x, err = s.room.ExportOf(s.b.ctx, s.db, s.who, s.org, x.ID); err != nil {
			return err
		}
	}
	written := time.Since(began)
	if _, err := s.room.Download(s.b.ctx, s.db, s.who, s.org, x.ID); s.prove(err) != nil {
		return err
	}
	f, err := s.room.Download(s.b.ctx, s.db, s.who, s.org, x.ID)
	if err != nil {
		return err
	}
	size, err := f.WriteTo(io.Discard)
	if err != nil {
		return err
	}
	took := time.Since(began)
	r.least("export, rows a second (request, file, download)", "%.0f", float64(x.Rows)/took.Seconds(), goalExport)
	r.fact("  of which writing the file took; its size", "%.2f of %.2f s; %.1f MB", written.Seconds(), took.Seconds(), float64(size)/1e6)
	r.fact("  memory before, and the most meanwhile", "%.0f and %.0f MB", before, ownPeak())
	return nil
}

// prove leaves what a step-up would.
func (s *shop) prove(err error) error {
	p := problem.As(err)
	if p == nil || p.Kind != problem.KindNeedsCode {
		return fmt.Errorf("no code was asked for: %w", err)
	}
	return s.db.Write(s.b.ctx, func(tx *store.Tx) error { return grant.GiveOnce(tx, s.who.Session, p.Action, p.Digest, time.Minute) })
}
