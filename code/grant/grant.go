// Package grant keeps what a fresh proof allows: one session, one class of action, exact data when there is any, for a
// short while or a number of uses (decisions 9 and 27). Any room spends a grant inside its own transaction; only the
// sign-in rooms give one.
package grant

import (
	"time"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// Life is how long a fresh proof holds for its class of action (security.md part 3: step_up).
const Life = 5 * time.Minute

// many stands for "any number of uses until it expires".
const many = 1 << 30

// Give records a proof for a class of action, for Life, any number of uses.
func Give(tx *store.Tx, s id.Session, action string) error {
	return put(tx, s, action, "", many, Life)
}

// GiveOnce records a proof for exactly one act on exactly this data.
func GiveOnce(tx *store.Tx, s id.Session, action, digest string, life time.Duration) error {
	return put(tx, s, action, digest, 1, life)
}

func put(tx *store.Tx, s id.Session, action, digest string, uses int, life time.Duration) error {
	_, err := tx.Exec(`INSERT INTO code_grant (organisation_id, session_id, action, digest, uses_left, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation_id, session_id, action, digest)
		DO UPDATE SET uses_left = excluded.uses_left, expires_at = excluded.expires_at`,
		id.System, s, action, digest, uses, tx.Now+store.Micros(life))
	return err
}

// Must spends a grant of the actor's session for the action, or returns problem.NeedsCode. With a digest only a grant
// for the very same data counts.
func Must(tx *store.Tx, who access.Actor, action, digest string) error {
	if err := who.MustBePerson(); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE code_grant SET uses_left = uses_left - 1 WHERE organisation_id = $1 AND session_id = $2
		AND action = $3 AND digest = $4 AND uses_left > 0 AND expires_at > $5`,
		id.System, who.Session, action, digest, tx.Now)
	if err != nil {
		return err
	}
	if n == 0 {
		return problem.NeedsCode(action, digest)
	}
	return nil
}

// Has says whether Must would pass, without spending.
func Has(tx *store.Tx, who access.Actor, action, digest string) (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT COUNT(*) FROM code_grant WHERE organisation_id = $1 AND session_id = $2
		AND action = $3 AND digest = $4 AND uses_left > 0 AND expires_at > $5`,
		id.System, who.Session, action, digest, tx.Now).Scan(&n)
	return n > 0, err
}

// Sweep removes what has expired.
func Sweep(tx *store.Tx) (int64, error) {
	return tx.Exec(`DELETE FROM code_grant WHERE organisation_id = $1 AND expires_at <= $2`, id.System, tx.Now)
}
