// Package require switches the second factor on for everybody in an organisation: who is ready, what is missing, and one
// save that is whole or not at all, so that nobody is shut out and no owner shuts himself out (LF15, LF16, decisions 25).
package require

import (
	"time"

	"watchword/account/factor"
	"watchword/account/notice"
	"watchword/base/id"
	"watchword/base/secret"
	"watchword/code/guard"
	"watchword/organisation"
)

// Settings of the switch; Defaults has those of an installation that sets nothing.
type Settings struct {
	Grace time.Duration // the longest time that people may have to get ready, since it was switched on; default 90 days
	Texts int           // confirming texts of one organisation in 24 hours, at least 1; default 100
}

// Defaults are those of decisions 25.
func Defaults() Settings { return Settings{Grace: 90 * 24 * time.Hour, Texts: 100} }

// Room is put together once, at the start.
type Room struct {
	Ring          *secret.Ring
	Organisations *organisation.Rooms
	Factors       *factor.Room
	Post          *notice.Post
	Guard         *guard.Guard
	Price         func(country string) int64 // of one segment, in millionths of the currency; nil: nothing
	Home          string                     // country for numbers in national spelling where the organisation has none
	Settings      Settings
}

// NumberState says how far a member's mobile number is.
type NumberState string

const (
	Proved  NumberState = "proved"  // by its person, with a code
	Typed   NumberState = "typed"   // by an owner; its person proves it at the next log-in
	Missing NumberState = "missing" // neither
)

// Number is a member's mobile number, as owners see it.
type Number struct {
	State  NumberState
	Masked string
	// Text is where the confirming text of a typed number is: queued, held, sending, sent, delivered, failed, expired,
	// unknown; empty for none. Held says why it did not leave yet: "country_not_allowed", and Next when it is tried again
	// (micros).
	Text string
	Held string
	Next int64
}

// Row is one member of the list.
type Row struct {
	Member  organisation.Member
	Factors []factor.Kind       // that are bound and usable, strongest first
	Method  organisation.Method // what is accepted: chosen before, or else what the door asks; SMS before it is switched on
	Number  Number
	Ready   bool   // bound from the moment it is switched on, grace or not
	Weak    bool   // ready by nothing but a code to the confirmed address, which the floor allows (C23)
	Why     string // one sentence on what is missing; empty when ready
	// SharedWith names the other members who have the same number: whoever holds that phone gets the codes of all (B13).
	SharedWith []string
}

// Choice is what the owner decides about one member.
type Choice struct {
	Method organisation.Method // empty: SMS
	Number string              // as typed; empty keeps what there is
}

// Form is the window.
type Form struct {
	Rows  map[id.Profile]Choice // who is left out is on SMS, with the number there is
	Grace time.Time             // until then only those who are ready are bound; zero: everybody at once
}

// Fields of a row's mistakes.
func numberField(p id.Profile) string { return "number-" + string(p) }
func methodField(p id.Profile) string { return "method-" + string(p) }
