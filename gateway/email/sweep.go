package email

import (
	"context"
	"fmt"
	"time"

	"watchword/base/store"
)

// sweepTurn is how many mails one turn of Sweep removes: the writer is held for a few milliseconds at most.
const sweepTurn = 250

// Sweep removes mails that are over and were made longer ago than keep, in small turns behind all other work. What still
// waits to be sent stays, however old.
func (o *Outbox) Sweep(ctx context.Context, keep time.Duration) error {
	for bucket := ""; ; {
		err := o.DB.ReadOne(ctx, func(tx *store.Tx) error {
			return tx.QueryRow(`SELECT bucket FROM email_message WHERE bucket > $1 ORDER BY bucket LIMIT 1`, bucket).Scan(&bucket)
		})
		if store.IsNoRows(err) {
			return nil
		}
		for n := int64(sweepTurn); err == nil && n == sweepTurn; {
			err = o.DB.WriteBulk(ctx, func(tx *store.Tx) (err error) {
				n, err = sweep(tx, bucket, tx.Now-store.Micros(keep))
				return err
			})
		}
		if err != nil {
			return err
		}
	}
}

// sweep goes by the ids, which sort by the time of making.
func sweep(tx *store.Tx, bucket string, before int64) (int64, error) {
	oldest := fmt.Sprintf("EM%012x", max(0, before/1000)) // how ids of that millisecond begin (RFC 9562 §5.7)
	return tx.Exec(`DELETE FROM email_message WHERE bucket = $1 AND id IN (SELECT id FROM email_message WHERE bucket = $1 AND id < $2
		AND state NOT IN ('queued', 'sending') ORDER BY id LIMIT $3)`, bucket, oldest, sweepTurn)
}
