package console

import (
	"context"
	"strings"
	"unicode/utf8"

	"watchword/account/operator"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/support/request"
)

// Find lists organisations, newest first; words are part of a name, an id or an owner's address. after is the last id of
// the page before; next is empty at the end.
func (m *Room) Find(ctx context.Context, db *store.DB, who access.Actor, words string, after id.Organisation) (out []organisation.Listed, next id.Organisation, err error) {
	if err := operator.MustOperate(who); err != nil {
		return nil, "", err
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = organisation.Directory(tx, words, after)
		return err
	})
	if len(out) == organisation.DirectoryPage {
		next = out[len(out)-1].ID
	}
	return out, next, err
}

// Customer is one organisation as operators see it: no contacts, no messages, no numbers.
type Customer struct {
	organisation.Organisation
	Policy   organisation.Policy
	Members  int
	Owners   []organisation.Member
	Requests []request.Request // newest first
	Now      int64             // micros
}

// Customer reads one organisation; problem.NotFound when there is none.
func (m *Room) Customer(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (c Customer, err error) {
	if err := operator.MustOperate(who); err != nil {
		return c, err
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		c, err = customer(tx, org)
		return err
	})
	return c, err
}

func customer(tx *store.Tx, org id.Organisation) (c Customer, err error) {
	c = Customer{Now: tx.Now}
	if c.Policy, err = organisation.PolicyOf(tx, org); err != nil {
		return c, err
	}
	var suspended int64
	c.ID = org
	if err = tx.QueryRow(`SELECT o.name, o.suspended_at, o.created_at,
		(SELECT COUNT(*) FROM organisation_member m WHERE m.organisation_id = o.organisation_id)
		FROM organisation o WHERE o.organisation_id = $1`, org).Scan(&c.Name, &suspended, &c.CreatedAt, &c.Members); err != nil {
		return c, err
	}
	c.Suspended = suspended > 0
	if c.Owners, err = organisation.OwnersOf(tx, org); err != nil {
		return c, err
	}
	c.Requests, err = request.OfOrganisation(tx, org)
	return c, err
}

// Suspend stops everything in an organisation but reading (SO7, decisions 28). The reason stands in the customer's audit
// log and in the mail to its owners. Suspending twice changes nothing. It needs a
// fresh proof of the operator.
func (m *Room) Suspend(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, reason string) error {
	return m.suspend(ctx, db, who, org, reason, true)
}

// Restore ends a suspension.
func (m *Room) Restore(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, reason string) error {
	return m.suspend(ctx, db, who, org, reason, false)
}

func (m *Room) suspend(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, reason string, on bool) error {
	if err := operator.MustOperate(who); err != nil {
		return err
	}
	reason, err := why(reason)
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		c, err := customer(tx, org)
		if err != nil || c.Suspended == on {
			return err
		}
		kind, n, act := "organisation.restored", wording.OrganisationRestored, m.Organisations.Restore
		if on {
			kind, n, act = "organisation.suspended", wording.OrganisationSuspended, m.Organisations.Suspend
		}
		if on {
			if err := operator.MustProve(tx.Now, who); err != nil {
				return err
			}
		}
		if err := act(tx, who, org, reason); err != nil {
			return err
		}
		if err := m.Log.Record(tx, who, audit.Event{Kind: kind, Target: string(org), Detail: map[string]string{"name": c.Name, "why": reason}},
			audit.System, string(who.Operator)); err != nil {
			return err
		}
		return m.tell(tx, who, c, n, wording.Params{Detail: reason})
	})
}

// tell mails the owners. Where the operator sits is none of the customer's business; the name is.
func (m *Room) tell(tx *store.Tx, who access.Actor, c Customer, n wording.Notice, x wording.Params) error {
	x.Organisation, x.By = c.Name, who.Name
	who.Origin = access.Origin{}
	for _, o := range c.Owners {
		p, err := profile.ByID(tx, o.Profile)
		if err == nil && p.ClosedAt == 0 {
			err = m.Post.Tell(tx, who, p, n, x)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// why checks a reason, which the customer reads.
func why(s string) (string, error) {
	e := problem.Invalid("invalid", "Check what you entered.")
	s = profile.CheckLine(e, "reason", "the reason", s, 200)
	if len(e.Fields) == 0 && utf8.RuneCountInString(strings.TrimSpace(s)) < 3 {
		e.At("reason", "reason_missing", "Write the reason. The owners read it.")
	}
	return s, e.OrNil()
}
