// Package login is the act of logging in: password, second proof, session. Between password and proof there is a
// pending log-in with a short cookie of its own that opens nothing but the code page (LF10).
package login

import (
	"time"

	"watchword/account/device"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/signin/proof"
	"watchword/signin/session"
)

// Settings of log-in.
type Settings struct {
	Pending time.Duration // life of a pending log-in, default 15 minutes
	// Free is how many wrong passwords in a row pass before strangers wait; default 10. Waits begin at a minute, double,
	// and end at MaxWait, default 60 minutes.
	Free    int64
	MaxWait time.Duration
	Tell    int64 // wrong passwords until the person is told, default 5 (LF13)
	// Gate is the failure in a row from which strangers' browsers need an emailed link first, default 100 (C13).
	Gate        int64
	UnlockTries int64         // that the link grants, default 10
	UnlockLife  time.Duration // of the link, default 30 minutes
	Recognised  int64         // failures in a row that cost a browser its recognition, default 10
	// Address bounds failures of one network address over all names, in AddressWindow; default 20 an hour (B7).
	Address       int64
	AddressWindow time.Duration
	// A CAPTCHA is asked of unrecognised browsers while at least AlarmFailures failed in AlarmWindow and they are more
	// than AlarmRatio of the tries; default 100 in 10 minutes, one half (B4).
	AlarmFailures int64
	AlarmRatio    float64
	AlarmWindow   time.Duration
	Asleep        time.Duration // unused for longer asks for an emailed link too, default 365 days (LF27)
	WakeLife      time.Duration // of that link, default 30 minutes
	Terms         string        // version of the terms in force; empty means none
}

// Defaults are those of security.md part 3 and decisions 14 and 16.
func Defaults() Settings {
	return Settings{Pending: 15 * time.Minute, Free: 10, MaxWait: time.Hour, Tell: 5, Gate: 100, UnlockTries: 10,
		UnlockLife: 30 * time.Minute, Recognised: 10, Address: 20, AddressWindow: time.Hour, AlarmFailures: 100, AlarmRatio: 0.5,
		AlarmWindow: 10 * time.Minute, Asleep: 365 * 24 * time.Hour, WakeLife: 30 * time.Minute}
}

// Attempt is a posted log-in form.
type Attempt struct {
	Origin   access.Origin
	Browser  string // the browser's long-lived cookie, 43 characters; the door makes one with id.Token(32) when there is none
	Name     string // username or email address (LF1)
	Password string
	Captcha  string // the solution, when one was asked for
	// Devices are the secrets of the browser's cookies of trusted devices, by their mark (TD5).
	Devices map[string]string
	// Shared: the person says that others use this computer too, so that the browser must not be trusted.
	Shared bool
}

// Step is what a pending log-in waits for.
type Step string

const (
	StepProve    Step = "prove"    // a code, a passkey or a recovery code
	StepWake     Step = "wake"     // the link in the mail, because the profile was unused for a year
	StepAwake    Step = "awake"    // that link was used; Continue goes on
	StepTerms    Step = "terms"    // accepting the new terms
	StepPassword Step = "password" // a longer password
)

// Pending is a log-in between password and session, as its page shows it.
type Pending struct {
	ID    id.Login
	Token string // only when it was made by this very call: for the short cookie
	Step  Step
	proof.View
	Weak        bool // the proof under way is a code by email
	NoFactor    bool // the person has no second factor; the code goes by email because the browser is new
	Terms       string
	MinPassword int
	WakeTo      string // masked address of the link
}

// Result is where a log-in stands. Exactly one of Session and Pending is set when the error is nil. Notice is a verdict
// to be shown beside Pending: the text could not be sent, for one. Device, beside a Session, is for the cookie of a
// browser that is trusted now.
type Result struct {
	Session *session.Made
	Pending *Pending
	Notice  *problem.Error
	Device  *device.Made
}
