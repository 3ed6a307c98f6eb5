package organisation

import (
	"slices"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
)

// Classes of action that a fresh proof is asked for (TD12). Transferring and deleting name the data as the digest.
const (
	ManageUsers  = "manage_users"
	ChangePolicy = "change_policy"
	Transfers    = "transfer_ownership"
	Deletes      = "delete_organisation"
)

// Lock holds an organisation until the transaction ends: every change of who belongs to it begins here, so that two
// owners who change each other at once come one after the other (decisions 7, C50). NotFound for one that is deleted.
func Lock(tx *store.Tx, org id.Organisation) error {
	var deleted int64
	err := tx.QueryRow(`SELECT deleted_at FROM organisation WHERE organisation_id = $1`+tx.ForUpdate(), org).Scan(&deleted)
	if store.IsNoRows(err) || err == nil && deleted > 0 {
		return problem.NotFound("organisation")
	}
	return err
}

// Own opens an organisation to an owner who is about to change who belongs to it or what it asks: Lock, then Act.
func Own(tx *store.Tx, who access.Actor, org id.Organisation) (Member, error) {
	if err := who.MustBePerson(); err != nil {
		return Member{}, err
	}
	if err := Lock(tx, org); err != nil {
		return Member{}, err
	}
	return Act(tx, org, who, Owns)
}

// manage is Own, and reads the member that is meant.
func manage(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile) (Member, error) {
	if _, err := Own(tx, who, org); err != nil {
		return Member{}, err
	}
	return MemberOf(tx, org, p)
}

// MemberForm is what an owner decides about a member (decisions 24, OU7).
type MemberForm struct {
	Method      Method // the least that is accepted; empty: the floor of the role
	Permissions []Permission
}

func (f MemberForm) check(role Role, p Policy) error {
	e := problem.Invalid("invalid", "Check what you entered.")
	if f.Method != "" && f.Method.Rank() < 1 {
		e.At("method", "method_unknown", "Choose a method from the list.")
	} else if f.Method != "" && f.Method.Rank() < p.Least(role, "").Rank() {
		e.At("method", "method_weak", "Choose a stronger method: the organisation does not accept this one from "+string(role)+"s.")
	}
	for _, x := range f.Permissions {
		if !slices.Contains(Permissions(), x) {
			e.At("permissions", "permission_unknown", "Choose permissions from the list.")
			break
		}
	}
	return e.OrNil()
}

// SetMember changes what is accepted of a member and what the member may do; owners only, with a fresh proof. Another
// method ends the member's sessions here, pending codes and trust in devices at once (OU8); permissions act on the next
// request (C49). changed says whether the method did.
func (r *Rooms) SetMember(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile, f MemberForm) (m Member, changed bool, err error) {
	if m, err = manage(tx, who, org, p); err != nil {
		return m, false, err
	}
	d, err := DemandOf(tx, org, p)
	if err != nil {
		return m, false, err
	}
	if err := f.check(m.Role, d.Policy); err != nil {
		return m, false, err
	}
	before, may := m.Method, words(m.May)
	if m.Role == Owner {
		f.Permissions = Permissions()
	}
	if before == f.Method && may == words(f.Permissions) {
		return m, false, nil
	}
	if err := grant.Must(tx, who, ManageUsers, ""); err != nil {
		return m, false, err
	}
	if changed = before != f.Method; changed {
		m.Method = f.Method
		if _, err := tx.Exec(`UPDATE organisation_member SET method = $3, version = version + 1, trust_after = $4
			WHERE organisation_id = $1 AND profile_id = $2`, org, p, f.Method, tx.Now); err != nil {
			return m, changed, err
		}
		if err := r.note(tx, who, org, m, "member.method_changed", map[string]string{"from": string(before), "to": string(f.Method)}); err != nil {
			return m, changed, err
		}
	}
	if now := words(f.Permissions); now != may {
		m.May = f.Permissions
		if _, err := tx.Exec(`UPDATE organisation_member SET permissions = $3 WHERE organisation_id = $1 AND profile_id = $2`, org, p, now); err != nil {
			return m, changed, err
		}
		err = r.note(tx, who, org, m, "member.permissions_changed", map[string]string{"from": may, "to": now})
	}
	return m, changed, err
}

// notOwner refuses what nobody may do to an owner, not even to oneself (OU10, C50).
func notOwner(m Member) error {
	if m.Role == Owner {
		return problem.Forbidden("owner_protected", "Owners cannot be removed or switched off by others. They hand ownership over, or step down themselves.")
	}
	return nil
}

// Disable switches a membership off: the record stays, the organisation is closed to the member at once (OU9, C42).
func (r *Rooms) Disable(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile) (Member, error) {
	m, err := r.protected(tx, who, org, p)
	if err != nil || m.DisabledAt > 0 {
		return m, err
	}
	m.DisabledAt = tx.Now
	if _, err := tx.Exec(`UPDATE organisation_member SET disabled_at = $3, version = version + 1, trust_after = $3
		WHERE organisation_id = $1 AND profile_id = $2`, org, p, tx.Now); err != nil {
		return m, err
	}
	return m, r.note(tx, who, org, m, "member.disabled", nil)
}

// Enable switches a membership on again. Sessions from before stay dead.
func (r *Rooms) Enable(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile) (Member, error) {
	m, err := r.protected(tx, who, org, p)
	if err != nil || m.DisabledAt == 0 {
		return m, err
	}
	m.DisabledAt = 0
	if _, err := tx.Exec(`UPDATE organisation_member SET disabled_at = 0 WHERE organisation_id = $1 AND profile_id = $2`, org, p); err != nil {
		return m, err
	}
	return m, r.note(tx, who, org, m, "member.enabled", nil)
}

// Remove ends a membership: sessions in the organisation, pending codes and trust in devices for it end with it, the
// profile stays (OU8, C42, RP16).
func (r *Rooms) Remove(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile) (Member, error) {
	m, err := r.protected(tx, who, org, p)
	if err != nil {
		return m, err
	}
	if err := deleteMember(tx, org, p); err != nil {
		return m, err
	}
	return m, r.note(tx, who, org, m, "member.removed", nil)
}

func (r *Rooms) protected(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile) (Member, error) {
	m, err := manage(tx, who, org, p)
	if err != nil {
		return m, err
	}
	if err := notOwner(m); err != nil {
		return m, err
	}
	return m, grant.Must(tx, who, ManageUsers, "")
}

// EndDevices ends the trust in the devices of one member, or of everybody when p is empty (TD6): log-ins and sessions
// from before no longer open the organisation, and the next log-in asks for a code. The actor's own session goes on: it
// was proved afresh for this.
func (r *Rooms) EndDevices(tx *store.Tx, who access.Actor, org id.Organisation, p id.Profile) (ended []Member, err error) {
	if _, err := Own(tx, who, org); err != nil {
		return nil, err
	}
	var one Member
	if p != "" {
		var err error
		if one, err = MemberOf(tx, org, p); err != nil {
			return nil, err
		}
		ended = []Member{one}
	} else if ended, err = MembersOf(tx, org); err != nil {
		return nil, err
	}
	if err := grant.Must(tx, who, ManageUsers, ""); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`UPDATE organisation_member SET trust_after = $3 WHERE organisation_id = $1 AND (profile_id = $2 OR $2 = '')
		AND profile_id <> $4`, org, p, tx.Now, who.Profile); err != nil {
		return nil, err
	}
	if p == "" || p == who.Profile {
		if _, err := tx.Exec(`UPDATE organisation_member SET trust_after = $3 WHERE organisation_id = $1 AND profile_id = $2`,
			org, who.Profile, min(tx.Now, who.ProvedAt)); err != nil {
			return nil, err
		}
	}
	return ended, r.note(tx, who, org, one, "member.devices_ended", nil)
}

// note writes a line to the organisation's stream and to the person's, when it is about one: people read names.
func (r *Rooms) note(tx *store.Tx, who access.Actor, org id.Organisation, about Member, kind string, detail map[string]string) error {
	target := string(org)
	if about.Profile != "" {
		target = string(about.Profile)
		if detail == nil {
			detail = map[string]string{}
		}
		detail["name"] = about.Called()
	}
	return r.Log.Record(tx, who, audit.Event{Kind: kind, Target: target, Detail: detail}, string(org), string(about.Profile))
}
