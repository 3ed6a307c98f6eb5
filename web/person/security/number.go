package security

import (
	"net/http"

	"watchword/account/factor"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/code/challenge"
	"watchword/signin/change"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

type register func(path string, h frame.Handler)

func (p *pages) mountNumber(get, post register) {
	get("/profile/phone", func(f *frame.Page) error { return p.number(f, 0, "", "", nil) })
	post("/profile/phone", p.askNumber)
	get("/profile/phone/code", func(f *frame.Page) error { return p.numberCode(f, http.StatusOK, nil) })
	post("/profile/phone/code", p.enterNumber)
	get("/profile/phone/code/state", p.numberState)
	post("/profile/phone/code/resend", p.resendNumber)
	post("/profile/phone/code/cancel", p.cancelNumber)
}

// bound is the number in use, if there is one.
func (p *pages) bound(f *frame.Page) (factor.Factor, bool, error) {
	s, err := p.read(f)
	for _, x := range s.Factors {
		if x.Kind == factor.SMS {
			return x, true, err
		}
	}
	return factor.Factor{}, false, err
}

func (p *pages) number(f *frame.Page, status int, typed, country string, problems look.Problems) error {
	old, changing, err := p.bound(f)
	if err != nil {
		return err
	}
	title, lead := "Add your mobile number", "We send a code by SMS to prove that it is yours, and at each log-in from then on."
	if changing {
		title, lead = "Change your mobile number", "Now it is "+old.Masked+". It stays in use until the new one is proved, and we tell both."
	}
	if country == "" {
		country = f.Me.Country
	}
	if country == "" {
		country = p.Home
	}
	s := below(f, title, "Mobile number")
	s.Lead = lead
	field := look.Phone{Name: "number", Label: "Mobile number", Hint: "For codes and security notices only, never for sending.", Value: typed, CountryName: "country",
		Country: country, Countries: countries(), Error: problems.For("number")}
	return p.desk.ShowForm(f, status, s, frame.Form{Action: "/profile/phone", Problems: problems, Fields: []any{field},
		Buttons: frame.Save("Send a code to this number", "/profile/security")})
}

func countries() (out []look.Country) {
	for _, c := range phone.Countries() {
		out = append(out, look.Country{Code: c.Code, Name: c.Name, Dial: c.Calling})
	}
	return out
}

func (p *pages) askNumber(f *frame.Page) error {
	q := f.Q
	number, country := q.Value("number"), q.Value("country")
	_, refused, err := p.Change.AskNumber(q.Context(), q.Door.DB, q.Who, number, country)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error {
			web.Rename(problems, phone.Field, "number")
			return p.number(f, status, number, country, problems)
		})
	}
	if refused != nil {
		problems, status, _ := q.Refused(refused, refused.Kind)
		web.Rename(problems, phone.Field, "number")
		return p.number(f, status, number, country, problems)
	}
	return q.Go("/profile/phone/code")
}

type codePage struct {
	Problems look.Problems
	Once     look.Hidden
	Purpose  look.Banner
	Sent     any
	Field    look.Code
	Rail     look.Delivery
	Go       look.Button
	Resend   look.Component
}

const numberRail = "/profile/phone/code/state"

func (p *pages) numberCode(f *frame.Page, status int, problems look.Problems) error {
	n, err := p.Change.LookNumber(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if problem.Is(err, problem.KindNotFound) {
		return f.Q.Go("/profile/phone")
	}
	if err != nil {
		return err
	}
	return p.drawNumber(f, status, n, problems)
}

func (p *pages) drawNumber(f *frame.Page, status int, n change.NumberState, problems look.Problems) error {
	c := n.Challenge
	v := codePage{Problems: problems, Once: f.Q.Once(), Sent: web.SentTo(c), Field: web.CodeField(c, f.Zone, problems.For("code")), Rail: web.Rail(c, f.Zone, f.Now, numberRail),
		Go: look.Button{Label: "Confirm the number", Kind: look.Filled, Busy: "Checking"}, Resend: web.SendAgain(c, f.Now, "/profile/phone/code/resend"),
		Purpose: look.Banner{Icon: "lock", Title: "This code proves that the number is yours.", Words: "Never read it out to anyone: our staff do not ask for it."}}
	title := "Enter your code"
	if n.Replaces != "" {
		v.Purpose.Title = "This code puts " + n.Masked + " in the place of " + n.Replaces + "."
	}
	if c.State != challenge.Pending {
		title = "This code no longer counts"
		v.Resend = look.Button{Label: "Start again", Href: "/profile/phone"}
	}
	s := below(f, title, "Mobile number")
	s.Lead, s.Problem = v.Sent, len(problems) > 0
	return f.Q.Show(p.code, status, s, v)
}

// numberState is the rail alone, for the script that asks for it again and again.
func (p *pages) numberState(f *frame.Page) error {
	n, err := p.Change.LookNumber(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if problem.Is(err, problem.KindNotFound) {
		f.Q.W.WriteHeader(http.StatusNoContent)
		return nil
	}
	if err != nil {
		return err
	}
	return f.Q.Door.Look.Fragment(f.Q.W, http.StatusOK, web.Rail(n.Challenge, f.Zone, f.Now, numberRail))
}

func (p *pages) enterNumber(f *frame.Page) error {
	n, err := p.Change.LookNumber(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if problem.Is(err, problem.KindNotFound) {
		return f.Q.Go("/profile/phone")
	}
	if err != nil {
		return err
	}
	k, err := p.Change.EnterNumber(f.Q.Context(), f.Q.Door.DB, f.Q.Who, f.Q.Value("code"))
	if problem.Is(err, problem.KindNotFound) {
		return f.Q.Go("/profile/phone")
	}
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.numberCode(f, status, problems) })
	}
	done := "Your mobile number is confirmed. From now on we ask for a code at each log-in."
	if n.Replaces != "" {
		done = "Your mobile number is confirmed. Codes no longer go to " + n.Replaces + ", where the change can be cancelled for 72 hours."
	}
	return p.keep(f, k, done)
}

func (p *pages) resendNumber(f *frame.Page) error {
	n, refused, err := p.Change.ResendNumber(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	switch {
	case problem.Is(err, problem.KindNotFound):
		return f.Q.Go("/profile/phone")
	case err != nil:
		return f.Again(err, func(status int, problems look.Problems) error { return p.numberCode(f, status, problems) })
	case refused != nil:
		problems, status := f.Q.Verdict(refused)
		return p.drawNumber(f, status, n, problems)
	}
	return f.Q.Go("/profile/phone/code")
}

func (p *pages) cancelNumber(f *frame.Page) error {
	if err := p.Change.CancelNumber(f.Q.Context(), f.Q.Door.DB, f.Q.Who); err != nil && !problem.Is(err, problem.KindNotFound) {
		return err
	}
	return f.Q.Go("/profile/security")
}
