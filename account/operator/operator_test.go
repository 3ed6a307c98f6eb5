package operator_test

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
	"watchword/account/operator"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

var (
	ctx = context.Background()
	who = accounttest.From("192.0.2.7")
)

// app is an authenticator app (RFC 6238).
func app(secret string, at int64) string {
	key, _ := base32.StdEncoding.DecodeString(strings.ReplaceAll(secret, " ", ""))
	var c [8]byte
	binary.BigEndian.PutUint64(c[:], uint64(at/30e6))
	m := hmac.New(sha1.New, key)
	m.Write(c[:])
	s := m.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(s[s[19]&15:])&0x7fffffff%1000000)
}

func token(t *testing.T, k *accounttest.Kit) string {
	t.Helper()
	tok, err := k.Operators.Token(ctx, k.DB, access.System("serve"))
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

func exists(t *testing.T, k *accounttest.Kit) (yes bool) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) (err error) { yes, err = operator.Exists(tx); return err })
	return yes
}

// setUp makes an operator with an authenticator app.
func setUp(t *testing.T, k *accounttest.Kit, name string) (session, secret string, codes []string) {
	t.Helper()
	ticket, err := k.Operators.Create(ctx, k.DB, who, operator.Form{Token: token(t, k), Username: name, Name: "Olga", Password: accounttest.Password})
	if err != nil {
		t.Fatal(err)
	}
	_, s, err := k.Operators.Setup(ctx, k.DB, ticket.Token)
	if err != nil {
		t.Fatal(err)
	}
	made, codes, refused, err := k.Operators.FinishTOTP(ctx, k.DB, who, ticket.Token, app(s.Secret, k.DB.Now()))
	if refused != nil || err != nil {
		t.Fatal(refused, err)
	}
	return made.Token, s.Secret, codes
}

// Proves C59 (no default account, a token that works once), C37 (the initial secret is random, short-lived, single use), decisions 34 (password plus second factor obligatory,
// recovery codes shown, never a profile).
func TestTheFirstOperator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		if exists(t, k) {
			t.Fatal("there is an operator in an empty house")
		}
		first := token(t, k)
		second := token(t, k)
		f := operator.Form{Token: first, Username: "olga", Name: "Olga", Password: "short", Email: "x"}
		_, err := k.Operators.Create(ctx, db, who, f)
		if p := problem.As(err); p == nil || len(p.Fields) != 3 || p.Fields[0].Name != "token" {
			t.Fatal("an older token, or mistakes not all at once:", err)
		}
		f = operator.Form{Token: second, Username: "olga", Name: "Olga", Password: accounttest.Password}
		tickets := make(chan operator.Ticket, 50)
		won := accounttest.Race(50, func() bool {
			made, err := k.Operators.Create(ctx, db, who, f)
			if err == nil {
				tickets <- made
			} else if !problem.HasCode(err, "token_unknown") {
				t.Error(err)
			}
			return err == nil
		})
		if won != 1 {
			t.Fatal("B15: the token made", won, "operators")
		}
		ticket := <-tickets
		if exists(t, k) {
			t.Fatal("an operator without second factor counts")
		}
		if _, refused, err := k.Operators.Login(ctx, db, who, "olga", accounttest.Password); refused == nil || err != nil {
			t.Fatal("a password alone was enough to go on", err)
		}
		if _, _, err := k.Operators.Check(ctx, db, ticket.Token, who.Origin); !problem.Is(err, problem.KindSignedOut) {
			t.Fatal("the ticket opens something:", err)
		}
		_, s, err := k.Operators.Setup(ctx, db, ticket.Token)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, refused, _ := k.Operators.FinishTOTP(ctx, db, who, ticket.Token, "12"); refused == nil {
			t.Fatal("bound with a bad code")
		}
		made, codes, refused, err := k.Operators.FinishTOTP(ctx, db, who, ticket.Token, app(s.Secret, db.Now()))
		if refused != nil || err != nil || len(codes) != 10 || !exists(t, k) {
			t.Fatal(refused, err, codes)
		}
		a, o, err := k.Operators.Check(ctx, db, made.Token, who.Origin)
		if err != nil || a.Kind != access.KindOperator || a.Operator != o.ID || a.Profile != "" || a.Level != access.LevelTwoFactor {
			t.Fatal(a, err)
		}
		if _, _, err := k.Operators.Check(ctx, db, ticket.Token, who.Origin); err == nil {
			t.Fatal("the set-up ticket is a session (C38)")
		}
		k.Write(t, func(tx *store.Tx) error {
			if _, err := profile.ByLogin(tx, "olga"); !problem.Is(err, problem.KindNotFound) {
				t.Error("an operator is a profile", err)
			}
			return nil
		})
		late := token(t, k)
		db.Clock().Advance(25 * time.Hour)
		k.Write(t, func(tx *store.Tx) error {
			refused, err := k.Operators.LookToken(tx, late)
			if refused == nil {
				t.Error("a token of 25 hours works")
			}
			return err
		})
	})
}

// Proves decisions 34, C11 (same words), C12, C21 (tries per network), C38, C41 (idle, absolute), B16 (TOTP once).
func TestOperatorsLogIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		_, secret, codes := setUp(t, k, "olga")
		login := func(from, name, pw string) (operator.Ticket, *problem.Error) {
			made, refused, err := k.Operators.Login(ctx, db, accounttest.From(from), name, pw)
			if err != nil {
				t.Fatal(err)
			}
			return made, refused
		}
		_, wrong := login("198.51.100.1", "olga", "not the password")
		_, nobody := login("198.51.100.1", "nobody", "not the password")
		if wrong == nil || fmt.Sprint(wrong) != fmt.Sprint(nobody) {
			t.Fatal(wrong, nobody)
		}
		login("198.51.100.1", strings.Repeat("x", 1<<20), strings.Repeat("x", 1<<20))
		for range 2 {
			login("198.51.100.1", "olga", "not the password")
		}
		if _, refused := login("198.51.100.1", "olga", accounttest.Password); refused == nil || refused.Kind != problem.KindTooMany {
			t.Fatal("guessing is not bounded", refused)
		}
		db.Clock().Advance(time.Minute)
		ticket, refused := login("192.0.2.7", "OLGA", accounttest.Password)
		if refused != nil {
			t.Fatal("a stranger kept her out:", refused)
		}
		k.Write(t, func(tx *store.Tx) error {
			_, ways, err := k.Operators.Ways(tx, ticket.Token)
			if len(ways) != 1 || ways[0].Kind != factor.TOTP {
				t.Error(ways)
			}
			return err
		})
		code := app(secret, db.Now())
		made, refused, err := k.Operators.LoginTOTP(ctx, db, who, ticket.Token, code)
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		if _, refused, _ := k.Operators.LoginTOTP(ctx, db, who, ticket.Token, code); refused == nil {
			t.Fatal("one ticket, two sessions")
		}
		again, _ := login("192.0.2.7", "olga", accounttest.Password)
		if _, refused, _ := k.Operators.LoginTOTP(ctx, db, who, again.Token, code); refused == nil || refused.Code == "" {
			t.Fatal("the same code twice")
		}
		byCode, refused, err := k.Operators.LoginRecovery(ctx, db, who, again.Token, codes[0])
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		if err := k.Operators.Logout(ctx, db, who, byCode.Token); err != nil {
			t.Fatal(err)
		}
		if _, _, err := k.Operators.Check(ctx, db, byCode.Token, who.Origin); !problem.Is(err, problem.KindSignedOut) {
			t.Fatal("logged out and still in:", err)
		}
		for range 40 { // used every 20 minutes, it lasts, but not for ever
			db.Clock().Advance(20 * time.Minute)
			if _, _, err = k.Operators.Check(ctx, db, made.Token, who.Origin); err != nil {
				break
			}
		}
		if !problem.Is(err, problem.KindSignedOut) {
			t.Fatal("a session of more than 12 hours:", err)
		}
		idle, _ := login("192.0.2.7", "olga", accounttest.Password)
		made, _, _ = k.Operators.LoginTOTP(ctx, db, who, idle.Token, app(secret, db.Now()))
		db.Clock().Advance(31 * time.Minute)
		if _, _, err := k.Operators.Check(ctx, db, made.Token, who.Origin); !problem.Is(err, problem.KindSignedOut) {
			t.Fatal("idle for 31 minutes:", err)
		}
		for _, junk := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 1<<20)} {
			if _, _, err := k.Operators.Check(ctx, db, junk, who.Origin); !problem.Is(err, problem.KindSignedOut) {
				t.Error(err)
			}
		}
	})
}

// Proves decisions 27 and SO3: what operators do to others needs their authenticator app within the last five minutes, at
// the log-in or since; a recovery code is not enough, a wrong or a repeated code neither; the session goes on under
// another token (C38).
func TestFreshProof(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		session, secret, codes := setUp(t, k, "olga")
		may := func(token string) error {
			t.Helper()
			a, _, err := k.Operators.Check(ctx, db, token, who.Origin)
			if err != nil {
				t.Fatal(err)
			}
			return operator.MustProve(db.Now(), a)
		}
		if err := may(session); err != nil {
			t.Fatal("just logged in:", err)
		}
		db.Clock().Advance(5*time.Minute + time.Second)
		if err := may(session); !problem.Is(err, problem.KindNeedsCode) {
			t.Fatal("after five minutes:", err)
		}
		a, _, err := k.Operators.Check(ctx, db, session, who.Origin)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Operators.Token(ctx, db, a); !problem.Is(err, problem.KindNeedsCode) {
			t.Error("it invites:", err)
		}
		code := app(secret, db.Now())
		if _, refused, err := k.Operators.ProveTOTP(ctx, db, a, session, "000000"); refused == nil || err != nil {
			t.Fatal("a wrong code:", refused, err)
		}
		made, refused, err := k.Operators.ProveTOTP(ctx, db, a, session, code)
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		if err := may(made.Token); err != nil {
			t.Error("proved a moment ago:", err)
		}
		if _, _, err := k.Operators.Check(ctx, db, session, who.Origin); !problem.Is(err, problem.KindSignedOut) {
			t.Error("the token before still opens:", err)
		}
		if _, refused, err := k.Operators.ProveTOTP(ctx, db, a, made.Token, code); refused == nil || err != nil {
			t.Error("the same code twice:", refused, err)
		}
		if _, _, err := k.Operators.ProveTOTP(ctx, db, a, session, app(secret, db.Now()+30e6)); !problem.Is(err, problem.KindSignedOut) {
			t.Error("a session that is over:", err)
		}
		ticket, refused, err := k.Operators.Login(ctx, db, who, "olga", accounttest.Password)
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		made, refused, err = k.Operators.LoginRecovery(ctx, db, who, ticket.Token, codes[0])
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		if err := may(made.Token); !problem.Is(err, problem.KindNeedsCode) {
			t.Error("a recovery code is enough:", err)
		}
	})
}
