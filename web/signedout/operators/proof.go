package operators

import (
	"context"
	"encoding/base64"
	"net/http"

	"watchword/account/factor"
	"watchword/account/operator"
	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/signedout/prove"
)

type factorPage struct {
	Problems look.Problems
	Once     look.Hidden
	QR       look.QR
	Code     look.Code
	Go       look.Button
	Passkey  look.Passkey
	Codes    look.RecoveryCodes
}

func (p *pages) showFactor(q *web.Request) error { return p.drawFactor(q, http.StatusOK, nil) }

// drawFactor offers both factors at once: one of them is obligatory.
func (p *pages) drawFactor(q *web.Request, status int, problems look.Problems) error {
	_, s, err := p.desk.Setup(q.Context(), q.Door.DB, q.Cookie(web.OperatorCookie))
	if err != nil {
		return err
	}
	png, err := s.PNG(368)
	if err != nil {
		return err
	}
	v := factorPage{Problems: problems, Once: q.Once(),
		QR:   look.QR{Picture: "data:image/png;base64," + base64.StdEncoding.EncodeToString(png), Alt: "QR code for your authenticator app", Key: s.Secret, Open: s.URI},
		Code: look.Code{Name: "code", Label: "Code", Hint: "6 digits that the app shows for it.", Error: problems.For("code")},
		Go:   look.Button{Label: "Continue", Kind: look.Filled, Full: true, Busy: "Checking"},
		Passkey: look.Passkey{Ceremony: "create", Options: "/setup/passkey/options", Action: "/setup/passkey",
			Button: look.Button{Label: "Add a passkey instead", Icon: "fingerprint-pattern", Full: true}}}
	return q.Show(p.factor, status, web.Card("Add a second factor", "A password alone opens nothing here. Scan this with an authenticator app, or add a passkey.", problems), v)
}

func (p *pages) bindApp(q *web.Request) error {
	t, codes, no, err := p.desk.FinishTOTP(q.Context(), q.Door.DB, q.Who, q.Cookie(web.OperatorCookie), q.Value("code"))
	return p.bound(q, t, codes, no, err)
}

func (p *pages) passkeyToMake(q *web.Request) error {
	return options(p.desk.BeginFirstPasskey(q.Context(), q.Door.DB, q.Cookie(web.OperatorCookie)))(q)
}

func (p *pages) bindPasskey(q *web.Request) error {
	ceremony, answer := prove.EndCeremony(q)
	t, codes, no, err := p.desk.FinishFirstPasskey(q.Context(), q.Door.DB, q.Who, q.Cookie(web.OperatorCookie), ceremony, answer, "")
	return p.bound(q, t, codes, no, err)
}

// bound shows the recovery codes, once.
func (p *pages) bound(q *web.Request, t operator.Ticket, codes []string, no *problem.Error, err error) error {
	if err == nil && no != nil {
		err = no
	}
	if problem.Is(err, problem.KindSignedOut) {
		return q.Go("/operator/login")
	}
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		return p.drawFactor(q, status, problems)
	}
	keep(q, t)
	return q.Show(p.codes, http.StatusOK, look.SignedOut{Title: "Save your recovery codes",
		Lead: "Each lets you in once when your second factor is lost. They are shown only now."}, factorPage{
		Codes: look.RecoveryCodes{Codes: codes}, Go: look.Button{Label: "I have saved them", Kind: look.Filled, Href: "/operator", Full: true}})
}

type provePage struct {
	Problems look.Problems
	Once     look.Hidden
	App      bool
	Code     look.Code
	Go       look.Button
	Passkey  look.Component
	Recovery look.Text
	Use      look.Button
}

func (p *pages) showProve(q *web.Request) error { return p.drawProve(q, http.StatusOK, nil) }

func (p *pages) drawProve(q *web.Request, status int, problems look.Problems) error {
	var all []factor.Factor
	err := q.Door.DB.Read(q.Context(), func(tx *store.Tx) (err error) {
		_, all, err = p.desk.Ways(tx, q.Cookie(web.OperatorCookie))
		return err
	})
	if problem.Is(err, problem.KindSignedOut) {
		return q.Go("/operator/login")
	}
	if err != nil {
		return err
	}
	recovery := q.R.URL.Path == "/operator/login/recovery"
	v := provePage{Problems: problems, Once: q.Once(), Code: look.Code{Name: "code", Label: "Code", Hint: "6 digits from your authenticator app.", Autofocus: true},
		Go:       look.Button{Label: "Continue", Kind: look.Filled, Full: true, Busy: "Checking"},
		Recovery: look.Text{ID: "recovery", Name: "code", Label: "Recovery code", Literal: true, Autocomplete: "off"},
		Use:      look.Button{Label: "Use the recovery code", Full: true}}
	if recovery {
		web.Rename(v.Problems, "code", "recovery")
		v.Recovery.Error = v.Problems.For("recovery")
	} else {
		v.Code.Error = v.Problems.For("code")
	}
	for _, f := range all {
		switch f.Kind {
		case factor.TOTP:
			v.App = true
		case factor.Passkey:
			v.Passkey = look.Passkey{Ceremony: "get", Options: "/operator/login/passkey/options", Action: "/operator/login/passkey",
				Button: look.Button{Label: "Use your passkey", Icon: "fingerprint-pattern", Full: true}}
		}
	}
	return q.Show(p.prove, status, web.Card("Prove that it is you", nil, problems), v)
}

type proving func(ctx context.Context, db *store.DB, who access.Actor, ticket, code string) (operator.Ticket, *problem.Error, error)

func (p *pages) proveBy(f proving) web.Handler {
	return func(q *web.Request) error {
		t, no, err := f(q.Context(), q.Door.DB, q.Who, q.Cookie(web.OperatorCookie), q.Value("code"))
		return p.proved(q, t, no, err)
	}
}

func (p *pages) passkeyToUse(q *web.Request) error {
	return options(p.desk.BeginPasskey(q.Context(), q.Door.DB, q.Cookie(web.OperatorCookie)))(q)
}

func (p *pages) provePasskey(q *web.Request) error {
	ceremony, answer := prove.EndCeremony(q)
	t, no, err := p.desk.LoginPasskey(q.Context(), q.Door.DB, q.Who, q.Cookie(web.OperatorCookie), ceremony, answer)
	return p.proved(q, t, no, err)
}

func (p *pages) proved(q *web.Request, t operator.Ticket, no *problem.Error, err error) error {
	if err == nil && no != nil {
		err = no
	}
	if problem.Is(err, problem.KindSignedOut) {
		return q.Go("/operator/login")
	}
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		return p.drawProve(q, status, problems)
	}
	keep(q, t)
	if q.R.URL.Path == "/operator/login/recovery" { // whoever comes in by a recovery code lost what they logged in with
		q.Flash(look.Warn, "You came in by a recovery code. Add a second factor now, and remove the one you lost.")
		return q.Go("/operator/security")
	}
	return q.Go("/operator")
}

// options answers the script of a passkey button.
func options(c factor.Ceremony, err error) web.Handler {
	return func(q *web.Request) error {
		if err != nil {
			return err
		}
		return prove.StartCeremony(q, c.Options, c.ID)
	}
}
