// Package request is how people ask those who host Watchword for help, and how operators do what nobody can do alone:
// take away a lost second factor, or switch an organisation's two-factor off (SO1, SO2, SO8, LF18). One operator starts
// it with a note of the identity check, every owner is told on every channel with a link that cancels, and it takes
// effect when a second operator confirms or 72 hours have passed. All of it stands in the customer's own audit log.
package request

import (
	"time"

	"watchword/account/factor"
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/recovery"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/organisation"
	"watchword/signin/login"
)

// ID of a request: SR and 32 hex digits.
type ID string

// Kind is what is asked for.
type Kind string

const (
	LostPhone    Kind = "lost_phone"     // the person's second factors are removed; nobody chooses a password (C36)
	TwoFactorOff Kind = "two_factor_off" // the organisation no longer requires a second factor (LF18)
	Other        Kind = "other"          // words only: it is answered, never started
)

// Kinds lists what can be asked for.
func Kinds() []Kind { return []Kind{LostPhone, TwoFactorOff, Other} }

// State of a request.
type State string

const (
	Open      State = "open"
	Taken     State = "taken"     // an operator looks after it
	Started   State = "started"   // told to every owner; takes effect when confirmed, or at DueAt
	Done      State = "done"      // took effect
	Cancelled State = "cancelled" // by an owner, the person or an operator
	Answered  State = "answered"  // an operator wrote back; nothing was changed
)

// Request is one request. What was typed is a claim, never believed; Profile and Organisation are whom a started one is
// about.
type Request struct {
	ID    ID
	Kind  Kind
	State State

	TypedName, TypedEmail, TypedOrganisation, Message string

	OpenedBy   string // profile or operator, empty for a visitor or the host
	OpenedName string // empty for a visitor
	Address    string // IP address it was sent from
	Device     string
	Language   string
	CreatedAt  int64 // micros

	TakenBy   id.Operator
	TakenName string
	TakenAt   int64

	Profile      id.Profile
	Organisation id.Organisation
	Subject      string // name of the person or the organisation, as it was when it was started

	StartedBy   string // operator, or empty for the host
	StartedName string
	StartedAt   int64
	Identity    string // how the operator made sure who asks
	Ticket      string // reference to the conversation, by default the request's id
	Reason      string
	DueAt       int64 // micros; when it takes effect without a second operator

	EndedBy   string // operator, profile, or empty for the program or the host
	EndedName string
	EndedAt   int64
	EndedWhy  string // "confirmed", "waited", "break_glass", "cancelled", "answered" …
	Answer    string
}

// Settings of requests.
type Settings struct {
	Delay     time.Duration // until a started one takes effect alone; default 72 h
	LinkLife  time.Duration // of the cancelling links; they say what happened after that too; default 30 days
	PerHour   int           // from one network address; default 5
	PerDay    int           // from one network address; default 20
	Told      int           // mails an hour to each operator about new requests; default 10
	StartsDay int           // starts about one person or organisation a day; default 3
	Keep      time.Duration // of what has ended; default 400 days, like the audit log
}

// Defaults are those of security.md part 4 row 3 and the limits of other open forms.
func Defaults() Settings {
	return Settings{Delay: 72 * time.Hour, LinkLife: 30 * 24 * time.Hour, PerHour: 5, PerDay: 20, Told: 10, StartsDay: 3,
		Keep: 400 * 24 * time.Hour}
}

// Room keeps requests. Safe for concurrent use.
type Room struct {
	Log           *audit.Log
	Links         link.Book
	Post          *notice.Post
	Factors       *factor.Room
	Recovery      *recovery.Room
	Organisations *organisation.Rooms
	Login         *login.Room
	Settings      Settings
}
