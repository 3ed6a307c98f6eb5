// Package budget counts failures per subject and factor, across codes, re-sends, log-ins, channels and addresses, in
// the database and in the transaction of the check (C13-C15, B5, B6). A new code does not reset it (C14).
package budget

import (
	"time"

	"watchword/base/id"
	"watchword/base/store"
)

// Factor is what failures are counted for. Each has its own budget (C15: passwords apart from codes).
type Factor string

const (
	SMS      Factor = "sms"
	Email    Factor = "email"
	TOTP     Factor = "totp"
	Passkey  Factor = "passkey"
	Recovery Factor = "recovery"
)

// Settings bound guessing.
type Settings struct {
	// Free is how many failures in a row pass before waits begin. Default 10.
	Free int64
	// MaxWait bounds the waits, which begin at a minute and double. Default 60 minutes.
	MaxWait time.Duration
	// Off is the failure in a row that switches the factor off until it is bound anew (NIST SP 800-63B-4 §3.2.2:
	// at most 100). Default 100.
	Off int64
}

// Defaults are those of security.md part 3.
func Defaults() Settings { return Settings{Free: 10, MaxWait: time.Hour, Off: 100} }

// Status is one factor's budget.
type Status struct {
	Factor   Factor
	Failures int64 // in a row
	Left     int64 // until the factor is switched off
	Since    int64 // micros, the first failure of the row
	Last     int64 // micros
	NextAt   int64 // micros; before it no try is accepted
	Off      bool
}

// Book counts failures.
type Book struct{ Settings Settings }

// Look reads the budget of one factor and locks it: no other try of this subject and
// factor is decided until the transaction ends. Call it before comparing.
func (b Book) Look(tx *store.Tx, org id.Organisation, subject string, f Factor) (Status, error) {
	s := Status{Factor: f, Left: b.Settings.Off}
	if subject == "" { // a stranger (Verify): bounded by the challenge's own tries
		return s, nil
	}
	if err := lock(tx, org, subject, f); err != nil {
		return s, err
	}
	return b.Of(tx, org, subject, f)
}

// lock holds other tries of this subject and factor until the transaction ends: there may be no row yet to lock.
func lock(tx *store.Tx, org id.Organisation, subject string, f Factor) error {
	return tx.Lock("budget " + string(org) + " " + subject + " " + string(f))
}

// Of reads the budget of one factor without locking it (pages).
func (b Book) Of(tx *store.Tx, org id.Organisation, subject string, f Factor) (Status, error) {
	s := Status{Factor: f, Left: b.Settings.Off}
	var off int64
	err := tx.QueryRow(`SELECT failures, first_at, last_at, next_at, off_at FROM code_budget
		WHERE organisation_id = $1 AND subject = $2 AND factor = $3`, org, subject, f).
		Scan(&s.Failures, &s.Since, &s.Last, &s.NextAt, &off)
	if store.IsNoRows(err) {
		return s, nil
	}
	s.Off = off > 0
	s.Left = max(0, b.Settings.Off-s.Failures)
	return s, err
}

// Fail counts one failure; s comes from Look in the same transaction. It returns the new state; Off is true and
// Failures equals Settings.Off exactly once, when this failure switched the factor off.
func (b Book) Fail(tx *store.Tx, org id.Organisation, subject string, s Status) (Status, error) {
	if subject == "" {
		return s, nil
	}
	s.Failures++
	s.Last = tx.Now
	if s.Failures == 1 {
		s.Since = tx.Now
	}
	if over := s.Failures - b.Settings.Free; over >= 0 {
		wait := b.Settings.MaxWait
		if over < 20 {
			wait = min(wait, time.Minute<<over)
		}
		s.NextAt = tx.Now + store.Micros(wait)
	}
	var off int64
	if s.Failures >= b.Settings.Off {
		s.Off, off = true, tx.Now
	}
	s.Left = max(0, b.Settings.Off-s.Failures)
	_, err := tx.Exec(`INSERT INTO code_budget (organisation_id, subject, factor, failures, first_at, last_at, next_at, off_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organisation_id, subject, factor) DO UPDATE SET failures = excluded.failures,
		first_at = excluded.first_at, last_at = excluded.last_at, next_at = excluded.next_at, off_at = excluded.off_at`,
		org, subject, s.Factor, s.Failures, s.Since, s.Last, s.NextAt, off)
	return s, err
}

// Succeed clears the row of failures. It does nothing for a factor that is off: only Rebound brings that back.
func (b Book) Succeed(tx *store.Tx, org id.Organisation, subject string, s Status) error {
	if subject == "" || s.Failures == 0 || s.Off {
		return nil
	}
	return b.Rebound(tx, org, subject, s.Factor)
}

// Rebound clears everything: the factor was bound anew.
func (b Book) Rebound(tx *store.Tx, org id.Organisation, subject string, f Factor) error {
	if err := lock(tx, org, subject, f); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM code_budget WHERE organisation_id = $1 AND subject = $2 AND factor = $3`, org, subject, f)
	return err
}
