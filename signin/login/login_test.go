package login_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/join"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/challenge"
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

// Proves B5, C14, C15: five tries for a code; a new code, a new log-in or another browser gives no new budget, and the
// password's failures are another matter.
func TestBudgetAcrossLogIns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		k.Login.Settings.Address = 10000
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		k.RecoveryCodes(t, p)
		k.Guard.Settings.Destination = nil
		k.Guard.Settings.CoolDowns = nil
		guesses, told := 0, false
		for flow := 0; flow < 200 && !told; flow++ {
			r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := proof.Options(r.Pending.Ways).Find(proof.SMS); !ok { // switched off
				if r.Pending.Way != proof.Recovery {
					t.Fatalf("way %q", r.Pending.Way)
				}
				told = true
				break
			}
			for try := range 6 {
				_, err := k.Login.Enter(ctx, db, kit.Here, r.Pending.Token, proof.SMS, wrongOf(t, k, r))
				if problem.HasCode(err, "code_wait") {
					k.Later(time.Hour + time.Second)
					break
				}
				if try == 5 && !problem.HasCode(err, "code_exhausted") && !problem.HasCode(err, "factor_off") {
					t.Fatalf("sixth try: %v", err)
				}
				if problem.HasCode(err, "code_wrong") || problem.HasCode(err, "code_exhausted") && try < 5 || problem.HasCode(err, "factor_off") {
					guesses++
				}
				if problem.HasCode(err, "factor_off") {
					break
				}
			}
		}
		if !told || guesses != 100 {
			t.Fatalf("%d guesses were accepted, switched off: %v", guesses, told)
		}
		if n := k.Kinds(t, p.Email); n["factor_off"] != 1 || n["many_wrong_codes"] != 1 || n["many_wrong_passwords"] != 0 {
			t.Fatalf("told: %v", n)
		}
	})
}

// wrongOf is a wrong code, also for a challenge that is over and can no longer be read.
func wrongOf(t *testing.T, k *kit.Kit, r login.Result) string {
	l, err := k.Login.Look(ctx, k.DB, r.Pending.Token)
	if err != nil || l.Challenge == nil || l.Challenge.State != challenge.Pending {
		return "000000"
	}
	return k.Wrong(t, l.Challenge)
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

// Proves C12, B19, LF13 and decisions 16: a stranger who fails a thousand times waits longer and longer and in the end
// needs an emailed link; the person is told once, and goes on logging in from the recognised browser; another browser
// of the person opens the link and gets in.
func TestNobodyIsLockedOutByStrangers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		own := kit.Browser()
		k.LogIn(t, "ana", own)
		bad := kit.Attempt("ana", kit.Browser())
		bad.Password = "not the password at all"
		tried := map[string]int{}
		for i := range 1000 {
			bad.Origin = kit.At(fmt.Sprintf("198.51.%d.%d", i/200, i%200))
			_, err := k.Login.Begin(ctx, db, bad)
			tried[problem.As(err).Code]++
			for _, f := range problem.As(err).Fields {
				tried[f.Code]++
			}
			if problem.HasCode(err, "login_wait") {
				k.Later(problem.As(err).RetryAfter)
			}
		}
		if tried["wrong_login"] != 2*100 || tried["link_needed"] == 0 || tried["login_wait"] == 0 {
			t.Fatalf("%v", tried)
		}
		if n := k.Kinds(t, p.Email)["many_wrong_passwords"]; n < 1 || n > 5 {
			t.Fatalf("%d notices", n)
		}
		k.LogIn(t, "ana", own)
		second := kit.Browser()
		_, err := k.Login.Begin(ctx, db, kit.Attempt("ana", second))
		kit.Is(t, err, "link_needed")
		if err := k.Login.AskUnlock(ctx, db, kit.Here, "ana"); err != nil {
			t.Fatal(err)
		}
		link := k.Newest(t, p.Email).Token(t)
		for range 3 {
			if err := k.Login.LookUnlock(ctx, db, link); err != nil {
				t.Fatal(err)
			}
		}
		if err := k.Login.Unlock(ctx, db, kit.Here, second, link); err != nil {
			t.Fatal(err)
		}
		kit.Is(t, k.Login.Unlock(ctx, db, kit.Here, kit.Browser(), link), "link_used")
		k.LogIn(t, "ana", second)
	})
}

// Proves B15, decisions 3 and 16: of two hundred parallel guesses at most ten are compared with the password, whether
// the name exists or not, and both are answered alike (C11).
func TestParallelGuesses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		k.Person(t, "ana")
		seen := map[string]string{}
		for _, name := range []string{"ana", "nobody"} {
			var mu sync.Mutex
			codes := map[string]int{}
			var wg sync.WaitGroup
			for i := range 200 {
				wg.Add(1)
				go func() {
					defer wg.Done()
					a := login.Attempt{Origin: kit.At(fmt.Sprintf("198.51.100.%d", i)), Browser: kit.Browser(), Name: name, Password: fmt.Sprint("guess number ", i)}
					_, err := k.Login.Begin(ctx, db, a)
					mu.Lock()
					defer mu.Unlock()
					if p := problem.As(err); p != nil {
						codes[p.Code]++
					} else {
						t.Error(err)
					}
				}()
			}
			wg.Wait()
			if codes["wrong_login"] != 10 || codes["login_wait"] != 190 {
				t.Fatalf("%s: %v", name, codes)
			}
			seen[name] = fmt.Sprint(codes)
		}
		if seen["ana"] != seen["nobody"] {
			t.Fatalf("%v", seen)
		}
	})
}

// Proves B4: ten thousand stolen pairs, half a percent of them right, from five hundred addresses confirm at most two
// people, while recognised browsers go on; the operator is told. Scaled down to 1,000 pairs of 500 addresses.
func TestCredentialStuffing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		alarms := 0
		k.Login.Alert = func(tx *store.Tx, kind, name string) error { alarms++; return nil }
		own := kit.Browser()
		k.Person(t, "real")
		k.LogIn(t, "real", own)
		for i := range 5 {
			k.Person(t, fmt.Sprint("victim", i))
		}
		confirmed, asked := 0, 0
		for i := range 1000 {
			a := login.Attempt{Origin: kit.At(fmt.Sprintf("198.51.%d.%d", i%500/250, i%250)), Browser: kit.Browser(), Name: fmt.Sprint("user", i), Password: "a stolen password"}
			if i%200 == 60 {
				a.Name, a.Password = fmt.Sprint("victim", i/200), accounttest.Password
			}
			r, err := k.Login.Begin(ctx, db, a)
			if r.Pending != nil {
				confirmed++
			}
			if problem.HasCode(err, "captcha_needed") {
				asked++
			}
			if i%100 == 99 {
				if r, err := k.Login.Begin(ctx, db, kit.Attempt("real", own)); err != nil || r.Session == nil {
					t.Fatalf("a real person: %v", err)
				}
			}
		}
		if confirmed > 2 || asked < 800 || alarms == 0 {
			t.Fatalf("%d confirmed, %d times a CAPTCHA, %d alarms", confirmed, asked, alarms)
		}
	})
}

// Proves B7: one code tried on many people stops at twenty from one address.
func TestOneCodeManyPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		from := kit.At("198.51.100.9")
		wrong, stopped := 0, 0
		for i := range 30 {
			p := k.Person(t, fmt.Sprint("user", i))
			k.TOTP(t, p)
			a := kit.Attempt(p.Username, kit.Browser())
			a.Origin = from
			r, err := k.Login.Begin(ctx, db, a)
			if err != nil {
				t.Fatal(err)
			}
			_, err = k.Login.Enter(ctx, db, from, r.Pending.Token, proof.TOTP, "123456")
			if problem.HasCode(err, "address_wait") {
				stopped++
			} else if err != nil {
				wrong++
			}
		}
		if wrong != 20 || stopped != 10 {
			t.Fatalf("%d tried, %d stopped", wrong, stopped)
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

// Proves LF27, RP5 (decisions 13) and decisions 14: after a year, new terms and a password that is now too short, a
// log-in stops at each, opens no session before, and goes on.
func TestWhatStandsBeforeTheSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.TOTP(t, p)
		app := k.TOTP(t, p)
		k.Login.Settings.Terms = "2"
		k.Login.Policy.Min = 40
		k.Later(366 * 24 * time.Hour)
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if err != nil {
			t.Fatal(err)
		}
		token := r.Pending.Token
		if r, err = k.Login.Enter(ctx, db, kit.Here, token, proof.TOTP, app()); err != nil || r.Pending == nil || r.Pending.Step != login.StepWake {
			t.Fatalf("%+v %v", r, err)
		}
		_, err = k.Login.Continue(ctx, db, kit.Here, token)
		kit.Is(t, err, "link_not_opened")
		wake := k.Newest(t, p.Email).Token(t)
		for range 2 {
			if err := k.Login.LookWake(ctx, db, wake); err != nil {
				t.Fatal(err)
			}
		}
		if err := k.Login.Wake(ctx, db, kit.At("203.0.113.5"), wake); err != nil {
			t.Fatal(err)
		}
		kit.Is(t, k.Login.Wake(ctx, db, kit.Here, wake), "link_used")
		if r, err = k.Login.Continue(ctx, db, kit.Here, token); err != nil || r.Pending.Step != login.StepTerms {
			t.Fatalf("%+v %v", r, err)
		}
		_, err = k.Login.AcceptTerms(ctx, db, kit.Here, token, "1")
		kit.Is(t, err, "terms_changed")
		if r, err = k.Login.AcceptTerms(ctx, db, kit.Here, token, "2"); err != nil || r.Pending.Step != login.StepPassword {
			t.Fatalf("%+v %v", r, err)
		}
		_, err = k.Login.NewPassword(ctx, db, kit.Here, token, "short")
		kit.Is(t, err, "password_too_short")
		long := strings.Repeat("lantern orchard quilt ", 3)
		if r, err = k.Login.NewPassword(ctx, db, kit.Here, token, long); err != nil || r.Session == nil || !k.Alive(t, r.Session.Token) {
			t.Fatalf("%+v %v", r, err)
		}
	})
}

// Proves decisions 13 and 17: a recognised browser of a person without a second factor stops at new terms too.
func TestTermsInRecognisedBrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		k.Person(t, "ana")
		browser := kit.Browser()
		k.LogIn(t, "ana", browser)
		k.Login.Settings.Terms = "2"
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", browser))
		if err != nil || r.Pending == nil || r.Pending.Step != login.StepTerms {
			t.Fatalf("%+v %v", r, err)
		}
		if r, err = k.Login.AcceptTerms(ctx, db, kit.Here, r.Pending.Token, "2"); err != nil || !k.Alive(t, r.Session.Token) {
			t.Fatalf("%+v %v", r, err)
		}
		if r, err = k.Login.Begin(ctx, db, kit.Attempt("ana", browser)); err != nil || r.Session == nil {
			t.Fatalf("%+v %v", r, err)
		}
	})
}

// Proves decisions 17: a registration that was not confirmed is named to whoever knows its password, and to nobody else.
func TestUnconfirmed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		_, err := k.Join.Register(ctx, db, access.Visitor(kit.Here), join.Form{Username: "ana", Email: "ana@example.com",
			Password: accounttest.Password, Terms: true})
		if err != nil {
			t.Fatal(err)
		}
		a := kit.Attempt("ana", kit.Browser())
		_, err = k.Login.Begin(ctx, db, a)
		kit.Is(t, err, "email_not_confirmed")
		a.Password += "x"
		_, err = k.Login.Begin(ctx, db, a)
		kit.Is(t, err, "wrong_login")
	})
}

// Proves C42: a change of proofs ends half log-ins too.
func TestPendingEndsWithTheVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if err != nil {
			t.Fatal(err)
		}
		code := k.Code(t, r.Pending.Challenge)
		k.Write(t, func(tx *store.Tx) error { _, err := profile.Bump(tx, p.ID); return err })
		_, err = k.Login.Enter(ctx, db, kit.Here, r.Pending.Token, proof.SMS, code)
		kit.Is(t, err, "signed_out")
	})
}

// Proves C58 and LF11: when texts may not be sent nobody gets in without the factor, and the other ways stay open.
func TestRefusedText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		codes := k.RecoveryCodes(t, p)
		k.Guard.Settings.ConfirmedPot = 0
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if err != nil || r.Session != nil || r.Notice == nil || r.Notice.Code != "spend_ceiling" {
			t.Fatalf("%+v %v", r, err)
		}
		done, err := k.Login.Enter(ctx, db, kit.Here, r.Pending.Token, proof.Recovery, codes[3])
		if err != nil || done.Session == nil {
			t.Fatalf("%+v %v", done, err)
		}
		db.Close()
		_, err = k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if !problem.Is(err, problem.KindUnavailable) {
			t.Fatalf("with the database gone: %v", err)
		}
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
