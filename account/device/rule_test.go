package device_test

import (
	"testing"

	"pgregory.net/rapid"

	"watchword/account/device"
	"watchword/organisation"
)

// Proves LF2, LF3 and TD3 as a property: of any organisations and in any order none is overruled; what nobody allows is
// never trusted; another organisation never makes the time longer.
func TestRule(t *testing.T) {
	demand := rapid.Custom(func(t *rapid.T) organisation.Demand {
		return organisation.Demand{Policy: organisation.Policy{Required: rapid.Bool().Draw(t, "required"),
			NewDevice: rapid.Bool().Draw(t, "new device"), TrustDays: rapid.IntRange(0, organisation.MaxTrustDays).Draw(t, "days")}}
	})
	rapid.Check(t, func(t *rapid.T) {
		all, own := rapid.SliceOfN(demand, 0, 5).Draw(t, "demands"), rapid.Bool().Draw(t, "own")
		days, ok := device.Rule(own, all)
		for _, d := range all {
			if p := d.Policy; ok && (!p.NewDevice || p.TrustDays == 0 || days > p.TrustDays) {
				t.Fatalf("%d days although one says %+v", days, p)
			}
		}
		if ok && len(all) == 0 && !own {
			t.Fatal("trusted although nobody said so")
		}
		if more, still := device.Rule(own, append(all, demand.Draw(t, "one more"))); ok && still && len(all) > 0 && more > days {
			t.Fatalf("one more makes %d days of %d", more, days)
		}
		backwards := make([]organisation.Demand, len(all))
		for i, d := range all {
			backwards[len(all)-1-i] = d
		}
		if d, k := device.Rule(own, backwards); d != days || k != ok {
			t.Fatal("the order matters")
		}
	})
}
