package factor_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/factor"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/challenge"
)

var (
	ctx = context.Background()
	who = accounttest.From("192.0.2.7")
)

// app is an authenticator app, written after RFC 6238 and not after our code.
func app(secret string, at int64) string {
	key, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(secret, " ", ""))
	if err != nil {
		panic(err)
	}
	var c [8]byte
	binary.BigEndian.PutUint64(c[:], uint64(at/1e6/30))
	m := hmac.New(sha1.New, key)
	m.Write(c[:])
	s := m.Sum(nil)
	o := s[19] & 15
	n := (uint32(s[o])&127)<<24 | uint32(s[o+1])<<16 | uint32(s[o+2])<<8 | uint32(s[o+3])
	return fmt.Sprintf("%06d", n%1000000)
}

func bindTOTP(t *testing.T, k *accounttest.Kit, p id.Profile) (secret string, f factor.Factor) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) error {
		s, err := k.Factors.BeginTOTP(tx, p, "ana")
		if err != nil {
			return err
		}
		secret = s.Secret
		var refused *problem.Error
		f, refused, err = k.Factors.FinishTOTP(tx, who, p, s.ID, app(secret, tx.Now), "My phone")
		if refused != nil {
			return refused
		}
		return err
	})
	return secret, f
}

func check(t *testing.T, k *accounttest.Kit, p id.Profile, code func(now int64) string) (v challenge.Verdict) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) (err error) {
		v, err = k.Factors.CheckTOTP(tx, who, p, code(tx.Now))
		return err
	})
	return v
}

func list(t *testing.T, k *accounttest.Kit, p id.Profile) (out []factor.Factor) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) (err error) { out, err = k.Factors.List(tx, p); return err })
	return out
}

// Proves LF20, C28 (160 bits, 30 s, one step either way, no replay), B16 (TOTP), LF8 for TOTP.
func TestAuthenticatorApp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		p := k.Person(t, "ana").ID
		var first, again factor.Setup
		k.Write(t, func(tx *store.Tx) (err error) {
			if first, err = k.Factors.BeginTOTP(tx, p, "ana m"); err != nil {
				return err
			}
			again, err = k.Factors.BeginTOTP(tx, p, "ana m")
			return err
		})
		if first != again || len(strings.ReplaceAll(first.Secret, " ", "")) != 32 || !strings.HasPrefix(first.URI, "otpauth://totp/Watchword:ana%20m?") {
			t.Fatal(first, again)
		}
		if png, err := first.PNG(256); err != nil || len(png) < 100 {
			t.Fatal(err)
		}
		if len(list(t, k, p)) != 0 {
			t.Fatal("it is bound before a code was right")
		}
		secret, f := bindTOTP(t, k, p)
		if secret != first.Secret || f.Label != "My phone" || !f.Preferred || f.Strength != 2 {
			t.Fatal(f)
		}
		at := func(d time.Duration) func(int64) string {
			return func(now int64) string { return app(secret, now+store.Micros(d)) }
		}
		if v := check(t, k, p, at(0)); v.OK || v.Reason != challenge.Used {
			t.Fatal("the code that bound it was taken again:", v.Reason)
		}
		db.Clock().Advance(5 * time.Minute)
		for _, d := range []time.Duration{-61 * time.Second, 61 * time.Second} {
			if v := check(t, k, p, at(d)); v.OK {
				t.Error("accepted at", d)
			}
		}
		if v := check(t, k, p, at(-30*time.Second)); !v.OK {
			t.Fatal("one step late:", v.Reason)
		}
		if v := check(t, k, p, at(-30*time.Second)); v.OK || v.Reason != challenge.Used {
			t.Fatal("replayed")
		}
		if v := check(t, k, p, func(now int64) string { c := app(secret, now); return c[:3] + " " + c[3:] }); !v.OK {
			t.Fatal("with a space:", v.Reason)
		}
		for _, junk := range []string{"", "12345", "1234567", "abcdef", strings.Repeat("1", 1<<20), "12345\x00"} {
			if v := check(t, k, p, func(int64) string { return junk }); v.Reason != challenge.NotWellMade || factor.Problem(v, 0).Fields[0].Name != "code" {
				t.Errorf("%.10q: %v", junk, v.Reason)
			}
		}
	})
}

// Proves B15, B16: fifty parallel uses of one code of an authenticator app give one success.
func TestFiftyUsesOfOneCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		p := k.Person(t, "ana").ID
		secret, _ := bindTOTP(t, k, p)
		db.Clock().Advance(time.Minute)
		code := app(secret, db.Now())
		if won := accounttest.Race(50, func() bool {
			ok := false
			err := db.Write(ctx, func(tx *store.Tx) error {
				v, err := k.Factors.CheckTOTP(tx, who, p, code)
				ok = v.OK
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return ok
		}); won != 1 {
			t.Fatal(won)
		}
	})
}

// Proves C13, C14: wrong codes wait after ten and switch the factor off after a hundred; binding anew brings it back and
// ends the old one.
func TestHundredWrongCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		p := k.Person(t, "ana").ID
		secret, _ := bindTOTP(t, k, p)
		wrong := func(now int64) string {
			right := app(secret, now)
			for _, c := range []string{"000000", "111111", "222222", "333333"} {
				if c != right && c != app(secret, now-30e6) && c != app(secret, now+30e6) {
					return c
				}
			}
			return "444444"
		}
		off := 0
		for i := 1; i <= 100; i++ {
			v := check(t, k, p, wrong)
			if v.OK || i < 100 && v.Reason != challenge.Wrong {
				t.Fatal(i, v.Reason)
			}
			if v.JustSwitchedOff {
				off = i
			}
			if i == 10 {
				if v := check(t, k, p, func(now int64) string { return app(secret, now) }); v.Reason != challenge.Wait {
					t.Fatal("no wait after ten:", v.Reason)
				}
			}
			db.Clock().Advance(61 * time.Minute)
		}
		if off != 100 {
			t.Fatal("switched off at", off)
		}
		if v := check(t, k, p, func(now int64) string { return app(secret, now) }); v.Reason != challenge.SwitchedOff {
			t.Fatal(v.Reason)
		}
		if f := list(t, k, p); !f[0].Off {
			t.Fatal(f)
		}
		fresh, _ := bindTOTP(t, k, p)
		db.Clock().Advance(time.Minute)
		if v := check(t, k, p, func(now int64) string { return app(secret, now) }); v.OK {
			t.Fatal("the old app came back")
		}
		if v := check(t, k, p, func(now int64) string { return app(fresh, now) }); !v.OK {
			t.Fatal(v.Reason)
		}
	})
}

func bindNumber(t *testing.T, k *accounttest.Kit, p id.Profile, number string) (f factor.Factor, old factor.Number, had bool) {
	t.Helper()
	n, err := phone.ParseMobile(number, "GB")
	if err != nil {
		t.Fatal(err)
	}
	k.Write(t, func(tx *store.Tx) (err error) {
		f, old, had, err = k.Factors.BindNumber(tx, who, p, n)
		return err
	})
	return f, old, had
}

// Proves RP10, RP11, C25, C29 (sealed), B12 (72 hours), B13 (12 months, holders), B18 (twelve spellings, one number).
func TestNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		p, q := k.Person(t, "ana").ID, k.Person(t, "eve").ID
		for _, s := range []string{"07700 900123", "+447700900123", "00447700900123", "+44 (0)7700 900123", "0044 7700 900 123", "07700-900-123", "(07700) 900123", "+44.7700.900123",
			"٠٧٧٠٠٩٠٠١٢٣", " 447700900123", "０７７００９００１２３", "+44 7700 900123 "} {
			bindNumber(t, k, p, s)
		}
		all := list(t, k, p)
		if len(all) != 1 || all[0].Masked != "07700 ••• 123" || !all[0].Preferred {
			t.Fatalf("%+v", all)
		}
		bindNumber(t, k, q, "07700900123")
		k.Write(t, func(tx *store.Tx) error {
			h, err := k.Factors.Holders(tx, "+447700900123")
			if len(h) != 2 {
				t.Error(h)
			}
			var leaks int
			if err := tx.QueryRow(`SELECT COUNT(*) FROM account_factor WHERE masked LIKE '%7700900123%' OR match LIKE '%7700900123%'`).Scan(&leaks); err != nil || leaks > 0 {
				t.Error("readable", leaks, err)
			}
			return err
		})
		recovers := func() int {
			n := 0
			k.Write(t, func(tx *store.Tx) error { r, err := k.Factors.Recovering(tx, p); n = len(r); return err })
			return n
		}
		if recovers() != 0 {
			t.Error("a new number recovers at once")
		}
		db.Clock().Advance(73 * time.Hour)
		if recovers() != 1 {
			t.Error("a number of 73 hours does not recover")
		}
		_, old, had := bindNumber(t, k, p, "07700900456")
		if !had || old.Number.E164 != "+447700900123" || recovers() != 0 {
			t.Fatal(old, had)
		}
		replaced := func() (n factor.Number, ok bool) {
			k.Write(t, func(tx *store.Tx) (err error) { n, ok, err = k.Factors.Replaced(tx, p); return err })
			return n, ok
		}
		bindNumber(t, k, p, "07700900789") // an attacker changes it twice
		if n, ok := replaced(); !ok || n.Number.E164 != "+447700900123" {
			t.Fatal(n, ok)
		}
		var back factor.Number
		k.Write(t, func(tx *store.Tx) (err error) { back, err = k.Factors.RestoreNumber(tx, who, p); return err })
		if all := list(t, k, p); back.Number.E164 != "+447700900123" || len(all) != 1 || all[0].Masked != "07700 ••• 123" || !all[0].Preferred {
			t.Fatalf("%+v %+v", back, all)
		}
		if recovers() != 1 {
			t.Error("the restored number recovers as before")
		}
		bindNumber(t, k, p, "07700900456")
		db.Clock().Advance(72 * time.Hour)
		if n, ok := replaced(); ok {
			t.Fatal("kept for too long", n)
		}
		err := db.Write(ctx, func(tx *store.Tx) error { _, err := k.Factors.RestoreNumber(tx, who, p); return err })
		if !problem.HasCode(err, "number_settled") {
			t.Fatal(err)
		}
		k.Write(t, k.Factors.Sweep)
		k.Write(t, func(tx *store.Tx) error {
			var n int
			err := tx.QueryRow(`SELECT COUNT(*) FROM account_factor WHERE profile_id = $1 AND state = 'removed' AND secret IS NOT NULL`, p).Scan(&n)
			if n != 0 {
				t.Error("removed numbers are still there:", n)
			}
			return err
		})
		if list(t, k, p)[0].Stale {
			t.Error("stale at once")
		}
		db.Clock().Advance(366 * 24 * time.Hour)
		if !list(t, k, p)[0].Stale {
			t.Error("fresh after 366 days (B13)")
		}
		bindNumber(t, k, p, "07700900456")
		if list(t, k, p)[0].Stale {
			t.Error("confirmed again and still stale")
		}
	})
}

// Proves C22, C23, C24 (strengths), C27 (revoke; the record stays), LF20 (several at once, one preferred), C26 (Reach).
func TestSeveralFactors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		p := k.Person(t, "ana").ID
		reach := func() (l access.Level) {
			k.Write(t, func(tx *store.Tx) (err error) { l, err = k.Factors.Reach(tx, p); return err })
			return l
		}
		k.Write(t, func(tx *store.Tx) error {
			_, err := k.Factors.BindEmail(tx, who, p, "a•••@example.com")
			return err
		})
		if reach() != access.LevelPassword || list(t, k, p)[0].Strength != 1 {
			t.Fatal("email must stay weak")
		}
		bindNumber(t, k, p, "07700900123")
		secret, totp := bindTOTP(t, k, p)
		if reach() != access.LevelTwoFactor {
			t.Fatal(reach())
		}
		prefer := func(f id.Factor) error {
			return db.Write(ctx, func(tx *store.Tx) error { return k.Factors.Prefer(tx, who, p, f) })
		}
		if err := prefer(totp.ID); err != nil {
			t.Fatal(err)
		}
		preferred := 0
		for _, f := range list(t, k, p) {
			if f.Preferred {
				preferred++
			}
		}
		if all := list(t, k, p); len(all) != 3 || preferred != 1 || all[0].ID != totp.ID || all[2].Kind != factor.Email {
			t.Fatalf("%+v", all)
		}
		k.Write(t, func(tx *store.Tx) error { _, err := k.Factors.Remove(tx, who, p, totp.ID); return err })
		db.Clock().Advance(time.Minute)
		if v := check(t, k, p, func(now int64) string { return app(secret, now) }); v.OK {
			t.Fatal("a revoked app works")
		}
		eve, mine := k.Person(t, "eve").ID, list(t, k, p)[0].ID
		err := db.Write(ctx, func(tx *store.Tx) error { _, err := k.Factors.Remove(tx, who, eve, mine); return err })
		if !problem.Is(err, problem.KindNotFound) {
			t.Fatal("somebody else's factor:", err)
		}
		k.Write(t, func(tx *store.Tx) error {
			past, err := k.Factors.History(tx, p)
			if len(past) != 3 || past[0].RemovedFor != "removed" || past[0].Address != "192.0.2.7" || past[0].Device == "" {
				t.Errorf("%+v", past)
			}
			if _, err := k.Factors.RemoveAll(tx, who, p, "closed"); err != nil {
				return err
			}
			return err
		})
		if len(list(t, k, p)) != 0 {
			t.Fatal("something is left")
		}
	})
}

// Proves B13: a number bound to several profiles is visible to them, and their number is capped.
func TestSharedNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		var people []id.Profile
		for i := range 11 {
			people = append(people, k.Person(t, fmt.Sprint("person", i)).ID)
		}
		for _, p := range people[:10] {
			bindNumber(t, k, p, "07700900123")
		}
		n, _ := phone.ParseMobile("07700900123", "GB")
		err := db.Write(ctx, func(tx *store.Tx) error { _, _, _, err := k.Factors.BindNumber(tx, who, people[10], n); return err })
		if !problem.HasCode(err, "phone_shared") {
			t.Fatal(err)
		}
		bindNumber(t, k, people[0], "07700900123") // one's own, confirmed again
		k.Write(t, func(tx *store.Tx) error {
			others, err := k.Factors.Sharing(tx, people[0])
			if others != 9 {
				t.Error(others)
			}
			return err
		})
	})
}

// Proves B13 in parallel: of twenty profiles that bind one number at the same moment no more than ten do.
func TestSharedNumberAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		people := make(chan id.Profile, 20)
		for i := range 20 {
			people <- k.Person(t, fmt.Sprint("person", i)).ID
		}
		n, _ := phone.ParseMobile("07700900123", "GB")
		won := accounttest.Race(20, func() bool {
			p := <-people
			return db.Write(ctx, func(tx *store.Tx) error { _, _, _, err := k.Factors.BindNumber(tx, who, p, n); return err }) == nil
		})
		if won != 10 {
			t.Fatalf("%d profiles have the number", won)
		}
	})
}
