package organisation

import (
	"slices"
	"strings"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

func insert(tx *store.Tx, o Organisation, by id.Profile) (made bool, err error) {
	n, err := tx.Exec(`INSERT INTO organisation (organisation_id, name, suspended_at, created_at, created_by)
		VALUES ($1, $2, 0, $3, $4) ON CONFLICT (organisation_id) DO NOTHING`, o.ID, o.Name, o.CreatedAt, by)
	return n == 1, err
}

func insertMember(tx *store.Tx, m Member) error {
	_, err := tx.Exec(`INSERT INTO organisation_member (organisation_id, profile_id, role, method, permissions, version, trust_after, joined_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, m.Organisation, m.Profile, m.Role, m.Method, words(m.May), m.Version, m.TrustAfter, m.JoinedAt)
	return err
}

func deleteMember(tx *store.Tx, org id.Organisation, p id.Profile) error {
	_, err := tx.Exec(`DELETE FROM organisation_member WHERE organisation_id = $1 AND profile_id = $2`, org, p)
	return err
}

const memberColumns = `m.organisation_id, m.profile_id, p.username, p.email, p.name, m.role, m.method, m.permissions, m.number_masked,
	m.joined_at, m.disabled_at, p.last_login_at, m.version, m.trust_after
	FROM organisation_member m JOIN account_profile p ON p.id = m.profile_id`

func scanMember(s interface{ Scan(...any) error }) (m Member, err error) {
	var permissions string
	err = s.Scan(&m.Organisation, &m.Profile, &m.Username, &m.Email, &m.Name, &m.Role, &m.Method, &permissions, &m.NumberMasked,
		&m.JoinedAt, &m.DisabledAt, &m.LastLoginAt, &m.Version, &m.TrustAfter)
	m.May = m.permitted(permissions)
	return m, err
}

// MemberOf reads one member; problem.NotFound when the person is none.
func MemberOf(tx *store.Tx, org id.Organisation, p id.Profile) (Member, error) {
	m, err := scanMember(tx.QueryRow(`SELECT `+memberColumns+` WHERE m.organisation_id = $1 AND m.profile_id = $2`, org, p))
	if store.IsNoRows(err) {
		return m, problem.NotFound("user")
	}
	return m, err
}

// MembersOf lists the people of an organisation, owners first, then by name.
func MembersOf(tx *store.Tx, org id.Organisation) ([]Member, error) {
	return list(tx, `SELECT `+memberColumns+` WHERE m.organisation_id = $1
		ORDER BY CASE WHEN m.role = 'owner' THEN 0 ELSE 1 END, p.username, p.email, m.profile_id`, org)
}

// OwnersOf lists the owners: whom notices go to.
func OwnersOf(tx *store.Tx, org id.Organisation) ([]Member, error) {
	return list(tx, `SELECT `+memberColumns+` WHERE m.organisation_id = $1 AND m.role = 'owner' ORDER BY m.joined_at, m.profile_id`, org)
}

func list(tx *store.Tx, query string, org id.Organisation) ([]Member, error) {
	rows, err := tx.Query(query, org)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Member
	for rows.Next() {
		m, err := scanMember(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// words is how permissions are stored.
func words(may []Permission) string {
	var out []string
	for _, p := range Permissions() {
		if slices.Contains(may, p) {
			out = append(out, string(p))
		}
	}
	return strings.Join(out, " ")
}

const membershipColumns = `o.organisation_id, o.name, o.suspended_at, o.created_at, m.role, m.joined_at, m.permissions
	FROM organisation_member m JOIN organisation o ON o.organisation_id = m.organisation_id`

func scanMembership(s interface{ Scan(...any) error }) (m Membership, err error) {
	var suspended int64
	var permissions string
	err = s.Scan(&m.ID, &m.Name, &suspended, &m.CreatedAt, &m.Role, &m.JoinedAt, &permissions)
	m.Suspended = suspended > 0
	m.May = Member{Role: m.Role}.permitted(permissions)
	return m, err
}

func ofProfile(tx *store.Tx, p id.Profile, org id.Organisation) (Membership, error) {
	return scanMembership(tx.QueryRow(`SELECT `+membershipColumns+` WHERE m.profile_id = $1 AND m.organisation_id = $2`, p, org))
}

// Of lists the organisations of a person by name.
func Of(tx *store.Tx, p id.Profile) ([]Membership, error) {
	rows, err := tx.Query(`SELECT `+membershipColumns+` WHERE m.profile_id = $1 ORDER BY LOWER(o.name), o.organisation_id`, p)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Membership
	for rows.Next() {
		m, err := scanMembership(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// standing is whether a profile's address is confirmed and how many organisations it is in.
func standing(tx *store.Tx, p id.Profile) (confirmed bool, n int, err error) {
	var at int64
	err = tx.QueryRow(`SELECT p.verified_at, (SELECT COUNT(*) FROM organisation_member m WHERE m.profile_id = p.id)
		FROM account_profile p WHERE p.id = $1 AND p.closed_at = 0`, p).Scan(&at, &n)
	return at > 0, n, err
}

// soleOwner locks the owners' rows of the person's organisations, so that two owners cannot go at once (decisions 7).
func soleOwner(tx *store.Tx, p id.Profile) ([]Organisation, error) {
	rows, err := tx.Query(`SELECT o.organisation_id, o.name, o.suspended_at, o.created_at, m.profile_id
		FROM organisation_member mine JOIN organisation_member m ON m.organisation_id = mine.organisation_id
		JOIN organisation o ON o.organisation_id = mine.organisation_id
		WHERE mine.profile_id = $1 AND mine.role = 'owner' AND m.role = 'owner'
		ORDER BY o.organisation_id, m.profile_id`+tx.ForUpdate(), p)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Organisation
	others := map[id.Organisation]bool{}
	for rows.Next() {
		var o Organisation
		var suspended int64
		var owner id.Profile
		if err := rows.Scan(&o.ID, &o.Name, &suspended, &o.CreatedAt, &owner); err != nil {
			return nil, err
		}
		o.Suspended = suspended > 0
		if owner != p {
			others[o.ID] = true
			continue
		}
		out = append(out, o)
	}
	alone := out[:0]
	for _, o := range out {
		if !others[o.ID] {
			alone = append(alone, o)
		}
	}
	return alone, rows.Err()
}
