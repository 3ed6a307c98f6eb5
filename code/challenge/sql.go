package challenge

import (
	"encoding/json"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/guard"
	"watchword/code/wording"
)

// row is a stored challenge.
type row struct {
	org         id.Organisation
	id          id.Challenge
	purpose     wording.Purpose
	action      wording.Action
	channel     guard.Channel
	subject     string
	binding     string
	confirmed   bool
	hash        string // keyed hash of the destination
	sealed      []byte
	masked      string
	bucket      string // where the guard counts its sends
	segments    int
	cost        int64 // of one send, in millionths of the currency
	country     string
	prefix      string
	address     string
	language    wording.Language
	words       words
	key         uint32
	digits      int
	state       State
	tries       int
	maxTries    int
	sends       int
	message     id.Message
	version     int64
	createdAt   int64
	sendAt      int64
	nextSendAt  int64
	expiresAt   int64
	decidedAt   int64
	destination string // opened, in memory only
}

const columns = `organisation_id, id, purpose, action, channel, subject, binding, confirmed, destination_hash, destination_sealed,
	masked, bucket, segments, cost, country, prefix, address, language, words, key_id, digits, state, tries, max_tries, sends, message_id, version,
	created_at, send_at, next_send_at, expires_at, decided_at`

func insert(tx *store.Tx, r row) error {
	w, _ := json.Marshal(r.words) // strings always encode
	_, err := tx.Exec(`INSERT INTO code_challenge (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
		$15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)`,
		r.org, r.id, r.purpose, r.action, r.channel, r.subject, r.binding, r.confirmed, r.hash, r.sealed, r.masked, r.bucket, r.segments, r.cost,
		r.country, r.prefix,
		r.address, r.language, string(w), int64(r.key), r.digits, r.state, r.tries, r.maxTries, r.sends, r.message, r.version,
		r.createdAt, r.sendAt, r.nextSendAt, r.expiresAt, r.decidedAt)
	return err
}

func scan(s interface{ Scan(...any) error }) (r row, err error) {
	var w string
	var key int64
	err = s.Scan(&r.org, &r.id, &r.purpose, &r.action, &r.channel, &r.subject, &r.binding, &r.confirmed, &r.hash, &r.sealed,
		&r.masked, &r.bucket, &r.segments, &r.cost, &r.country, &r.prefix, &r.address, &r.language, &w, &key, &r.digits, &r.state, &r.tries, &r.maxTries, &r.sends, &r.message,
		&r.version, &r.createdAt, &r.sendAt, &r.nextSendAt, &r.expiresAt, &r.decidedAt)
	if err != nil {
		return r, err
	}
	r.key = uint32(key)
	return r, json.Unmarshal([]byte(w), &r.words)
}

// load reads one challenge and, in a writing transaction, locks it.
func load(tx *store.Tx, lock string, org id.Organisation, c id.Challenge) (row, error) {
	return scan(tx.QueryRow(`SELECT `+columns+` FROM code_challenge WHERE organisation_id = $1 AND id = $2`+lock, org, c))
}

func (r row) save(tx *store.Tx) error {
	_, err := tx.Exec(`UPDATE code_challenge SET state = $3, tries = $4, sends = $5, message_id = $6, next_send_at = $7, decided_at = $8
		WHERE organisation_id = $1 AND id = $2`, r.org, r.id, r.state, r.tries, r.sends, r.message, r.nextSendAt, r.decidedAt)
	return err
}

// open lists the pending challenges of a subject and purpose, which a new one ends. There is seldom any, and reading
// every column of none costs as much as of one.
func open(tx *store.Tx, org id.Organisation, subject string, p wording.Purpose) ([]row, error) {
	if subject == "" {
		return nil, nil
	}
	rows, err := tx.Query(`SELECT id FROM code_challenge
		WHERE organisation_id = $1 AND subject = $2 AND purpose = $3 AND state = 'pending' AND subject <> ''`, org, subject, p)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []id.Challenge
	for rows.Next() {
		var c id.Challenge
		if err := rows.Scan(&c); err != nil {
			return nil, err
		}
		ids = append(ids, c)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	var out []row
	for _, c := range ids {
		r, err := load(tx, tx.ForUpdate(), org, c)
		if err != nil && !store.IsNoRows(err) {
			return nil, err
		}
		if err == nil && r.state == Pending { // it may have ended while its lock was waited for
			out = append(out, r)
		}
	}
	return out, nil
}

// Sweep forgets challenges that ended longer than keep (micros) ago: what they were sent to goes with them.
func Sweep(tx *store.Tx, keep int64) (int64, error) {
	return tx.Exec(`DELETE FROM code_challenge WHERE organisation_id = $1 AND expires_at < $2`, id.System, tx.Now-keep)
}
