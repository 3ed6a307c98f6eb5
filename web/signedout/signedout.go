// Package signedout puts together the pages for people who are not logged in, and those that lead in: registering,
// logging in, proving who one is, the forgotten password, help and terms.
package signedout

import (
	"watchword/account/accept"
	"watchword/account/join"
	"watchword/account/operator"
	"watchword/signin/change"
	"watchword/signin/entry"
	signin "watchword/signin/login"
	resetting "watchword/signin/reset"
	stepping "watchword/signin/stepup"
	"watchword/web"
	"watchword/web/signedout/invited"
	"watchword/web/signedout/login"
	"watchword/web/signedout/mailed"
	"watchword/web/signedout/operators"
	"watchword/web/signedout/papers"
	"watchword/web/signedout/register"
	"watchword/web/signedout/reset"
	"watchword/web/signedout/stepup"
	"watchword/web/signedout/welcome"
)

// Rooms are what the pages call.
type Rooms struct {
	Join   *join.Desk
	Accept *accept.Room
	Login  *signin.Room
	Entry  *entry.Room
	StepUp *stepping.Room
	Reset  *resetting.Room
	Change *change.Room
	// Operators is where those who host Watchword log in.
	Operators *operator.Desk
	Texts     papers.Texts
	Home      string // country whose phone numbers are read in national spelling
	// Welcome says where each factor is added.
	Welcome welcome.Options
}

// Mount registers all pages.
func Mount(d *web.Door, r Rooms) {
	papers.Mount(d, r.Texts)
	register.Mount(d, register.Options{Desk: r.Join, Login: r.Login, Home: r.Home})
	login.Mount(d, login.Options{Room: r.Login, Entry: r.Entry, Captcha: register.CaptchaPath})
	invited.Mount(d, invited.Options{Accept: r.Accept, Sessions: r.Login.Sessions, Home: r.Home})
	stepup.Mount(d, r.StepUp)
	reset.Mount(d, r.Reset)
	mailed.Mount(d, r.Change)
	welcome.Mount(d, r.Change, r.Entry, r.Welcome)
	operators.Mount(d, r.Operators)
}
