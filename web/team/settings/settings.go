// Package settings holds the pages of the organisation that a person is in: its name, its users, its audit log (OU18).
// Every one of them asks the organisation's own operations, which answer NotFound to people who are no members (OU17).
package settings

import (
	"watchword/account/factor"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/organisation"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// Rooms are what the pages read and call.
type Rooms struct {
	Organisations *organisation.Rooms
	Factors       *factor.Room
	Log           *audit.Log
}

type pages struct {
	Rooms
	desk *frame.Desk
	list *look.Page
}

// Mount registers /settings/organisation, /settings/users and /settings/audit. list is the page of an audit stream.
func Mount(d *web.Door, desk *frame.Desk, list *look.Page, r Rooms) {
	p := &pages{Rooms: r, desk: desk, list: list}
	d.GetIn("/settings/organisation", frame.With(p.inside(func(f *frame.Page, m organisation.Membership) error { return p.organisation(f, m, 0, m.Name, nil) })))
	d.PostIn("/settings/organisation", frame.With(p.inside(p.rename)))
	d.GetIn("/settings/users", frame.With(p.inside(p.users)))
	d.GetIn("/settings/audit", frame.With(p.inside(p.audit)))
	d.PostIn("/settings/audit.csv", frame.With(p.inside(p.export)))
}

// inside gives the handler the organisation switched to, or the one that the address names: an id of another
// organisation is looked up like any other and is not found. People in none are led to the list.
func (p *pages) inside(h func(f *frame.Page, m organisation.Membership) error) frame.Handler {
	return func(f *frame.Page) error {
		if named := f.Q.Query("organisation"); named != "" {
			m, err := organisation.Get(f.Q.Context(), f.Q.Door.DB, f.Q.Who, id.Organisation(named))
			if err != nil {
				return err
			}
			return h(f, m)
		}
		m, ok := f.Current()
		if !ok {
			f.Q.Flash(look.Note, "Choose an organisation first.")
			return f.Q.Go("/organisations")
		}
		return h(f, m)
	}
}

func crumbs(m organisation.Membership) []look.Link {
	return []look.Link{{Label: "Settings", Href: "/settings/organisation"}, {Label: m.Name}}
}

func tabs(m organisation.Membership, current string) []look.Tab {
	all := []look.Tab{{Label: "Organisation", Href: "/settings/organisation"}, {Label: "Users", Href: "/settings/users"}}
	if m.Role == organisation.Owner {
		all = append(all, look.Tab{Label: "Audit log", Href: "/settings/audit"})
	}
	for i := range all {
		all[i].Current = all[i].Label == current
	}
	return all
}

func (p *pages) organisation(f *frame.Page, m organisation.Membership, status int, typed string, problems look.Problems) error {
	s := f.Frame("Organisation", frame.Settings)
	s.Crumbs, s.Tabs = crumbs(m), tabs(m, "Organisation")
	facts := look.Facts{Rows: []look.Fact{{Label: "Your role", Value: role(m.Role)}, {Label: "Created", Value: f.Day(m.CreatedAt)}, {Label: "Id", Value: look.Mono(m.ID), Note: "Support asks for it"}}}
	if m.Role != organisation.Owner {
		s.Lead = "Only an owner can change this."
		facts.Rows = append([]look.Fact{{Label: "Name", Value: m.Name}}, facts.Rows...)
		return p.desk.ShowParts(f, s, look.Card{Title: m.Name, Body: []any{facts}})
	}
	s.Lead = "What every user of it sees. You can change it as an owner."
	return p.desk.ShowForm(f, status, s, frame.Form{Action: "/settings/organisation", Problems: problems,
		Before:  []any{look.Card{Title: m.Name, Body: []any{facts}}},
		Fields:  []any{look.Text{Name: "name", Label: "Name", Hint: "1 to 200 characters.", Value: typed, Error: problems.For("name"), Autocomplete: "organization"}},
		Buttons: look.Actions{look.Button{Label: "Save changes", Kind: look.Filled, Busy: "Saving"}}})
}

func (p *pages) rename(f *frame.Page, m organisation.Membership) error {
	typed := f.Q.Value("name")
	o, err := p.Organisations.Rename(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.ID, typed)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.organisation(f, m, status, typed, problems) })
	}
	f.Q.Flash(look.Good, "The organisation is called "+o.Name+" now.")
	return f.Q.Go("/settings/organisation")
}

func role(r organisation.Role) any {
	if r == organisation.Owner {
		return look.Mark{Label: "Owner"}
	}
	return "Member"
}
