// Package support is where people ask for help, also when they are locked out (SO8), and where an owner stops with one
// press what an operator started.
package support

import (
	"embed"
	"net/http"

	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/guard"
	"watchword/support/request"
	"watchword/web"
	"watchword/web/look"
)

//go:embed *.html
var files embed.FS

type pages struct {
	room               *request.Room
	form, sent, cancel *look.Page
}

// Mount registers /support.
func Mount(d *web.Door, room *request.Room) {
	file := func(name string) *look.Page { return d.Look.Page(files, name) }
	p := &pages{room: room, form: file("support.html"), sent: file("sent.html"), cancel: file("cancel.html")}
	d.Get("/support", p.show)
	d.Post("/support", p.ask)
	d.Get("/support/sent", p.showSent)
	d.Get("/support/cancel", p.look)
	d.Post("/support/cancel", p.stop)
}

type formPage struct {
	Flash    *look.Flash
	Problems look.Problems
	Once     look.Hidden
	Fields   []look.Component
	Go       look.Button
	Mine     look.Component
	SignedIn bool
}

func (p *pages) show(q *web.Request) error { return p.draw(q, http.StatusOK, nil) }

func (p *pages) draw(q *web.Request, status int, problems look.Problems) error {
	name, address, org, kind := q.Value("name"), q.Value("email"), q.Value("organisation"), q.Value("kind")
	if q.SignedIn() && q.R.Method == http.MethodGet {
		if name = q.Session.Username; name == "" {
			name = q.Session.Email
		}
		address, org = q.Session.Email, q.Session.OrgName
	}
	if kind == "" {
		kind = string(request.LostPhone)
	}
	mail := look.Email("email", address, problems.For("email"))
	mail.Hint = "For the answer. Where your profile is known, we write to its own addresses only."
	mail.Optional = true
	v := formPage{Flash: q.TakeFlash(), Problems: problems, Once: q.Once(), SignedIn: q.SignedIn(), Go: look.Button{Label: "Send", Kind: look.Filled, Full: true, Busy: "Sending"},
		Fields: []look.Component{
			look.Text{Name: "name", Label: "Your name or username", Value: name, Error: problems.For("name"), Literal: true, Autocomplete: "username"}, mail,
			look.Select{Name: "kind", Label: "What do you need?", Value: kind, Error: problems.For("kind"), Options: []look.Option{
				{Value: string(request.LostPhone), Label: "I lost my phone or my second factor"},
				{Value: string(request.TwoFactorOff), Label: "Switch two-factor off for my organisation"},
				{Value: string(request.Other), Label: "Something else"}}},
			look.Text{Name: "organisation", Label: "Organisation", Value: org, Error: problems.For("organisation"), Optional: true, Autocomplete: "organization"},
			look.TextArea{Name: "message", Label: "Message", Hint: "What happened, and how we can reach you. Never write a password or a code.", Value: q.Value("message"), Error: problems.For("message"), Rows: 5}}}
	if q.SignedIn() {
		mine, err := p.mine(q)
		if err != nil {
			return err
		}
		v.Mine = mine
	}
	f := web.Card("Ask support", "For what you cannot do yourself: a person reads it. Support never asks for your password or a code.", problems)
	return q.Show(p.form, status, f, v)
}

// mine lists what a person who is logged in asked for, and how far it is.
func (p *pages) mine(q *web.Request) (look.Component, error) {
	all, err := p.room.Mine(q.Context(), q.Door.DB, q.Who)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var rows []look.Fact
	for _, r := range all {
		rows = append(rows, look.Fact{Label: kinds[r.Kind], Value: states[r.State], Note: store.Time(r.CreatedAt).In(q.Zone()).Format("2 January 2006 15:04")})
	}
	return look.Card{Title: "Your requests", Body: []any{look.Facts{Rows: rows}}}, nil
}

var kinds = map[request.Kind]string{request.LostPhone: "Lost phone", request.TwoFactorOff: "Two-factor off", request.Other: "Question"}

var states = map[request.State]string{request.Open: "Received", request.Taken: "Somebody looks after it", request.Started: "Started; the owners can still cancel it",
	request.Done: "Done", request.Cancelled: "Cancelled", request.Answered: "Answered by email"}

// ask leaves a request. The answer is the same whoever was named (C11).
func (p *pages) ask(q *web.Request) error {
	language := "en"
	if q.SignedIn() && q.Session.Language != "" {
		language = q.Session.Language
	}
	_, err := p.room.Ask(q.Context(), q.Door.DB, q.Who, request.Form{Name: q.Value("name"), Email: q.Value("email"), Kind: request.Kind(q.Value("kind")),
		Organisation: q.Value("organisation"), Message: q.Value("message"), Language: language})
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		return p.draw(q, status, problems)
	}
	return q.Go("/support/sent")
}

type sentPage struct {
	Facts look.Facts
	Go    look.Button
}

func (p *pages) showSent(q *web.Request) error {
	v := sentPage{Go: look.Button{Label: "Go to the start page", Href: "/", Full: true}, Facts: look.Facts{Rows: []look.Fact{
		{Label: "Next", Value: "A person reads it and makes sure who asks."},
		{Label: "Then", Value: "Every owner of the organisation is told, and can cancel."},
		{Label: "How long", Value: "Two people of ours must agree, or " + guard.Words(p.room.Settings.Delay) + " pass. This keeps others from taking your profile by asking nicely."}}}}
	return q.Show(p.sent, http.StatusOK, look.SignedOut{Title: "We have your request", Lead: "You need do nothing more."}, v)
}

type cancelPage struct {
	Problems look.Problems
	Once     look.Hidden
	Facts    look.Component
	Token    look.Component
	Go       look.Button
}

// look shows what a cancelling link would cancel; it changes nothing (C51, B11).
func (p *pages) look(q *web.Request) error {
	token := q.Query("token")
	r, no, err := p.room.LookLink(q.Context(), q.Door.DB, token)
	if err != nil {
		return err
	}
	if no != nil {
		return p.over(q, no)
	}
	return p.drawCancel(q, http.StatusOK, r, token)
}

func (p *pages) drawCancel(q *web.Request, status int, r request.Request, token string) error {
	v := cancelPage{Once: q.Once(), Go: look.Button{Label: "Cancel this", Kind: look.DestructiveFilled, Full: true, Busy: "Cancelling"}}
	at := func(micros int64) string { return store.Time(micros).In(q.Zone()).Format("2 January 2006 15:04 MST") }
	rows := []look.Fact{{Label: "About", Value: r.Subject}, {Label: "Reason", Value: r.Reason}, {Label: "Started", Value: at(r.StartedAt), Note: "By " + r.StartedName + " of support"}}
	title, lead := what[r.Kind], "Nothing has been changed yet. If nobody among you asked for this, cancel it."
	switch r.State {
	case request.Started:
		rows = append(rows, look.Fact{Label: "Takes effect", Value: at(r.DueAt), Note: "Or at once, when a second operator confirms it"})
		v.Token = look.Hidden{Name: "token", Value: token}
	case request.Done:
		lead = "This has taken effect, so it can no longer be cancelled. If nobody among you asked for it, write to support at once."
		rows = append(rows, look.Fact{Label: "Done", Value: at(r.EndedAt)})
	default:
		lead = "This was cancelled. Nothing was changed."
		rows = append(rows, look.Fact{Label: "Cancelled", Value: at(r.EndedAt), Note: by(r)})
	}
	v.Facts = look.Facts{Rows: rows}
	return q.Show(p.cancel, status, look.SignedOut{Title: title, Lead: lead}, v)
}

func by(r request.Request) string {
	if r.EndedName == "" {
		return ""
	}
	return "By " + r.EndedName
}

var what = map[request.Kind]string{request.LostPhone: "Support is to remove second factors", request.TwoFactorOff: "Support is to switch two-factor off"}

// over says that a link no longer leads anywhere.
func (p *pages) over(q *web.Request, no *problem.Error) error {
	return q.Show(p.cancel, no.Kind.Status(), look.SignedOut{Title: "This link cancels nothing", Lead: no.Message}, cancelPage{})
}

func (p *pages) stop(q *web.Request) error {
	token := q.Value("token")
	r, no, err := p.room.CancelByLink(q.Context(), q.Door.DB, q.Who, token)
	if err != nil {
		return err
	}
	if no != nil && r.ID == "" {
		return p.over(q, no)
	}
	if no != nil {
		return p.drawCancel(q, no.Kind.Status(), r, token)
	}
	return p.drawCancel(q, http.StatusOK, r, token)
}
