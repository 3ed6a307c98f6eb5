package stepup

import (
	"strconv"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/signin/proof"
)

// row is a step-up under way; a session has one for each action and data.
type row struct {
	count     int64 // kept as text in the column detail
	password  bool  // was right
	way       proof.Way
	challenge id.Challenge
	tries     int64 // wrong passwords
	createdAt int64
	expiresAt int64
}

const columns = `detail, password_ok, way, challenge_id, tries, created_at, expires_at`

func load(tx *store.Tx, lock string, who access.Actor, a Ask) (r row, err error) {
	var detail string
	err = tx.QueryRow(`SELECT `+columns+` FROM signin_stepup WHERE session_id = $1 AND action = $2 AND digest = $3 AND expires_at > $4`+lock,
		who.Session, a.Action, a.Digest, tx.Now).
		Scan(&detail, &r.password, &r.way, &r.challenge, &r.tries, &r.createdAt, &r.expiresAt)
	r.count, _ = strconv.ParseInt(detail, 10, 64)
	return r, err
}

func (r row) save(tx *store.Tx, who access.Actor, a Ask) error {
	detail := ""
	if r.count > 0 {
		detail = strconv.FormatInt(r.count, 10)
	}
	_, err := tx.Exec(`INSERT INTO signin_stepup (session_id, action, digest, `+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (session_id, action, digest) DO UPDATE SET detail = excluded.detail, password_ok = excluded.password_ok, way = excluded.way,
		challenge_id = excluded.challenge_id, tries = excluded.tries, created_at = excluded.created_at, expires_at = excluded.expires_at`,
		who.Session, a.Action, a.Digest, detail, r.password, r.way, r.challenge, r.tries, r.createdAt, r.expiresAt)
	return err
}

func remove(tx *store.Tx, who access.Actor, a Ask) (int64, error) {
	return tx.Exec(`DELETE FROM signin_stepup WHERE session_id = $1 AND action = $2 AND digest = $3`, who.Session, a.Action, a.Digest)
}

// Wrong passwords of people who are logged in are counted for the person, so that another session or another action is
// no fresh start.
func lockTries(tx *store.Tx, p id.Profile) (n, next int64, err error) {
	_, err = tx.Exec(`INSERT INTO signin_password_try (profile_id, failures, next_at) VALUES ($1, 0, 0) ON CONFLICT (profile_id) DO NOTHING`, p)
	if err != nil {
		return 0, 0, err
	}
	err = tx.QueryRow(`SELECT failures, next_at FROM signin_password_try WHERE profile_id = $1`+tx.ForUpdate(), p).Scan(&n, &next)
	return n, next, err
}

func setTries(tx *store.Tx, p id.Profile, n, next int64) error {
	_, err := tx.Exec(`UPDATE signin_password_try SET failures = $2, next_at = $3 WHERE profile_id = $1`, p, n, next)
	return err
}

// Sweep removes what is over.
func Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM signin_stepup WHERE expires_at <= $1`, tx.Now)
	return err
}
