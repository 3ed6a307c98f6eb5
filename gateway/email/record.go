package email

import (
	"context"
	"time"

	"watchword/base/store"
)

// claim takes out mails whose time has come, oldest first. They carry the process's name until they are recorded.
func (o *Outbox) claim(ctx context.Context, room int) ([]letter, error) {
	some, err := o.some(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM email_message WHERE due > 0 AND due <= $1 LIMIT 1) AS x`)
	if err != nil || !some {
		return nil, err
	}
	var list []letter
	err = o.DB.Write(ctx, func(tx *store.Tx) error {
		list = nil
		rows, err := tx.Query(`SELECT bucket, id, kind, ref, attempts, again, expires_at, sealed_head, sealed_body FROM email_message
			WHERE due > 0 AND due <= $1 ORDER BY due, id LIMIT $2`+tx.SkipLocked(), tx.Now, room)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var l letter
			if err := rows.Scan(&l.bucket, &l.id, &l.kind, &l.ref, &l.attempts, &l.again, &l.expires, &l.head, &l.body); err != nil {
				return err
			}
			list = append(list, l)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for _, l := range list {
			if _, err := tx.Exec(`UPDATE email_message SET state = 'sending', due = 0, process = $3 WHERE bucket = $1 AND id = $2`,
				l.bucket, string(l.id), o.process); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// record writes what became of a mail. What is sealed stays only while it may yet be sent.
func (o *Outbox) record(l letter, s State, due int64, reason string) {
	for try := 0; ; try++ {
		err := o.DB.Write(context.Background(), func(tx *store.Tx) error {
			done, sent := tx.Now, int64(0)
			if s == StateQueued {
				done = 0
			}
			if s == StateSent {
				sent = tx.Now
			}
			_, err := tx.Exec(`UPDATE email_message SET state = $3, due = $4, reason = $5, attempts = $6, again = $7, sent_at = $8,
				done_at = $9, process = '', sealed_head = CASE WHEN $3 = 'queued' THEN sealed_head END,
				sealed_body = CASE WHEN $3 = 'queued' THEN sealed_body END
				WHERE bucket = $1 AND id = $2 AND state = 'sending' AND process = $10`,
				l.bucket, string(l.id), string(s), due, reason, l.attempts, l.again, sent, done, o.process)
			return err
		})
		if err == nil {
			break
		}
		o.Log.Error("mail: the database did not take what became of a mail; trying again", "mail", l.id, "error", err)
		if try == 20 {
			return // the next run finds it in hand of a dead process
		}
		time.Sleep(min(time.Second, 20*time.Millisecond<<min(try, 6)))
	}
	switch s {
	case StateSent:
		o.count.sent.Add(1)
	case StateFailed:
		o.count.failed.Add(1)
		o.Log.Warn("mail: refused for good", "mail", l.id, "kind", l.kind, "reason", reason)
	case StateUnknown:
		o.count.unknown.Add(1)
	case StateExpired:
		o.count.expired.Add(1)
	case StateCancelled:
		o.count.cancelled.Add(1)
	}
}

// arrive puts the process on the list and takes back what a dead one had in hand. SQLite has one process at a time.
func (o *Outbox) arrive(ctx context.Context) error {
	if o.DB.Engine() == store.Postgres {
		if err := o.renew(ctx); err != nil {
			return err
		}
	}
	return o.settleDead(ctx)
}

func (o *Outbox) renew(ctx context.Context) error {
	return o.DB.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO email_process (process, lease_until) VALUES ($1, $2)
			ON CONFLICT (process) DO UPDATE SET lease_until = excluded.lease_until`, o.process, tx.Now+store.Micros(o.Lease))
		return err
	})
}

// settleDead treats what a dead process had in hand as uncertain: tried once more under the same Message-ID, and unknown
// when that happens to it again.
func (o *Outbox) settleDead(ctx context.Context) error {
	return o.DB.Write(ctx, func(tx *store.Tx) error {
		const dead = `process <> '' AND process <> $1 AND NOT EXISTS (SELECT 1 FROM email_process p
			WHERE p.process = email_message.process AND p.lease_until > $2)`
		n, err := tx.Exec(`UPDATE email_message SET state = 'unknown', due = 0, process = '', reason = 'process_ended', done_at = $2,
			sealed_head = NULL, sealed_body = NULL WHERE again > 0 AND `+dead, o.process, tx.Now)
		if err != nil {
			return err
		}
		tx.AfterCommit(func() { o.count.unknown.Add(uint64(n)) })
		_, err = tx.Exec(`UPDATE email_message SET state = 'queued', due = 1, process = '', reason = 'process_ended', again = 1
			WHERE again = 0 AND `+dead, o.process, tx.Now)
		return err
	})
}

// keep does what time demands, about once a second.
func (o *Outbox) keep(ctx context.Context) {
	err := o.expire(ctx)
	if err == nil && o.DB.Engine() == store.Postgres && time.Since(o.renewed) >= o.Lease/3 {
		if err = o.renew(ctx); err == nil {
			err = o.settleDead(ctx)
		}
		o.renewed = time.Now()
	}
	if err != nil && ctx.Err() == nil {
		o.Log.Error("mail: housekeeping failed; it is tried again", "error", err)
	}
}

// expire ends mails whose time is over, also while the mail server is down, so that nothing sealed stays behind.
func (o *Outbox) expire(ctx context.Context) error {
	const which = `due > 0 AND expires_at > 0 AND expires_at <= $1`
	some, err := o.some(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM email_message WHERE `+which+` LIMIT 1) AS x`)
	if err != nil || !some {
		return err
	}
	return o.DB.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`UPDATE email_message SET state = 'expired', reason = '`+reasonTooLate+`', due = 0, done_at = $1,
			sealed_head = NULL, sealed_body = NULL WHERE `+which, tx.Now)
		tx.AfterCommit(func() { o.count.expired.Add(uint64(n)) })
		return err
	})
}

func (o *Outbox) some(ctx context.Context, query string) (bool, error) {
	var n int
	err := o.DB.ReadOne(ctx, func(tx *store.Tx) error { return tx.QueryRow(query, tx.Now).Scan(&n) })
	return n > 0, err
}

func (o *Outbox) leave() error {
	if o.DB.Engine() == store.SQLite {
		return nil
	}
	return o.DB.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM email_process WHERE process = $1`, o.process)
		return err
	})
}
