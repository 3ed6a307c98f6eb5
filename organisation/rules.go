package organisation

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
)

// MaxTrustDays bounds how long a browser may be trusted.
const MaxTrustDays = 90

// maxNetworks bounds the list of LF25.
const maxNetworks = 100

// PolicyForm is what an owner chooses about the door. Switching the second factor on is not among it: that is
// account/require, because every member must be looked at.
type PolicyForm struct {
	NewDevice               bool // ask on browsers that are not trusted only (LF3)
	TrustDays               int  // 0 to 90
	TrustPasskey            bool
	FloorMember, FloorOwner Method
	EmailExport             bool
	Networks                string // addresses and networks in CIDR, apart by spaces, commas or lines; empty: everywhere
}

// Form is the policy as its form shows it.
func (p Policy) Form() PolicyForm {
	f := PolicyForm{NewDevice: p.NewDevice, TrustDays: p.TrustDays, TrustPasskey: p.TrustPasskey, FloorMember: p.FloorMember, FloorOwner: p.FloorOwner, EmailExport: p.EmailExport}
	var all []string
	for _, n := range p.Networks {
		all = append(all, network(n))
	}
	f.Networks = strings.Join(all, "\n")
	return f
}

// network writes a single address without its length.
func network(n netip.Prefix) string {
	if n.IsSingleIP() {
		return n.Addr().String()
	}
	return n.String()
}

// GetPolicy reads what the organisation asks at its door; owners only (LF19).
func GetPolicy(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (p Policy, err error) {
	err = db.ReadOne(ctx, func(tx *store.Tx) (err error) {
		if _, err = Enter(tx, org, who, Owns); err != nil {
			return err
		}
		p, err = PolicyOf(tx, org)
		return err
	})
	return p, err
}

// PolicyOf reads an organisation's policy for rooms that have opened it already; NotFound when there is none.
func PolicyOf(tx *store.Tx, org id.Organisation) (p Policy, err error) {
	var networks string
	err = tx.QueryRow(`SELECT required, required_at, grace_until, new_device, trust_days, trust_passkey, floor_member, floor_owner, email_export, networks
		FROM organisation WHERE organisation_id = $1 AND deleted_at = 0`, org).Scan(&p.Required, &p.RequiredAt, &p.GraceUntil, &p.NewDevice,
		&p.TrustDays, &p.TrustPasskey, &p.FloorMember, &p.FloorOwner, &p.EmailExport, &networks)
	if store.IsNoRows(err) {
		return p, problem.NotFound("organisation")
	}
	p.Networks = stored(networks)
	return p, err
}

// stored reads the networks as SetPolicy wrote them.
func stored(networks string) (out []netip.Prefix) {
	for _, n := range strings.Fields(networks) {
		if x, err := netip.ParsePrefix(n); err == nil {
			out = append(out, x)
		}
	}
	return out
}

// SetPolicy changes what the organisation asks at its door (LF3, LF25, TD3): owners only, with a fresh proof. It is read
// at each entry, so that it acts on the next request; a network list must contain the actor's own address, so that nobody
// locks out who made it.
func (r *Rooms) SetPolicy(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, f PolicyForm) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		if _, err := Own(tx, who, org); err != nil {
			return err
		}
		before, err := PolicyOf(tx, org)
		if err != nil {
			return err
		}
		after, err := f.check(before, who)
		if err != nil {
			return err
		}
		detail := changes(before, after)
		if len(detail) == 0 {
			return nil
		}
		if err := grant.Must(tx, who, ChangePolicy, ""); err != nil {
			return err
		}
		var networks []string
		for _, n := range after.Networks {
			networks = append(networks, n.String())
		}
		if _, err := tx.Exec(`UPDATE organisation SET new_device = $2, trust_days = $3, floor_member = $4, floor_owner = $5, email_export = $6,
			networks = $7, trust_passkey = $8 WHERE organisation_id = $1`, org, after.NewDevice, after.TrustDays, after.FloorMember, after.FloorOwner,
			after.EmailExport, strings.Join(networks, " "), after.TrustPasskey); err != nil {
			return err
		}
		return r.Log.Record(tx, who, audit.Event{Kind: "organisation.policy_changed", Target: string(org), Detail: detail}, string(org))
	})
}

func (f PolicyForm) check(p Policy, who access.Actor) (Policy, error) {
	e := problem.Invalid("invalid", "Check what you entered.")
	if f.TrustDays < 0 || f.TrustDays > MaxTrustDays {
		e.At("trust_days", "trust_days_range", "Enter a number of days from 0 to "+strconv.Itoa(MaxTrustDays)+".")
	}
	if f.FloorMember.Rank() < ByEmail.Rank() {
		e.At("floor_member", "method_unknown", "Choose a method from the list.")
	}
	if f.FloorOwner.Rank() < BySMS.Rank() {
		e.At("floor_owner", "method_weak", "Choose SMS or a stronger method: email is not enough for owners.")
	}
	p.NewDevice, p.TrustDays, p.TrustPasskey, p.FloorMember, p.FloorOwner, p.EmailExport = f.NewDevice, f.TrustDays, f.TrustPasskey, f.FloorMember, f.FloorOwner, f.EmailExport
	var bad *problem.Field
	if p.Networks, bad = parseNetworks(f.Networks); bad != nil {
		e.Fields = append(e.Fields, *bad)
	} else if !allowed(p, who.Origin) {
		e.At("networks", "networks_own", "Add "+who.Origin.Address.Unmap().String()+", the address you use now: without it you would lock yourself out.")
	}
	return p, e.OrNil()
}

// parseNetworks reads what an owner typed: "192.0.2.0/24, 2001:db8::/32, 198.51.100.7".
func parseNetworks(typed string) (out []netip.Prefix, bad *problem.Field) {
	if len(typed) > 100*maxNetworks {
		return nil, &problem.Field{Name: "networks", Code: "networks_many", Message: "Enter at most 100 networks."}
	}
	for _, s := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;", r) }) {
		n, err := netip.ParsePrefix(s)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(s); err == nil && a.Zone() == "" {
				a = a.Unmap()
				n = netip.PrefixFrom(a, a.BitLen())
			}
		}
		if !n.IsValid() || n.Addr().Is4In6() {
			return nil, &problem.Field{Name: "networks", Code: "network_format",
				Message: "Enter each network as an address or in the form 192.0.2.0/24. This one is neither: " + strconv.QuoteToGraphic(s[:min(len(s), 60)])}
		}
		if n = n.Masked(); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	if len(out) > maxNetworks {
		return nil, &problem.Field{Name: "networks", Code: "networks_many", Message: "Enter at most 100 networks."}
	}
	return out, nil
}

// changes says what differs, for the audit log.
func changes(a, b Policy) map[string]string {
	out := map[string]string{}
	put := func(name, from, to string) {
		if from != to {
			out[name] = from + " -> " + to
		}
	}
	put("new_device", strconv.FormatBool(a.NewDevice), strconv.FormatBool(b.NewDevice))
	put("trust_days", strconv.Itoa(a.TrustDays), strconv.Itoa(b.TrustDays))
	put("trust_passkey", strconv.FormatBool(a.TrustPasskey), strconv.FormatBool(b.TrustPasskey))
	put("floor_member", string(a.FloorMember), string(b.FloorMember))
	put("floor_owner", string(a.FloorOwner), string(b.FloorOwner))
	put("email_export", strconv.FormatBool(a.EmailExport), strconv.FormatBool(b.EmailExport))
	put("networks", strings.ReplaceAll(a.Form().Networks, "\n", " "), strings.ReplaceAll(b.Form().Networks, "\n", " "))
	return out
}

// SetRequired switches the second factor on, with a time until which only those who are ready are bound (micros; 0: all
// at once), or off. Whoever calls it has settled that the actor may and that nobody is shut out: account/require for
// owners, support for operators; no owner can switch it off (LF18).
func (r *Rooms) SetRequired(tx *store.Tx, who access.Actor, org id.Organisation, on bool, grace int64) error {
	if err := Lock(tx, org); err != nil {
		return err
	}
	p, err := PolicyOf(tx, org)
	if err != nil {
		return err
	}
	at, kind := p.RequiredAt, "organisation.two_factor_required"
	switch {
	case !on:
		at, grace, kind = 0, 0, "organisation.two_factor_not_required"
	case !p.Required:
		at = tx.Now
	}
	if p.Required == on && p.GraceUntil == grace {
		return nil
	}
	if _, err := tx.Exec(`UPDATE organisation SET required = $2, required_at = $3, grace_until = $4 WHERE organisation_id = $1`, org, on, at, grace); err != nil {
		return err
	}
	detail := map[string]string{}
	if grace > 0 {
		detail["grace_until"] = store.Time(grace).UTC().Format("2006-01-02T15:04:05Z07:00")
	}
	return r.Log.Record(tx, who, audit.Event{Kind: kind, Target: string(org), Detail: detail}, string(org))
}
