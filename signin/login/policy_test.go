package login_test

import (
	"testing"
	"time"

	"watchword/account/factor"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/signin/proof"
	kit "watchword/signin/signintest"
	"watchword/signin/stepup"
)

// ask is what a person is asked first, "" for nothing.
func ask(t *testing.T, k *kit.Kit, name, browser string) (way proof.Way, ways int) {
	t.Helper()
	r, err := k.Login.Begin(ctx, k.DB, kit.Attempt(name, browser))
	if err != nil {
		t.Fatal(err)
	}
	if r.Session != nil {
		return "", 0
	}
	return r.Pending.Way, len(r.Pending.Ways)
}

func weak(t *testing.T, k *kit.Kit, p profile.Profile) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) error {
		f, err := k.Factors.BindEmail(tx, access.System("test"), p.ID, "")
		if err != nil {
			return err
		}
		return k.Factors.Prefer(tx, access.System("test"), p.ID, f.ID)
	})
}

// Proves LF4, LF5 and decisions 24: what an organisation does not accept of a member is not offered, even where the person
// prefers it; an owner is never asked by email; without the policy the person's own choice stands.
func TestWhatTheOrganisationAccepts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob, cyd := k.Person(t, "ana"), k.Person(t, "bob"), k.Person(t, "cyd")
		for p, n := range map[profile.Profile]string{ana: kit.Mobile, bob: kit.Other, cyd: "+447700900789"} {
			k.Number(t, p, n)
			weak(t, k, p)
		}
		org := k.Organisation(t, ana, "Harbour", false, organisation.PolicyForm{TrustDays: 30})
		k.Member(t, org, bob, organisation.BySMS)
		k.Member(t, org, cyd, organisation.ByEmail)
		for _, name := range []string{"ana", "bob", "cyd"} {
			if way, n := ask(t, k, name, kit.Browser()); way != proof.Email || n != 2 {
				t.Errorf("%s before: %s of %d", name, way, n)
			}
		}
		k.Requires(t, ana, org, 0)
		for name, want := range map[string]proof.Way{"ana": proof.SMS, "bob": proof.SMS, "cyd": proof.Email} {
			if way, _ := ask(t, k, name, kit.Browser()); way != want {
				t.Errorf("%s: %s, want %s", name, way, want)
			}
		}
		r, err := k.Login.Begin(ctx, db, kit.Attempt("bob", kit.Browser()))
		if err != nil {
			t.Fatal(err)
		}
		if r, err = k.Login.Choose(ctx, db, kit.Here, r.Pending.Token, proof.Email); err != nil || r.Notice == nil || r.Notice.Code != "way_not_offered" {
			t.Fatalf("a way below what is accepted: %+v %v", r, err)
		}
	})
}

// Proves LF2, LF3, TD3 and the story of many organisations: of three with different policies the strictest decides, and
// what it asks goes with it.
func TestStrictestOfThree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		owner, p := k.Person(t, "owner"), k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		off := k.Organisation(t, owner, "Off", false, organisation.PolicyForm{NewDevice: true, TrustDays: 90})
		long := k.Organisation(t, owner, "Long", true, organisation.PolicyForm{NewDevice: true, TrustDays: 90})
		short := k.Organisation(t, owner, "Short", true, organisation.PolicyForm{NewDevice: true, TrustDays: 7})
		every := k.Organisation(t, owner, "Every", true, organisation.PolicyForm{TrustDays: 30})
		for _, o := range []id.Organisation{off, long, short, every} {
			k.Member(t, o, p, organisation.BySMS)
		}
		c := kit.NewComputer()
		again := func() bool { k.Later(time.Minute); _, asked := k.At(t, c, "ana"); return asked }
		leave := func(o id.Organisation) {
			who := k.Proved(t, owner)
			k.Write(t, func(tx *store.Tx) error { _, err := k.Organisations.Remove(tx, who, o, p.ID); return err })
		}
		if !again() || !again() {
			t.Fatal("the one that asks every time is not the strictest")
		}
		leave(every)
		if !again() || again() {
			t.Fatal("no trust although all that are left allow it")
		}
		k.Later(7 * 24 * time.Hour)
		if !again() || again() {
			t.Fatal("trusted for longer than the shortest time")
		}
		leave(short)
		again()
		k.Later(60 * 24 * time.Hour)
		if again() {
			t.Fatal("the others' 90 days do not count")
		}
		k.Member(t, k.Organisation(t, owner, "As it is made", false, organisation.PolicyForm{TrustDays: 30}), p, organisation.BySMS)
		if !again() || !again() {
			t.Fatal("every log-in is the default of an organisation")
		}
	})
}

// Proves decisions 25 and LF16: with a grace date, who is ready is bound at once and who is not is let in; at that moment,
// without anything being run, the organisation is closed to who is not, the other organisations stay open, and the first
// factor opens it.
func TestGraceFlipsByItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob, cyd := k.Person(t, "ana"), k.Person(t, "bob"), k.Person(t, "cyd")
		k.Number(t, cyd, kit.Other)
		org := k.Organisation(t, ana, "Harbour", false, organisation.PolicyForm{TrustDays: 30})
		other := k.Organisation(t, ana, "Quay", false, organisation.PolicyForm{TrustDays: 30})
		for _, o := range []id.Organisation{org, other} {
			k.Member(t, o, bob, organisation.BySMS)
			k.Member(t, o, cyd, organisation.BySMS)
		}
		k.Requires(t, ana, org, db.Now()+store.Micros(72*time.Hour))
		browser := kit.Browser()
		k.LogIn(t, "bob", browser)
		if way, _ := ask(t, k, "bob", browser); way != "" {
			t.Fatalf("bob is asked by %s before the date", way)
		}
		if way, _ := ask(t, k, "cyd", kit.Browser()); way != proof.SMS {
			t.Fatalf("cyd is ready and asked by %q", way)
		}
		enter := func(who access.Actor, o id.Organisation) (err error) {
			k.Write(t, func(tx *store.Tx) error { _, err = organisation.Enter(tx, o, who, organisation.Anybody); return nil })
			return err
		}
		before := k.Actor(t, k.LogIn(t, "bob", kit.Browser()).Token)
		if err := enter(before, org); err != nil {
			t.Fatalf("closed before the date: %v", err)
		}
		k.Later(72*time.Hour + time.Second)
		kit.Is(t, enter(before, org), "organisation_needs_proof")
		if way, _ := ask(t, k, "bob", browser); way != proof.Email {
			t.Fatalf("bob in a recognised browser is asked by %q", way)
		}
		m := k.LogIn(t, "bob", browser)
		who := k.Actor(t, m.Token)
		if who.Level != access.LevelPassword {
			t.Fatalf("%+v", who)
		}
		kit.Is(t, enter(who, org), "organisation_needs_proof")
		if err := enter(who, other); err != nil {
			t.Fatalf("the other organisation: %v", err)
		}
		s, err := k.Entry.Look(ctx, db, who, org)
		if err != nil || s.Open || len(s.CanProve) != 0 || len(s.MustBind) != 3 || s.MustBind[0] != organisation.BySMS {
			t.Fatalf("%+v %v", s, err)
		}
		n, no, err := k.Change.AskNumber(ctx, db, who, kit.Mobile, "")
		if err != nil || no != nil {
			t.Fatal(err, no)
		}
		kept, err := k.Change.EnterNumber(ctx, db, who, k.Code(t, &n.Challenge))
		if err != nil {
			t.Fatal(err)
		}
		if err := enter(k.Actor(t, kept.Session.Token), org); err != nil {
			t.Fatalf("after binding: %v", err)
		}
	})
}

// Proves OU8, C42, B16 and decisions 9: another method, and the end of a membership, end on the next request the sessions
// in that organisation, with their grants and step-ups, and every log-in under way; sessions elsewhere live, and that
// organisation wants a new proof of them.
func TestMembershipChangesElsewhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob := k.Person(t, "ana"), k.Person(t, "bob")
		k.Number(t, bob, kit.Mobile)
		org := k.Organisation(t, ana, "Harbour", true, organisation.PolicyForm{TrustDays: 30})
		other := k.Organisation(t, ana, "Quay", false, organisation.PolicyForm{TrustDays: 30})
		k.Member(t, org, bob, organisation.BySMS)
		k.Member(t, other, bob, organisation.BySMS)
		exporting := stepup.Ask{Action: string(wording.ContactsExport), Digest: "all"}
		for what, do := range map[string]func(tx *store.Tx, who access.Actor) error{
			"method": func(tx *store.Tx, who access.Actor) error {
				_, _, err := k.Organisations.SetMember(tx, who, org, bob.ID, organisation.MemberForm{Method: organisation.ByTOTP, Permissions: organisation.Permissions()})
				return err
			},
			"switched off": func(tx *store.Tx, who access.Actor) error {
				_, err := k.Organisations.Disable(tx, who, org, bob.ID)
				return err
			},
			"removed": func(tx *store.Tx, who access.Actor) error {
				_, err := k.Organisations.Remove(tx, who, org, bob.ID)
				return err
			},
		} {
			here, elsewhere := k.LogIn(t, "bob", kit.Browser()), k.LogIn(t, "bob", kit.Browser())
			for token, o := range map[string]id.Organisation{here.Token: org, elsewhere.Token: other} {
				if err := k.Sessions.Switch(ctx, db, k.Actor(t, token), o); err != nil {
					t.Fatal(err)
				}
			}
			who := k.Actor(t, here.Token)
			k.Write(t, func(tx *store.Tx) error { return grant.GiveOnce(tx, who.Session, exporting.Action, "some", time.Hour) })
			step, err := k.StepUp.Begin(ctx, db, who, exporting)
			if err != nil {
				t.Fatal(err)
			}
			under, err := k.Login.Begin(ctx, db, kit.Attempt("bob", kit.Browser()))
			if err != nil {
				t.Fatal(err)
			}
			code := k.Code(t, under.Pending.Challenge)
			owner := k.Proved(t, ana)
			k.Write(t, func(tx *store.Tx) error { return do(tx, owner) })
			if k.Alive(t, here.Token) {
				t.Errorf("%s: the session lives on", what)
			}
			if _, err := k.Sessions.Look(ctx, db, here.Token); !problem.Is(err, problem.KindSignedOut) {
				t.Errorf("%s: programs are told it lives: %v", what, err)
			}
			if _, err := k.StepUp.Enter(ctx, db, who, exporting, proof.SMS, k.Code(t, step.State.Challenge)); !problem.Is(err, problem.KindSignedOut) {
				t.Errorf("%s: the step-up lives on: %v", what, err)
			}
			if _, err := k.Login.Enter(ctx, db, kit.Here, under.Pending.Token, proof.SMS, code); !problem.Is(err, problem.KindSignedOut) {
				t.Errorf("%s: the log-in under way lives on: %v", what, err)
			}
			if !k.Alive(t, elsewhere.Token) {
				t.Errorf("%s: the session elsewhere ended", what)
			} else if err := k.Sessions.Switch(ctx, db, k.Actor(t, elsewhere.Token), org); err == nil {
				t.Errorf("%s: the session elsewhere opens it", what)
			}
			k.Later(10 * time.Minute)
			k.Write(t, func(tx *store.Tx) error { // as it was, for the next
				if _, err := tx.Exec(`DELETE FROM organisation_member WHERE organisation_id = $1 AND profile_id = $2`, org, bob.ID); err != nil {
					return err
				}
				return k.Organisations.Add(tx, access.System("test"), org, bob.ID, organisation.Joining{Role: organisation.FullMember, Method: organisation.BySMS})
			})
		}
	})
}

// Proves LF13: after five wrong passwords the person is told, and so are the owners of the person's organisations, once.
func TestOwnersAreTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob := k.Person(t, "ana"), k.Person(t, "bob")
		org := k.Organisation(t, ana, "Harbour", false, organisation.PolicyForm{TrustDays: 30})
		k.Member(t, org, bob, "")
		for range 7 {
			a := kit.Attempt("bob", kit.Browser())
			a.Password += "x"
			if _, err := k.Login.Begin(ctx, db, a); err == nil {
				t.Fatal("a wrong password is right")
			}
		}
		person, owner := k.Kinds(t, "bob@example.com"), k.Kinds(t, "ana@example.com")
		if person[string(wording.ManyWrongPasswords)] != 1 || owner[string(wording.MemberGuessed)] != 1 || person[string(wording.MemberGuessed)] != 0 {
			t.Fatalf("person %v, owner %v", person, owner)
		}
	})
}

// Proves decisions 18 and 19: a text that is not used, because another way was quicker, makes nobody wait for the next;
// one that nothing follows does.
func TestAnyProofEndsTheCoolDown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		app := k.TOTP(t, p)
		k.Later(time.Minute)
		k.Write(t, func(tx *store.Tx) error {
			all, err := k.Factors.List(tx, p.ID)
			for _, f := range all {
				if err == nil && f.Kind == factor.SMS {
					err = k.Factors.Prefer(tx, access.System("test"), p.ID, f.ID)
				}
			}
			return err
		})
		waits := func() (token string, late bool) {
			r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
			if err != nil || r.Pending.Challenge == nil {
				t.Fatalf("%+v %v", r, err)
			}
			return r.Pending.Token, r.Pending.Challenge.SendAt > db.Now()
		}
		_, first := waits()
		token, second := waits()
		if first || !second {
			t.Fatalf("waits: %v, then %v", first, second)
		}
		if r, err := k.Login.Enter(ctx, db, kit.Here, token, proof.TOTP, app()); err != nil || r.Session == nil {
			t.Fatalf("%+v %v", r, err)
		}
		if _, late := waits(); late {
			t.Fatal("waits for texts that another way made needless")
		}
	})
}

// Proves TD7 and decisions 17: without a second factor an unknown browser proves the mailbox, in that same browser; who
// has only the code, in another browser, gets nowhere, and the first browser goes on.
func TestMailboxInTheSameBrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		k.Person(t, "ana")
		mine, err1 := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		code := k.Code(t, mine.Pending.Challenge)
		other, err2 := k.Login.Begin(ctx, db, kit.Attempt("bob", kit.Browser()))
		if err1 != nil || err2 == nil || mine.Pending.Way != proof.Email || !mine.Pending.NoFactor {
			t.Fatalf("%+v %v, %+v %v", mine, err1, other, err2)
		}
		for _, token := range []string{"", id.Token(32)} {
			if _, err := k.Login.Enter(ctx, db, kit.Here, token, proof.Email, code); !problem.Is(err, problem.KindSignedOut) {
				t.Fatalf("in another browser: %v", err)
			}
		}
		if r, err := k.Login.Enter(ctx, db, kit.Here, mine.Pending.Token, proof.Email, code); err != nil || r.Session == nil || r.Device != nil {
			t.Fatalf("%+v %v", r, err)
		}
	})
}

// Proves C49: who is no owner any more can do nothing that owners do on the very next request of the same session.
func TestDemotedDuringTheSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob := k.Person(t, "ana"), k.Person(t, "bob")
		org := k.Organisation(t, ana, "Harbour", false, organisation.PolicyForm{TrustDays: 30})
		k.Member(t, org, bob, "")
		who, m := k.Proved(t, ana), k.LogIn(t, "bob", kit.Browser())
		role := func(r organisation.Role) {
			k.Write(t, func(tx *store.Tx) error { return k.Organisations.SetRole(tx, who, org, bob.ID, r) })
		}
		owns := func() error {
			return db.Read(ctx, func(tx *store.Tx) error {
				_, err := organisation.Enter(tx, org, k.Actor(t, m.Token), organisation.Owns)
				return err
			})
		}
		kit.Is(t, owns(), "owner_only")
		role(organisation.Owner)
		if err := owns(); err != nil {
			t.Fatal(err)
		}
		role(organisation.FullMember)
		kit.Is(t, owns(), "owner_only")
	})
}
