package change

import (
	"watchword/account/factor"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// What the organisations of a person need is read when the person takes something away: factors belong to the person,
// and no organisation can remove or keep one by itself (decisions 24).

// needed refuses to go from the factors a person has to those that would be left, where an organisation that requires
// two-factor would no longer be satisfied (LF17). Its owners keep a proved number, whatever else they have (LF4). A grace
// period makes no difference: it is for getting ready.
func needed(tx *store.Tx, p id.Profile, have, left []factor.Factor) error {
	demands, err := organisation.Demands(tx, p)
	if err != nil {
		return err
	}
	for _, d := range demands {
		if !d.Policy.Required {
			continue
		}
		if d.Role == organisation.Owner && numbered(have) && !numbered(left) {
			return problem.Conflict("number_needed", d.Name+" requires two-factor, and its owners always have a mobile number. Change the number instead of removing it.")
		}
		if satisfies(d, have) && !satisfies(d, left) {
			return problem.Conflict("factor_needed", d.Name+" requires this second factor of you. Add another one that it accepts first, or ask one of its owners.")
		}
	}
	return nil
}

func without(all []factor.Factor, f id.Factor) (left []factor.Factor) {
	for _, x := range all {
		if x.ID != f {
			left = append(left, x)
		}
	}
	return left
}

func numbered(all []factor.Factor) bool {
	for _, f := range all {
		if f.Kind == factor.SMS {
			return true
		}
	}
	return false
}

// satisfies says whether the factors are enough. Where a code by email is, the mailbox alone is: it needs no binding.
func satisfies(d organisation.Demand, all []factor.Factor) bool {
	if d.Meets(organisation.ByEmail) {
		return true
	}
	for _, f := range all {
		if !f.Off && d.Meets(organisation.Method(f.Kind)) {
			return true
		}
	}
	return false
}

// mayTurnOff refuses while an organisation requires two-factor: nobody can switch it off alone there.
func mayTurnOff(tx *store.Tx, p id.Profile) error {
	demands, err := organisation.Demands(tx, p)
	if err != nil {
		return err
	}
	for _, d := range demands {
		if d.Policy.Required {
			return problem.Conflict("two_factor_required", d.Name+" requires two-factor, so you cannot turn it off. You can add and change your ways to prove it is you.")
		}
	}
	return nil
}

// awaited says whether an organisation requires a second factor of somebody who has none.
func (r *Room) awaited(tx *store.Tx, p id.Profile) (bool, error) {
	all, err := r.Factors.List(tx, p)
	if err != nil || len(all) > 0 {
		return false, err
	}
	demands, err := organisation.Demands(tx, p)
	for _, d := range demands {
		if d.Policy.Required && !satisfies(d, nil) {
			return true, err
		}
	}
	return false, err
}

// settle forgets the numbers that owners suggested for a person who has just proved one (decisions 24).
func (r *Room) settle(tx *store.Tx, p id.Profile) error {
	demands, err := organisation.Demands(tx, p)
	for _, d := range demands {
		if err == nil && d.NumberMasked != "" {
			err = r.Organisations.SuggestNumber(tx, d.Organisation, p, nil, "", "")
		}
	}
	return err
}
