package login

import (
	"context"

	"watchword/account/device"
	"watchword/base/store"
)

// MayTrust says whether finishing a pending log-in makes the browser trusted, so that its page asks whether others use
// the computer too.
func (r *Room) MayTrust(ctx context.Context, db *store.DB, token string) (ok bool, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		l, p, err := r.pending(tx, "", token)
		if err != nil {
			return err
		}
		ok, err = device.Allowed(tx, p.ID, l.demands)
		return err
	})
	return ok, unavailable(err)
}

// Share notes that others use this computer too: the browser is not trusted after this log-in (Attempt.Shared), and no
// longer if it was.
func (r *Room) Share(ctx context.Context, db *store.DB, token string) error {
	return unavailable(db.Write(ctx, func(tx *store.Tx) error {
		l, p, err := r.pending(tx, tx.ForUpdate(), token)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE signin_login SET shared = $2 WHERE id = $1`, l.id, true); err != nil {
			return err
		}
		return device.EndBrowser(tx, p.ID, l.browser)
	}))
}
