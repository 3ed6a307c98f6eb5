package contact

import (
	"errors"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/wording"
)

// tellOwners mails every owner what left the organisation (security.md part 4 row 6). organisation and profile are joined
// here, read only.
func (r *Room) tellOwners(tx *store.Tx, who access.Actor, org id.Organisation, x wording.Params) error {
	if r.Post == nil {
		return nil
	}
	rows, err := tx.Query(`SELECT m.profile_id, o.name FROM organisation_member m JOIN organisation o ON o.organisation_id = m.organisation_id
		WHERE m.organisation_id = $1 AND m.role = 'owner' ORDER BY m.profile_id`, org)
	if err != nil {
		return err
	}
	defer rows.Close()
	var owners []id.Profile
	for rows.Next() {
		var p id.Profile
		if err := rows.Scan(&p, &x.Organisation); err != nil {
			return err
		}
		owners = append(owners, p)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, o := range owners {
		p, err := profile.ByID(tx, o)
		if err != nil {
			return err
		}
		if err := r.Post.Tell(tx, who, p, wording.ContactsExported, x); err != nil {
			return err
		}
	}
	return nil
}
