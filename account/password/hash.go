// Package password keeps passwords: what is a good one, how it is hashed, whose it is. Hashing is bounded, so that a
// crowd at the door costs time and never memory (C8-C10).
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"watchword/base/problem"
	"watchword/base/secret"
)

// Max is the longest password, in code points (decisions 14). Longer ones are refused before anything costly.
const Max = 1024

const maxOctets = 4 * Max

// Settings of hashing: argon2id (RFC 9106), at least what OWASP asks for.
type Settings struct {
	Memory uint32        // KiB; default 19456 (19 MiB)
	Passes uint32        // default 2
	Slots  int           // hashes at once; default one a core
	Queue  int           // how many may wait; default 256
	Wait   time.Duration // how long at most; default 15 s
}

// Defaults are those of security.md part 3.
func Defaults() Settings {
	return Settings{Memory: 19 * 1024, Passes: 2, Slots: runtime.NumCPU(), Queue: 256, Wait: 15 * time.Second}
}

// Hasher hashes passwords, a bounded number at once. Safe for concurrent use.
type Hasher struct {
	ring     *secret.Ring
	settings Settings
	slots    chan []block // one for each hash at once: its memory, nil until it is needed
	waiting  atomic.Int64
	dummy    stored
}

// NewHasher makes a hasher. Zero settings mean the defaults.
func NewHasher(ring *secret.Ring, s Settings) *Hasher {
	d := Defaults()
	if s.Memory == 0 {
		s.Memory = d.Memory
	}
	if s.Passes == 0 {
		s.Passes = d.Passes
	}
	if s.Slots <= 0 {
		s.Slots = d.Slots
	}
	if s.Queue <= 0 {
		s.Queue = d.Queue
	}
	if s.Wait <= 0 {
		s.Wait = d.Wait
	}
	h := &Hasher{ring: ring, settings: s, slots: make(chan []block, s.Slots)}
	for range s.Slots {
		h.slots <- nil
	}
	h.dummy = h.fresh()
	h.dummy.tag = make([]byte, tagSize)
	rand.Read(h.dummy.tag)
	return h
}

// Slots is how many hashes run at once. GOMAXPROCS is best set to the cores plus this, so that hashing does not starve
// requests (decisions 10).
func (h *Hasher) Slots() int { return h.settings.Slots }

const (
	saltSize = 16
	tagSize  = 32
)

// stored is a hash with all that it takes to check it.
type stored struct {
	key            uint32
	memory, passes uint32
	salt, tag      []byte
}

func (h *Hasher) fresh() stored {
	s := stored{key: h.ring.Current(), memory: h.settings.Memory, passes: h.settings.Passes, salt: make([]byte, saltSize)}
	rand.Read(s.salt)
	return s
}

// Hash makes the PHC string of a password. The pepper is a key of the ring, applied before argon2 and named in the
// string (C9). problem.TooMany when too many wait, problem.Unavailable when the wait was too long.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	s := h.fresh()
	tag, err := h.run(ctx, password, s)
	if err != nil {
		return "", err
	}
	s.tag = tag
	return s.String(), nil
}

// Verify says whether the password is the stored one, and whether it should be hashed anew because the settings or the
// key changed (C8). An empty stored text stands for nobody: it costs the same and is never right (C11, B8).
func (h *Hasher) Verify(ctx context.Context, password, phc string) (ok, stale bool, err error) {
	if len(password) > maxOctets {
		return false, false, nil
	}
	s, real := h.dummy, false
	if phc != "" {
		if s, err = parse(phc); err != nil {
			return false, false, err
		}
		if !h.ring.Has(s.key) {
			return false, false, fmt.Errorf("password hash: %w", secret.ErrNoKey)
		}
		real = true
	}
	tag, err := h.run(ctx, password, s)
	if err != nil {
		return false, false, err
	}
	ok = subtle.ConstantTimeCompare(tag, s.tag) == 1 && real
	stale = ok && (s.key != h.ring.Current() || s.memory != h.settings.Memory || s.passes != h.settings.Passes)
	return ok, stale, nil
}

func (h *Hasher) run(ctx context.Context, password string, s stored) ([]byte, error) {
	if !utf8.ValidString(password) {
		password = strings.ToValidUTF8(password, "\x00") // never a password: the policy refuses both
	}
	memory, err := h.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { h.slots <- memory }()
	// Normalised, so that two ways to type one letter are one password (C2), then keyed.
	keyed := h.ring.MAC(s.key, "password", norm.NFC.String(password))
	var tag []byte
	aside(func() { tag, memory = argon2id(memory, keyed, s.salt, s.passes, s.memory, tagSize) })
	return tag, nil
}

// Rest lets go of the memory that hashing keeps, until the next hash. For quiet times.
func (h *Hasher) Rest() {
	for range h.settings.Slots {
		select {
		case <-h.slots:
			h.slots <- nil
		default: // the others are hashing
		}
	}
}

// enter waits for a slot and takes its memory.
func (h *Hasher) enter(ctx context.Context) ([]block, error) {
	select {
	case m := <-h.slots:
		return m, nil
	default:
	}
	if h.waiting.Add(1) > int64(h.settings.Queue) {
		h.waiting.Add(-1)
		return nil, problem.TooMany("busy", "Too many people are logging in at this moment. Wait a few seconds and try again.", 5*time.Second)
	}
	defer h.waiting.Add(-1)
	t := time.NewTimer(h.settings.Wait)
	defer t.Stop()
	select {
	case m := <-h.slots:
		return m, nil
	case <-ctx.Done():
		return nil, problem.Unavailable("busy", "Logging in took too long. Try again.", ctx.Err())
	case <-t.C:
		return nil, problem.Unavailable("busy", "Logging in took too long. Try again in a moment.", nil)
	}
}

// Key ids stand in the PHC string as the argon2 parameter "keyid" (PHC string format).
func (s stored) String() string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1,keyid=%08x$%s$%s", argon2.Version, s.memory, s.passes, s.key,
		b.EncodeToString(s.salt), b.EncodeToString(s.tag))
}

// parse reads what String wrote. Bounds keep a changed row from costing more than it should.
func parse(phc string) (stored, error) {
	bad := func(why string) (stored, error) { return stored{}, fmt.Errorf("password hash not readable: %s", why) }
	if len(phc) > 512 {
		return bad("too long")
	}
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return bad("not argon2id")
	}
	p := strings.Split(parts[3], ",")
	if len(p) != 4 || p[2] != "p=1" {
		return bad("parameters")
	}
	m, err1 := strconv.ParseUint(strings.TrimPrefix(p[0], "m="), 10, 32)
	t, err2 := strconv.ParseUint(strings.TrimPrefix(p[1], "t="), 10, 32)
	k, err3 := hex.DecodeString(strings.TrimPrefix(p[3], "keyid="))
	if err1 != nil || err2 != nil || err3 != nil || len(k) != 4 || m < 8 || m > 1<<21 || t < 1 || t > 64 {
		return bad("parameters")
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	tag, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(tag) != tagSize {
		return bad("salt or tag")
	}
	key := uint32(k[0])<<24 | uint32(k[1])<<16 | uint32(k[2])<<8 | uint32(k[3])
	return stored{key: key, memory: uint32(m), passes: uint32(t), salt: salt, tag: tag}, nil
}
