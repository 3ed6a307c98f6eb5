// Package settings holds the pages of the organisation that a person is in: its people, how it protects itself, its
// business details, its audit log (LF15-LF19, OU3-OU18, RP18, RP20). Every one of them asks the organisation's own
// operations, which answer NotFound to people who are no members (OU17) and Forbidden to members who are no owners (OU6).
package settings

import (
	"net/url"

	"watchword/account/device"
	"watchword/account/require"
	"watchword/account/team"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/organisation"
	"watchword/organisation/invite"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// Rooms are what the pages read and call.
type Rooms struct {
	Organisations *organisation.Rooms
	Team          *team.Room
	Invitations   *invite.Room
	Require       *require.Room
	Devices       *device.Room
	Sessions      *session.Book
	Log           *audit.Log
	Home          string // country for numbers in national spelling where the organisation has none
}

type pages struct {
	Rooms
	desk                             *frame.Desk
	list, page, policies, memberPage *look.Page
}

// Mount registers /settings and everything below it. list is the page of an audit stream.
func Mount(d *web.Door, desk *frame.Desk, list *look.Page, r Rooms) {
	p := &pages{Rooms: r, desk: desk, list: list, page: d.Look.Page(files, "window.html"), policies: d.Look.Page(files, "policy.html"),
		memberPage: d.Look.Page(files, "member.html")}
	get := func(path string, h func(*frame.Page, organisation.Member) error) {
		d.GetIn(path, frame.With(p.entered(organisation.Owns, h)))
	}
	post := func(path string, h func(*frame.Page, organisation.Member) error) {
		d.PostIn(path, frame.With(p.entered(organisation.Owns, h)))
	}
	d.GetIn("/settings", frame.Inside(p.find))
	p.mountUsers(get, post)
	p.mountSecurity(get, post)
	p.mountOrganisation(get, post)
	d.GetIn("/settings/organisation/leave", frame.With(p.entered(organisation.Anybody, p.askLeave)))
	d.PostIn("/settings/organisation/leave", frame.With(p.entered(organisation.Anybody, p.leave)))
	get("/settings/audit", p.audit)
	post("/settings/audit.csv", p.export)
}

// register is Mount's get and post: pages for owners.
type register func(path string, h func(*frame.Page, organisation.Member) error)

// entered gives the handler the organisation switched to, or the one that the address or the form names: an id of
// another organisation is looked up like any other and is not found. People in none are led to the list.
func (p *pages) entered(need organisation.Permission, h func(f *frame.Page, m organisation.Member) error) frame.Handler {
	return func(f *frame.Page) error {
		org := id.Organisation(f.Q.Query(inField))
		if org == "" {
			org = id.Organisation(f.Q.Value(inField))
		}
		if org == "" {
			current, ok := f.Current()
			if !ok {
				f.Q.Flash(look.Note, "Choose an organisation first.")
				return f.Q.Go("/organisations")
			}
			org = current.ID
		}
		var m organisation.Member
		err := f.Q.Door.DB.ReadOne(f.Q.Context(), func(tx *store.Tx) (err error) {
			m, err = organisation.Enter(tx, org, f.Q.Who, need)
			return err
		})
		if err != nil {
			return err
		}
		return h(f, m)
	}
}

// inField names the organisation that a form was drawn for, so that switching in another window cannot turn it on
// another one.
const inField = "organisation"

func within(m organisation.Member) look.Hidden {
	return look.Hidden{Name: inField, Value: string(m.Organisation)}
}

// path is a page of the organisation, with its id where it is not the one switched to.
func path(f *frame.Page, m organisation.Member, to string) string {
	if m.Organisation == f.Q.Session.Organisation {
		return to
	}
	return to + "?" + url.Values{inField: {string(m.Organisation)}}.Encode()
}

// done leads to a page of the organisation and says there what happened.
func done(f *frame.Page, m organisation.Member, to, words string) error {
	f.Q.Flash(look.Good, words)
	return f.Q.Go(path(f, m, to))
}

func crumbs(m organisation.Member, more ...look.Link) []look.Link {
	return append([]look.Link{{Label: "Settings", Href: "/settings"}, {Label: m.OrgName}}, more...)
}

// below are the crumbs of a page under one of the tabs.
func below(tab, href, last string) []look.Link {
	return []look.Link{{Label: "Settings", Href: "/settings"}, {Label: tab, Href: href}, {Label: last}}
}

func tabs(current string) []look.Tab {
	all := []look.Tab{{Label: "Users", Href: "/settings/users"}, {Label: "Security", Href: "/settings/security"}, {Label: "Trusted devices", Href: "/settings/security/devices"},
		{Label: "Business details", Href: "/settings/organisation"}, {Label: "Audit log", Href: "/settings/audit"}}
	for i := range all {
		all[i].Current = all[i].Label == current
	}
	return all
}

// form is a page that is one form of the organisation.
func (p *pages) form(f *frame.Page, m organisation.Member, status int, s look.SignedIn, form frame.Form) error {
	form.Fields = append([]any{within(m)}, form.Fields...)
	return p.desk.ShowForm(f, status, s, form)
}

func role(r organisation.Role) any {
	if r == organisation.Owner {
		return look.Mark{Label: "Owner"}
	}
	return "Member"
}

// danger asks once more before something that cannot be undone.
func danger(act, back string) look.Actions {
	return look.Actions{look.Button{Label: act, Kind: look.DestructiveFilled}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: back}}
}
