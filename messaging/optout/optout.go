// Package optout is who said STOP to an organisation. Numbers are kept as keyed hashes, so that the wish outlives the
// contact (CL10): neither an import nor a contact made anew resubscribes anybody.
package optout

import (
	"encoding/json"

	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
)

// List keeps opt-outs. Ring makes the hashes.
type List struct{ Ring *secret.Ring }

const purpose = "optout"

func (l *List) hash(org id.Organisation, number string) string {
	return l.Ring.Hash(purpose, string(org)+" "+number)
}

// Add notes that a number (E.164) wants no messages of an organisation. Source says how it was told, such as "stop" or
// "page". Once more changes nothing.
func (l *List) Add(tx *store.Tx, org id.Organisation, number, source string) error {
	_, err := tx.Exec(`INSERT INTO optout (organisation_id, hash, source, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (organisation_id, hash) DO NOTHING`, org, l.hash(org, number), source, tx.Now)
	return err
}

// AddAll is Add for many numbers, for background work in batches.
func (l *List) AddAll(tx *store.Tx, org id.Organisation, numbers []string, source string) error {
	hashes := make([]string, len(numbers))
	for i, n := range numbers {
		hashes[i] = l.hash(org, n)
	}
	j, err := json.Marshal(hashes)
	if err == nil {
		_, err = tx.Exec(`INSERT INTO optout (organisation_id, hash, source, created_at) SELECT DISTINCT $1, r.value, $3, CAST($4 AS BIGINT)
			FROM `+tx.TextRows(2)+` AS r WHERE TRUE ON CONFLICT (organisation_id, hash) DO NOTHING`, org, string(j), source, tx.Now)
	}
	return err
}

// Any says whether an organisation has opt-outs at all, which spares the others the hashing.
func (l *List) Any(tx *store.Tx, org id.Organisation) (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT 1 FROM optout WHERE organisation_id = $1 LIMIT 1`, org).Scan(&n)
	if store.IsNoRows(err) {
		return false, nil
	}
	return err == nil, err
}

// Has gives those of the numbers (E.164) that said STOP to the organisation, whichever key of the ring they were hashed
// with.
func (l *List) Has(tx *store.Tx, org id.Organisation, numbers ...string) (map[string]bool, error) {
	out := map[string]bool{}
	if any, err := l.Any(tx, org); err != nil || !any || len(numbers) == 0 {
		return out, err
	}
	by := make(map[string]string, len(numbers))
	hashes := make([]string, 0, len(numbers))
	for _, n := range numbers {
		for _, h := range l.Ring.Hashes(purpose, string(org)+" "+n) {
			by[h] = n
			hashes = append(hashes, h)
		}
	}
	j, err := json.Marshal(hashes)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT o.hash FROM `+tx.TextRows(2)+` AS r JOIN optout o ON o.organisation_id = $1 AND o.hash = r.value`, org, string(j))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h string
		if err := rows.Scan(&h); err != nil {
			return nil, err
		}
		out[by[h]] = true
	}
	return out, rows.Err()
}

// Sweep removes opt-outs of an organisation that is gone, a small turn at a time, and says how many are left to do.
func Sweep(tx *store.Tx, org id.Organisation, most int) (removed int64, err error) {
	return tx.Exec(`DELETE FROM optout WHERE organisation_id = $1 AND hash IN
		(SELECT hash FROM optout WHERE organisation_id = $1 ORDER BY hash LIMIT $2)`, org, most)
}
