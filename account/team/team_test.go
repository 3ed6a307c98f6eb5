package team_test

import (
	"context"
	"fmt"
	"testing"

	"watchword/account/accounttest"
	"watchword/account/profile"
	"watchword/account/team"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/grant"
	"watchword/organisation"
)

var ctx = context.Background()

// house is an organisation of the owner ana and the members bob and cyd.
type house struct {
	*accounttest.Kit
	room          *team.Room
	org           id.Organisation
	ana, bob, cyd access.Actor
}

func actor(p profile.Profile) access.Actor {
	return access.Actor{Kind: access.KindPerson, Profile: p.ID, Session: id.Session("SE" + p.Username), Name: p.Username, Methods: []string{"password", "totp"}}
}

func open(t testing.TB, db *store.DB) *house {
	t.Helper()
	k := accounttest.New(t, db)
	h := &house{Kit: k, room: &team.Room{Organisations: &organisation.Rooms{Log: k.Log}, Factors: k.Factors, Post: k.Post},
		ana: actor(k.Person(t, "ana")), bob: actor(k.Person(t, "bob")), cyd: actor(k.Person(t, "cyd"))}
	o, err := h.room.Organisations.Create(ctx, db, h.ana, organisation.Form{Name: "Harbour"})
	if err != nil {
		t.Fatal(err)
	}
	h.org = o.ID
	k.Write(t, func(tx *store.Tx) error {
		for _, w := range []access.Actor{h.bob, h.cyd} {
			if err := h.room.Organisations.Add(tx, h.ana, h.org, w.Profile, organisation.Joining{Role: organisation.FullMember}); err != nil {
				return err
			}
		}
		return nil
	})
	return h
}

func (h *house) prove(t testing.TB, who access.Actor, to id.Profile) {
	t.Helper()
	h.Write(t, func(tx *store.Tx) error {
		if err := grant.Give(tx, who.Session, organisation.ManageUsers); err != nil {
			return err
		}
		return grant.GiveOnce(tx, who.Session, organisation.Transfers, team.TransferDigest(h.org, to), grant.Life)
	})
}

func (h *house) roles(t testing.TB) map[id.Profile]organisation.Role {
	t.Helper()
	out := map[id.Profile]organisation.Role{}
	h.Write(t, func(tx *store.Tx) error {
		all, err := organisation.MembersOf(tx, h.org)
		for _, m := range all {
			out[m.Profile] = m.Role
		}
		return err
	})
	return out
}

// told counts the mails of a kind to each address.
func (h *house) told(t testing.TB, kind string) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, m := range h.Mails(t) {
		if m.Kind == kind {
			out[m.To]++
		}
	}
	return out
}

// Proves OU3, C46 and decisions 9: ownership passes to exactly the person that was proved for, once, with both told; what
// cannot be done is said before a code is asked for.
func TestTransfer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		transfer := func(who access.Actor, to id.Profile) error { return h.room.Transfer(ctx, db, who, h.org, to) }
		err := transfer(h.ana, h.bob.Profile)
		if p := problem.As(err); p == nil || p.Kind != problem.KindNeedsCode || p.Action != organisation.Transfers || p.Digest != team.TransferDigest(h.org, h.bob.Profile) {
			t.Fatalf("without a proof: %v", err)
		}
		h.prove(t, h.ana, h.bob.Profile)
		if err := transfer(h.ana, h.cyd.Profile); !problem.Is(err, problem.KindNeedsCode) {
			t.Errorf("a proof for somebody else: %v", err)
		}
		h.prove(t, h.bob, h.bob.Profile)
		if err := transfer(h.bob, h.bob.Profile); !problem.HasCode(err, "owner_only") {
			t.Errorf("a member takes it: %v", err)
		}
		h.prove(t, h.ana, h.ana.Profile)
		if err := transfer(h.ana, h.ana.Profile); !problem.HasCode(err, "transfer_self") {
			t.Errorf("to oneself: %v", err)
		}
		if err := transfer(h.ana, actor(h.Person(t, "eve")).Profile); !problem.Is(err, problem.KindNotFound) {
			t.Errorf("to a stranger: %v", err)
		}
		if err := transfer(h.ana, h.bob.Profile); err != nil {
			t.Fatal(err)
		}
		if r := h.roles(t); r[h.ana.Profile] != organisation.FullMember || r[h.bob.Profile] != organisation.Owner {
			t.Fatalf("%v", r)
		}
		if told := h.told(t, "ownership_transferred"); told["ana@example.com"] != 1 || told["bob@example.com"] != 1 || len(told) != 2 {
			t.Errorf("told %v", told)
		}
		if err := transfer(h.ana, h.bob.Profile); !problem.HasCode(err, "owner_only") {
			t.Errorf("the former owner: %v", err)
		}
	})
}

// Proves LF4 and decisions 25: while a second factor is required, nobody becomes an owner without a proved number.
func TestNewOwnerNeedsNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		h.Write(t, func(tx *store.Tx) error { return h.room.Organisations.SetRequired(tx, h.ana, h.org, true, 0) })
		h.prove(t, h.ana, h.bob.Profile)
		for name, err := range map[string]error{"transfer": h.room.Transfer(ctx, db, h.ana, h.org, h.bob.Profile), "second": h.room.MakeOwner(ctx, db, h.ana, h.org, h.bob.Profile)} {
			if !problem.HasCode(err, "owner_number") {
				t.Errorf("%s: %v", name, err)
			}
		}
		h.Write(t, func(tx *store.Tx) error {
			n, err := phone.Parse("+447700900555", "")
			if err != nil {
				return err
			}
			_, _, _, err = h.Factors.BindNumber(tx, h.bob, h.bob.Profile, n)
			return err
		})
		if err := h.room.MakeOwner(ctx, db, h.ana, h.org, h.bob.Profile); err != nil {
			t.Fatal(err)
		}
		if told := h.told(t, "role_changed"); len(told) != 2 {
			t.Errorf("told %v", told)
		}
		h.prove(t, h.ana, h.ana.Profile)
		if err := h.room.StepDown(ctx, db, h.ana, h.org); err != nil {
			t.Fatal(err)
		}
		h.prove(t, h.bob, h.bob.Profile)
		if err := h.room.StepDown(ctx, db, h.bob, h.org); !problem.HasCode(err, "last_owner") {
			t.Errorf("the last owner: %v", err)
		}
	})
}

// Proves C50, OU2 and B15: twenty transfers at once to two people, and fifty of two owners removing, demoting and leaving
// each other, leave exactly the owners that the rules allow.
func TestRacingOwners(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		heirs := []access.Actor{h.bob, h.cyd}
		for _, x := range heirs {
			h.prove(t, h.ana, x.Profile)
		}
		done := make(chan error, 20)
		for i := range 20 {
			go func() { done <- h.room.Transfer(ctx, db, h.ana, h.org, heirs[i%2].Profile) }()
		}
		won := 0
		for range 20 {
			if err := <-done; err == nil {
				won++
			} else if problem.As(err) == nil {
				t.Error(err)
			}
		}
		owners := map[id.Profile]bool{}
		for p, r := range h.roles(t) {
			if r == organisation.Owner {
				owners[p] = true
			}
		}
		if won != 1 || len(owners) != 1 || owners[h.ana.Profile] {
			t.Fatalf("%d transfers, owners %v", won, owners)
		}
		first, second := h.bob, h.cyd
		if owners[h.cyd.Profile] {
			first, second = h.cyd, h.bob
		}
		h.prove(t, first, second.Profile)
		if err := h.room.MakeOwner(ctx, db, first, h.org, second.Profile); err != nil {
			t.Fatal(err)
		}
		for _, x := range []access.Actor{first, second} {
			h.prove(t, x, x.Profile)
		}
		done = make(chan error, 50)
		for i := range 50 {
			me, you := first, second
			if i%2 == 1 {
				me, you = you, me
			}
			go func() {
				switch i / 2 % 4 {
				case 0:
					done <- h.room.Remove(ctx, db, me, h.org, you.Profile)
				case 1:
					done <- h.room.Disable(ctx, db, me, h.org, you.Profile)
				case 2:
					done <- h.room.StepDown(ctx, db, me, h.org)
				default:
					done <- h.room.Leave(ctx, db, me, h.org)
				}
			}()
		}
		for range 50 {
			if err := <-done; err != nil && problem.As(err) == nil {
				t.Error(err)
			}
		}
		n := 0
		for _, r := range h.roles(t) {
			if r == organisation.Owner {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("%d owners remain", n)
		}
	})
}

// Proves OU8, OU9, OU13, OU14 and decisions 23 for the mails: the person and every owner are told once; the deleted
// organisation tells everybody.
func TestTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		h.prove(t, h.ana, h.bob.Profile)
		b := h.bob.Profile
		for _, err := range []error{
			h.room.SetMember(ctx, db, h.ana, h.org, b, organisation.MemberForm{Method: organisation.BySMS, Permissions: organisation.Permissions()}),
			h.room.SetMember(ctx, db, h.ana, h.org, b, organisation.MemberForm{Method: organisation.BySMS}),
			h.room.Disable(ctx, db, h.ana, h.org, b), h.room.Enable(ctx, db, h.ana, h.org, b), h.room.EndDevices(ctx, db, h.ana, h.org, b),
			h.room.Remove(ctx, db, h.ana, h.org, b), h.room.Leave(ctx, db, h.cyd, h.org),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		h.Write(t, func(tx *store.Tx) error {
			return grant.GiveOnce(tx, h.ana.Session, organisation.Deletes, string(h.org), grant.Life)
		})
		if err := h.room.Delete(ctx, db, h.ana, h.org); err != nil {
			t.Fatal(err)
		}
		const ana, bob, cyd = "ana@example.com", "bob@example.com", "cyd@example.com"
		for kind, want := range map[string]map[string]int{"method_changed": {bob: 1}, "member_disabled": {ana: 1, bob: 1}, "member_enabled": {ana: 1, bob: 1},
			"devices_ended": {bob: 1}, "member_removed": {ana: 2, bob: 1, cyd: 1}, "organisation_deleted": {ana: 1}} {
			if got := h.told(t, kind); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s told %v, want %v", kind, got, want)
			}
		}
	})
}
