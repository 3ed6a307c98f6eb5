// Package entry is the door of an organisation for somebody who is logged in and has not proved enough for it: what it
// asks, what of that the person can prove, and what must be bound first (decisions 25). Proving is a step-up for the
// action "enter_organisation" whose data is the organisation; binding is a change of the profile.
package entry

import (
	"context"

	"watchword/account/factor"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/organisation"
	"watchword/signin/change"
	"watchword/signin/proof"
)

// Room is put together once, at the start.
type Room struct {
	Ring   *secret.Ring
	Proofs *proof.Desk
	Change *change.Room
}

// State is what stands between a person and an organisation.
type State struct {
	Demand    organisation.Demand
	Open      bool           // nothing does
	NetworkOK bool           // false: the organisation opens from certain networks only (LF25)
	CanProve  []proof.Option // ways of the person that are enough; one of them, by step-up, opens it
	// MustBind lists what may be bound, weakest first, when CanProve is empty: any one of it is enough.
	MustBind []organisation.Method
	// NumberMasked is a number that an owner typed: ProveNumber sends a code to it.
	NumberMasked string
	// NumberFirst says that the organisation is open, and that this number is to be proved before anything else all the
	// same: two-factor is required, and nothing that the person has makes the number superfluous (decisions 25).
	NumberFirst bool
}

// Look says what an organisation asks of the actor. NotFound for one that the actor is no member of (OU17).
func (r *Room) Look(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (s State, err error) {
	if err := who.MustBePerson(); err != nil {
		return s, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		s, err = r.look(tx, who, org)
		return err
	})
	return s, err
}

func (r *Room) look(tx *store.Tx, who access.Actor, org id.Organisation) (s State, err error) {
	if s.Demand, err = organisation.DemandOf(tx, org, who.Profile); store.IsNoRows(err) {
		return s, problem.NotFound("organisation")
	}
	if err != nil {
		return s, err
	}
	_, err = organisation.Enter(tx, org, who, organisation.Anybody)
	if err != nil && problem.As(err) == nil {
		return s, err
	}
	s.Open, s.NetworkOK = err == nil, !problem.HasCode(err, "network_not_allowed")
	s.NumberMasked = s.Demand.NumberMasked
	if s.Open && s.NumberMasked != "" && s.Demand.Policy.Required {
		s.NumberFirst, err = r.numberFirst(tx, who.Profile, s.Demand)
		return s, err
	}
	if s.Open || s.Demand.Disabled || !s.NetworkOK {
		return s, nil
	}
	p, err := profile.ByID(tx, who.Profile)
	if err != nil {
		return s, err
	}
	if s.CanProve, _, err = r.Proofs.AtDoor(tx, p, s.Demand); err != nil || len(s.CanProve) > 0 {
		return s, err
	}
	s.MustBind, err = r.mustBind(tx, who.Profile, s.Demand)
	return s, err
}

// numberFirst says whether a person has nothing yet that stands for a number: an SMS factor, or of members a stronger one.
func (r *Room) numberFirst(tx *store.Tx, p id.Profile, d organisation.Demand) (bool, error) {
	all, err := r.Proofs.Factors.Usable(tx, p)
	for _, f := range all {
		if f.Kind == factor.SMS || d.Role != organisation.Owner && organisation.Method(f.Kind).Rank() > organisation.BySMS.Rank() {
			return false, err
		}
	}
	return true, err
}

// mustBind lists the methods that would open the organisation. Its owners begin with a number, which they must always
// have (LF4).
func (r *Room) mustBind(tx *store.Tx, p id.Profile, d organisation.Demand) (out []organisation.Method, err error) {
	all, err := r.Proofs.Factors.List(tx, p)
	if err != nil {
		return nil, err
	}
	numbered := false
	for _, f := range all {
		numbered = numbered || f.Kind == factor.SMS
	}
	if d.Role == organisation.Owner && !numbered {
		return []organisation.Method{organisation.BySMS}, nil
	}
	for _, m := range []organisation.Method{organisation.ByEmail, organisation.BySMS, organisation.ByTOTP, organisation.ByPasskey} {
		if d.Meets(m) {
			out = append(out, m)
		}
	}
	return out, nil
}

// Waiting names an organisation of the actor whose owner typed a number for the actor that is not proved yet: it comes
// before anything else after a log-in (decisions 25). ok is false when there is none.
func Waiting(ctx context.Context, db *store.DB, who access.Actor) (org id.Organisation, ok bool, err error) {
	if err := who.MustBePerson(); err != nil {
		return "", false, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		org, ok = "", false
		all, err := organisation.Demands(tx, who.Profile)
		for _, d := range all {
			if d.NumberMasked != "" && d.Policy.Required && !ok {
				org, ok = d.Organisation, true
			}
		}
		return err
	})
	return org, ok, err
}

// ProveNumber sends a code to the number that an owner typed for the actor, so that nobody types it again; from there on
// it is a number under way like any other (change.EnterNumber). The problem beside the state is a verdict to be shown: no
// code was sent. NotFound when there is no such number.
func (r *Room) ProveNumber(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (change.NumberState, *problem.Error, error) {
	if err := who.MustBePerson(); err != nil {
		return change.NumberState{}, nil, err
	}
	var n organisation.Suggested
	err := db.Read(ctx, func(tx *store.Tx) error {
		var ok bool
		var err error
		if n, ok, err = organisation.SuggestedNumber(tx, r.Ring, org, who.Profile); err == nil && !ok {
			return problem.NotFound("number to confirm")
		}
		return err
	})
	if err != nil {
		return change.NumberState{}, nil, err
	}
	return r.Change.AskNumber(ctx, db, who, n.Number.E164, n.Number.Country)
}
