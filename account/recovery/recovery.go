// Package recovery is the way back for who lost a phone or a password: recovery codes, further addresses, and links to
// choose a new password. None of them alone opens an account that had two factors (C33, decisions 35).
package recovery

import (
	"time"

	"watchword/account/link"
	"watchword/account/notice"
	"watchword/base/audit"
	"watchword/base/secret"
	"watchword/code/budget"
)

// Settings of recovery.
type Settings struct {
	ResetLife   time.Duration // of a link to choose a new password; default 30 minutes (C31)
	AddressLife time.Duration // of a link that confirms a recovery address; default 24 h
	Mails       int           // reset mails to one address an hour; default 5
	MailsDay    int           // and a day; default 10
	Asks        int           // requests from one network address an hour; default 20
}

// Defaults are those of security.md part 3.
func Defaults() Settings {
	return Settings{ResetLife: 30 * time.Minute, AddressLife: 24 * time.Hour, Mails: 5, MailsDay: 10, Asks: 20}
}

// Room holds what recovery needs. Safe for concurrent use.
type Room struct {
	Ring     *secret.Ring
	Log      *audit.Log
	Budget   budget.Book
	Links    link.Book
	Post     *notice.Post
	Settings Settings
}
