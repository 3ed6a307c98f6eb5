package login

import (
	"context"
	"slices"

	"watchword/account/device"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/base/store"
)

// Browser is one that is recognised: it needs no further proof while the person has no second factor, and strangers'
// wrong passwords never make it wait (decisions 16). It is no trusted device.
type Browser struct {
	ID      string // a keyed hash; it opens nothing
	Device  string // "Firefox on Windows"; empty for one that has not logged in since that is kept
	Current bool
	Since   int64 // micros
	SeenAt  int64 // micros, its last log-in
}

// Browsers lists the actor's recognised browsers, the current one first. browser is the cookie of the asking one.
func (r *Room) Browsers(ctx context.Context, db *store.DB, who access.Actor, browser string) (out []Browser, err error) {
	if err := who.MustBePerson(); err != nil {
		return nil, err
	}
	mine := r.Ring.Hashes(browserPurpose, browser)
	err = db.Read(ctx, func(tx *store.Tx) error {
		out = nil
		rows, err := tx.Query(`SELECT browser_hash, device, created_at, seen_at FROM signin_browser WHERE profile_id = $1 AND recognised
			ORDER BY seen_at DESC, browser_hash LIMIT 100`, who.Profile)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var b Browser
			if err := rows.Scan(&b.ID, &b.Device, &b.Since, &b.SeenAt); err != nil {
				return err
			}
			b.Current = browser != "" && slices.Contains(mine, b.ID)
			out = append(out, b)
		}
		return rows.Err()
	})
	slices.SortStableFunc(out, func(a, b Browser) int {
		switch {
		case a.Current == b.Current:
			return 0
		case a.Current:
			return -1
		}
		return 1
	})
	return out, err
}

// ForgetBrowser ends the recognition of one browser, and the trust in it; its next log-in is that of a stranger's. It
// needs no proof: it only takes away. NotFound for a browser that is not the actor's.
func (r *Room) ForgetBrowser(ctx context.Context, db *store.DB, who access.Actor, browser string) error {
	if err := who.MustBePerson(); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`DELETE FROM signin_browser WHERE profile_id = $1 AND browser_hash = $2`, who.Profile, browser)
		if err != nil {
			return err
		}
		if n == 0 {
			return problem.NotFound("browser")
		}
		if err := device.EndBrowser(tx, who.Profile, browser); err != nil {
			return err
		}
		return r.Log.Record(tx, who, audit.Event{Kind: "login.browser_forgotten", Target: string(who.Profile)}, string(who.Profile))
	})
}
