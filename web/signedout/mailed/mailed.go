// Package mailed holds the page behind the link by which a change of number is taken back. It needs no session, because
// a mail is often opened in another browser. Opening it changes nothing; the button does (C51, B11, B12).
package mailed

import (
	"embed"
	"net/http"

	"watchword/account/link"
	"watchword/base/problem"
	"watchword/signin/change"
	"watchword/web"
	"watchword/web/look"
)

//go:embed *.html
var files embed.FS

type page struct {
	Once   look.Hidden
	About  string
	Token  string
	Action string
	Banner look.Component
	Go     look.Button
}

// Mount registers the page.
func Mount(d *web.Door, room *change.Room) {
	p := d.Look.Page(files, "mailed.html")
	path := link.CancelNumber.Path()
	d.Get(path, func(q *web.Request) error {
		about, err := room.LookTakeBack(q.Context(), q.Door.DB, q.Query("token"))
		if err != nil {
			return refuse(q, p, err)
		}
		return q.Show(p, http.StatusOK, look.SignedOut{Title: "Take the change of number back"}, page{Once: q.Once(), About: about, Token: q.Query("token"), Action: path,
			Go: look.Button{Label: "Take it back", Kind: look.Filled, Full: true}})
	})
	d.Post(path, func(q *web.Request) error {
		if err := room.TakeBack(q.Context(), q.Door.DB, q.Origin(), q.Value("token")); err != nil {
			return refuse(q, p, err)
		}
		q.DropCookie(web.SessionCookie)
		return q.Go(path + "/done") // a second press is told the same, not that the link was used
	})
	d.Get(path+"/done", func(q *web.Request) error {
		return q.Show(p, http.StatusOK, look.SignedOut{Title: "The change is taken back"}, page{
			Banner: look.Banner{Tone: look.Good, Title: "The former number counts again.", Words: "Every session has ended. Choose a new password now: somebody may know the old one."},
			Go:     look.Button{Label: "Choose a new password", Href: "/forgot", Kind: look.Filled, Full: true}})
	})
}

// refuse says what is the matter with a link.
func refuse(q *web.Request, p *look.Page, err error) error {
	e := problem.As(err)
	if e == nil || e.Kind == problem.KindUnavailable {
		return err
	}
	return q.Show(p, e.Kind.Status(), look.SignedOut{Title: "This link does not work"}, page{
		Banner: look.Banner{Tone: look.Warn, Words: e.Message}, Go: look.Button{Label: "Help", Href: "/help#link", Full: true}})
}
