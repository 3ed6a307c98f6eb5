package device

import (
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
)

// row is a stored device.
type row struct {
	Device
	profile id.Profile
	browser string // keyed hash of the browser's cookie
	hash    string
	version int64  // the profile's security version
	places  string // organisations and roles it was trusted for
}

const columns = `profile_id, id, browser_hash, hash, profile_version, method, places, label, address, country, trusted_at, last_used_at, expires_at`

func scan(s interface{ Scan(...any) error }) (d row, err error) {
	err = s.Scan(&d.profile, &d.ID, &d.browser, &d.hash, &d.version, &d.Method, &d.places, &d.Label, &d.Address, &d.Country, &d.TrustedAt,
		&d.LastUsedAt, &d.ExpiresAt)
	return d, err
}

// find reads by the secret, and only among the person's own: another's cookie opens nothing (B16).
func (r *Room) find(tx *store.Tx, p id.Profile, secret string) (d row, err error) {
	for _, h := range r.Ring.Hashes(secretPurpose, secret) {
		d, err = scan(tx.QueryRow(`SELECT `+columns+` FROM account_device WHERE profile_id = $1 AND hash = $2`, p, h))
		if !store.IsNoRows(err) {
			break
		}
	}
	return d, err
}

func ofProfile(tx *store.Tx, p id.Profile) ([]row, error) {
	rows, err := tx.Query(`SELECT `+columns+` FROM account_device WHERE profile_id = $1 ORDER BY last_used_at DESC, id DESC`, p)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []row
	for rows.Next() {
		d, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// withDevices are the members of an organisation who have devices at all, by name.
func withDevices(tx *store.Tx, org id.Organisation) (out []id.Profile, err error) {
	rows, err := tx.Query(`SELECT m.profile_id FROM organisation_member m JOIN account_profile p ON p.id = m.profile_id
		WHERE m.organisation_id = $1 AND EXISTS (SELECT 1 FROM account_device d WHERE d.profile_id = m.profile_id)
		ORDER BY p.username, m.profile_id LIMIT 1000`, org)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p id.Profile
		if err := rows.Scan(&p); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// save keeps a device, in place of the former one of the same browser; first says that there was none.
func (d row) save(tx *store.Tx, hash string) (first bool, err error) {
	n, err := tx.Exec(`DELETE FROM account_device WHERE profile_id = $1 AND browser_hash = $2`, d.profile, d.browser)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(`INSERT INTO account_device (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (profile_id, browser_hash) DO UPDATE SET id = excluded.id, hash = excluded.hash, profile_version = excluded.profile_version,
		method = excluded.method, places = excluded.places, label = excluded.label, address = excluded.address, country = excluded.country,
		trusted_at = excluded.trusted_at, last_used_at = excluded.last_used_at, expires_at = excluded.expires_at`,
		d.profile, d.ID, d.browser, hash, d.version, d.Method, d.places, d.Label, d.Address, d.Country, d.TrustedAt, d.LastUsedAt, d.ExpiresAt)
	return n == 0, err
}

func (d row) touch(tx *store.Tx, hash string, o access.Origin, expiresAt int64) error {
	address := ""
	if o.Address.IsValid() {
		address = o.Address.Unmap().String()
	}
	_, err := tx.Exec(`UPDATE account_device SET hash = $3, label = $4, address = $5, country = $6, last_used_at = $7, expires_at = $8
		WHERE profile_id = $1 AND id = $2`, d.profile, d.ID, hash, o.Device, address, o.Country, tx.Now, expiresAt)
	return err
}

// shorten drops what no longer counts anyway, and what exceeds the most devices of a person.
func shorten(tx *store.Tx, p id.Profile, version int64) error {
	_, err := tx.Exec(`DELETE FROM account_device WHERE profile_id = $1 AND (profile_version <> $2 OR id NOT IN
		(SELECT id FROM account_device WHERE profile_id = $1 ORDER BY last_used_at DESC, id DESC LIMIT $3))`, p, version, most)
	return err
}

func chosen(tx *store.Tx, p id.Profile) (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT COUNT(*) FROM account_device_choice WHERE profile_id = $1`, p).Scan(&n)
	return n > 0, err
}
