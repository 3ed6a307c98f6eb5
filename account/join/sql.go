package join

import (
	"strings"
	"time"

	"watchword/account/count"
	"watchword/base/store"
	"watchword/code/challenge"
)

type signup struct {
	id, browser, username, email, emailKey          string
	known                                           bool
	hash                                            string
	codePoints                                      int
	language, zone, country, terms, address, bucket string
	held                                            bool
	tries, sends                                    int
	sentAt, createdAt, expiresAt                    int64
}

const columns = `id, browser, username, email, email_key, known, hash, code_points, language, zone, country, terms_version, address,
	bucket, held, tries, sends, sent_at, created_at, expires_at`

func (s signup) insert(tx *store.Tx) error {
	_, err := tx.Exec(`INSERT INTO account_signup (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
		$17, $18, $19, $20)`, s.id, s.browser, s.username, s.email, s.emailKey, s.known, s.hash, s.codePoints, s.language, s.zone, s.country,
		s.terms, s.address, s.bucket, s.held, s.tries, s.sends, s.sentAt, s.createdAt, s.expiresAt)
	return err
}

func scan(r store.Row) (s signup, err error) {
	err = r.Scan(&s.id, &s.browser, &s.username, &s.email, &s.emailKey, &s.known, &s.hash, &s.codePoints, &s.language, &s.zone, &s.country,
		&s.terms, &s.address, &s.bucket, &s.held, &s.tries, &s.sends, &s.sentAt, &s.createdAt, &s.expiresAt)
	return s, err
}

// byID reads an open sign-up.
func byID(tx *store.Tx, id string) (signup, error) {
	return scan(tx.QueryRow(`SELECT `+columns+` FROM account_signup WHERE id = $1 AND expires_at > $2`+tx.ForUpdate(), id, tx.Now))
}

// byBrowser reads the open sign-up of a browser's token.
func (d *Desk) byBrowser(tx *store.Tx, token, lock string) (signup, error) {
	for _, h := range d.Ring.Hashes("signup", token) {
		s, err := scan(tx.QueryRow(`SELECT `+columns+` FROM account_signup WHERE browser = $1 AND expires_at > $2`+lock, h, tx.Now))
		if !store.IsNoRows(err) {
			return s, err
		}
	}
	return signup{}, errNone
}

// late says whether an address got too many mails; otherwise it counts one. A +tag shares the bucket (B18).
func (d *Desk) late(tx *store.Tx, key string) (bool, error) {
	wait, err := count.Take(tx, "mail/"+challenge.LimitKey(strings.ToLower(key)), count.Limit{Most: d.Settings.Mails, Within: time.Hour},
		count.Limit{Most: d.Settings.MailsDay, Within: 24 * time.Hour})
	return wait > 0, err
}

// Sweep forgets sign-ups that nobody confirmed.
func Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM account_signup WHERE expires_at <= $1`, tx.Now)
	return err
}
