package request

import (
	"context"

	"watchword/account/link"
	"watchword/account/operator"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/budget"
	"watchword/code/wording"
	"watchword/organisation"
)

// Confirm is the word of a second operator: what was started takes effect at once. It must be another operator than the
// one who started it, and both must have been operators for 72 hours where another operator made them (B20): the host's
// word always counts (SO9). A refusal is written down. It needs a fresh proof of the operator.
func (m *Room) Confirm(ctx context.Context, db *store.DB, who access.Actor, i ID) (r Request, err error) {
	if err := operator.MustOperate(who); err != nil {
		return r, err
	}
	var refused *problem.Error
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if r, err = find(tx, i, tx.ForUpdate()); err != nil {
			return err
		}
		if refused, err = judge(tx, who, r); err != nil {
			return err
		}
		if refused != nil {
			return m.record(tx, who, r, audit.Event{Kind: "support.confirmed", Outcome: audit.Refused, Reason: refused.Code})
		}
		if err := operator.MustProve(tx.Now, who); err != nil {
			return err
		}
		if err := m.record(tx, who, r, audit.Event{Kind: "support.confirmed"}); err != nil {
			return err
		}
		why := "confirmed"
		if who.Kind == access.KindSystem {
			why = "break_glass"
		}
		return m.finish(tx, who, &r, why)
	})
	if err == nil && refused != nil {
		err = refused
	}
	return r, err
}

// judge says why an actor may not confirm a request now; nil when nothing stands in the way.
func judge(tx *store.Tx, who access.Actor, r Request) (*problem.Error, error) {
	if r.State != Started {
		return problem.Conflict("not_started", "There is nothing to confirm: this request is "+string(r.State)+"."), nil
	}
	if who.Kind == access.KindSystem {
		return nil, nil
	}
	if r.StartedBy == string(who.Operator) {
		return problem.Forbidden("same_operator", "You started this yourself. Another operator confirms it, or it takes effect when its time has come."), nil
	}
	for _, o := range []id.Operator{who.Operator, id.Operator(r.StartedBy)} {
		if o == "" {
			continue // the host
		}
		x, err := operator.Find(tx, o)
		if problem.Is(err, problem.KindNotFound) {
			return problem.Forbidden("operator_removed", "Whoever started this is no operator any more. Cancel it and start it anew."), nil
		}
		if err != nil {
			return nil, err
		}
		if !x.Counts(tx.Now) {
			return problem.Forbidden("operator_young", x.Username+" was invited or bound a new factor by a recovery code a short time ago, so this confirmation would not be that of two people. Wait, or ask another operator."), nil
		}
	}
	return nil, nil
}

// finish lets a started request take effect and tells everybody. What it is about may be gone by now: then it ends as
// cancelled.
func (m *Room) finish(tx *store.Tx, who access.Actor, r *Request, why string) error {
	told, err := audience(tx, *r) // before the effect, which changes nobody's membership but may end the person's factors
	if err != nil {
		return err
	}
	numbers, err := m.numbers(tx, told) // and before a number is removed
	if err != nil {
		return err
	}
	gone, err := m.effect(tx, who, *r)
	if err != nil {
		return err
	}
	r.State, r.EndedBy, r.EndedName, r.EndedAt, r.EndedWhy = Done, string(who.Operator), who.Name, tx.Now, why
	kind, n := "support.done", wording.SupportFactorsRemoved
	if r.Kind == TwoFactorOff {
		n = wording.SupportTwoFactorOff
	}
	if gone {
		r.State, r.EndedWhy, kind, n = Cancelled, "gone", "support.cancelled", wording.SupportCancelled
	}
	ok, err := end(tx, *r, Started)
	if err != nil {
		return err
	}
	if !ok {
		return problem.Conflict("not_started", "This request ended a moment ago.")
	}
	if err := m.record(tx, who, *r, audit.Event{Kind: kind, Reason: r.EndedWhy}); err != nil {
		return err
	}
	from, x := r.params(who)
	for _, p := range told {
		if err := m.Post.Tell(tx, from, p, n, x); err != nil {
			return err
		}
		if to, ok := numbers[p.ID]; ok {
			if err := m.Post.Text(tx, from, p, n, x, to); err != nil {
				return err
			}
		}
	}
	return nil
}

// numbers are the proved numbers of those who have one.
func (m *Room) numbers(tx *store.Tx, all []profile.Profile) (map[id.Profile]phone.Number, error) {
	out := map[id.Profile]phone.Number{}
	for _, p := range all {
		n, ok, err := m.Factors.Number(tx, p.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			out[p.ID] = n.Number
		}
	}
	return out, nil
}

// effect does what was asked for; gone when there is nothing left to do it to.
func (m *Room) effect(tx *store.Tx, who access.Actor, r Request) (gone bool, err error) {
	if r.Kind == TwoFactorOff {
		return m.switchOff(tx, who, r)
	}
	p, err := profile.Lock(tx, r.Profile)
	if err != nil || p.ClosedAt > 0 {
		return err == nil || problem.Is(err, problem.KindNotFound), ignoreMissing(err)
	}
	if _, err := m.Factors.RemoveAll(tx, who, p.ID, "support"); err != nil {
		return false, err
	}
	if err := m.Recovery.Forget(tx, who, p.ID); err != nil {
		return false, err
	}
	// The next log-in takes the password and a code by email, from every browser (C36, C44): sessions and trusted
	// devices end by the version, recognised browsers are forgotten, links under way die.
	if _, err := profile.Bump(tx, p.ID); err != nil {
		return false, err
	}
	if err := m.Login.ForgetBrowsers(tx, who, p.ID); err != nil {
		return false, err
	}
	if err := m.Links.Cancel(tx, string(p.ID), link.ResetPassword, link.UnlockLogin, link.WakeLogin); err != nil {
		return false, err
	}
	return false, m.Factors.Budget.Rebound(tx, id.System, string(p.ID), budget.Email)
}

func (m *Room) switchOff(tx *store.Tx, who access.Actor, r Request) (gone bool, err error) {
	if err := m.Organisations.SetRequired(tx, who, r.Organisation, false, 0); err != nil {
		return problem.Is(err, problem.KindNotFound), ignoreMissing(err)
	}
	all, err := organisation.MembersOf(tx, r.Organisation)
	if err != nil {
		return false, err
	}
	from, _ := r.params(who)
	for _, w := range all {
		p, err := profile.ByID(tx, w.Profile)
		if err == nil && p.ClosedAt == 0 {
			err = m.Post.Tell(tx, from, p, wording.TwoFactorNotRequired, wording.Params{Organisation: r.Subject})
		}
		if err != nil {
			return false, err
		}
	}
	return false, nil
}

func ignoreMissing(err error) error {
	if problem.Is(err, problem.KindNotFound) {
		return nil
	}
	return err
}
