package organisation_test

import (
	"net/netip"
	"strings"
	"testing"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/grant"
	"watchword/organisation"
)

// team is an organisation of an owner and two members.
type team struct {
	r             *organisation.Rooms
	db            *store.DB
	org           id.Organisation
	ana, bob, cyd access.Actor
}

func newTeam(t testing.TB, db *store.DB) *team {
	t.Helper()
	x := &team{r: rooms(), db: db, ana: person(t, db, "ana"), bob: person(t, db, "bob"), cyd: person(t, db, "cyd")}
	o, err := x.r.Create(ctx, db, x.ana, organisation.Form{Name: "Harbour"})
	if err != nil {
		t.Fatal(err)
	}
	x.org = o.ID
	x.add(t, x.bob, organisation.FullMember)
	x.add(t, x.cyd, organisation.FullMember)
	return x
}

func (x *team) add(t testing.TB, who access.Actor, role organisation.Role) {
	t.Helper()
	x.must(t, func(tx *store.Tx) error {
		return x.r.Add(tx, x.ana, x.org, who.Profile, organisation.Joining{Role: role})
	})
}

func (x *team) must(t testing.TB, f func(tx *store.Tx) error) {
	t.Helper()
	if err := x.db.Write(ctx, f); err != nil {
		t.Fatal(err)
	}
}

// do runs an operation with every proof of user management that it could ask for.
func (x *team) do(who access.Actor, f func(tx *store.Tx) error) error {
	return x.db.Write(ctx, func(tx *store.Tx) error {
		for _, a := range []string{organisation.ManageUsers, organisation.ChangePolicy} {
			if err := grant.Give(tx, who.Session, a); err != nil {
				return err
			}
		}
		if err := grant.GiveOnce(tx, who.Session, organisation.Deletes, string(x.org), grant.Life); err != nil {
			return err
		}
		return f(tx)
	})
}

func (x *team) enter(who access.Actor, need organisation.Permission) (m organisation.Member, err error) {
	err = x.db.Read(ctx, func(tx *store.Tx) (err error) { m, err = organisation.Enter(tx, x.org, who, need); return err })
	return m, err
}

func (x *team) member(t testing.TB, who access.Actor) (m organisation.Member) {
	t.Helper()
	x.must(t, func(tx *store.Tx) (err error) { m, err = organisation.MemberOf(tx, x.org, who.Profile); return err })
	return m
}

func (x *team) owners(t testing.TB) (n int) {
	t.Helper()
	x.must(t, func(tx *store.Tx) error {
		all, err := organisation.OwnersOf(tx, x.org)
		n = len(all)
		return err
	})
	return n
}

// acts are all operations of user management on a member.
func (x *team) acts(p id.Profile) map[string]func(who access.Actor) func(tx *store.Tx) error {
	type change = func(*store.Tx, access.Actor, id.Organisation, id.Profile) (organisation.Member, error)
	one := func(f change) func(who access.Actor) func(tx *store.Tx) error {
		return func(who access.Actor) func(tx *store.Tx) error {
			return func(tx *store.Tx) error { _, err := f(tx, who, x.org, p); return err }
		}
	}
	return map[string]func(who access.Actor) func(tx *store.Tx) error{
		"disable": one(x.r.Disable), "remove": one(x.r.Remove),
		"set": one(func(tx *store.Tx, who access.Actor, o id.Organisation, p id.Profile) (organisation.Member, error) {
			m, _, err := x.r.SetMember(tx, who, o, p, organisation.MemberForm{Method: organisation.ByPasskey})
			return m, err
		}),
		"end devices": one(func(tx *store.Tx, who access.Actor, o id.Organisation, p id.Profile) (organisation.Member, error) {
			_, err := x.r.EndDevices(tx, who, o, p)
			return organisation.Member{}, err
		}),
	}
}

// Proves OU6, OU17, C48, C50 and TD12 for user management: strangers find nothing, members may not, owners need a fresh
// proof, and nobody does it to an owner.
func TestWhoManages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		stranger := person(t, db, "eve")
		for name, act := range x.acts(x.cyd.Profile) {
			if err := x.do(stranger, act(stranger)); !problem.Is(err, problem.KindNotFound) {
				t.Errorf("%s by a stranger: %v", name, err)
			}
			if err := x.do(x.bob, act(x.bob)); !problem.HasCode(err, "owner_only") {
				t.Errorf("%s by a member: %v", name, err)
			}
			if err := x.do(access.Visitor(access.Origin{}), act(access.Visitor(access.Origin{}))); !problem.Is(err, problem.KindSignedOut) {
				t.Errorf("%s by nobody: %v", name, err)
			}
			fresh := x.ana
			fresh.Session = "SEother"
			err := x.db.Write(ctx, act(fresh))
			if p := problem.As(err); p == nil || p.Kind != problem.KindNeedsCode || p.Action != organisation.ManageUsers {
				t.Errorf("%s without a proof: %v", name, err)
			}
		}
		x.add(t, stranger, organisation.Owner)
		for _, name := range []string{"disable", "remove"} {
			if err := x.do(x.ana, x.acts(stranger.Profile)[name](x.ana)); !problem.HasCode(err, "owner_protected") {
				t.Errorf("%s an owner: %v", name, err)
			}
		}
		if _, err := organisation.Members(ctx, db, x.bob, x.org); !problem.HasCode(err, "owner_only") {
			t.Errorf("a member reads the list of users: %v", err)
		}
		if all, err := organisation.Members(ctx, db, x.ana, x.org); err != nil || len(all) != 4 || all[0].Role != organisation.Owner {
			t.Errorf("%+v %v", all, err)
		}
	})
}

// Proves OU7, OU8 and C49: another method raises the version and the mark that proofs must be younger than; permissions
// act on the next request and end nothing.
func TestSetMember(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		before := x.member(t, x.bob)
		if _, err := x.enter(x.bob, organisation.Contacts); err != nil {
			t.Fatal(err)
		}
		set := func(f organisation.MemberForm) (changed bool, err error) {
			err = x.do(x.ana, func(tx *store.Tx) (err error) {
				_, changed, err = x.r.SetMember(tx, x.ana, x.org, x.bob.Profile, f)
				return err
			})
			return changed, err
		}
		changed, err := set(organisation.MemberForm{Permissions: []organisation.Permission{organisation.Sends}})
		if m := x.member(t, x.bob); err != nil || changed || m.Version != before.Version || m.TrustAfter != before.TrustAfter {
			t.Fatalf("permissions: %v %v %+v", changed, err, m)
		}
		if _, err := x.enter(x.bob, organisation.Contacts); !problem.HasCode(err, "not_permitted") {
			t.Fatalf("contacts after they were taken: %v", err)
		}
		if _, err := x.enter(x.bob, organisation.Sends); err != nil {
			t.Fatal(err)
		}
		changed, err = set(organisation.MemberForm{Method: organisation.ByTOTP, Permissions: []organisation.Permission{organisation.Sends}})
		m := x.member(t, x.bob)
		if err != nil || !changed || m.Version <= before.Version || m.TrustAfter == 0 || m.Method != organisation.ByTOTP {
			t.Fatalf("method: %v %v %+v", changed, err, m)
		}
		old, young := x.bob, x.bob
		old.ProvedAt, young.ProvedAt = m.TrustAfter-1, m.TrustAfter
		if _, err := x.enter(old, organisation.Sends); !problem.HasCode(err, "organisation_needs_proof") {
			t.Fatalf("a proof from before: %v", err)
		}
		if _, err := x.enter(young, organisation.Sends); err != nil {
			t.Fatalf("a proof from after: %v", err)
		}
		for f, code := range map[string]organisation.MemberForm{"method_unknown": {Method: "pigeon"}, "permission_unknown": {Permissions: []organisation.Permission{"owner"}}} {
			if _, err := set(code); !problem.HasCode(err, f) {
				t.Errorf("%s: %v", f, err)
			}
		}
		x.must(t, func(tx *store.Tx) error { return x.r.SetRole(tx, x.ana, x.org, x.cyd.Profile, organisation.Owner) })
		err = x.do(x.ana, func(tx *store.Tx) error {
			_, _, err := x.r.SetMember(tx, x.ana, x.org, x.cyd.Profile, organisation.MemberForm{Method: organisation.ByEmail})
			return err
		})
		if !problem.HasCode(err, "method_weak") {
			t.Errorf("email for an owner (LF4): %v", err)
		}
	})
}

// Proves OU8, OU9, C42 and RP16: off and gone act on the next request, a new membership is not the former one, and the
// profile stays.
func TestDisableAndRemove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		before := x.member(t, x.bob)
		run := func(f func(*store.Tx, access.Actor, id.Organisation, id.Profile) (organisation.Member, error)) {
			t.Helper()
			if err := x.do(x.ana, func(tx *store.Tx) error { _, err := f(tx, x.ana, x.org, x.bob.Profile); return err }); err != nil {
				t.Fatal(err)
			}
		}
		run(x.r.Disable)
		if _, err := x.enter(x.bob, organisation.Anybody); !problem.HasCode(err, "member_disabled") {
			t.Fatalf("switched off: %v", err)
		}
		if m := x.member(t, x.bob); m.DisabledAt == 0 || m.Version <= before.Version {
			t.Fatalf("%+v", m)
		}
		run(x.r.Enable)
		again := x.bob
		if _, err := x.enter(again, organisation.Anybody); !problem.HasCode(err, "organisation_needs_proof") {
			t.Fatalf("switched on with an old proof: %v", err)
		}
		again.ProvedAt = db.Now()
		if _, err := x.enter(again, organisation.Anybody); err != nil {
			t.Fatal(err)
		}
		version := x.member(t, x.bob).Version
		run(x.r.Remove)
		if _, err := x.enter(again, organisation.Anybody); !problem.Is(err, problem.KindNotFound) {
			t.Fatalf("removed: %v", err)
		}
		x.add(t, x.bob, organisation.FullMember)
		if m := x.member(t, x.bob); m.Version <= version {
			t.Fatalf("the new membership has version %d, the old one had %d", m.Version, version)
		}
		p, err := organisation.Audit(ctx, db, x.ana, x.org, audit.Filter{Kind: "member"})
		kinds := ""
		for _, r := range p.Rows {
			kinds += r.Kind + " "
		}
		if err != nil || !strings.HasPrefix(kinds, "member.joined member.removed member.enabled member.disabled ") {
			t.Fatalf("%s %v", kinds, err)
		}
	})
}

// Proves TD6 for owners: "end all" outdates every proof but that of whoever pressed it.
func TestEndDevices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		x.ana.ProvedAt, x.bob.ProvedAt = db.Now(), db.Now()
		if err := x.do(x.ana, func(tx *store.Tx) error { _, err := x.r.EndDevices(tx, x.ana, x.org, ""); return err }); err != nil {
			t.Fatal(err)
		}
		if _, err := x.enter(x.ana, organisation.Owns); err != nil {
			t.Errorf("the owner: %v", err)
		}
		if _, err := x.enter(x.bob, organisation.Anybody); !problem.HasCode(err, "organisation_needs_proof") {
			t.Errorf("the member: %v", err)
		}
		if m := x.member(t, x.ana); m.TrustAfter != x.ana.ProvedAt {
			t.Errorf("browsers that the owner trusted before are trusted still: %d", m.TrustAfter)
		}
	})
}

// Proves OU2, OU14, C50 and B15: of owners who leave and step down at the same moment, 50 at once, one always remains.
func TestOneOwnerRemains(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		if err := x.do(x.ana, func(tx *store.Tx) error { _, err := x.r.Leave(tx, x.ana, x.org); return err }); !problem.HasCode(err, "last_owner") {
			t.Fatalf("the only owner leaves: %v", err)
		}
		x.add(t, person(t, db, "dee"), organisation.Owner)
		x.must(t, func(tx *store.Tx) error {
			for _, p := range []access.Actor{x.bob, x.cyd} {
				if err := x.r.SetRole(tx, x.ana, x.org, p.Profile, organisation.Owner); err != nil {
					return err
				}
			}
			return nil
		})
		var all []organisation.Member
		x.must(t, func(tx *store.Tx) (err error) { all, err = organisation.OwnersOf(tx, x.org); return err })
		done := make(chan error, 52)
		for i := range 52 {
			who := access.Actor{Kind: access.KindPerson, Profile: all[i%4].Profile, Session: id.Session(all[i%4].Username)}
			go func() {
				done <- x.do(who, func(tx *store.Tx) error {
					switch i / 4 % 3 {
					case 0:
						_, err := x.r.Leave(tx, who, x.org)
						return err
					case 1:
						if _, err := organisation.Own(tx, who, x.org); err != nil {
							return err
						}
						return x.r.SetRole(tx, who, x.org, who.Profile, organisation.FullMember)
					}
					_, err := x.r.Remove(tx, who, x.org, all[(i+1)%4].Profile)
					return err
				})
			}()
		}
		for range 52 {
			if err := <-done; err != nil && problem.As(err) == nil {
				t.Error(err)
			}
		}
		if n := x.owners(t); n != 1 {
			t.Fatalf("%d owners remain", n)
		}
	})
}

// Proves OU13 and OU17: a deleted organisation answers as one that never was, to its former owner too, and its row stays.
func TestDelete(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		err := x.db.Write(ctx, func(tx *store.Tx) error { _, err := x.r.Delete(tx, x.ana, x.org); return err })
		if p := problem.As(err); p == nil || p.Kind != problem.KindNeedsCode || p.Action != organisation.Deletes || p.Digest != string(x.org) {
			t.Fatalf("without a proof: %v", err)
		}
		if err := x.do(x.bob, func(tx *store.Tx) error { _, err := x.r.Delete(tx, x.bob, x.org); return err }); !problem.HasCode(err, "owner_only") {
			t.Fatalf("by a member: %v", err)
		}
		var gone []organisation.Member
		if err := x.do(x.ana, func(tx *store.Tx) (err error) { gone, err = x.r.Delete(tx, x.ana, x.org); return err }); err != nil || len(gone) != 3 {
			t.Fatalf("%d %v", len(gone), err)
		}
		for _, who := range []access.Actor{x.ana, x.bob} {
			if _, err := x.enter(who, organisation.Anybody); !problem.Is(err, problem.KindNotFound) {
				t.Errorf("%s: %v", who.Name, err)
			}
		}
		if mine, err := organisation.Mine(ctx, db, x.ana); err != nil || len(mine) != 0 {
			t.Errorf("%+v %v", mine, err)
		}
		if err := x.db.Write(ctx, func(tx *store.Tx) error {
			return x.r.Add(tx, x.ana, x.org, x.ana.Profile, organisation.Joining{Role: organisation.Owner})
		}); !problem.Is(err, problem.KindNotFound) {
			t.Errorf("joining a deleted organisation: %v", err)
		}
		x.must(t, func(tx *store.Tx) error {
			all, err := organisation.Directory(tx, "harb", "")
			if len(all) != 1 || all[0].DeletedAt == 0 || all[0].Members != 0 {
				t.Errorf("the operators' list: %+v", all)
			}
			return err
		})
	})
}

// Proves SO7, SO12 and decisions 28: a suspended organisation can be read and not changed; an operator who looks in can
// change nothing either.
func TestSuspendedAndLookedInto(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		operator := access.Actor{Kind: access.KindOperator, Operator: "OPone", Organisation: x.org, Looking: true}
		if all, err := organisation.Members(ctx, db, operator, x.org); err != nil || len(all) != 3 {
			t.Fatalf("looking: %d %v", len(all), err)
		}
		if _, err := x.r.SetDetails(ctx, db, operator, x.org, organisation.Details{Name: "Mine"}); !problem.Is(err, problem.KindSignedOut) {
			t.Fatalf("changing while looking: %v", err)
		}
		if err := x.db.Write(ctx, func(tx *store.Tx) error {
			_, err := organisation.Act(tx, x.org, operator, organisation.Anybody)
			return err
		}); !problem.HasCode(err, "only_looking") {
			t.Fatalf("acting while looking: %v", err)
		}
		elsewhere := operator
		elsewhere.Organisation = "AC0190a0a0a0a0a0a0a0a0a0a0a0a0a0a0"
		if _, err := x.enter(elsewhere, organisation.Anybody); err == nil {
			t.Fatal("an operator who looks elsewhere got in")
		}
		x.must(t, func(tx *store.Tx) error { return x.r.Suspend(tx, operator, x.org, "unpaid") })
		if _, err := organisation.Members(ctx, db, x.ana, x.org); err != nil {
			t.Fatalf("reading: %v", err)
		}
		if _, err := x.r.SetDetails(ctx, db, x.ana, x.org, organisation.Details{Name: "Other"}); !problem.HasCode(err, "suspended") {
			t.Fatalf("changing: %v", err)
		}
		x.must(t, func(tx *store.Tx) error { return x.r.Restore(tx, operator, x.org, "paid") })
		if _, err := x.r.SetDetails(ctx, db, x.ana, x.org, organisation.Details{Name: "Other"}); err != nil {
			t.Fatal(err)
		}
	})
}

// Proves LF3, LF25 and LF19: owners only, within bounds, never without the own address; it acts on the next request.
func TestPolicy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		at := func(who access.Actor, address string) access.Actor {
			who.Origin.Address = netip.MustParseAddr(address)
			return who
		}
		ana := at(x.ana, "192.0.2.7")
		good := organisation.PolicyForm{NewDevice: true, TrustDays: 14, FloorMember: organisation.BySMS, FloorOwner: organisation.ByTOTP, Networks: "192.0.2.0/24, 2001:db8::/32\n198.51.100.9"}
		if err := x.r.SetPolicy(ctx, db, ana, x.org, good); !problem.Is(err, problem.KindNeedsCode) {
			t.Fatalf("without a proof: %v", err)
		}
		x.must(t, func(tx *store.Tx) error { return grant.Give(tx, ana.Session, organisation.ChangePolicy) })
		for code, change := range map[string]func(f *organisation.PolicyForm){
			"trust_days_range": func(f *organisation.PolicyForm) { f.TrustDays = 91 },
			"method_weak":      func(f *organisation.PolicyForm) { f.FloorOwner = organisation.ByEmail },
			"method_unknown":   func(f *organisation.PolicyForm) { f.FloorMember = "" },
			"network_format":   func(f *organisation.PolicyForm) { f.Networks = "192.0.2.0/33" },
			"networks_own":     func(f *organisation.PolicyForm) { f.Networks = "198.51.100.0/24" },
			"networks_many":    func(f *organisation.PolicyForm) { f.Networks = strings.Repeat("192.0.2.0/24 ", 2000) },
		} {
			f := good
			change(&f)
			if err := x.r.SetPolicy(ctx, db, ana, x.org, f); !problem.HasCode(err, code) {
				t.Errorf("%s: %v", code, err)
			}
		}
		if err := x.r.SetPolicy(ctx, db, ana, x.org, good); err != nil {
			t.Fatal(err)
		}
		p, err := organisation.GetPolicy(ctx, db, ana, x.org)
		if err != nil || !p.NewDevice || p.TrustDays != 14 || p.FloorOwner != organisation.ByTOTP || len(p.Networks) != 3 || p.Form() != (organisation.PolicyForm{
			NewDevice: true, TrustDays: 14, FloorMember: organisation.BySMS, FloorOwner: organisation.ByTOTP, Networks: "192.0.2.0/24\n2001:db8::/32\n198.51.100.9"}) {
			t.Fatalf("%+v %v", p, err)
		}
		for address, opens := range map[string]bool{"192.0.2.200": true, "::ffff:192.0.2.1": true, "2001:db8::1": true, "198.51.100.9": true, "198.51.100.10": false} {
			if _, err := x.enter(at(x.bob, address), organisation.Anybody); (err == nil) != opens || err != nil && !problem.HasCode(err, "network_not_allowed") {
				t.Errorf("from %s: %v", address, err)
			}
		}
		if _, err := organisation.GetPolicy(ctx, db, at(x.bob, "192.0.2.1"), x.org); !problem.HasCode(err, "owner_only") {
			t.Errorf("a member reads the policy: %v", err)
		}
	})
}

// Proves decisions 25 at the door: required binds at once or from the grace date on, by what proved the session; a
// trusted device counts under new_device only (C45).
func TestRequired(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		with := func(who access.Actor, methods ...string) access.Actor { who.Methods = methods; return who }
		opens := func(want bool, who access.Actor) {
			t.Helper()
			if _, err := x.enter(who, organisation.Anybody); (err == nil) != want || err != nil && !problem.HasCode(err, "organisation_needs_proof") {
				t.Errorf("%s by %v: %v", who.Name, who.Methods, err)
			}
		}
		x.must(t, func(tx *store.Tx) error { return x.r.SetRequired(tx, x.ana, x.org, true, tx.Now+store.Micros(3600e9)) })
		opens(true, with(x.bob, "password"))
		x.must(t, func(tx *store.Tx) error { return x.r.SetRequired(tx, x.ana, x.org, true, 0) })
		opens(false, with(x.bob, "password"))
		opens(false, with(x.bob, "password", "device"))
		opens(true, with(x.bob, "password", "email"))
		opens(false, with(x.ana, "password", "email")) // LF4: never an owner's
		opens(true, with(x.ana, "password", "sms"))
		opens(true, with(x.ana, "passkey"))
		owner := with(x.ana, "sms")
		x.must(t, func(tx *store.Tx) error { return grant.Give(tx, owner.Session, organisation.ChangePolicy) })
		if err := x.r.SetPolicy(ctx, db, owner, x.org, organisation.PolicyForm{NewDevice: true, TrustDays: 30, FloorMember: organisation.ByTOTP, FloorOwner: organisation.BySMS}); err != nil {
			t.Fatal(err)
		}
		opens(true, with(x.bob, "password", "device"))
		opens(false, with(x.bob, "password", "sms"))
		opens(true, with(x.bob, "password", "recovery"))
		x.must(t, func(tx *store.Tx) error { return x.r.SetRequired(tx, x.ana, x.org, false, 0) })
		opens(true, with(x.bob, "password"))
	})
}

// Proves RP18: owners only, at once, every mistake at its field; a cleared billing email means no copies.
func TestDetails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		d := organisation.Details{Name: "Harbour Books", Country: "gb", ContactName: "Ana", ContactEmail: "Ana@Harbour.example", ContactPhone: "020 7946 0123",
			Address: "1 Quay\r\nPort", TaxNumber: "GB 123", BillingEmail: "bills@harbour.example"}
		if _, err := x.r.SetDetails(ctx, db, x.bob, x.org, d); !problem.HasCode(err, "owner_only") {
			t.Fatalf("by a member: %v", err)
		}
		if _, err := organisation.GetDetails(ctx, db, x.bob, x.org); !problem.HasCode(err, "owner_only") {
			t.Fatalf("read by a member: %v", err)
		}
		saved, err := x.r.SetDetails(ctx, db, x.ana, x.org, d)
		if err != nil || saved.Country != "GB" || saved.ContactPhone != "+442079460123" || saved.Address != "1 Quay\nPort" {
			t.Fatalf("%+v %v", saved, err)
		}
		saved.BillingEmail = " "
		if saved, err = x.r.SetDetails(ctx, db, x.ana, x.org, saved); err != nil || saved.BillingEmail != "" {
			t.Fatalf("%+v %v", saved, err)
		}
		if got, err := organisation.GetDetails(ctx, db, x.ana, x.org); err != nil || got != saved {
			t.Fatalf("%+v %v", got, err)
		}
		bad := organisation.Details{Name: " ", Country: "XX", ContactName: "a\x00b", ContactEmail: "nobody", ContactPhone: "12", Address: strings.Repeat("x", 501),
			TaxNumber: "\xff", BillingEmail: "a@b"}
		_, err = x.r.SetDetails(ctx, db, x.ana, x.org, bad)
		p := problem.As(err)
		if p == nil || len(p.Fields) != 8 {
			t.Fatalf("%v", err)
		}
	})
}

// Proves OU11: nothing counts seats.
func TestNoSeats(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		for i := range 150 {
			x.add(t, person(t, db, "user"+string(rune('a'+i%26))+string(rune('a'+i/26))), organisation.FullMember)
		}
		if all, err := organisation.Members(ctx, db, x.ana, x.org); err != nil || len(all) != 153 {
			t.Fatalf("%d %v", len(all), err)
		}
	})
}

// Proves RP17: the organisations that stand in the way of closing a profile are named.
func TestAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTeam(t, db)
		if alone, err := organisation.Alone(ctx, db, x.ana); err != nil || len(alone) != 1 || alone[0].ID != x.org {
			t.Fatalf("%+v %v", alone, err)
		}
		x.must(t, func(tx *store.Tx) error { return x.r.SetRole(tx, x.ana, x.org, x.bob.Profile, organisation.Owner) })
		if alone, err := organisation.Alone(ctx, db, x.ana); err != nil || len(alone) != 0 {
			t.Fatalf("%+v %v", alone, err)
		}
	})
}
