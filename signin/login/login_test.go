package login_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/signin/login"
	"watchword/signin/proof"
	kit "watchword/signin/signintest"
)

var ctx = context.Background()

// Proves LF1, LF2, LF7, LF10, LF12, C32 (no code without the password), C38: name or address in any case, a fresh code
// each time, nothing before it, and one error for a wrong name or password.
func TestLogInWithCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "Ana")
		k.Number(t, p, kit.Mobile)
		codes, tokens := map[string]bool{}, map[string]bool{}
		for _, name := range []string{"Ana", "ANA", " ana ", "Ana@Example.com", "ana@EXAMPLE.com"} {
			r, err := k.Login.Begin(ctx, db, kit.Attempt(name, kit.Browser()))
			if err != nil || r.Session != nil || r.Pending.Way != proof.SMS || r.Pending.Challenge.Masked != "07700 ••• 123" {
				t.Fatalf("%q: %+v %v", name, r, err)
			}
			if k.Alive(t, r.Pending.Token) {
				t.Fatal("the half log-in opens a session")
			}
			codes[k.Code(t, r.Pending.Challenge)] = true
			m := k.Finish(t, r)
			if who := k.Actor(t, m.Token); who.Profile != p.ID || who.Level != access.LevelTwoFactor {
				t.Fatalf("%+v", who)
			}
			tokens[m.Token] = true
			if _, err := k.Login.Look(ctx, db, r.Pending.Token); !problem.Is(err, problem.KindSignedOut) {
				t.Fatalf("the pending log-in lives on: %v", err)
			}
		}
		if len(codes) < 4 || len(tokens) != 5 {
			t.Fatalf("%d codes, %d tokens", len(codes), len(tokens))
		}
		texts := k.Texts(t)
		wrongName, wrongPassword := kit.Attempt("nobody", kit.Browser()), kit.Attempt("Ana", kit.Browser())
		wrongPassword.Password += "x"
		_, err1 := k.Login.Begin(ctx, db, wrongName)
		_, err2 := k.Login.Begin(ctx, db, wrongPassword)
		if err1 == nil || err2 == nil || err1.Error() != err2.Error() || k.Texts(t) != texts {
			t.Fatalf("%v / %v", err1, err2)
		}
	})
}

// Proves C19 and LF7: a code opens only the log-in it was made for, and dies when another log-in asks for one.
func TestCodeBelongsToItsLogIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob := k.Person(t, "ana"), k.Person(t, "bob")
		k.Number(t, ana, kit.Mobile)
		k.Number(t, bob, kit.Other)
		first, err1 := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		code := k.Code(t, first.Pending.Challenge)
		second, err2 := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		his, err3 := k.Login.Begin(ctx, db, kit.Attempt("bob", kit.Browser()))
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		for what, token := range map[string]string{"its own, replaced": first.Pending.Token, "a newer one of the same person": second.Pending.Token, "another person's": his.Pending.Token} {
			if r, err := k.Login.Enter(ctx, db, kit.Here, token, proof.SMS, code); err == nil {
				t.Errorf("%s: %+v", what, r)
			}
		}
		k.Finish(t, second)
	})
}

// Proves C18, B15, LF8: of fifty posts of the right code exactly one makes a session; of fifty wrong ones each is counted.
func TestParallelCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if err != nil {
			t.Fatal(err)
		}
		code := k.Code(t, r.Pending.Challenge)
		won := accounttest.Race(50, func() bool {
			r, err := k.Login.Enter(ctx, db, kit.Here, r.Pending.Token, proof.SMS, code)
			return err == nil && r.Session != nil
		})
		if won != 1 {
			t.Fatalf("%d sessions", won)
		}
	})
}

// Proves C23, C26 and decisions 17: without a second factor a new browser needs a code by email, which is level 1; the
// browser is then recognised and needs the password only.
func TestRecognisedBrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		browser := kit.Browser()
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", browser))
		if err != nil || r.Pending == nil || r.Pending.Way != proof.Email || !r.Pending.NoFactor || !r.Pending.Weak {
			t.Fatalf("%+v %v", r, err)
		}
		if who := k.Actor(t, k.Finish(t, r).Token); who.Level != access.LevelPassword {
			t.Fatalf("level %d", who.Level)
		}
		if r, err = k.Login.Begin(ctx, db, kit.Attempt("ana", browser)); err != nil || r.Session == nil {
			t.Fatalf("recognised: %+v %v", r, err)
		}
		if r, err = k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser())); err != nil || r.Session != nil {
			t.Fatalf("another browser: %+v %v", r, err)
		}
		k.Finish(t, r)
		if n := k.Kinds(t, p.Email)["new_browser"]; n != 1 {
			t.Fatalf("%d notices of a new browser", n)
		}
	})
}

// Proves LF20, LF21, B16, C61: an authenticator app and a recovery code complete a log-in at level 2; neither works
// twice.
func TestOtherWays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		app, codes := k.TOTP(t, p), k.RecoveryCodes(t, p)
		k.Later(time.Minute)
		used := app()
		for i, c := range []struct {
			way  proof.Way
			code string
			ok   bool
		}{{proof.TOTP, used, true}, {proof.TOTP, used, false}, {proof.Recovery, strings.ToUpper(codes[0]), true}, {proof.Recovery, codes[0], false},
			{proof.SMS, codes[1], false}, {proof.Email, "123456", false}, {"", "123456", false}, {proof.Passkey, "123456", false}} {
			r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
			if err != nil {
				t.Fatal(err)
			}
			done, err := k.Login.Enter(ctx, db, kit.Here, r.Pending.Token, c.way, c.code)
			if ok := err == nil && done.Session != nil; ok != c.ok {
				t.Fatalf("%d, %s: %+v %v", i, c.way, done, err)
			}
			// An app makes its codes itself: nobody is told to ask for one.
			if c.way == proof.TOTP && !c.ok && !strings.Contains(err.Error(), "in your authenticator app") {
				t.Fatal(err)
			}
			if c.ok && k.Actor(t, done.Session.Token).Level != access.LevelTwoFactor {
				t.Fatal("level")
			}
		}
		if n := k.Kinds(t, p.Email)["recovery_code_used"]; n != 1 {
			t.Fatalf("%d notices of a recovery code", n)
		}
	})
}

// Proves C23 and C61: the code of an emailed challenge is level 1, whatever way the form names.
func TestWayCannotBeClaimed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		k.Write(t, func(tx *store.Tx) error {
			_, err := k.Factors.BindEmail(tx, access.System("test"), p.ID, "a•••@example.com")
			return err
		})
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if err != nil {
			t.Fatal(err)
		}
		token := r.Pending.Token
		if r, err = k.Login.Choose(ctx, db, kit.Here, token, proof.Email); err != nil || r.Notice != nil {
			t.Fatal(r.Notice, err)
		}
		done, err := k.Login.Enter(ctx, db, kit.Here, token, proof.SMS, k.Code(t, r.Pending.Challenge))
		if err != nil || done.Session == nil {
			t.Fatalf("%+v %v", done, err)
		}
		if who := k.Actor(t, done.Session.Token); who.Level != access.LevelPassword {
			t.Fatalf("an emailed code gave level %d", who.Level)
		}
	})
}

// Proves LF9, LF10, C21: sending again waits and repeats the code; cancelling ends the code; nothing else is open.
func TestResendAndCancel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if err != nil {
			t.Fatal(err)
		}
		token, code := r.Pending.Token, k.Code(t, r.Pending.Challenge)
		again, err := k.Login.Resend(ctx, db, kit.Here, token)
		if err != nil || again.Notice == nil || again.Notice.Code != "too_soon" || again.Pending.Step != login.StepProve {
			t.Fatalf("%+v %v", again, err)
		}
		k.Later(31 * time.Second)
		if again, err = k.Login.Resend(ctx, db, kit.Here, token); err != nil || again.Notice != nil || k.Code(t, again.Pending.Challenge) != code || k.Texts(t) != 2 {
			t.Fatalf("%+v %v", again, err)
		}
		for range 2 {
			if err := k.Login.Cancel(ctx, db, kit.Here, token); err != nil {
				t.Fatal(err)
			}
		}
		_, err = k.Login.Enter(ctx, db, kit.Here, token, proof.SMS, code)
		kit.Is(t, err, "signed_out")
	})
}

// Proves C56, OU18: what happened is in the person's log, refusals and failures included, and the log-in in the
// organisation's; names that nobody has are added up.
func TestEvents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		bad := kit.Attempt("ana", kit.Browser())
		bad.Password = "wrong"
		k.Login.Begin(ctx, db, bad)
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if err != nil {
			t.Fatal(err)
		}
		k.Login.Enter(ctx, db, kit.Here, r.Pending.Token, proof.SMS, k.Wrong(t, r.Pending.Challenge))
		k.Finish(t, r)
		got := ""
		k.Write(t, func(tx *store.Tx) error {
			rows, err := audit.List(tx, string(p.ID), audit.Filter{}, 100)
			got = ""
			for i := len(rows) - 1; i >= 0; i-- {
				got += rows[i].Kind + "/" + string(rows[i].Outcome) + " "
				if rows[i].Kind != "factor.added" && (rows[i].Address != "192.0.2.7" || rows[i].Device == "") {
					t.Errorf("%+v", rows[i])
				}
			}
			return err
		})
		if got != "factor.added/ok login.password/failed login.password/ok code.sent/ok code.checked/failed code.checked/ok login.completed/ok " {
			t.Fatal(got)
		}
	})
}
