package organisation_test

import (
	"context"
	"encoding/csv"
	"strings"
	"sync"
	"testing"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/organisation"
)

var ctx = context.Background()

func person(t testing.TB, db *store.DB, name string) access.Actor {
	t.Helper()
	var p profile.Profile
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		p, err = profile.Create(tx, profile.New{Username: name, Email: name + "@example.com", Language: "en", Zone: "UTC"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return access.Actor{Kind: access.KindPerson, Profile: p.ID, Name: name, Session: "SE" + id.Session(name)}
}

func rooms() *organisation.Rooms {
	return &organisation.Rooms{Log: &audit.Log{Ring: secret.NewRing()}}
}

func enter(db *store.DB, who access.Actor, org id.Organisation) error {
	return db.Read(ctx, func(tx *store.Tx) error { _, err := organisation.Enter(tx, org, who, organisation.Anybody); return err })
}

// Proves OU1, OU2, OU12 and OU17: whoever makes an organisation owns it, may make several, and nobody else can see,
// rename or audit it: the answer is the same as for an id that does not exist.
func TestCreateAndIsolation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := rooms()
		ana, bob := person(t, db, "ana"), person(t, db, "bob")
		one, err := r.Create(ctx, db, ana, organisation.Form{Name: "  Harbour   Café "})
		if err != nil || one.Name != "Harbour Café" {
			t.Fatalf("%+v %v", one, err)
		}
		if _, err := r.Create(ctx, db, ana, organisation.Form{Name: "Second"}); err != nil {
			t.Fatal(err)
		}
		mine, err := organisation.Mine(ctx, db, ana)
		if err != nil || len(mine) != 2 || mine[0].ID != one.ID || mine[0].Role != organisation.Owner {
			t.Fatalf("%+v %v", mine, err)
		}
		if his, err := organisation.Mine(ctx, db, bob); err != nil || len(his) != 0 {
			t.Fatalf("bob sees %+v %v", his, err)
		}
		for what, f := range map[string]func(who access.Actor, o id.Organisation) error{
			"enter": func(w access.Actor, o id.Organisation) error { return enter(db, w, o) },
			"members": func(w access.Actor, o id.Organisation) error {
				_, err := organisation.Members(ctx, db, w, o)
				return err
			},
			"audit": func(w access.Actor, o id.Organisation) error {
				_, err := organisation.Audit(ctx, db, w, o, audit.Filter{})
				return err
			},
			"export": func(w access.Actor, o id.Organisation) error {
				return r.ExportAudit(ctx, db, w, o, audit.Filter{}, &strings.Builder{})
			},
			"policy": func(w access.Actor, o id.Organisation) error {
				_, err := organisation.GetPolicy(ctx, db, w, o)
				return err
			},
			"rename": func(w access.Actor, o id.Organisation) error {
				_, err := r.SetDetails(ctx, db, w, o, organisation.Details{Name: "Mine now"})
				return err
			},
		} {
			foreign, none := f(bob, one.ID), f(bob, "AC0190a0a0a0a0a0a0a0a0a0a0a0a0a0a0")
			if !problem.Is(foreign, problem.KindNotFound) || foreign.Error() != none.Error() {
				t.Errorf("%s: foreign %v, unknown %v", what, foreign, none)
			}
			if err := f(access.Visitor(access.Origin{}), one.ID); !problem.Is(err, problem.KindSignedOut) {
				t.Errorf("%s by nobody: %v", what, err)
			}
			if err := f(ana, one.ID); err != nil {
				t.Errorf("%s by the owner: %v", what, err)
			}
		}
		if d, err := organisation.GetDetails(ctx, db, ana, one.ID); err != nil || d.Name != "Mine now" {
			t.Fatalf("renamed to %q, %v", d.Name, err)
		}
	})
}

// Proves OU1 under double clicks (B15): fifty posts of one form make one organisation with one owner.
func TestOneFormOneOrganisation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ana, bob := rooms(), person(t, db, "ana"), person(t, db, "bob")
		form := organisation.Form{ID: organisation.NewID(db), Name: "Once"}
		var wg sync.WaitGroup
		for range 50 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				if o, err := r.Create(ctx, db, ana, form); err != nil || o.ID != form.ID {
					t.Errorf("%+v %v", o, err)
				}
			}()
		}
		wg.Wait()
		if mine, err := organisation.Mine(ctx, db, ana); err != nil || len(mine) != 1 {
			t.Fatalf("%d organisations, %v", len(mine), err)
		}
		if _, err := r.Create(ctx, db, bob, form); !problem.Is(err, problem.KindConflict) {
			t.Fatalf("another person with the same form: %v", err)
		}
		if o, err := r.Create(ctx, db, bob, organisation.Form{ID: id.System, Name: "System"}); err != nil || o.ID == id.System {
			t.Fatalf("the reserved organisation: %+v %v", o, err)
		}
	})
}

// Proves OU1 for bad input: each gets a field error and nothing is stored.
func TestNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ana := rooms(), person(t, db, "ana")
		for name, code := range map[string]string{"": "name_missing", " \t\n": "name_missing", "a\x00b": "name_characters", "\xff": "name_not_text",
			"abc\u202Edef": "name_characters", strings.Repeat("x", 201): "name_too_long", strings.Repeat("x", 1<<20): "name_too_long"} {
			if _, err := r.Create(ctx, db, ana, organisation.Form{Name: name}); !problem.HasCode(err, code) {
				t.Errorf("%.10q: %v", name, err)
			}
		}
		if _, err := r.Create(ctx, db, ana, organisation.Form{Name: "😀 مقهى " + strings.Repeat("ü", 190)}); err != nil {
			t.Error(err)
		}
	})
}

// Proves OU18: the owner reads who did what, filtered and paged, and exports it as CSV; the export is itself a line;
// formulas are defused.
func TestAuditPageAndExport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ana := rooms(), person(t, db, "ana")
		ana.Name = "=ana"
		o, err := r.Create(ctx, db, ana, organisation.Form{Name: "One"})
		if err != nil {
			t.Fatal(err)
		}
		for range organisation.AuditPage {
			db.Write(ctx, func(tx *store.Tx) error {
				return r.Log.Record(tx, ana, audit.Event{Kind: "login.completed"}, string(o.ID))
			})
		}
		p, err := organisation.Audit(ctx, db, ana, o.ID, audit.Filter{})
		if err != nil || len(p.Rows) != organisation.AuditPage || p.Next == 0 {
			t.Fatalf("%d rows, next %d, %v", len(p.Rows), p.Next, err)
		}
		p, err = organisation.Audit(ctx, db, ana, o.ID, audit.Filter{Before: p.Next})
		if err != nil || len(p.Rows) != 1 || p.Rows[0].Kind != "organisation.created" || p.Next != 0 {
			t.Fatalf("second page %+v %v", p, err)
		}
		var b strings.Builder
		if err := r.ExportAudit(ctx, db, ana, o.ID, audit.Filter{Kind: "organisation"}, &b); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(lines) != 2 || lines[1][5] != "'=ana" {
			t.Fatalf("%v %v", lines, err)
		}
		p, err = organisation.Audit(ctx, db, ana, o.ID, audit.Filter{Kind: "audit.exported"})
		if err != nil || len(p.Rows) != 1 {
			t.Fatalf("%+v %v", p, err)
		}
	})
}

// Proves RP17 and OU2 in parallel (B15): a sole owner is named as such, and leaving takes every membership.
func TestSoleOwnerAndLeaving(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ana := rooms(), person(t, db, "ana")
		o, err := r.Create(ctx, db, ana, organisation.Form{Name: "One"})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Write(ctx, func(tx *store.Tx) error {
			sole, err := organisation.SoleOwner(tx, ana.Profile)
			if err != nil || len(sole) != 1 || sole[0].ID != o.ID {
				t.Errorf("%+v %v", sole, err)
			}
			return r.LeaveAll(tx, ana, ana.Profile)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := enter(db, ana, o.ID); !problem.Is(err, problem.KindNotFound) {
			t.Fatal(err)
		}
	})
}
