package login

import (
	"context"

	"watchword/base/store"
)

// solved says whether a posted solution is right, and spends it: each works once.
func (r *Room) solved(ctx context.Context, db *store.DB, solution string) (ok bool, err error) {
	if solution == "" {
		return false, nil
	}
	s, bad := r.Captcha.Check(solution, db.Now())
	if bad != nil {
		return false, nil
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		ok, err = s.Spend(tx)
		return err
	})
	return ok, err
}
