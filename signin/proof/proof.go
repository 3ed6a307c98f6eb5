// Package proof is the one place where a person's proofs are offered, started and checked, so that log-in, step-up and
// reset are equally strong (C61) and count failures in the same budgets.
package proof

import (
	"watchword/base/access"
	"watchword/base/id"
	"watchword/code/challenge"
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
}

// View is what the page of a proof under way shows.
type View struct {
	Way       Way                  // the one under way; empty when none could be started
	Ways      []Option             // all that may be chosen, the one under way included
	Challenge *challenge.Challenge // for SMS and Email, with the state of delivery
	ExpiresAt int64                // micros; of the whole undertaking
}

// LevelOf is what a way adds to the password.
func LevelOf(w Way) access.Level {
	if w == Email {
		return access.LevelPassword
	}
	return access.LevelTwoFactor
}

// Desk offers, starts and checks proofs.
type Desk struct {
	Codes *challenge.Engine
}
