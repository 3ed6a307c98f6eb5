package entry_test

import (
	"context"
	"testing"
	"time"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/signin/entry"
	"watchword/signin/proof"
	kit "watchword/signin/signintest"
	"watchword/signin/stepup"
)

var ctx = context.Background()

// Proves OU12, C45 and the story of many organisations: switching into a stricter organisation asks for what is missing,
// offers only what it accepts, and the proof opens it for this session.
func TestProvingAtTheDoor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		owner, p := k.Person(t, "owner"), k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		m := k.LogIn(t, "ana", kit.Browser())
		app := k.TOTP(t, p)
		k.Later(60e9)
		strict := k.Organisation(t, owner, "Strict", true, organisation.PolicyForm{TrustDays: 30, FloorMember: organisation.ByTOTP, FloorOwner: organisation.ByTOTP})
		k.Member(t, strict, p, "")
		who := k.Actor(t, m.Token)
		err := k.Sessions.Switch(ctx, db, who, strict)
		kit.Is(t, err, "organisation_needs_proof")
		if problem.As(err).Digest != string(strict) {
			t.Fatalf("the door is not named: %v", err)
		}
		s, err := k.Entry.Look(ctx, db, who, strict)
		if err != nil || s.Open || !s.NetworkOK || len(s.CanProve) != 1 || s.CanProve[0].Way != proof.TOTP || len(s.MustBind) != 0 {
			t.Fatalf("%+v %v", s, err)
		}
		ask := stepup.Ask{Action: string(wording.EnterOrganisation), Digest: string(strict)}
		r, err := k.StepUp.Begin(ctx, db, who, ask)
		if err != nil || r.State.NeedsPassword || r.State.Way != proof.TOTP || len(r.State.Ways) != 1 {
			t.Fatalf("%+v %v", r, err)
		}
		_, err = k.StepUp.Enter(ctx, db, who, ask, proof.SMS, "123456")
		kit.Is(t, err, "way_not_offered")
		r, err = k.StepUp.Enter(ctx, db, who, ask, proof.TOTP, app())
		if err != nil || r.Session == nil {
			t.Fatalf("%+v %v", r, err)
		}
		who = k.Actor(t, r.Session.Token)
		if err := k.Sessions.Switch(ctx, db, who, strict); err != nil {
			t.Fatal(err)
		}
		if s, err = k.Entry.Look(ctx, db, who, strict); err != nil || !s.Open {
			t.Fatalf("%+v %v", s, err)
		}
	})
}

// Proves LF4, LF25, OU17: an owner without a number begins with one; the wrong network is said so and nothing is offered;
// another's organisation and one that does not exist answer alike, at the door and at its step-up.
func TestDoorsThatStayClosed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana := k.Person(t, "ana")
		k.Person(t, "bob")
		org := k.Organisation(t, ana, "Harbour", true, organisation.PolicyForm{TrustDays: 30})
		who := k.Actor(t, k.LogIn(t, "ana", kit.Browser()).Token)
		s, err := k.Entry.Look(ctx, db, who, org)
		if err != nil || s.Open || len(s.CanProve) != 0 || len(s.MustBind) != 1 || s.MustBind[0] != organisation.BySMS {
			t.Fatalf("%+v %v", s, err)
		}
		k.Ask(t, ana, org, organisation.PolicyForm{TrustDays: 30, Networks: "192.0.2.0/24"})
		away := who
		away.Origin = kit.At("198.51.100.9")
		if s, err = k.Entry.Look(ctx, db, away, org); err != nil || s.Open || s.NetworkOK || len(s.MustBind) != 0 {
			t.Fatalf("%+v %v", s, err)
		}
		stranger := k.Actor(t, k.LogIn(t, "bob", kit.Browser()).Token)
		for _, o := range []id.Organisation{org, "AC0123456789abcdef0123456789abcdef"} {
			_, err := k.Entry.Look(ctx, db, stranger, o)
			kit.Is(t, err, "not_found")
			_, err = k.StepUp.Begin(ctx, db, stranger, stepup.Ask{Action: string(wording.EnterOrganisation), Digest: string(o)})
			kit.Is(t, err, "not_found")
			_, _, err = k.Entry.ProveNumber(ctx, db, stranger, o)
			kit.Is(t, err, "not_found")
		}
	})
}

// Proves decisions 25: a number that an owner typed comes first after a log-in, while two-factor is required.
func TestWaiting(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob := k.Person(t, "ana"), k.Person(t, "bob")
		org := k.Organisation(t, ana, "Harbour", false, organisation.PolicyForm{TrustDays: 30})
		k.Member(t, org, bob, "")
		waiting := func(p profile.Profile) bool {
			o, ok, err := entry.Waiting(ctx, db, k.Proved(t, p))
			if err != nil || ok && o != org {
				t.Fatal(o, err)
			}
			return ok
		}
		k.Write(t, func(tx *store.Tx) error {
			return k.Organisations.SuggestNumber(tx, org, bob.ID, []byte("x"), "07700 ••• 123", "")
		})
		if waiting(bob) {
			t.Fatal("although nothing is required")
		}
		k.Requires(t, ana, org, 0)
		if !waiting(bob) || waiting(ana) {
			t.Fatal("not asked for, or asked of somebody else")
		}
		// By email alone the organisation is not open before; an authenticator app makes the number superfluous.
		look := func() entry.State {
			s, err := k.Entry.Look(ctx, db, k.Actor(t, k.LogIn(t, "bob", kit.Browser()).Token), org)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if s := look(); s.Open || s.NumberMasked == "" || len(s.MustBind) == 0 || s.MustBind[0] != organisation.BySMS {
			t.Fatalf("%+v", s)
		}
		k.Requires(t, ana, org, db.Clock().Now().Add(time.Hour).UnixMicro())
		if s := look(); !s.Open || !s.NumberFirst {
			t.Fatalf("before the date: %+v", s)
		}
		k.TOTP(t, bob)
		who := k.Proved(t, bob)
		if s, err := k.Entry.Look(ctx, db, who, org); err != nil || s.NumberFirst {
			t.Fatalf("with an app: %+v %v", s, err)
		}
		if _, _, err := entry.Waiting(ctx, db, access.Visitor(kit.Here)); !problem.Is(err, problem.KindSignedOut) {
			t.Fatal(err)
		}
	})
}
