// Package team puts the pages of organisations together: the list, the switcher, and the settings of the one switched to.
package team

import (
	"watchword/account/factor"
	"watchword/base/audit"
	"watchword/organisation"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
	"watchword/web/team/organisations"
	"watchword/web/team/settings"
)

// Rooms are what the pages read and call.
type Rooms struct {
	Organisations *organisation.Rooms
	Factors       *factor.Room
	Sessions      *session.Book
	Log           *audit.Log
}

// Mount registers the pages. desk and list are shared with those of the person.
func Mount(d *web.Door, desk *frame.Desk, list *look.Page, r Rooms) {
	organisations.Mount(d, desk, r.Organisations, r.Sessions)
	settings.Mount(d, desk, list, settings.Rooms{Organisations: r.Organisations, Factors: r.Factors, Log: r.Log})
}
