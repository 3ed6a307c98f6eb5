// Package count limits how often something is done within a time: mails to one address, sign-ups from one network. The
// counts are rows, so that they outlive a restart and are shared by all processes.
package count

import (
	"time"

	"watchword/base/id"
	"watchword/base/store"
)

// Limit is at most Most within Within.
type Limit struct {
	Most   int
	Within time.Duration
}

// Keep is how long counts are kept; no limit may reach further back.
const Keep = 24 * time.Hour

// In counts what happened in a bucket within a time.
func In(tx *store.Tx, bucket string, within time.Duration) (n int, err error) {
	err = tx.QueryRow(`SELECT COUNT(*) FROM account_count WHERE bucket = $1 AND at > $2`, bucket, tx.Now-store.Micros(within)).Scan(&n)
	return n, err
}

// Add counts one more.
func Add(tx *store.Tx, bucket string) error {
	_, err := tx.Exec(`INSERT INTO account_count (bucket, at, id) VALUES ($1, $2, $3)`, bucket, tx.Now, id.New("CO", tx.Now))
	return err
}

// Take counts one more unless a limit is reached; the wait is until the first one is free again, 0 when it was taken.
// Parallel takers of one bucket wait for each other.
func Take(tx *store.Tx, bucket string, limits ...Limit) (wait time.Duration, err error) {
	if err := tx.Lock("account_count/" + bucket); err != nil {
		return 0, err
	}
	for _, l := range limits {
		n, err := In(tx, bucket, l.Within)
		if err != nil {
			return 0, err
		}
		if n < l.Most {
			continue
		}
		var oldest int64
		if err := tx.QueryRow(`SELECT MIN(at) FROM (SELECT at FROM account_count WHERE bucket = $1 ORDER BY at DESC LIMIT $2) AS newest`,
			bucket, l.Most).Scan(&oldest); err != nil {
			return 0, err
		}
		wait = max(wait, time.Duration(oldest+store.Micros(l.Within)-tx.Now)*time.Microsecond, time.Second)
	}
	if wait > 0 {
		return wait, nil
	}
	return 0, Add(tx, bucket)
}

// Sweep forgets what no limit looks at any more.
func Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM account_count WHERE at < $1`, tx.Now-store.Micros(Keep))
	return err
}

// Queue finds the next time at which most within a time is not exceeded, and counts it there: things to be done later,
// one after the other. The time is now when there is room.
func Queue(tx *store.Tx, bucket string, most int, within time.Duration) (at int64, err error) {
	if err := tx.Lock("account_count/" + bucket); err != nil {
		return 0, err
	}
	at = tx.Now
	var last int64
	err = tx.QueryRow(`SELECT at FROM account_count WHERE bucket = $1 ORDER BY at DESC LIMIT 1 OFFSET $2`, bucket, most-1).Scan(&last)
	if err != nil && !store.IsNoRows(err) {
		return 0, err
	}
	if err == nil {
		at = max(at, last+store.Micros(within))
	}
	_, err = tx.Exec(`INSERT INTO account_count (bucket, at, id) VALUES ($1, $2, $3)`, bucket, at, id.New("CO", tx.Now))
	return at, err
}

// Return takes back the newest count of a bucket: what was reserved turned out well.
func Return(tx *store.Tx, bucket string) error {
	_, err := tx.Exec(`DELETE FROM account_count WHERE bucket = $1 AND id = (SELECT id FROM account_count WHERE bucket = $1
		ORDER BY at DESC, id DESC LIMIT 1)`, bucket)
	return err
}
