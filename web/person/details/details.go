// Package details holds the pages about oneself: what one is called, how one logs in, and in which language, zone and
// formats one reads (RP12, RP13, RP14, RP19).
package details

import (
	"embed"
	"net/http"
	"slices"
	"strings"
	"time"

	"watchword/account/factor"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/phone"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/signin/change"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

//go:embed *.html
var files embed.FS

type pages struct {
	desk    *frame.Desk
	profile *look.Page
	link    *look.Page
	change  *change.Room
	policy  password.Policy
}

// Mount registers /profile and the pages that change how one logs in.
func Mount(d *web.Door, desk *frame.Desk, room *change.Room, policy password.Policy) {
	p := &pages{desk: desk, profile: d.Look.Page(files, "profile.html"), link: d.Look.Page(files, "link.html"), change: room, policy: policy}
	d.GetIn("/profile", frame.With(func(f *frame.Page) error { return p.show(f, http.StatusOK, f.Me.Details(), nil) }))
	d.PostIn("/profile", frame.With(p.edit))
	d.GetIn("/profile/username", frame.With(func(f *frame.Page) error { return p.username(f, 0, f.Me.Username, nil) }))
	d.PostIn("/profile/username", frame.With(p.setUsername))
	d.GetIn("/profile/email", frame.With(func(f *frame.Page) error { return p.email(f, 0, "", nil) }))
	d.PostIn("/profile/email", frame.With(p.askEmail))
	d.GetIn("/profile/password", frame.With(func(f *frame.Page) error { return p.password(f, 0, nil) }))
	d.PostIn("/profile/password", frame.With(p.setPassword))
	p.links(d)
}

type profilePage struct {
	Login    look.Facts
	Problems look.Problems
	Once     look.Hidden
	About    []look.Component
	Reading  []look.Component
	Save     look.Button
	Close    look.Card
}

func (p *pages) show(f *frame.Page, status int, d profile.Details, problems look.Problems) error {
	overview, err := p.change.Look(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return err
	}
	v := profilePage{Problems: problems, Once: f.Q.Once(), Login: loginFacts(f, overview), Save: look.Button{Label: "Save changes", Kind: look.Filled, Busy: "Saving"}}
	v.About = []look.Component{
		look.Text{Name: "name", Label: "Name", Value: d.Name, Error: problems.For("name"), Autocomplete: "name", Optional: true},
		look.TextArea{Name: "postal", Label: "Postal address", Value: d.Postal, Error: problems.For("postal"), Rows: 3, Optional: true},
		look.Select{Name: "country", Label: "Country", Hint: "Numbers without a country code are read as numbers of this country.", Value: d.Country,
			Error: problems.For("country"), Options: countries(), Optional: true},
	}
	v.Reading = []look.Component{
		look.Select{Name: "language", Label: "Language", Hint: "Of our texts and emails. Pages are in English.", Value: d.Language, Error: problems.For("language"), Options: languages()},
		look.Select{Name: "zone", Label: "Time zone", Hint: "It is " + f.Clock(f.Now) + " in " + f.Me.Zone + " now.", Value: d.Zone, Error: problems.For("zone"), Options: zones(d.Zone)},
		look.Select{Name: "date_format", Label: "Date format", Value: d.DateFormat, Error: problems.For("date_format"), Options: dates(f)},
		look.Text{Name: "currency", Label: "Currency", Hint: "Three letters, like EUR.", Value: d.Currency, Error: problems.For("currency"), Width: "medium", Literal: true},
		look.Select{Name: "encoding", Label: "Default encoding of texts", Value: d.Encoding, Error: problems.For("encoding"), Options: []look.Option{
			{Value: "auto", Label: "Choose by the text (GSM where it fits)"}, {Value: "gsm7", Label: "GSM 03.38 only"}, {Value: "unicode", Label: "Unicode only"}}},
	}
	v.Close = look.Card{Title: "Close your profile", Danger: true,
		Lead:    "You can log in nowhere any more. An organisation that you own alone must first get another owner.",
		Actions: []look.Component{look.Button{Label: "Close profile", Kind: look.Destructive, Href: "/profile/close"}}}
	s := f.Frame("Profile", frame.Profile)
	s.Tabs, s.Problem, s.Lead = frame.Tabs("Profile"), len(problems) > 0, "Who you are here. It stays yours, whichever organisation you join or leave."
	return f.Q.Show(p.profile, status, s, v)
}

// loginFacts are the facts by which one logs in.
func loginFacts(f *frame.Page, o change.Overview) look.Facts {
	name := any(f.Me.Username)
	if f.Me.Username == "" {
		name = look.Muted("None, you log in with your email address")
	}
	number := look.Fact{Label: "Mobile number", Value: look.Muted("None"), Note: "For codes and notices only, never for sending", Change: "/profile/phone", ChangeLabel: "Add"}
	kinds := []string{}
	for _, x := range o.Factors {
		if x.Kind == factor.SMS {
			number.Value, number.ChangeLabel = x.Masked, "Change"
		}
		if name := frame.FactorName(x.Kind); !slices.Contains(kinds, name) {
			kinds = append(kinds, name)
		}
	}
	second := look.Fact{Label: "Two-factor", Value: strings.Join(kinds, ", "), Change: "/profile/security", ChangeLabel: "Manage"}
	if o.Reach < access.LevelTwoFactor {
		second.Mark = &look.Mark{Tone: look.Warn, Icon: "triangle-alert", Label: "Not set up"}
		if len(kinds) > 0 {
			second.Mark.Label = "Weak"
		}
	}
	return look.Facts{Rows: []look.Fact{
		{Label: "Username", Value: name, Change: "/profile/username"},
		{Label: "Email address", Value: f.Me.Email, Change: "/profile/email", Mark: &look.Mark{Tone: look.Good, Icon: "check", Label: "Confirmed"}},
		{Label: "Password", Value: "•••••••••••", Change: "/profile/password"},
		number, second,
	}}
}

func (p *pages) edit(f *frame.Page) error {
	q := f.Q
	d := profile.Details{Name: q.Value("name"), Language: q.Value("language"), Zone: q.Value("zone"), DateFormat: q.Value("date_format"),
		Currency: q.Value("currency"), Encoding: q.Value("encoding"), Postal: q.Value("postal"), Country: q.Value("country")}
	if err := p.change.Details(q.Context(), q.Door.DB, q.Who, d); err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.show(f, status, d, problems) })
	}
	q.Flash(look.Good, "Your profile is saved.")
	return q.Go("/profile")
}

func languages() (out []look.Option) {
	for _, l := range wording.Languages() {
		out = append(out, look.Option{Value: string(l.Code), Label: l.Name})
	}
	return out
}

// zones offers the usual ones, and the present one where it is another.
func zones(present string) (out []look.Option) {
	found := false
	for _, z := range profile.Zones() {
		found = found || z == present
		out = append(out, look.Option{Value: z, Label: z})
	}
	if !found && profile.ZoneKnown(present) {
		out = append([]look.Option{{Value: present, Label: present}}, out...)
	}
	return out
}

func countries() []look.Option {
	out := []look.Option{{Value: "", Label: "Not set"}}
	for _, c := range phone.Countries() {
		out = append(out, look.Option{Value: c.Code, Label: c.Name})
	}
	return out
}

// dates shows each format by the end of the present year, whose day cannot be taken for a month.
func dates(f *frame.Page) (out []look.Option) {
	example := time.Date(store.Time(f.Now).Year(), time.December, 31, 0, 0, 0, 0, time.UTC)
	for _, layout := range profile.DateFormats {
		out = append(out, look.Option{Value: layout, Label: example.Format(layout)})
	}
	return out
}
