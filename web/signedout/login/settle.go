package login

import (
	"net/http"

	"watchword/base/problem"
	"watchword/signin/login"
	"watchword/web"
	"watchword/web/look"
)

type settlePage struct {
	Problems look.Problems
	Once     look.Hidden
	Action   string
	Version  string
	Tick     look.Tick
	Password look.Password
	To       string
	Go       look.Button
}

// settle shows what stands between the proof and the session, whichever it is.
func (p *pages) settle(q *web.Request) error { return p.settling(q, http.StatusOK, nil) }

func (p *pages) settling(q *web.Request, status int, problems look.Problems) error {
	if q.Cookie(web.LoginCookie) == "" {
		return gone(q)
	}
	w, err := p.room.Look(q.Context(), q.Door.DB, q.Cookie(web.LoginCookie))
	if problem.Is(err, problem.KindSignedOut) || problem.Is(err, problem.KindNotFound) {
		return gone(q)
	}
	if err != nil {
		return err
	}
	v := settlePage{Problems: problems, Once: q.Once(), Action: p.place(q, w),
		Go: look.Button{Label: "Continue", Kind: look.Filled, Full: true}}
	switch w.Step {
	case login.StepTerms:
		v.Version = w.Terms
		v.Tick = look.Tick{Name: "terms", Value: "yes", Error: problems.For("terms"), Label: look.HTML(agreement)}
		return q.Show(p.terms, status, web.Card("The terms have changed", "Read and accept them to go on.", problems), v)
	case login.StepPassword:
		v.Password = NewPassword(problems.For("password"), w.MinPassword, "")
		v.Go.Label = "Save the password"
		return q.Show(p.password, status, web.Card("Choose a longer password",
			"Your password is now the only proof that it is you, so it has to be longer.", problems), v)
	case login.StepWake:
		v.To = w.WakeTo
		return q.Show(p.wake, status, web.Card("Open the link in your email", nil, problems), v)
	}
	return q.Go(p.place(q, w))
}

// agreement is the label of the terms' tick box, here and at registering.
const agreement = `I agree to the <a href="/terms">terms of use</a> and the <a href="/privacy">privacy notice</a>`

// Agreement is the label of the tick box of the terms.
func Agreement() any { return look.HTML(agreement) }

// NewPassword is the field for a new password of at least the given number of code points. without are the ids of
// fields whose contents must not be in it.
func NewPassword(problem string, least int, without string) look.Password {
	f := look.Password{Name: "password", Label: "Password", Hint: "Three or four unrelated words make a good one.", New: true, Meter: true, Error: problem}
	if least > 0 {
		f.Rules = append(f.Rules, look.Rule{Text: "At least " + itoa(least) + " characters", Least: least})
	}
	if without != "" {
		f.Rules = append(f.Rules, look.Rule{Text: "Does not contain your username or email address", Without: without})
	}
	f.Rules = append(f.Rules, look.Rule{Text: "Not on the list of common passwords"})
	return f
}

func (p *pages) acceptTerms(q *web.Request) error {
	if !q.Ticked("terms") {
		var problems look.Problems
		problems.Add("terms", "Tick the box to accept the terms.")
		return p.settling(q, http.StatusUnprocessableEntity, problems)
	}
	r, err := p.room.AcceptTerms(q.Context(), q.Door.DB, q.Origin(), q.Cookie(web.LoginCookie), q.Value("version"))
	return p.settled(q, r, err)
}

// woken goes on after the link was opened, perhaps in another browser.
func (p *pages) woken(q *web.Request) error {
	r, err := p.room.Continue(q.Context(), q.Door.DB, q.Origin(), q.Cookie(web.LoginCookie))
	return p.settled(q, r, err)
}

func (p *pages) newPassword(q *web.Request) error {
	r, err := p.room.NewPassword(q.Context(), q.Door.DB, q.Origin(), q.Cookie(web.LoginCookie), q.Value("password"))
	return p.settled(q, r, err)
}

func (p *pages) settled(q *web.Request, r login.Result, err error) error {
	if problem.Is(err, problem.KindSignedOut) || problem.Is(err, problem.KindNotFound) {
		return gone(q)
	}
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		return p.settling(q, status, problems)
	}
	return p.goOn(q, r)
}
