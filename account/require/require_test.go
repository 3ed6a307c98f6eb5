package require_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"watchword/account/profile"
	"watchword/account/require"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/wording"
	"watchword/organisation"
	kit "watchword/signin/signintest"
)

var ctx = context.Background()

// team is an organisation of the owner ana, who has a proved number, and the members bob and cyd, who have nothing.
type team struct {
	*kit.Kit
	ana, bob, cyd profile.Profile
	org           id.Organisation
}

func open(t *testing.T, db *store.DB) *team {
	t.Helper()
	k := kit.New(t, db)
	x := &team{Kit: k, ana: k.Person(t, "ana"), bob: k.Person(t, "bob"), cyd: k.Person(t, "cyd")}
	k.Number(t, x.ana, kit.Mobile)
	x.org = k.Organisation(t, x.ana, "Harbour", false, organisation.PolicyForm{TrustDays: 30})
	k.Member(t, x.org, x.bob, "")
	k.Member(t, x.org, x.cyd, "")
	return x
}

func (x *team) row(t *testing.T, p profile.Profile) require.Row {
	t.Helper()
	rows, err := x.Require.Readiness(ctx, x.DB, x.Proved(t, x.ana), x.org)
	if err != nil || len(rows) != 3 {
		t.Fatalf("%+v %v", rows, err)
	}
	for _, r := range rows {
		if r.Member.Profile == p.ID {
			return r
		}
	}
	t.Fatal("no row")
	return require.Row{}
}

func (x *team) required(t *testing.T) (p organisation.Policy) {
	t.Helper()
	x.Write(t, func(tx *store.Tx) (err error) { p, err = organisation.PolicyOf(tx, x.org); return err })
	return p
}

func (x *team) save(t *testing.T, f require.Form) error {
	t.Helper()
	return x.Require.Switch(ctx, x.DB, x.Proved(t, x.ana), x.org, f)
}

// field fails unless the mistake stands at the field.
func field(t *testing.T, err error, name, code string) {
	t.Helper()
	for _, f := range problem.As(err).Fields {
		if f.Name == name && f.Code == code {
			return
		}
	}
	t.Fatalf("want %s at %s, got %v", code, name, err)
}

// Proves LF15, decisions 25 and part 4 row 1: the list names who lacks a number; the window cannot be saved while one is
// missing or not valid, with every mistake at its row, and nothing is kept of a form that was refused; saved, everybody
// is told, the typed number gets a text without a code, and it is all in the audit log.
func TestSwitchingOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		if r := x.row(t, x.ana); !r.Ready || r.Number.State != require.Proved || r.Number.Masked != "07700 ••• 123" {
			t.Fatalf("%+v", r)
		}
		if r := x.row(t, x.bob); r.Ready || r.Why == "" || r.Method != organisation.BySMS || r.Number.State != require.Missing {
			t.Fatalf("%+v", r)
		}
		texts := x.Texts(t)
		bob, cyd := x.bob.ID, x.cyd.ID
		err := x.save(t, require.Form{Rows: map[id.Profile]require.Choice{bob: {Number: kit.Other}}})
		field(t, err, "number-"+string(cyd), "number_missing")
		err = x.save(t, require.Form{Rows: map[id.Profile]require.Choice{bob: {Number: "12"}, cyd: {Method: "pigeon"}}})
		field(t, err, "method-"+string(cyd), "method_unknown")
		if n := len(problem.As(err).Fields); n != 2 {
			t.Fatalf("%d mistakes: %v", n, err)
		}
		if x.required(t).Required || x.row(t, x.bob).Number.State != require.Missing || x.Texts(t) != texts {
			t.Fatal("a refused form left something behind")
		}
		good := require.Form{Rows: map[id.Profile]require.Choice{bob: {Number: "07700 900456"}, cyd: {Method: organisation.ByEmail}}}
		who := x.Proved(t, x.ana)
		other := who
		other.Session = "SEother"
		kit.Is(t, x.Require.Switch(ctx, db, other, x.org, good), "step_up_required")
		if err := x.save(t, good); err != nil {
			t.Fatal(err)
		}
		if !x.required(t).Required || x.Texts(t) != texts+1 {
			t.Fatalf("%+v, %d texts", x.required(t), x.Texts(t)-texts)
		}
		if r := x.row(t, x.bob); r.Number.State != require.Typed || r.Number.Masked != "07700 ••• 456" || r.Number.Text != "queued" || r.Ready {
			t.Fatalf("%+v", r)
		}
		if r := x.row(t, x.cyd); !r.Ready || r.Method != organisation.ByEmail {
			t.Fatalf("%+v", r)
		}
		for _, to := range []string{"ana@example.com", "bob@example.com", "cyd@example.com"} {
			if x.Kinds(t, to)[string(wording.TwoFactorRequired)] != 1 {
				t.Errorf("%s was not told: %v", to, x.Kinds(t, to))
			}
		}
		page, err := organisation.Audit(ctx, db, who, x.org, audit.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		kinds := ""
		for _, r := range page.Rows {
			kinds += " " + r.Kind
		}
		for _, kind := range []string{"organisation.two_factor_required", "member.number_suggested", "member.method_changed"} {
			if !strings.Contains(kinds, kind) {
				t.Errorf("the log lacks %s:%s", kind, kinds)
			}
		}
	})
}

// Proves LF4, LF15 and decisions 25: every owner needs a proved number, and nobody locks himself out; a number that is
// typed for an owner is not enough.
func TestOwnersFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		who := x.Proved(t, x.ana)
		x.Write(t, func(tx *store.Tx) error {
			return x.Organisations.SetRole(tx, who, x.org, x.bob.ID, organisation.Owner)
		})
		f := require.Form{Rows: map[id.Profile]require.Choice{x.bob.ID: {Number: kit.Other}, x.cyd.ID: {Method: organisation.ByEmail}}}
		field(t, x.save(t, f), "number-"+string(x.bob.ID), "number_not_proved")
		f.Rows[x.bob.ID] = require.Choice{Method: organisation.ByEmail}
		field(t, x.save(t, f), "method-"+string(x.bob.ID), "method_weak")
		f.Rows[x.bob.ID], f.Rows[x.ana.ID] = require.Choice{}, require.Choice{Method: organisation.ByPasskey}
		field(t, x.save(t, f), "method-"+string(x.ana.ID), "method_not_bound")
		f.Grace, f.Rows[x.ana.ID] = db.Clock().Now().Add(48*time.Hour), require.Choice{}
		field(t, x.save(t, f), "number-"+string(x.bob.ID), "number_not_proved")
		x.Number(t, x.bob, kit.Other)
		if err := x.save(t, f); err != nil {
			t.Fatal(err)
		}
	})
}

// Proves decisions 25: with a grace date numbers may be missing; the date lies ahead and within 90 days of switching on,
// and once everybody is bound nobody gets more time (LF18).
func TestGrace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		now := db.Clock().Now()
		field(t, x.save(t, require.Form{Grace: now.Add(-time.Hour)}), "grace", "grace_past")
		field(t, x.save(t, require.Form{Grace: now.Add(91 * 24 * time.Hour)}), "grace", "grace_far")
		if err := x.save(t, require.Form{Grace: now.Add(48 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
		if p := x.required(t); !p.Required || p.GraceUntil == 0 {
			t.Fatalf("%+v", p)
		}
		x.Later(24 * time.Hour)
		if err := x.save(t, require.Form{Grace: now.Add(89 * 24 * time.Hour)}); err != nil {
			t.Fatalf("more time while it runs: %v", err)
		}
		field(t, x.save(t, require.Form{Grace: now.Add(90*24*time.Hour + 12*time.Hour)}), "grace", "grace_far")
		x.Later(89 * 24 * time.Hour)
		field(t, x.save(t, require.Form{Grace: db.Clock().Now().Add(time.Hour)}), "grace", "grace_over")
	})
}

// Proves decisions 24, 25 and B13: a typed number is proved by its person after password and emailed code, without being
// typed again, and the suggestion is gone; the same number of two people is shown to owners with the names.
func TestTypedNumberIsProved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		f := require.Form{Rows: map[id.Profile]require.Choice{x.bob.ID: {Number: kit.Mobile}, x.cyd.ID: {Method: organisation.ByEmail}}}
		if err := x.save(t, f); err != nil {
			t.Fatal(err)
		}
		if r := x.row(t, x.bob); len(r.SharedWith) != 1 || r.SharedWith[0] != "ana" {
			t.Fatalf("%+v", r)
		}
		who := x.Actor(t, x.LogIn(t, "bob", kit.Browser()).Token)
		s, err := x.Entry.Look(ctx, db, who, x.org)
		if err != nil || s.Open || s.NumberMasked != "07700 ••• 123" {
			t.Fatalf("%+v %v", s, err)
		}
		n, no, err := x.Entry.ProveNumber(ctx, db, who, x.org)
		if err != nil || no != nil {
			t.Fatal(err, no)
		}
		kept, err := x.Change.EnterNumber(ctx, db, who, x.Code(t, &n.Challenge))
		if err != nil || len(kept.RecoveryCodes) == 0 {
			t.Fatalf("%+v %v", kept, err)
		}
		who = x.Actor(t, kept.Session.Token)
		if s, err = x.Entry.Look(ctx, db, who, x.org); err != nil || !s.Open || s.NumberMasked != "" {
			t.Fatalf("%+v %v", s, err)
		}
		if r := x.row(t, x.bob); !r.Ready || r.Number.State != require.Proved || len(r.SharedWith) != 1 {
			t.Fatalf("%+v", r)
		}
		if _, _, err := x.Entry.ProveNumber(ctx, db, who, x.org); !problem.Is(err, problem.KindNotFound) {
			t.Fatalf("a suggestion that was settled: %v", err)
		}
	})
}

// Proves LF15 and RP18: numbers in national spelling are read as those of the organisation's own country.
func TestNumbersOfTheOrganisationsCountry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		if _, err := x.Organisations.SetDetails(ctx, db, x.Proved(t, x.ana), x.org, organisation.Details{Name: "Harbour", Country: "AU"}); err != nil {
			t.Fatal(err)
		}
		rows := map[id.Profile]require.Choice{x.bob.ID: {Number: "0491 570 156"}, x.cyd.ID: {Number: kit.Other}}
		if err := x.save(t, require.Form{Rows: rows}); err != nil {
			t.Fatal(err)
		}
		for who, want := range map[id.Profile]string{x.bob.ID: "+61491570156", x.cyd.ID: kit.Other} {
			var n organisation.Suggested
			x.Write(t, func(tx *store.Tx) (err error) {
				n, _, err = organisation.SuggestedNumber(tx, x.Ring, x.org, who)
				return err
			})
			if n.Number.E164 != want || n.Masked != n.Number.Masked("AU") {
				t.Errorf("read as %+v", n)
			}
		}
	})
}

// Proves decisions 25: confirming texts count to the organisation, the country list and STOP; what is held is shown with
// its reason and never keeps the window from being saved.
func TestHeldTexts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		x.Require.Settings.Texts = 1
		x.Write(t, func(tx *store.Tx) error { return x.Guard.Stop(tx, kit.Other) })
		rows := map[id.Profile]require.Choice{x.bob.ID: {Number: kit.Other}, x.cyd.ID: {Number: "+447700900789"}}
		if err := x.save(t, require.Form{Rows: rows}); err != nil {
			t.Fatal(err)
		}
		if r := x.row(t, x.bob); r.Number.State != require.Typed || r.Number.Text != "held" || r.Number.Held != "number_stopped" {
			t.Fatalf("%+v", r)
		}
		if r := x.row(t, x.cyd); r.Number.Text != "queued" { // what is held counts nowhere
			t.Fatalf("%+v", r)
		}
	})
}

// Proves LF15, LF19, OU17 and C48: only owners see the list and save the window, and strangers learn nothing.
func TestOnlyOwners(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		for who, code := range map[access.Kind]string{"member": "owner_only", "stranger": "not_found", "nobody": "signed_out"} {
			a := access.Visitor(kit.Here)
			switch who {
			case "member":
				a = x.Proved(t, x.bob)
			case "stranger":
				a = x.Proved(t, x.Person(t, "eve"))
			}
			_, err := x.Require.Readiness(ctx, db, a, x.org)
			kit.Is(t, err, code)
			kit.Is(t, x.Require.Switch(ctx, db, a, x.org, require.Form{}), code)
		}
	})
}

// Proves LF15 and decisions 25: the window proposes SMS for everybody, also for a member of whom email is accepted, who
// therefore lacks a number; choosing email in that row is enough.
func TestProposesSMS(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		dan := x.Person(t, "dan")
		other := x.Organisation(t, x.ana, "Quay", false, organisation.PolicyForm{TrustDays: 30})
		x.Member(t, other, dan, organisation.ByEmail)
		rows, err := x.Require.Readiness(ctx, db, x.Proved(t, x.ana), other)
		if err != nil || len(rows) != 2 {
			t.Fatalf("%+v %v", rows, err)
		}
		for _, r := range rows {
			if r.Member.Profile == dan.ID && (r.Method != organisation.BySMS || r.Ready) {
				t.Fatalf("%+v", r)
			}
		}
		form := require.Form{Rows: map[id.Profile]require.Choice{dan.ID: {Method: organisation.BySMS}}}
		field(t, x.Require.Switch(ctx, db, x.Proved(t, x.ana), other, form), "number-"+string(dan.ID), "number_missing")
		form.Rows[dan.ID] = require.Choice{Method: organisation.ByEmail}
		if err := x.Require.Switch(ctx, db, x.Proved(t, x.ana), other, form); err != nil {
			t.Fatal(err)
		}
	})
}

// Proves decisions 25: a confirming text that was held leaves by itself when its limit allows, once, however many servers
// look at the same time; one that is still refused waits on, and one whose number was proved or replaced is forgotten.
func TestHeldTextsLeaveByThemselves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		x.Require.Settings.Texts = 1
		const third = "+447700900789"
		x.Write(t, func(tx *store.Tx) error { return x.Guard.Stop(tx, kit.Other) })
		before := x.Texts(t)
		rows := map[id.Profile]require.Choice{x.bob.ID: {Number: kit.Other}, x.cyd.ID: {Number: third}}
		if err := x.save(t, require.Form{Rows: rows}); err != nil {
			t.Fatal(err)
		}
		dan := x.Person(t, "dan")
		x.Member(t, x.org, dan, organisation.BySMS)
		rows[dan.ID] = require.Choice{Number: "+447700900321"}
		if err := x.save(t, require.Form{Rows: rows}); err != nil {
			t.Fatal(err)
		}
		states := func(want ...string) {
			t.Helper()
			list, err := x.Require.Readiness(ctx, db, x.Proved(t, x.ana), x.org)
			if err != nil {
				t.Fatal(err)
			}
			got := map[id.Profile]string{}
			for _, r := range list {
				if got[r.Member.Profile] = r.Number.Text + " " + r.Number.Held; r.Number.Text == "held" && r.Number.Next <= db.Now() {
					t.Errorf("%s is held and not tried again later", r.Member.Called())
				}
			}
			for i, p := range []id.Profile{x.bob.ID, x.cyd.ID, dan.ID} {
				if got[p] != want[i] {
					t.Errorf("number %d: %q, want %q", i, got[p], want[i])
				}
			}
		}
		held := func() {
			t.Helper()
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					if err := x.Require.Held(ctx, db); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		}
		held() // too early
		states("held organisation_limit", "queued ", "held organisation_limit")
		x.Later(25 * time.Hour)
		held()
		states("held number_stopped", "queued ", "queued ")
		if n := x.Texts(t) - before; n != 2 {
			t.Fatalf("%d texts", n)
		}
		x.Write(t, func(tx *store.Tx) error { return x.Guard.Start(tx, kit.Other) })
		x.Later(25 * time.Hour)
		held()
		states("queued ", "queued ", "queued ")
		held()
		if n := x.Texts(t) - before; n != 3 {
			t.Fatalf("%d texts", n)
		}
	})
}

// Proves decisions 25 and 28: what is held is not sent to whom it no longer concerns, nor while the organisation is
// suspended.
func TestHeldTextsThatAreNotWanted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		x.Require.Settings.Texts = 1
		rows := map[id.Profile]require.Choice{x.bob.ID: {Number: kit.Other}, x.cyd.ID: {Number: "+447700900789"}}
		if err := x.save(t, require.Form{Rows: rows}); err != nil {
			t.Fatal(err)
		}
		later := func(want int) {
			t.Helper()
			before := x.Texts(t)
			x.Later(25 * time.Hour)
			if err := x.Require.Held(ctx, db); err != nil || x.Texts(t)-before != want {
				t.Fatalf("%d texts, want %d: %v", x.Texts(t)-before, want, err)
			}
		}
		suspend := func(at int64) {
			x.Write(t, func(tx *store.Tx) error {
				_, err := tx.Exec(`UPDATE organisation SET suspended_at = $1 WHERE organisation_id = $2`, at, x.org)
				return err
			})
		}
		suspend(1)
		later(0)
		suspend(0)
		off := func(required bool) {
			x.Write(t, func(tx *store.Tx) error {
				return x.Organisations.SetRequired(tx, access.System("test"), x.org, required, 0)
			})
		}
		off(false)
		later(0)
		off(true)
		later(0)
		for _, p := range []id.Profile{x.bob.ID, x.cyd.ID} {
			x.Write(t, func(tx *store.Tx) error { return x.Organisations.SuggestNumber(tx, x.org, p, nil, "", "") })
		}
		later(0)
	})
}

// Proves LF16, LF5 and C23: of somebody who joined after two-factor was required the list says what the door does. Where
// the floor is email, the confirmed address makes them ready, and the list calls it weak; an authenticator app makes it
// strong; a typed number, a method chosen or a higher floor makes them not ready, and the door asks for more. Saving the
// window again changes nothing of that.
func TestTheListSaysWhatTheDoorDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := open(t, db)
		f := require.Form{Rows: map[id.Profile]require.Choice{x.bob.ID: {Method: organisation.ByEmail}, x.cyd.ID: {Method: organisation.ByEmail}}}
		if err := x.save(t, f); err != nil {
			t.Fatal(err)
		}
		dan := x.Person(t, "dan")
		x.Member(t, x.org, dan, "")
		agree := func(name string, p profile.Profile, ready, weak bool) {
			t.Helper()
			rows, err := x.Require.Readiness(ctx, db, x.Proved(t, x.ana), x.org)
			if err != nil {
				t.Fatal(err)
			}
			var r require.Row
			for _, y := range rows {
				if y.Member.Profile == p.ID {
					r = y
				}
			}
			if r.Ready != ready || r.Weak != weak || ready != (r.Why == "") {
				t.Errorf("%s: the list says %+v", name, r)
			}
			s, err := x.Entry.Look(ctx, db, x.Actor(t, x.LogIn(t, p.Username, kit.Browser()).Token), x.org)
			if err != nil || s.Open != ready {
				t.Errorf("%s: the list says ready %v, the door %v %v", name, ready, s.Open, err)
			}
			x.Later(10 * time.Minute) // the cool-downs of codes
		}
		agree("the floor is email", dan, true, true)
		agree("email was chosen", x.bob, true, true)
		if err := x.save(t, require.Form{}); err != nil {
			t.Fatal(err)
		}
		agree("saved again", dan, true, true)
		eve := x.Person(t, "eve")
		x.Member(t, x.org, eve, "")
		n, err := phone.Parse(kit.Other, "")
		if err != nil {
			t.Fatal(err)
		}
		x.Write(t, func(tx *store.Tx) error {
			return x.Organisations.SuggestNumber(tx, x.org, eve.ID, organisation.SealNumber(x.Ring, x.org, eve.ID, n), n.Masked("GB"), "")
		})
		agree("a number was typed", eve, false, false)
		x.Ask(t, x.ana, x.org, organisation.PolicyForm{TrustDays: 30, FloorMember: organisation.BySMS, FloorOwner: organisation.BySMS})
		agree("the floor is SMS", dan, false, false)
	})
}
