// Package login holds the pages of logging in and out: name and password, a passkey in their place, the second proof,
// what has to be settled before the session (new terms, a longer password, a link after a long absence), and the
// choice of an organisation.
package login

import (
	"embed"
	"net/http"
	"net/url"
	"time"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/signin/entry"
	"watchword/signin/login"
	"watchword/signin/proof"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/signedout/prove"
)

//go:embed *.html
var files embed.FS

// browserLife is how long a browser is recognised after its last log-in; browsers keep no cookie for longer.
const browserLife = 400 * 24 * time.Hour

type pages struct {
	room                              *login.Room
	entry                             *entry.Room
	captcha                           string
	flow                              prove.Flow
	login, terms, password, wake, out *look.Page
	link, chooser                     *look.Page
}

// Options of the pages. Captcha is the address that makes a challenge for browsers that look like a flood.
type Options struct {
	Room    *login.Room
	Entry   *entry.Room
	Captcha string
}

// Mount registers /login and what follows it, /logout and /organisations/choose.
func Mount(d *web.Door, o Options) {
	file := func(name string) *look.Page { return d.Look.Page(files, name) }
	p := &pages{room: o.Room, entry: o.Entry, captcha: o.Captcha, login: file("login.html"), terms: file("terms.html"), password: file("password.html"),
		wake: file("wake.html"), out: file("logout.html"), link: file("link.html"), chooser: file("chooser.html")}
	p.flow = p.proofs()
	d.Get("/login", p.show)
	d.Post("/login", p.enter)
	d.Post("/login/first/options", p.firstOptions)
	d.Post("/login/first", p.firstPasskey)
	d.Get("/login/terms", p.settle)
	d.Post("/login/terms", p.acceptTerms)
	d.Get("/login/password", p.settle)
	d.Post("/login/password", p.newPassword)
	d.Get("/login/mail", p.settle)
	d.Post("/login/mail", p.woken)
	d.Get("/logout", p.askOut)
	d.Post("/logout", p.logOut)
	d.GetIn("/organisations/choose", p.choose)
	d.PostIn("/organisations/choose", p.chosen)
	p.links(d)
	prove.Mount(d, &p.flow)
}

// next is where the person wanted to go.
func next(q *web.Request) string {
	n := web.Local(q.Query("next"), "")
	if n == "" && q.R.Method == http.MethodPost {
		n = web.Local(q.Value("next"), "")
	}
	return n
}

func withNext(q *web.Request, path string) string {
	if n := next(q); n != "" && n != "/" {
		return path + "?" + url.Values{"next": {n}}.Encode()
	}
	return path
}

// Browser is the cookie by which a browser is recognised; one that has none gets one.
func Browser(q *web.Request) string {
	b := q.Cookie(web.BrowserCookie)
	if len(b) != 43 {
		b = id.Token(32)
	}
	q.SetCookie(web.BrowserCookie, b, browserLife)
	return b
}

type loginPage struct {
	Flash    *look.Flash
	Problems look.Problems
	Action   string
	Once     look.Hidden
	Name     look.Text
	Password look.Password
	Captcha  look.Component
	Go       look.Button
	Passkey  look.Passkey
	Unlock   look.Component
	Register string
}

func (p *pages) show(q *web.Request) error {
	if q.SignedIn() {
		return q.Go(orHome(next(q)))
	}
	return p.form(q, http.StatusOK, nil, false, nil)
}

func orHome(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

func (p *pages) form(q *web.Request, status int, problems look.Problems, captcha bool, unlock look.Component) error {
	v := loginPage{Flash: q.TakeFlash(), Problems: problems, Action: withNext(q, "/login"), Once: q.Once(), Unlock: unlock,
		Name: look.Text{Name: "username", Label: "Username", Hint: "Or your email address", Value: q.Value("username"),
			Error: problems.For("username"), Autocomplete: "username", Literal: true, Autofocus: len(problems) == 0 && !q.SignedIn()},
		Password: look.Password{Name: "password", Label: "Password", Error: problems.For("password")},
		Go:       look.Button{Label: "Log in", Kind: look.Filled, Full: true, Busy: "Logging in"},
		Passkey: look.Passkey{Ceremony: "get", Options: "/login/first/options", Action: withNext(q, "/login/first"),
			Button: look.Button{Label: "Log in with a passkey", Icon: "fingerprint-pattern", Full: true}}}
	frame := web.Card("Log in", nil, problems)
	if captcha && p.captcha != "" {
		v.Captcha = look.Captcha{Name: "altcha", Challenge: p.captcha, Error: problems.For("altcha")}
		frame.Captcha = true
	}
	return q.Show(p.login, status, frame, v)
}

// enter takes name and password. Every failure reads the same (LF12, C11).
func (p *pages) enter(q *web.Request) error {
	name := q.Value("username")
	result, err := p.room.Begin(q.Context(), q.Door.DB, login.Attempt{Origin: q.Origin(), Browser: Browser(q), Name: name,
		Password: q.Value("password"), Captcha: q.Value("altcha"), Devices: q.Devices(), Shared: q.Ticked("shared")})
	if err != nil {
		problems, status, ok := q.Refused(err, problem.KindForbidden)
		if !ok {
			return err
		}
		web.Rename(problems, "name", "username")
		var unlock look.Component
		if problem.HasCode(err, "link_needed") || problem.HasCode(err, "login_wait") {
			unlock = look.Post{Action: "/login/unlock/ask", Fields: []look.Hidden{{Name: "username", Value: name}},
				Button: look.Button{Label: "Email me a link to log in now", Icon: "mail", Full: true}}
		}
		return p.form(q, status, problems, problem.HasCode(err, "captcha_needed") || problem.HasCode(err, "captcha_wrong"), unlock)
	}
	return p.goOn(q, result)
}

// goOn leads to the session, or to what is missing for it.
func (p *pages) goOn(q *web.Request, r login.Result) error {
	if r.Session != nil {
		q.DropCookie(web.LoginCookie)
		q.Begin(*r.Session)
		if r.Device != nil {
			q.Trust(r.Device.Mark, r.Device.Secret)
		}
		return q.Go("/organisations/choose?" + url.Values{"after": {"login"}, "next": {orHome(next(q))}}.Encode())
	}
	if r.Pending.Token != "" {
		q.SetCookie(web.LoginCookie, r.Pending.Token, p.room.Settings.Pending)
	}
	if r.Notice != nil {
		q.Flash(look.Warn, r.Notice.Message)
	}
	return q.Go(p.place(q, *r.Pending))
}

// place is the page that a pending log-in waits at.
func (p *pages) place(q *web.Request, w login.Pending) string {
	switch w.Step {
	case login.StepTerms:
		return withNext(q, "/login/terms")
	case login.StepPassword:
		return withNext(q, "/login/password")
	case login.StepWake:
		return withNext(q, "/login/mail")
	}
	return p.flow.Path(q, w.Way)
}

// proofs are the pages of the second proof.
func (p *pages) proofs() prove.Flow {
	outcome := func(r login.Result, err error) (prove.Outcome, error) {
		if err != nil {
			return prove.Outcome{}, err
		}
		if r.Session == nil && r.Pending.Step == login.StepProve {
			return prove.Outcome{Notice: r.Notice}, nil
		}
		return prove.Outcome{Leave: func(q *web.Request) error { return p.goOn(q, r) }}, nil
	}
	return prove.Flow{
		Base: "/login",
		Carry: func(q *web.Request) url.Values {
			if n := next(q); n != "" && n != "/" {
				return url.Values{"next": {n}}
			}
			return nil
		},
		Look: p.look, Beside: p.shared,
		Choose: func(q *web.Request, w proof.Way) (prove.Outcome, error) {
			return outcome(p.room.Choose(q.Context(), q.Door.DB, q.Origin(), q.Cookie(web.LoginCookie), w))
		},
		Resend: func(q *web.Request) (prove.Outcome, error) {
			return outcome(p.room.Resend(q.Context(), q.Door.DB, q.Origin(), q.Cookie(web.LoginCookie)))
		},
		Enter: func(q *web.Request, w proof.Way, code string) (prove.Outcome, error) {
			if err := p.share(q); err != nil {
				return prove.Outcome{}, err
			}
			return outcome(p.room.Enter(q.Context(), q.Door.DB, q.Origin(), q.Cookie(web.LoginCookie), w, code))
		},
		Options: func(q *web.Request) ([]byte, string, error) {
			return p.room.PasskeyOptions(q.Context(), q.Door.DB, q.Origin(), q.Cookie(web.LoginCookie))
		},
		Passkey: func(q *web.Request, ceremony string, answer []byte) (prove.Outcome, error) {
			if err := p.share(q); err != nil {
				return prove.Outcome{}, err
			}
			return outcome(p.room.Passkey(q.Context(), q.Door.DB, q.Origin(), Browser(q), q.Cookie(web.LoginCookie), ceremony, answer))
		},
		Cancel: func(q *web.Request) error {
			if err := p.room.Cancel(q.Context(), q.Door.DB, q.Origin(), q.Cookie(web.LoginCookie)); err != nil && !problem.Is(err, problem.KindSignedOut) {
				return err
			}
			q.DropCookie(web.LoginCookie)
			return q.Go("/login")
		},
		Gone: gone,
	}
}

func (p *pages) look(q *web.Request) (prove.State, prove.Outcome, error) {
	if q.Cookie(web.LoginCookie) == "" {
		return prove.State{}, prove.Outcome{}, problem.SignedOut()
	}
	w, err := p.room.Look(q.Context(), q.Door.DB, q.Cookie(web.LoginCookie))
	if err != nil {
		return prove.State{}, prove.Outcome{}, err
	}
	if w.Step != login.StepProve {
		return prove.State{}, prove.Outcome{Leave: func(q *web.Request) error { return q.Go(p.place(q, w)) }}, nil
	}
	s := prove.State{View: w.View, Purpose: look.Banner{Icon: "log-in", Title: "This logs you in to Watchword.",
		Words: "Never read a code out to anyone: our staff do not ask for it."}}
	if w.NoFactor {
		s.Purpose.Words = "We ask because you have not logged in with this browser before. Never read a code out to anyone: our staff do not ask for it."
	}
	return s, prove.Outcome{}, nil
}

// shared is the box for computers that others use too, where a browser would be trusted otherwise (TD1).
func (p *pages) shared(q *web.Request) (look.Component, error) {
	may, err := p.room.MayTrust(q.Context(), q.Door.DB, q.Cookie(web.LoginCookie))
	if err != nil || !may {
		return nil, err
	}
	return look.Tick{Name: "shared", Value: "yes", Label: "This is a shared or public computer", Note: "Otherwise this browser skips the code for a while.", Checked: q.Ticked("shared")}, nil
}

func (p *pages) share(q *web.Request) error {
	if !q.Ticked("shared") {
		return nil
	}
	return p.room.Share(q.Context(), q.Door.DB, q.Cookie(web.LoginCookie))
}

// gone is for a log-in that was cancelled, took too long, or was finished in another window.
func gone(q *web.Request) error {
	q.DropCookie(web.LoginCookie)
	if q.SignedIn() {
		return q.Go(orHome(next(q)))
	}
	q.Flash(look.Note, "That log-in has ended. Begin again: nothing was lost.")
	return q.Go(withNext(q, "/login"))
}

func (p *pages) firstOptions(q *web.Request) error {
	options, ceremony, err := p.room.PasskeyOptions(q.Context(), q.Door.DB, q.Origin(), "")
	if err != nil {
		return err
	}
	return prove.StartCeremony(q, options, ceremony)
}

func (p *pages) firstPasskey(q *web.Request) error {
	ceremony, answer := prove.EndCeremony(q)
	r, err := p.room.Passkey(q.Context(), q.Door.DB, q.Origin(), Browser(q), "", ceremony, answer)
	if problem.Is(err, problem.KindSignedOut) {
		return gone(q)
	}
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		return p.form(q, status, problems, false, nil)
	}
	return p.goOn(q, r)
}
