package sms

import (
	"encoding/json"
	"maps"
	"slices"

	"watchword/base/store"
)

// notFinal guards every update: the first final state stays, so that applying anything twice changes nothing.
const notFinal = `sms_message.state NOT IN ('delivered', 'failed', 'expired', 'cancelled')`

// save writes one bucket's part of the plan.
func (p *plan) save(tx *store.Tx, bucket string, b *bucketPlan) error {
	if len(b.records) > 0 {
		if err := saveRecords(tx, b.records); err != nil {
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

// saveRecords writes answers. Every row names its bucket, so that SQLite finds each message by its key instead of going
// through a bucket (so in the statements below). What is sealed stays only while the message may yet be sent.
func saveRecords(tx *store.Tx, records []*record) error {
	j, err := json.Marshal(records)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE sms_message SET state = r.state, due = r.due,
		attempts = CASE WHEN r.attempts < 0 THEN sms_message.attempts ELSE r.attempts END,
		sent_at = CASE WHEN r.sent_at > 0 THEN r.sent_at ELSE sms_message.sent_at END,
		done_at = CASE WHEN r.state IN ('queued', 'sent') THEN 0 ELSE $2 END,
		match_key = r.match_key, carrier = r.carrier,
		carrier_id = r.carrier_id, reason = r.reason,
		sealed_to = CASE WHEN r.state = 'queued' THEN sms_message.sealed_to END,
		sealed_body = CASE WHEN r.state = 'queued' THEN sms_message.sealed_body END
		FROM `+tx.JSONRows(1, store.Col{Name: "id", Type: "text"}, store.Col{Name: "state", Type: "text"},
		store.Col{Name: "due", Type: "bigint"}, store.Col{Name: "attempts", Type: "bigint"},
		store.Col{Name: "sent_at", Type: "bigint"}, store.Col{Name: "match_key", Type: "bigint"},
		store.Col{Name: "carrier", Type: "text"}, store.Col{Name: "carrier_id", Type: "text"},
		store.Col{Name: "reason", Type: "text"}, store.Col{Name: "bucket", Type: "text"})+` AS r
		WHERE sms_message.bucket = r.bucket AND sms_message.id = r.id AND `+notFinal, string(j), tx.Now)
	return err
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
	if len(receipts) == 0 {
		return nil
	}
	j, err := receiptRows(bucket, receipts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE sms_message SET state = r.state, reason = r.reason, done_at = $2, match_key = 0
		FROM `+tx.JSONRows(1, receiptCols...)+` AS r
		WHERE sms_message.bucket = r.bucket AND sms_message.id = r.id AND `+notFinal, j, tx.Now)
	return err
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
	_, err = tx.Exec(`UPDATE sms_message SET state = f.state, reason = f.reason, sent_at = f.sent_at, due = 0,
		done_at = CASE WHEN f.state = 'sent' THEN 0 ELSE $3 END, sealed_to = NULL, sealed_body = NULL
		FROM (SELECT p.bucket AS bucket, p.message AS id, MAX(p.sent_at) AS sent_at,
			MAX(CASE WHEN p.state IN ('failed', 'unknown') THEN p.reason ELSE '' END) AS reason,
			CASE WHEN COUNT(CASE WHEN p.state = 'failed' THEN 1 END) > 0 THEN 'failed'
				WHEN COUNT(*) < MAX(p.total) THEN ''
				WHEN COUNT(CASE WHEN p.state = 'unknown' THEN 1 END) > 0 THEN 'unknown'
				WHEN COUNT(CASE WHEN p.state = 'sent' THEN 1 END) > 0 THEN 'sent'
				ELSE 'delivered' END AS state
			FROM sms_part p WHERE p.bucket = $2 AND p.message IN (SELECT r.id FROM `+
		tx.JSONRows(1, store.Col{Name: "id", Type: "text"})+` AS r) GROUP BY p.bucket, p.message) AS f
		WHERE sms_message.bucket = f.bucket AND sms_message.id = f.id AND f.state <> '' AND `+notFinal, j, bucket, tx.Now)
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
