package proof

import (
	"watchword/account/factor"
	"watchword/account/notice"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/budget"
)

// AtLogin lists the ways that complete a log-in. bound says whether the person has a second factor at all, usable or
// not; without one the only way is a code by email, for browsers that are not recognised (decisions 17).
func (d *Desk) AtLogin(tx *store.Tx, p profile.Profile) (ways Options, bound bool, err error) {
	all, err := d.Factors.List(tx, p.ID)
	if err != nil {
		return nil, false, err
	}
	if len(all) == 0 {
		o, err := d.mailbox(tx, p)
		return Options{o}, false, err
	}
	ways, err = d.withRecovery(tx, p, options(tx, p, usable(all)))
	return ways, true, err
}

// usable leaves out what cannot complete a log-in now. A number that went stale stays when it is all there is: the
// log-in then asks for an emailed link too, and both together confirm it again (B13, LF27).
func usable(all []factor.Factor) []factor.Factor {
	var fresh, stale []factor.Factor
	for _, f := range all {
		switch {
		case f.Off:
		case f.Stale:
			stale = append(stale, f)
		default:
			fresh = append(fresh, f)
		}
	}
	if len(fresh) == 0 {
		return stale
	}
	return fresh
}

// AtStepUp lists the ways that prove a person again, of the highest level that the person's factors reach: a weak one
// never opens what a strong one protects (C26, C45). Without a factor it is a code by email.
func (d *Desk) AtStepUp(tx *store.Tx, p profile.Profile) (ways Options, bound bool, err error) {
	ways, bound, err = d.AtLogin(tx, p)
	if err != nil || !bound {
		return ways, bound, err
	}
	reach, err := d.Factors.Reach(tx, p.ID)
	if err != nil {
		return nil, bound, err
	}
	strong := ways[:0]
	for _, o := range ways {
		if o.Level >= reach && !o.Stale {
			strong = append(strong, o)
		}
	}
	return strong, bound, nil
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
