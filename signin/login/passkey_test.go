package login_test

import (
	"testing"

	"github.com/descope/virtualwebauthn"

	"watchword/account/accounttest"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/wording"
	"watchword/signin/proof"
	"watchword/signin/reset"
	kit "watchword/signin/signintest"
	"watchword/signin/stepup"
)

// key is a security key in software.
type key struct {
	rp   virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	cred virtualwebauthn.Credential
}

func newKey(owner id.Profile) *key {
	k := &key{rp: virtualwebauthn.RelyingParty{Name: "Watchword", ID: "login.example.com", Origin: accounttest.BaseURL},
		auth: virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(owner)}),
		cred: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
	for len(k.cred.Key.AttestationData()) != 77 { // a coordinate that begins with a zero octet loses it in this library
		k.cred = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	k.auth.AddCredential(k.cred)
	return k
}

func (k *key) create(t *testing.T, options []byte) []byte {
	t.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(`{"publicKey":` + string(options) + `}`)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(virtualwebauthn.CreateAttestationResponse(k.rp, k.auth, k.cred, *o))
}

func (k *key) get(t *testing.T, options []byte) []byte {
	t.Helper()
	k.cred.Counter++
	o, err := virtualwebauthn.ParseAssertionOptions(`{"publicKey":` + string(options) + `}`)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(virtualwebauthn.CreateAssertionResponse(k.rp, k.auth, k.cred, *o))
}

// Proves C24, C62, C61, B16, C33: a passkey made in the profile logs in without a name, completes a log-in with a
// password, proves a step-up without one, and a reset beside the link; no answer works twice.
func TestPasskeyEverywhere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "ana")
		browser := kit.Browser()
		who := k.Actor(t, k.LogIn(t, "ana", browser).Token)
		k.Grant(t, who, wording.AddFactor)
		device := newKey(p.ID)
		options, ceremony, err := k.Change.PasskeyOptions(ctx, db, who)
		if err != nil {
			t.Fatal(err)
		}
		got, err := k.Change.AddPasskey(ctx, db, who, ceremony, "Laptop", device.create(t, options))
		if err != nil || len(got.RecoveryCodes) != 10 {
			t.Fatalf("%+v %v", got, err)
		}
		if options, ceremony, err = k.Login.PasskeyOptions(ctx, db, kit.Here, ""); err != nil {
			t.Fatal(err)
		}
		answer := device.get(t, options)
		r, err := k.Login.Passkey(ctx, db, kit.Here, kit.Browser(), "", ceremony, answer)
		if err != nil || r.Session == nil {
			t.Fatalf("%+v %v", r, err)
		}
		who = k.Actor(t, r.Session.Token)
		if who.Profile != p.ID || who.Level != access.LevelTwoFactor {
			t.Fatalf("%+v", who)
		}
		_, err = k.Login.Passkey(ctx, db, kit.Here, kit.Browser(), "", ceremony, answer)
		kit.Is(t, err, "passkey_over")

		in, err := k.Login.Begin(ctx, db, kit.Attempt("ana", kit.Browser()))
		if err != nil || in.Pending.Way != proof.Passkey || in.Pending.Challenge != nil {
			t.Fatalf("%+v %v", in, err)
		}
		token := in.Pending.Token
		if options, ceremony, err = k.Login.PasskeyOptions(ctx, db, kit.Here, token); err != nil {
			t.Fatal(err)
		}
		if _, err = k.Login.Passkey(ctx, db, kit.Here, browser, token, ceremony, []byte(`{"id":"x"}`)); !problem.HasCode(err, "passkey_refused") {
			t.Fatalf("rubbish: %v", err)
		}
		if options, ceremony, err = k.Login.PasskeyOptions(ctx, db, kit.Here, token); err != nil {
			t.Fatal(err)
		}
		if r, err = k.Login.Passkey(ctx, db, kit.Here, browser, token, ceremony, device.get(t, options)); err != nil || r.Session == nil {
			t.Fatalf("%+v %v", r, err)
		}

		ask := stepup.Ask{Action: string(wording.TurnOffTwoFactor)}
		if options, ceremony, err = k.StepUp.PasskeyOptions(ctx, db, who, ask); err != nil {
			t.Fatal(err)
		}
		done, err := k.StepUp.Passkey(ctx, db, who, ask, ceremony, device.get(t, options))
		if err != nil || done.Session == nil {
			t.Fatalf("%+v %v", done, err)
		}

		if err := k.Reset.Ask(ctx, db, reset.Form{Origin: kit.Here, Name: "ana"}); err != nil {
			t.Fatal(err)
		}
		if err := k.Recovery.Answer(ctx, db); err != nil {
			t.Fatal(err)
		}
		mailed := k.Newest(t, p.Email).Token(t)
		if options, ceremony, err = k.Reset.PasskeyOptions(ctx, db, kit.Here, mailed); err != nil {
			t.Fatal(err)
		}
		s, err := k.Reset.Passkey(ctx, db, kit.Here, mailed, ceremony, device.get(t, options))
		if err != nil || s.State.NeedsProof {
			t.Fatalf("%+v %v", s, err)
		}
		if err := k.Reset.Finish(ctx, db, kit.Here, mailed, "gravel monsoon teapot 41"); err != nil {
			t.Fatal(err)
		}
	})
}
