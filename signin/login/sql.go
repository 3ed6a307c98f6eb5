package login

import (
	"watchword/base/id"
	"watchword/base/store"
	"watchword/organisation"
)

// failures is one bucket.
type failures struct {
	bucket  string
	n       int64
	firstAt int64
	lastAt  int64
	nextAt  int64
	toldAt  int64
}

// lockFailures reads a bucket and holds it until the transaction ends: the row is made first, so that the first two
// failures see each other too.
func lockFailures(tx *store.Tx, bucket string) (failures, error) {
	f := failures{bucket: bucket}
	_, err := tx.Exec(`INSERT INTO signin_failure (bucket, failures, first_at, last_at, next_at, told_at) VALUES ($1, 0, 0, 0, 0, 0)
		ON CONFLICT (bucket) DO NOTHING`, bucket)
	if err != nil {
		return f, err
	}
	err = tx.QueryRow(`SELECT failures, first_at, last_at, next_at, told_at FROM signin_failure WHERE bucket = $1`+tx.ForUpdate(), bucket).
		Scan(&f.n, &f.firstAt, &f.lastAt, &f.nextAt, &f.toldAt)
	return f, err
}

func (f *failures) add(now int64) {
	if f.n++; f.n == 1 {
		f.firstAt = now
	}
	f.lastAt = now
}

func (f failures) save(tx *store.Tx) error {
	_, err := tx.Exec(`UPDATE signin_failure SET failures = $2, first_at = $3, last_at = $4, next_at = $5, told_at = $6 WHERE bucket = $1`,
		f.bucket, f.n, f.firstAt, f.lastAt, f.nextAt, f.toldAt)
	return err
}

func takeOne(tx *store.Tx, bucket string) error {
	_, err := tx.Exec(`UPDATE signin_failure SET failures = failures - 1, next_at = 0 WHERE bucket = $1 AND failures > 0`, bucket)
	return err
}

func forget(tx *store.Tx, bucket string) error {
	_, err := tx.Exec(`DELETE FROM signin_failure WHERE bucket = $1`, bucket)
	return err
}

func countMinute(tx *store.Tx, shard, tries, failed int64) error {
	_, err := tx.Exec(`INSERT INTO signin_minute (minute, shard, tries, failures) VALUES ($1, $2, $3, $4)
		ON CONFLICT (minute, shard) DO UPDATE SET tries = signin_minute.tries + excluded.tries,
		failures = signin_minute.failures + excluded.failures`, minutes(tx.Now), shard, tries, failed)
	return err
}

func recent(tx *store.Tx, since int64) (tries, failed int64, err error) {
	// Sums of integers are numeric on PostgreSQL.
	err = tx.QueryRow(`SELECT CAST(COALESCE(SUM(tries), 0) AS bigint), CAST(COALESCE(SUM(failures), 0) AS bigint)
		FROM signin_minute WHERE minute > $1`, since).Scan(&tries, &failed)
	return tries, failed, err
}

// browser is what is known of one person's browser. The zero value is a stranger's.
type browser struct {
	recognised bool
	failures   int64
	tries      int64 // granted by an emailed link
}

func loadBrowser(tx *store.Tx, p id.Profile, hashes []string) (b browser, hash string, err error) {
	for _, h := range hashes {
		err = tx.QueryRow(`SELECT recognised, failures, tries_left FROM signin_browser WHERE profile_id = $1 AND browser_hash = $2`+tx.ForUpdate(), p, h).
			Scan(&b.recognised, &b.failures, &b.tries)
		if err == nil {
			return b, h, nil
		}
		if !store.IsNoRows(err) {
			return b, "", err
		}
	}
	return browser{}, hashes[0], nil
}

// fail counts a failure of a recognised browser; limit of them in a row cost its recognition.
func (b browser) fail(tx *store.Tx, p id.Profile, hash string, limit int64) error {
	_, err := tx.Exec(`UPDATE signin_browser SET failures = failures + 1, recognised = (recognised AND failures + 1 < $3)
		WHERE profile_id = $1 AND browser_hash = $2`, p, hash, limit)
	return err
}

// right clears the failures of a recognised browser; one that a parallel failure has cost its recognition stays a
// stranger.
func (b browser) right(tx *store.Tx, p id.Profile, hash string) error {
	_, err := tx.Exec(`UPDATE signin_browser SET failures = 0 WHERE profile_id = $1 AND browser_hash = $2`, p, hash)
	return err
}

// take uses one of the tries that a link granted.
func (b browser) take(tx *store.Tx, p id.Profile, hash string) error {
	_, err := tx.Exec(`UPDATE signin_browser SET tries_left = tries_left - 1 WHERE profile_id = $1 AND browser_hash = $2 AND tries_left > 0`, p, hash)
	return err
}

// recognise notes a complete log-in; device is how people read the browser.
func recognise(tx *store.Tx, p id.Profile, hash, device string) error {
	_, err := tx.Exec(`INSERT INTO signin_browser (profile_id, browser_hash, recognised, failures, tries_left, created_at, seen_at, device)
		VALUES ($1, $2, $3, 0, 0, $4, $4, $5) ON CONFLICT (profile_id, browser_hash) DO UPDATE SET recognised = excluded.recognised,
		failures = 0, tries_left = 0, seen_at = excluded.seen_at, device = excluded.device`, p, hash, true, tx.Now, device)
	return err
}

func grantTries(tx *store.Tx, p id.Profile, hash string, n int64) error {
	_, err := tx.Exec(`INSERT INTO signin_browser (profile_id, browser_hash, recognised, failures, tries_left, created_at, seen_at)
		VALUES ($1, $2, $3, 0, $4, $5, $5) ON CONFLICT (profile_id, browser_hash) DO UPDATE SET tries_left = excluded.tries_left`,
		p, hash, false, n, tx.Now)
	return err
}

// row is a pending log-in.
type row struct {
	id         id.Login
	profile    id.Profile
	version    int64
	step       Step
	way        string
	challenge  id.Challenge
	level      int64
	methods    string
	codePoints int
	browser    string
	recognised bool
	name       string
	createdAt  int64
	expiresAt  int64
	endedAt    int64
	// memberships names the organisations, roles and versions that the log-in is measured against.
	memberships string
	shared      bool
	demands     []organisation.Demand // read anew at each step; not stored
	stale       bool                  // proved by a number that must be confirmed again; not stored: it matters to the next step only
}

const columns = `id, profile_id, profile_version, step, way, challenge_id, level, methods, password_codepoints, browser_hash,
	recognised, name_bucket, created_at, expires_at, ended_at, memberships, shared`

func scan(s interface{ Scan(...any) error }) (l row, err error) {
	err = s.Scan(&l.id, &l.profile, &l.version, &l.step, &l.way, &l.challenge, &l.level, &l.methods, &l.codePoints, &l.browser,
		&l.recognised, &l.name, &l.createdAt, &l.expiresAt, &l.endedAt, &l.memberships, &l.shared)
	return l, err
}

func insert(tx *store.Tx, l row, hash string) error {
	_, err := tx.Exec(`INSERT INTO signin_login (token_hash, `+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
		$14, $15, $16, $17, $18)`, hash, l.id, l.profile, l.version, l.step, l.way, l.challenge, l.level, l.methods, l.codePoints, l.browser,
		l.recognised, l.name, l.createdAt, l.expiresAt, l.endedAt, l.memberships, l.shared)
	return err
}

func byHash(tx *store.Tx, lock, hash string) (row, error) {
	return scan(tx.QueryRow(`SELECT `+columns+` FROM signin_login WHERE token_hash = $1`+lock, hash))
}

func byID(tx *store.Tx, lock string, l id.Login) (row, error) {
	return scan(tx.QueryRow(`SELECT `+columns+` FROM signin_login WHERE id = $1`+lock, l))
}

func (l row) save(tx *store.Tx) error {
	_, err := tx.Exec(`UPDATE signin_login SET profile_version = $2, step = $3, way = $4, challenge_id = $5, level = $6, methods = $7,
		password_codepoints = $8, ended_at = $9 WHERE id = $1`, l.id, l.version, l.step, l.way, l.challenge, l.level, l.methods, l.codePoints, l.endedAt)
	return err
}

// Sweep removes what no longer matters: ended log-ins, buckets and browsers unused for long.
func Sweep(tx *store.Tx) error {
	day := int64(24 * 3600 * 1e6)
	for _, q := range []struct {
		text  string
		until int64
	}{
		{`DELETE FROM signin_login WHERE expires_at < $1`, tx.Now - day},
		{`DELETE FROM signin_failure WHERE last_at < $1 AND told_at < $1`, tx.Now - 30*day},
		{`DELETE FROM signin_minute WHERE minute < $1`, minutes(tx.Now - day)},
		{`DELETE FROM signin_browser WHERE seen_at < $1`, tx.Now - 400*day},
	} {
		if _, err := tx.Exec(q.text, q.until); err != nil {
			return err
		}
	}
	return nil
}
