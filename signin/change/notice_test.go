package change_test

import (
	"testing"
	"time"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/wording"
	kit "watchword/signin/signintest"
)

// Proves C35, C34, LF26: eight security events, each told once to both confirmed addresses, and to no unconfirmed one.
func TestEventsReachAllAddresses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		p, who, _, _ := someone(t, k, "ana")
		second(t, k, who, "second@example.org")
		k.Grant(t, who, wording.AddRecoveryAddress)
		if _, err := k.Change.AskRecoveryAddress(ctx, db, who, "third@example.net"); err != nil {
			t.Fatal(err)
		}
		for _, a := range wording.Actions() {
			k.Grant(t, who, a)
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		_, err := enter(t, k, who, kit.Mobile)
		must(err)
		k.Later(time.Minute)
		_, err = enter(t, k, who, kit.Other)
		must(err)
		_, err = k.Change.AddEmail(ctx, db, who)
		must(err)
		v, err := k.Change.Look(ctx, db, who)
		must(err)
		_, err = k.Change.RemoveFactor(ctx, db, who, v.Factors[1].ID)
		must(err)
		_, err = k.Change.RecoveryCodes(ctx, db, who)
		must(err)
		_, err = k.Change.Username(ctx, db, who, "anna")
		must(err)
		_, err = k.Change.TwoFactorOff(ctx, db, who)
		must(err)
		must(k.Change.Close(ctx, db, who))
		want := []string{"number_added", "number_changed", "factor_added", "factor_removed", "recovery_codes_made", "username_changed", "two_factor_off", "profile_closed"}
		for _, to := range []string{p.Email, "second@example.org"} {
			got := k.Kinds(t, to)
			for _, kind := range want {
				if got[kind] != 1 {
					t.Errorf("%s to %s: %d times", kind, to, got[kind])
				}
			}
		}
		if got := k.Kinds(t, "third@example.net"); len(got) != 1 || got["confirm_recovery_address"] != 1 {
			t.Errorf("the unconfirmed address got %v", got)
		}
	})
}
