// Package secret keeps what must never be readable in a stolen database: a ring of keys in a file outside it,
// sealing (encryption) of values and keyed hashes of codes and tokens. Every value carries the id of its key, so that
// keys can be rotated while old values stay readable.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Ring is a set of master keys; the last one of the file is current. Safe for concurrent use.
type Ring struct {
	keys    map[uint32][]byte
	order   []uint32
	mu      sync.RWMutex
	derived map[derivedKey][]byte
	aeads   map[derivedKey]cipher.AEAD
}

type derivedKey struct {
	id      uint32
	purpose string
}

// ErrNoKey means that a value was made with a key that is not in the ring.
var ErrNoKey = errors.New("the key this value was made with is not in the key ring")

// NewRing makes a ring with one fresh key, in memory only (tests).
func NewRing() *Ring {
	r := &Ring{}
	r.add(newKey())
	return r
}

func newKey() (uint32, []byte) {
	k := make([]byte, 32)
	rand.Read(k)
	var i [4]byte
	rand.Read(i[:])
	return binary.BigEndian.Uint32(i[:]), k
}

func (r *Ring) add(id uint32, key []byte) {
	if r.keys == nil {
		r.keys = map[uint32][]byte{}
		r.derived = map[derivedKey][]byte{}
		r.aeads = map[derivedKey]cipher.AEAD{}
	}
	r.keys[id] = key
	r.order = append(r.order, id)
}

// Unusable is why a key ring file cannot be used, and what to do.
type Unusable struct{ Wrong, Right string }

func (u *Unusable) Error() string { return u.Wrong + "; " + u.Right }

// Load reads a key ring file: one key a line, "<8 hex digits> <base64 of 32 octets>", last line current. The error is
// *Unusable.
func Load(path string) (*Ring, error) {
	b, err := os.ReadFile(path)
	const belongs = "the one that belongs to the database"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Unusable{"there is no key ring at " + path, "make one with \"watchword keys create --file " + path + "\", or name " + belongs}
	case errors.Is(err, fs.ErrPermission):
		return nil, &Unusable{"this user may not read the key ring " + path, "run as the user that the server runs as, or give it the file: chown, mode 600"}
	case err != nil:
		return nil, &Unusable{"the key ring cannot be read: " + err.Error(), "name a file that \"watchword keys create\" made"}
	}
	r := &Ring{}
	for n, line := range strings.Split(string(b), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		idText, keyText, ok := strings.Cut(line, " ")
		rawID, err1 := hex.DecodeString(idText)
		key, err2 := base64.StdEncoding.DecodeString(strings.TrimSpace(keyText))
		if !ok || err1 != nil || err2 != nil || len(rawID) != 4 || len(key) != 32 {
			return nil, &Unusable{fmt.Sprintf("%s line %d is not a key", path, n+1), "it should be 8 hex digits, a space and 44 characters of base64; put back your copy of the file"}
		}
		r.add(binary.BigEndian.Uint32(rawID), key)
	}
	if len(r.order) == 0 {
		return nil, &Unusable{path + " holds no key", "put back your copy of the file; only for a new installation delete it and run \"watchword keys create\""}
	}
	return r, nil
}

// Create writes a new key ring file with one key, mode 0600, and fails if the file exists.
func Create(path string) (*Ring, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fmt.Errorf("%s exists already", path)
	}
	r := NewRing()
	return r, r.save(path)
}

// Rotate adds a fresh key to the file and makes it current; older keys stay for reading.
func Rotate(path string) (*Ring, error) {
	r, err := Load(path)
	if err != nil {
		return nil, err
	}
	r.add(newKey())
	return r, r.save(path)
}

// Add puts a fresh key into the file that is not used yet, and returns its id: once every server that shares the ring
// has read it, Use makes it current, and no server meets a key it does not know.
func Add(path string) (string, error) {
	r, err := Load(path)
	if err != nil {
		return "", err
	}
	r.add(newKey())
	last := len(r.order) - 1
	r.order[last-1], r.order[last] = r.order[last], r.order[last-1]
	return fmt.Sprintf("%08x", r.order[last-1]), r.save(path)
}

// Use makes the key with this id, as 8 hex digits, the current one.
func Use(path, id string) error {
	r, err := Load(path)
	if err != nil {
		return err
	}
	raw, err := hex.DecodeString(id)
	i := -1
	if err == nil && len(raw) == 4 {
		i = slices.Index(r.order, binary.BigEndian.Uint32(raw))
	}
	if i < 0 {
		return fmt.Errorf("%s has no key %s; \"watchword keys list\" shows which there are", path, id)
	}
	key := r.order[i]
	r.order = append(slices.Delete(r.order, i, i+1), key)
	return r.save(path)
}

func (r *Ring) save(path string) error {
	var b strings.Builder
	b.WriteString("# Watchword key ring. Whoever has this file and the database can read everything. The last key is current.\n")
	for _, i := range r.order {
		fmt.Fprintf(&b, "%08x %s\n", i, base64.StdEncoding.EncodeToString(r.keys[i]))
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(b.String())
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func (r *Ring) current() uint32 { return r.order[len(r.order)-1] }

// CurrentID is the id of the key that new values are made with, as 8 hex digits.
func (r *Ring) CurrentID() string { return fmt.Sprintf("%08x", r.current()) }

func (r *Ring) derive(id uint32, purpose string) ([]byte, error) {
	dk := derivedKey{id, purpose}
	r.mu.RLock()
	k, ok := r.derived[dk]
	r.mu.RUnlock()
	if ok {
		return k, nil
	}
	master, ok := r.keys[id]
	if !ok {
		return nil, ErrNoKey
	}
	k, err := hkdf.Key(sha256.New, master, nil, "watchword/"+purpose, 32)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.derived[dk] = k
	r.mu.Unlock()
	return k, nil
}

func (r *Ring) aead(id uint32, purpose string) (cipher.AEAD, error) {
	dk := derivedKey{id, purpose}
	r.mu.RLock()
	a, ok := r.aeads[dk]
	r.mu.RUnlock()
	if ok {
		return a, nil
	}
	k, err := r.derive(id, "seal/"+purpose)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	a, err = cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.aeads[dk] = a
	r.mu.Unlock()
	return a, nil
}

// Seal encrypts a value (AES-256-GCM, random nonce). bound is what it belongs to (a row's id): it cannot be moved to
// another row. The result is the key's id and the sealed octets.
func (r *Ring) Seal(purpose, bound string, value []byte) []byte {
	a, err := r.aead(r.current(), purpose)
	if err != nil {
		panic(err) // the current key always exists and AES-256 takes 32 octets
	}
	out := binary.BigEndian.AppendUint32(nil, r.current())
	return a.Seal(out, nil, value, []byte(purpose+"\x00"+bound))
}

// Open reverses Seal. It fails when purpose or bound differ, when a bit was changed, or with ErrNoKey.
func (r *Ring) Open(purpose, bound string, sealed []byte) ([]byte, error) {
	if len(sealed) < 4 {
		return nil, errors.New("sealed value too short")
	}
	a, err := r.aead(binary.BigEndian.Uint32(sealed), purpose)
	if err != nil {
		return nil, err
	}
	v, err := a.Open(nil, nil, sealed[4:], []byte(purpose+"\x00"+bound))
	if err != nil {
		return nil, fmt.Errorf("sealed %s value does not open: it was changed, moved, or made with another key", purpose)
	}
	return v, nil
}

// Hash is the keyed hash of a value under the current key: HMAC-SHA256 with a key derived for the purpose, as text
// "<key id>.<base64url>". Equal values give equal text as long as the key is current.
func (r *Ring) Hash(purpose, value string) string { return r.hashWith(r.current(), purpose, value) }

// Hashes gives the value's hash under every key of the ring, current first: to look up what was hashed before a
// rotation.
func (r *Ring) Hashes(purpose, value string) []string {
	out := make([]string, 0, len(r.order))
	for i := len(r.order) - 1; i >= 0; i-- {
		out = append(out, r.hashWith(r.order[i], purpose, value))
	}
	return out
}

// HashEqual compares a value with a stored hash in constant time, whichever key of the ring it was made with.
func (r *Ring) HashEqual(purpose, value, stored string) bool {
	keyID, ok := keyOf(stored)
	if !ok {
		return false
	}
	if _, ok := r.keys[keyID]; !ok {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(r.hashWith(keyID, purpose, value)), []byte(stored)) == 1
}

func keyOf(stored string) (uint32, bool) {
	idText, _, ok := strings.Cut(stored, ".")
	raw, err := hex.DecodeString(idText)
	if !ok || err != nil || len(raw) != 4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(raw), true
}

func (r *Ring) hashWith(id uint32, purpose, value string) string {
	return fmt.Sprintf("%08x.", id) + base64.RawURLEncoding.EncodeToString(r.MAC(id, "hash/"+purpose, value))
}

// MAC is HMAC-SHA256 of the value under the named key of the ring, for callers that store the key's id themselves.
// It panics when the ring has no such key; check with Has first when the id comes from outside.
func (r *Ring) MAC(id uint32, purpose, value string) []byte {
	k, err := r.derive(id, purpose)
	if err != nil {
		panic(err)
	}
	m := hmac.New(sha256.New, k)
	m.Write([]byte(value))
	return m.Sum(nil)
}

// Current is the number of the current key.
func (r *Ring) Current() uint32 { return r.current() }

// Has says whether the ring holds the key.
func (r *Ring) Has(id uint32) bool { _, ok := r.keys[id]; return ok }

// Digits derives a code of n decimal digits (4 to 10) from a key and a message: uniform, leading zeros included. The
// same inputs give the same code, so nothing needs to be stored (security.md, design point "Re-send").
func (r *Ring) Digits(id uint32, purpose, message string, n int) string {
	m := r.MAC(id, "digits/"+purpose, message)
	mod := uint64(1)
	for range n {
		mod *= 10
	}
	// 64 random bits modulo at most 10^10: the bias is below 2^-30.
	return fmt.Sprintf("%0*d", n, binary.BigEndian.Uint64(m)%mod)
}
