package organisation

import "testing"

// FuzzNetworks: whatever an owner types for LF25, what is accepted comes back the same when it is shown and read again.
func FuzzNetworks(f *testing.F) {
	for _, s := range []string{"", "192.0.2.1", "192.0.2.0/24, 2001:db8::/32", "::ffff:192.0.2.1", "fe80::1%eth0", "1.2.3.4/99", "\x00", "10.0.0.0/8;10.0.0.0/8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		first, bad := parseNetworks(typed)
		if bad != nil {
			return
		}
		shown := Policy{Networks: first}.Form().Networks
		again, bad := parseNetworks(shown)
		if bad != nil || len(again) != len(first) || (Policy{Networks: again}).Form().Networks != shown {
			t.Fatalf("%q gives %v, shown as %q, gives %v %v", typed, first, shown, again, bad)
		}
	})
}
