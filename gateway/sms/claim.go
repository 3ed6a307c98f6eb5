package sms

import (
	"context"
	"encoding/json"
	"slices"

	"watchword/base/id"
	"watchword/base/store"
)

// claim is what one operation took out. Its row goes when every job of it is recorded; found with a dead process it
// tells what may have been on the wire.
type claim struct {
	bucket, id string
	left       int
}

// waiting lists the buckets with bulk rows to take out now; for the system lane one word when there are any. Which
// states need a look is asked outside a transaction that writes.
func (o *Outbox) waiting(ctx context.Context, lane Lane) (active []string, err error) {
	now := o.DB.Now()
	err = o.DB.Read(ctx, func(tx *store.Tx) error {
		active = nil
		if lane == System {
			var n int
			err := tx.QueryRow(`SELECT COUNT(*) FROM (SELECT 1 FROM sms_message WHERE due > 0 AND lane = 'system' AND due <= $1
				LIMIT 1) AS x`, now).Scan(&n)
			if err == nil && n > 0 {
				active = []string{string(id.System)}
			}
			return err
		}
		rows, err := tx.Query(`SELECT bucket, tail - head FROM sms_queue WHERE head < tail OR due > 0 AND due <= $1
			ORDER BY bucket`, now)
		if err != nil {
			return err
		}
		defer rows.Close()
		var total int64
		for rows.Next() {
			var b string
			var n int64
			if err := rows.Scan(&b, &n); err != nil {
				return err
			}
			active, total = append(active, b), total+n
		}
		o.count.waiting.Store(total)
		return rows.Err()
	})
	return active, err
}

// claim takes out up to room messages inside the turn's transaction.
func (l *line) claim(tx *store.Tx, room int) ([]*job, error) {
	if room <= 0 {
		return nil, nil
	}
	if l.lane == System {
		return l.claimSystem(tx, room)
	}
	var jobs []*job
	// Buckets take turns: the first one moves to the end after the commit (see served).
	for _, bucket := range slices.Clone(l.active) {
		js, err := l.claimBucket(tx, bucket, room-len(jobs))
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, js...)
		if len(jobs) >= room {
			break
		}
	}
	return jobs, nil
}

// served moves on among the buckets: those that gave nothing leave the list until they are seen to have work again.
func (l *line) served(jobs []*job, room int) {
	if l.lane == System {
		if len(jobs) < room {
			l.active = nil
		}
		return
	}
	had := map[string]int{}
	for _, j := range jobs {
		had[j.bucket]++
	}
	var keep, end []string
	for i, b := range l.active {
		switch {
		case had[b] == 0 && len(jobs) >= room && i > 0:
			keep = append(keep, b) // not its turn yet
		case had[b] > 0:
			end = append(end, b)
		}
	}
	l.active = append(keep, end...)
	if len(l.active) == 0 {
		l.seen = 0
	}
}

const jobColumns = `id, attempts, segments, expires_at, carrier, reason, sender, country, dest, body`

// claimBucket takes a bucket's rows that are due by themselves first, then the next range of its queue.
func (l *line) claimBucket(tx *store.Tx, bucket string, room int) ([]*job, error) {
	var head, tail, due int64
	err := tx.QueryRow(`SELECT head, tail, due FROM sms_queue WHERE bucket = $1`+tx.SkipLocked(), bucket).Scan(&head, &tail, &due)
	if store.IsNoRows(err) {
		return nil, nil // another process is at it
	}
	if err != nil {
		return nil, err
	}
	var jobs []*job
	if due > 0 && due <= tx.Now {
		if jobs, err = l.claimDue(tx, bucket, room); err != nil {
			return nil, err
		}
		err = tx.QueryRow(`SELECT COALESCE(MIN(due), 0) FROM sms_message WHERE bucket = $1 AND due > 0 AND lane = 'bulk'`,
			bucket).Scan(&due)
		if err != nil {
			return nil, err
		}
	}
	from := head
	for len(jobs) < room && head < tail {
		first := head + 1
		head = min(tail, head+int64(room-len(jobs)))
		js, err := readJobs(tx, bucket, `SELECT `+jobColumns+` FROM sms_message WHERE bucket = $1 AND seq >= $2 AND seq <= $3
			AND seq > 0 AND due = 0 AND state = 'queued' ORDER BY seq`, bucket, first, head)
		if err != nil {
			return nil, err
		}
		if len(js) == 0 {
			continue // all of them were cancelled or wait for their time
		}
		c := &claim{bucket: bucket, id: id.Token(9), left: len(js)}
		if err := l.insertClaim(tx, c, first, head, ""); err != nil {
			return nil, err
		}
		for _, j := range js {
			j.claim = c
		}
		jobs = append(jobs, js...)
	}
	if from == head && len(jobs) == 0 && due == 0 {
		return nil, nil
	}
	_, err = tx.Exec(`UPDATE sms_queue SET head = $2, due = $3 WHERE bucket = $1`, bucket, head, due)
	return jobs, err
}

// claimDue takes single rows whose time has come.
func (l *line) claimDue(tx *store.Tx, bucket string, room int) ([]*job, error) {
	jobs, err := readJobs(tx, bucket, `SELECT `+jobColumns+` FROM sms_message WHERE bucket = $1 AND due > 0 AND lane = 'bulk'
		AND due <= $2 ORDER BY due, seq LIMIT $3`+tx.SkipLocked(), bucket, tx.Now, room)
	if err != nil || len(jobs) == 0 {
		return nil, err
	}
	return jobs, l.claimRows(tx, bucket, jobs)
}

// claimRows marks rows as taken out and lists them in a claim. Each item is bucket and id.
func (l *line) claimRows(tx *store.Tx, bucket string, jobs []*job) error {
	items := make([][2]string, len(jobs))
	c := &claim{bucket: bucket, id: id.Token(9), left: len(jobs)}
	for i, j := range jobs {
		items[i] = [2]string{j.bucket, j.id}
		j.claim = c
	}
	list, err := json.Marshal(items)
	if err != nil {
		return err
	}
	if err := l.insertClaim(tx, c, 0, 0, string(list)); err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE sms_message SET state = 'sending', due = 0 FROM `+tx.JSONRows(1, itemCols...)+` AS r
		WHERE sms_message.bucket = r.bucket AND sms_message.id = r.id`, string(list))
	return err
}

var itemCols = []store.Col{{Name: "bucket", Type: "text"}, {Name: "id", Type: "text"}}

func (l *line) insertClaim(tx *store.Tx, c *claim, first, last int64, items string) error {
	_, err := tx.Exec(`INSERT INTO sms_claim (bucket, id, process, lane, first_seq, last_seq, items)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, c.bucket, c.id, l.o.process, string(l.lane), first, last, items)
	return err
}

func readJobs(tx *store.Tx, bucket, query string, args ...any) ([]*job, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var jobs []*job
	for rows.Next() {
		j := &job{lane: Bulk, bucket: bucket, seq: true}
		if err := rows.Scan(&j.id, &j.attempts, &j.segments, &j.expires, &j.pinned, &j.reason, &j.sender, &j.country, &j.to,
			&j.text); err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return jobs, loadParts(tx, jobs)
}

// claimSystem takes codes and notices of every bucket, oldest first.
func (l *line) claimSystem(tx *store.Tx, room int) ([]*job, error) {
	rows, err := tx.Query(`SELECT bucket, id, attempts, segments, expires_at, carrier, reason, sender, country, ref,
		sealed_to, sealed_body FROM sms_message WHERE due > 0 AND lane = 'system' AND due <= $1 ORDER BY due, id LIMIT $2`+
		tx.SkipLocked(), tx.Now, room)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var jobs []*job
	for rows.Next() {
		j := &job{lane: System}
		if err := rows.Scan(&j.bucket, &j.id, &j.attempts, &j.segments, &j.expires, &j.pinned, &j.reason, &j.sender, &j.country,
			&j.ref, &j.sealedTo, &j.sealedBody); err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	if err := rows.Err(); err != nil || len(jobs) == 0 {
		return nil, err
	}
	rows.Close()
	if err := loadParts(tx, jobs); err != nil {
		return nil, err
	}
	return jobs, l.claimRows(tx, string(id.System), jobs)
}

// loadParts reads which parts of concatenated messages were answered already, when a message comes back.
func loadParts(tx *store.Tx, jobs []*job) error {
	for _, j := range jobs {
		if j.pinned == "" {
			continue
		}
		rows, err := tx.Query(`SELECT part FROM sms_part WHERE bucket = $1 AND message = $2`, j.bucket, j.id)
		if err != nil {
			return err
		}
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				rows.Close()
				return err
			}
			j.answered = append(j.answered, n)
		}
		if err := rows.Close(); err != nil {
			return err
		}
	}
	return nil
}
