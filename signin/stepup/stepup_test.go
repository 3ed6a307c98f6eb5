package stepup_test

import (
	"context"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/signin/proof"
	kit "watchword/signin/signintest"
	"watchword/signin/stepup"
)

var ctx = context.Background()

var addFactor = stepup.Ask{Action: string(wording.AddFactor)}

func has(t *testing.T, k *kit.Kit, who access.Actor, action, digest string) (ok bool) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) (err error) { ok, err = grant.Has(tx, who, action, digest); return err })
	return ok
}

// Proves C38, C46, B16: full re-authentication wants the password first and sends no code before it; the proof gives a
// grant for its class alone and a new token; the old token is dead; the grant ends after five minutes.
func TestFullReauthentication(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		m := k.LogIn(t, "ana", kit.Browser())
		who, texts := k.Actor(t, m.Token), k.Texts(t)
		r, err := k.StepUp.Begin(ctx, db, who, addFactor)
		if err != nil || !r.State.NeedsPassword || r.State.Challenge != nil || k.Texts(t) != texts {
			t.Fatalf("%+v %v", r, err)
		}
		if r, err = k.StepUp.Choose(ctx, db, who, addFactor, proof.SMS); err != nil || k.Texts(t) != texts {
			t.Fatalf("a code without the password: %+v %v", r, err)
		}
		_, err = k.StepUp.Password(ctx, db, who, addFactor, "wrong")
		kit.Is(t, err, "password_wrong")
		if r, err = k.StepUp.Password(ctx, db, who, addFactor, accounttest.Password); err != nil || r.State.Way != proof.SMS || k.Texts(t) != texts+1 {
			t.Fatalf("%+v %v", r, err)
		}
		_, err = k.StepUp.Enter(ctx, db, who, addFactor, proof.SMS, k.Wrong(t, r.State.Challenge))
		kit.Is(t, err, "code_wrong")
		code := k.Code(t, r.State.Challenge)
		won := accounttest.Race(50, func() bool {
			done, err := k.StepUp.Enter(ctx, db, who, addFactor, proof.SMS, code)
			if err == nil && done.Session != nil {
				m = *done.Session
				return true
			}
			return false
		})
		if won != 1 || !k.Alive(t, m.Token) {
			t.Fatalf("%d proofs", won)
		}
		if !has(t, k, who, addFactor.Action, "") || has(t, k, who, "change_email", "") || has(t, k, who, addFactor.Action, "digest") {
			t.Fatal("the grant is not for its class alone")
		}
		k.Later(grant.Life + time.Second)
		if has(t, k, who, addFactor.Action, "") {
			t.Fatal("the grant lives on")
		}
	})
}

// Proves C19, TD9 (the code part): a code asked for one action, or one set of data, proves no other; nor does a log-in's.
func TestCodeBelongsToItsAction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		who := k.Actor(t, k.LogIn(t, "ana", kit.Browser()).Token)
		one := stepup.Ask{Action: string(wording.ContactsExport), Digest: "12 rows", Count: 12}
		two := stepup.Ask{Action: string(wording.ContactsExport), Digest: "9999 rows", Count: 9999}
		r, err := k.StepUp.Begin(ctx, db, who, one)
		if err != nil || r.State.NeedsPassword {
			t.Fatalf("%+v %v", r, err)
		}
		code := k.Code(t, r.State.Challenge)
		if _, err := k.StepUp.Begin(ctx, db, who, two); err != nil {
			t.Fatal(err)
		}
		if done, err := k.StepUp.Enter(ctx, db, who, two, proof.SMS, code); err == nil {
			t.Fatalf("%+v", done)
		}
		st, err := k.StepUp.Look(ctx, db, who, two)
		if err != nil {
			t.Fatal(err)
		}
		done, err := k.StepUp.Enter(ctx, db, who, two, proof.SMS, k.Code(t, st.Challenge))
		if err != nil || done.Session == nil || !has(t, k, who, two.Action, two.Digest) || has(t, k, who, one.Action, one.Digest) || has(t, k, who, one.Action, "") {
			t.Fatalf("%+v %v", done, err)
		}
		k.Write(t, func(tx *store.Tx) error { return grant.Must(tx, who, two.Action, two.Digest) })
		if has(t, k, who, two.Action, two.Digest) {
			t.Fatal("a grant that is bound to data works twice")
		}
	})
}

// Proves C26, C45: with a strong factor bound, a code by email proves nothing here; without any factor it is password
// and code by email.
func TestHighestLevel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		who := k.Actor(t, k.LogIn(t, "ana", kit.Browser()).Token)
		username := stepup.Ask{Action: string(wording.ChangeUsername)}
		r, err := k.StepUp.Begin(ctx, db, who, username)
		if err != nil || !r.State.NeedsPassword || !r.State.NoFactor {
			t.Fatalf("%+v %v", r, err)
		}
		if r, err = k.StepUp.Password(ctx, db, who, username, accounttest.Password); err != nil || r.State.Way != proof.Email {
			t.Fatalf("%+v %v", r, err)
		}
		done, err := k.StepUp.Enter(ctx, db, who, username, proof.Email, k.Code(t, r.State.Challenge))
		if err != nil || k.Actor(t, done.Session.Token).Level != access.LevelPassword {
			t.Fatalf("%+v %v", done, err)
		}
		app := k.TOTP(t, p)
		k.Write(t, func(tx *store.Tx) error {
			_, err := k.Factors.BindEmail(tx, who, p.ID, "a•••@example.com")
			return err
		})
		k.Later(time.Minute)
		if r, err = k.StepUp.Begin(ctx, db, who, username); err != nil || r.State.NeedsPassword || r.State.Way != proof.TOTP {
			t.Fatalf("%+v %v", r, err)
		}
		if _, ok := proof.Options(r.State.Ways).Find(proof.Email); ok {
			t.Fatal("the weak way is offered")
		}
		if r, err = k.StepUp.Choose(ctx, db, who, username, proof.Email); err != nil || r.Notice == nil {
			t.Fatalf("%+v %v", r, err)
		}
		_, err = k.StepUp.Enter(ctx, db, who, username, proof.Email, "123456")
		kit.Is(t, err, "way_not_offered")
		if done, err = k.StepUp.Enter(ctx, db, who, username, proof.TOTP, app()); err != nil || k.Actor(t, done.Session.Token).Level != access.LevelTwoFactor {
			t.Fatalf("%+v %v", done, err)
		}
	})
}

// Proves decisions 3 and C21: wrong passwords of somebody who is logged in wait after five and end the session at ten;
// the person logs in again at once.
func TestWrongPasswordsEndTheSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		k.Person(t, "ana")
		browser := kit.Browser()
		m := k.LogIn(t, "ana", browser)
		who := k.Actor(t, m.Token)
		wrong, waited := 0, 0
		for wrong+waited < 40 && k.Alive(t, m.Token) {
			_, err := k.StepUp.Password(ctx, db, who, addFactor, "wrong")
			if problem.HasCode(err, "password_wait") {
				waited++
				k.Later(problem.As(err).RetryAfter)
				k.Actor(t, k.LogIn(t, "ana", browser).Token)
				k.Sessions.Check(ctx, db, m.Token, kit.Here)
				k.Sessions.Wait()
				continue
			}
			kit.Is(t, err, "password_wrong")
			wrong++
		}
		if wrong != 10 || waited != 5 {
			t.Fatalf("%d wrong, %d waits", wrong, waited)
		}
	})
}

// Proves C42, B16: a session that ended proves nothing, and a proof does not outlive it.
func TestEndedSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		app := k.TOTP(t, p)
		k.Later(time.Minute)
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if err != nil {
			t.Fatal(err)
		}
		in, err := k.Login.Enter(ctx, db, kit.Here, r.Pending.Token, proof.TOTP, app())
		if err != nil {
			t.Fatal(err)
		}
		who := k.Actor(t, in.Session.Token)
		k.Write(t, func(tx *store.Tx) error { _, err := profile.Bump(tx, p.ID); return err })
		_, err = k.StepUp.Begin(ctx, db, who, addFactor)
		kit.Is(t, err, "signed_out")
		_, err = k.StepUp.Password(ctx, db, who, addFactor, accounttest.Password)
		kit.Is(t, err, "signed_out")
		if _, err := k.StepUp.Begin(ctx, db, who, stepup.Ask{Action: "make_coffee"}); !problem.Is(err, problem.KindNotFound) {
			t.Fatal(err)
		}
	})
}
