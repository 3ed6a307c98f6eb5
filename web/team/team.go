// Package team puts the pages of organisations together: the list, the switcher, and the settings of the one switched to.
package team

import (
	"watchword/account/device"
	"watchword/account/require"
	"watchword/account/team"
	"watchword/base/audit"
	"watchword/organisation"
	"watchword/organisation/invite"
	"watchword/signin/entry"
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
	Team          *team.Room
	Invitations   *invite.Room
	Require       *require.Room
	Devices       *device.Room
	Sessions      *session.Book
	Entry         *entry.Room
	Log           *audit.Log
	Home          string // country for numbers in national spelling where the organisation has none
}

// Mount registers the pages. desk and list are shared with those of the person.
func Mount(d *web.Door, desk *frame.Desk, list *look.Page, r Rooms) {
	organisations.Mount(d, desk, r.Organisations, r.Sessions, r.Entry)
	settings.Mount(d, desk, list, settings.Rooms{Organisations: r.Organisations, Team: r.Team, Invitations: r.Invitations, Require: r.Require, Devices: r.Devices,
		Sessions: r.Sessions, Log: r.Log, Home: r.Home})
}
