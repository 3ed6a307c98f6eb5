package device

import (
	"context"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
)

// List gives the actor's devices that still save a code somewhere, the one of this browser first, then the newest (TD6).
// offered as in Use.
func (r *Room) List(ctx context.Context, db *store.DB, who access.Actor, offered map[string]string) (out []Device, err error) {
	if err := who.MustBePerson(); err != nil {
		return nil, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		out = nil
		p, err := profile.ByID(tx, who.Profile)
		if err != nil {
			return err
		}
		all, err := r.living(tx, p)
		if err != nil {
			return err
		}
		here := r.offered(who.Profile, offered)
		for _, d := range all {
			if d.Current = here != "" && r.Ring.HashEqual(secretPurpose, here, d.hash); d.Current {
				out = append([]Device{d.Device}, out...)
				continue
			}
			out = append(out, d.Device)
		}
		return nil
	})
	return out, err
}

// living are the devices that would count now, with the time at which they end.
func (r *Room) living(tx *store.Tx, p profile.Profile) ([]row, error) {
	demands, err := organisation.Demands(tx, p.ID)
	if err != nil {
		return nil, err
	}
	own, err := chosen(tx, p.ID)
	if err != nil {
		return nil, err
	}
	days, ok := Rule(own, demands)
	if !ok {
		return nil, nil
	}
	all, err := ofProfile(tx, p.ID)
	out := all[:0]
	for _, d := range all {
		if d.counts(tx.Now, p, days, demands) {
			d.ExpiresAt = min(d.ExpiresAt, until(d.LastUsedAt, days))
			out = append(out, d)
		}
	}
	return out, err
}

// Revoke ends the trust in one of the actor's devices at once. It only takes away, so it needs no proof. NotFound for a
// device that is not the actor's.
func (r *Room) Revoke(ctx context.Context, db *store.DB, who access.Actor, device string) error {
	if err := who.MustBePerson(); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`DELETE FROM account_device WHERE profile_id = $1 AND id = $2`, who.Profile, device)
		if err != nil {
			return err
		}
		if n == 0 {
			return problem.NotFound("device")
		}
		return r.Log.Record(tx, who, audit.Event{Kind: "device.revoked", Target: device}, string(who.Profile))
	})
}

// RevokeAll ends the trust in all of the actor's devices and says how many there were.
func (r *Room) RevokeAll(ctx context.Context, db *store.DB, who access.Actor) (n int64, err error) {
	if err := who.MustBePerson(); err != nil {
		return 0, err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		n, err = r.End(tx, who, who.Profile)
		return err
	})
	return n, err
}

// End is RevokeAll for whoever acts on another's profile: a reset by support (C44).
func (r *Room) End(tx *store.Tx, who access.Actor, p id.Profile) (int64, error) {
	n, err := tx.Exec(`DELETE FROM account_device WHERE profile_id = $1`, p)
	if err != nil || n == 0 {
		return n, err
	}
	return n, r.Log.Record(tx, who, audit.Event{Kind: "device.all_revoked", Target: string(p)}, string(p))
}

// EndBrowser ends the trust in one browser, which its person no longer wants to be recognised.
func EndBrowser(tx *store.Tx, p id.Profile, browser string) error {
	_, err := tx.Exec(`DELETE FROM account_device WHERE profile_id = $1 AND browser_hash = $2`, p, browser)
	return err
}

// Trusted is a device of a member, as owners see it: where the person was is the person's own business.
type Trusted struct {
	Profile    id.Profile
	Username   string
	Email      string
	Label      string
	TrustedAt  int64 // micros
	LastUsedAt int64
	ExpiresAt  int64
}

// Team lists the trusted devices of an organisation's people that save a code for it now; owners only
// (security.md part 4, row 11). organisation.EndDevices ends them.
func (r *Room) Team(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (out []Trusted, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		out = nil
		if _, err := organisation.Enter(tx, org, who, organisation.Owns); err != nil {
			return err
		}
		people, err := withDevices(tx, org)
		if err != nil {
			return err
		}
		for _, m := range people {
			p, err := profile.ByID(tx, m)
			if err != nil {
				return err
			}
			all, err := r.living(tx, p)
			if err != nil {
				return err
			}
			for _, d := range all {
				out = append(out, Trusted{Profile: m, Username: p.Username, Email: p.Email, Label: d.Label, TrustedAt: d.TrustedAt,
					LastUsedAt: d.LastUsedAt, ExpiresAt: d.ExpiresAt})
			}
		}
		return nil
	})
	return out, err
}

// Chooses says whether the actor trusts own browsers where no organisation has a say, and whether one has: then the
// choice changes nothing.
func Chooses(ctx context.Context, db *store.DB, who access.Actor) (own, decided bool, err error) {
	if err := who.MustBePerson(); err != nil {
		return false, false, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		demands, err := organisation.Demands(tx, who.Profile)
		if err != nil {
			return err
		}
		_, with := Rule(true, demands)
		_, without := Rule(false, demands)
		decided = with == without
		own, err = chosen(tx, who.Profile)
		return err
	})
	return own, decided, err
}

// Choose sets that. Trusting browsers wants a fresh proof (C46); no longer trusting them ends all trust at once.
func (r *Room) Choose(ctx context.Context, db *store.DB, who access.Actor, trust bool) error {
	if err := who.MustBePerson(); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		kind, q := "device.trust_chosen", `INSERT INTO account_device_choice (profile_id, chosen_at) VALUES ($1, $2) ON CONFLICT (profile_id) DO NOTHING`
		if !trust {
			kind, q = "device.trust_ended", `DELETE FROM account_device_choice WHERE profile_id = $1 AND chosen_at <= $2`
			if _, err := r.End(tx, who, who.Profile); err != nil {
				return err
			}
		} else if err := grant.Must(tx, who, string(wording.RemoveFactor), ""); err != nil {
			return err
		}
		if _, err := tx.Exec(q, who.Profile, tx.Now); err != nil {
			return err
		}
		return r.Log.Record(tx, who, audit.Event{Kind: kind, Target: string(who.Profile)}, string(who.Profile))
	})
}
