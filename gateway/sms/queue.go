package sms

import (
	"encoding/json"
	"fmt"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/gateway/sms/encoding"
)

// Topics that wake the sending loops of this process.
const (
	topicSystem = "sms.system"
	topicBulk   = "sms.bulk"
)

// Purposes of sealed values. The first two are bound to the message's id, the last to the receipt's.
const (
	sealTo    = "sms.to"
	sealBody  = "sms.body"
	sealEarly = "sms.early"
)

// maxText bounds a text in octets: 255 parts of 153 characters, four octets each at the most.
const maxText = 255 * 153 * 4

// check refuses what could never be sent: a mistake of the caller, not of a person.
func (m *Outgoing) check() error {
	switch {
	case !id.Valid("SM", string(m.ID)) || m.Bucket == "":
		return fmt.Errorf("sms: message %q of bucket %q: it needs an SM id and a bucket", m.ID, m.Bucket)
	case len(m.To) < 4 || len(m.To) > 17 || m.To[0] != '+':
		return problem.AtField("to", "invalid_number", "Give the number with + and country code.")
	case len(m.Text) > maxText || len(m.Finished) > maxText:
		return problem.AtField("text", "text_too_long", "Shorten the text: a message has at most 255 parts.")
	case m.Lane == System && (m.Ref == "") == (m.Finished == ""):
		return fmt.Errorf("sms: message %s: the system lane takes either Ref or Finished", m.ID)
	case m.Lane == Bulk && (m.Ref != "" || m.Finished != "" || m.Text == ""):
		return fmt.Errorf("sms: message %s: the bulk lane takes Text", m.ID)
	case m.Lane != System && m.Lane != Bulk:
		return fmt.Errorf("sms: message %s: no lane %q", m.ID, m.Lane)
	}
	if m.Segments <= 0 {
		m.Segments = 1
		if m.Ref == "" {
			m.Segments = encoding.Count(m.Text+m.Finished, encoding.Options{}).Segments
		}
	}
	return nil
}

// Queue puts a message into the outbox as part of the caller's transaction: it is sent if and only if that commits.
// The same id twice in a bucket is one message. A system message is on its way within milliseconds of the commit.
func (o *Outbox) Queue(tx *store.Tx, m Outgoing) error {
	if m.Lane == Bulk {
		return o.QueueBulk(tx, []Outgoing{m})
	}
	if err := m.check(); err != nil {
		return err
	}
	var body []byte
	if m.Finished != "" {
		body = o.Ring.Seal(sealBody, string(m.ID), []byte(m.Finished))
	}
	n, err := tx.Exec(`INSERT INTO sms_message (bucket, id, seq, due, state, lane, attempts, segments, expires_at, queued_at,
		sent_at, done_at, match_key, carrier, carrier_id, reason, sender, country, ref, dest, body, sealed_to, sealed_body)
		VALUES ($1, $2, 0, $3, 'queued', 'system', 0, $4, $5, $6, 0, 0, 0, '', '', '', $7, $8, $9, '', '', $10, $11)
		ON CONFLICT (bucket, id) DO NOTHING`,
		string(m.Bucket), string(m.ID), startAt(m.NotBefore, tx.Now), m.Segments, m.ExpiresAt, tx.Now, m.Sender, m.Country, m.Ref,
		o.Ring.Seal(sealTo, string(m.ID), []byte(m.To)), body)
	if err != nil || n == 0 {
		return err
	}
	tx.AfterCommit(func() { o.count.queued.Add(1) })
	tx.Wake(topicSystem)
	return nil
}

// QueueBulk is Queue for many messages of the bulk lane, of any buckets. A thousand at a time keep the writer's
// operation near 5 ms; more are the caller's to cut.
func (o *Outbox) QueueBulk(tx *store.Tx, m []Outgoing) error {
	groups := map[id.Organisation][]*Outgoing{}
	for i := range m {
		if m[i].Lane == "" {
			m[i].Lane = Bulk
		}
		if err := m[i].check(); err != nil {
			return err
		}
		if m[i].Lane != Bulk {
			return fmt.Errorf("sms: message %s: not of the bulk lane", m[i].ID)
		}
		groups[m[i].Bucket] = append(groups[m[i].Bucket], &m[i])
	}
	for bucket, g := range groups {
		if err := o.queueBucket(tx, bucket, g); err != nil {
			return err
		}
	}
	tx.Wake(topicBulk)
	return nil
}

// queueBucket gives each message its place in the bucket's queue. The queue's row stays locked until the commit, so
// places up to tail are always all there.
func (o *Outbox) queueBucket(tx *store.Tx, bucket id.Organisation, g []*Outgoing) error {
	var earliest int64
	for _, m := range g {
		if m.NotBefore > tx.Now && (earliest == 0 || m.NotBefore < earliest) {
			earliest = m.NotBefore
		}
	}
	var tail int64
	err := tx.QueryRow(`INSERT INTO sms_queue (bucket, head, tail, due) VALUES ($1, 0, $2, $3)
		ON CONFLICT (bucket) DO UPDATE SET tail = sms_queue.tail + excluded.tail, due = CASE
			WHEN excluded.due = 0 THEN sms_queue.due
			WHEN sms_queue.due = 0 OR excluded.due < sms_queue.due THEN excluded.due ELSE sms_queue.due END
		RETURNING tail`, string(bucket), len(g), earliest).Scan(&tail)
	if err != nil {
		return err
	}
	rows := make([][9]any, len(g))
	for i, m := range g {
		due := int64(0)
		if m.NotBefore > tx.Now {
			due = m.NotBefore
		}
		rows[i] = [9]any{m.ID, tail - int64(len(g)-1-i), due, m.Segments, m.ExpiresAt, m.Sender, m.Country, m.To, m.Text}
	}
	j, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`INSERT INTO sms_message (bucket, id, seq, due, state, lane, attempts, segments, expires_at, queued_at,
		sent_at, done_at, match_key, carrier, carrier_id, reason, sender, country, ref, dest, body)
		SELECT $2, r.id, r.seq, r.due, 'queued', 'bulk', 0, r.segments, r.expires_at, $3, 0, 0, 0, '', '', '',
			r.sender, r.country, '', r.dest, r.body FROM `+tx.JSONRows(1,
		store.Col{Name: "id", Type: "text"}, store.Col{Name: "seq", Type: "bigint"}, store.Col{Name: "due", Type: "bigint"},
		store.Col{Name: "segments", Type: "bigint"}, store.Col{Name: "expires_at", Type: "bigint"},
		store.Col{Name: "sender", Type: "text"}, store.Col{Name: "country", Type: "text"},
		store.Col{Name: "dest", Type: "text"}, store.Col{Name: "body", Type: "text"})+` AS r
		WHERE true ON CONFLICT (bucket, id) DO NOTHING`, string(j), string(bucket), tx.Now)
	if err != nil {
		return err
	}
	tx.AfterCommit(func() { o.count.queued.Add(uint64(n)) })
	return nil
}

// startAt is the due time of a row: 1 is at once, so that a clock stepped back does not hold up what was queued before.
func startAt(notBefore, now int64) int64 {
	if notBefore > now {
		return notBefore
	}
	return 1
}
