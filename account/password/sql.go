package password

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"watchword/base/store"
)

// Kept is the password of a subject (a profile, or an operator) as it is stored.
type Kept struct {
	Hash       string // PHC; empty when there is none
	CodePoints int    // to know who must choose a longer one (decisions 14)
	SetAt      int64  // micros
}

// Count is the length of a password in code points after normalisation.
func Count(password string) int { return utf8.RuneCountInString(norm.NFC.String(password)) }

// Set stores a hash in place of the former one.
func Set(tx *store.Tx, subject, hash string, codePoints int) error {
	_, err := tx.Exec(`INSERT INTO account_password (subject, hash, code_points, set_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject) DO UPDATE SET hash = excluded.hash, code_points = excluded.code_points, set_at = excluded.set_at`,
		subject, hash, codePoints, tx.Now)
	return err
}

// Renew replaces the hash of an unchanged password, unless it was changed meanwhile: from is the hash that was verified.
func Renew(tx *store.Tx, subject, from, hash string) error {
	_, err := tx.Exec(`UPDATE account_password SET hash = $3 WHERE subject = $1 AND hash = $2`, subject, from, hash)
	return err
}

// Of reads a subject's password; an empty Hash when there is none.
func Of(tx *store.Tx, subject string) (Kept, error) {
	var k Kept
	err := tx.QueryRow(`SELECT hash, code_points, set_at FROM account_password WHERE subject = $1`, subject).Scan(&k.Hash, &k.CodePoints, &k.SetAt)
	if store.IsNoRows(err) {
		return Kept{}, nil
	}
	return k, err
}

// Forget deletes a subject's password.
func Forget(tx *store.Tx, subject string) error {
	_, err := tx.Exec(`DELETE FROM account_password WHERE subject = $1`, subject)
	return err
}
