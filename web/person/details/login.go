package details

import (
	"watchword/signin/change"
	"watchword/web/look"
	"watchword/web/person/frame"
	"watchword/web/signedout/login"
)

// keep gives the browser the session's new token after a change.
func keep(f *frame.Page, k change.Kept) {
	if k.Session != nil {
		f.Q.Begin(*k.Session)
	}
}

func (p *pages) username(f *frame.Page, status int, typed string, problems look.Problems) error {
	s := f.Frame("Change your username", frame.Profile)
	s.Crumbs = []look.Link{{Label: "Profile", Href: "/profile"}, {Label: "Username"}}
	return p.desk.ShowForm(f, status, s, frame.Form{Action: "/profile/username", Problems: problems, Fields: []any{
		look.Text{Name: "username", Label: "Username", Hint: "1 to 64 characters without spaces. Your old one stays reserved for you for 30 days.", Value: typed,
			Error: problems.For("username"), Autocomplete: "username", Literal: true}},
		Buttons: frame.Save("Change username", "/profile")})
}

func (p *pages) setUsername(f *frame.Page) error {
	typed := f.Q.Value("username")
	k, err := p.change.Username(f.Q.Context(), f.Q.Door.DB, f.Q.Who, typed)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.username(f, status, typed, problems) })
	}
	keep(f, k)
	words := "Your username is now " + typed + "."
	switch f.Me.Username {
	case typed:
		words = "Your username is still " + typed + "."
	case "":
	default:
		words += " The old one stays yours for 30 days."
	}
	f.Q.Flash(look.Good, words)
	return f.Q.Go("/profile")
}

func (p *pages) email(f *frame.Page, status int, typed string, problems look.Problems) error {
	s := f.Frame("Change your email address", frame.Profile)
	s.Crumbs = []look.Link{{Label: "Profile", Href: "/profile"}, {Label: "Email address"}}
	s.Lead = "We send a link to the new address. Nothing changes before you have opened it and confirmed."
	e := look.Email("email", typed, problems.For("email"))
	e.Hint = "Now it is " + f.Me.Email + ". We tell the old address too."
	return p.desk.ShowForm(f, status, s, frame.Form{Action: "/profile/email", Problems: problems, Fields: []any{e},
		Buttons: frame.Save("Send the link", "/profile")})
}

func (p *pages) askEmail(f *frame.Page) error {
	typed := f.Q.Value("email")
	k, err := p.change.AskEmail(f.Q.Context(), f.Q.Door.DB, f.Q.Who, typed)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.email(f, status, typed, problems) })
	}
	keep(f, k)
	f.Q.Flash(look.Note, "We sent a link to "+typed+". Open it to confirm the change; until then nothing changes.")
	return f.Q.Go("/profile")
}

func (p *pages) password(f *frame.Page, status int, problems look.Problems) error {
	s := f.Frame("Change your password", frame.Profile)
	s.Crumbs = []look.Link{{Label: "Profile", Href: "/profile"}, {Label: "Password"}}
	s.Lead = "Your other sessions end, and we tell every address of yours."
	fresh := login.NewPassword(problems.For("password"), p.policy.Least(), "username")
	fresh.Label = "New password"
	return p.desk.ShowForm(f, status, s, frame.Form{Action: "/profile/password", Problems: problems, Fields: []any{
		look.HTML(`<input class="visually-hidden" type="text" id="username" name="username" autocomplete="username" value="`), f.Q.Who.Name, look.HTML(`" tabindex="-1" aria-hidden="true" readonly>`),
		look.Password{Name: "current", Label: "Current password", Error: problems.For("current")}, fresh},
		Buttons: frame.Save("Change password", "/profile")})
}

func (p *pages) setPassword(f *frame.Page) error {
	k, err := p.change.Password(f.Q.Context(), f.Q.Door.DB, f.Q.Who, f.Q.Value("current"), f.Q.Value("password"))
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.password(f, status, problems) })
	}
	keep(f, k)
	f.Q.Flash(look.Good, "Your password is changed. All your other sessions have ended.")
	return f.Q.Go("/profile")
}
