package change_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/signin/change"
	"watchword/signin/proof"
	"watchword/signin/session"
	kit "watchword/signin/signintest"
)

var ctx = context.Background()

const fresh = "gravel monsoon teapot 41"

// someone logs in twice: the acting session, and another one that should end where proofs change.
func someone(t *testing.T, k *kit.Kit, name string) (p profile.Profile, who access.Actor, mine, other session.Made) {
	t.Helper()
	p = k.Person(t, name)
	mine, other = k.LogIn(t, name, kit.Browser()), k.LogIn(t, name, kit.Browser())
	return p, k.Actor(t, mine.Token), mine, other
}

// kept says that the acting session has a new token, its old one is dead, and so is the other session.
func kept(t *testing.T, k *kit.Kit, got change.Kept, err error, mine *session.Made, other session.Made) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if got.Session == nil || !k.Alive(t, got.Session.Token) || k.Alive(t, mine.Token) || k.Alive(t, other.Token) {
		t.Fatalf("sessions after the change: %+v", got.Session)
	}
	*mine = *got.Session
}

// Proves C25, C26, C46, C47 and RP13 as a table: without a fresh proof of its class no change happens, whatever other
// proofs there are; nobody may do it logged out.
func TestEveryChangeNeedsItsProof(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p, who, _, _ := someone(t, k, "ana")
		k.Number(t, p, kit.Mobile)
		k.Grant(t, who, wording.ContactsExport)
		c, b := k.Change, ctx
		for action, f := range map[wording.Action][]func(w access.Actor) error{
			wording.ChangePassword:     {func(w access.Actor) error { _, err := c.Password(b, db, w, accounttest.Password, fresh); return err }},
			wording.ChangeUsername:     {func(w access.Actor) error { _, err := c.Username(b, db, w, "anna"); return err }},
			wording.ChangeEmailAddress: {func(w access.Actor) error { _, err := c.AskEmail(b, db, w, "new@example.com"); return err }},
			wording.ChangeMobileNumber: {func(w access.Actor) error { _, _, err := c.AskNumber(b, db, w, kit.Other, "GB"); return err }},
			wording.AddFactor: {func(w access.Actor) error { _, err := c.BeginTOTP(b, db, w); return err },
				func(w access.Actor) error { _, _, err := c.PasskeyOptions(b, db, w); return err },
				func(w access.Actor) error { _, err := c.AddEmail(b, db, w); return err }},
			wording.RemoveFactor:      {func(w access.Actor) error { _, err := c.RemoveFactor(b, db, w, "FA1"); return err }},
			wording.TurnOffTwoFactor:  {func(w access.Actor) error { _, err := c.TwoFactorOff(b, db, w); return err }},
			wording.MakeRecoveryCodes: {func(w access.Actor) error { _, err := c.RecoveryCodes(b, db, w); return err }},
			wording.AddRecoveryAddress: {func(w access.Actor) error { _, err := c.AskRecoveryAddress(b, db, w, "second@example.org"); return err },
				func(w access.Actor) error {
					_, err := c.RemoveRecoveryAddress(b, db, w, "second@example.org")
					return err
				}},
			wording.CloseProfile: {func(w access.Actor) error { return c.Close(b, db, w) }},
		} {
			for _, do := range f {
				if err := do(who); !problem.Is(err, problem.KindNeedsCode) || problem.As(err).Action != string(action) {
					t.Errorf("%s: %v", action, err)
				}
				if err := do(access.Visitor(kit.Here)); !problem.Is(err, problem.KindSignedOut) {
					t.Errorf("%s by nobody: %v", action, err)
				}
			}
		}
		v, err := c.Look(ctx, db, who)
		if err != nil || v.Profile.Username != "ana" || len(v.Factors) != 1 || v.Factors[0].Kind != "sms" {
			t.Fatalf("%+v %v", v, err)
		}
	})
}

// Proves RP14, C7, C31, C35, C42: the current password, a new one, other sessions ended, both addresses told, reset
// links dead; of fifty parallel changes one counts (B15).
func TestPassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p, who, mine, other := someone(t, k, "ana")
		second(t, k, who, "second@example.org")
		k.Grant(t, who, wording.ChangePassword)
		_, err := k.Change.Password(ctx, db, who, "wrong", fresh)
		if !problem.HasCode(err, "password_wrong") || problem.As(err).Fields[0].Name != "current" {
			t.Fatal(err)
		}
		_, err = k.Change.Password(ctx, db, who, accounttest.Password, "short")
		kit.Is(t, err, "password_too_short")
		_, err = k.Change.Password(ctx, db, who, "", fresh)
		kit.Is(t, err, "password_missing")
		_, err = k.Change.Password(ctx, db, who, accounttest.Password, accounttest.Password)
		kit.Is(t, err, "password_same")
		got, err := k.Change.Password(ctx, db, who, accounttest.Password, fresh)
		kept(t, k, got, err, &mine, other)
		for _, to := range []string{p.Email, "second@example.org"} {
			if n := k.Kinds(t, to)["password_changed"]; n != 1 {
				t.Errorf("%d notices to %s", n, to)
			}
		}
		_, err = k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		kit.Is(t, err, "wrong_login")
	})
}

// second confirms a further address.
func second(t *testing.T, k *kit.Kit, who access.Actor, address string) {
	t.Helper()
	k.Grant(t, who, wording.AddRecoveryAddress)
	if _, err := k.Change.AskRecoveryAddress(ctx, k.DB, who, address); err != nil {
		t.Fatal(err)
	}
	token := k.Newest(t, address).Token(t)
	for range 3 {
		if _, err := k.Change.LookRecoveryAddress(ctx, k.DB, token); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.Change.ConfirmRecoveryAddress(ctx, k.DB, kit.Here, token); err != nil {
		t.Fatal(err)
	}
}

// Proves RP3: the username changes by the rules of registering, the session stays, the person is told.
func TestUsername(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p, who, mine, _ := someone(t, k, "ana")
		k.Person(t, "bob")
		k.Grant(t, who, wording.ChangeUsername)
		_, err := k.Change.Username(ctx, db, who, "BОB") // with a Cyrillic O
		kit.Is(t, err, "username_taken")
		_, err = k.Change.Username(ctx, db, who, "an na")
		kit.Is(t, err, "username_space")
		if _, err := k.Change.Username(ctx, db, who, "anna"); err != nil || !k.Alive(t, mine.Token) {
			t.Fatal(err)
		}
		k.LogIn(t, "ANNA", kit.Browser())
		if n := k.Kinds(t, p.Email)["username_changed"]; n != 1 {
			t.Fatalf("%d notices", n)
		}
		for _, m := range k.Mails(t) {
			if m.Kind == string(wording.UsernameChanged) && !strings.Contains(m.Text, "New username: anna\n") {
				t.Error(m.Text)
			}
		}
	})
}

// Proves LF26 and C35: a mail names the factor in the language of its reader.
func TestFactorInTheReadersLanguage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p, who, _, _ := someone(t, k, "ana")
		k.Write(t, func(tx *store.Tx) error {
			d := p.Details()
			d.Language = "de"
			return profile.Edit(tx, p.ID, d)
		})
		k.Number(t, p, kit.Mobile)
		k.Grant(t, who, wording.AddFactor)
		if _, err := k.Change.AddEmail(ctx, db, who); err != nil {
			t.Fatal(err)
		}
		v, err := k.Change.Look(ctx, db, who)
		if err != nil {
			t.Fatal(err)
		}
		k.Grant(t, who, wording.RemoveFactor)
		if _, err := k.Change.RemoveFactor(ctx, db, who, v.Factors[1].ID); err != nil {
			t.Fatal(err)
		}
		told := 0
		for _, m := range k.Mails(t) {
			if m.Kind == string(wording.FactorAdded) || m.Kind == string(wording.FactorRemoved) {
				if told++; !strings.Contains(m.Text, "Faktor: Code per E-Mail\n") {
					t.Error(m.Text)
				}
			}
		}
		if told != 2 {
			t.Errorf("%d mails", told)
		}
	})
}

// Proves RP13, C35, C51, C11: nothing changes before the link; the link is shown without effect and works once; the old
// address is told; the asking session lives and every other ends; a taken address answers the same.
func TestEmail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p, who, mine, other := someone(t, k, "ana")
		bob := k.Person(t, "bob")
		k.Grant(t, who, wording.ChangeEmailAddress)
		_, err := k.Change.AskEmail(ctx, db, who, "not an address")
		kit.Is(t, err, "email_format")
		if _, err := k.Change.AskEmail(ctx, db, who, bob.Email); err != nil {
			t.Fatalf("a taken address tells: %v", err)
		}
		if n := k.Kinds(t, bob.Email); n["already_registered"] != 1 || n["change_email"] != 0 {
			t.Fatalf("%v", n)
		}
		if _, err := k.Change.AskEmail(ctx, db, who, "New@example.org"); err != nil {
			t.Fatal(err)
		}
		token := k.Newest(t, "New@example.org").Token(t)
		for range 5 {
			if m, err := k.Change.LookEmail(ctx, db, token); err != nil || m != "N•••@example.org" {
				t.Fatalf("%q %v", m, err)
			}
		}
		k.LogIn(t, p.Email, kit.Browser())
		won := accounttest.Race(50, func() bool { return k.Change.ConfirmEmail(ctx, db, kit.Here, token) == nil })
		if won != 1 || !k.Alive(t, mine.Token) || k.Alive(t, other.Token) {
			t.Fatalf("%d confirmations", won)
		}
		k.LogIn(t, "new@EXAMPLE.org", kit.Browser())
		_, err = k.Login.Begin(ctx, db, kit.Attempt(p.Email, kit.Browser()))
		kit.Is(t, err, "wrong_login")
		if k.Kinds(t, p.Email)["email_changed"] != 1 || k.Kinds(t, "New@example.org")["email_changed"] != 1 {
			t.Fatal("not told")
		}
	})
}

func enter(t *testing.T, k *kit.Kit, who access.Actor, number string) (change.Kept, error) {
	t.Helper()
	s, no, err := k.Change.AskNumber(ctx, k.DB, who, number, "GB")
	if err != nil || no != nil {
		t.Fatal(no, err)
	}
	return k.Change.EnterNumber(ctx, k.DB, who, k.Code(t, &s.Challenge))
}

// Proves RP9, RP10, RP11, C22, C25, B12, LF6: a number counts once its code was entered; changing it wants a proof of
// its own; the old one stays valid until then and is told, with a link that takes the change back for 72 hours.
func TestNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p, who, mine, other := someone(t, k, "ana")
		k.Grant(t, who, wording.AddFactor)
		_, _, err := k.Change.AskNumber(ctx, db, who, "12", "GB")
		if !problem.Is(err, problem.KindInvalid) {
			t.Fatal(err)
		}
		s, no, err := k.Change.AskNumber(ctx, db, who, "07700 900123", "GB")
		if err != nil || no != nil || s.Replaces != "" {
			t.Fatalf("%+v %v %v", s, no, err)
		}
		if v, _ := k.Change.Look(ctx, db, who); len(v.Factors) != 0 {
			t.Fatal("bound before it was proved")
		}
		_, err = k.Change.EnterNumber(ctx, db, who, k.Wrong(t, &s.Challenge))
		kit.Is(t, err, "code_wrong")
		if _, err := k.Change.EnterNumber(ctx, db, k.Actor(t, other.Token), k.Code(t, &s.Challenge)); !problem.Is(err, problem.KindNotFound) {
			t.Fatalf("from another session: %v", err)
		}
		got, err := k.Change.EnterNumber(ctx, db, who, k.Code(t, &s.Challenge))
		kept(t, k, got, err, &mine, other)
		if len(got.RecoveryCodes) != 10 {
			t.Fatalf("%d recovery codes", len(got.RecoveryCodes))
		}
		who = k.Actor(t, mine.Token)
		if _, _, err := k.Change.AskNumber(ctx, db, who, kit.Other, ""); !problem.Is(err, problem.KindNeedsCode) || problem.As(err).Action != "change_number" {
			t.Fatal(err)
		}
		k.Grant(t, who, wording.ChangeMobileNumber)
		texts := k.Texts(t)
		if got, err = enter(t, k, who, kit.Other); err != nil || len(got.RecoveryCodes) != 0 || k.Texts(t) != texts+2 {
			t.Fatalf("%+v %v, %d texts", got, err, k.Texts(t)-texts)
		}
		mail := k.Newest(t, p.Email)
		if mail.Kind != "number_changed" {
			t.Fatalf("%+v", mail)
		}
		if m, err := k.Change.LookTakeBack(ctx, db, mail.Token(t)); err != nil || m != "07700 ••• 123" {
			t.Fatalf("%q %v", m, err)
		}
		won := accounttest.Race(50, func() bool { return k.Change.TakeBack(ctx, db, kit.Here, mail.Token(t)) == nil })
		if won != 1 || k.Alive(t, got.Session.Token) {
			t.Fatalf("%d", won)
		}
		r, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if err != nil || r.Pending.Way != proof.SMS || r.Pending.Challenge.Masked != "07700 ••• 123" {
			t.Fatalf("%+v %v", r, err)
		}
	})
}

// Proves RP9 and C26: the fresh session of a registration binds the first factor without another proof, for fifteen
// minutes and for the first factor only.
func TestFirstFactorAfterRegistering(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		register := func(name string) access.Actor {
			p := k.Person(t, name)
			m, err := k.Login.Registered(ctx, db, kit.Here, kit.Browser(), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := k.Login.Registered(ctx, db, kit.Here, kit.Browser(), p.ID); !problem.Is(err, problem.KindSignedOut) {
				t.Fatalf("a second time: %v", err)
			}
			return k.Actor(t, m.Token)
		}
		ana, bob := register("ana"), register("bob")
		got, err := enter(t, k, ana, kit.Mobile)
		if err != nil || len(got.RecoveryCodes) != 10 {
			t.Fatalf("%+v %v", got, err)
		}
		if _, err := k.Change.BeginTOTP(ctx, db, k.Actor(t, got.Session.Token)); !problem.Is(err, problem.KindNeedsCode) {
			t.Fatalf("the second factor: %v", err)
		}
		k.Later(16 * time.Minute)
		if _, err := k.Change.BeginTOTP(ctx, db, bob); !problem.Is(err, problem.KindNeedsCode) {
			t.Fatalf("after fifteen minutes: %v", err)
		}
	})
}

// Proves LF20, C27, LF26: an app is bound by its first code, factors are removed with a proof, the last one is not
// removed in passing, turning two-factor off takes all and ends the other sessions; each is told and kept on record.
func TestFactors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p, who, mine, other := someone(t, k, "ana")
		k.Grant(t, who, wording.AddFactor)
		s, err := k.Change.BeginTOTP(ctx, db, who)
		if err != nil || s.Secret == "" || !strings.HasPrefix(s.URL, "otpauth://totp/") {
			t.Fatalf("%+v %v", s, err)
		}
		_, err = k.Change.ConfirmTOTP(ctx, db, who, s.Factor, "000000", "")
		kit.Is(t, err, "code_wrong")
		got, err := k.Change.ConfirmTOTP(ctx, db, who, s.Factor, kit.AppCode(t, db, s.Secret), "Work phone")
		kept(t, k, got, err, &mine, other)
		who = k.Actor(t, mine.Token)
		k.Grant(t, who, wording.AddFactor)
		if got, err = k.Change.AddEmail(ctx, db, who); err != nil {
			t.Fatal(err)
		}
		v, err := k.Change.Look(ctx, db, who)
		if err != nil || len(v.Factors) != 2 || v.Factors[0].Label != "Work phone" || v.Factors[1].Strength != 1 || v.Codes.Left != 10 || v.OneMailbox {
			t.Fatalf("%+v %v", v, err)
		}
		for _, a := range []wording.Action{wording.RemoveFactor, wording.TurnOffTwoFactor} {
			k.Grant(t, who, a)
		}
		if _, err = k.Change.RemoveFactor(ctx, db, who, v.Factors[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err = k.Change.RemoveFactor(ctx, db, who, v.Factors[0].ID); !problem.Is(err, problem.KindNotFound) {
			t.Fatal(err)
		}
		_, err = k.Change.RemoveFactor(ctx, db, who, v.Factors[1].ID)
		kit.Is(t, err, "last_factor")
		if v, err = k.Change.Look(ctx, db, who); err != nil || !v.OneMailbox {
			t.Fatalf("%+v %v", v, err)
		}
		if _, err = k.Change.TwoFactorOff(ctx, db, who); err != nil {
			t.Fatal(err)
		}
		v, err = k.Change.Look(ctx, db, who)
		if err != nil || len(v.Factors) != 0 || v.Codes.Made != 0 || len(v.History) != 2 {
			t.Fatalf("%+v %v", v, err)
		}
		if n := k.Kinds(t, p.Email); n["factor_added"] != 2 || n["factor_removed"] != 1 || n["two_factor_off"] != 1 {
			t.Fatalf("%v", n)
		}
	})
}

// Proves RP17, RP16, C42: refused with the names while the person is the only owner; otherwise the profile is gone,
// nobody logs in, every address is told, and the name is free again.
func TestClose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p, who, mine, other := someone(t, k, "ana")
		o, err := k.Organisations.Create(ctx, db, who, organisation.Form{Name: "Harbour Café"})
		if err != nil {
			t.Fatal(err)
		}
		k.Grant(t, who, wording.CloseProfile)
		if err := k.Change.Close(ctx, db, who); !problem.HasCode(err, "sole_owner") || !strings.Contains(err.Error(), o.Name) ||
			!strings.Contains(err.Error(), "Transfer it") || !strings.Contains(err.Error(), "delete the organisation") {
			t.Fatal(err)
		}
		k.Write(t, func(tx *store.Tx) error { return k.Organisations.LeaveAll(tx, who, p.ID) })
		if err := k.Change.Close(ctx, db, who); err != nil {
			t.Fatal(err)
		}
		if k.Alive(t, mine.Token) || k.Alive(t, other.Token) {
			t.Fatal("a session lives on")
		}
		_, err = k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		kit.Is(t, err, "wrong_login")
		if n := k.Kinds(t, p.Email)["profile_closed"]; n != 1 {
			t.Fatalf("%d notices", n)
		}
		if q := k.Person(t, "ana"); q.ID == p.ID || q.ID == id.Profile("") {
			t.Fatal("the name is not free")
		}
	})
}
