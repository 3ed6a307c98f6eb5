package device

import (
	"slices"
	"strings"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/organisation"
)

// secretLength is that of 32 octets in base64url.
const secretLength = 43

// Use says whether a right password is enough in this browser, and notes the use: the days begin anew with each log-in
// (TD3). offered are the secrets of the browser's cookies by their mark. A device counts when the proofs of the person are
// what they were (TD4), no organisation, role or policy came that it was not trusted for, no owner ended it, and what it
// was trusted by is as strong as every organisation asks now (C44), a passkey where one trusts nothing else.
func (r *Room) Use(tx *store.Tx, o access.Origin, p profile.Profile, offered map[string]string, demands []organisation.Demand) (Made, bool, error) {
	secret := r.offered(p.ID, offered)
	if len(secret) != secretLength {
		return Made{}, false, nil
	}
	own, err := chosen(tx, p.ID)
	if err != nil {
		return Made{}, false, err
	}
	days, ok := Rule(own, demands)
	if !ok {
		return Made{}, false, nil
	}
	d, err := r.find(tx, p.ID, secret)
	if err != nil || !d.counts(tx.Now, p, days, demands) {
		if store.IsNoRows(err) {
			err = nil
		}
		return Made{}, false, err
	}
	m := Made{Mark: r.Mark(p.ID), Secret: secret, ExpiresAt: until(tx.Now, days)}
	return m, true, d.touch(tx, r.Ring.Hash(secretPurpose, secret), o, m.ExpiresAt)
}

func (r *Room) offered(p id.Profile, offered map[string]string) string {
	for _, h := range r.Ring.Hashes(markPurpose, string(p)) {
		if s := offered[mark(h)]; s != "" {
			return s
		}
	}
	return ""
}

func until(from int64, days int) int64 { return from + int64(days)*24*3600*1e6 }

// counts says whether a device may stand for the code.
func (d row) counts(now int64, p profile.Profile, days int, demands []organisation.Demand) bool {
	if d.version != p.SecurityVersion || now >= min(d.ExpiresAt, until(d.LastUsedAt, days)) {
		return false
	}
	places := strings.Fields(d.places)
	for _, m := range demands {
		if d.TrustedAt < m.TrustAfter || !slices.Contains(places, place(m)) {
			return false
		}
		if m.Policy.Required && !m.Meets(d.Method) || !m.Policy.Trusted(d.Method) {
			return false
		}
	}
	return true
}

func place(d organisation.Demand) string { return string(d.Organisation) + ":" + string(d.Role) }

// Trust makes the browser of a log-in that is complete a trusted device, where that is allowed; by is the way that
// completed it. One that was trusted before is so under a new secret.
func (r *Room) Trust(tx *store.Tx, who access.Actor, p profile.Profile, browser string, by organisation.Method, demands []organisation.Demand) (Made, bool, error) {
	own, err := chosen(tx, p.ID)
	if err != nil {
		return Made{}, false, err
	}
	days, ok := Rule(own, demands)
	ok = ok && !slices.ContainsFunc(demands, func(d organisation.Demand) bool { return !d.Policy.Trusted(by) })
	if !ok || browser == "" {
		return Made{}, false, nil
	}
	m := Made{Mark: r.Mark(p.ID), Secret: id.Token(32)}
	d := row{Device: Device{ID: id.New("TD", tx.Now), Label: who.Origin.Device, Country: who.Origin.Country, Method: by, TrustedAt: tx.Now,
		LastUsedAt: tx.Now, ExpiresAt: until(tx.Now, days)}, profile: p.ID, browser: browser, version: p.SecurityVersion}
	if who.Origin.Address.IsValid() {
		d.Address = who.Origin.Address.Unmap().String()
	}
	for _, x := range demands {
		d.places = strings.TrimSpace(d.places + " " + place(x))
	}
	m.ExpiresAt = d.ExpiresAt
	if m.First, err = d.save(tx, r.Ring.Hash(secretPurpose, m.Secret)); err != nil {
		return Made{}, false, err
	}
	if err := shorten(tx, p.ID, p.SecurityVersion); err != nil {
		return Made{}, false, err
	}
	return m, true, r.Log.Record(tx, who, audit.Event{Kind: "device.trusted", Target: d.ID, Detail: map[string]string{"device": d.Label}}, string(p.ID))
}
