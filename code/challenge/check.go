package challenge

import (
	"crypto/subtle"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/budget"
	"watchword/code/guard"
)

// Reason says why a check did not succeed.
type Reason string

const (
	Right       Reason = ""
	Wrong       Reason = "wrong"
	Late        Reason = "expired"
	Exhausted   Reason = "exhausted"  // this code's tries are used
	Used        Reason = "used"       // it succeeded before
	Replaced    Reason = "cancelled"  // a newer code took its place, or it was cancelled
	Wait        Reason = "wait"       // too many failures in a row: not before RetryAt
	SwitchedOff Reason = "factor_off" // 100 failures in a row
	NoSuchCode  Reason = "unknown"    // no such challenge for this binding
	NotWellMade Reason = "malformed"  // not the right number of digits: not counted as a try
)

// Verdict is the result of a check. It always commits: counters are part of it.
type Verdict struct {
	OK        bool
	Reason    Reason
	TriesLeft int
	RetryAt   int64 // micros, with Wait
	// JustSwitchedOff: this very failure used up the account's budget for the factor; tell the person.
	JustSwitchedOff bool
	Challenge       Challenge
}

// Check compares a code, counting the try first. Of any number of parallel checks with the right code exactly one
// succeeds (C18, B15).
func (e *Engine) Check(tx *store.Tx, who access.Actor, org id.Organisation, c id.Challenge, binding, code string) (Verdict, error) {
	r, err := load(tx, tx.ForUpdate(), org, c)
	if store.IsNoRows(err) || err == nil && subtle.ConstantTimeCompare([]byte(r.binding), []byte(binding)) == 0 {
		return Verdict{Reason: NoSuchCode}, nil
	}
	if err != nil {
		return Verdict{}, err
	}
	if r.state == Pending && tx.Now >= r.expiresAt {
		if err := e.end(tx, r, Expired); err != nil {
			return Verdict{}, err
		}
		r.state = Expired
	}
	if why := ended(r.state); why != Right {
		return Verdict{Reason: why, Challenge: e.show(r)}, nil
	}
	code, ok := Normalise(code, r.digits)
	if !ok {
		return Verdict{Reason: NotWellMade, TriesLeft: r.maxTries - r.tries, Challenge: e.show(r)}, nil
	}
	b, err := e.Budget.Look(tx, org, r.subject, factorOf(r.channel))
	if err != nil {
		return Verdict{}, err
	}
	if b.Off {
		return Verdict{Reason: SwitchedOff, Challenge: e.show(r)}, nil
	}
	if b.NextAt > tx.Now {
		return Verdict{Reason: Wait, RetryAt: b.NextAt, TriesLeft: r.maxTries - r.tries, Challenge: e.show(r)}, nil
	}
	return e.decide(tx, who, r, b, code)
}

func ended(s State) Reason {
	switch s {
	case Pending:
		return Right
	case Approved:
		return Used
	case Failed:
		return Exhausted
	case Expired:
		return Late
	}
	return Replaced
}

func (e *Engine) decide(tx *store.Tx, who access.Actor, r row, b budget.Status, code string) (Verdict, error) {
	r.tries++
	if subtle.ConstantTimeCompare([]byte(code), []byte(e.code(r))) == 1 {
		return e.approve(tx, who, r, b)
	}
	after, err := e.Budget.Fail(tx, r.org, r.subject, b)
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{Reason: Wrong, TriesLeft: r.maxTries - r.tries, JustSwitchedOff: after.Off && !b.Off}
	switch {
	case after.Off:
		v.Reason, v.TriesLeft = SwitchedOff, 0
	case after.NextAt > tx.Now:
		v.RetryAt = after.NextAt
	}
	if r.tries >= r.maxTries {
		r.state, r.decidedAt = Failed, tx.Now
		if v.Reason == Wrong {
			v.Reason = Exhausted
		}
	}
	if err := r.save(tx); err != nil {
		return Verdict{}, err
	}
	v.Challenge = e.show(r)
	f := e.facts(r)
	f["in_a_row"] = fmt.Sprint(after.Failures)
	err = e.Log.Record(tx, who, audit.Event{Kind: "code.checked", Outcome: audit.Failed, Reason: string(Wrong), Target: string(r.id), Detail: f}, streams(who, r.subject)...)
	return v, err
}

func (e *Engine) approve(tx *store.Tx, who access.Actor, r row, b budget.Status) (Verdict, error) {
	r.state, r.decidedAt = Approved, tx.Now
	if err := r.save(tx); err != nil {
		return Verdict{}, err
	}
	if err := e.Budget.Succeed(tx, r.org, r.subject, b); err != nil {
		return Verdict{}, err
	}
	if err := e.Guard.Answered(tx, guarded(r, access.Origin{})); err != nil {
		return Verdict{}, err
	}
	err := e.Log.Record(tx, who, audit.Event{Kind: "code.checked", Target: string(r.id), Detail: e.facts(r)}, streams(who, r.subject)...)
	return Verdict{OK: true, Challenge: e.show(r)}, err
}

// code derives the digits: from the challenge, its purpose, its binding, its channel and its destination, so that a
// code of one fits no other (C19).
func (e *Engine) code(r row) string {
	return e.Ring.Digits(r.key, "challenge", strings.Join([]string{string(r.org), string(r.id), string(r.purpose), string(r.action),
		r.binding, string(r.channel), r.hash}, "\x00"), r.digits)
}

// Normalise strips the spaces and dashes people type, turns digits of other scripts into ASCII, and says whether what
// is left is n digits.
func Normalise(code string, n int) (string, bool) {
	if len(code) > 100 {
		return "", false
	}
	var b strings.Builder
	for _, c := range code {
		switch {
		case c >= '0' && c <= '9':
			b.WriteRune(c)
		case unicode.Is(unicode.Nd, c):
			// Blocks of decimal digits begin at a multiple of their zero and hold ten in order.
			b.WriteByte(byte('0' + digitValue(c)))
		case unicode.IsSpace(c) || c == '-' || c == '\u2011' || c == '\u2013' || c == '\u00a0':
		default:
			return "", false
		}
	}
	return b.String(), b.Len() == n
}

func digitValue(c rune) int {
	v := 0
	for unicode.Is(unicode.Nd, c-1) && v < 9 {
		c--
		v++
	}
	return v
}

// Problem puts a verdict into words at the field "code".
func (v Verdict) Problem(now int64) *problem.Error {
	tries := func() string {
		if v.TriesLeft == 1 {
			return "You have 1 try left"
		}
		return fmt.Sprintf("You have %d tries left", v.TriesLeft)
	}
	switch v.Reason {
	case Right:
		return nil
	case Wrong:
		return problem.AtField("code", "code_wrong", "That code is not right. "+tries()+".")
	case NotWellMade:
		return problem.AtField("code", "code_malformed", "Enter the whole code: "+strconv.Itoa(v.Challenge.Digits)+" digits and nothing else.")
	case Late:
		return problem.AtField("code", "code_expired", "That code has expired. Ask for a new one.")
	case Exhausted:
		return problem.AtField("code", "code_exhausted", "That code is not right, and its tries are used up. Ask for a new one.")
	case Used:
		return problem.AtField("code", "code_used", "That code was used already. Ask for a new one.")
	case Wait:
		wait := time.Duration(v.RetryAt-now) * time.Microsecond
		p := problem.TooMany("code_wait", "There were too many wrong codes. Try again in "+guard.Words(wait)+", or use another way to prove it is you.", wait)
		return p.At("code", p.Code, p.Message)
	case SwitchedOff:
		p := problem.Forbidden("factor_off", "This way of proving it is you is switched off after 100 wrong codes. Use another way, or a recovery code.")
		return p.At("code", p.Code, p.Message)
	}
	return problem.AtField("code", "code_replaced", "That code no longer counts, because a newer one was asked for. Use the newest, or ask for another.")
}
