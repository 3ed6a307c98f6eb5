package require

import (
	"context"
	"fmt"
	"time"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
)

// Switch switches the second factor on, or saves the window again while it is on; owners only, after a fresh proof. It is
// saved whole or not at all: every mistake stands at its row, as the field "number-…" or "method-…" with the member's
// profile, or "grace" (LF15). Without a grace date nobody on SMS may lack a number, proved or typed; every owner must have
// proved one in any case. Who is ready is bound at once, the rest when the grace date has come (decisions 25). There is no
// way back for owners (LF18).
func (r *Room) Switch(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, f Form) error {
	if err := who.MustBePerson(); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		if err := organisation.Lock(tx, org); err != nil {
			return err
		}
		m, err := organisation.Act(tx, org, who, organisation.Owns)
		if err != nil {
			return err
		}
		policy, err := organisation.PolicyOf(tx, org)
		if err != nil {
			return err
		}
		people, err := r.people(tx, org, policy)
		if err != nil {
			return err
		}
		e := problem.Invalid("not_ready", "Two-factor was not switched on: some rows need something first.")
		grace := r.grace(tx.Now, policy, f.Grace, e)
		rows := make([]decided, len(people))
		for i, p := range people {
			rows[i] = r.decide(who, p, m.Home(r.Home), f.Rows[p.Member.Profile], policy, grace > tx.Now, e)
		}
		if err := e.OrNil(); err != nil {
			return err
		}
		if err := grant.Must(tx, who, organisation.ChangePolicy, ""); err != nil {
			return err
		}
		if err := r.Organisations.SetRequired(tx, who, org, true, grace); err != nil {
			return err
		}
		return r.save(tx, who, m, rows, !policy.Required, grace)
	})
}

// grace reads the date until which people may get ready, in micros; 0 for none. Once everybody is bound nobody gets more
// time, and no date may be later than the setting allows since it was switched on.
func (r *Room) grace(now int64, p organisation.Policy, date time.Time, e *problem.Error) int64 {
	if date.IsZero() {
		return 0
	}
	at, since := date.UnixMicro(), now
	if p.Required {
		since = p.RequiredAt
	}
	switch {
	case p.Required && at == p.GraceUntil:
	case p.Required && now >= p.GraceUntil:
		e.At("grace", "grace_over", "Leave out the date: everybody is bound already.")
	case at <= now:
		e.At("grace", "grace_past", "Enter a date that is still to come, or leave it out.")
	case at > since+store.Micros(r.Settings.Grace):
		e.At("grace", "grace_far", fmt.Sprintf("Enter a date within %d days of switching it on: until then not everybody is protected.", r.Settings.Grace/(24*time.Hour)))
	}
	return at
}

// decided is a row of the window that can be saved.
type decided struct {
	person
	choice Choice
	typed  *phone.Number // a number to be suggested
}

// decide checks one row. home is the country of numbers in national spelling.
func (r *Room) decide(who access.Actor, p person, home string, c Choice, policy organisation.Policy, waits bool, e *problem.Error) decided {
	d := decided{person: p, choice: c}
	m := p.Member
	if c.Method == "" {
		d.choice.Method = p.Method
	}
	least := policy.Least(m.Role, d.choice.Method)
	switch {
	case d.choice.Method.Rank() < 1:
		e.At(methodField(m.Profile), "method_unknown", "Choose a method from the list.")
	case d.choice.Method.Rank() < policy.Least(m.Role, "").Rank():
		e.At(methodField(m.Profile), "method_weak", "Choose a stronger method: the organisation does not accept this one from "+string(m.Role)+"s.")
	case m.Profile == who.Profile && !p.has(least):
		e.At(methodField(m.Profile), "method_not_bound", "Add this method to your own profile first, or choose one that you have: you would lock yourself out.")
	}
	if c.Number != "" {
		n, err := phone.ParseMobile(c.Number, home)
		if no := problem.As(err); no != nil {
			for _, f := range no.Fields {
				e.At(numberField(m.Profile), f.Code, f.Message)
			}
			return d
		}
		if n.E164 != p.number || p.Number.Text == "held" {
			d.typed = &n
		}
	}
	switch {
	case m.Role == organisation.Owner && p.Number.State != Proved:
		e.At(numberField(m.Profile), "number_not_proved", "Every owner needs a mobile number of their own first. "+m.Called()+" adds one under Profile, Security.")
	case least == organisation.BySMS && p.Number.State == Missing && d.typed == nil && !p.has(least) && !waits:
		e.At(numberField(m.Profile), "number_missing", "Enter a mobile number, choose another method, or set a date until which it may be missing.")
	}
	return d
}

func (r *Room) save(tx *store.Tx, who access.Actor, owner organisation.Member, rows []decided, first bool, grace int64) error {
	by, err := profile.ByID(tx, who.Profile)
	if err != nil {
		return err
	}
	for _, d := range rows {
		m := d.Member
		if err := r.Organisations.SetMethod(tx, who, m.Organisation, m.Profile, d.choice.Method); err != nil {
			return err
		}
		p, err := profile.ByID(tx, m.Profile)
		if err != nil {
			return err
		}
		x := wording.Params{Organisation: owner.OrgName, By: by.Called(), Member: m.Called()}
		if d.typed != nil {
			if err := r.suggest(tx, who, m, p, *d.typed, d.typed.Masked(owner.Home(r.Home)), x); err != nil {
				return err
			}
		}
		if !first {
			continue
		}
		if grace > 0 {
			x.Until = store.Time(grace)
		}
		if err := r.Post.Tell(tx, who, p, wording.TwoFactorRequired, x); err != nil {
			return err
		}
	}
	return nil
}
