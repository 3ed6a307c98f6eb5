package session

import (
	"strings"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/organisation"
)

// row is a session joined with its profile and, when one is switched to, its membership.
type row struct {
	Info
	version int64           // the profile's security version it was made under
	place   id.Organisation // switched to when it was last written; empty for none
	member  int64           // insert only: version of the membership there
	current int64           // the profile's now
	closed  bool
	seenAt  int64
	origin  access.Origin // insert only
}

// membership joins the membership that the session is switched to, as long as it is the one it was: another version, a
// membership that is switched off or none at all leave the session without it, and so end it (OU8, C42, C49).
const membership = ` LEFT JOIN organisation_member m ON m.organisation_id = s.organisation_id AND m.profile_id = s.profile_id
	AND m.version = s.member_version AND m.disabled_at = 0 `

const selectRow = `SELECT s.id, s.profile_id, s.profile_version, s.level, s.methods, s.source, s.created_at, s.proved_at, s.seen_at, s.ends_at,
	s.organisation_id, p.username, p.email, p.language, p.zone, p.security_version, p.closed_at,
	COALESCE(m.organisation_id, ''), COALESCE(m.role, ''), COALESCE(o.name, ''), COALESCE(o.suspended_at, 0)
	FROM signin_session s JOIN account_profile p ON p.id = s.profile_id` + membership + `
	LEFT JOIN organisation o ON o.organisation_id = m.organisation_id `

func scan(s interface{ Scan(...any) error }) (r row, err error) {
	var methods, role string
	var closed, suspended int64
	err = s.Scan(&r.ID, &r.Profile, &r.version, &r.Level, &methods, &r.Source, &r.CreatedAt, &r.ProvedAt, &r.seenAt, &r.EndsAt,
		&r.place, &r.Username, &r.Email, &r.Language, &r.Zone, &r.current, &closed, &r.Organisation, &role, &r.OrgName, &suspended)
	r.Methods, r.Role = split(methods), organisation.Role(role)
	r.closed, r.OrgSuspended = closed > 0, suspended > 0
	return r, err
}

func byHash(tx *store.Tx, hash string) (row, error) {
	return scan(tx.QueryRow(selectRow+`WHERE s.token_hash = $1`, hash))
}

// glance reads what Look needs, and no more: programs ask it for each of their own requests.
func glance(tx *store.Tx, hash string) (r row, err error) {
	var closed int64
	err = tx.QueryRow(`SELECT s.profile_id, s.profile_version, s.level, s.seen_at, s.ends_at, p.security_version, p.closed_at,
		s.organisation_id, COALESCE(m.organisation_id, '')
		FROM signin_session s JOIN account_profile p ON p.id = s.profile_id`+membership+`WHERE s.token_hash = $1`, hash).
		Scan(&r.Profile, &r.version, &r.Level, &r.seenAt, &r.EndsAt, &r.current, &closed, &r.place, &r.Organisation)
	r.closed = closed > 0
	return r, err
}

func byID(tx *store.Tx, lock string, s id.Session) (row, error) {
	if lock != "" {
		lock += " OF s"
	}
	return scan(tx.QueryRow(selectRow+`WHERE s.id = $1`+lock, s))
}

func insert(tx *store.Tx, r row, hash string) error {
	address := ""
	if r.origin.Address.IsValid() {
		address = r.origin.Address.Unmap().String()
	}
	_, err := tx.Exec(`INSERT INTO signin_session (id, token_hash, profile_id, profile_version, organisation_id, level, methods, source,
		created_at, proved_at, seen_at, ends_at, address, device, country, member_version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		r.ID, hash, r.Profile, r.version, r.Organisation, r.Level, strings.Join(r.Methods, " "), r.Source,
		r.CreatedAt, r.ProvedAt, r.seenAt, r.EndsAt, address, r.origin.Device, r.origin.Country, r.member)
	return err
}

func seen(tx *store.Tx, s id.Session, o access.Origin) error {
	address := ""
	if o.Address.IsValid() {
		address = o.Address.Unmap().String()
	}
	_, err := tx.Exec(`UPDATE signin_session SET seen_at = $2, address = $3, country = $4 WHERE id = $1 AND seen_at < $2`,
		s, tx.Now, address, o.Country)
	return err
}

func list(tx *store.Tx, p id.Profile, idleSince int64) ([]Listed, error) {
	rows, err := tx.Query(`SELECT s.id, s.device, s.address, s.country, s.level, s.methods, s.created_at, s.seen_at, s.ends_at
		FROM signin_session s JOIN account_profile p ON p.id = s.profile_id AND p.security_version = s.profile_version
		WHERE s.profile_id = $1 AND s.ends_at > $2 AND s.seen_at > $3 AND (s.organisation_id = '' OR EXISTS (SELECT 1
		FROM organisation_member m WHERE m.organisation_id = s.organisation_id AND m.profile_id = s.profile_id
		AND m.version = s.member_version AND m.disabled_at = 0)) ORDER BY s.seen_at DESC, s.id DESC LIMIT 500`, p, tx.Now, idleSince)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Listed
	for rows.Next() {
		var l Listed
		var methods string
		if err := rows.Scan(&l.ID, &l.Device, &l.Address, &l.Country, &l.Level, &methods, &l.CreatedAt, &l.SeenAt, &l.EndsAt); err != nil {
			return nil, err
		}
		l.Methods = split(methods)
		out = append(out, l)
	}
	return out, rows.Err()
}

func remove(tx *store.Tx, p id.Profile, s id.Session) (int64, error) {
	return tx.Exec(`DELETE FROM signin_session WHERE profile_id = $1 AND id = $2`, p, s)
}

func removeAllBut(tx *store.Tx, p id.Profile, keep id.Session) (int64, error) {
	return tx.Exec(`DELETE FROM signin_session WHERE profile_id = $1 AND id <> $2`, p, keep)
}

func rotate(tx *store.Tx, s id.Session, hash string, level access.Level, methods []string) error {
	_, err := tx.Exec(`UPDATE signin_session SET token_hash = $2, level = $3, methods = $4, proved_at = $5, seen_at = $5 WHERE id = $1`,
		s, hash, level, strings.Join(methods, " "), tx.Now)
	return err
}

func setVersion(tx *store.Tx, s id.Session, version int64) error {
	_, err := tx.Exec(`UPDATE signin_session SET profile_version = $2 WHERE id = $1`, s, version)
	return err
}

func setOrganisation(tx *store.Tx, s id.Session, p id.Profile, org id.Organisation, version int64) error {
	_, err := tx.Exec(`UPDATE signin_session SET organisation_id = $3, member_version = $4 WHERE id = $1 AND profile_id = $2`, s, p, org, version)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO signin_place (profile_id, organisation_id) VALUES ($1, $2)
		ON CONFLICT (profile_id) DO UPDATE SET organisation_id = excluded.organisation_id`, p, org)
	return err
}

// place is where a new session begins: where the person was last, if still a member, else in the oldest membership; and
// the version of that membership.
func place(tx *store.Tx, p id.Profile) (org id.Organisation, version int64, err error) {
	err = tx.QueryRow(`SELECT m.organisation_id, m.version FROM organisation_member m
		LEFT JOIN signin_place w ON w.profile_id = m.profile_id AND w.organisation_id = m.organisation_id
		WHERE m.profile_id = $1 AND m.disabled_at = 0 ORDER BY CASE WHEN w.profile_id IS NULL THEN 1 ELSE 0 END, m.joined_at, m.organisation_id LIMIT 1`, p).Scan(&org, &version)
	if store.IsNoRows(err) {
		return "", 0, nil
	}
	return org, version, err
}

// chosen says whether the place a person was last at is remembered and still theirs.
func chosen(tx *store.Tx, p id.Profile) (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT COUNT(*) FROM signin_place w JOIN organisation_member m ON m.organisation_id = w.organisation_id
		AND m.profile_id = w.profile_id WHERE w.profile_id = $1 AND m.disabled_at = 0`, p).Scan(&n)
	return n > 0, err
}

func sweep(tx *store.Tx, ended, idleSince int64) (int64, error) {
	return tx.Exec(`DELETE FROM signin_session WHERE ends_at <= $1 OR seen_at <= $2`, ended, idleSince)
}
