package recovery_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"watchword/account/accounttest"
	"watchword/account/profile"
	"watchword/account/recovery"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/challenge"
)

var (
	ctx = context.Background()
	who = accounttest.From("192.0.2.7")
)

func codes(t *testing.T, k *accounttest.Kit, p id.Profile) (out []string) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) (err error) { out, err = k.Recovery.Make(tx, who, p); return err })
	return out
}

func use(t *testing.T, k *accounttest.Kit, p id.Profile, code string) (v challenge.Verdict) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) (err error) { v, err = k.Recovery.Use(tx, who, p, code); return err })
	return v
}

// Proves LF21, C30 (65 bits, hashed, single use, replaced), decisions 35 ("I have saved them").
func TestCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		p, q := k.Person(t, "ana").ID, k.Person(t, "eve").ID
		all := codes(t, k, p)
		seen := map[string]bool{}
		for _, c := range all {
			plain := strings.ReplaceAll(c, "-", "")
			if len(plain) != 13 || strings.Trim(plain, "abcdefghjkmnpqrstvwxyz0123456789") != "" || seen[c] {
				t.Fatal(c)
			}
			seen[c] = true
		}
		k.Write(t, func(tx *store.Tx) error {
			var n int
			err := tx.QueryRow(`SELECT COUNT(*) FROM account_recovery_code WHERE hash LIKE $1`, "%"+all[0][:4]+"%").Scan(&n)
			if n > 0 {
				t.Error("readable")
			}
			if err == nil {
				err = k.Recovery.Saved(tx, p)
			}
			return err
		})
		if v := use(t, k, q, all[0]); v.OK {
			t.Fatal("another person's code")
		}
		if v := use(t, k, p, " "+strings.ToUpper(strings.ReplaceAll(all[0], "-", " "))+" "); !v.OK || v.TriesLeft != 9 {
			t.Fatal(v)
		}
		if v := use(t, k, p, all[0]); v.OK || v.Reason != challenge.Used {
			t.Fatal(v)
		}
		for _, junk := range []string{"", "x", strings.Repeat("a", 1<<20), "abcd-efgh-jkmn\x00", "áááááááááááááá"} {
			if v := use(t, k, p, junk); v.Reason != challenge.NotWellMade || recovery.Problem(v, 0) == nil {
				t.Errorf("%.10q %v", junk, v)
			}
		}
		again := codes(t, k, p)
		if v := use(t, k, p, all[1]); v.OK {
			t.Fatal("a replaced code works")
		}
		if v := use(t, k, p, again[1]); !v.OK {
			t.Fatal(v)
		}
		k.Write(t, func(tx *store.Tx) error {
			c, err := k.Recovery.Codes(tx, p)
			if c.Made != 10 || c.Left != 9 || c.SavedAt != 0 || c.MadeAt == 0 {
				t.Errorf("%+v", c)
			}
			return err
		})
	})
}

// Proves B15, C18: fifty parallel uses of one recovery code give one success; C13, C30: wrong ones are throttled and
// counted exactly.
func TestFiftyUsesOfOneRecoveryCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		p := k.Person(t, "ana").ID
		code := codes(t, k, p)[3]
		won := accounttest.Race(50, func() bool {
			ok := false
			if err := db.Write(ctx, func(tx *store.Tx) error {
				v, err := k.Recovery.Use(tx, who, p, code)
				ok = v.OK
				return err
			}); err != nil {
				t.Error(err)
			}
			return ok
		})
		if won != 1 {
			t.Fatal(won)
		}
		db.Clock().Advance(2 * time.Hour)
		k.Write(t, func(tx *store.Tx) error { return k.Budget.Rebound(tx, id.System, string(p), "recovery") })
		accounttest.Race(50, func() bool { return use(t, k, p, "aaaa-bbbb-ccccc").OK })
		k.Write(t, func(tx *store.Tx) error {
			b, err := k.Budget.Of(tx, id.System, string(p), "recovery")
			if b.Failures != 10 || b.NextAt <= tx.Now {
				t.Errorf("%+v", b)
			}
			return err
		})
	})
}

func ask(t *testing.T, k *accounttest.Kit, name string) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) error {
		refused, err := k.Recovery.AskReset(tx, who, name)
		if refused != nil {
			return refused
		}
		return err
	})
	if err := k.Recovery.Answer(ctx, k.DB); err != nil {
		t.Fatal(err)
	}
}

// Proves RP15, C31 (one use, older die, 30 minutes), C11 (the same row whoever it is), C34 (recovery address).
func TestResetLinks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		ana := k.Person(t, "ana")
		for _, name := range []string{"nobody", "nobody@example.com", "\x00", "a\xff", strings.Repeat("x", 1<<20)} {
			ask(t, k, name)
		}
		if m := k.Mails(t); len(m) != 0 {
			t.Fatal(m)
		}
		ask(t, k, "ANA")
		old := k.Newest(t, "ana@example.com")
		ask(t, k, "Ana@Example.com")
		fresh := k.Newest(t, "ana@example.com")
		if !strings.HasPrefix(fresh.Kind, "reset_password") || old.Token(t) == fresh.Token(t) {
			t.Fatal(fresh)
		}
		look := func(token string) (code string) {
			k.Write(t, func(tx *store.Tx) error {
				r, refused, err := k.Recovery.LookReset(tx, token)
				if refused != nil {
					code = refused.Code
				} else if r.Profile.ID != ana.ID {
					t.Error(r)
				}
				return err
			})
			return code
		}
		if c := look(old.Token(t)); c != "link_replaced" {
			t.Fatal(c)
		}
		for range 5 {
			if c := look(fresh.Token(t)); c != "" {
				t.Fatal(c)
			}
		}
		won := accounttest.Race(50, func() bool {
			ok := false
			if err := db.Write(ctx, func(tx *store.Tx) error {
				_, refused, err := k.Recovery.UseReset(tx, fresh.Token(t))
				ok = refused == nil && err == nil
				return err
			}); err != nil {
				t.Error(err)
			}
			return ok
		})
		if won != 1 {
			t.Fatal("B15: used", won, "times")
		}
		ask(t, k, "ana")
		k.Write(t, func(tx *store.Tx) error { return k.Recovery.CancelResets(tx, ana.ID) })
		if c := look(k.Newest(t, "ana@example.com").Token(t)); c != "link_replaced" {
			t.Fatal("it outlived a change of password:", c)
		}
		ask(t, k, "ana")
		db.Clock().Advance(30 * time.Minute)
		if c := look(k.Newest(t, "ana@example.com").Token(t)); c != "link_expired" {
			t.Fatal(c)
		}
	})
}

// Proves C60, B18: mails to one person are bounded, and so is what one network may ask for.
func TestResetsAreBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		k.Person(t, "ana")
		for range 8 {
			ask(t, k, "ana")
		}
		if n := len(k.Mails(t)); n != 5 {
			t.Fatal(n)
		}
		var refused *problem.Error
		for range 20 {
			k.Write(t, func(tx *store.Tx) (err error) { refused, err = k.Recovery.AskReset(tx, who, "nobody"); return err })
		}
		if refused == nil || refused.Kind != problem.KindTooMany || refused.RetryAfter <= 0 {
			t.Fatal(refused)
		}
	})
}

// Proves C34, C35: a second address counts once its link was used; adding and removing it is told to all.
func TestRecoveryAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		ana := k.Person(t, "ana")
		add := func(a string) error {
			return db.Write(ctx, func(tx *store.Tx) error { return k.Recovery.AddAddress(tx, who, ana.ID, a) })
		}
		if err := add("ana@@"); !problem.HasCode(err, "email_format") || problem.As(err).Fields[0].Name != "address" {
			t.Fatal(err)
		}
		if err := add("ana.second@other.example"); err != nil {
			t.Fatal(err)
		}
		ask(t, k, "ana.second@other.example")
		mails := k.Mails(t)
		if len(mails) != 1 || mails[0].To != "ana.second@other.example" {
			t.Fatal("an unconfirmed address got a reset link", mails)
		}
		token := mails[0].Token(t)
		k.Write(t, func(tx *store.Tx) error {
			masked, refused, err := k.Recovery.LookAddress(tx, token)
			if refused != nil || masked != "a•••@other.example" {
				t.Error(masked, refused)
			}
			return err
		})
		for i := range 2 {
			k.Write(t, func(tx *store.Tx) error {
				refused, err := k.Recovery.ConfirmAddress(tx, who, token)
				if (refused != nil) != (i == 1) {
					t.Error(i, refused)
				}
				return err
			})
		}
		told := map[string]bool{}
		for _, m := range k.Mails(t)[1:] {
			told[m.To+" "+m.Kind] = true
		}
		if !told["ana@example.com recovery_address_added"] || !told["ana.second@other.example recovery_address_added"] {
			t.Fatal(told)
		}
		ask(t, k, "ana.second@other.example")
		if m := k.Newest(t, "ana.second@other.example"); m.Kind != "reset_password" {
			t.Fatal(m.Kind)
		}
		k.Write(t, func(tx *store.Tx) error { return k.Recovery.RemoveAddress(tx, who, ana.ID, "ana.second@other.example") })
		if m := k.Newest(t, "ana.second@other.example"); m.Kind != "recovery_address_removed" {
			t.Fatal(m.Kind)
		}
		k.Write(t, func(tx *store.Tx) error {
			all, err := profile.Confirmed(tx, ana)
			if len(all) != 1 {
				t.Error(all)
			}
			return err
		})
	})
}

// Whatever letters a person reads from a printed list, the code is read back (i and l for 1, o for 0).
func TestCodesAreReadAsWritten(t *testing.T) {
	db := storetest.OpenSQLite(t)
	k := accounttest.New(t, db)
	p := k.Person(t, "ana").ID
	rapid.Check(t, func(rt *rapid.T) {
		c := codes(t, k, p)[rapid.IntRange(0, 9).Draw(rt, "which")]
		var typed strings.Builder
		for _, r := range c {
			switch {
			case r == '1' && rapid.Bool().Draw(rt, "l"):
				r = 'l'
			case r == '0' && rapid.Bool().Draw(rt, "o"):
				r = 'O'
			case r == '-' && rapid.Bool().Draw(rt, "space"):
				r = ' '
			}
			if rapid.Bool().Draw(rt, "upper") {
				typed.WriteString(strings.ToUpper(string(r)))
			} else {
				typed.WriteRune(r)
			}
		}
		if v := use(t, k, p, typed.String()); !v.OK {
			rt.Fatal(c, typed.String(), v)
		}
	})
}
