package proof

import (
	"watchword/account/factor"
	"watchword/account/profile"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/guard"
	"watchword/code/wording"
)

// tellWrongCodes is the wrong code in a row at which the person is told (security.md part 3: tries.account).
const tellWrongCodes = 10

// Start begins a way: for SMS and email a code goes out, and older ones of the same purpose die (LF7). A refusal is a
// verdict to show; the undertaking goes on. The challenge is empty for ways that need none.
func (d *Desk) Start(tx *store.Tx, who access.Actor, p profile.Profile, oc Occasion, o Option) (id.Challenge, *problem.Error, error) {
	q := request(p, oc)
	switch o.Way {
	case Email:
		q.Channel, q.Address = guard.Email, p.Email
	case SMS:
		q.Channel = guard.SMS
		n, ok, err := d.number(tx, p, o)
		if err != nil {
			return "", nil, err
		}
		if !ok {
			return "", notOffered(), nil
		}
		q.Number = n.Number
	default:
		return "", nil, nil
	}
	s, err := d.Codes.Start(tx, who, q)
	return s.Challenge.ID, s.Refused, err
}

func (d *Desk) number(tx *store.Tx, p profile.Profile, o Option) (factor.Number, bool, error) {
	if o.Former {
		return d.Factors.Replaced(tx, p.ID)
	}
	return d.Factors.Number(tx, p.ID)
}

// Resend sends the same code again.
func (d *Desk) Resend(tx *store.Tx, who access.Actor, oc Occasion, c id.Challenge) (*problem.Error, error) {
	if c == "" {
		return problem.Conflict("code_over", "There is no code to send again. Choose a way first."), nil
	}
	s, err := d.Codes.Resend(tx, who, id.System, c, oc.Binding)
	return s.Refused, err
}

// Check takes a code of one of the offered ways. Failures are counted first and commit with the verdict.
func (d *Desk) Check(tx *store.Tx, who access.Actor, p profile.Profile, oc Occasion, o Option, c id.Challenge, code string) (Verdict, error) {
	var v challenge.Verdict
	var err error
	switch o.Way {
	case SMS, Email:
		if c == "" {
			return Verdict{Problem: challenge.Verdict{Reason: challenge.Replaced}.Problem(tx.Now)}, nil
		}
		v, err = d.Codes.Check(tx, who, id.System, c, oc.Binding, code)
		// What was proved is what the code was sent over, whatever the form said.
		if got := Way(v.Challenge.Channel); v.OK && got != o.Way {
			o = Option{Way: got}
		}
		if err == nil && v.OK && !o.Former {
			err = d.used(tx, p, o.Way)
		}
	case TOTP:
		v, err = d.Factors.CheckTOTP(tx, who, p.ID, code)
	case Recovery:
		v, err = d.Recovery.Use(tx, who, p.ID, code)
	default:
		return Verdict{Problem: notOffered()}, nil
	}
	if err != nil {
		return Verdict{}, err
	}
	if !v.OK {
		no := v.Problem(tx.Now)
		switch o.Way {
		case TOTP:
			no = factor.Problem(v, tx.Now)
		case Recovery:
			no = recovery.Problem(v, tx.Now)
		}
		return Verdict{Problem: no}, d.failed(tx, who, p, o.Way, v)
	}
	if o.Way == Recovery {
		err = d.Post.Tell(tx, who, p, wording.RecoveryCodeUsed, wording.Params{Tries: v.TriesLeft})
	}
	if err != nil {
		return Verdict{}, err
	}
	return Verdict{OK: true, Level: LevelOf(o.Way), Way: o.Way}, d.settle(tx, p.ID)
}

// settle ends the cool-down of the person's own number: texts that were not used, because another one or another way was
// quicker, make nobody wait for the next.
func (d *Desk) settle(tx *store.Tx, p id.Profile) error {
	n, ok, err := d.Factors.Number(tx, p)
	if err != nil || !ok {
		return err
	}
	return d.Codes.Guard.Settle(tx, d.Codes.Guard.Bucket(guard.SMS, string(p), n.Number.E164, true))
}

// used notes the success of the number, which keeps it fresh (B13), or of the mailbox as a factor.
func (d *Desk) used(tx *store.Tx, p profile.Profile, w Way) error {
	if w == SMS {
		n, ok, err := d.Factors.Number(tx, p.ID)
		if err != nil || !ok {
			return err
		}
		return d.Factors.Used(tx, p.ID, n.Factor)
	}
	all, err := d.Factors.List(tx, p.ID)
	for _, f := range all {
		if Way(f.Kind) == w {
			return d.Factors.Used(tx, p.ID, f.ID)
		}
	}
	return err
}

// failed tells the person of many wrong codes, once when the waits begin and once when the way is switched off (B6).
func (d *Desk) failed(tx *store.Tx, who access.Actor, p profile.Profile, w Way, v challenge.Verdict) error {
	counted := v.Reason == challenge.Wrong || v.Reason == challenge.Used
	if w == SMS || w == Email { // a code that is over answers "used" or "exhausted" without being counted
		counted = v.RetryAt > 0 && v.Reason != challenge.Wait
	}
	if !counted && !v.JustSwitchedOff {
		return nil
	}
	x := wording.Params{Detail: string(w)}
	if v.JustSwitchedOff {
		x.Failures = int(d.Factors.Budget.Settings.Off)
		return d.Post.Tell(tx, who, p, wording.FactorOff, x)
	}
	b, err := d.Factors.Budget.Of(tx, id.System, string(p.ID), factor.Kind(w).Budget())
	if err != nil || b.Failures != tellWrongCodes {
		return err
	}
	x.Failures = int(b.Failures)
	return d.Post.Tell(tx, who, p, wording.ManyWrongCodes, x)
}

// PasskeyOptions begins a ceremony for a person, or for whoever has a passkey when p is empty (C62).
func (d *Desk) PasskeyOptions(tx *store.Tx, p id.Profile) (options []byte, ceremony string, err error) {
	c, err := d.Factors.BeginAssertion(tx, p)
	return c.Options, c.ID, err
}

// Passkey finishes it. whose is the person it named.
func (d *Desk) Passkey(tx *store.Tx, who access.Actor, p id.Profile, ceremony string, answer []byte) (whose id.Profile, v Verdict, err error) {
	got, refused, err := d.Factors.FinishAssertion(tx, who, p, ceremony, answer)
	if err != nil || refused != nil {
		return "", Verdict{Problem: refused}, err
	}
	if got.Cloned {
		pr, err := profile.ByID(tx, got.Profile)
		if err != nil {
			return "", Verdict{}, err
		}
		if got.Label == factor.Passkey.Name() { // unnamed: the mail says it in the person's language
			got.Label = string(factor.Passkey)
		}
		if err := d.Post.Tell(tx, who, pr, wording.PasskeyCloned, wording.Params{Detail: got.Label}); err != nil {
			return "", Verdict{}, err
		}
	}
	return got.Profile, Verdict{OK: true, Level: access.LevelTwoFactor, Way: Passkey}, d.settle(tx, got.Profile)
}

// View reads what the page of an undertaking shows.
func (d *Desk) View(tx *store.Tx, oc Occasion, w Way, c id.Challenge, ways Options, expiresAt int64) (View, error) {
	v := View{Way: w, Ways: ways, ExpiresAt: expiresAt}
	if c == "" {
		return v, nil
	}
	l, err := d.Codes.Look(tx, id.System, c, oc.Binding)
	if problem.Is(err, problem.KindNotFound) {
		return v, nil
	}
	v.Challenge = &l
	return v, err
}

// Drop ends a code that is no longer wanted.
func (d *Desk) Drop(tx *store.Tx, oc Occasion, c id.Challenge) error {
	if c == "" {
		return nil
	}
	return d.Codes.Cancel(tx, id.System, c, oc.Binding)
}
