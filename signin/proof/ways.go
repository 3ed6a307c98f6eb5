package proof

import (
	"watchword/account/factor"
	"watchword/account/notice"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/budget"
	"watchword/organisation"
)

// AtLogin lists the ways that complete a log-in. bound says whether the person has a second factor at all, usable or
// not; without one the only way is a code by email (decisions 17). Of the person's organisations the strictest decides:
// what it does not accept is left out, if the person has a way that it accepts (LF4). Recovery codes always stay, for the
// day the others are lost.
func (d *Desk) AtLogin(tx *store.Tx, p profile.Profile, demands []organisation.Demand) (ways Options, bound bool, err error) {
	ways, bound, err = d.all(tx, p)
	return ways.strictest(demands), bound, err
}

func (d *Desk) all(tx *store.Tx, p profile.Profile) (ways Options, bound bool, err error) {
	all, err := d.Factors.List(tx, p.ID)
	if err != nil {
		return nil, false, err
	}
	if len(all) == 0 {
		o, err := d.mailbox(tx, p)
		return Options{o}, false, err
	}
	ways, err = d.withRecovery(tx, p, options(tx, p, factor.Usable(all)))
	return ways, true, err
}

// strictest leaves the ways that the strictest organisation accepts, of those that the person can satisfy at all: who is
// ready is bound, grace or not.
func (o Options) strictest(demands []organisation.Demand) Options {
	least := organisation.Method("")
	for _, d := range demands {
		if d.Policy.Required && d.Least.Rank() > least.Rank() && o.meet(d) {
			least = d.Least
		}
	}
	return o.filter(func(x Option) bool { return x.Way == Recovery || x.Way.Method().Rank() >= least.Rank() })
}

// meet says whether one of the ways, recovery codes apart, is enough for an organisation.
func (o Options) meet(d organisation.Demand) bool {
	return len(o.filter(func(x Option) bool { return x.Way != Recovery && d.Meets(x.Way.Method()) })) > 0
}

func (o Options) filter(keep func(Option) bool) (out Options) {
	for _, x := range o {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}

// AtStepUp lists the ways that prove a person again, of the highest level that the person's factors reach: a weak one
// never opens what a strong one protects (C26, C45). Without a factor it is a code by email.
func (d *Desk) AtStepUp(tx *store.Tx, p profile.Profile) (ways Options, bound bool, err error) {
	ways, bound, err = d.all(tx, p)
	if err != nil || !bound {
		return ways, bound, err
	}
	reach, err := d.Factors.Reach(tx, p.ID)
	return ways.filter(func(o Option) bool { return o.Level >= reach && !o.Stale }), bound, err
}

// AtDoor lists the ways that open an organisation to somebody who is logged in: those of a step-up that are enough for
// what it asks now.
func (d *Desk) AtDoor(tx *store.Tx, p profile.Profile, asks organisation.Demand) (ways Options, bound bool, err error) {
	ways, bound, err = d.AtStepUp(tx, p)
	if err != nil || !asks.InForce(tx.Now, ways.meet(asks)) {
		return ways, bound, err
	}
	return ways.filter(func(o Option) bool { return asks.Meets(o.Way.Method()) }), bound, nil
}

// AtReset lists the ways that complete a password reset beside the emailed link. needed is false for people whose only
// proofs end in that mailbox anyway. A code by email is no second proof (C33); a number younger than 72 hours is none,
// the one it replaced is (B12).
func (d *Desk) AtReset(tx *store.Tx, p profile.Profile) (ways Options, needed bool, err error) {
	reach, err := d.Factors.Reach(tx, p.ID)
	if err != nil || reach < access.LevelTwoFactor {
		return nil, false, err
	}
	usable, err := d.Factors.Recovering(tx, p.ID)
	if err != nil {
		return nil, true, err
	}
	ways = options(tx, p, usable)
	if _, ok := ways.Find(SMS); !ok {
		former, had, err := d.Factors.Replaced(tx, p.ID)
		if err != nil {
			return nil, true, err
		}
		if had {
			ways = append(ways, Option{Way: SMS, Factor: former.Factor, Masked: former.Masked, Level: access.LevelTwoFactor, Former: true})
		}
	}
	ways, err = d.withRecovery(tx, p, ways)
	return ways, true, err
}

// options has one entry for each kind of factor: the check of a kind accepts any of its factors.
func options(tx *store.Tx, p profile.Profile, all []factor.Factor) Options {
	var out Options
	for _, f := range all {
		w := Way(f.Kind)
		if i := out.index(w); i >= 0 {
			out[i].Preferred = out[i].Preferred || f.Preferred
			out[i].Label, out[i].Masked = "", ""
			continue
		}
		o := Option{Way: w, Factor: f.ID, Label: f.Label, Masked: f.Masked, Level: f.Kind.Level(), Preferred: f.Preferred, Stale: f.Stale, FlaggedAt: f.FlaggedAt}
		if w == Email {
			o.Masked = notice.Mask(p.Email) // wherever it moved since
		}
		if f.NextAt > tx.Now {
			o.RetryAt = f.NextAt
		}
		out = append(out, o)
	}
	return out
}

func (o Options) index(w Way) int {
	for i, x := range o {
		if x.Way == w {
			return i
		}
	}
	return -1
}

func (d *Desk) mailbox(tx *store.Tx, p profile.Profile) (Option, error) {
	o := Option{Way: Email, Masked: notice.Mask(p.Email), Level: access.LevelPassword}
	b, err := d.Factors.Budget.Of(tx, id.System, string(p.ID), budget.Email)
	if b.NextAt > tx.Now {
		o.RetryAt = b.NextAt
	}
	return o, err
}

// withRecovery adds the recovery codes, while some are left: they are for the day the others are lost.
func (d *Desk) withRecovery(tx *store.Tx, p profile.Profile, ways Options) (Options, error) {
	codes, err := d.Recovery.Codes(tx, p.ID)
	if err != nil || codes.Left == 0 {
		return ways, err
	}
	b, err := d.Factors.Budget.Of(tx, id.System, string(p.ID), budget.Recovery)
	if err != nil || b.Off {
		return ways, err
	}
	o := Option{Way: Recovery, Left: codes.Left, Level: access.LevelTwoFactor}
	if b.NextAt > tx.Now {
		o.RetryAt = b.NextAt
	}
	return append(ways, o), nil
}
