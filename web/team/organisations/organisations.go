// Package organisations holds the pages on which a person sees the own organisations, goes from one to another and makes
// new ones (OU1, OU12).
package organisations

import (
	"embed"
	"net/http"
	"strconv"
	"time"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/organisation"
	"watchword/signin/entry"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

//go:embed *.html
var files embed.FS

// bindLife is how long the way back to an organisation is remembered while a second factor is set up for it.
const bindLife = 30 * time.Minute

type pages struct {
	desk     *frame.Desk
	rooms    *organisation.Rooms
	sessions *session.Book
	entry    *entry.Room
	gate     *look.Page
}

// Mount registers /organisations, /organisations/new, /organisations/switch and /organisations/enter.
func Mount(d *web.Door, desk *frame.Desk, rooms *organisation.Rooms, sessions *session.Book, door *entry.Room) {
	p := &pages{desk: desk, rooms: rooms, sessions: sessions, entry: door, gate: d.Look.Page(files, "enter.html")}
	p.mountEnter(d)
	d.GetIn("/organisations", frame.With(p.list))
	d.GetIn("/organisations/new", frame.With(func(f *frame.Page) error {
		return p.form(f, http.StatusOK, organisation.NewID(f.Q.Door.DB), "", nil)
	}))
	d.PostIn("/organisations/new", frame.With(p.create))
	d.PostIn("/organisations/switch", p.change)
}

func (p *pages) list(f *frame.Page) error {
	s := f.Frame("Organisations", frame.Organisations)
	s.Tabs, s.Lead = frame.Tabs("Organisations"), "One log-in opens them all. The one you were last in is the one you begin in next time."
	add := look.Button{Label: "Create an organisation", Icon: "plus", Kind: look.Filled, Href: "/organisations/new"}
	if len(f.Mine) == 0 {
		return p.desk.ShowParts(f, s, look.Empty{Title: "You are in no organisation yet", Words: "Users, messages and bills belong to an organisation. You own the one you make, and you can make several.",
			Actions: []look.Component{add}})
	}
	s.Actions = []look.Component{add}
	t := look.Table{ID: "organisations", Caption: "Organisations", Columns: []look.Column{{Title: "Organisation"}, {Title: "Your role", Phone: look.PhoneSide}, {Title: "Since"}, {Title: "State"},
		{Title: "Switch", Quiet: true, Fit: true, Phone: look.PhoneActs}}}
	current, in := f.Current()
	for _, m := range f.Mine {
		role, state := any("Member"), any(look.Fine("Ready"))
		if m.Role == organisation.Owner {
			role = look.Mark{Label: "Owner"}
		}
		if m.Suspended {
			state = look.Mark{Tone: look.Warn, Icon: "ban", Label: "Suspended"}
		}
		leave := look.Button{Label: "Leave", About: m.Name, Small: true, Href: "/settings/organisation/leave?organisation=" + string(m.ID)}
		act := any(look.Post{Action: "/organisations/switch", Fields: []look.Hidden{{Name: "organisation", Value: string(m.ID)}}, Button: look.Button{Label: "Switch", About: "to " + m.Name, Small: true}})
		if in && m.ID == current.ID {
			act = look.Mark{Tone: look.Good, Icon: "check", Label: "You are here"}
		}
		t.Rows = append(t.Rows, look.Row{ID: "row-" + string(m.ID), Cells: []any{look.Pair{Avatar: m.Name, Main: m.Name, Note: string(m.ID)}, role, f.Day(m.JoinedAt), state,
			[]any{look.HTML(`<div class="actions">`), act, leave, look.HTML(`</div>`)}}})
	}
	count := strconv.Itoa(len(f.Mine)) + " organisations"
	if len(f.Mine) == 1 {
		count = "1 organisation"
	}
	t.Foot = &look.Paging{Words: count}
	return p.desk.ShowParts(f, s, t)
}

func (p *pages) form(f *frame.Page, status int, made id.Organisation, name string, problems look.Problems) error {
	s := f.Frame("Create an organisation", frame.Organisations)
	s.Crumbs = []look.Link{{Label: "Organisations", Href: "/organisations"}, {Label: "New"}}
	s.Lead = "You become its owner. Nobody else sees anything of it until you invite them."
	return p.desk.ShowForm(f, status, s, frame.Form{Action: "/organisations/new", Problems: problems, Fields: []any{look.Hidden{Name: "id", Value: string(made)},
		look.Text{Name: "name", Label: "Name", Hint: "As your customers and colleagues know it.", Value: name, Error: problems.For("name"), Autocomplete: "organization"}},
		Buttons: frame.Save("Create organisation", "/organisations")})
}

// create makes the organisation and goes there. The id in the form makes a double press one organisation.
func (p *pages) create(f *frame.Page) error {
	q := f.Q
	made, name := id.Organisation(q.Value("id")), q.Value("name")
	o, err := p.rooms.Create(q.Context(), q.Door.DB, q.Who, organisation.Form{ID: made, Name: name})
	if problem.HasCode(err, "form_used") {
		made = organisation.NewID(q.Door.DB)
	}
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.form(f, status, made, name, problems) })
	}
	if err := p.sessions.Switch(q.Context(), q.Door.DB, q.Who, o.ID); err != nil {
		return err
	}
	q.Flash(look.Good, o.Name+" is ready. You are its owner, and you are in it now.")
	return q.Go("/")
}

func (p *pages) change(q *web.Request) error {
	org := id.Organisation(q.Value("organisation"))
	if org == "" {
		return q.Go("/organisations")
	}
	if err := p.sessions.Switch(q.Context(), q.Door.DB, q.Who, org); err != nil {
		return err
	}
	return q.Go("/")
}
