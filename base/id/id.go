// Package id makes the identifiers of everything that is stored: two letters and the 32 hex digits of a UUIDv7
// (RFC 9562 §5.7). They sort by time of making.
package id

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"sync"
	"time"
)

// Typed ids. The letters are part of the public contract (API and pages).
type (
	Profile      string // PR
	Organisation string // AC
	Session      string // SE
	Login        string // LG: a log-in between password and second factor
	Challenge    string // VE: one request for a code
	Message      string // SM (text) or EM (email): one message on its way out
	Factor       string // FA
	Operator     string // OP
	Event        string // AU: one line of the audit log
)

// System is the reserved organisation under which the product's own codes and messages run.
const System Organisation = "AC00000000000000000000000000000000"

var (
	mu   sync.Mutex
	last uint64
)

// New returns a new id with the two given letters, at now (microseconds UTC, so that a moved clock moves ids too).
// Ids of one process never repeat and sort in the order of making within one millisecond.
func New(letters string, now int64) string {
	var b [16]byte
	rand.Read(b[6:])
	ms := uint64(now / 1000)
	// 48 bits of milliseconds, then a 12-bit counter in rand_a (RFC 9562 §6.2 method 1).
	mu.Lock()
	v := ms << 12
	if v <= last && last-v < 1<<20 {
		v = last + 1
	}
	last = v
	mu.Unlock()
	t := v >> 12
	b[0], b[1], b[2], b[3], b[4], b[5] = byte(t>>40), byte(t>>32), byte(t>>24), byte(t>>16), byte(t>>8), byte(t)
	b[6] = 0x70 | byte(v>>8&0x0F)
	b[7] = byte(v)
	b[8] = b[8]&0x3F | 0x80
	return letters + hex.EncodeToString(b[:])
}

// Valid says whether s has the given letters and 32 lower-case hex digits.
func Valid(letters, s string) bool {
	if len(s) != 34 || s[:2] != letters {
		return false
	}
	for _, c := range s[2:] {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}

// Time is when an id was made, to the millisecond.
func Time(s string) time.Time {
	if len(s) != 34 {
		return time.Time{}
	}
	b, err := hex.DecodeString(s[2:14])
	if err != nil {
		return time.Time{}
	}
	var ms int64
	for _, x := range b {
		ms = ms<<8 | int64(x)
	}
	return time.UnixMilli(ms).UTC()
}

// Token returns n random octets as unpadded base64url text: for links, cookies and secrets (n 32 is 256 bits).
func Token(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}
