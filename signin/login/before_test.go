package login_test

import (
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/join"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/signin/login"
	"watchword/signin/proof"
	kit "watchword/signin/signintest"
)

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

// Proves B13 and LF27: a number that no code reached for a year does not open anything by itself. Where it is all there
// is, the code and the emailed link together confirm it again.
func TestAStaleNumberNeedsTheMailboxToo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, "+447700900123")
		k.RecoveryCodes(t, p)
		k.Later(366 * 24 * time.Hour)
		begin := func() login.Result {
			r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
			if err != nil || r.Pending == nil || r.Pending.View.Way != proof.SMS {
				t.Fatalf("%+v %v", r, err)
			}
			return r
		}
		r := begin()
		token := r.Pending.Token
		r, err := k.Login.Enter(ctx, db, kit.Here, token, proof.SMS, k.Code(t, r.Pending.View.Challenge))
		if err != nil || r.Pending == nil || r.Pending.Step != login.StepWake {
			t.Fatalf("%+v %v", r, err)
		}
		if err := k.Login.Wake(ctx, db, kit.Here, k.Newest(t, p.Email).Token(t)); err != nil {
			t.Fatal(err)
		}
		if r, err = k.Login.Continue(ctx, db, kit.Here, token); err != nil || r.Session == nil {
			t.Fatalf("%+v %v", r, err)
		}
		r = begin()
		r, err = k.Login.Enter(ctx, db, kit.Here, r.Pending.Token, proof.SMS, k.Code(t, r.Pending.View.Challenge))
		if err != nil || r.Session == nil {
			t.Fatalf("confirmed again: %+v %v", r, err)
		}
		k.TOTP(t, p)
		k.Later(366 * 24 * time.Hour)
		if r, err = k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser())); err != nil || r.Pending.View.Way == proof.SMS {
			t.Fatalf("a stale number beside a better way: %+v %v", r, err)
		}
	})
}
