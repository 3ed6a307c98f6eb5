package operator_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"watchword/account/accounttest"
	"watchword/account/operator"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves decisions 27 and 34: an operator with a passkey proves afresh by it; its answer works once, and in this session
// only.
func TestFreshProofByPasskey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		ticket, err := k.Operators.Create(ctx, db, who, operator.Form{Token: token(t, k), Username: "olga", Password: accounttest.Password})
		if err != nil {
			t.Fatal(err)
		}
		rp := virtualwebauthn.RelyingParty{Name: "Watchword", ID: "login.example.com", Origin: accounttest.BaseURL}
		auth := virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(ticket.Operator.ID)})
		key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		for len(key.Key.AttestationData()) != 77 { // a coordinate that begins with a zero octet loses it in this library
			key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		}
		auth.AddCredential(key)
		wrap := func(o json.RawMessage) string { return `{"publicKey":` + string(o) + `}` }
		c, err := k.Operators.BeginFirstPasskey(ctx, db, ticket.Token)
		if err != nil {
			t.Fatal(err)
		}
		made, err := virtualwebauthn.ParseAttestationOptions(wrap(c.Options))
		if err != nil {
			t.Fatal(err)
		}
		open, _, refused, err := k.Operators.FinishFirstPasskey(ctx, db, who, ticket.Token, c.ID, []byte(virtualwebauthn.CreateAttestationResponse(rp, auth, key, *made)), "")
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		db.Clock().Advance(10 * time.Minute)
		if c, err = k.Operators.BeginProof(ctx, db, open.Token); err != nil {
			t.Fatal(err)
		}
		asked, err := virtualwebauthn.ParseAssertionOptions(wrap(c.Options))
		if err != nil {
			t.Fatal(err)
		}
		answer := []byte(virtualwebauthn.CreateAssertionResponse(rp, auth, key, *asked))
		other, _, _ := setUp(t, k, "oscar")
		if _, refused, err := k.Operators.ProvePasskey(ctx, db, who, other, c.ID, answer); refused == nil || err != nil {
			t.Error("it proves somebody else:", refused, err)
		}
		if c, err = k.Operators.BeginProof(ctx, db, open.Token); err != nil {
			t.Fatal(err)
		}
		if asked, err = virtualwebauthn.ParseAssertionOptions(wrap(c.Options)); err != nil {
			t.Fatal(err)
		}
		answer = []byte(virtualwebauthn.CreateAssertionResponse(rp, auth, key, *asked))
		now, refused, err := k.Operators.ProvePasskey(ctx, db, who, open.Token, c.ID, answer)
		if refused != nil || err != nil {
			t.Fatal(refused, err)
		}
		a, _, err := k.Operators.Check(ctx, db, now.Token, who.Origin)
		if err != nil || operator.MustProve(db.Now(), a) != nil {
			t.Error("not proved:", err)
		}
		if _, refused, err := k.Operators.ProvePasskey(ctx, db, who, now.Token, c.ID, answer); refused == nil || err != nil {
			t.Error("the same answer twice:", refused, err)
		}
		if _, err := k.Operators.BeginProof(ctx, db, open.Token); !problem.Is(err, problem.KindSignedOut) {
			t.Error("the token before still opens:", err)
		}
	})
}
