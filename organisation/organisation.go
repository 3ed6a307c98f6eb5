// Package organisation is who works together: an organisation, its members and their roles. It knows people by profile
// id only; names of people come from a join in a read.
package organisation

import (
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// Role is what a member may do.
type Role string

const (
	Owner      Role = "owner" // at least one, the creator first (OU2)
	FullMember Role = "member"
)

// Organisation is one customer.
type Organisation struct {
	ID        id.Organisation
	Name      string
	Suspended bool  // people can log in and read; nothing is sent or changed (decisions 28)
	CreatedAt int64 // micros
}

// Membership is one organisation of a person.
type Membership struct {
	Organisation
	Role     Role
	JoinedAt int64 // micros
}

// Member is one person of an organisation. Username and Email come from the profile.
type Member struct {
	Organisation id.Organisation
	Profile      id.Profile
	Username     string
	Email        string
	Role         Role
	JoinedAt     int64 // micros
	Version      int64 // rises with each change of role, method or membership
	TrustAfter   int64 // micros; trusted devices from before do not count
}

// Rooms keeps organisations. Log records what is done to them.
type Rooms struct{ Log *audit.Log }

// Limit is how many organisations one person may be in; more is a mistake or abuse (C60).
const Limit = 100

// MemberOf reads one membership, or NotFound: another organisation's id answers as if it did not exist (OU17).
func MemberOf(tx *store.Tx, org id.Organisation, p id.Profile) (Member, error) {
	m, err := member(tx, "", org, p)
	if store.IsNoRows(err) {
		return Member{}, problem.NotFound("organisation")
	}
	return m, err
}

// OwnerOf is MemberOf for what only owners may do: Forbidden for other members.
func OwnerOf(tx *store.Tx, org id.Organisation, p id.Profile) (Member, error) {
	m, err := MemberOf(tx, org, p)
	if err == nil && m.Role != Owner {
		return Member{}, problem.Forbidden("owner_only", "Only an owner of the organisation may do this. Ask one of its owners.")
	}
	return m, err
}
