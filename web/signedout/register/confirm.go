package register

import (
	"html/template"
	"net/http"
	"time"

	"watchword/account/join"
	"watchword/account/link"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/web"
	"watchword/web/look"
	start "watchword/web/signedout/login"
	"watchword/web/signedout/welcome"
)

// read is the sign-up of this browser; none when there is none any more.
func (p *pages) read(q *web.Request, browser string) (w join.Waiting, none bool, err error) {
	err = q.Door.DB.Read(q.Context(), func(tx *store.Tx) (err error) {
		var no *problem.Error
		w, no, err = p.Desk.Waiting(tx, browser)
		none = no != nil
		return err
	})
	return w, none, err
}

type waitingPage struct {
	Flash    *look.Flash
	Problems look.Problems
	Held     bool
	SentAt   string
	Resend   look.Component
}

func (p *pages) showWaiting(q *web.Request) error { return p.drawWaiting(q, http.StatusOK, nil) }

func (p *pages) drawWaiting(q *web.Request, status int, problems look.Problems) error {
	if q.SignedIn() {
		return q.Go("/")
	}
	w, none, err := p.read(q, q.Cookie(web.RegisterCookie))
	if err != nil {
		return err
	}
	if none {
		if q.Cookie(web.RegisterCookie) != "" {
			q.DropCookie(web.RegisterCookie)
			q.Flash(look.Note, "That registration is over. Log in if you have confirmed your address, or register again.")
		}
		return q.Go("/login")
	}
	v := waitingPage{Flash: q.TakeFlash(), Problems: problems, Held: w.Held}
	now := q.Door.DB.Now()
	if w.Held && w.SentAt > now {
		v.SentAt = web.Seconds(time.Duration(w.SentAt-now) * time.Microsecond)
	}
	if w.ResendAt > 0 {
		b := look.Button{Label: "Send the email again", Full: true}
		if wait := w.ResendAt - now; wait > 0 {
			b.Wait = int((wait + 999_999) / 1_000_000)
		}
		v.Resend = look.Post{Action: "/register/resend", Button: b}
	}
	return q.Show(p.waiting, status, web.Card("Check your email", look.HTML("We sent a link to <b>"+escape(w.Email)+"</b>. Open it to finish."), problems), v)
}

func (p *pages) resend(q *web.Request) error {
	_, no, err := p.Desk.Resend(q.Context(), q.Door.DB, q.Who, q.Cookie(web.RegisterCookie))
	if err != nil {
		return err
	}
	if no != nil {
		problems, status, _ := q.Refused(no)
		return p.drawWaiting(q, status, problems)
	}
	q.Flash(look.Good, "We sent another email. The link in the former one no longer works.")
	return q.Go("/register/waiting")
}

type confirmPage struct {
	Problems look.Problems
	Once     look.Hidden
	Token    string
	Action   string
	Username string
	Email    string
	Password look.Component
	Go       look.Button
	Banner   look.Component
}

// showLink is the page behind the link. Opening it, by a person or by a scanner, changes nothing (C51, B11).
func (p *pages) showLink(q *web.Request) error { return p.drawLink(q, http.StatusOK, nil) }

func (p *pages) drawLink(q *web.Request, status int, problems look.Problems) error {
	token := q.Value("token")
	var c join.Confirmation
	var no *problem.Error
	err := q.Door.DB.Read(q.Context(), func(tx *store.Tx) (err error) {
		c, no, err = p.Desk.Look(tx, token, q.Cookie(web.RegisterCookie))
		return err
	})
	if err != nil {
		return err
	}
	if no != nil {
		return p.refuse(q, no)
	}
	v := confirmPage{Problems: problems, Once: q.Once(), Token: token, Action: link.VerifyEmail.Path(), Username: c.Username, Email: c.Email,
		Go: look.Button{Label: "Confirm my email address", Kind: look.Filled, Full: true, Busy: "Confirming"}}
	if !c.Same {
		v.Password = look.Password{Name: "password", Label: "Password", Hint: "The one you chose when you registered.", Error: problems.For("password")}
	}
	return q.Show(p.confirm, status, web.Card("Confirm your email address", look.HTML("<b>"+escape(c.Email)+"</b>, for the profile <b>"+escape(c.Username)+"</b>."), problems), v)
}

// refuse says what is the matter with the link and where to go on: a new link while the registration of this browser is
// open, else a new registration, because an expired one has given its names back.
func (p *pages) refuse(q *web.Request, no *problem.Error) error {
	v := confirmPage{Banner: look.Banner{Tone: look.Warn, Words: no.Message}, Go: look.Button{Label: "Log in", Href: "/login", Full: true}}
	if no.Code == "link_expired" || no.Code == "signup_over" {
		_, none, err := p.read(q, q.Cookie(web.RegisterCookie))
		if err != nil {
			return err
		}
		v.Go = look.Button{Label: "Send a new link", Href: "/register/waiting", Full: true}
		if none {
			v.Banner = look.Banner{Tone: look.Warn, Words: "This link has expired, and the registration with it. Register again with the same username and email address."}
			v.Go = look.Button{Label: "Register again", Href: "/register", Full: true}
		}
	}
	return q.Show(p.say, no.Kind.Status(), look.SignedOut{Title: "This link does not work"}, v)
}

// useLink makes the profile. In the browser that registered, the person is logged in and the browser recognised
// (decisions 17).
func (p *pages) useLink(q *web.Request) error {
	made, same, no, err := p.Desk.Confirm(q.Context(), q.Door.DB, q.Who, q.Value("token"), q.Cookie(web.RegisterCookie), q.Value("password"))
	if err != nil {
		if no = problem.As(err); no == nil || no.Kind == problem.KindUnavailable {
			return err
		}
	}
	if no != nil {
		if len(no.Fields) > 0 || no.Kind == problem.KindTooMany {
			problems, status, _ := q.Refused(no)
			return p.drawLink(q, status, problems)
		}
		return p.refuse(q, no)
	}
	q.DropCookie(web.RegisterCookie)
	if !same {
		q.Flash(look.Good, "Your email address is confirmed. Log in to go on.")
		return q.Go("/login?next=" + welcome.Path)
	}
	s, err := p.Login.Registered(q.Context(), q.Door.DB, q.Origin(), start.Browser(q), made.ID)
	if err != nil {
		return err
	}
	q.Begin(s)
	return q.Go(welcome.Path)
}

// disown is "I did not register".
func (p *pages) disown(q *web.Request) error {
	no, err := p.Desk.Disown(q.Context(), q.Door.DB, q.Who, q.Value("token"))
	if err != nil {
		return err
	}
	if no != nil {
		return p.refuse(q, no)
	}
	return q.Go("/register/disowned")
}

func (p *pages) disowned(q *web.Request) error {
	return q.Show(p.say, http.StatusOK, look.SignedOut{Title: "Thank you for telling us"}, confirmPage{
		Banner: look.Banner{Tone: look.Good, Words: "The registration is deleted. Nobody has a profile with your address."}, Go: look.Button{Label: "Close", Href: "/login", Full: true}})
}

func escape(s string) string { return template.HTMLEscapeString(s) }
