// Package operator is the console of those who host Watchword, under /operator: requests for help, organisations,
// people, operators, the log of the installation and the guard against fraud (SO3). It has a cookie of its own; no role
// of an organisation reaches it, and an operator is never a member. Logging in is in web/signedout/operators.
package operator

import (
	"embed"
	"net/http"
	"time"

	"watchword/account/operator"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/support/console"
	"watchword/support/request"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

//go:embed *.html
var files embed.FS

// Rooms are what the pages read and call.
type Rooms struct {
	Console  *console.Room
	Requests *request.Room
	Desk     *operator.Desk
}

type pages struct {
	Rooms
	sheet *look.Page
}

// Mount registers everything below /operator but the log-in.
func Mount(d *web.Door, r Rooms) {
	p := &pages{Rooms: r, sheet: d.Look.Page(files, "sheet.html")}
	d.Get("/operator", p.with(p.requests))
	d.Get("/operator/requests", p.with(p.requests))
	d.Get("/operator/requests/{id}", p.with(p.request))
	for act, h := range map[string]func(*call, request.ID) error{"take": p.take, "start": p.start, "confirm": p.confirm, "cancel": p.cancel, "answer": p.answer} {
		d.Post("/operator/requests/{id}/"+act, p.with(func(c *call) error { return h(c, request.ID(c.Q.R.PathValue("id"))) }))
	}
	d.Get("/operator/organisations", p.with(p.organisations))
	d.Get("/operator/organisations/{id}", p.with(p.organisation))
	d.Post("/operator/organisations/{id}/suspend", p.with(p.suspend))
	d.Post("/operator/organisations/{id}/restore", p.with(p.restore))
	d.Post("/operator/organisations/{id}/look", p.with(p.look))
	d.Post("/operator/organisations/{id}/two-factor-off", p.with(p.twoFactorOff))
	d.Post(proofOptions, p.with(p.passkey))
	d.Post("/operator/look/end", p.with(p.endLook))
	d.Get("/operator/people", p.with(p.people))
	d.Post("/operator/people", p.with(p.find))
	d.Post("/operator/people/lost-phone", p.with(p.lostPhone))
	d.Post("/operator/people/end-sessions", p.with(p.endSessions))
	d.Get("/operator/operators", p.with(p.operators))
	d.Post("/operator/operators/invite", p.with(p.invite))
	d.Get("/operator/operators/{id}/remove", p.with(p.askRemove))
	d.Post("/operator/operators/{id}/remove", p.with(p.remove))
	p.mountOwn(func(path string, h func(*call) error) { d.Get(path, p.with(h)) }, func(path string, h func(*call) error) { d.Post(path, p.with(h)) })
	d.Get("/operator/audit", p.with(p.audit))
	d.Post("/operator/audit.csv", p.with(p.export))
	d.Get("/operator/guard", p.with(p.guard))
	d.Post("/operator/logout", p.logOut)
}

// call is one request of an operator.
type call struct {
	*frame.Page
	Who     access.Actor
	Op      operator.Operator
	token   string // of the session, as it is from now on
	Looking console.Looking
	Waiting int // requests that wait for somebody
}

// with finds out which operator asks; whoever is none is led to the log-in.
func (p *pages) with(h func(*call) error) web.Handler {
	return func(q *web.Request) error {
		token := q.Cookie(web.OperatorCookie)
		if token == "" {
			return q.Go("/operator/login")
		}
		c := &call{token: token}
		var err error
		c.Who, c.Op, c.Looking, err = p.Console.Check(q.Context(), q.Door.DB, token, q.Origin())
		if problem.Is(err, problem.KindSignedOut) {
			return q.Go("/operator/login")
		}
		if err != nil {
			return err
		}
		c.Page = &frame.Page{Q: q, Zone: time.UTC, Me: profile.Profile{Name: c.Op.Name, Username: c.Op.Username, DateFormat: profile.DateFormats[0]}}
		err = q.Door.DB.ReadOne(q.Context(), func(tx *store.Tx) (err error) {
			c.Now = tx.Now
			c.Waiting, err = request.Waiting(tx)
			return err
		})
		if err != nil {
			return err
		}
		return p.proving(h)(c)
	}
}

const (
	atRequests      = "Requests"
	atOrganisations = "Organisations"
	atPeople        = "People"
	atOperators     = "Operators"
	atAudit         = "Audit log"
	atGuard         = "Fraud guard"
)

// frame is what stands around a page of the console.
func (c *call) frame(title, at string) look.SignedIn {
	f := look.SignedIn{Title: title, Flash: c.Q.TakeFlash(), Switch: look.Switcher{Place: "Operator console", Icon: "server"},
		Person: look.Person{Name: c.Me.Called(), Note: c.Op.Username, Links: []look.Link{{Label: "Your log-in", Href: ownPath}}, LogOut: "/operator/logout"}, LastLogin: []string{c.When(c.Op.LastLoginAt) + " UTC"},
		Nav: []look.NavItem{{Label: atRequests, Href: "/operator", Icon: "life-buoy", Count: c.Waiting}, {Label: atOrganisations, Href: "/operator/organisations", Icon: "building-2"},
			{Label: atPeople, Href: "/operator/people", Icon: "users"}, {Label: atOperators, Href: "/operator/operators", Icon: "id-card"},
			{Label: atAudit, Href: "/operator/audit", Icon: "scroll-text"}, {Label: atGuard, Href: "/operator/guard", Icon: "shield-check"}}}
	for i := range f.Nav {
		f.Nav[i].Current = f.Nav[i].Label == at
	}
	if c.Who.Looking {
		f.Banner = &look.Banner{Tone: look.Warn, Icon: "eye", Title: "You look into " + c.Looking.Name + ".", Words: "It ends at " + c.Clock(c.Looking.Until) + " UTC.",
			Action: look.Post{Action: "/operator/look/end", Button: look.Button{Label: "Stop looking", Small: true}}}
	}
	return f
}

// sheet is a page of the console: a filter, cards and forms below each other.
type sheet struct {
	Problems   look.Problems
	Method, At string // of the filter
	Tools      []look.Component
	Parts      []any
	Once       look.Hidden
}

// form is a card that is one form.
type form struct {
	ID, Title, Lead, Action string
	Danger                  bool
	Fields                  []any
	Button                  look.Component
}

// IsForm tells the template which parts are forms.
func (sheet) IsForm(v any) bool { _, ok := v.(form); return ok }

func (p *pages) show(c *call, status int, f look.SignedIn, s sheet) error {
	if status == 0 {
		status = http.StatusOK
	}
	f.Problem, s.Once = len(s.Problems) > 0, c.Q.Once()
	if s.Method == "" {
		s.Method = "get"
	}
	return c.Q.Show(p.sheet, status, f, s)
}

// again shows a page once more with what an operation complained about; what belongs on no form is returned. Refusals
// to a person who may try something else are shown in place.
func (c *call) again(err error, show func(status int, problems look.Problems) error) error {
	problems, status, ok := c.Q.Refused(err, problem.KindForbidden)
	if !ok {
		return err
	}
	return show(status, problems)
}

func (c *call) done(path, words string) error {
	c.Q.Flash(look.Good, words)
	return c.Q.Go(path)
}

// logOut ends the session, and with it what it looked into. Logging out twice is no mistake.
func (p *pages) logOut(q *web.Request) error {
	token := q.Cookie(web.OperatorCookie)
	who, _, _, err := p.Console.Check(q.Context(), q.Door.DB, token, q.Origin())
	if err != nil && !problem.Is(err, problem.KindSignedOut) {
		return err
	}
	if err == nil {
		if err := p.Console.EndLook(q.Context(), q.Door.DB, who); err != nil {
			return err
		}
		if err := p.Desk.Logout(q.Context(), q.Door.DB, who, token); err != nil {
			return err
		}
	}
	q.DropCookie(web.OperatorCookie)
	q.ClearSite()
	q.Flash(look.Good, "You are logged out.")
	return q.Go("/operator/login")
}
