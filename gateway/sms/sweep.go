package sms

import (
	"context"
	"fmt"
	"time"

	"watchword/base/id"
	"watchword/base/store"
)

// sweepTurn is how many messages one turn of Sweep removes: the writer is held for a few milliseconds at most.
const sweepTurn = 250

// Sweep removes messages that are over and older than keep, their parts, and messages from phones that old, in small
// turns behind all other work. What still waits to be sent stays, however old.
func (o *Outbox) Sweep(ctx context.Context, keep time.Duration) error {
	buckets := []string{string(id.System)}
	err := o.DB.ReadOne(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(`SELECT bucket FROM sms_queue ORDER BY bucket`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var b string
			if err := rows.Scan(&b); err != nil {
				return err
			}
			if b != string(id.System) {
				buckets = append(buckets, b)
			}
		}
		return rows.Err()
	})
	if err != nil {
		return err
	}
	for _, b := range buckets {
		err := o.turns(ctx, func(tx *store.Tx) (int64, error) { return sweepMessages(tx, b, tx.Now-store.Micros(keep)) })
		if err != nil {
			return err
		}
	}
	return o.turns(ctx, func(tx *store.Tx) (int64, error) {
		// By the order of arrival, so that a turn that finds nothing reads little.
		return tx.Exec(`DELETE FROM sms_inbound WHERE seq < (SELECT MIN(seq) FROM sms_inbound) + $1 AND received_at < $2`,
			sweepTurn, tx.Now-store.Micros(keep))
	})
}

// turns repeats an operation until it finds less than a turn's worth.
func (o *Outbox) turns(ctx context.Context, f func(tx *store.Tx) (int64, error)) error {
	for ctx.Err() == nil {
		var n int64
		err := o.DB.WriteBulk(ctx, func(tx *store.Tx) (err error) {
			n, err = f(tx)
			return err
		})
		if err != nil || n < sweepTurn {
			return err
		}
	}
	return ctx.Err()
}

// sweepMessages goes by the ids, which sort by the time of making.
func sweepMessages(tx *store.Tx, bucket string, before int64) (int64, error) {
	const old = `(SELECT id FROM sms_message WHERE bucket = $1 AND id < $2 AND state NOT IN ('queued', 'sending') ORDER BY id LIMIT $3)`
	oldest := fmt.Sprintf("SM%012x", max(0, before/1000)) // how ids of that millisecond begin (RFC 9562 §5.7)
	if _, err := tx.Exec(`DELETE FROM sms_part WHERE bucket = $1 AND message IN `+old, bucket, oldest, sweepTurn); err != nil {
		return 0, err
	}
	return tx.Exec(`DELETE FROM sms_message WHERE bucket = $1 AND id IN `+old, bucket, oldest, sweepTurn)
}
