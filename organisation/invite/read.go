package invite

import (
	"context"
	"time"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// List gives the invitations that were neither accepted nor withdrawn, newest first; owners only.
func (r *Room) List(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (out []Invitation, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Owns); err != nil {
			return err
		}
		rows, err := tx.Query(`SELECT `+columns+` WHERE v.organisation_id = $1 AND v.accepted_at = 0 AND v.withdrawn_at = 0
			ORDER BY v.id DESC LIMIT 1000`, org)
		if err != nil {
			return err
		}
		defer rows.Close()
		out = nil
		for rows.Next() {
			v, err := scan(tx.Now, rows)
			if err != nil {
				return err
			}
			v.ResendAt = v.SentAt + store.Micros(r.Settings.CoolDown)
			out = append(out, v)
		}
		return rows.Err()
	})
	return out, err
}

// Get reads one of them, for its form; owners only.
func (r *Room) Get(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, invitation string) (v Invitation, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Owns); err != nil {
			return err
		}
		if v, err = pending(tx, org, invitation); err == nil {
			v.ResendAt = v.SentAt + store.Micros(r.Settings.CoolDown)
		}
		return err
	})
	return v, err
}

// Find reads the invitation of a token without using it (B11). The problem is a verdict: unknown, replaced, expired or
// used.
func (r *Room) Find(tx *store.Tx, token string) (Invitation, *problem.Error, error) {
	unknown := &problem.Error{Kind: problem.KindNotFound, Code: "invitation_unknown",
		Message: "This invitation is not complete, was withdrawn, or was replaced by a newer one. Use the link in the newest email, or ask whoever invited you."}
	if len(token) != 43 { // 32 octets in base64url
		return Invitation{}, unknown, nil
	}
	for _, h := range r.Ring.Hashes(purpose, token) {
		v, err := scan(tx.Now, tx.QueryRow(`SELECT `+columns+` JOIN organisation_invitation_token t ON t.organisation_id = v.organisation_id
			AND t.invitation_id = v.id WHERE t.hash = $1`, h))
		switch {
		case store.IsNoRows(err):
			continue
		case err != nil:
			return v, nil, err
		case v.State == Accepted:
			return v, used(), nil
		case v.State == Withdrawn:
			return v, unknown, nil
		case v.State == Expired:
			return v, problem.Conflict("invitation_expired", "This invitation has expired. Ask "+v.InviterName+" to send it again."), nil
		}
		return v, nil, nil
	}
	return Invitation{}, unknown, nil
}

func used() *problem.Error {
	return problem.Conflict("invitation_used", "This invitation was accepted already. Log in to go on.")
}

// Take uses an invitation for a profile: of any number of parallel calls one has no problem (B10, B15). Its number is
// forgotten here: read it before.
func (r *Room) Take(tx *store.Tx, v Invitation, p id.Profile) (*problem.Error, error) {
	n, err := tx.Exec(`UPDATE organisation_invitation SET accepted_at = $3, accepted_by = $4, number_sealed = NULL
		WHERE organisation_id = $1 AND id = $2 AND accepted_at = 0 AND withdrawn_at = 0 AND expires_at > $3`, v.Organisation, v.ID, tx.Now, p)
	if err == nil && n == 0 {
		return used(), nil
	}
	return nil, err
}

// Number opens the number that the owner typed; ok is false when there is none.
func (r *Room) Number(v Invitation) (n phone.Number, ok bool, err error) {
	if len(v.sealed) == 0 {
		return n, false, nil
	}
	e164, err := r.Ring.Open(purpose, v.ID, v.sealed)
	if err != nil {
		return n, false, err
	}
	n, err = phone.Parse(string(e164), "")
	return n, err == nil, err
}

// EmailKey is the invited address as it is compared (OU5).
func (v Invitation) EmailKey() string { return v.emailKey }

// keep is how long an invitation that nobody accepted is kept, so that a late click is told what happened to it.
const keep = 30 * 24 * time.Hour

// Sweep forgets invitations that ended more than 30 days ago. Accepted ones stay: they say who let whom in.
func Sweep(tx *store.Tx) error {
	before := tx.Now - store.Micros(keep)
	if _, err := tx.Exec(`DELETE FROM organisation_invitation_token WHERE created_at < $1 AND EXISTS (SELECT 1 FROM organisation_invitation v
		WHERE v.organisation_id = organisation_invitation_token.organisation_id AND v.id = organisation_invitation_token.invitation_id
		AND v.expires_at < $1)`, before); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM organisation_invitation WHERE accepted_at = 0 AND expires_at < $1`, before)
	return err
}
