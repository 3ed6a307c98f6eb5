package login

import (
	"net/http"
	"strconv"

	"watchword/account/link"
	"watchword/base/problem"
	"watchword/web"
	"watchword/web/look"
)

func itoa(n int) string { return strconv.Itoa(n) }

// links are the pages behind mailed links that let a log-in go on. Opening one changes nothing, pressing the button
// does (C51, B11).
func (p *pages) links(d *web.Door) {
	d.Post("/login/unlock/ask", p.askUnlock)
	unlock := link.UnlockLogin.Path()
	d.Get(unlock, func(q *web.Request) error {
		return p.showLink(q, p.room.LookUnlock(q.Context(), q.Door.DB, q.Query("token")), linkPage{Title: "Log in from this browser",
			Words: "Somebody tried wrong passwords for your profile, so strange browsers have to wait. With this button this browser gets ten tries at once.",
			Go:    "Let this browser log in", Action: unlock})
	})
	d.Post(unlock, func(q *web.Request) error {
		err := p.room.Unlock(q.Context(), q.Door.DB, q.Origin(), Browser(q), q.Value("token"))
		if err != nil {
			return p.showLink(q, err, linkPage{})
		}
		q.Flash(look.Good, "This browser may log in now.")
		return q.Go("/login")
	})
	wake := link.WakeLogin.Path()
	d.Get(wake, func(q *web.Request) error {
		return p.showLink(q, p.room.LookWake(q.Context(), q.Door.DB, q.Query("token")), linkPage{Title: "Go on logging in",
			Words: "You have not logged in for a long time. Press the button if it is you who is logging in now.",
			Go:    "It is me", Action: wake})
	})
	d.Post(wake, func(q *web.Request) error {
		err := p.room.Wake(q.Context(), q.Door.DB, q.Origin(), q.Value("token"))
		if err != nil {
			return p.showLink(q, err, linkPage{})
		}
		if q.Cookie(web.LoginCookie) != "" {
			return q.Go("/login/mail")
		}
		return q.Show(p.link, http.StatusOK, look.SignedOut{Title: "Thank you"}, linkPage{
			Words: "Go back to the window in which you were logging in, and press Continue there."})
	})
}

type linkPage struct {
	Title, Words, Token, Go, Action string
	Bad                             look.Component
	Button                          look.Component
}

// showLink shows the page behind a link, or what is the matter with it.
func (p *pages) showLink(q *web.Request, err error, v linkPage) error {
	status := http.StatusOK
	if err != nil {
		e := problem.As(err)
		if e == nil || e.Kind == problem.KindUnavailable {
			return err
		}
		status = e.Kind.Status()
		v.Words, v.Bad = "", look.Banner{Tone: look.Warn, Words: e.Message}
		v.Button = look.Button{Label: "Log in", Href: "/login", Full: true}
		return q.Show(p.link, status, look.SignedOut{Title: "This link does not work"}, v)
	}
	v.Token = q.Query("token")
	v.Button = look.Button{Label: v.Go, Kind: look.Filled, Full: true}
	return q.Show(p.link, status, look.SignedOut{Title: v.Title}, v)
}

func (p *pages) askUnlock(q *web.Request) error {
	if err := p.room.AskUnlock(q.Context(), q.Door.DB, q.Origin(), q.Value("username")); err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		return p.form(q, status, problems, false, nil)
	}
	return q.Show(p.link, http.StatusOK, look.SignedOut{Title: "Check your email"}, linkPage{
		Words:  "If there is a profile of this name, we have sent a link to its email address. It works once, for 30 minutes. Open it in this browser.",
		Button: look.Button{Label: "Back to log-in", Href: "/login", Full: true}})
}
