package require

import (
	"context"
	"strings"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// Readiness lists the members that are switched on, with what each lacks; owners only (security.md part 4, row 1).
func (r *Room) Readiness(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (out []Row, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Owns); err != nil {
			return err
		}
		policy, err := organisation.PolicyOf(tx, org)
		if err != nil {
			return err
		}
		people, err := r.people(tx, org, policy)
		out = make([]Row, len(people))
		for i, p := range people {
			out[i] = p.Row
		}
		return err
	})
	return out, err
}

// person is a row with what nobody is shown.
type person struct {
	Row
	number string // E.164, proved or typed
}

func (r *Room) people(tx *store.Tx, org id.Organisation, policy organisation.Policy) ([]person, error) {
	all, err := organisation.MembersOf(tx, org)
	if err != nil {
		return nil, err
	}
	var out []person
	names := map[string][]string{}
	for _, m := range all {
		if m.DisabledAt > 0 {
			continue
		}
		p, err := r.person(tx, m, policy)
		if err != nil {
			return nil, err
		}
		if p.number != "" {
			names[p.number] = append(names[p.number], m.Called())
		}
		out = append(out, p)
	}
	for i := range out {
		left := false
		for _, n := range names[out[i].number] {
			if !left && n == out[i].Member.Called() { // one of the name is this member
				left = true
				continue
			}
			out[i].SharedWith = append(out[i].SharedWith, n)
		}
	}
	return out, nil
}

func (r *Room) person(tx *store.Tx, m organisation.Member, policy organisation.Policy) (person, error) {
	p := person{Row: Row{Member: m, Method: proposed(m, policy), Number: Number{State: Missing}}}
	factors, err := r.Factors.Usable(tx, m.Profile)
	if err != nil {
		return p, err
	}
	for _, f := range factors {
		p.Factors = append(p.Factors, f.Kind)
	}
	proved, ok, err := r.Factors.Number(tx, m.Profile)
	if err != nil {
		return p, err
	}
	if ok {
		p.number, p.Number = proved.Number.E164, Number{State: Proved, Masked: proved.Masked}
	} else if err := r.typed(tx, &p); err != nil {
		return p, err
	}
	p.Why = p.missing(policy)
	p.Ready = p.Why == ""
	p.Weak = p.Ready && !p.has(organisation.BySMS)
	return p, nil
}

// proposed is the method of a row. Before the second factor is switched on the window proposes SMS for everybody, and the
// owner may choose another accepted method there (decisions 25). From then on it is what the door asks: of somebody who
// joined later and for whom nothing was chosen the floor, and SMS while a typed number waits (LF16).
func proposed(m organisation.Member, policy organisation.Policy) organisation.Method {
	switch {
	case !policy.Required && m.Method.Rank() < organisation.BySMS.Rank():
		return organisation.BySMS
	case m.Method == "":
		return policy.LeastWith(m.Role, "", m.NumberMasked != "")
	}
	return m.Method
}

// typed reads the number that an owner typed, and where its text is.
func (r *Room) typed(tx *store.Tx, p *person) error {
	s, ok, err := organisation.SuggestedNumber(tx, r.Ring, p.Member.Organisation, p.Member.Profile)
	if err != nil || !ok {
		return err
	}
	p.number, p.Number = s.Number.E164, Number{State: Typed, Masked: s.Masked}
	if why, held := strings.CutPrefix(s.Message, held); held {
		p.Number.Text, p.Number.Held, p.Number.Next = "held", why, s.Next
		return nil
	}
	if s.Message == "" {
		return nil
	}
	st, err := r.Post.SMS.Status(tx, id.System, id.Message(s.Message))
	if problem.Is(err, problem.KindNotFound) { // forgotten since
		return nil
	}
	p.Number.Text = string(st.State)
	return err
}

// missing says what a member lacks for being bound at once.
func (p person) missing(policy organisation.Policy) string {
	least := policy.Least(p.Member.Role, p.Method)
	switch {
	case p.Member.Role == organisation.Owner && p.Number.State != Proved:
		return "Owners need a mobile number that they have proved with a code."
	case least == organisation.ByEmail || p.has(least):
		return ""
	case least == organisation.BySMS && p.Number.State == Typed:
		return "The number is proved by its person at the next log-in."
	case least == organisation.BySMS:
		return "There is no mobile number."
	case least == organisation.ByTOTP:
		return "There is no authenticator app or passkey yet."
	}
	return "There is no passkey yet."
}

func (p person) has(least organisation.Method) bool {
	for _, k := range p.Factors {
		if organisation.Method(k).Rank() >= least.Rank() {
			return true
		}
	}
	return false
}
