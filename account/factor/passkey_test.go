package factor_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"watchword/account/accounttest"
	"watchword/account/factor"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

// device is a security key in software.
type device struct {
	rp   virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	key  virtualwebauthn.Credential
}

func newDevice(owner id.Profile, o virtualwebauthn.AuthenticatorOptions) *device {
	o.UserHandle = []byte(owner)
	d := &device{rp: virtualwebauthn.RelyingParty{Name: "Watchword", ID: "login.example.com", Origin: accounttest.BaseURL},
		auth: virtualwebauthn.NewAuthenticatorWithOptions(o), key: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
	for len(d.key.Key.AttestationData()) != 77 { // a coordinate that begins with a zero octet loses it in this library
		d.key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	d.auth.AddCredential(d.key)
	return d
}

func wrap(o json.RawMessage) string { return `{"publicKey":` + string(o) + `}` }

func (d *device) create(t *testing.T, c factor.Ceremony) []byte {
	t.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(wrap(c.Options))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(virtualwebauthn.CreateAttestationResponse(d.rp, d.auth, d.key, *o))
}

func (d *device) get(t *testing.T, c factor.Ceremony) []byte {
	t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(wrap(c.Options))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(virtualwebauthn.CreateAssertionResponse(d.rp, d.auth, d.key, *o))
}

func begin(t *testing.T, k *accounttest.Kit, p id.Profile, create bool) (c factor.Ceremony) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) (err error) {
		if create {
			c, err = k.Factors.BeginPasskey(tx, p, "ana", "Ana")
		} else {
			c, err = k.Factors.BeginAssertion(tx, p)
		}
		return err
	})
	return c
}

func bindPasskey(t *testing.T, k *accounttest.Kit, p id.Profile, ceremony string, answer []byte) (f factor.Factor, refused *problem.Error) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) (err error) {
		f, refused, err = k.Factors.FinishPasskey(tx, who, p, ceremony, answer, "Security key")
		return err
	})
	return f, refused
}

func prove(t *testing.T, k *accounttest.Kit, p id.Profile, ceremony string, answer []byte) (proof factor.Proof, refused *problem.Error) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) (err error) {
		proof, refused, err = k.Factors.FinishAssertion(tx, who, p, ceremony, answer)
		return err
	})
	return proof, refused
}

// Proves C24, C62 (one use, origin and RP id, user verification, counter), B16 (replay), B17 (other origin).
func TestPasskey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		p := k.Person(t, "ana").ID
		d := newDevice(p, virtualwebauthn.AuthenticatorOptions{})
		c := begin(t, k, p, true)
		if !strings.Contains(string(c.Options), `"userVerification":"required"`) || !strings.Contains(string(c.Options), `"residentKey":"required"`) {
			t.Fatal(string(c.Options))
		}
		answer := d.create(t, c)
		f, refused := bindPasskey(t, k, p, c.ID, answer)
		if refused != nil || f.Strength != 3 || f.Label != "Security key" {
			t.Fatal(f, refused)
		}
		if _, refused := bindPasskey(t, k, p, c.ID, answer); refused == nil || refused.Code != "passkey_over" {
			t.Fatal("bound twice from one challenge", refused)
		}
		d.key.Counter = 7
		for _, whose := range []id.Profile{p, ""} { // second factor, and first factor without a name
			c := begin(t, k, whose, false)
			answer := d.get(t, c)
			proof, refused := prove(t, k, whose, c.ID, answer)
			if refused != nil || proof.Profile != p || proof.Factor != f.ID || proof.Cloned {
				t.Fatal(proof, refused)
			}
			if _, refused := prove(t, k, whose, c.ID, answer); refused == nil || refused.Code != "passkey_over" {
				t.Fatal("replayed", refused)
			}
			d.key.Counter++
		}
		refusedFor := func(name string, d *device, whose id.Profile) {
			t.Helper()
			c := begin(t, k, p, false)
			if _, refused := prove(t, k, whose, c.ID, d.get(t, c)); refused == nil {
				t.Error("accepted:", name)
			}
		}
		phished := *d
		phished.rp.Origin = "https://login.example.com.evil.example"
		refusedFor("other origin", &phished, p)
		other := *d
		other.rp.ID = "evil.example"
		refusedFor("other RP id", &other, p)
		unverified := *d
		unverified.auth = virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(p), UserNotVerified: true})
		refusedFor("no user verification", &unverified, p)
		refusedFor("another key", newDevice(p, virtualwebauthn.AuthenticatorOptions{}), p)
		refusedFor("another person's challenge", d, k.Person(t, "eve").ID)
		late := begin(t, k, p, false)
		db.Clock().Advance(6 * time.Minute)
		if _, refused := prove(t, k, p, late.ID, d.get(t, late)); refused == nil || refused.Code != "passkey_over" {
			t.Error("accepted after six minutes")
		}
		d.key.Counter = 2
		c = begin(t, k, p, false)
		proof, refused := prove(t, k, p, c.ID, d.get(t, c))
		if refused != nil || !proof.Cloned || list(t, k, p)[0].FlaggedAt == 0 {
			t.Error("a counter that went back is not flagged", proof, refused)
		}
		for _, junk := range [][]byte{nil, []byte("{}"), []byte("x"), []byte(strings.Repeat("[", 1<<17))} {
			c := begin(t, k, "", false)
			if _, refused := prove(t, k, "", c.ID, junk); refused == nil {
				t.Errorf("%.10q accepted", junk)
			}
		}
	})
}

// Proves B15 for passkeys: one answer posted fifty times at once is one log-in.
func TestFiftyPostsOfOnePasskeyAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		p := k.Person(t, "ana").ID
		d := newDevice(p, virtualwebauthn.AuthenticatorOptions{})
		c := begin(t, k, p, true)
		if _, refused := bindPasskey(t, k, p, c.ID, d.create(t, c)); refused != nil {
			t.Fatal(refused)
		}
		c = begin(t, k, "", false)
		answer := d.get(t, c)
		if won := accounttest.Race(50, func() bool {
			ok := false
			if err := db.Write(ctx, func(tx *store.Tx) error {
				_, refused, err := k.Factors.FinishAssertion(tx, who, "", c.ID, answer)
				ok = refused == nil && err == nil
				return err
			}); err != nil {
				t.Error(err)
			}
			return ok
		}); won != 1 {
			t.Fatal(won)
		}
	})
}

// A house at an IP address has no passkeys and says so (browsers refuse them there).
func TestNoPasskeysAtAnIPAddress(t *testing.T) {
	m, err := factor.New(factor.Options{BaseURL: "http://127.0.0.1:8080"})
	if err != nil || m.Passkeys() {
		t.Fatal(m.Passkeys(), err)
	}
	if _, err := m.BeginPasskey(nil, "", "", ""); !problem.HasCode(err, "passkeys_unavailable") {
		t.Fatal(err)
	}
}
