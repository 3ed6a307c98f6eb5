package organisation_test

import (
	"testing"

	"pgregory.net/rapid"

	"watchword/organisation"
)

// Proves LF4, C45 and part 4 row 2 as properties: a stronger way never closes a door that a weaker one opened, a stricter
// policy never opens one, email alone never opens a required organisation to an owner, and a trusted device never does
// where each log-in is asked.
func TestDemandIsMonotonic(t *testing.T) {
	methods := []organisation.Method{organisation.ByEmail, organisation.BySMS, organisation.ByTOTP, organisation.ByPasskey}
	rapid.Check(t, func(t *rapid.T) {
		pick := func(name string) organisation.Method { return rapid.SampledFrom(methods).Draw(t, name) }
		p := organisation.Policy{Required: rapid.Bool().Draw(t, "required"), GraceUntil: rapid.Int64Range(0, 20).Draw(t, "grace"),
			NewDevice: rapid.Bool().Draw(t, "new device"), TrustDays: rapid.IntRange(0, 90).Draw(t, "days"), FloorMember: pick("member"), FloorOwner: pick("owner")}
		role := rapid.SampledFrom([]organisation.Role{organisation.Owner, organisation.FullMember}).Draw(t, "role")
		chosen := organisation.Method("")
		if rapid.Bool().Draw(t, "chosen") {
			chosen = pick("method")
		}
		now := rapid.Int64Range(0, 40).Draw(t, "now")
		demand := func(p organisation.Policy) organisation.Demand {
			return organisation.Demand{Policy: p, Role: role, Method: chosen, Least: p.Least(role, chosen)}
		}
		d := demand(p)
		met := func(d organisation.Demand, m string) bool { return d.Met([]string{"password", m}, 0, now) }
		for i, weak := range methods {
			for _, strong := range methods[i:] {
				if met(d, string(weak)) && !met(d, string(strong)) {
					t.Fatalf("%s opens, %s does not: %+v", weak, strong, d)
				}
			}
			stricter := p
			stricter.Required, stricter.GraceUntil, stricter.NewDevice = true, 0, false
			if met(demand(stricter), string(weak)) && !met(d, string(weak)) {
				t.Fatalf("%s opens the stricter one only: %+v", weak, d)
			}
		}
		inForce := p.Required && now >= p.GraceUntil
		if inForce && role == organisation.Owner && met(d, "email") {
			t.Fatalf("email opens to an owner: %+v", d)
		}
		if inForce && !p.NewDevice && met(d, "device") {
			t.Fatalf("a device opens where each log-in is asked: %+v", d)
		}
		if inForce && met(d, "none") {
			t.Fatalf("nothing opens: %+v", d)
		}
	})
}
