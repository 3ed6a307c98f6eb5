// Package profile is a person: username, address, name, language, and the names they log in with. It outlives every
// organisation (RP16).
package profile

import (
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// Profile is one person.
type Profile struct {
	ID              id.Profile
	Username        string // may be empty for invited people, who log in by address
	Email           string // as its owner spells it
	EmailKey        string
	Name            string
	Language        string // "en", "de", "fr", "es", "pt", "it"
	Zone            string // IANA name, "Europe/London"
	DateFormat      string // one of DateFormats
	Currency        string // ISO 4217
	Encoding        string // of texts by default: "auto", "gsm7" or "unicode"
	Postal          string // postal address, lines separated by \n
	Country         string // two letters: how phone numbers are read; may be empty
	TermsVersion    string // accepted
	TermsAt         int64  // micros
	TermsAddress    string // IP address the terms were accepted from (RP5)
	SecurityVersion int64  // sessions made under another version have ended
	CreatedAt       int64  // micros
	VerifiedAt      int64  // micros
	LastLoginAt     int64  // micros, 0 before the first
	ClosedAt        int64  // micros, 0 while open
}

// Called is how to name the person: name, username or address.
func (p Profile) Called() string {
	switch {
	case p.Name != "":
		return p.Name
	case p.Username != "":
		return p.Username
	}
	return p.Email
}

// LoginName is the username, or the address of who has none: for audit lines.
func (p Profile) LoginName() string {
	if p.Username != "" {
		return p.Username
	}
	return p.Email
}

const columns = `id, username, email, email_key, name, language, zone, date_format, currency, encoding, postal, country,
	terms_version, terms_at, terms_address, security_version, created_at, verified_at, last_login_at, closed_at`

func scan(r store.Row) (Profile, error) {
	var p Profile
	err := r.Scan(&p.ID, &p.Username, &p.Email, &p.EmailKey, &p.Name, &p.Language, &p.Zone, &p.DateFormat, &p.Currency, &p.Encoding,
		&p.Postal, &p.Country, &p.TermsVersion, &p.TermsAt, &p.TermsAddress, &p.SecurityVersion, &p.CreatedAt, &p.VerifiedAt,
		&p.LastLoginAt, &p.ClosedAt)
	if store.IsNoRows(err) {
		return Profile{}, problem.NotFound("profile")
	}
	return p, err
}

// ByID reads one person; problem.NotFound when there is none. Closed ones are found too (ClosedAt).
func ByID(tx *store.Tx, p id.Profile) (Profile, error) {
	return scan(tx.QueryRow(`SELECT `+columns+` FROM account_profile WHERE id = $1`, p))
}

// Lock is ByID with the row held until the transaction ends.
func Lock(tx *store.Tx, p id.Profile) (Profile, error) {
	return scan(tx.QueryRow(`SELECT `+columns+` FROM account_profile WHERE id = $1`+tx.ForUpdate(), p))
}

// maxLogin bounds what is looked up, in octets: an address of 254 characters or a username of 64.
const maxLogin = 1024

// ByLogin finds the person who logs in with this username or address (LF1), in any case; problem.NotFound when there
// is none. A look-alike of a username does not find it.
func ByLogin(tx *store.Tx, name string) (Profile, error) {
	holder, err := holderOf(tx, name)
	if err != nil {
		return Profile{}, err
	}
	p, err := ByID(tx, id.Profile(holder))
	if err == nil && p.ClosedAt > 0 {
		return Profile{}, problem.NotFound("profile")
	}
	return p, err
}

// New is what a person begins with. The address was proved.
type New struct {
	Username, Email            string // Username may be empty
	Name, Language, Zone       string
	Country                    string
	TermsVersion, TermsAddress string
	TermsAt                    int64
	Holder                     string // the sign-up that holds the username, or ""
}

// Create makes a person. A name that somebody else took meanwhile is a problem at its field.
func Create(tx *store.Tx, n New) (Profile, error) {
	a, f := ParseAddress("email", n.Email)
	if f != nil {
		return Profile{}, problem.Invalid("invalid", "Check what you entered.").At(f.Name, f.Code, f.Message)
	}
	p := Profile{ID: id.Profile(id.New("PR", tx.Now)), Username: n.Username, Email: a.Spelling, EmailKey: a.Key, Name: n.Name,
		Language: n.Language, Zone: n.Zone, DateFormat: DateFormats[0], Currency: CurrencyOf(n.Country), Encoding: "auto", Country: n.Country,
		TermsVersion: n.TermsVersion, TermsAt: n.TermsAt, TermsAddress: n.TermsAddress, SecurityVersion: 1, CreatedAt: tx.Now, VerifiedAt: tx.Now}
	if ok, err := claim(tx, emailKey(a), a.Key, "email", string(p.ID), "", 0); err != nil || !ok {
		return Profile{}, orTaken(err, "email", "email_taken", "Enter another email address: this one belongs to a profile already.")
	}
	if p.Username != "" {
		if ok, err := claim(tx, usernameKey(p.Username), foldName(p.Username), "username", string(p.ID), n.Holder, 0); err != nil || !ok {
			f := Taken()
			return Profile{}, orTaken(err, f.Name, f.Code, f.Message)
		}
	}
	_, err := tx.Exec(`INSERT INTO account_profile (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
		$16, $17, $18, $19, $20)`, p.ID, p.Username, p.Email, p.EmailKey, p.Name, p.Language, p.Zone, p.DateFormat, p.Currency, p.Encoding,
		p.Postal, p.Country, p.TermsVersion, p.TermsAt, p.TermsAddress, p.SecurityVersion, p.CreatedAt, p.VerifiedAt, 0, 0)
	return p, err
}

func orTaken(err error, field, code, message string) error {
	if err != nil {
		return err
	}
	return problem.AtField(field, code, message)
}

// Bump raises the security version: every session that is not renewed in the same transaction has ended. It returns
// the new version.
func Bump(tx *store.Tx, p id.Profile) (int64, error) {
	var v int64
	err := tx.QueryRow(`UPDATE account_profile SET security_version = security_version + 1 WHERE id = $1 RETURNING security_version`, p).Scan(&v)
	return v, err
}

// Seen records a complete log-in (LF27).
func Seen(tx *store.Tx, p id.Profile) error {
	_, err := tx.Exec(`UPDATE account_profile SET last_login_at = $2 WHERE id = $1`, p, tx.Now)
	return err
}

// AcceptTerms records which text was accepted, when and from where (RP5, decisions 13).
func AcceptTerms(tx *store.Tx, p id.Profile, version, address string) error {
	_, err := tx.Exec(`UPDATE account_profile SET terms_version = $2, terms_at = $3, terms_address = $4 WHERE id = $1`, p, version, tx.Now, address)
	return err
}

// Close ends a profile (RP17): its names become free, what identifies the person is wiped, and its id stays in the
// records of others. The caller first makes sure that the person is no organisation's only owner.
func Close(tx *store.Tx, p id.Profile) error {
	if _, err := tx.Exec(`DELETE FROM account_name WHERE holder = $1`, string(p)); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM account_address WHERE profile_id = $1`, p); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE account_profile SET username = '', email = '', email_key = '', name = '', postal = '', closed_at = $2,
		security_version = security_version + 1 WHERE id = $1`, p, tx.Now)
	return err
}
