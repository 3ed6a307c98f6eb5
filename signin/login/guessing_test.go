package login_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/challenge"
	"watchword/signin/login"
	"watchword/signin/proof"
	kit "watchword/signin/signintest"
)

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

// Proves decisions 16: ten failures in a row cost a browser its recognition; strangers' waits do not come of it.
func TestBrowserLosesRecognition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		own := kit.Browser()
		k.LogIn(t, "ana", own)
		bad := kit.Attempt("ana", own)
		bad.Password = "not the password at all"
		for range 9 {
			_, err := k.Login.Begin(ctx, db, bad)
			kit.Is(t, err, "wrong_login")
		}
		if r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", own)); err != nil || r.Session == nil {
			t.Fatalf("after nine: %+v %v", r, err)
		}
		for range 10 {
			_, err := k.Login.Begin(ctx, db, bad)
			kit.Is(t, err, "wrong_login")
		}
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", own))
		if err != nil || r.Session != nil || !r.Pending.NoFactor {
			t.Fatalf("after ten: %+v %v", r, err)
		}
		k.Finish(t, r)
		if n := k.Kinds(t, p.Email)["many_wrong_passwords"]; n != 1 {
			t.Fatalf("%d notices", n)
		}
	})
}

// Proves C11, C60: links to log in again are asked for without learning who exists, a bounded number of times.
func TestAskUnlockTellsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		for i := range 20 {
			name := []string{"ana", "nobody"}[i%2]
			if err := k.Login.AskUnlock(ctx, db, kit.Here, name); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		for _, name := range []string{"ana", "nobody"} {
			kit.Is(t, k.Login.AskUnlock(ctx, db, kit.Here, name), "asks_many")
		}
		if n := k.Kinds(t, p.Email)["unlock_login"]; n != 1 || len(k.Mails(t)) != 1 {
			t.Fatalf("%d links", n)
		}
	})
}
