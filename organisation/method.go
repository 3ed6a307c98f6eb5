package organisation

import (
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
)

// SetMethod notes which method an owner accepts of a member, without a proof of its own: for the window in which the
// second factor is switched on, whose caller has settled that the actor may and that the method is accepted. A first
// choice ends nothing, because the door reads it at each request; another one than before ends the member's sessions here,
// pending codes and trust in devices (OU8). The actor's own session goes on.
func (r *Rooms) SetMethod(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile, m Method) error {
	before, err := MemberOf(tx, org, p)
	if err != nil || before.Method == m {
		return err
	}
	q := `UPDATE organisation_member SET method = $3 WHERE organisation_id = $1 AND profile_id = $2`
	args := []any{org, p, m}
	if before.Method != "" && p != who.Profile {
		q = `UPDATE organisation_member SET method = $3, version = version + 1, trust_after = $4 WHERE organisation_id = $1 AND profile_id = $2`
		args = append(args, tx.Now)
	}
	if _, err := tx.Exec(q, args...); err != nil {
		return err
	}
	return r.note(tx, who, org, before, "member.method_changed", map[string]string{"from": string(before.Method), "to": string(m)})
}
