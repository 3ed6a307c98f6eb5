// Package join is registering: the form, the mail, the link. A person exists only once the address was proved; until
// then there is a sign-up. Whether an address belongs to somebody already is never visible: the same rows are written,
// the same work is done, and only the mail differs (RP8, C11).
package join

import (
	"time"

	"watchword/account/captcha"
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/password"
	"watchword/base/audit"
	"watchword/base/secret"
)

// Settings of registering.
type Settings struct {
	TermsVersion string        // of the text at /terms; default "1"
	LinkLife     time.Duration // default 24 h
	CoolDown     time.Duration // between two mails of one sign-up; default 60 s
	Sends        int           // mails of one sign-up; default 5
	Mails        int           // to one address an hour; default 5
	MailsDay     int           // and a day; default 10
	Tries        int           // passwords tried at a link opened in another browser; default 10
	CaptchaHere  int           // sign-ups an hour from one network address before a CAPTCHA; default 3
	CaptchaAll   int           // sign-ups in ten minutes overall before a CAPTCHA; default 30
	HeldAnHour   int           // mails an hour to sign-ups that skipped the CAPTCHA; default 60
}

// Defaults are those of decisions 15 and security.md part 3.
func Defaults() Settings {
	return Settings{TermsVersion: "1", LinkLife: 24 * time.Hour, CoolDown: time.Minute, Sends: 5, Mails: 5, MailsDay: 10, Tries: 10,
		CaptchaHere: 3, CaptchaAll: 30, HeldAnHour: 60}
}

// Desk is where people register. Safe for concurrent use.
type Desk struct {
	Ring     *secret.Ring
	Log      *audit.Log
	Hasher   *password.Hasher
	Policy   password.Policy
	Captcha  captcha.Maker
	Links    link.Book
	Post     *notice.Post
	Settings Settings
}

// Form is what a newcomer typed.
type Form struct {
	Username, Email, Password string
	Terms                     bool
	Captcha                   string // the widget's answer, "" without JavaScript
	Language, Zone, Country   string // guessed from the browser; unknown ones become en, UTC and none
}

// Waiting is a sign-up that waits for its link, as the browser that registered sees it.
type Waiting struct {
	Browser   string // on registering only: the token for this browser's cookie; it holds nothing else
	Username  string
	Email     string
	Held      bool  // the mail comes later, because the CAPTCHA was skipped
	SentAt    int64 // micros: when the newest mail was, or will be, sent
	ResendAt  int64 // micros: when another may be asked for; 0 when no more are sent
	ExpiresAt int64 // micros
}

// Confirmation is what the page behind the link shows.
type Confirmation struct {
	Username string
	Email    string
	// Same: it was opened in the browser that registered. Elsewhere the password is asked for (decisions 17).
	Same bool
}
