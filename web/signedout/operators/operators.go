// Package operators holds the way in for those who host Watchword: making one by a token, and their own log-in (decisions
// 34). An operator is never a profile; the cookie is another one. What stands behind it is in web/operator.
package operators

import (
	"embed"
	"net/http"
	"time"

	"watchword/account/link"
	"watchword/account/operator"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/signedout/login"
)

//go:embed *.html
var files embed.FS

type pages struct {
	desk                                        *operator.Desk
	setup, factor, codes, enter, prove, address *look.Page
}

// Mount registers /setup and /operator/login.
func Mount(d *web.Door, desk *operator.Desk) {
	file := func(name string) *look.Page { return d.Look.Page(files, name) }
	p := &pages{desk: desk, setup: file("setup.html"), factor: file("factor.html"), codes: file("codes.html"), enter: file("enter.html"), prove: file("prove.html"), address: file("address.html")}
	d.Get("/setup", p.showSetup)
	d.Post("/setup", p.create)
	d.Get("/setup/factor", p.showFactor)
	d.Post("/setup/factor", p.bindApp)
	d.Post("/setup/passkey/options", p.passkeyToMake)
	d.Post("/setup/passkey", p.bindPasskey)
	d.Get("/operator/login", p.showEnter)
	d.Post("/operator/login", p.password)
	d.Get("/operator/login/proof", p.showProve)
	d.Post("/operator/login/app", p.proveBy(desk.LoginTOTP))
	d.Post("/operator/login/recovery", p.proveBy(desk.LoginRecovery))
	d.Post("/operator/login/passkey/options", p.passkeyToUse)
	d.Post("/operator/login/passkey", p.provePasskey)
	d.Get(link.ConfirmOperatorAddress.Path(), p.openAddress)
	d.Post(link.ConfirmOperatorAddress.Path(), p.confirmAddress)
}

// keep gives the browser an operator's ticket, for as long as it can be good.
func keep(q *web.Request, t operator.Ticket) {
	q.SetCookie(web.OperatorCookie, t.Token, max(time.Minute, time.Duration(t.ExpiresAt-q.Door.DB.Now())*time.Microsecond))
}

type formPage struct {
	Flash    *look.Flash
	Problems look.Problems
	Once     look.Hidden
	Token    look.Component
	Username look.Text
	Name     look.Text
	Email    look.Text
	Password look.Password
	Go       look.Button
}

func (p *pages) showSetup(q *web.Request) error { return p.drawSetup(q, http.StatusOK, nil) }

func (p *pages) drawSetup(q *web.Request, status int, problems look.Problems) error {
	v := formPage{Problems: problems, Once: q.Once(),
		Token: look.Text{Name: "token", Label: "Token", Hint: "Printed when Watchword started. It works once, for 24 hours.", Value: q.Value("token"),
			Error: problems.For("token"), Literal: true, Autocomplete: "off"},
		Username: look.Text{Name: "username", Label: "Username", Value: q.Value("username"), Error: problems.For("username"), Literal: true, Autocomplete: "username"},
		Name:     look.Text{Name: "name", Label: "Name", Value: q.Value("name"), Error: problems.For("name"), Optional: true, Autocomplete: "name"},
		Email:    look.Email("email", q.Value("email"), problems.For("email")),
		Password: login.NewPassword(problems.For("password"), p.desk.Policy.Least(), "username email"),
		Go:       look.Button{Label: "Create the operator", Kind: look.Filled, Full: true, Busy: "Creating"}}
	v.Email.Optional, v.Email.Hint = true, "For alerts about this installation, once you have opened the link that we send there."
	return q.Show(p.setup, status, web.Card("Set up an operator", "An operator runs this installation. It is apart from all profiles.", problems), v)
}

func (p *pages) create(q *web.Request) error {
	t, err := p.desk.Create(q.Context(), q.Door.DB, q.Who, operator.Form{Token: q.Value("token"), Username: q.Value("username"),
		Name: q.Value("name"), Email: q.Value("email"), Password: q.Value("password")})
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		return p.drawSetup(q, status, problems)
	}
	keep(q, t)
	return q.Go("/setup/factor")
}

func (p *pages) showEnter(q *web.Request) error { return p.drawEnter(q, http.StatusOK, nil) }

func (p *pages) drawEnter(q *web.Request, status int, problems look.Problems) error {
	v := formPage{Flash: q.TakeFlash(), Problems: problems, Once: q.Once(),
		Username: look.Text{Name: "username", Label: "Username", Value: q.Value("username"), Error: problems.For("username"), Literal: true, Autocomplete: "username"},
		Password: look.Password{Name: "password", Label: "Password", Error: problems.For("password")},
		Go:       look.Button{Label: "Log in", Kind: look.Filled, Full: true, Busy: "Logging in"}}
	return q.Show(p.enter, status, web.Card("Operator log-in", "For those who run this installation.", problems), v)
}

func (p *pages) password(q *web.Request) error {
	t, no, err := p.desk.Login(q.Context(), q.Door.DB, q.Who, q.Value("username"), q.Value("password"))
	if err == nil && no != nil {
		err = no
	}
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		return p.drawEnter(q, status, problems)
	}
	keep(q, t)
	return q.Go("/operator/login/proof")
}
