package join_test

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/join"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

var ctx = context.Background()

func form(name string) join.Form {
	return join.Form{Username: name, Email: name + "@example.com", Password: accounttest.Password, Terms: true, Language: "de", Zone: "Europe/Berlin", Country: "de"}
}

func register(t *testing.T, k *accounttest.Kit, from string, f join.Form) join.Waiting {
	t.Helper()
	w, err := k.Join.Register(ctx, k.DB, accounttest.From(from), f)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func fields(err error) string {
	var out []string
	if p := problem.As(err); p != nil {
		for _, f := range p.Fields {
			out = append(out, f.Name+":"+f.Code)
		}
	}
	return strings.Join(out, " ")
}

// Proves RP1 (every mistake at its field, all at once), RP2, RP4, RP5, C1, C5; megabytes, NUL and other junk are field
// errors and never faults.
func TestEveryMistakeAtItsField(t *testing.T) {
	db := storetest.OpenSQLite(t)
	k := accounttest.New(t, db)
	k.Person(t, "taken")
	mb := strings.Repeat("x", 1<<20)
	for _, c := range []struct {
		f    join.Form
		want string
	}{
		{join.Form{}, "username:username_missing email:email_missing password:password_missing terms:terms_missing"},
		{join.Form{Username: mb, Email: mb, Password: mb, Terms: true}, "username:username_too_long email:email_too_long password:password_too_long"},
		{join.Form{Username: "a\x00", Email: "a\x00@example.com", Password: accounttest.Password + "\x00", Terms: true}, "username:username_characters email:email_format password:password_characters"},
		{join.Form{Username: "TАKEN", Email: "new@example.com", Password: accounttest.Password, Terms: true}, "username:username_taken"},
		{join.Form{Username: "eve@example.com", Email: "new@example.com", Password: accounttest.Password, Terms: true}, "username:username_taken"},
		{join.Form{Username: "new", Email: "new.person@example.com", Password: "new.person123456", Terms: true}, "password:password_own_word"},
		{join.Form{Username: "new", Email: "new@example.com", Password: "password12345678", Terms: true}, "password:password_common"},
		{join.Form{Username: "new", Email: "new@example.com", Password: accounttest.Password}, "terms:terms_missing"},
	} {
		_, err := k.Join.Register(ctx, db, accounttest.From("192.0.2.1"), c.f)
		if got := fields(err); got != c.want {
			t.Errorf("got %s, want %s (%.200v)", got, c.want, err)
		}
	}
	if len(k.Mails(t)) != 0 {
		t.Error("a mail was sent for a form with mistakes")
	}
}

// Proves RP1, RP5, RP7, B11, decisions 17: link in the same browser, looked at by scanners first, used once.
func TestRegisterAndConfirm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		w := register(t, k, "192.0.2.1", form("Ana"))
		if w.Email != "Ana@example.com" || w.Browser == "" || w.Held || w.ResendAt <= w.SentAt {
			t.Fatalf("%+v", w)
		}
		k.Write(t, func(tx *store.Tx) error {
			if _, err := profile.ByLogin(tx, "ana"); !problem.Is(err, problem.KindNotFound) {
				t.Error("a profile exists before the address was proved", err)
			}
			hash, err := k.Join.Unconfirmed(tx, "Ana")
			if ok, _, err := k.Hasher.Verify(ctx, accounttest.Password, hash); !ok || err != nil {
				t.Error("not found for telling to open the mail", err)
			}
			return err
		})
		m := k.Newest(t, "Ana@example.com")
		for _, browser := range []string{"", w.Browser, "x"} {
			k.Write(t, func(tx *store.Tx) error {
				c, refused, err := k.Join.Look(tx, m.Token(t), browser)
				if refused != nil || c.Same != (browser == w.Browser) || c.Username != "Ana" {
					t.Error(c, refused)
				}
				return err
			})
		}
		won := accounttest.Race(50, func() bool {
			_, _, refused, err := k.Join.Confirm(ctx, db, accounttest.From("192.0.2.1"), m.Token(t), w.Browser, "")
			if err != nil {
				t.Error(err)
			}
			return refused == nil && err == nil
		})
		if won != 1 {
			t.Fatal("B15: confirmed", won, "times")
		}
		k.Write(t, func(tx *store.Tx) error {
			p, err := profile.ByLogin(tx, "ANA")
			if p.Email != "Ana@example.com" || p.Language != "de" || p.Zone != "Europe/Berlin" || p.Country != "DE" || p.TermsVersion != "1" || p.TermsAt == 0 || p.TermsAddress != "192.0.2.1" {
				t.Errorf("%+v", p)
			}
			kept, err2 := password.Of(tx, string(p.ID))
			if err2 != nil || kept.CodePoints != password.Count(accounttest.Password) {
				t.Error(kept, err2)
			}
			if _, refused, err := k.Join.Waiting(tx, w.Browser); refused == nil || err != nil {
				t.Error("the sign-up is still there", err)
			}
			return err
		})
	})
}

// Proves decisions 17: in another browser the password is asked for, tries are bounded, and "I did not register" ends
// it and frees the name.
func TestAnotherBrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		register(t, k, "192.0.2.1", form("ana"))
		token := k.Newest(t, "ana@example.com").Token(t)
		confirm := func(pw string) string {
			_, same, refused, err := k.Join.Confirm(ctx, db, accounttest.From("192.0.2.9"), token, "", pw)
			if err != nil || same {
				t.Fatal(same, err)
			}
			if refused == nil {
				return ""
			}
			return refused.Code
		}
		if c := confirm(""); c != "password_missing" {
			t.Fatal(c)
		}
		if c := confirm("not the right password"); c != "password_wrong" {
			t.Fatal(c)
		}
		if c := confirm(accounttest.Password); c != "" {
			t.Fatal(c)
		}
		register(t, k, "192.0.2.2", form("eve"))
		token = k.Newest(t, "eve@example.com").Token(t)
		for range 10 {
			confirm("not the right password")
		}
		if c := confirm(accounttest.Password); c != "tries_many" {
			t.Fatal("guessing is not bounded:", c)
		}
		register(t, k, "192.0.2.3", form("rob"))
		token = k.Newest(t, "rob@example.com").Token(t)
		if refused, err := k.Join.Disown(ctx, db, accounttest.From("192.0.2.9"), token); refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		if c := confirm(accounttest.Password); c != "link_used" {
			t.Fatal(c)
		}
		other := form("rob")
		other.Email = "other@example.com"
		register(t, k, "192.0.2.3", other)
	})
}

func count(t *testing.T, k *accounttest.Kit, table string) (n int) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) error { return tx.QueryRow(`SELECT COUNT(*) FROM ` + table).Scan(&n) })
	return n
}

// Proves RP8, C11, B8: a known address gets the same answer and the same rows, again and again; only the mail differs.
func TestAKnownAddressIsNotTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		k.Person(t, "known")
		tables := []string{"account_signup", "account_link", "account_name", "email_message", "account_count", "audit_event"}
		run := func(email string) (grew []int, w join.Waiting, second string) {
			var before []int
			for _, x := range tables {
				before = append(before, count(t, k, x))
			}
			f := form("fresh" + email[:1])
			f.Email = email
			w = register(t, k, "192.0.2.1", f)
			for i, x := range tables {
				grew = append(grew, count(t, k, x)-before[i])
			}
			_, err := k.Join.Register(ctx, db, accounttest.From("192.0.2.5"), f) // the second try must not tell either
			second = fmt.Sprint(err)
			db.Clock().Advance(2 * time.Minute)
			_, refused, err := k.Join.Resend(ctx, db, accounttest.From("192.0.2.1"), w.Browser)
			return grew, w, second + fmt.Sprint(refused, err)
		}
		a, wa, sa := run("known@example.com")
		b, wb, sb := run("nobody@example.com")
		if fmt.Sprint(a) != fmt.Sprint(b) || sa != sb {
			t.Errorf("%v %s\n%v %s", a, sa, b, sb)
		}
		wa.Browser, wb.Browser, wa.Email, wb.Email, wa.Username, wb.Username = "", "", "", "", "", ""
		if wb.SentAt -= wb.ExpiresAt - wa.ExpiresAt; wb.SentAt != wa.SentAt || wa.Held != wb.Held {
			t.Errorf("%+v %+v", wa, wb)
		}
		kinds := ""
		for _, m := range k.Mails(t) {
			kinds += m.To + "=" + m.Kind + " "
		}
		if want := "known@example.com=already_registered "; strings.Count(kinds, want) != 3 || strings.Contains(kinds, "known@example.com=verify") {
			t.Error(kinds)
		}
		// Another person cannot have the name that either of them holds.
		for _, name := range []string{"freshk", "freshn"} {
			f := form(name)
			f.Email = "third@example.com"
			if _, err := k.Join.Register(ctx, db, accounttest.From("192.0.2.6"), f); fields(err) != "username:username_taken" {
				t.Error(name, err)
			}
		}
	})
}

// Proves RP7 (resend with a cool-down, expiring), C60 (mails to one address are bounded, +tags share: B18).
func TestResendAndExpiry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		w := register(t, k, "192.0.2.1", form("ana"))
		resend := func() string {
			_, refused, err := k.Join.Resend(ctx, db, accounttest.From("192.0.2.1"), w.Browser)
			if err != nil {
				t.Fatal(err)
			}
			if refused == nil {
				return ""
			}
			return refused.Code
		}
		first := k.Newest(t, "ana@example.com").Token(t)
		if c := resend(); c != "mail_wait" {
			t.Fatal(c)
		}
		db.Clock().Advance(time.Minute)
		if c := resend(); c != "" {
			t.Fatal(c)
		}
		if _, _, refused, _ := k.Join.Confirm(ctx, db, accounttest.From("192.0.2.1"), first, w.Browser, ""); refused == nil || refused.Code != "link_replaced" {
			t.Fatal(refused)
		}
		for range 3 {
			db.Clock().Advance(time.Minute)
			if c := resend(); c != "" {
				t.Fatal(c)
			}
		}
		db.Clock().Advance(time.Minute)
		if c := resend(); c != "mails_many" {
			t.Fatal(c)
		}
		for i := range 4 {
			f := form(fmt.Sprint("tag", i))
			f.Email = fmt.Sprintf("ana+%d@example.com", i)
			register(t, k, fmt.Sprint("198.51.100.", i), f)
		}
		if n := len(k.Mails(t)); n != 5 {
			t.Fatal("mails to one mailbox:", n)
		}
		token := k.Newest(t, "ana@example.com").Token(t)
		db.Clock().Advance(25 * time.Hour)
		if _, _, refused, _ := k.Join.Confirm(ctx, db, accounttest.From("192.0.2.1"), token, w.Browser, ""); refused == nil || refused.Code != "link_expired" {
			t.Fatal(refused)
		}
		k.Write(t, join.Sweep)
		f := form("ana")
		f.Email = "other@example.com"
		register(t, k, "192.0.2.1", f) // the name is free again
	})
}

func solve(t *testing.T, k *accounttest.Kit) string {
	t.Helper()
	c, err := k.Captcha.New(k.DB.Now())
	if err != nil {
		t.Fatal(err)
	}
	nonce, _ := hex.DecodeString(c.Parameters.Nonce)
	salt, _ := hex.DecodeString(c.Parameters.Salt)
	for n := range uint32(1000) {
		key, _ := pbkdf2.Key(sha256.New, string(binary.BigEndian.AppendUint32(append([]byte(nil), nonce...), n)), salt, c.Parameters.Cost, 32)
		if strings.HasPrefix(hex.EncodeToString(key), c.Parameters.KeyPrefix) {
			b, _ := json.Marshal(map[string]any{"challenge": c, "solution": map[string]string{"derivedKey": hex.EncodeToString(key)}})
			return base64.StdEncoding.EncodeToString(b)
		}
	}
	t.Fatal("not solved")
	return ""
}

// Proves RP6, decisions 15: after three sign-ups an hour from one network the CAPTCHA is asked for; without one the
// sign-up is held, at a capped rate; an answer counts once. Overall: 30 in ten minutes.
func TestCaptcha(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		k.Join.Settings.HeldAnHour = 2
		needs := func(from string) (yes bool) {
			k.Write(t, func(tx *store.Tx) (err error) {
				yes, err = k.Join.NeedsCaptcha(tx, accounttest.From(from))
				return err
			})
			return yes
		}
		for i := range 3 {
			if needs("2001:db8::1") {
				t.Fatal(i)
			}
			register(t, k, "2001:db8::1", form(fmt.Sprint("p", i)))
		}
		if !needs("2001:db8::ffff") || needs("2001:db8:1::1") {
			t.Fatal("IPv6 counts by /64 (decisions 19)")
		}
		f := form("solver")
		f.Captcha = "nonsense"
		if _, err := k.Join.Register(ctx, db, accounttest.From("2001:db8::2"), f); fields(err) != "captcha:captcha_wrong" {
			t.Fatal(err)
		}
		f.Captcha = solve(t, k)
		if w := register(t, k, "2001:db8::2", f); w.Held {
			t.Fatal("held although solved")
		}
		g := form("again")
		g.Captcha = f.Captcha
		if _, err := k.Join.Register(ctx, db, accounttest.From("2001:db8::2"), g); fields(err) != "captcha:captcha_used" {
			t.Fatal(err)
		}
		var later int
		for i := range 5 {
			if w := register(t, k, "2001:db8::3", form(fmt.Sprint("held", i))); !w.Held {
				t.Fatal("not held")
			} else if w.SentAt > db.Now() {
				later++
			}
		}
		if later != 3 {
			t.Fatal("mails that wait:", later)
		}
		for i := range 22 {
			register(t, k, fmt.Sprintf("203.0.113.%d", i), form(fmt.Sprint("x", i)))
		}
		if !needs("198.51.100.77") {
			t.Fatal("31 in ten minutes overall, and no CAPTCHA")
		}
	})
}
