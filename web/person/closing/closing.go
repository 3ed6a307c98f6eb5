// Package closing is the page on which a person closes the own profile for good (RP17).
package closing

import (
	"embed"
	"net/http"
	"strconv"

	"watchword/organisation"
	"watchword/signin/change"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

//go:embed *.html
var files embed.FS

type pages struct {
	desk   *frame.Desk
	closed *look.Page
	change *change.Room
}

// Mount registers /profile/close and the page after it.
func Mount(d *web.Door, desk *frame.Desk, room *change.Room) {
	p := &pages{desk: desk, closed: d.Look.Page(files, "closed.html"), change: room}
	d.GetIn("/profile/close", frame.With(func(f *frame.Page) error { return p.ask(f, 0, nil) }))
	d.PostIn("/profile/close", frame.With(p.close))
	d.Get("/profile/closed", p.gone)
}

func (p *pages) ask(f *frame.Page, status int, problems look.Problems) error {
	alone, err := organisation.Alone(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return err
	}
	s := f.Frame("Close your profile for good?", frame.Profile)
	s.Crumbs = []look.Link{{Label: "Profile", Href: "/profile"}, {Label: "Close profile"}}
	if len(alone) > 0 && len(problems) == 0 {
		return p.refuse(f, s, alone)
	}
	s.Lead = "It cannot be undone. You can log in nowhere any more."
	return p.desk.ShowForm(f, status, s, frame.Form{Action: "/profile/close", Problems: problems, Fields: []any{look.Facts{Well: true, Rows: []look.Fact{
		{Label: "Profile", Value: f.Me.LoginName()}, {Label: "Organisations you leave", Value: strconv.Itoa(len(f.Mine))},
		{Label: "Sessions", Value: "All end at once"}, {Label: "Second factors, recovery codes", Value: "All are removed"}}}},
		Buttons: look.Actions{look.Button{Label: "Close my profile", Kind: look.DestructiveFilled, Busy: "Closing"}, look.Button{Label: "Keep it", Kind: look.Quiet, Href: "/profile"}}})
}

// refuse says what stands in the way before anything is asked for.
func (p *pages) refuse(f *frame.Page, s look.SignedIn, alone []organisation.Membership) error {
	s.Title = "Close your profile"
	list := look.Entries{}
	for _, o := range alone {
		list = append(list, look.Entry{Avatar: o.Name, Title: o.Name, Note: "You are its only owner", Actions: []look.Component{
			look.Button{Label: "Transfer", About: o.Name, Small: true, Href: "/settings/users?organisation=" + string(o.ID)},
			look.Button{Label: "Delete", About: o.Name, Small: true, Kind: look.Quiet, Href: "/settings/organisation/delete?organisation=" + string(o.ID)}}})
	}
	return p.desk.ShowParts(f, s, look.Banner{Tone: look.Warn, Title: "Your profile cannot be closed yet.",
		Words: "An organisation needs an owner. Transfer each of these to another user, or delete it; then come back here."}, look.Card{Title: "Only you own", Flush: true, Body: []any{list}},
		look.Button{Label: "Back to your profile", Href: "/profile"})
}

func (p *pages) close(f *frame.Page) error {
	q := f.Q
	if err := p.change.Close(q.Context(), q.Door.DB, q.Who); err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.ask(f, status, problems) })
	}
	q.DropCookie(web.SessionCookie)
	q.ClearSite()
	return q.Go("/profile/closed")
}

// gone says that it is done, to whom it was done: nobody is logged in any more.
func (p *pages) gone(q *web.Request) error {
	if q.SignedIn() {
		return q.Go("/profile")
	}
	return q.Show(p.closed, http.StatusOK, look.SignedOut{Title: "Your profile is closed", Lead: "You are logged out everywhere. We have told all your addresses."},
		look.Button{Label: "Go to the start page", Href: "/login", Full: true})
}
