package contact_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"testing"

	"watchword/account/accounttest"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/messaging/contact"
	"watchword/organisation"
)

var ctx = context.Background()

// kit is an organisation with an owner, and the room.
type kit struct {
	*accounttest.Kit
	orgs *organisation.Rooms
	room *contact.Room
	org  id.Organisation
	ana  access.Actor
}

func newKit(t testing.TB, db *store.DB, change ...func(*contact.Settings)) *kit {
	t.Helper()
	k := &kit{Kit: accounttest.New(t, db)}
	k.orgs = &organisation.Rooms{Log: k.Log}
	s := contact.Defaults()
	for _, f := range change {
		f(&s)
	}
	k.room = contact.New(contact.Options{Ring: k.Ring, Log: k.Log, Post: k.Post, Product: "Watchword", Settings: s, Faults: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	k.ana = k.person(t, "ana")
	k.org = k.organisation(t, k.ana, "Harbour")
	return k
}

func (k *kit) person(t testing.TB, name string) access.Actor {
	p := k.Person(t, name)
	return access.Actor{Kind: access.KindPerson, Profile: p.ID, Name: name, Session: id.Session("SE" + name), Methods: []string{"password", "sms"},
		Origin: access.Origin{Address: netip.MustParseAddr("192.0.2.7"), Device: "Firefox on Windows"}}
}

func (k *kit) organisation(t testing.TB, who access.Actor, name string) id.Organisation {
	o, err := k.orgs.Create(ctx, k.DB, who, organisation.Form{Name: name})
	if problem.HasCode(err, "email_not_confirmed") || err != nil {
		t.Fatal(err)
	}
	return o.ID
}

func (k *kit) create(t testing.TB, f contact.Form) contact.Contact {
	t.Helper()
	c, err := k.room.Create(ctx, k.DB, k.ana, k.org, f)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// all reads every page of a query forwards, and checks that going back gives the same.
func (k *kit) all(t testing.TB, q contact.Query) (out []contact.Contact) {
	t.Helper()
	var pages [][]contact.Contact
	var p contact.Page
	for first := true; first || p.After != ""; first = false {
		var err error
		q.After = p.After
		if p, err = k.room.Page(ctx, k.DB, k.ana, k.org, q); err != nil {
			t.Fatal(err)
		}
		out = append(out, p.Contacts...)
		pages = append(pages, p.Contacts)
		if len(pages) > 10000 {
			t.Fatal("no end")
		}
	}
	for i := len(pages) - 2; i >= 0 && q.Search == ""; i-- {
		q.After, q.Before = "", p.Before
		var err error
		if p, err = k.room.Page(ctx, k.DB, k.ana, k.org, q); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(names(p.Contacts)) != fmt.Sprint(names(pages[i])) {
			t.Fatalf("page %d backwards: %v, forwards %v", i, names(p.Contacts), names(pages[i]))
		}
	}
	return out
}

func names(list []contact.Contact) (out []string) {
	for _, c := range list {
		out = append(out, c.Name()+" "+c.Number)
	}
	return out
}

// give leaves the grant that a step-up would leave.
func (k *kit) give(t testing.TB, who access.Actor, err error) {
	t.Helper()
	p := problem.As(err)
	if p == nil || p.Kind != problem.KindNeedsCode || p.Action != "contacts_export" {
		t.Fatalf("no code was asked for: %v", err)
	}
	k.Write(t, func(tx *store.Tx) error { return grant.GiveOnce(tx, who.Session, p.Action, p.Digest, 600e9) })
}

func is(t testing.TB, err error, code string) {
	t.Helper()
	if !problem.HasCode(err, code) {
		t.Fatalf("want %s, got %v", code, err)
	}
}

// TestMain keeps the property tests short: each step is several commits. -rapid.checks and -rapid.steps make them longer.
func TestMain(m *testing.M) {
	flag.Parse()
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range map[string]string{"rapid.checks": "4", "rapid.steps": "25"} {
		if !given[name] {
			flag.Set(name, value)
		}
	}
	os.Exit(m.Run())
}
