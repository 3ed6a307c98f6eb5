// Package invited holds the page behind an invitation: somebody new makes a profile, somebody known joins with the own
// one, and anybody else is refused (OU4, OU5, B10, decisions 26). Opening it uses nothing up (B11).
package invited

import (
	"embed"
	"net/http"
	"net/url"
	"strings"
	"time"

	"watchword/account/accept"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/organisation/invite"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/look"
	start "watchword/web/signedout/login"
	"watchword/web/signedout/welcome"
)

//go:embed *.html
var files embed.FS

// Options of the pages.
type Options struct {
	Accept   *accept.Room
	Sessions *session.Book
	Home     string // country chosen first where a number is typed
}

type pages struct {
	Options
	page *look.Page
}

// Mount registers /invitation.
func Mount(d *web.Door, o Options) {
	p := &pages{Options: o, page: d.Look.Page(files, "invited.html")}
	d.Get(invite.Path, p.open)
	d.Post(invite.Path, p.accept)
}

// waitCookie keeps the token while a person logs in, so that it need not stand in further addresses (C53).
const waitCookie = "invitation"

type invitedPage struct {
	Flash    *look.Flash
	Problems look.Problems
	Once     look.Hidden
	Token    look.Hidden
	Facts    look.Component
	Fields   []any
	Go       look.Component
	After    look.Component
}

func token(q *web.Request) string {
	if t := q.Value("token"); t != "" {
		return t
	}
	return q.Cookie(waitCookie)
}

func (p *pages) open(q *web.Request) error { return p.show(q, http.StatusOK, nil) }

func (p *pages) show(q *web.Request, status int, problems look.Problems) error {
	o, err := p.Accept.Look(q.Context(), q.Door.DB, q.Who, token(q))
	if err != nil {
		q.DropCookie(waitCookie)
		return p.refuse(q, err)
	}
	v := invitedPage{Flash: q.TakeFlash(), Problems: problems, Once: q.Once(), Token: look.Hidden{Name: "token", Value: token(q)}, Facts: facts(q, o)}
	join := look.Button{Label: "Join " + o.Organisation.Name, Kind: look.Filled, Full: true, Busy: "Joining"}
	lead := any(invitedBy(o))
	switch {
	case o.WrongProfile:
		v.Go = look.Button{Label: "Log out", Href: "/logout", Kind: look.Filled, Full: true}
		lead = "This invitation is for another address than the one you are logged in with. Log out, then open the link in the email again."
		v.Facts, status = nil, http.StatusForbidden
	case o.NeedsLogin:
		q.SetCookie(waitCookie, token(q), time.Hour)
		v.Go = look.Button{Label: "Log in to join", Href: "/login?next=" + invite.Path, Kind: look.Filled, Full: true}
		v.After = look.Banner{Words: "You have a profile with this address already. Nothing new is needed: log in with it, and you are asked once more here."}
	case o.New:
		v.Fields, v.Go = p.newcomer(q, o, problems), join
	default:
		v.Go = join
		v.After = look.Banner{Words: "You join with the profile you are logged in with. Your password and second factors stay as they are."}
	}
	return q.Show(p.page, status, web.Card("Join "+o.Organisation.Name, lead, problems), v)
}

// refuse says what is the matter with a link; a program gets it as any other problem.
func (p *pages) refuse(q *web.Request, err error) error {
	e, accept := problem.As(err), q.R.Header.Get("Accept")
	program := strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
	if e == nil || e.Kind != problem.KindNotFound && e.Kind != problem.KindConflict || program {
		return err
	}
	v := invitedPage{Flash: q.TakeFlash(), After: look.Banner{Tone: look.Warn, Words: e.Message}, Go: look.Button{Label: "Log in", Href: "/login", Full: true}}
	if q.SignedIn() {
		v.Go = look.Button{Label: "Go to your organisations", Href: "/organisations", Full: true}
	}
	return q.Show(p.page, e.Kind.Status(), look.SignedOut{Title: "This invitation does not work"}, v)
}

func invitedBy(o accept.Offer) string {
	if o.InvitedBy == "" {
		return "You were invited."
	}
	return o.InvitedBy + " invited you."
}

// facts are what the invitation says, to be checked before one joins.
func facts(q *web.Request, o accept.Offer) look.Component {
	role := "Member"
	if o.Role == organisation.Owner {
		role = "Owner"
	}
	rows := []look.Fact{{Label: "Organisation", Value: o.Organisation.Name}, {Label: "Email address", Value: o.Email}, {Label: "Role", Value: role}}
	if o.Required {
		rows = append(rows, look.Fact{Label: "Two-factor", Value: "Required"})
	}
	if o.NumberMasked != "" {
		rows = append(rows, look.Fact{Label: "Mobile number", Value: o.NumberMasked})
	}
	return look.Facts{Well: true, Rows: rows}
}

var ways = map[organisation.Method]look.Option{
	organisation.ByPasskey: {Label: "Passkey", Note: "Strongest: fingerprint, face or PIN. You add it right after your first log-in."},
	organisation.ByTOTP:    {Label: "Authenticator app", Note: "Strong: codes on your phone without a network. You add it right after your first log-in."},
	organisation.BySMS:     {Label: "SMS", Note: "Good: a code to your mobile at each log-in. Better than email."},
	organisation.ByEmail:   {Label: "Email", Note: "Weak: it ends in the same mailbox as your password reset."},
}

// newcomer asks for what a profile needs. The username may be left out: the address logs in too (decisions 11).
func (p *pages) newcomer(q *web.Request, o accept.Offer, problems look.Problems) []any {
	posted := q.R.Method == http.MethodPost
	name, method := o.Name, string(o.Method)
	if method == "" && o.Required && o.NumberMasked != "" { // what the door asks for first
		method = string(organisation.BySMS)
	}
	if posted {
		name, method = q.Value("name"), q.Value("method")
	}
	choice := look.Radios{Name: "method", Label: "Second factor", Value: method, Error: problems.For("method"), Hint: "How you prove that it is you, beside the password."}
	for _, c := range o.Choices {
		option := ways[c.Method]
		option.Value = string(c.Method)
		if c.Method == organisation.BySMS {
			option.Inside = p.number(q, o, problems)
		}
		choice.Options = append(choice.Options, option)
	}
	if !o.Required && o.Method == "" {
		choice.Options = append(choice.Options, look.Option{Value: "", Label: "Decide later", Note: "You are asked for a code by email in browsers we do not know."})
	}
	username := look.Text{Name: "username", Label: "Username", Hint: "Without one you log in with your email address.", Value: q.Value("username"), Error: problems.For("username"),
		Autocomplete: "username", Literal: true, Optional: true}
	return []any{look.HTML(`<input type="hidden" name="zone" value="" data-zone><input type="email" name="email" value="`), o.Email, look.HTML(`" autocomplete="email" hidden>`),
		look.Text{Name: "name", Label: "Name", Value: name, Error: problems.For("name"), Autocomplete: "name", Optional: true}, username,
		start.NewPassword(problems.For("password"), p.Accept.Policy.Least(), "username email"), choice,
		look.Tick{Name: "terms", Value: "yes", Label: start.Agreement(), Error: problems.For("terms"), Checked: q.Ticked("terms")}}
}

func (p *pages) number(q *web.Request, o accept.Offer, problems look.Problems) look.Component {
	country := q.Value("country")
	if country == "" {
		country = p.Home
	}
	hint := "We prove it by SMS at your first log-in."
	if o.NumberMasked != "" {
		hint = "Leave it empty to use " + o.NumberMasked + ". " + hint
	}
	f := look.Phone{Name: "number", Label: "Mobile number", Hint: hint, Value: q.Value("number"), CountryName: "country", Country: country, Error: problems.For("number")}
	for _, c := range phone.Countries() {
		f.Countries = append(f.Countries, look.Country{Code: c.Code, Name: c.Name, Dial: c.Calling})
	}
	return f
}

func (p *pages) accept(q *web.Request) error {
	v := q.Value
	a, err := p.Accept.Accept(q.Context(), q.Door.DB, q.Who, accept.Form{Token: token(q), Username: v("username"), Name: v("name"), Password: v("password"),
		Method: organisation.Method(v("method")), Number: v("number"), Country: v("country"), Terms: q.Ticked("terms"),
		Language: string(wording.Parse(q.R.Header.Get("Accept-Language"))), Zone: v("zone")})
	if problem.Is(err, problem.KindSignedOut) {
		q.SetCookie(waitCookie, token(q), time.Hour)
		return q.Go("/login?next=" + invite.Path)
	}
	if err != nil {
		problems, status, ok := q.Refused(err)
		if !ok {
			return err
		}
		if _, gone := p.Accept.Look(q.Context(), q.Door.DB, q.Who, token(q)); gone != nil {
			return p.refuse(q, gone) // used up meanwhile: there is no form to show any more
		}
		return p.show(q, status, problems)
	}
	q.DropCookie(waitCookie)
	if a.New {
		q.Flash(look.Good, "Your profile is ready. Log in to begin.")
		if m := organisation.Method(v("method")); m != "" && m != organisation.ByEmail {
			return q.Go("/login?" + url.Values{"next": {welcome.Path + "?first=" + url.QueryEscape(string(m))}}.Encode()) // what was chosen here is set up after the first log-in
		}
		return q.Go("/login")
	}
	q.Flash(look.Good, "You have joined.")
	if err := p.Sessions.Switch(q.Context(), q.Door.DB, q.Who, a.Organisation); err != nil {
		return err
	}
	return q.Go("/")
}
