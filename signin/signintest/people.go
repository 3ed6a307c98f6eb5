package signintest

import (
	"context"
	"maps"
	"testing"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/signin/login"
	"watchword/signin/session"
)

// Proved is somebody who is logged in as strongly as there is, with a fresh proof for every action.
func (k *Kit) Proved(t testing.TB, p profile.Profile) access.Actor {
	t.Helper()
	who := access.Actor{Kind: access.KindPerson, Profile: p.ID, Session: id.Session("SE" + string(p.ID)), Level: access.LevelTwoFactor,
		Methods: []string{"password", "passkey"}, ProvedAt: k.DB.Now() + 1e6, Name: p.Username, Origin: Here}
	k.Write(t, func(tx *store.Tx) error {
		for _, a := range wording.Actions() {
			if err := grant.Give(tx, who.Session, string(a)); err != nil {
				return err
			}
		}
		return nil
	})
	return who
}

// Organisation makes one, with what it asks at its door.
func (k *Kit) Organisation(t testing.TB, owner profile.Profile, name string, required bool, ask organisation.PolicyForm) id.Organisation {
	t.Helper()
	o, err := k.Organisations.Create(context.Background(), k.DB, k.Proved(t, owner), organisation.Form{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	k.Ask(t, owner, o.ID, ask)
	if required {
		k.Requires(t, owner, o.ID, 0)
	}
	return o.ID
}

// Ask changes what an organisation asks; empty floors are the default ones.
func (k *Kit) Ask(t testing.TB, owner profile.Profile, org id.Organisation, f organisation.PolicyForm) {
	t.Helper()
	if f.FloorMember == "" {
		f.FloorMember = organisation.ByEmail
	}
	if f.FloorOwner == "" {
		f.FloorOwner = organisation.BySMS
	}
	if err := k.Organisations.SetPolicy(context.Background(), k.DB, k.Proved(t, owner), org, f); err != nil {
		t.Fatal(err)
	}
}

// Requires switches the second factor on, with a time (micros) until which only who is ready is bound, 0 for none.
func (k *Kit) Requires(t testing.TB, owner profile.Profile, org id.Organisation, grace int64) {
	t.Helper()
	who := k.Proved(t, owner)
	k.Write(t, func(tx *store.Tx) error { return k.Organisations.SetRequired(tx, who, org, true, grace) })
}

// Member makes somebody a member.
func (k *Kit) Member(t testing.TB, org id.Organisation, p profile.Profile, m organisation.Method) {
	t.Helper()
	k.Write(t, func(tx *store.Tx) error {
		return k.Organisations.Add(tx, access.System("test"), org, p.ID, organisation.Joining{Role: organisation.FullMember, Method: m})
	})
}

// Computer is a browser with its cookies.
type Computer struct {
	Browser string
	Devices map[string]string
	Shared  bool
}

// NewComputer is one that nobody has logged in from.
func NewComputer() *Computer { return &Computer{Browser: Browser(), Devices: map[string]string{}} }

// At logs somebody in from a computer, as its cookies make it, and says whether a code was asked for.
func (k *Kit) At(t testing.TB, c *Computer, name string) (m session.Made, asked bool) {
	t.Helper()
	a := Attempt(name, c.Browser)
	a.Devices, a.Shared = maps.Clone(c.Devices), c.Shared
	return k.Go(t, c, a)
}

// Go is At with any form.
func (k *Kit) Go(t testing.TB, c *Computer, a login.Attempt) (m session.Made, asked bool) {
	t.Helper()
	r, err := k.Login.Begin(context.Background(), k.DB, a)
	if err != nil {
		t.Fatal(err)
	}
	if r.Session == nil {
		if r.Notice != nil {
			t.Fatal(r.Notice)
		}
		if r, err = k.Login.Enter(context.Background(), k.DB, Here, r.Pending.Token, r.Pending.Way, k.Code(t, r.Pending.Challenge)); err != nil {
			t.Fatal(err)
		}
		if asked = true; r.Session == nil {
			t.Fatalf("no session after the code: %+v", r.Pending)
		}
	}
	if r.Device != nil {
		c.Devices[r.Device.Mark] = r.Device.Secret
	}
	return *r.Session, asked
}
