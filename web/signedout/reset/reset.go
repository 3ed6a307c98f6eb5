// Package reset holds the pages of the forgotten password: asking for the link, proving a bound factor or a recovery
// code where the profile has a second factor, and the new password. None of them logs in (RP15, C31-C33).
package reset

import (
	"embed"
	"net/http"
	"time"

	"watchword/account/link"
	"watchword/base/problem"
	"watchword/signin/proof"
	"watchword/signin/reset"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/signedout/login"
	"watchword/web/signedout/prove"
)

//go:embed *.html
var files embed.FS

// resetCookie carries the token of the link from step to step, so that no address after the first one holds it (C53).
const resetCookie = "reset"

type pages struct {
	room              *reset.Room
	flow              prove.Flow
	ask, sent, choose *look.Page
	say               *look.Page
}

// Mount registers /forgot and the pages behind its link.
func Mount(d *web.Door, room *reset.Room) {
	file := func(name string) *look.Page { return d.Look.Page(files, name) }
	p := &pages{room: room, ask: file("ask.html"), sent: file("sent.html"), choose: file("choose.html"), say: file("say.html")}
	p.flow = p.proofs()
	d.Get("/forgot", p.showAsk)
	d.Post("/forgot", p.send)
	d.Get("/forgot/sent", p.showSent)
	d.Get(base, p.show)
	d.Post(base, p.save)
	prove.Mount(d, &p.flow)
}

var base = link.ResetPassword.Path()

type askPage struct {
	Problems look.Problems
	Once     look.Hidden
	Name     look.Text
	Go       look.Button
}

func (p *pages) showAsk(q *web.Request) error { return p.asking(q, http.StatusOK, nil) }

func (p *pages) asking(q *web.Request, status int, problems look.Problems) error {
	v := askPage{Problems: problems, Once: q.Once(), Go: look.Button{Label: "Send me a link", Kind: look.Filled, Full: true, Busy: "Sending"},
		Name: look.Text{Name: "username", Label: "Username", Hint: "Or your email address", Value: q.Value("username"), Error: problems.For("username"),
			Autocomplete: "username", Literal: true}}
	return q.Show(p.ask, status, web.Card("Forgotten your password?", "We email you a link with which you choose a new one.", problems), v)
}

// send answers the same for names that nobody has (C11).
func (p *pages) send(q *web.Request) error {
	if err := p.room.Ask(q.Context(), q.Door.DB, reset.Form{Origin: q.Origin(), Name: q.Value("username")}); err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		web.Rename(problems, "name", "username")
		return p.asking(q, status, problems)
	}
	return q.Go("/forgot/sent") // so that a second press of the same form sends no second mail
}

func (p *pages) showSent(q *web.Request) error {
	return q.Show(p.sent, http.StatusOK, look.SignedOut{Title: "Check your email"}, nil)
}

// token is the link's, from its address, its form or the cookie.
func token(q *web.Request) string {
	if t := q.Value("token"); t != "" {
		return t
	}
	return q.Cookie(resetCookie)
}

type choosePage struct {
	Problems look.Problems
	Once     look.Hidden
	Token    string
	Name     string
	Action   string
	Password look.Password
	Go       look.Button
	Ways     look.Component
}

// show is the page behind the link: it uses nothing up (C51, B11).
func (p *pages) show(q *web.Request) error { return p.choosing(q, http.StatusOK, nil) }

func (p *pages) choosing(q *web.Request, status int, problems look.Problems) error {
	t := token(q)
	s, err := p.room.Look(q.Context(), q.Door.DB, t)
	if err != nil {
		return p.refuse(q, err)
	}
	q.SetCookie(resetCookie, t, time.Hour)
	if s.NeedsProof {
		return p.flow.ShowWays(q, status, problems)
	}
	v := choosePage{Problems: problems, Once: q.Once(), Token: t, Name: s.Name, Action: base,
		Password: login.NewPassword(problems.For("password"), s.MinPassword, "username"),
		Go:       look.Button{Label: "Save the new password", Kind: look.Filled, Full: true, Busy: "Saving"}}
	return q.Show(p.choose, status, web.Card("Choose a new password", "All your sessions end when you save it.", problems), v)
}

type sayPage struct {
	Banner look.Banner
	Go     look.Button
}

// refuse says what is the matter with a link.
func (p *pages) refuse(q *web.Request, err error) error {
	e := problem.As(err)
	if e == nil || e.Kind == problem.KindUnavailable {
		return err
	}
	q.DropCookie(resetCookie)
	return q.Show(p.say, e.Kind.Status(), look.SignedOut{Title: "This link does not work"}, sayPage{
		Banner: look.Banner{Tone: look.Warn, Words: e.Message}, Go: look.Button{Label: "Ask for a new link", Href: "/forgot", Full: true}})
}

func (p *pages) save(q *web.Request) error {
	err := p.room.Finish(q.Context(), q.Door.DB, q.Origin(), token(q), q.Value("password"))
	if err != nil {
		problems, status, ok := q.Refused(err, problem.KindForbidden)
		if !ok {
			return err
		}
		return p.choosing(q, status, problems)
	}
	q.DropCookie(resetCookie)
	q.DropCookie(web.SessionCookie)
	q.Flash(look.Good, "Your new password is saved. Log in with it.")
	return q.Go("/login")
}

func (p *pages) proofs() prove.Flow {
	outcome := func(r reset.Result, err error) (prove.Outcome, error) {
		if err != nil {
			return prove.Outcome{}, err
		}
		if !r.State.NeedsProof {
			return prove.Outcome{Leave: func(q *web.Request) error { return q.Go(base) }}, nil
		}
		return prove.Outcome{Notice: r.Notice}, nil
	}
	return prove.Flow{
		Base: base,
		Look: func(q *web.Request) (prove.State, prove.Outcome, error) {
			s, err := p.room.Look(q.Context(), q.Door.DB, token(q))
			if err != nil {
				if e := problem.As(err); e != nil && e.Kind != problem.KindUnavailable {
					return prove.State{}, prove.Outcome{Leave: func(q *web.Request) error { return p.refuse(q, err) }}, nil
				}
				return prove.State{}, prove.Outcome{}, err
			}
			if !s.NeedsProof {
				return prove.State{}, prove.Outcome{Leave: func(q *web.Request) error { return q.Go(base) }}, nil
			}
			words := "The link alone is not enough, so that nobody who reads your mail can get in."
			if sms, ok := proof.Options(s.View.Ways).Find(proof.SMS); !ok || sms.Former {
				words += " A mobile number counts here from 72 hours after it was added; until then the one it replaced does, or a recovery code."
			}
			return prove.State{View: s.View, Purpose: look.Banner{Icon: "key-round", Title: "This lets you choose a new password.", Words: words}}, prove.Outcome{}, nil
		},
		Choose: func(q *web.Request, w proof.Way) (prove.Outcome, error) {
			return outcome(p.room.Choose(q.Context(), q.Door.DB, q.Origin(), token(q), w))
		},
		Resend: func(q *web.Request) (prove.Outcome, error) {
			return outcome(p.room.Resend(q.Context(), q.Door.DB, q.Origin(), token(q)))
		},
		Enter: func(q *web.Request, w proof.Way, code string) (prove.Outcome, error) {
			return outcome(p.room.Enter(q.Context(), q.Door.DB, q.Origin(), token(q), w, code))
		},
		Options: func(q *web.Request) ([]byte, string, error) {
			return p.room.PasskeyOptions(q.Context(), q.Door.DB, q.Origin(), token(q))
		},
		Passkey: func(q *web.Request, ceremony string, answer []byte) (prove.Outcome, error) {
			return outcome(p.room.Passkey(q.Context(), q.Door.DB, q.Origin(), token(q), ceremony, answer))
		},
		Cancel: func(q *web.Request) error {
			q.DropCookie(resetCookie)
			return q.Go("/login")
		},
		Gone: func(q *web.Request) error { return q.Go("/forgot") },
	}
}
