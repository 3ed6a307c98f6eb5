// Package device keeps the browsers that people trust: after a complete log-in there, the code is left out for a while,
// where the person's organisations allow it (TD1-TD6). A trusted device is never a factor and never level 2 (C45): it
// saves a code at log-in and opens nothing else.
package device

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"watchword/account/notice"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/organisation"
)

// Room is put together once, at the start.
type Room struct {
	Ring *secret.Ring
	Log  *audit.Log
	Post *notice.Post
}

// OwnDays is how long a browser stays trusted by somebody whose organisations say nothing about it.
const OwnDays = 30

// CookieLife is how long browsers keep the cookie, in days: what counts is decided here, at each log-in.
const CookieLife = 400

// most is how many devices one person may have; the one unused for longest goes.
const most = 50

// Keyed hashes: of the secret, and of the profile for the name of the cookie.
const (
	secretPurpose = "device.secret"
	markPurpose   = "device.mark"
)

// Made is a device that is trusted now, for its cookie: the door names it "device_" and Mark (TD5).
type Made struct {
	Mark      string // 8 hex digits that stand for the person
	Secret    string // 256 bits
	First     bool   // this browser was not trusted before
	ExpiresAt int64  // micros, unless it is used before
}

// Device is one of a person's trusted devices.
type Device struct {
	ID         string
	Current    bool
	Label      string // "Firefox on Windows"
	Address    string // of the log-in that used it last
	Country    string
	Method     organisation.Method // by which it came to be trusted
	TrustedAt  int64               // micros
	LastUsedAt int64               // micros, of the newest log-in
	ExpiresAt  int64               // micros, unless it is used before
}

// Mark is what a person's cookie is named by, so that two people in one browser never overwrite each other (TD5). It
// tells nothing about the person without the key.
func (r *Room) Mark(p id.Profile) string { return mark(r.Ring.Hash(markPurpose, string(p))) }

// mark is the first four octets of a keyed hash, in hex.
func mark(hash string) string {
	_, text, _ := strings.Cut(hash, ".")
	b, _ := base64.RawURLEncoding.DecodeString(text)
	return hex.EncodeToString(b[:4])
}

// Rule says for how many days a person's browsers may be trusted: the strictest of what the organisations say (LF2, LF3,
// TD12). One that wants a code at every log-in, which is the default, or forbids trusted devices, decides for all. own is
// the person's choice, which counts for people in no organisation alone (product.md, "When a login code is asked").
func Rule(own bool, demands []organisation.Demand) (days int, ok bool) {
	if len(demands) == 0 {
		return OwnDays, own
	}
	for i, d := range demands {
		if !d.Policy.Trusts() {
			return 0, false
		}
		if i == 0 || d.Policy.TrustDays < days {
			days = d.Policy.TrustDays
		}
	}
	return days, true
}

// Sweep removes devices whose time is over.
func Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM account_device WHERE expires_at <= $1`, tx.Now)
	return err
}
