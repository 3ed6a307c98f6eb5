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
	May      []Permission
}

// Member is one person of an organisation. Username, Email, Name, LastLoginAt and OrgName come from joins.
type Member struct {
	Organisation id.Organisation
	OrgName      string
	Profile      id.Profile
	Username     string
	Email        string
	Name         string
	Role         Role
	Method       Method // the least that the owner accepts of this member; empty: the floor of the role
	NumberMasked string // typed by an owner, not proved yet; may be empty
	JoinedAt     int64  // micros
	DisabledAt   int64  // micros; 0: the membership is on (OU9)
	LastLoginAt  int64  // micros; 0 before the first
	Version      int64  // rises with each change of method and when the membership is switched off; sessions end by it
	TrustAfter   int64  // micros; proofs and trusted devices from before do not count
	Demand       Demand // of Enter and Act only
	Country      string // of Enter and Act only: the organisation's, two letters, may be empty
	May          []Permission
	Suspended    bool // the organisation is: it can be read only
	Looking      bool // an operator who looks in and can change nothing (SO12)
}

// Called is how to name the member: name, username or address.
func (m Member) Called() string {
	switch {
	case m.Name != "":
		return m.Name
	case m.Username != "":
		return m.Username
	}
	return m.Email
}

// Home is the country whose numbers are read in national spelling in the organisation: its own, or else the installation's.
func (m Member) Home(installation string) string {
	if m.Country != "" {
		return m.Country
	}
	return installation
}

// Rooms keeps organisations. Log records what is done to them.
type Rooms struct{ Log *audit.Log }

// Limit is how many organisations one person may be in; more is a mistake or abuse (C60).
const Limit = 100
