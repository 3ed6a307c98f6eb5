package device_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"watchword/account/device"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/signin/proof"
	kit "watchword/signin/signintest"
	"watchword/signin/stepup"
)

var ctx = context.Background()

var onNewDevices = organisation.PolicyForm{NewDevice: true, TrustDays: 30, EmailExport: true}

// team is an organisation that asks on new devices, of its owner ana and its member bob, who both have a number.
func team(t *testing.T, k *kit.Kit) (ana, bob profile.Profile, org id.Organisation) {
	t.Helper()
	ana, bob = k.Person(t, "ana"), k.Person(t, "bob")
	k.Number(t, ana, kit.Mobile)
	k.Number(t, bob, kit.Other)
	org = k.Organisation(t, ana, "Harbour", true, onNewDevices)
	k.Member(t, org, bob, organisation.BySMS)
	return ana, bob, org
}

// asked says whether a log-in asks for a code, and what the session is.
func asked(t *testing.T, k *kit.Kit, c *kit.Computer, name string) bool {
	t.Helper()
	m, asked := k.At(t, c, name)
	who := k.Actor(t, m.Token)
	if trusted := slices.Contains(who.Methods, "device"); trusted == asked || trusted && who.Level != access.LevelPassword {
		t.Fatalf("asked %v, and then the session is %+v", asked, who)
	}
	return asked
}

// Proves LF3, TD1, TD2, TD3, TD4: a code on a browser without our cookie, none for 30 sliding days on a trusted one, and
// again in another browser, without the cookie and after 30 idle days; the secret has 256 bits and is not stored.
func TestTrustedDevice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		_, bob, _ := team(t, k)
		c := kit.NewComputer()
		if !asked(t, k, c, "bob") {
			t.Fatal("a new browser is trusted")
		}
		for _, days := range []int{0, 29, 29} {
			k.Later(time.Duration(days) * 24 * time.Hour)
			if asked(t, k, c, "bob") {
				t.Fatalf("asked again after %d days", days)
			}
		}
		secret := c.Devices[k.Devices.Mark(bob.ID)]
		var hash string
		k.Write(t, func(tx *store.Tx) error { return tx.QueryRow(`SELECT hash FROM account_device`).Scan(&hash) })
		if len(secret) != 43 || strings.Contains(hash, secret) {
			t.Fatalf("secret %q, stored %q", secret, hash)
		}
		if !asked(t, k, &kit.Computer{Browser: c.Browser, Devices: map[string]string{}}, "bob") || !asked(t, k, kit.NewComputer(), "bob") {
			t.Fatal("the cookie is not needed")
		}
		// The browser that lost its cookie was trusted anew; the lost secret no longer counts.
		if !asked(t, k, c, "bob") || asked(t, k, c, "bob") {
			t.Fatal("the former secret counts")
		}
		k.Later(30 * 24 * time.Hour)
		if !asked(t, k, c, "bob") {
			t.Fatal("trusted after 30 days without use")
		}
		k.Write(t, device.Sweep)
	})
}

// Proves C44 and TD4: everything that ends the trust in a device does, each by itself, and for the log-in that follows.
func TestRevocations(t *testing.T) {
	number, _ := phone.Parse("+447700900789", "GB")
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob, org := team(t, k)
		owner := func() access.Actor { return k.Proved(t, ana) }
		write := func(f func(tx *store.Tx) error) { k.Write(t, f) }
		bump := func(tx *store.Tx) error { _, err := profile.Bump(tx, bob.ID); return err }
		c := kit.NewComputer()
		for _, x := range []struct {
			what string
			do   func(who access.Actor)
		}{
			{"password changed", func(who access.Actor) {
				k.Grant(t, who, wording.ChangePassword)
				if _, err := k.Change.Password(ctx, db, who, "plover sandbank tremolo 7", "plover sandbank tremolo 8"); err != nil {
					t.Fatal(err)
				}
				k.Grant(t, who, wording.ChangePassword) // and back, for the log-ins that follow
				who = k.Actor(t, k.LogInWith(t, "bob", "plover sandbank tremolo 8").Token)
				k.Grant(t, who, wording.ChangePassword)
				if _, err := k.Change.Password(ctx, db, who, "plover sandbank tremolo 8", "plover sandbank tremolo 7"); err != nil {
					t.Fatal(err)
				}
			}},
			{"number changed", func(who access.Actor) {
				k.Grant(t, who, wording.ChangeMobileNumber)
				s, no, err := k.Change.AskNumber(ctx, db, who, number.E164, "")
				if err != nil || no != nil {
					t.Fatal(err, no)
				}
				if _, err := k.Change.EnterNumber(ctx, db, who, k.Code(t, &s.Challenge)); err != nil {
					t.Fatal(err)
				}
			}},
			{"factor added", func(who access.Actor) {
				k.Grant(t, who, wording.AddFactor)
				if _, err := k.Change.AddEmail(ctx, db, who); err != nil {
					t.Fatal(err)
				}
			}},
			{"factor removed", func(who access.Actor) {
				k.Grant(t, who, wording.RemoveFactor)
				v, err := k.Change.Look(ctx, db, who)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range v.Factors {
					if f.Kind == "email" {
						if _, err := k.Change.RemoveFactor(ctx, db, who, f.ID); err != nil {
							t.Fatal(err)
						}
					}
				}
			}},
			{"role changed", func(access.Actor) {
				who := owner()
				write(func(tx *store.Tx) error {
					return k.Organisations.SetRole(tx, who, org, bob.ID, organisation.Owner)
				})
			}},
			{"method changed", func(access.Actor) {
				who := owner()
				write(func(tx *store.Tx) error {
					_, _, err := k.Organisations.SetMember(tx, who, org, bob.ID, organisation.MemberForm{Permissions: organisation.Permissions()})
					return err
				})
			}},
			{"reset by support", func(access.Actor) {
				write(func(tx *store.Tx) error {
					if _, err := k.Factors.RemoveAll(tx, access.System("support"), bob.ID, "support"); err != nil {
						return err
					}
					if _, err := k.Devices.End(tx, access.System("support"), bob.ID); err != nil {
						return err
					}
					return bump(tx)
				})
				k.Number(t, bob, number.E164)
			}},
			{"one revoked by its person", func(who access.Actor) {
				all, err := k.Devices.List(ctx, db, who, c.Devices)
				if err != nil || len(all) != 1 || !all[0].Current || all[0].Label != "Firefox on Windows" || all[0].Method != organisation.BySMS {
					t.Fatalf("%+v %v", all, err)
				}
				if err := k.Devices.Revoke(ctx, db, owner(), all[0].ID); !problem.Is(err, problem.KindNotFound) {
					t.Fatalf("somebody else's device: %v", err)
				}
				if err := k.Devices.Revoke(ctx, db, who, all[0].ID); err != nil {
					t.Fatal(err)
				}
			}},
			{"all revoked by their person", func(who access.Actor) {
				if n, err := k.Devices.RevokeAll(ctx, db, who); err != nil || n != 1 {
					t.Fatal(n, err)
				}
			}},
			{"ended by an owner", func(access.Actor) {
				who := owner()
				write(func(tx *store.Tx) error {
					_, err := k.Organisations.EndDevices(tx, who, org, bob.ID)
					return err
				})
			}},
			{"browser forgotten", func(who access.Actor) {
				all, err := k.Login.Browsers(ctx, db, who, c.Browser)
				if err != nil || len(all) == 0 || all[0].Device != "Firefox on Windows" {
					t.Fatalf("%+v %v", all, err)
				}
				if err := k.Login.ForgetBrowser(ctx, db, who, all[0].ID); err != nil {
					t.Fatal(err)
				}
			}},
			{"forbidden by the organisation", func(access.Actor) {
				k.Ask(t, ana, org, organisation.PolicyForm{NewDevice: true, TrustDays: 0})
			}},
			{"a code at every log-in", func(access.Actor) {
				k.Ask(t, ana, org, organisation.PolicyForm{NewDevice: false, TrustDays: 30})
			}},
			{"a stronger method asked for", func(access.Actor) {
				k.Ask(t, ana, org, organisation.PolicyForm{NewDevice: true, TrustDays: 30, FloorMember: organisation.ByTOTP, FloorOwner: organisation.ByTOTP})
			}},
			{"another organisation joined", func(access.Actor) {
				k.Ask(t, ana, org, onNewDevices)
				other := k.Organisation(t, ana, "Quay", true, onNewDevices)
				k.Member(t, other, bob, organisation.BySMS)
			}},
		} {
			k.At(t, c, "bob")
			m, again := k.At(t, c, "bob")
			if again {
				t.Fatalf("before %s: not trusted", x.what)
			}
			x.do(k.Actor(t, m.Token))
			if !asked(t, k, c, "bob") {
				t.Errorf("%s: still trusted", x.what)
			}
			k.Ask(t, ana, org, onNewDevices)
			k.Later(5 * time.Minute)
		}
	})
}

// Proves TD5 and B16: two people in one browser do not disturb each other, and the cookie of one opens nothing to the
// other.
func TestTwoPeopleInOneBrowser(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob, _ := team(t, k)
		c := kit.NewComputer()
		if !asked(t, k, c, "ana") || !asked(t, k, c, "bob") || asked(t, k, c, "ana") || asked(t, k, c, "bob") || len(c.Devices) != 2 {
			t.Fatalf("one overwrites the other: %v", c.Devices)
		}
		stolen := &kit.Computer{Browser: c.Browser, Devices: map[string]string{k.Devices.Mark(bob.ID): c.Devices[k.Devices.Mark(ana.ID)]}}
		if !asked(t, k, stolen, "bob") {
			t.Fatal("another's secret counts")
		}
		if asked(t, k, c, "ana") {
			t.Fatal("the other's log-in ended the trust")
		}
	})
}

// Proves TD1 (shared computers): what is ticked as shared is not trusted, and no longer if it was.
func TestSharedComputer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		team(t, k)
		c := kit.NewComputer()
		c.Shared = true
		if !asked(t, k, c, "bob") || !asked(t, k, c, "bob") || len(c.Devices) != 0 {
			t.Fatal("trusted all the same")
		}
		c.Shared = false
		asked(t, k, c, "bob")
		c.Shared = true
		if !asked(t, k, c, "bob") {
			t.Fatal("trusted although it is shared now")
		}
		c.Shared = false
		if !asked(t, k, c, "bob") {
			t.Fatal("trust outlived the shared log-in")
		}
	})
}

// Proves C44 and the policy of security.md part 4 row 11: where only passkeys make a browser trusted, one that a code made
// so is asked again at once, is not trusted anew, and one that a passkey made so is.
func TestOnlyPasskeysMakeTrust(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob, org := team(t, k)
		c := kit.NewComputer()
		if !asked(t, k, c, "bob") || asked(t, k, c, "bob") {
			t.Fatal("a code does not make a browser trusted")
		}
		only := onNewDevices
		only.TrustPasskey = true
		k.Ask(t, ana, org, only)
		for range 2 {
			if !asked(t, k, c, "bob") {
				t.Fatal("a browser trusted by a code counts")
			}
		}
		k.Write(t, func(tx *store.Tx) error {
			demands, err := organisation.Demands(tx, bob.ID)
			if err != nil {
				return err
			}
			who := access.Actor{Kind: access.KindPerson, Profile: bob.ID}
			p, err := profile.ByID(tx, bob.ID)
			if err != nil {
				return err
			}
			for by, want := range map[organisation.Method]bool{organisation.BySMS: false, organisation.ByTOTP: false, organisation.ByPasskey: true} {
				m, ok, err := k.Devices.Trust(tx, who, p, "browser of "+string(by), by, demands)
				if err != nil || ok != want {
					t.Errorf("%s: trusted %v, %v", by, ok, err)
				}
				if _, ok, err := k.Devices.Use(tx, access.Origin{}, p, map[string]string{m.Mark: m.Secret}, demands); err != nil || ok != want {
					t.Errorf("%s: counts %v, %v", by, ok, err)
				}
			}
			return nil
		})
	})
}

// Proves C45, C26, TD12: a session by a trusted device is level 1, and every action that wants a proof asks for a code of
// the highest level the person reaches.
func TestDeviceIsNoFactor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		team(t, k)
		c := kit.NewComputer()
		k.At(t, c, "bob")
		m, _ := k.At(t, c, "bob")
		who := k.Actor(t, m.Token)
		_, err := k.Change.AddEmail(ctx, db, who)
		kit.Is(t, err, "step_up_required")
		for _, a := range wording.Actions() {
			err := db.Write(ctx, func(tx *store.Tx) error { return grant.Must(tx, who, string(a), "") })
			if !problem.Is(err, problem.KindNeedsCode) {
				t.Errorf("%s: %v", a, err)
			}
		}
		ask := stepup.Ask{Action: string(wording.ContactsExport), Digest: "all"}
		r, err := k.StepUp.Begin(ctx, db, who, ask)
		if err != nil || r.Session != nil || r.State.Way != proof.SMS {
			t.Fatalf("%+v %v", r, err)
		}
		done, err := k.StepUp.Enter(ctx, db, who, ask, proof.SMS, k.Code(t, r.State.Challenge))
		if err != nil || k.Actor(t, done.Session.Token).Level != access.LevelTwoFactor {
			t.Fatalf("%+v %v", done, err)
		}
	})
}

// Proves part 4 row 11 and OU17: owners see the devices of their people that count, members and strangers see nothing.
func TestTeam(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob, org := team(t, k)
		m, _ := k.At(t, kit.NewComputer(), "bob")
		k.At(t, kit.NewComputer(), "ana")
		all, err := k.Devices.Team(ctx, db, k.Proved(t, ana), org)
		if err != nil || len(all) != 2 || all[1].Profile != bob.ID || all[1].Label != "Firefox on Windows" {
			t.Fatalf("%+v %v", all, err)
		}
		if _, err := k.Devices.Team(ctx, db, k.Actor(t, m.Token), org); !problem.HasCode(err, "owner_only") {
			t.Fatalf("a member: %v", err)
		}
		if _, err := k.Devices.Team(ctx, db, k.Proved(t, k.Person(t, "eve")), org); !problem.Is(err, problem.KindNotFound) {
			t.Fatalf("a stranger: %v", err)
		}
		who := k.Proved(t, ana)
		k.Write(t, func(tx *store.Tx) error {
			_, err := k.Organisations.EndDevices(tx, who, org, "")
			return err
		})
		k.Later(time.Second)
		if all, err = k.Devices.Team(ctx, db, k.Proved(t, ana), org); err != nil || len(all) != 0 {
			t.Fatalf("after the end of all: %+v %v", all, err)
		}
	})
}

// Proves decisions 16 and 17 beside TD: whoever is in no organisation is asked at every log-in, unless the person chose
// otherwise with a fresh proof; undoing the choice ends the trust.
func TestOwnChoice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p := k.Person(t, "cyd")
		k.Number(t, p, kit.Mobile)
		c := kit.NewComputer()
		m, _ := k.At(t, c, "cyd")
		if !asked(t, k, c, "cyd") {
			t.Fatal("trusted without a choice")
		}
		who := k.Actor(t, m.Token)
		kit.Is(t, k.Devices.Choose(ctx, db, who, true), "step_up_required")
		k.Grant(t, who, wording.RemoveFactor)
		if err := k.Devices.Choose(ctx, db, who, true); err != nil {
			t.Fatal(err)
		}
		if own, decided, err := device.Chooses(ctx, db, who); !own || decided || err != nil {
			t.Fatal(own, decided, err)
		}
		if !asked(t, k, c, "cyd") || asked(t, k, c, "cyd") {
			t.Fatal("the choice does not act")
		}
		if err := k.Devices.Choose(ctx, db, who, false); err != nil {
			t.Fatal(err)
		}
		if !asked(t, k, c, "cyd") {
			t.Fatal("trust outlives the choice")
		}
	})
}
