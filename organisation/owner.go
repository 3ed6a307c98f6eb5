package organisation

import (
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
)

// lastOwner is the refusal that keeps an organisation from being left to nobody (OU2, C50).
func lastOwner() error {
	return problem.Conflict("last_owner", "You are the only owner. Make somebody else an owner first, or delete the organisation.")
}

// othersOwn says whether somebody else owns the organisation too and is switched on. Call Lock first.
func othersOwn(tx *store.Tx, org id.Organisation, p id.Profile) (bool, error) {
	var n int
	err := tx.QueryRow(`SELECT COUNT(*) FROM organisation_member WHERE organisation_id = $1 AND role = 'owner' AND disabled_at = 0
		AND profile_id <> $2`, org, p).Scan(&n)
	return n > 0, err
}

// SetRole makes a member an owner, or an owner a member. Whoever calls it has settled that the actor may (account/team
// does, for transfer, a further owner and stepping down). Whatever the caller does, one owner remains (OU2). The new role
// acts on the next request (C49).
func (r *Rooms) SetRole(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile, role Role) error {
	if err := Lock(tx, org); err != nil {
		return err
	}
	m, err := MemberOf(tx, org, p)
	if err != nil || m.Role == role {
		return err
	}
	switch role {
	case Owner:
		if m.DisabledAt > 0 {
			return problem.Conflict("member_disabled", "This membership is switched off. Switch it on before you make its person an owner.")
		}
	case FullMember:
		if others, err := othersOwn(tx, org, p); err != nil || !others {
			if err == nil {
				err = lastOwner()
			}
			return err
		}
	default:
		return problem.AtField("role", "role_unknown", "Choose a role from the list.")
	}
	// A former owner keeps everything that members can be given.
	if _, err := tx.Exec(`UPDATE organisation_member SET role = $3, permissions = $4 WHERE organisation_id = $1 AND profile_id = $2`,
		org, p, role, words(Permissions())); err != nil {
		return err
	}
	return r.note(tx, who, org, m, "member.role_changed", map[string]string{"from": string(m.Role), "to": string(role)})
}

// Leave ends the actor's own membership (OU14): any member, an owner only when another one remains.
func (r *Rooms) Leave(tx *store.Tx, who access.Actor, org id.Organisation) (Member, error) {
	if err := who.MustBePerson(); err != nil {
		return Member{}, err
	}
	if err := Lock(tx, org); err != nil {
		return Member{}, err
	}
	m, err := Enter(tx, org, who, Anybody)
	if err != nil {
		return m, err
	}
	if m.Role == Owner {
		if others, err := othersOwn(tx, org, who.Profile); err != nil || !others {
			if err == nil {
				err = lastOwner()
			}
			return m, err
		}
	}
	if err := deleteMember(tx, org, who.Profile); err != nil {
		return m, err
	}
	return m, r.note(tx, who, org, m, "member.left", nil)
}

// Delete ends an organisation (OU13): owners only, with a fresh proof for exactly this one. All memberships end, so that
// it answers NotFound to everybody; its row and its audit log stay as the law needs. It returns who belonged to it: the caller tells them and notes it in
// their streams, a few at a time, because they may be many.
func (r *Rooms) Delete(tx *store.Tx, who access.Actor, org id.Organisation) ([]Member, error) {
	if _, err := Own(tx, who, org); err != nil {
		return nil, err
	}
	if err := grant.Must(tx, who, Deletes, string(org)); err != nil {
		return nil, err
	}
	all, err := MembersOf(tx, org)
	if err != nil {
		return nil, err
	}
	if err := r.note(tx, who, org, Member{}, "organisation.deleted", nil); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`DELETE FROM organisation_member WHERE organisation_id = $1`, org); err != nil {
		return nil, err
	}
	_, err = tx.Exec(`UPDATE organisation SET deleted_at = $2 WHERE organisation_id = $1`, org, tx.Now)
	return all, err
}
