package sms

import (
	"context"
	"encoding/base64"
	"time"

	"watchword/base/store"
)

// arrive puts the process on the list and settles what a predecessor left. SQLite has one process at a time: all
// claims found there are of the dead.
func (o *Outbox) arrive(ctx context.Context) error {
	if o.DB.Engine() == store.Postgres {
		if err := o.renew(ctx); err != nil {
			return err
		}
	}
	for {
		n, err := o.settleDead(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

func (o *Outbox) renew(ctx context.Context) error {
	return o.DB.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO sms_process (process, lease_until) VALUES ($1, $2)
			ON CONFLICT (process) DO UPDATE SET lease_until = excluded.lease_until`, o.process, tx.Now+store.Micros(o.Lease))
		return err
	})
}

// settleDead ends up to a few claims of dead processes: what they had taken out may have been on the wire. It becomes
// unknown and is never silently sent again; where every route of the lane says Requeue, bulk rows go back instead.
func (o *Outbox) settleDead(ctx context.Context) (int, error) {
	type dead struct {
		bucket, id, process, lane, items string
		first, last                      int64
	}
	requeue := o.requeues()
	var n int
	var lost int64
	err := o.DB.Write(ctx, func(tx *store.Tx) error {
		n, lost = 0, 0
		rows, err := tx.Query(`SELECT c.bucket, c.id, c.process, c.lane, c.items, c.first_seq, c.last_seq FROM sms_claim c
			WHERE c.process <> $1 AND NOT EXISTS (SELECT 1 FROM sms_process p WHERE p.process = c.process AND p.lease_until > $2)
			LIMIT 2`+tx.SkipLocked(), o.process, tx.Now)
		if err != nil {
			return err
		}
		defer rows.Close()
		var list []dead
		for rows.Next() {
			var d dead
			if err := rows.Scan(&d.bucket, &d.id, &d.process, &d.lane, &d.items, &d.first, &d.last); err != nil {
				return err
			}
			list = append(list, d)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for _, d := range list {
			k, err := settleClaim(tx, d.bucket, d.items, d.first, d.last, requeue && d.lane == string(Bulk))
			if err != nil {
				return err
			}
			if _, err := tx.Exec(`DELETE FROM sms_claim WHERE bucket = $1 AND id = $2`, d.bucket, d.id); err != nil {
				return err
			}
			lost += k
		}
		n = len(list)
		return nil
	})
	if err == nil && lost > 0 {
		o.count.unknown.Add(uint64(lost))
		o.Log.Warn("texts: another run ended with messages in hand; they are marked unknown and not sent again", "messages", lost)
	}
	return n, err
}

// requeues says whether every route that carries bulk allows sending again what may have been sent.
func (o *Outbox) requeues() bool {
	any := false
	for _, r := range o.routes {
		if r.carries(Bulk) {
			if !r.Requeue {
				return false
			}
			any = true
		}
	}
	return any
}

// settleClaim marks the rows of one claim that have no answer yet. Rows of a range were never touched by the claim.
func settleClaim(tx *store.Tx, bucket, items string, first, last int64, requeue bool) (int64, error) {
	set := `state = 'unknown', reason = '` + reasonCrashed + `', due = 0, done_at = $1, sealed_to = NULL, sealed_body = NULL`
	if requeue {
		set = `state = 'queued', reason = '` + reasonCrashed + `', due = 1, attempts = attempts + 1, done_at = CAST($1 AS bigint) * 0`
	}
	var n int64
	var err error
	if items == "" {
		n, err = tx.Exec(`UPDATE sms_message SET `+set+` WHERE bucket = $2 AND seq >= $3 AND seq <= $4 AND seq > 0
			AND state = 'queued' AND due = 0`, tx.Now, bucket, first, last)
	} else {
		n, err = tx.Exec(`UPDATE sms_message SET `+set+` WHERE state = 'sending' AND (bucket, id) IN (SELECT r.bucket, r.id FROM `+
			tx.JSONRows(2, itemCols...)+` AS r)`, tx.Now, items)
	}
	if err != nil || !requeue || n == 0 {
		if requeue {
			n = 0
		}
		return n, err
	}
	_, err = tx.Exec(`UPDATE sms_queue SET due = 1 WHERE bucket = $1`, bucket)
	return 0, err
}

// keep does what time demands: the lease, dead processes, expired codes, early receipts, waiting parts.
func (o *Outbox) keep(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	renewed, looked := time.Now(), time.Now()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if o.DB.Engine() == store.Postgres {
			if time.Since(renewed) >= o.Lease/3 {
				o.warn(ctx, o.renew(ctx))
				renewed = time.Now()
			}
			if time.Since(looked) >= o.Lease/2 {
				_, err := o.settleDead(ctx)
				o.warn(ctx, err)
				looked = time.Now()
			}
		}
		o.warn(ctx, o.expire(ctx))
		o.warn(ctx, o.sweepEarly(ctx))
		o.warn(ctx, o.sweepParts(ctx))
	}
}

func (o *Outbox) warn(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		o.Log.Error("texts: housekeeping failed; it is tried again", "error", err)
	}
}

// expire ends codes and notices that nobody could take in time, so that nothing sealed stays behind.
func (o *Outbox) expire(ctx context.Context) error {
	const which = `lane = 'system' AND due > 0 AND expires_at > 0 AND expires_at <= $1`
	some, err := o.some(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM sms_message WHERE `+which+` LIMIT 1) AS x`)
	if err != nil || !some {
		return err
	}
	return o.DB.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`UPDATE sms_message SET state = 'expired', reason = '`+reasonTooLate+`', due = 0, done_at = $1,
			sealed_to = NULL, sealed_body = NULL WHERE `+which, tx.Now)
		tx.AfterCommit(func() { o.count.expired.Add(uint64(n)) })
		return err
	})
}

// some asks whether a count is above 0 now, without holding up writers.
func (o *Outbox) some(ctx context.Context, query string) (bool, error) {
	var n int
	err := o.DB.ReadOne(ctx, func(tx *store.Tx) error { return tx.QueryRow(query, tx.Now).Scan(&n) })
	return n > 0, err
}

// sweepEarly tries receipts again that came before their response: after a restart, or when another process sent the
// message. Within one process they are matched at once when the response is recorded.
func (o *Outbox) sweepEarly(ctx context.Context) error {
	var list []event
	err := o.DB.ReadOne(ctx, func(tx *store.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT carrier, carrier_id, state, error_code, from_number, done_at, received_at FROM sms_early
			WHERE next_at <= $1 ORDER BY next_at LIMIT 200`, tx.Now)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			e := event{kind: receiptCame, receipt: &Receipt{}}
			var done int64
			if err := rows.Scan(&e.carrier, &e.receipt.CarrierID, &e.receipt.State, &e.receipt.ErrorCode, &e.receipt.From, &done,
				&e.parked); err != nil {
				return err
			}
			e.receipt.DoneAt, e.receipt.From = store.Time(done), o.openFrom(e.receipt)
			list = append(list, e)
		}
		return rows.Err()
	})
	for _, e := range list {
		o.bulk.put(e)
	}
	return err
}

// sealFrom hides the number that an early receipt is about: it may be a person's, and waits for a day at most (C29).
func (o *Outbox) sealFrom(r *Receipt) string {
	if r.From == "" {
		return ""
	}
	return base64.RawStdEncoding.EncodeToString(o.Ring.Seal(sealEarly, r.CarrierID, []byte(r.From)))
}

// openFrom is the number again; "", which agrees with every number, when its key is gone.
func (o *Outbox) openFrom(r *Receipt) string {
	sealed, err := base64.RawStdEncoding.DecodeString(r.From)
	if err != nil || len(sealed) == 0 {
		return ""
	}
	from, err := o.Ring.Open(sealEarly, r.CarrierID, sealed)
	if err != nil {
		return ""
	}
	return string(from)
}
