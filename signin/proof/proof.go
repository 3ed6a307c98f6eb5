// Package proof is the one place where a person's proofs are offered, started and checked, so that log-in, step-up and
// reset are equally strong (C61) and count failures in the same budgets.
package proof

import (
	"watchword/account/factor"
	"watchword/account/notice"
	"watchword/account/profile"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/code/challenge"
	"watchword/code/wording"
	"watchword/organisation"
)

// Way is one kind of proof beside the password.
type Way string

const (
	SMS      Way = "sms"
	Email    Way = "email" // weak: level 1, never claimed as AAL2 (C23)
	TOTP     Way = "totp"
	Passkey  Way = "passkey"
	Recovery Way = "recovery"
)

// Name is how sentences call the way.
func (w Way) Name() string {
	if w == Recovery {
		return "Recovery codes"
	}
	return factor.Kind(w).Name()
}

// Method is how organisations rank the way: a recovery code stands for an authenticator app.
func (w Way) Method() organisation.Method {
	if w == Recovery {
		return organisation.ByTOTP
	}
	return organisation.Method(w)
}

// Option is a way that a person may choose now.
type Option struct {
	Way       Way
	Factor    id.Factor // empty for recovery codes and for the email code of people without a factor
	Label     string    // the person's own name for it, may be empty
	Masked    string    // "07700 ••• 123", "m•••@example.com"
	Level     access.Level
	Preferred bool
	Left      int   // recovery codes left
	RetryAt   int64 // micros; before it no code is accepted, after too many failures; 0 otherwise
	// Former: the number that was replaced less than 72 hours ago, which alone may complete a reset by SMS (B12).
	Former bool
	// Stale: the number was not confirmed for 12 months; a log-in by it asks for an emailed link too (B13).
	Stale bool
	// FlaggedAt, micros: a passkey's counter went back.
	FlaggedAt int64
}

// View is what the page of a proof under way shows.
type View struct {
	Way       Way                  // the one under way; empty when none could be started
	Ways      []Option             // all that may be chosen, the one under way included
	Challenge *challenge.Challenge // for SMS and Email, with the state of delivery
	ExpiresAt int64                // micros; of the whole undertaking
}

// Options is an ordered choice of ways.
type Options []Option

// First is the preferred way, or else the first that can be used now. Recovery codes are never taken by themselves.
func (o Options) First() (Way, bool) {
	for _, preferred := range []bool{true, false} {
		for _, x := range o {
			if x.Way != Recovery && x.Preferred == preferred && x.RetryAt == 0 {
				return x.Way, true
			}
		}
	}
	for _, x := range o {
		return x.Way, true
	}
	return "", false
}

// Find is the option of a way.
func (o Options) Find(w Way) (Option, bool) {
	for _, x := range o {
		if x.Way == w {
			return x, true
		}
	}
	return Option{}, false
}

// LevelOf is what a way adds to the password.
func LevelOf(w Way) access.Level {
	if w == Email {
		return access.LevelPassword
	}
	return access.LevelTwoFactor
}

// Desk offers, starts and checks proofs. Put it together once, at the start.
type Desk struct {
	Codes    *challenge.Engine
	Factors  *factor.Room
	Recovery *recovery.Room
	Post     *notice.Post
}

// Occasion is what a code is asked for; it becomes part of the code (C19).
type Occasion struct {
	Purpose wording.Purpose
	Action  wording.Action
	Binding string
	Count   int // named with the action: "export 12,400 contacts"; 0 for none
}

// Verdict is the result of a check; it commits either way. Problem stands at the field "code".
type Verdict struct {
	OK      bool
	Problem *problem.Error
	Level   access.Level
	Way     Way
}

func notOffered() *problem.Error {
	return problem.AtField("way", "way_not_offered", "Choose one of the ways on the page: this one cannot be used here.")
}

// request is a challenge of an occasion. The destination is confirmed by this very profile (decisions 19).
func request(p profile.Profile, oc Occasion) challenge.Request {
	return challenge.Request{Organisation: id.System, Purpose: oc.Purpose, Action: oc.Action, Subject: string(p.ID), Binding: oc.Binding,
		Confirmed: true, Language: wording.Language(p.Language), Zone: p.Zone, Name: p.LoginName(), Count: oc.Count, Version: p.SecurityVersion}
}
