// Package home is the first page after the log-in: what is set up, what is not yet, and the next step.
package home

import (
	"slices"
	"strconv"

	"watchword/organisation"
	"watchword/signin/change"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/activity"
	"watchword/web/person/frame"
)

type pages struct {
	desk     *frame.Desk
	change   *change.Room
	sessions *session.Book
}

// Mount registers the start page.
func Mount(d *web.Door, desk *frame.Desk, room *change.Room, sessions *session.Book) {
	p := &pages{desk: desk, change: room, sessions: sessions}
	d.GetIn("/{$}", frame.Inside(p.show))
}

// recent is how many lines of activity stand on the page.
const recent = 5

func (p *pages) show(f *frame.Page) error {
	overview, err := p.change.Look(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return err
	}
	sessions, err := p.sessions.List(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return err
	}
	rows, _, err := activity.Stream(f, activity.Asked{}.Filter(f.Zone), recent)
	if err != nil {
		return err
	}
	s := f.Frame("Hello, "+f.Me.Called(), frame.Home)
	current, in := f.Current()
	switch {
	case in:
		s.Lead = "You are in " + current.Name + "."
	case len(f.Mine) > 0:
		s.Lead = "Choose the organisation you want to work in."
	default:
		s.Lead = "Your profile is ready. It is yours for life, whichever organisation you join or leave."
	}
	parts := []any{}
	if len(f.Mine) == 0 {
		parts = append(parts, look.Empty{Title: "Make your first organisation", Words: "Users, messages and bills belong to an organisation. You own the one you make, and you can make several.",
			Actions: []look.Component{look.Button{Label: "Create an organisation", Icon: "plus", Kind: look.Filled, Href: "/organisations/new"}}})
	}
	if in {
		if card, ok := next(f, current); ok {
			parts = append(parts, card)
		}
	}
	table := activity.Table(f, activity.Asked{}, rows, 0, "/profile/activity", false)
	table.Inside, table.Foot = true, nil
	card := look.Card{Title: "Latest activity", Lead: "Something here that was not you? Change your password at once.", Flush: true, Body: []any{table},
		Actions: []look.Component{look.Button{Label: "All activity", Small: true, Href: "/profile/activity"}}}
	parts = append(parts, frame.Columns{ready(f, overview), placesCard(f, current, in, len(sessions))}, card)
	return p.desk.ShowParts(f, s, parts...)
}

// next leads on in the organisation, to what this person may do there.
func next(f *frame.Page, m organisation.Membership) (look.Card, bool) {
	owner := m.Role == organisation.Owner
	steps := []struct {
		may                             bool
		icon, title, note, label, about string
		href                            string
	}{
		{owner, "user-plus", "Users", "Invite the people you work with, each by an email of their own", "Invite", "a user", "/settings/users/invite"},
		{owner, "shield-check", "Log-in policy", "When a code is asked for, and whether everybody needs two-factor", "See", "the log-in policy", "/settings/security"},
		{owner || slices.Contains(m.May, organisation.Contacts), "book-user", "Contacts", "Bring in a file, or type the people you write to", "Import", "contacts", "/contacts/import"},
	}
	var list look.Entries
	for _, x := range steps {
		if x.may {
			list = append(list, look.Entry{Icon: x.icon, Title: x.title, Note: x.note, Actions: []look.Component{look.Button{Label: x.label, About: x.about, Small: true, Href: x.href}}})
		}
	}
	return look.Card{Title: "Go on in " + m.Name, Flush: true, Body: []any{list}}, len(list) > 0 && !m.Suspended
}

// ready lists what makes a profile safe, with the next step for what is missing.
func ready(f *frame.Page, o change.Overview) look.Card {
	strong := len(o.Factors) > 0 && !o.OneMailbox
	steps := []struct {
		done             bool
		title, yes, no   string
		href, act, about string
	}{
		{true, "Email address", f.Me.Email + " is confirmed", "", "", "", ""},
		{strong, "Two-factor", named(len(o.Factors), "second factor") + " set up", "A password alone can be stolen", "/profile/security/add", "Set up", "two-factor"},
		{o.Codes.Left > 2 && o.Codes.SavedAt > 0, "Recovery codes", strconv.Itoa(o.Codes.Left) + " left", "The way back when your phone is lost", "/profile/security/recovery-codes", "Make", "recovery codes"},
		{confirmed(o), "Recovery address", "A second mailbox is confirmed", "A second mailbox for notices and recovery", "/profile/security/recovery-address", "Add", "a recovery address"},
	}
	if len(o.Factors) == 0 { // codes stand in for a second factor, so that comes first
		steps[2].href = ""
	}
	done := 0
	var list look.Entries
	for _, x := range steps {
		e := look.Entry{Icon: "circle-check", Title: x.title, Note: x.yes}
		if x.done {
			done++
			e.Mark = &look.Mark{Tone: look.Good, Icon: "check", Label: "Ready"}
		} else {
			e.Icon, e.Note = "circle-alert", x.no
			if x.href != "" {
				e.Actions = []look.Component{look.Button{Label: x.act, About: x.about, Small: true, Href: x.href}}
			}
		}
		list = append(list, e)
	}
	return look.Card{Title: "How safe your profile is", Lead: look.Tally{Left: done, Of: len(steps), Words: strconv.Itoa(done) + " of " + strconv.Itoa(len(steps)) + " ready"}, Flush: true, Body: []any{list}}
}

func confirmed(o change.Overview) bool {
	for _, x := range o.Addresses {
		if x.ConfirmedAt > 0 {
			return true
		}
	}
	return false
}

// placesCard is where the person is: organisation, role, sessions.
func placesCard(f *frame.Page, current organisation.Membership, in bool, sessions int) look.Card {
	rows := []look.Fact{}
	if in {
		role := "Member"
		if current.Role == organisation.Owner {
			role = "Owner"
		}
		rows = append(rows, look.Fact{Label: "Organisation", Value: current.Name, Note: role + " since " + f.Day(current.JoinedAt), Change: "/organisations", ChangeLabel: "Switch"})
	} else {
		rows = append(rows, look.Fact{Label: "Organisation", Value: "None chosen", Change: "/organisations", ChangeLabel: "Choose"})
	}
	rows = append(rows, look.Fact{Label: "Logged in", Value: f.When(f.Q.Session.CreatedAt), Note: f.Proved()},
		look.Fact{Label: "Sessions", Value: named(sessions, "session"), Change: "/profile/security", ChangeLabel: "Manage"},
		look.Fact{Label: "Time zone", Value: f.Me.Zone, Note: "It is " + f.Clock(f.Now) + " there", Change: "/profile"})
	return look.Card{Title: "Where you are", Body: []any{look.Facts{Rows: rows}}}
}

func named(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
