package change_test

import (
	"testing"

	"watchword/account/factor"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/wording"
	"watchword/organisation"
	kit "watchword/signin/signintest"
)

// Proves LF4, LF17, LF18 and C50: what an organisation requires cannot be removed or turned off by its people; an owner
// keeps the number whatever else there is; a member may trade a number for something better; where nothing is required
// everything may go.
func TestWhatAnOrganisationNeedsStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		ana, bob, cyd := k.Person(t, "ana"), k.Person(t, "bob"), k.Person(t, "cyd")
		k.Number(t, ana, kit.Mobile)
		k.Number(t, bob, kit.Other)
		k.Number(t, cyd, "+447700900789")
		k.Write(t, func(tx *store.Tx) error {
			_, err := k.Factors.BindEmail(tx, access.System("test"), bob.ID, "b•••@example.com")
			return err
		})
		k.TOTP(t, ana)
		k.TOTP(t, cyd)
		org := k.Organisation(t, ana, "Harbour", false, organisation.PolicyForm{TrustDays: 30})
		k.Member(t, org, bob, organisation.BySMS)
		k.Member(t, org, cyd, organisation.BySMS)
		k.Requires(t, ana, org, db.Now()+int64(48*3600*1e6))
		number := func(who access.Actor) (n id.Factor) {
			v, err := k.Change.Look(ctx, db, who)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range v.Factors {
				if f.Kind == factor.SMS {
					n = f.ID
				}
			}
			return n
		}
		act := func(name, want string, do func(who access.Actor) error) {
			t.Helper()
			who := k.Actor(t, k.LogInSMS(t, name).Token)
			k.Grant(t, who, wording.RemoveFactor)
			k.Grant(t, who, wording.TurnOffTwoFactor)
			err := do(who)
			if want != "" {
				kit.Is(t, err, want)
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			k.Later(60e9)
		}
		remove := func(who access.Actor) error { _, err := k.Change.RemoveFactor(ctx, db, who, number(who)); return err }
		off := func(who access.Actor) error { _, err := k.Change.TwoFactorOff(ctx, db, who); return err }
		act("ana", "number_needed", remove)
		act("ana", "two_factor_required", off)
		act("bob", "factor_needed", remove)
		act("bob", "two_factor_required", off)
		act("cyd", "", remove)
		k.Write(t, func(tx *store.Tx) error {
			return k.Organisations.SetRequired(tx, access.System("support"), org, false, 0)
		})
		act("bob", "", remove)
		act("ana", "", off)
	})
}
