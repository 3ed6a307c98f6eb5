package organisation

import (
	"net/netip"
	"slices"

	"watchword/base/id"
	"watchword/base/store"
)

// Method is a way to prove oneself, as organisations rank them. The words are those of the second factors.
type Method string

const (
	ByEmail   Method = "email" // weak; never an owner's under a required second factor
	BySMS     Method = "sms"
	ByTOTP    Method = "totp"
	ByPasskey Method = "passkey"
)

// Rank orders methods by what they withstand: 1 email, 2 SMS, 3 authenticator app, 4 passkey; 0 for an empty one. A
// method asked for is met by any of the same rank or higher.
func (m Method) Rank() int {
	return slices.Index([]Method{"", ByEmail, BySMS, ByTOTP, ByPasskey}, m)
}

// proofs ranks what a session was proved by (session.Info.Methods). A recovery code stands for an authenticator app; it
// cannot stand for a passkey. "device" is a trusted device and ranks nowhere: it is no factor (C45).
var proofs = map[string]int{"email": 1, "sms": 2, "totp": 3, "recovery": 3, "passkey": 4}

// Policy is what an organisation asks of its people at the door.
type Policy struct {
	Required   bool  // a second factor of everybody
	RequiredAt int64 // micros; when it was switched on, 0 while off
	GraceUntil int64 // micros; until then only those who are ready are bound by Required; 0: everybody at once
	// NewDevice asks for a code on browsers that are not trusted; otherwise every log-in asks (LF2, LF3).
	NewDevice bool
	TrustDays int // 0 to 90, default 30; 0 forbids trusted devices
	// TrustPasskey lets only those browsers be trusted in which the log-in was completed by a passkey.
	TrustPasskey bool
	// FloorMember and FloorOwner are the least methods for a role. An owner's is never below SMS.
	FloorMember, FloorOwner Method
	EmailExport             bool // who has no factor may get the code for an export by email; default true
	// Networks, when not empty, are the only ones from which the organisation opens (LF25).
	Networks []netip.Prefix
}

// Trusts says whether trusted devices count here.
func (p Policy) Trusts() bool { return p.NewDevice && p.TrustDays > 0 }

// Trusted says whether a browser may be trusted by what completed its log-in.
func (p Policy) Trusted(by Method) bool { return !p.TrustPasskey || by == ByPasskey }

// Least is the least method that a member must use while a second factor is required: the higher of the role's floor and
// what the owner chose for this member.
func (p Policy) Least(role Role, chosen Method) Method {
	least := p.FloorMember
	if role == Owner {
		least = p.FloorOwner
		if least.Rank() < BySMS.Rank() {
			least = BySMS
		}
	}
	if chosen.Rank() > least.Rank() {
		least = chosen
	}
	return least
}

// LeastWith is Least for who has a number that was typed and is not proved yet: where no method was chosen for the member,
// the number is the choice, and the mailbox alone is not enough before it (decisions 25).
func (p Policy) LeastWith(role Role, chosen Method, typed bool) Method {
	if chosen == "" && typed {
		chosen = BySMS
	}
	return p.Least(role, chosen)
}

// Demand is what one organisation asks of one member.
type Demand struct {
	Organisation id.Organisation
	Name         string
	Role         Role
	Policy       Policy
	Method       Method // chosen by the owner for this member; may be empty
	Least        Method // what must be met while Policy.Required
	Version      int64  // of the membership
	TrustAfter   int64  // micros; proofs and trusted devices from before do not count
	Disabled     bool   // the membership is switched off (OU9)
	NumberMasked string // typed by an owner, not proved yet; may be empty
}

// InForce says whether the second factor is required of this member now. ready: the person has a factor that meets Least.
func (d Demand) InForce(now int64, ready bool) bool {
	return d.Policy.Required && (ready || now >= d.Policy.GraceUntil)
}

// Meets says whether a method satisfies Least.
func (d Demand) Meets(m Method) bool { return m.Rank() >= d.Least.Rank() }

// Met says whether proofs made at provedAt (micros) open the organisation. While the grace period runs, whoever has no
// factor yet is let in (decisions 25); log-in asks those who have one.
func (d Demand) Met(methods []string, provedAt, now int64) bool {
	if provedAt < d.TrustAfter {
		return false
	}
	if !d.InForce(now, false) {
		return true
	}
	for _, m := range methods {
		if proofs[m] >= d.Least.Rank() || m == "device" && d.Policy.Trusts() {
			return true
		}
	}
	return false
}

const demandColumns = `o.organisation_id, o.name, m.role, m.method, m.version, m.trust_after, m.disabled_at, m.number_masked,
	o.required, o.required_at, o.grace_until, o.new_device, o.trust_days, o.trust_passkey, o.floor_member, o.floor_owner, o.email_export, o.networks`

func scanDemand(s interface{ Scan(...any) error }, more ...any) (d Demand, err error) {
	var disabled int64
	var networks string
	p := &d.Policy
	err = s.Scan(append([]any{&d.Organisation, &d.Name, &d.Role, &d.Method, &d.Version, &d.TrustAfter, &disabled, &d.NumberMasked,
		&p.Required, &p.RequiredAt, &p.GraceUntil, &p.NewDevice, &p.TrustDays, &p.TrustPasskey, &p.FloorMember, &p.FloorOwner, &p.EmailExport, &networks}, more...)...)
	d.Disabled = disabled > 0
	p.Networks = stored(networks)
	d.Least = p.LeastWith(d.Role, d.Method, d.NumberMasked != "")
	return d, err
}

// Demands lists what a person's organisations ask, for log-in: the strictest decides. Memberships that are switched off
// are left out.
func Demands(tx *store.Tx, p id.Profile) ([]Demand, error) {
	rows, err := tx.Query(`SELECT `+demandColumns+` FROM organisation_member m JOIN organisation o ON o.organisation_id = m.organisation_id
		WHERE m.profile_id = $1 AND m.disabled_at = 0 ORDER BY o.organisation_id`, p)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Demand
	for rows.Next() {
		d, err := scanDemand(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// DemandOf is what one organisation asks of a person; IsNoRows when the person is no member.
func DemandOf(tx *store.Tx, org id.Organisation, p id.Profile) (Demand, error) {
	return scanDemand(tx.QueryRow(`SELECT `+demandColumns+` FROM organisation_member m JOIN organisation o ON o.organisation_id = m.organisation_id
		WHERE m.organisation_id = $1 AND m.profile_id = $2`, org, p))
}
