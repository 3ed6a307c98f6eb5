// Package signintest puts the rooms of signin together on a database, for tests, and reads the codes they send.
package signintest

import (
	"context"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"watchword/account/accounttest"
	"watchword/account/device"
	"watchword/account/profile"
	"watchword/account/require"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/grant"
	"watchword/code/guard"
	"watchword/code/wording"
	"watchword/gateway/email"
	"watchword/gateway/sms"
	"watchword/organisation"
	"watchword/signin/change"
	"watchword/signin/entry"
	"watchword/signin/login"
	"watchword/signin/proof"
	"watchword/signin/reset"
	"watchword/signin/session"
	"watchword/signin/stepup"
)

// Kit is every room on one database.
type Kit struct {
	*accounttest.Kit
	Guard         *guard.Guard
	Codes         *challenge.Engine
	Proofs        *proof.Desk
	Devices       *device.Room
	Sessions      *session.Book
	Login         *login.Room
	StepUp        *stepup.Room
	Change        *change.Room
	Reset         *reset.Room
	Entry         *entry.Room
	Require       *require.Room
	Organisations *organisation.Rooms
}

// New puts a kit together. Hashing is cheap; texts may go to GB and AU.
func New(t testing.TB, db *store.DB) *Kit {
	t.Helper()
	a := accounttest.New(t, db)
	k := &Kit{Kit: a, Guard: &guard.Guard{Settings: guard.Defaults(), Ring: a.Ring}, Organisations: &organisation.Rooms{Log: a.Log}}
	k.Guard.Settings.Countries = []string{"GB", "AU"}
	k.Codes = challenge.New(challenge.Options{DB: db, Ring: a.Ring, Log: a.Log, Budget: a.Budget, Guard: k.Guard, Product: "Watchword",
		Host: "login.example.com", Home: "GB", Price: func(string) int64 { return 100000 }, Settings: challenge.Defaults()})
	k.Codes.SMS = sms.New(sms.Options{DB: db, Ring: a.Ring, Render: k.Codes.RenderTexts})
	k.Codes.Email = email.New(email.Options{DB: db, Ring: a.Ring, Render: k.Codes.RenderMails})
	k.Proofs = &proof.Desk{Codes: k.Codes, Factors: a.Factors, Recovery: a.Recovery, Post: a.Post}
	k.Devices = &device.Room{Ring: a.Ring, Log: a.Log, Post: a.Post}
	k.Sessions = session.New(a.Ring, a.Log, session.Defaults(), nil)
	k.Login = &login.Room{Ring: a.Ring, Log: a.Log, Hasher: a.Hasher, Policy: a.Policy, Proofs: k.Proofs, Devices: k.Devices, Sessions: k.Sessions,
		Joining: a.Join, Captcha: a.Captcha, Links: a.Links, Post: a.Post, Settings: login.Defaults()}
	k.StepUp = &stepup.Room{Log: a.Log, Hasher: a.Hasher, Proofs: k.Proofs, Sessions: k.Sessions, Post: a.Post, Settings: stepup.Defaults()}
	k.Change = &change.Room{Ring: a.Ring, Log: a.Log, Hasher: a.Hasher, Policy: a.Policy, Codes: k.Codes, Factors: a.Factors,
		Recovery: a.Recovery, Links: a.Links, Post: a.Post, Organisations: k.Organisations, Sessions: k.Sessions, StepUp: k.StepUp,
		Home: "GB", Settings: change.Defaults()}
	k.Reset = &reset.Room{Ring: a.Ring, Log: a.Log, Hasher: a.Hasher, Policy: a.Policy, Recovery: a.Recovery, Proofs: k.Proofs,
		Sessions: k.Sessions, Post: a.Post}
	k.Require = &require.Room{Ring: a.Ring, Organisations: k.Organisations, Factors: a.Factors, Post: a.Post, Guard: k.Guard,
		Price: func(string) int64 { return 100000 }, Home: "GB", Settings: require.Defaults()}
	k.Entry = &entry.Room{Ring: a.Ring, Proofs: k.Proofs, Change: k.Change}
	return k
}

// Mobile is a number of the range that Ofcom keeps for fiction; a second one is Other.
const (
	Mobile = "+447700900123"
	Other  = "+447700900456"
)

// At is an origin.
func At(address string) access.Origin {
	return access.Origin{Address: netip.MustParseAddr(address), Device: "Firefox on Windows"}
}

// Here is where the person of a test sits.
var Here = At("192.0.2.7")

// Browser is a browser's cookie.
func Browser() string { return id.Token(32) }

// Attempt is a log-in form with the right password.
func Attempt(name, browser string) login.Attempt {
	return login.Attempt{Origin: Here, Browser: browser, Name: name, Password: accounttest.Password}
}

// Number binds a mobile number.
func (k *Kit) Number(t testing.TB, p profile.Profile, e164 string) {
	t.Helper()
	n, err := phone.Parse(e164, "GB")
	if err != nil {
		t.Fatal(err)
	}
	k.Write(t, func(tx *store.Tx) error {
		_, _, _, err := k.Factors.BindNumber(tx, access.System("test"), p.ID, n)
		return err
	})
}

// TOTP binds an authenticator app and returns what shows its codes.
func (k *Kit) TOTP(t testing.TB, p profile.Profile) (code func() string) {
	t.Helper()
	var secret string
	k.Write(t, func(tx *store.Tx) error {
		s, err := k.Factors.BeginTOTP(tx, p.ID, p.Username)
		if err != nil {
			return err
		}
		secret = strings.ReplaceAll(s.Secret, " ", "")
		now, err := totp.GenerateCode(secret, store.Time(tx.Now))
		if err != nil {
			return err
		}
		_, no, err := k.Factors.FinishTOTP(tx, access.System("test"), p.ID, s.ID, now, "")
		if no != nil {
			return no
		}
		return err
	})
	return func() string { return AppCode(t, k.DB, secret) }
}

// AppCode is what an authenticator app shows now.
func AppCode(t testing.TB, db *store.DB, secret string) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, db.Clock().Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// RecoveryCodes makes recovery codes.
func (k *Kit) RecoveryCodes(t testing.TB, p profile.Profile) (codes []string) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) (err error) {
		codes, err = k.Recovery.Make(tx, access.System("test"), p.ID)
		return err
	})
	return codes
}

var digits = regexp.MustCompile(`(?:^|[^0-9])([0-9]{6})(?:[^0-9]|$)`)

// Code reads the code of a challenge the way its person would: from the text or mail that is rendered when it is sent.
func (k *Kit) Code(t testing.TB, c *challenge.Challenge) string {
	t.Helper()
	if c == nil {
		t.Fatal("no challenge")
	}
	ref := string(id.System) + "." + string(c.ID)
	text := ""
	if c.Channel == guard.SMS {
		m, err := k.Codes.RenderTexts(context.Background(), []string{ref})
		if err != nil {
			t.Fatal(err)
		}
		text = m[ref].Text
	} else {
		m, err := k.Codes.RenderMails(context.Background(), []string{ref})
		if err != nil {
			t.Fatal(err)
		}
		text = m[ref].Text
	}
	g := digits.FindStringSubmatch(text)
	if g == nil {
		t.Fatalf("no code in %q", text)
	}
	return g[1]
}

// Wrong is a code that is not the challenge's.
func (k *Kit) Wrong(t testing.TB, c *challenge.Challenge) string {
	if k.Code(t, c) == "000000" {
		return "111111"
	}
	return "000000"
}

// Finish completes a pending log-in that waits for a code by SMS or email.
func (k *Kit) Finish(t testing.TB, r login.Result) session.Made {
	t.Helper()
	if r.Session != nil {
		return *r.Session
	}
	if r.Notice != nil {
		t.Fatal(r.Notice)
	}
	done, err := k.Login.Enter(context.Background(), k.DB, Here, r.Pending.Token, r.Pending.Way, k.Code(t, r.Pending.Challenge))
	if err != nil {
		t.Fatal(err)
	}
	if done.Session == nil {
		t.Fatalf("no session after the code: %+v", done.Pending)
	}
	return *done.Session
}

// LogIn logs somebody in with the right password and code.
func (k *Kit) LogIn(t testing.TB, name, browser string) session.Made {
	t.Helper()
	r, err := k.Login.Begin(context.Background(), k.DB, Attempt(name, browser))
	if err != nil {
		t.Fatal(err)
	}
	return k.Finish(t, r)
}

// LogInSMS is LogIn by a text, whatever the person prefers, in a new browser.
func (k *Kit) LogInSMS(t testing.TB, name string) session.Made {
	t.Helper()
	r, err := k.Login.Begin(context.Background(), k.DB, Attempt(name, Browser()))
	if err == nil && r.Pending != nil && r.Pending.Way != proof.SMS {
		token := r.Pending.Token
		if r, err = k.Login.Choose(context.Background(), k.DB, Here, token, proof.SMS); err == nil {
			r.Pending.Token = token
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return k.Finish(t, r)
}

// LogInWith is LogIn with another password, in a new browser.
func (k *Kit) LogInWith(t testing.TB, name, password string) session.Made {
	t.Helper()
	a := Attempt(name, Browser())
	a.Password = password
	r, err := k.Login.Begin(context.Background(), k.DB, a)
	if err != nil {
		t.Fatal(err)
	}
	return k.Finish(t, r)
}

// Actor is who a token stands for.
func (k *Kit) Actor(t testing.TB, token string) access.Actor {
	t.Helper()
	who, _, err := k.Sessions.Check(context.Background(), k.DB, token, Here)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// Alive says whether a token still opens something.
func (k *Kit) Alive(t testing.TB, token string) bool {
	t.Helper()
	_, _, err := k.Sessions.Check(context.Background(), k.DB, token, Here)
	if err != nil && !problem.Is(err, problem.KindSignedOut) {
		t.Fatal(err)
	}
	return err == nil
}

// Grant gives a session the proof for a class of action.
func (k *Kit) Grant(t testing.TB, who access.Actor, a wording.Action) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) error { return grant.Give(tx, who.Session, string(a)) })
}

// Later moves the clock.
func (k *Kit) Later(d time.Duration) { k.DB.Clock().Advance(d) }

// Kinds counts the notices and links that went to an address.
func (k *Kit) Kinds(t testing.TB, to string) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, m := range k.Mails(t) {
		if m.To == to {
			out[m.Kind]++
		}
	}
	return out
}

// Texts counts the texts that were queued, codes and notices.
func (k *Kit) Texts(t testing.TB) (n int) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) error { return tx.QueryRow(`SELECT COUNT(*) FROM sms_message`).Scan(&n) })
	return n
}

// Is fails the test unless err is a problem with the code.
func Is(t testing.TB, err error, code string) {
	t.Helper()
	if !problem.HasCode(err, code) {
		t.Fatalf("want %s, got %v", code, err)
	}
}
