package request

import (
	"context"
	"strings"
	"time"

	"watchword/account/count"
	"watchword/account/operator"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// Start is what an operator says to begin. Fields: person, organisation, identity, ticket, reason.
type Start struct {
	Request      ID              // empty: the operator opens one
	Kind         Kind            // LostPhone or TwoFactorOff; empty: the request's own
	Person       string          // exact username or address, for LostPhone
	Organisation id.Organisation // for TwoFactorOff
	Identity     string          // how it was made sure who asks, at least 10 characters
	Ticket       string          // a reference; the request's id when empty
	Reason       string          // shown in the customer's audit log
}

// Begin starts what a request asks for: from now on every owner can cancel it, and it takes effect when another operator
// confirms it (Confirm) or after Settings.Delay (SO1, SO2, B20, LF18). It needs a fresh proof of the operator.
func (m *Room) Begin(ctx context.Context, db *store.DB, who access.Actor, s Start) (Request, error) {
	return m.start(ctx, db, who, s, false)
}

// BreakGlass does it at once. Only the host may: a command of whoever could change the database anyway (SO9). It is
// audited in the same streams and told to the same people.
func (m *Room) BreakGlass(ctx context.Context, db *store.DB, who access.Actor, s Start) (Request, error) {
	if who.Kind != access.KindSystem {
		return Request{}, problem.Forbidden("host_only", "Only a command on the host does this at once.")
	}
	return m.start(ctx, db, who, s, true)
}

func (m *Room) start(ctx context.Context, db *store.DB, who access.Actor, s Start, now bool) (r Request, err error) {
	if err := operator.MustOperate(who); err != nil {
		return r, err
	}
	if s, err = s.check(); err != nil {
		return r, err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if r, err = m.startable(tx, who, s); err != nil {
			return err
		}
		target := string(r.Profile) + string(r.Organisation)
		if err := tx.Lock("support/" + string(r.Kind) + "/" + target); err != nil {
			return err
		}
		if other, err := running(tx, r.Kind, r.Profile, r.Organisation); err != nil {
			return err
		} else if other != "" {
			return problem.Conflict("started_already", "This was started already by another request. Confirm or cancel that one.")
		}
		if err := operator.MustProve(tx.Now, who); err != nil {
			return err
		}
		late, err := count.Take(tx, "support-start/"+target, count.Limit{Most: m.Settings.StartsDay, Within: 24 * time.Hour})
		if err != nil {
			return err
		}
		if late > 0 {
			return problem.TooMany("starts_many", "This was started too often today: its owners were told each time. Try again tomorrow.", late)
		}
		if err := m.run(tx, who, &r, s, now); err != nil || !now {
			return err
		}
		return m.finish(tx, who, &r, "break_glass")
	})
	return r, err
}

func (s Start) check() (Start, error) {
	e := problem.Invalid("invalid", "Check what you entered.")
	s.Person = line(e, "person", "the username or address", s.Person)
	s.Identity = text(e, "identity", "the note", s.Identity)
	s.Ticket = line(e, "ticket", "the reference", s.Ticket)
	s.Reason = line(e, "reason", "the reason", s.Reason)
	if len([]rune(s.Identity)) < 10 {
		e.At("identity", "identity_missing", "Write how you made sure who asks: what was compared with what.")
	}
	if s.Reason == "" {
		e.At("reason", "reason_missing", "Write the reason. The owners read it.")
	}
	return s, e.OrNil()
}

// startable finds or makes the request and settles whom it is about.
func (m *Room) startable(tx *store.Tx, who access.Actor, s Start) (r Request, err error) {
	if s.Request == "" {
		r = m.fresh(tx, who, s.Kind)
		r.Message = s.Reason
	} else if r, err = find(tx, s.Request, tx.ForUpdate()); err != nil {
		return r, err
	}
	if r.State != Open && r.State != Taken {
		return r, problem.Conflict("not_open", "This request is no longer open: "+string(r.State)+".")
	}
	if s.Kind != "" {
		r.Kind = s.Kind
	}
	switch r.Kind {
	case LostPhone:
		p, err := profile.ByLogin(tx, s.Person)
		if problem.Is(err, problem.KindNotFound) {
			return r, problem.AtField("person", "person_unknown", "Enter the exact username or email address of the person.")
		}
		if err != nil {
			return r, err
		}
		r.Profile, r.Organisation, r.Subject = p.ID, "", p.LoginName()
	case TwoFactorOff:
		org := id.Organisation(strings.TrimSpace(string(s.Organisation)))
		p, err := organisation.PolicyOf(tx, org)
		if problem.Is(err, problem.KindNotFound) {
			return r, problem.AtField("organisation", "organisation_unknown", "Enter the id of the organisation. It stands on its settings page and begins with AC.")
		}
		if err != nil {
			return r, err
		}
		if !p.Required {
			return r, problem.AtField("organisation", "not_required", "Choose another organisation: this one does not require two-factor.")
		}
		r.Profile, r.Organisation = "", org
		if r.Subject, err = nameOf(tx, org); err != nil {
			return r, err
		}
	default:
		return r, problem.AtField("kind", "kind_missing", "Choose what is to be done. A question is answered, not started.")
	}
	if s.Request == "" {
		return r, insert(tx, r)
	}
	return r, nil
}

// run stores that it began, tells everybody concerned, and writes it down.
// run begins what was asked. at once: nothing will take effect later, so nothing is told of a delay or a way to cancel.
func (m *Room) run(tx *store.Tx, who access.Actor, r *Request, s Start, atOnce bool) error {
	r.State, r.StartedBy, r.StartedName, r.StartedAt = Started, string(who.Operator), who.Name, tx.Now
	r.Identity, r.Ticket, r.Reason, r.DueAt = s.Identity, s.Ticket, s.Reason, tx.Now+store.Micros(m.Settings.Delay)
	if atOnce {
		r.DueAt = tx.Now
	}
	if r.Ticket == "" {
		r.Ticket = string(r.ID)
	}
	if err := begin(tx, *r); err != nil || atOnce {
		return err
	}
	if err := m.record(tx, who, *r, audit.Event{Kind: "support.started"}); err != nil {
		return err
	}
	return m.tellStarted(tx, who, *r)
}
