package organisation

import (
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// Joining is what a person begins with in an organisation.
type Joining struct {
	Role   Role
	Method Method       // the least that is accepted of the member; empty: the floor of the role
	May    []Permission // nil: everything that can be given (OU6)
}

// Add makes a person a member. Whoever calls it has settled that the person may join: accepting an invitation does, and
// so does the demo for its sample people.
func (r *Rooms) Add(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile, j Joining) error {
	if err := Lock(tx, org); err != nil {
		return err
	}
	confirmed, n, err := standing(tx, p)
	switch {
	case store.IsNoRows(err) || err == nil && !confirmed:
		return problem.Forbidden("email_not_confirmed", "Confirm your email address first: open the link in the email we sent you.")
	case err != nil:
		return err
	case n >= Limit:
		return problem.Forbidden("too_many_organisations", "You are in 100 organisations already. Leave one before you join another.")
	}
	if j.May == nil {
		j.May = Permissions()
	}
	// Versions of one person's memberships never repeat, so that a session of a former membership stays dead.
	m := Member{Organisation: org, Profile: p, Role: j.Role, Method: j.Method, May: j.May, JoinedAt: tx.Now, Version: tx.Now}
	if err := insertMember(tx, m); err != nil {
		return err
	}
	if m, err = MemberOf(tx, org, p); err != nil {
		return err
	}
	return r.note(tx, who, org, m, "member.joined", map[string]string{"role": string(j.Role), "method": string(j.Method), "may": words(m.May)})
}
