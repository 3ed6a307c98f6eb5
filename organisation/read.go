package organisation

import (
	"context"
	"io"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// Mine lists the actor's organisations by name, for the switcher (OU12).
func Mine(ctx context.Context, db *store.DB, who access.Actor) (out []Membership, err error) {
	if err := who.MustBePerson(); err != nil {
		return nil, err
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = Of(tx, who.Profile)
		return err
	})
	return out, err
}

// Members lists the people of an organisation, owners first: for its owners, and operators who look in.
func Members(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (out []Member, err error) {
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		if _, err = Enter(tx, org, who, Owns); err != nil {
			return err
		}
		out, err = MembersOf(tx, org)
		return err
	})
	return out, err
}

// AuditPage is how many lines Audit returns at most.
const AuditPage = 50

// Page is a page of the audit log. Next, when not 0, is the Filter.Before of the following page.
type Page struct {
	Organisation Organisation
	Rows         []audit.Row
	Next         int64
}

// Audit reads the organisation's audit log, newest first; owners only (OU18).
func Audit(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, f audit.Filter) (p Page, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		o, err := auditor(tx, who, org)
		if err != nil {
			return err
		}
		p = Page{Organisation: o}
		if p.Rows, err = audit.List(tx, string(org), f, AuditPage+1); err != nil {
			return err
		}
		if len(p.Rows) > AuditPage {
			p.Rows = p.Rows[:AuditPage]
			p.Next = p.Rows[AuditPage-1].Seq
		}
		return nil
	})
	return p, err
}

// ExportAudit writes the filtered log as CSV, newest first; owners only (OU18). That it was exported is itself a line of
// the log, written before the first octet leaves.
func (r *Rooms) ExportAudit(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, f audit.Filter, w io.Writer) error {
	err := db.Write(ctx, func(tx *store.Tx) error {
		if _, err := auditor(tx, who, org); err != nil {
			return err
		}
		return r.Log.Record(tx, who, audit.Event{Kind: "audit.exported", Target: string(org)}, string(org))
	})
	if err != nil {
		return err
	}
	return audit.Export(ctx, db, string(org), f, w)
}

func auditor(tx *store.Tx, who access.Actor, org id.Organisation) (Organisation, error) {
	m, err := Enter(tx, org, who, Owns)
	return Organisation{ID: org, Name: m.OrgName, Suspended: m.Suspended}, err
}

// SoleOwner lists the organisations that would be without an owner if the person went (RP17).
func SoleOwner(tx *store.Tx, p id.Profile) ([]Organisation, error) { return soleOwner(tx, p) }

// Alone lists the organisations whose only owner the actor is: what stands in the way of closing the profile (RP17). It
// reads the actor's own memberships, and so opens no organisation.
func Alone(ctx context.Context, db *store.DB, who access.Actor) (out []Membership, err error) {
	if err := who.MustBePerson(); err != nil {
		return nil, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		all, err := Of(tx, who.Profile)
		if err != nil {
			return err
		}
		out = nil
		for _, m := range all {
			if m.Role != Owner {
				continue
			}
			var others int
			err := tx.QueryRow(`SELECT COUNT(*) FROM organisation_member WHERE organisation_id = $1 AND role = 'owner' AND disabled_at = 0
				AND profile_id <> $2`, m.ID, who.Profile).Scan(&others)
			if err != nil {
				return err
			}
			if others == 0 {
				out = append(out, m)
			}
		}
		return nil
	})
	return out, err
}

// LeaveAll ends every membership of a person whose profile is being closed. Call SoleOwner first, in the same
// transaction: the rows of the person's memberships are locked there.
func (r *Rooms) LeaveAll(tx *store.Tx, who access.Actor, p id.Profile) error {
	all, err := Of(tx, p)
	if err != nil {
		return err
	}
	for _, m := range all {
		if err := deleteMember(tx, m.ID, p); err != nil {
			return err
		}
		err := r.Log.Record(tx, who, audit.Event{Kind: "member.left", Target: string(p), Reason: "profile_closed"}, string(m.ID))
		if err != nil {
			return err
		}
	}
	return nil
}

// ByID reads an organisation for rooms that have opened it already; NotFound when there is none or it is deleted.
func ByID(tx *store.Tx, org id.Organisation) (o Organisation, err error) {
	var suspended int64
	o.ID = org
	err = tx.QueryRow(`SELECT name, suspended_at, created_at FROM organisation WHERE organisation_id = $1 AND deleted_at = 0`, org).
		Scan(&o.Name, &suspended, &o.CreatedAt)
	if store.IsNoRows(err) {
		err = problem.NotFound("organisation")
	}
	o.Suspended = suspended > 0
	return o, err
}
