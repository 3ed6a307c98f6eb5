package organisation

import (
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/store"
)

// Add makes a person a member. Whoever calls it has settled that the person may join: accepting an invitation does, and
// so does the demo for its sample people.
func (r *Rooms) Add(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile, role Role) error {
	if err := insertMember(tx, Member{Organisation: org, Profile: p, Role: role, JoinedAt: tx.Now}); err != nil {
		return err
	}
	return r.Log.Record(tx, who, audit.Event{Kind: "member.joined", Target: string(p), Detail: map[string]string{"role": string(role)}}, string(org), string(p))
}
