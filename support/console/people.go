package console

import (
	"context"

	"watchword/account/factor"
	"watchword/account/operator"
	"watchword/account/profile"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/support/request"
)

// Person is what operators see of a profile: its factors without secrets, never a password, a code or a whole number
// (C36).
type Person struct {
	profile.Profile
	Addresses     []string // confirmed ones, the log-in address first
	Factors       []factor.Factor
	Codes         recovery.Codes
	Organisations []organisation.Membership
	Requests      []request.Request // newest first
	Now           int64             // micros
}

// Person finds somebody by the exact username or address and writes down, also for the person, that an operator looked.
func (m *Room) Person(ctx context.Context, db *store.DB, who access.Actor, name string) (p Person, err error) {
	if err := operator.MustOperate(who); err != nil {
		return p, err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		p = Person{Now: tx.Now}
		p.Profile, err = profile.ByLogin(tx, name)
		if problem.Is(err, problem.KindNotFound) {
			return problem.AtField("name", "person_unknown", "Enter the exact username or email address: nobody logs in with this one.")
		}
		if err != nil {
			return err
		}
		if p.Addresses, err = profile.Confirmed(tx, p.Profile); err != nil {
			return err
		}
		if p.Factors, err = m.Factors.List(tx, p.ID); err != nil {
			return err
		}
		if p.Codes, err = m.Recovery.Codes(tx, p.ID); err != nil {
			return err
		}
		if p.Organisations, err = organisation.Of(tx, p.ID); err != nil {
			return err
		}
		if p.Requests, err = request.OfPerson(tx, p.ID); err != nil {
			return err
		}
		return m.Log.Record(tx, who, audit.Event{Kind: "support.person_viewed", Target: string(p.ID)}, audit.System, string(p.ID))
	})
	return p, err
}

// Remove takes an operator away and cancels what he started; nobody removes the last one.
func (m *Room) Remove(ctx context.Context, db *store.DB, who access.Actor, o id.Operator) (x operator.Operator, err error) {
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if err := m.endLooks(tx, who, `operator_id = $1 AND ended_at = 0`, string(o), "operator_removed"); err != nil {
			return err
		}
		if x, err = m.Operators.Remove(tx, who, o); err != nil {
			return err
		}
		return m.Requests.Withdraw(tx, who, o)
	})
	return x, err
}

// EndSessions logs a person out everywhere and ends every trusted device: something protective that one operator may do
// alone (C42, C43, C44), after a fresh proof. The person is told.
func (m *Room) EndSessions(ctx context.Context, db *store.DB, who access.Actor, name, reason string) (p profile.Profile, err error) {
	if err := operator.MustOperate(who); err != nil {
		return p, err
	}
	if reason, err = why(reason); err != nil {
		return p, err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if p, err = profile.ByLogin(tx, name); problem.Is(err, problem.KindNotFound) {
			return problem.AtField("name", "person_unknown", "Enter the exact username or email address: nobody logs in with this one.")
		}
		if err == nil {
			err = operator.MustProve(tx.Now, who)
		}
		if err == nil {
			_, err = profile.Bump(tx, p.ID)
		}
		if err != nil {
			return err
		}
		if err := m.Log.Record(tx, who, audit.Event{Kind: "support.sessions_ended", Target: string(p.ID), Detail: map[string]string{"why": reason}},
			audit.System, string(p.ID)); err != nil {
			return err
		}
		from := who // where the operator sits is none of the person's business
		from.Origin = access.Origin{}
		return m.Post.Tell(tx, from, p, wording.SessionsEnded, wording.Params{By: who.Name})
	})
	return p, err
}
