package house

import (
	"watchword/web/person"
	"watchword/web/person/activity"
	"watchword/web/person/frame"
	"watchword/web/signedout"
	"watchword/web/signedout/welcome"
	"watchword/web/team"
)

// pages mounts every page.
func (h *House) pages() {
	r, home := &h.Rooms, h.Config.HomeCountry
	signedout.Mount(h.Door, signedout.Rooms{Join: r.Join, Accept: r.Accept, Login: r.Login, Entry: r.Entry, StepUp: r.StepUp, Reset: r.Reset, Change: r.Change,
		Operators: r.Operators, Texts: r.Texts, Home: home, Welcome: welcome.Options{
			Phone: "/profile/phone", Authenticator: "/profile/security/app", Passkey: "/profile/security/passkey"}})
	desk, list := frame.New(h.Door), activity.Template(h.Door)
	person.Mount(h.Door, desk, list, person.Rooms{Change: r.Change, Factors: r.Factors, Devices: r.Devices, Sessions: h.Sessions, Login: r.Login, Policy: r.Policy, Home: home})
	team.Mount(h.Door, desk, list, team.Rooms{Organisations: r.Organisations, Team: r.Team, Invitations: r.Invitations, Require: r.Require, Devices: r.Devices,
		Sessions: h.Sessions, Entry: r.Entry, Log: h.Audit, Home: home})
	h.contactPages(desk)
	h.supportPages()
}
