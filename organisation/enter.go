package organisation

import (
	"net/netip"
	"slices"
	"strings"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// Permission is something that a member may or may not do (OU7). Owners may do everything.
type Permission string

const (
	Anybody  Permission = ""      // any member
	Owns     Permission = "owner" // owners only: users, policy, business details, audit log; no permission gives it
	Billing  Permission = "billing"
	Contacts Permission = "contacts"
	Exports  Permission = "export"
	Keys     Permission = "keys"
	Sends    Permission = "send"
)

// Permissions lists what can be given to members, all of it by default (OU6).
func Permissions() []Permission { return []Permission{Billing, Contacts, Exports, Keys, Sends} }

// Enter is the one door to an organisation: every operation of its rooms begins with it, or with Act. It answers
// NotFound to people who are no members, as for an id that does not exist (OU17), Forbidden where the membership is
// switched off, the network is not allowed (LF25) or the permission lacks (C48), and Forbidden with the code
// "organisation_needs_proof" where the session was not proved as the organisation asks: the door then leads to the page
// that proves or binds what is missing. All of it is read anew each time, so that a change acts on the next request
// (C49).
//
// An operator who looks into the organisation (SO12) enters as an owner who can change nothing.
func Enter(tx *store.Tx, org id.Organisation, who access.Actor, need Permission) (Member, error) {
	if who.Kind == access.KindOperator && who.Operator != "" && who.Organisation == org && who.Looking {
		m := Member{Organisation: org, Role: Owner, Looking: true}
		var suspended, deleted int64
		err := tx.QueryRow(`SELECT name, country, suspended_at, deleted_at FROM organisation WHERE organisation_id = $1`, org).
			Scan(&m.OrgName, &m.Country, &suspended, &deleted)
		if store.IsNoRows(err) || err == nil && deleted > 0 {
			return Member{}, problem.NotFound("organisation")
		}
		m.Suspended = suspended > 0
		return m, err
	}
	if err := who.MustBePerson(); err != nil {
		return Member{}, err
	}
	var m Member
	var permissions string
	var suspended int64
	d, err := scanDemand(tx.QueryRow(`SELECT `+demandColumns+`, p.username, p.email, m.joined_at, m.permissions, o.suspended_at, o.country
		FROM organisation_member m JOIN organisation o ON o.organisation_id = m.organisation_id
		JOIN account_profile p ON p.id = m.profile_id WHERE m.organisation_id = $1 AND m.profile_id = $2`, org, who.Profile),
		&m.Username, &m.Email, &m.JoinedAt, &permissions, &suspended, &m.Country)
	switch {
	case store.IsNoRows(err):
		return Member{}, problem.NotFound("organisation")
	case err != nil:
		return Member{}, err
	case d.Disabled:
		return Member{}, problem.Forbidden("member_disabled", "An owner of "+d.Name+" has switched your membership off. Ask them to switch it on again.")
	case !allowed(d.Policy, who.Origin):
		return Member{}, problem.Forbidden("network_not_allowed", d.Name+" can be used from certain networks only, and this is none of them. Go there, or ask one of its owners.")
	case !d.Met(who.Methods, who.ProvedAt, tx.Now):
		return Member{}, NeedsProof(d)
	}
	m.Organisation, m.Profile, m.Role, m.OrgName, m.Demand = org, who.Profile, d.Role, d.Name, d
	m.Version, m.TrustAfter, m.Suspended = d.Version, d.TrustAfter, suspended > 0
	m.May = m.permitted(permissions)
	return m, m.must(need)
}

// Act is Enter for what changes something: it refuses operators who only look, and organisations that are suspended
// (SO7, decisions 28).
func Act(tx *store.Tx, org id.Organisation, who access.Actor, need Permission) (Member, error) {
	m, err := Enter(tx, org, who, need)
	switch {
	case err != nil:
		return Member{}, err
	case m.Looking:
		return Member{}, problem.Forbidden("only_looking", "Support looks in here and can change nothing.")
	case m.Suspended:
		return Member{}, problem.Forbidden("suspended", m.OrgName+" is suspended: it can be read, but nothing can be changed or sent. Write to support.")
	}
	return m, nil
}

// NeedsProof is the answer where a session was not proved as the organisation asks.
func NeedsProof(d Demand) *problem.Error {
	p := problem.Forbidden("organisation_needs_proof", d.Name+" asks for more proof that it is you than this session has given.")
	p.Digest = string(d.Organisation)
	return p
}

func allowed(p Policy, o access.Origin) bool {
	if len(p.Networks) == 0 {
		return true
	}
	return slices.ContainsFunc(p.Networks, func(n netip.Prefix) bool { return n.Contains(o.Address.Unmap()) })
}

// permitted is what a member may do, as stored.
func (m Member) permitted(stored string) (out []Permission) {
	if m.Role == Owner {
		return append(Permissions(), Owns)
	}
	for _, p := range Permissions() {
		if slices.Contains(strings.Fields(stored), string(p)) {
			out = append(out, p)
		}
	}
	return out
}

func (m Member) must(need Permission) error {
	switch {
	case need == Anybody || m.Role == Owner || slices.Contains(m.May, need):
		return nil
	case need == Owns:
		return problem.Forbidden("owner_only", "Only an owner of the organisation may do this. Ask one of its owners.")
	}
	return problem.Forbidden("not_permitted", "Your membership does not include this. An owner of the organisation can allow it.")
}
