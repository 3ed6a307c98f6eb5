// Package register holds the pages of registering: the form, "look into your mailbox", the page behind the link, and
// the challenge of the CAPTCHA.
package register

import (
	"embed"
	"net/http"
	"time"

	"golang.org/x/text/language"

	"watchword/account/join"
	"watchword/account/link"
	"watchword/base/store"
	"watchword/signin/login"
	"watchword/web"
	"watchword/web/look"
	start "watchword/web/signedout/login"
)

//go:embed *.html
var files embed.FS

// CaptchaPath is where the widget gets its challenge.
const CaptchaPath = "/captcha"

// Options of the pages.
type Options struct {
	Desk  *join.Desk
	Login *login.Room
	// Home is the country whose spelling of phone numbers is assumed where the visitor's is not known.
	Home string
}

type pages struct {
	Options
	form, waiting, confirm, say *look.Page
}

// Mount registers /register, what follows it and the CAPTCHA.
func Mount(d *web.Door, o Options) {
	file := func(name string) *look.Page { return d.Look.Page(files, name) }
	p := &pages{Options: o, form: file("form.html"), waiting: file("waiting.html"), confirm: file("confirm.html"), say: file("say.html")}
	d.Get("/register", p.show)
	d.Post("/register", p.send)
	d.Get("/register/waiting", p.showWaiting)
	d.Post("/register/resend", p.resend)
	d.Get(link.VerifyEmail.Path(), p.showLink)
	d.Post(link.VerifyEmail.Path(), p.useLink)
	d.Post("/register/disown", p.disown)
	d.Get("/register/disowned", p.disowned)
	d.Get(CaptchaPath, p.challenge)
}

type formPage struct {
	Problems look.Problems
	Once     look.Hidden
	Username look.Text
	Email    look.Text
	Password look.Password
	Captcha  look.Component
	Terms    look.Tick
	Register look.Button
}

// show is the form, empty or with what this browser registered with before ("change the address").
func (p *pages) show(q *web.Request) error {
	if q.SignedIn() {
		return q.Go("/")
	}
	username, email := "", ""
	if browser := q.Cookie(web.RegisterCookie); browser != "" && q.Query("change") != "" {
		w, none, err := p.read(q, browser)
		if err != nil {
			return err
		}
		if !none {
			username, email = w.Username, w.Email
		}
	}
	return p.draw(q, http.StatusOK, nil, username, email, false)
}

func (p *pages) draw(q *web.Request, status int, problems look.Problems, username, email string, terms bool) error {
	v := formPage{Problems: problems, Once: q.Once(), Email: look.Email("email", email, problems.For("email")),
		Username: look.Text{Name: "username", Label: "Username", Hint: "You can log in with this or your email address.", Value: username,
			Error: problems.For("username"), Autocomplete: "username", Literal: true},
		Password: start.NewPassword(problems.For("password"), p.Desk.Policy.Least(), "username email"),
		Terms:    look.Tick{Name: "terms", Value: "yes", Label: start.Agreement(), Error: problems.For("terms"), Checked: terms},
		Register: look.Button{Label: "Register", Kind: look.Filled, Full: true, Busy: "Registering"}}
	v.Email.Hint = "We send a link here to check that it is yours."
	frame := web.Card("Create your profile", "You keep it for life, whoever you work for.", problems)
	var needs bool
	err := q.Door.DB.Read(q.Context(), func(tx *store.Tx) (err error) {
		needs, err = p.Desk.NeedsCaptcha(tx, q.Who)
		return err
	})
	if err != nil {
		return err
	}
	if needs {
		v.Captcha = look.Captcha{Name: "altcha", Challenge: CaptchaPath, Error: problems.For("altcha")}
		frame.Captcha = true
	}
	return q.Show(p.form, status, frame, v)
}

func (p *pages) send(q *web.Request) error {
	if q.SignedIn() {
		return q.Go("/")
	}
	country := q.Origin().Country
	if country == "" {
		country = p.Home
	}
	w, err := p.Desk.Register(q.Context(), q.Door.DB, q.Who, join.Form{Username: q.Value("username"), Email: q.Value("email"),
		Password: q.Value("password"), Terms: q.Ticked("terms"), Captcha: q.Value("altcha"), Language: speaks(q.R), Zone: q.Value("zone"), Country: country})
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		web.Rename(problems, "captcha", "altcha")
		return p.draw(q, status, problems, q.Value("username"), q.Value("email"), q.Ticked("terms"))
	}
	q.SetCookie(web.RegisterCookie, w.Browser, 24*time.Hour)
	return q.Go("/register/waiting")
}

var spoken = language.NewMatcher([]language.Tag{language.English, language.German, language.French, language.Spanish, language.Portuguese, language.Italian})

// speaks is the language of texts and mails that fits the browser's best.
func speaks(r *http.Request) string {
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(wanted) == 0 {
		return "en"
	}
	tag, _, _ := spoken.Match(wanted...)
	base, _ := tag.Base()
	return base.String()
}

// challenge is asked for by the widget. It is made of random numbers and signed: nothing is stored.
func (p *pages) challenge(q *web.Request) error {
	c, err := p.Desk.Captcha.New(q.Door.DB.Now())
	if err != nil {
		return err
	}
	return q.JSON(http.StatusOK, c)
}
