package password

import (
	"bytes"
	"testing"

	"golang.org/x/crypto/argon2"
	"pgregory.net/rapid"
)

// Proves C8: our filling of the memory gives what the library gives (RFC 9106), whatever the memory held before.
func TestArgon2idIsTheLibrarys(t *testing.T) {
	memory := make([]block, 3)
	rapid.Check(t, func(t *rapid.T) {
		password, salt := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "password"), rapid.SliceOfN(rapid.Byte(), 8, 32).Draw(t, "salt")
		passes, kib := rapid.Uint32Range(1, 4).Draw(t, "passes"), rapid.Uint32Range(1, 1200).Draw(t, "kib")
		size := rapid.Uint32Range(4, 130).Draw(t, "size")
		var tag []byte
		tag, memory = argon2id(memory, password, salt, passes, kib, size)
		if want := argon2.IDKey(password, salt, passes, kib, 1, size); !bytes.Equal(tag, want) {
			t.Fatalf("%x, want %x", tag, want)
		}
	})
}

func BenchmarkArgon2id(b *testing.B) {
	salt := make([]byte, saltSize)
	b.Run("ours", func(b *testing.B) {
		var memory []block
		for b.Loop() {
			_, memory = argon2id(memory, []byte("correct horse battery staple"), salt, 2, 19*1024, tagSize)
		}
	})
	b.Run("library", func(b *testing.B) {
		for b.Loop() {
			argon2.IDKey([]byte("correct horse battery staple"), salt, 2, 19*1024, 1, tagSize)
		}
	})
}
