// Package organisation is who works together: an organisation, its members and their roles. It knows people by profile
// id only; names of people come from a join in a read.
package organisation

import (
	"watchword/base/audit"
	"watchword/base/id"
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

// Member is one person of an organisation. Username, Email and OrgName come from joins.
type Member struct {
	Organisation id.Organisation
	OrgName      string
	Profile      id.Profile
	Username     string
	Email        string
	Role         Role
	JoinedAt     int64 // micros
	Version      int64 // rises with each change of role, method or membership; sessions end by it
	TrustAfter   int64 // micros; proofs and trusted devices from before do not count
	Demand       Demand
	May          []Permission
	Suspended    bool // the organisation is: it can be read only
	Looking      bool // an operator who looks in and can change nothing (SO12)
}

// Rooms keeps organisations. Log records what is done to them.
type Rooms struct{ Log *audit.Log }

// Limit is how many organisations one person may be in; more is a mistake or abuse (C60).
const Limit = 100
