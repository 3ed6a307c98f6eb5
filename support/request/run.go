package request

import (
	"context"
	"time"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/guard"
)

// Poll is how often the loop looks for what is due.
const Poll = 5 * time.Second

// Due lets every request take effect whose delay has passed, each in a transaction of its own.
func (m *Room) Due(ctx context.Context, db *store.DB) error {
	for {
		var i ID
		err := db.ReadOne(ctx, func(tx *store.Tx) error {
			return tx.QueryRow(`SELECT id FROM support_request WHERE state = 'started' AND due_at <= $1 ORDER BY due_at LIMIT 1`, tx.Now).Scan(&i)
		})
		if store.IsNoRows(err) {
			return nil
		}
		if err != nil {
			return err
		}
		err = db.Write(ctx, func(tx *store.Tx) error {
			r, err := find(tx, i, tx.ForUpdate())
			if err != nil || r.State != Started || r.DueAt > tx.Now {
				return err
			}
			return m.finish(tx, access.System(guard.Words(m.Settings.Delay)+" passed"), &r, "waited")
		})
		if err != nil && !problem.Is(err, problem.KindConflict) {
			return err
		}
	}
}

// Withdraw cancels everything that an operator started and that has not taken effect: the operator was removed.
func (m *Room) Withdraw(tx *store.Tx, who access.Actor, o id.Operator) error {
	all, err := query(tx, `state = 'started' AND started_by = $1 ORDER BY id`, string(o))
	if err != nil {
		return err
	}
	for _, r := range all {
		if err := m.cancel(tx, who, &r, "operator_removed"); err != nil {
			return err
		}
	}
	return nil
}
