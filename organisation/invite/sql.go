package invite

import (
	"strings"

	"watchword/base/id"
	"watchword/base/mailbox"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// purpose separates tokens and numbers of invitations from everything else that is hashed or sealed.
const purpose = "invitation"

const columns = `v.organisation_id, o.name, v.id, v.email, v.email_key, v.name, v.role, v.method, v.permissions, v.number_masked, v.number_sealed,
	v.invited_by, COALESCE(p.name, ''), COALESCE(p.username, ''), COALESCE(p.email, ''), v.language, v.created_at, v.sent_at, v.sends, v.expires_at,
	v.accepted_at, v.withdrawn_at FROM organisation_invitation v JOIN organisation o ON o.organisation_id = v.organisation_id AND o.deleted_at = 0
	LEFT JOIN account_profile p ON p.id = v.invited_by`

func scan(now int64, s interface{ Scan(...any) error }) (v Invitation, err error) {
	var may, username, email string
	var accepted, withdrawn int64
	err = s.Scan(&v.Organisation, &v.OrgName, &v.ID, &v.Email, &v.emailKey, &v.Name, &v.Role, &v.Method, &may, &v.NumberMasked, &v.sealed,
		&v.InvitedBy, &v.InviterName, &username, &email, &v.Language, &v.CreatedAt, &v.SentAt, &v.Sends, &v.ExpiresAt, &accepted, &withdrawn)
	if v.InviterName == "" {
		if v.InviterName = username; username == "" {
			v.InviterName = email
		}
	}
	v.May = []organisation.Permission{}
	for _, x := range strings.Fields(may) {
		v.May = append(v.May, organisation.Permission(x))
	}
	switch {
	case accepted > 0:
		v.State = Accepted
	case withdrawn > 0:
		v.State = Withdrawn
	case now >= v.ExpiresAt:
		v.State = Expired
	default:
		v.State = Open
	}
	return v, err
}

// waiting finds the invitation of an address that was neither accepted nor withdrawn; IsNoRows when there is none.
func waiting(tx *store.Tx, org id.Organisation, a mailbox.Address) (Invitation, error) {
	return scan(tx.Now, tx.QueryRow(`SELECT `+columns+` WHERE v.organisation_id = $1 AND v.email_key = $2 AND v.accepted_at = 0
		AND v.withdrawn_at = 0 ORDER BY v.created_at DESC LIMIT 1`, org, a.Key))
}

// pending finds an invitation that can still be changed.
func pending(tx *store.Tx, org id.Organisation, invitation string) (Invitation, error) {
	v, err := scan(tx.Now, tx.QueryRow(`SELECT `+columns+` WHERE v.organisation_id = $1 AND v.id = $2`, org, invitation))
	switch {
	case store.IsNoRows(err):
		return v, problem.NotFound("invitation")
	case err == nil && v.State == Accepted:
		return v, problem.Conflict("invitation_used", "This invitation was accepted already.")
	case err == nil && v.State == Withdrawn:
		return v, problem.Conflict("invitation_withdrawn", "This invitation was withdrawn already.")
	}
	return v, err
}

// notMember refuses an address that belongs to a member of this very organisation.
func notMember(tx *store.Tx, org id.Organisation, a mailbox.Address) error {
	var n int
	err := tx.QueryRow(`SELECT COUNT(*) FROM organisation_member m JOIN account_profile p ON p.id = m.profile_id
		WHERE m.organisation_id = $1 AND p.email_key = $2`, org, a.Key).Scan(&n)
	if err == nil && n > 0 {
		const words = "This address belongs to a user of the organisation already."
		err = problem.Conflict("already_member", words).At("email", "already_member", words)
	}
	return err
}

func (v Invitation) save(tx *store.Tx) error {
	may := make([]string, len(v.May))
	for i, p := range v.May {
		may[i] = string(p)
	}
	_, err := tx.Exec(`INSERT INTO organisation_invitation (organisation_id, id, email, email_key, name, role, method, permissions, number_masked,
		number_sealed, invited_by, language, created_at, sent_at, sends, expires_at, accepted_at, accepted_by, withdrawn_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, 0, '', 0)
		ON CONFLICT (organisation_id, id) DO UPDATE SET email = excluded.email, email_key = excluded.email_key, name = excluded.name,
			role = excluded.role, method = excluded.method, permissions = excluded.permissions, number_masked = excluded.number_masked,
			number_sealed = excluded.number_sealed, language = excluded.language`,
		v.Organisation, v.ID, v.Email, v.emailKey, v.Name, v.Role, v.Method, strings.Join(may, " "), v.NumberMasked, v.sealed, v.InvitedBy,
		v.Language, v.CreatedAt)
	return err
}

// sent stores when the newest mail went out and the hash of its token; older ones stop working.
func (v Invitation) sent(tx *store.Tx, hash string) error {
	if _, err := tx.Exec(`UPDATE organisation_invitation SET sent_at = $3, sends = $4, expires_at = $5, invited_by = $6, language = $7
		WHERE organisation_id = $1 AND id = $2`, v.Organisation, v.ID, v.SentAt, v.Sends, v.ExpiresAt, v.InvitedBy, v.Language); err != nil {
		return err
	}
	if err := v.forget(tx); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO organisation_invitation_token (hash, organisation_id, invitation_id, created_at) VALUES ($1, $2, $3, $4)`,
		hash, v.Organisation, v.ID, tx.Now)
	return err
}

func (v Invitation) forget(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM organisation_invitation_token WHERE organisation_id = $1 AND invitation_id = $2`, v.Organisation, v.ID)
	return err
}

// end withdraws: the token and the number are forgotten.
func (v Invitation) end(tx *store.Tx) error {
	if err := v.forget(tx); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE organisation_invitation SET withdrawn_at = $3, number_sealed = NULL WHERE organisation_id = $1 AND id = $2`,
		v.Organisation, v.ID, tx.Now)
	return err
}
