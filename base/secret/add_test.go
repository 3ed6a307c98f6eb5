package secret

import (
	"path/filepath"
	"testing"
)

// Proves decisions 5: servers that share a ring and are restarted one by one always read what the others write.
func TestKeyAddedBeforeItIsUsed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	first, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	load := func() *Ring {
		r, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	reads := func(r *Ring, sealed []byte) {
		t.Helper()
		if v, err := r.Open("p", "row", sealed); err != nil || string(v) != "value" {
			t.Errorf("%q %v", v, err)
		}
	}
	id, err := Add(path)
	if err != nil {
		t.Fatal(err)
	}
	added := load()
	if added.CurrentID() != first.CurrentID() {
		t.Error("an added key is used at once")
	}
	reads(first, added.Seal("p", "row", []byte("value")))
	if err := Use(path, id); err != nil {
		t.Fatal(err)
	}
	using := load()
	if using.CurrentID() != id {
		t.Errorf("%s is current", using.CurrentID())
	}
	reads(added, using.Seal("p", "row", []byte("value")))
	reads(using, first.Seal("p", "row", []byte("value")))
	if !added.HashEqual("p", "value", using.Hash("p", "value")) {
		t.Error("a hash is not known")
	}
	for _, wrong := range []string{"", "xyz", "0000", "00000000"} {
		if Use(path, wrong) == nil {
			t.Errorf("%q was taken for a key", wrong)
		}
	}
	if load().CurrentID() != id {
		t.Error("a refused key changed the file")
	}
}
