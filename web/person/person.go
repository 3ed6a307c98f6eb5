// Package person puts the pages about oneself together: start page, profile, security, activity, closing.
package person

import (
	"watchword/account/device"
	"watchword/account/factor"
	"watchword/account/password"
	"watchword/signin/change"
	"watchword/signin/login"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/activity"
	"watchword/web/person/closing"
	"watchword/web/person/details"
	"watchword/web/person/devices"
	"watchword/web/person/frame"
	"watchword/web/person/home"
	"watchword/web/person/security"
)

// Rooms are what the pages read and call.
type Rooms struct {
	Change   *change.Room
	Factors  *factor.Room
	Devices  *device.Room
	Sessions *session.Book
	Login    *login.Room
	Policy   password.Policy // to say how long a new password must be
	Home     string          // country chosen first where a number is typed
}

// Mount registers the pages. desk and list are shared with the team's.
func Mount(d *web.Door, desk *frame.Desk, list *look.Page, r Rooms) {
	home.Mount(d, desk, r.Change, r.Sessions)
	details.Mount(d, desk, r.Change, r.Policy)
	security.Mount(d, desk, security.Rooms{Change: r.Change, Factors: r.Factors, Sessions: r.Sessions, Login: r.Login, Home: r.Home})
	devices.Mount(d, desk, r.Devices)
	activity.Mount(d, list)
	closing.Mount(d, desk, r.Change)
}
