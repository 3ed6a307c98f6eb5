// Package invite is how people come into an organisation: a link to one address, good for 72 hours and one use, which a
// newer one replaces (OU4, OU5, C37, B10). What the answer says never depends on whether the address is known (C11).
package invite

import (
	"time"

	"watchword/account/notice"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/secret"
	"watchword/code/wording"
	"watchword/organisation"
)

// Path is where the page of an invitation stands; the token follows as the query parameter "token".
const Path = "/invitation"

// Settings of inviting.
type Settings struct {
	Life     time.Duration // default 72 h
	CoolDown time.Duration // between two mails of one invitation; default 60 s
	Day      int           // mails of one organisation in 24 hours; default 200
	Address  int           // mails to one address an hour, whoever invites; default 5
	AddressD int           // and a day; default 10
	Open     int           // open invitations of one organisation; default 500
}

// Defaults are those of security.md part 3.
func Defaults() Settings {
	return Settings{Life: 72 * time.Hour, CoolDown: time.Minute, Day: 200, Address: 5, AddressD: 10, Open: 500}
}

// Room is where owners invite. Safe for concurrent use.
type Room struct {
	Ring     *secret.Ring
	Log      *audit.Log
	Post     *notice.Post
	BaseURL  string // configured, never taken from a request (C52)
	Home     string // country for numbers in national spelling where the organisation has none
	Settings Settings
}

// Form is what an owner fills in about a newcomer.
type Form struct {
	Name        string // may be empty; at most 200 characters
	Email       string
	Role        organisation.Role         // empty: member
	Method      organisation.Method       // the least that is accepted of the member; empty: the floor of the role
	Permissions []organisation.Permission // nil: all that can be given (OU6)
	Number      string                    // a mobile number to suggest, national as in the organisation, or with +; empty: it is asked for at the first log-in (LF16)
	Language    wording.Language          // of the mail; empty: the inviter's
}

// State of an invitation.
type State string

const (
	Open      State = "open"
	Expired   State = "expired"
	Accepted  State = "accepted"
	Withdrawn State = "withdrawn"
)

// Invitation is one row, as owners see it. No answer ever holds its token.
type Invitation struct {
	ID           string // IN…
	Organisation id.Organisation
	OrgName      string
	Name         string
	Email        string
	Role         organisation.Role
	Method       organisation.Method
	May          []organisation.Permission
	NumberMasked string
	Language     wording.Language
	InvitedBy    id.Profile
	InviterName  string
	State        State
	CreatedAt    int64 // micros
	SentAt       int64 // micros; of the newest mail
	Sends        int
	ExpiresAt    int64 // micros
	ResendAt     int64 // micros; when another mail may be asked for

	emailKey string
	sealed   []byte
}
