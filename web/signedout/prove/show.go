package prove

import (
	"net/http"
	"strconv"

	"watchword/base/problem"
	"watchword/signin/proof"
	"watchword/web"
	"watchword/web/look"
)

func itoa(n int) string { return strconv.Itoa(n) }

type page struct {
	Flash    *look.Flash
	Problems look.Problems
	Purpose  look.Banner
	Once     look.Hidden
	Action   string
	Beside   look.Component
	Field    look.Component
	Rail     look.Component
	Go       look.Button
	Resend   look.Component
	Refresh  string // where the page can be asked for anew without a script
	Cancel   string
	Others   look.Component
	Passkey  look.Component
}

// ShowWays draws the choice of all ways at an address outside of the flow's own. The flow must be mounted.
func (f *Flow) ShowWays(q *web.Request, status int, problems look.Problems) error {
	return f.pages.show(q, "", status, problems)
}

func (p *pages) shows(w proof.Way) web.Handler {
	return func(q *web.Request) error { return p.show(q, w, http.StatusOK, nil) }
}

// show draws the page of one way. The address decides, except that a code must have been sent.
func (p *pages) show(q *web.Request, w proof.Way, status int, problems look.Problems) error {
	s, out, err := p.Look(q)
	if problem.Is(err, problem.KindSignedOut) || problem.Is(err, problem.KindNotFound) {
		return p.Gone(q)
	}
	if err != nil {
		return err
	}
	if out.Leave != nil {
		return out.Leave(q)
	}
	if out.Notice != nil {
		problems = append(problems, web.Refusal(out.Notice)...)
	}
	return p.draw(q, w, s, status, problems)
}

func (p *pages) draw(q *web.Request, w proof.Way, s State, status int, problems look.Problems) error {
	v := page{Flash: q.TakeFlash(), Problems: problems, Purpose: s.Purpose, Once: q.Once(), Cancel: p.at(q, "cancel"), Others: p.list(q, s.View, w),
		Go: look.Button{Label: "Continue", Kind: look.Filled, Full: true, Busy: "Checking"}}
	if p.Beside != nil && w != proof.Recovery {
		beside, err := p.Beside(q)
		if err != nil {
			return err
		}
		v.Beside = beside
	}
	switch {
	case path(w) == "code" && s.Challenge != nil:
		v.Others = p.list(q, s.View, s.Way)
		return p.drawCode(q, v, s, status)
	case w == proof.TOTP && has(s.View, w):
		v.Action = p.at(q, "totp")
		v.Field = look.Code{Name: "code", Label: "Code", Hint: "6 digits. They change every 30 seconds.", Error: problems.For("code"), Autofocus: true}
		return q.Show(p.digits, status, web.Card("Open your authenticator app", "Enter the code it shows for Watchword.", problems), v)
	case w == proof.Passkey && has(s.View, w):
		v.Purpose.Words = "" // there is no code to read out
		v.Passkey = look.Passkey{Ceremony: "get", Options: p.at(q, "passkey/options"), Action: p.at(q, "passkey"), Inside: inside(v.Beside),
			Button: look.Button{Label: "Use your passkey", Icon: "fingerprint-pattern", Kind: look.Filled, Full: true}}
		return q.Show(p.passkey, status, web.Card("Use your passkey", "Your browser asks for your fingerprint, face or PIN. It never leaves your device.", problems), v)
	case w == proof.Recovery && has(s.View, w):
		v.Action = p.at(q, "recovery")
		v.Field = look.Text{Name: "code", Label: "Recovery code", Hint: "One of the ten you saved. Each works once; spaces and dashes do not matter.",
			Error: problems.For("code"), Literal: true, Autocomplete: "off", Autofocus: true}
		return q.Show(p.recovery, status, web.Card("Enter a recovery code", nil, problems), v)
	}
	v.Others = p.list(q, s.View, "")
	var lead any
	if v.Others == nil {
		lead = "None of the ways you have set up can be used at the moment. Try again later, or ask for help."
	}
	return q.Show(p.ways, status, web.Card("Prove that it is you", lead, problems), v)
}

func inside(c look.Component) []look.Component {
	if c == nil {
		return nil
	}
	return []look.Component{c}
}

func (p *pages) drawCode(q *web.Request, v page, s State, status int) error {
	c, now := *s.Challenge, q.Door.DB.Now()
	zone := web.ZoneOf(c.Zone)
	v.Action, v.Refresh = p.at(q, "code"), p.at(q, "code")
	v.Field = web.CodeField(c, zone, v.Problems.For("code"))
	v.Rail = web.Rail(c, zone, now, p.at(q, "code/state"))
	v.Resend = web.SendAgain(c, now, p.at(q, "code/resend"))
	title := "Enter your code"
	if c.State != "pending" {
		title, v.Rail = "This code no longer counts", nil // where it is matters no more
		v.Go.Kind = look.Second
		v.Resend = look.Button{Label: "Send a new code", Kind: look.Filled, FormAction: p.at(q, "choose"), Name: "way", Value: string(s.Way), Plain: true}
	}
	return q.Show(p.code, status, web.Card(title, web.SentTo(c), v.Problems), v)
}

// state is the rail alone, for the script that asks for it again and again.
func (p *pages) state(q *web.Request) error {
	s, out, err := p.Look(q)
	if err != nil {
		return err
	}
	if out.Leave != nil || s.Challenge == nil {
		q.W.WriteHeader(http.StatusNoContent)
		return nil
	}
	return q.Door.Look.Fragment(q.W, http.StatusOK, web.Rail(*s.Challenge, web.ZoneOf(s.Challenge.Zone), q.Door.DB.Now(), p.at(q, "code/state")))
}
