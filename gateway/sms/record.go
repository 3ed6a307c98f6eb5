package sms

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"watchword/base/store"
)

// notFinal guards every update: the first final state stays, so that applying anything twice changes nothing.
const notFinal = `sms_message.state NOT IN ('delivered', 'failed', 'expired', 'cancelled')`

// save writes one bucket's part of the plan.
func (p *plan) save(tx *store.Tx, bucket string, b *bucketPlan) error {
	if len(b.records) > 0 {
		if err := saveRecords(tx, bucket, b.records); err != nil {
			return err
		}
	}
	if len(b.parts) > 0 {
		if err := saveParts(tx, bucket, b.parts); err != nil {
			return err
		}
	}
	if err := saveReceipts(tx, bucket, b.receipts); err != nil {
		return err
	}
	if err := savePartReceipts(tx, bucket, b.partReceipts); err != nil {
		return err
	}
	if err := fold(tx, bucket, b.folds); err != nil {
		return err
	}
	if b.due == 0 {
		return nil
	}
	_, err := tx.Exec(`UPDATE sms_queue SET due = $2 WHERE bucket = $1 AND (due = 0 OR due > $2)`, bucket, b.due)
	return err
}

// shape is what answers have in common; those of one shape are written by one statement, whose rows hold only what
// differs.
type shape struct {
	state    State
	due      int64
	attempts int
	carrier  string
	reason   string
}

// saveRecords writes answers. What is sealed stays only while the message may yet be sent.
func saveRecords(tx *store.Tx, bucket string, records []*record) error {
	shapes := map[shape][]string{}
	for _, r := range records {
		s := shape{r.state, r.due, r.attempts, r.carrier, r.reason}
		shapes[s] = append(shapes[s], r.row())
	}
	for s, rows := range shapes {
		j, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		done := tx.Now
		if s.state == StateQueued || s.state == StateSent {
			done = 0
		}
		set := `state = $3, due = $4, attempts = $5, carrier = $6, reason = $7, done_at = $8`
		args := []any{string(j), bucket, string(s.state), s.due, s.attempts, s.carrier, s.reason, done}
		if s.attempts < 0 {
			set, args[4] = `state = $3, due = $4, attempts = attempts + 1 + $5, carrier = $6, reason = $7, done_at = $8`, -1
		}
		if s.state != StateQueued {
			set += `, sealed_to = NULL, sealed_body = NULL`
		}
		_, err = tx.Exec(`UPDATE sms_message SET `+set+`, sent_at = CAST(substr(r.value, 35, 16) AS bigint),
			match_key = CAST(substr(r.value, 51, 20) AS bigint), carrier_id = substr(r.value, 71)
			FROM `+tx.TextRows(1)+` AS r WHERE `+byKey, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// byKey finds each row's message by its key. The bucket is written so that it seems to depend on the row: otherwise
// SQLite goes through the whole bucket and looks there for the rows.
const byKey = `sms_message.bucket = CASE WHEN r.value IS NULL THEN '' ELSE $2 END AND sms_message.id = substr(r.value, 1, 34)
	AND ` + notFinal

// row writes what differs between answers of one shape, in fields of fixed width: the id (34 characters), when it was sent
// (16), the key (20), and the carrier's id.
func (r *record) row() string {
	b := make([]byte, 0, 34+16+20+len(r.carrierID))
	b = append(b, r.id...)
	b = fmt.Appendf(b, "%016d%+020d", r.sentAt, r.key)
	return string(append(b, r.carrierID...))
}

// saveParts writes answers to parts; a later answer to the same part (after a time-out, or sent again) replaces an
// earlier one that was not final.
func saveParts(tx *store.Tx, bucket string, parts []*partRecord) error {
	latest := map[[2]any]*partRecord{} // one statement may touch a row once
	for _, r := range parts {
		latest[[2]any{r.id, r.part}] = r
	}
	for _, r := range latest {
		_, err := tx.Exec(`INSERT INTO sms_part (bucket, message, part, total, state, match_key, carrier, carrier_id, reason,
			sent_at, done_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (bucket, message, part) DO UPDATE SET state = excluded.state, match_key = excluded.match_key,
				carrier = excluded.carrier, carrier_id = excluded.carrier_id, reason = excluded.reason,
				sent_at = excluded.sent_at, done_at = excluded.done_at
			WHERE sms_part.state NOT IN ('delivered', 'failed')`,
			bucket, r.id, r.part, r.total, string(r.state), r.key, r.carrier, r.carrierID, r.reason, r.sentAt, doneAt(tx, r.state))
		if err != nil {
			return err
		}
	}
	return nil
}

func doneAt(tx *store.Tx, s State) int64 {
	if s == StateSent {
		return 0
	}
	return tx.Now
}

func receiptRows(bucket string, receipts []*receiptRecord) (string, error) {
	rows := make([][5]any, len(receipts))
	for i, r := range receipts {
		rows[i] = [5]any{r.id, r.part, r.state, r.reason, bucket}
	}
	j, err := json.Marshal(rows)
	return string(j), err
}

var receiptCols = []store.Col{{Name: "id", Type: "text"}, {Name: "part", Type: "bigint"}, {Name: "state", Type: "text"},
	{Name: "reason", Type: "text"}, {Name: "bucket", Type: "text"}}

func saveReceipts(tx *store.Tx, bucket string, receipts []*receiptRecord) error {
	shapes := map[[2]string][]string{}
	for _, r := range receipts {
		s := [2]string{string(r.state), r.reason}
		shapes[s] = append(shapes[s], r.id)
	}
	for s, ids := range shapes {
		j, err := json.Marshal(ids)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE sms_message SET state = $3, reason = $4, done_at = $5, match_key = 0
			FROM `+tx.TextRows(1)+` AS r WHERE `+byKey, string(j), bucket, s[0], s[1], tx.Now)
		if err != nil {
			return err
		}
	}
	return nil
}

func savePartReceipts(tx *store.Tx, bucket string, receipts []*receiptRecord) error {
	if len(receipts) == 0 {
		return nil
	}
	j, err := receiptRows(bucket, receipts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE sms_part SET state = r.state, reason = r.reason, done_at = $2, match_key = 0
		FROM `+tx.JSONRows(1, receiptCols...)+` AS r
		WHERE sms_part.bucket = r.bucket AND sms_part.message = r.id AND sms_part.part = r.part
		AND sms_part.state NOT IN ('delivered', 'failed')`, j, tx.Now)
	return err
}

// fold makes the message's state of its parts' states: one that failed makes it fail; it is delivered when all are,
// unknown while any is, and sent when all were accepted. Nothing is said before every part was answered.
func fold(tx *store.Tx, bucket string, ids map[string]bool) error {
	if len(ids) == 0 {
		return nil
	}
	rows := [][1]string{}
	for _, i := range slices.Sorted(maps.Keys(ids)) {
		rows = append(rows, [1]string{i})
	}
	j, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	// Another process may be recording other parts of the same messages: whoever comes second must see what the first
	// one wrote, so the messages are held before the parts are read.
	if err := hold(tx, bucket, string(j)); err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE sms_message SET state = f.state, reason = f.reason, sent_at = f.sent_at, due = 0,
		done_at = CASE WHEN f.state = 'sent' THEN 0 ELSE CAST($3 AS bigint) END, sealed_to = NULL, sealed_body = NULL
		FROM (SELECT p.bucket AS bucket, p.message AS id, MAX(p.sent_at) AS sent_at,
			MAX(CASE WHEN p.state IN ('failed', 'unknown') THEN p.reason ELSE '' END) AS reason,
			CASE WHEN COUNT(CASE WHEN p.state = 'failed' THEN 1 END) > 0 THEN 'failed'
				WHEN COUNT(*) < MAX(p.total) THEN ''
				WHEN COUNT(CASE WHEN p.state = 'unknown' THEN 1 END) > 0 THEN 'unknown'
				WHEN COUNT(CASE WHEN p.state = 'sent' THEN 1 END) > 0 THEN 'sent'
				ELSE 'delivered' END AS state
			FROM sms_part p WHERE p.bucket = $2 AND p.message IN (SELECT r.id FROM `+
		tx.JSONRows(1, idCol)+` AS r) GROUP BY p.bucket, p.message) AS f
		WHERE sms_message.bucket = f.bucket AND sms_message.id = f.id AND f.state <> '' AND `+notFinal, j, bucket, tx.Now)
	return err
}

var idCol = store.Col{Name: "id", Type: "text"}

// hold locks the messages of a list of ids, [["SM…"], …].
func hold(tx *store.Tx, bucket, ids string) error {
	if tx.ForUpdate() == "" {
		return nil
	}
	_, err := tx.Exec(`SELECT 1 FROM sms_message WHERE bucket = $2 AND id IN (SELECT r.id FROM `+tx.JSONRows(1, idCol)+` AS r)
		ORDER BY id`+tx.ForUpdate(), ids, bucket)
	return err
}

// closeClaims removes claims of which every row has been answered.
func (p *plan) closeClaims(tx *store.Tx) error {
	for _, c := range p.closed {
		if _, err := tx.Exec(`DELETE FROM sms_claim WHERE bucket = $1 AND id = $2`, c.bucket, c.id); err != nil {
			return err
		}
	}
	return nil
}
