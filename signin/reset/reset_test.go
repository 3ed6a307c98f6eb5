package reset_test

import (
	"context"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/signin/proof"
	"watchword/signin/reset"
	kit "watchword/signin/signintest"
)

var ctx = context.Background()

const fresh = "gravel monsoon teapot 41"

func link(t *testing.T, k *kit.Kit, name, to string) string {
	t.Helper()
	if err := k.Reset.Ask(ctx, k.DB, reset.Form{Origin: kit.Here, Name: name}); err != nil {
		t.Fatal(err)
	}
	if err := k.Recovery.Answer(ctx, k.DB); err != nil {
		t.Fatal(err)
	}
	return k.Newest(t, to).Token(t)
}

// Proves RP15, C31, C32, C42, C51: the link shows as often as it likes and works once; it does not log in; every session
// ends; all addresses are told; the old password is gone. Fifty parallel uses have one effect (B15).
func TestWithoutSecondFactor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		browser := kit.Browser()
		m := k.LogIn(t, "ana", browser)
		old := link(t, k, "ana", p.Email)
		token := link(t, k, p.Email, p.Email)
		kit.Is(t, k.Reset.Finish(ctx, db, kit.Here, old, fresh), "link_replaced")
		for range 5 {
			s, err := k.Reset.Look(ctx, db, token)
			if err != nil || s.NeedsProof || s.Name != "ana" {
				t.Fatalf("%+v %v", s, err)
			}
		}
		kit.Is(t, k.Reset.Finish(ctx, db, kit.Here, token, "too short"), "password_too_short")
		if won := accounttest.Race(50, func() bool { return k.Reset.Finish(ctx, db, kit.Here, token, fresh) == nil }); won != 1 {
			t.Fatalf("%d of 50 parallel uses", won)
		}
		kit.Is(t, k.Reset.Finish(ctx, db, kit.Here, token, fresh), "link_used")
		if k.Alive(t, m.Token) {
			t.Fatal("a session lives on")
		}
		_, err := k.Login.Begin(ctx, db, kit.Attempt("ana", browser))
		kit.Is(t, err, "wrong_login")
		a := kit.Attempt("ana", browser)
		a.Password = fresh
		if r, err := k.Login.Begin(ctx, db, a); err != nil || r.Session == nil {
			t.Fatalf("%+v %v", r, err)
		}
		if n := k.Kinds(t, p.Email)["password_reset"]; n != 1 {
			t.Fatalf("%d notices", n)
		}
	})
}

// Proves RP15, C33: who has only the mailbox cannot change the password of a person with a second factor; a code by
// SMS, an authenticator app or a recovery code beside the link can; afterwards log-in still asks (C32).
func TestSecondFactorStands(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		app, codes := k.TOTP(t, p), k.RecoveryCodes(t, p)
		k.Write(t, func(tx *store.Tx) error {
			_, err := k.Factors.BindEmail(tx, access.System("test"), p.ID, "a•••@example.com")
			return err
		})
		k.Later(80 * time.Hour) // the number may recover now
		for i, way := range []proof.Way{proof.SMS, proof.TOTP, proof.Recovery} {
			k.Later(2 * time.Hour)
			token := link(t, k, "ana", p.Email)
			kit.Is(t, k.Reset.Finish(ctx, db, kit.Here, token, fresh+string(way)), "proof_needed")
			r, err := k.Reset.Choose(ctx, db, kit.Here, token, proof.Email)
			if err != nil || r.Notice == nil || r.Notice.Fields[0].Code != "way_not_offered" {
				t.Fatalf("%+v %v", r, err)
			}
			if r, err = k.Reset.Choose(ctx, db, kit.Here, token, way); err != nil || r.Notice != nil {
				t.Fatalf("%s: %+v %v", way, r, err)
			}
			_, err = k.Reset.Enter(ctx, db, kit.Here, token, way, "000000")
			if err == nil {
				t.Fatalf("%s: a wrong code", way)
			}
			code := codes[i]
			switch way {
			case proof.SMS:
				code = k.Code(t, r.State.Challenge)
			case proof.TOTP:
				code = app()
			}
			if r, err = k.Reset.Enter(ctx, db, kit.Here, token, way, code); err != nil || r.State.NeedsProof {
				t.Fatalf("%s: %+v %v", way, r, err)
			}
			if err := k.Reset.Finish(ctx, db, kit.Here, token, fresh+string(way)); err != nil {
				t.Fatalf("%s: %v", way, err)
			}
			a := kit.Attempt("ana", kit.Browser())
			a.Password = fresh + string(way)
			in, err := k.Login.Begin(ctx, db, a)
			if err != nil || in.Session != nil {
				t.Fatalf("%s: log-in does not ask: %+v %v", way, in, err)
			}
		}
	})
}

// Proves B12, decisions 35: for 72 hours a new number completes no reset, and the one it replaced does.
func TestNewNumberRecoversNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		k.Number(t, p, kit.Mobile)
		k.Later(100 * time.Hour)
		k.Number(t, p, kit.Other)
		token := link(t, k, "ana", p.Email)
		r, err := k.Reset.Choose(ctx, db, kit.Here, token, proof.SMS)
		old, _ := phone.Parse(kit.Mobile, "GB")
		if err != nil || r.Notice != nil || r.State.Challenge.Masked != old.Masked("GB") {
			t.Fatalf("%+v %v", r, err)
		}
		if _, err := k.Reset.Enter(ctx, db, kit.Here, token, proof.SMS, k.Code(t, r.State.Challenge)); err != nil {
			t.Fatal(err)
		}
		if err := k.Reset.Finish(ctx, db, kit.Here, token, fresh); err != nil {
			t.Fatal(err)
		}
	})
}

// Proves C11: asking about a name that nobody has answers the same and writes the same row; nothing is mailed. Also the
// second time.
func TestAskTellsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		for _, name := range []string{"ana", "nobody", p.Email, "nobody@example.com", "ana", "nobody"} {
			if err := k.Reset.Ask(ctx, db, reset.Form{Origin: kit.Here, Name: name}); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if err := k.Recovery.Answer(ctx, db); err != nil {
			t.Fatal(err)
		}
		if all := k.Mails(t); len(all) != 3 {
			t.Fatalf("%d mails", len(all))
		}
		for what, token := range map[string]string{"empty": "", "cut": "abc", "unknown": kit.Browser()} {
			if _, err := k.Reset.Look(ctx, db, token); !problem.HasCode(err, "link_unknown") {
				t.Errorf("%s: %v", what, err)
			}
			if err := k.Reset.Finish(ctx, db, kit.Here, token, fresh); !problem.HasCode(err, "link_unknown") {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// Proves C31: a link dies after thirty minutes and when the proofs change.
func TestLinkDies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		app := k.TOTP(t, p)
		k.Later(time.Minute)
		token := link(t, k, "ana", p.Email)
		if _, err := k.Reset.Enter(ctx, db, kit.Here, token, proof.TOTP, app()); err != nil {
			t.Fatal(err)
		}
		k.Write(t, func(tx *store.Tx) error { _, err := profile.Bump(tx, p.ID); return err })
		kit.Is(t, k.Reset.Finish(ctx, db, kit.Here, token, fresh), "proof_needed")
		k.Later(31 * time.Minute)
		kit.Is(t, k.Reset.Finish(ctx, db, kit.Here, token, fresh), "link_expired")
	})
}
