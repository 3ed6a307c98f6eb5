// Package frame draws what stands around and inside every page for people who are signed in: top bar with the
// organisation switcher, navigation, last log-in, and the pages that are only a form or a question.
package frame

import (
	"embed"
	"net/url"
	"slices"
	"strings"
	"time"

	"watchword/account/factor"
	"watchword/account/profile"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/look"
)

//go:embed *.html
var files embed.FS

// Desk holds the templates that several page groups share. Make it once, at the start.
type Desk struct {
	form, parts *look.Page
}

// New prepares the shared templates.
func New(d *web.Door) *Desk {
	return &Desk{form: d.Look.Page(files, "form.html"), parts: d.Look.Page(files, "parts.html")}
}

// Place is where in the navigation a page belongs.
type Place string

const (
	Home          Place = "Home"
	Contacts      Place = "Contacts"
	Lists         Place = "Lists"
	Users         Place = "Users"
	Audit         Place = "Audit log"
	Settings      Place = "Settings"
	Organisations Place = "Organisations"
	Profile       Place = "Profile"
)

// Page is one request of a person who is signed in, with what the frame shows of them.
type Page struct {
	Q    *web.Request
	Me   profile.Profile
	Mine []organisation.Membership
	Zone *time.Location
	Now  int64 // micros, by the database's clock
}

// Open reads the person and the organisations.
func Open(q *web.Request) (*Page, error) {
	if q.Who.Looking {
		return openLooking(q)
	}
	if err := q.Who.MustBePerson(); err != nil {
		return nil, err
	}
	p := &Page{Q: q}
	err := q.Door.DB.Read(q.Context(), func(tx *store.Tx) (err error) {
		p.Now = tx.Now
		if p.Me, err = profile.ByID(tx, q.Who.Profile); err != nil {
			return err
		}
		p.Mine, err = organisation.Of(tx, q.Who.Profile)
		return err
	})
	p.Zone = p.Me.Location()
	return p, err
}

// Handler answers one request of a person who is signed in.
type Handler func(p *Page) error

// With makes a Handler a handler of the door.
func With(h Handler) web.Handler {
	return func(q *web.Request) error {
		p, err := Open(q)
		if err != nil {
			return err
		}
		return h(p)
	}
}

// Inside is With for pages that show the organisation switched to and take no organisation from their address: it goes
// through the organisation's own door first. Whoever may not enter is led to the page that says what is missing, so that
// somebody without the second factor that an organisation requires sees of it only how to set one up (decisions 25).
func Inside(h Handler) web.Handler {
	return With(func(p *Page) error {
		org := p.Q.Session.Organisation
		if org == "" || p.Q.Who.Looking { // Open has entered for an operator who looks
			return h(p)
		}
		err := p.Q.Door.DB.ReadOne(p.Q.Context(), func(tx *store.Tx) error {
			_, err := organisation.Enter(tx, org, p.Q.Who, organisation.Anybody)
			return err
		})
		if problem.Is(err, problem.KindForbidden) {
			return p.Q.Go("/organisations/enter?" + url.Values{"organisation": {string(org)}, "next": {p.Q.R.URL.RequestURI()}}.Encode())
		}
		if err != nil {
			return err
		}
		return h(p)
	})
}

// Current is the organisation switched to; ok is false when there is none.
func (p *Page) Current() (organisation.Membership, bool) {
	for _, m := range p.Mine {
		if m.ID == p.Q.Session.Organisation {
			return m, true
		}
	}
	return organisation.Membership{}, false
}

// Frame is what stands around the page.
func (p *Page) Frame(title string, at Place) look.SignedIn {
	if p.Q.Who.Looking {
		return p.lookingFrame(title, at)
	}
	f := look.SignedIn{Title: title, Nav: p.nav(at), Switch: p.switcher(), LastLogin: p.lastLogin(), Flash: p.Q.TakeFlash(),
		Person: look.Person{Name: p.Me.Called(), Note: p.Me.Email, LogOut: "/logout", Links: []look.Link{
			{Label: "Profile and security", Href: "/profile/security"}, {Label: "Activity", Href: "/profile/activity"}, {Label: "Help", Href: "/help"}, {Label: "Ask support", Href: "/support"}}}}
	if m, ok := p.Current(); ok && m.Suspended {
		f.Banner = &look.Banner{Tone: look.Warn, Title: m.Name + " is suspended.", Words: "You can read everything; nothing is sent or changed until support lifts it."}
	}
	return f
}

// nav leads only to rooms that exist for this person.
func (p *Page) nav(at Place) []look.NavItem {
	items := []look.NavItem{{Label: string(Home), Href: "/", Icon: "house"}}
	if m, ok := p.Current(); ok {
		if m.Role == organisation.Owner || slices.Contains(m.May, organisation.Contacts) {
			items = append(items, look.NavItem{Label: string(Contacts), Href: "/contacts", Icon: "book-user"}, look.NavItem{Label: string(Lists), Href: "/contacts/lists", Icon: "list-checks"})
		}
		if m.Role == organisation.Owner {
			items = append(items, look.NavItem{Label: string(Users), Href: "/settings/users", Icon: "users"}, look.NavItem{Label: string(Audit), Href: "/settings/audit", Icon: "scroll-text"})
		}
	}
	items = append(items, look.NavItem{Label: string(Settings), Href: "/settings", Icon: "settings"}, look.NavItem{Label: string(Organisations), Href: "/organisations", Icon: "building-2"},
		look.NavItem{Label: string(Profile), Href: "/profile", Icon: "user"})
	for i := range items {
		items[i].Current = items[i].Label == string(at)
	}
	return items
}

func (p *Page) switcher() look.Switcher {
	s := look.Switcher{Action: "/organisations/switch", Links: []look.Link{
		{Label: "All organisations", Href: "/organisations"}, {Label: "Create an organisation", Href: "/organisations/new"}}}
	current, in := p.Current()
	if in {
		s.Current = current.Name
	}
	for _, m := range p.Mine {
		if !in || m.ID != current.ID {
			s.Others = append(s.Others, look.Organisation{ID: string(m.ID), Name: m.Name})
		}
	}
	return s
}

func (p *Page) lastLogin() []string {
	return []string{p.When(p.Q.Session.CreatedAt), p.Proved() + ", this browser"}
}

// Proved words what the session rests on.
func (p *Page) Proved() string {
	if p.Q.Session.Source == session.Registration {
		return "Registration"
	}
	return Methods(p.Q.Session.Methods)
}

// methods are the proofs of a session as people call them.
var methods = map[string]string{"password": "password", "sms": "SMS code", "email": "email code", "totp": "authenticator app",
	"passkey": "passkey", "recovery": "recovery code", "device": "trusted device"}

// Methods words what a session rests on: "Password and SMS code". Without any it is the session of a registration.
func Methods(all []string) string {
	var words []string
	for _, m := range all {
		if w, ok := methods[m]; ok {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return "Registration"
	}
	text := strings.Join(words, ", ")
	if i := strings.LastIndex(text, ", "); i >= 0 {
		text = text[:i] + " and " + text[i+2:]
	}
	if strings.HasPrefix(text, "SMS") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// FactorName is how pages about oneself call a kind of second factor: everywhere the same.
func FactorName(k factor.Kind) string {
	if k == factor.SMS {
		return "SMS"
	}
	return k.Name()
}

// Tabs are the pages about oneself.
func Tabs(current string) []look.Tab {
	tabs := []look.Tab{{Label: "Profile", Href: "/profile"}, {Label: "Security", Href: "/profile/security"},
		{Label: "Devices", Href: "/profile/devices"},
		{Label: "Activity", Href: "/profile/activity"}, {Label: "Organisations", Href: "/organisations"}}
	for i := range tabs {
		tabs[i].Current = tabs[i].Label == current
	}
	return tabs
}

// Mine begins the crumbs of a page below the profile.
func Mine(last string) []look.Link {
	return []look.Link{{Label: "Profile", Href: "/profile"}, {Label: "Security", Href: "/profile/security"}, {Label: last}}
}
