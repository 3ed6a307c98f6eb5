// Package security holds the pages on which a person sees and changes how they prove who they are, and where they are
// logged in.
package security

import (
	"embed"

	"watchword/account/factor"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/budget"
	"watchword/signin/change"
	"watchword/signin/login"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

//go:embed *.html
var files embed.FS

// Rooms are what the pages read and call.
type Rooms struct {
	Change   *change.Room
	Factors  *factor.Room
	Sessions *session.Book
	Login    *login.Room
	Home     string // country chosen first for people who have set none
}

type pages struct {
	Rooms
	desk                  *frame.Desk
	code, codes, app, key *look.Page
}

// Mount registers /profile/security, /profile/phone and everything below them.
func Mount(d *web.Door, desk *frame.Desk, rooms Rooms) {
	p := &pages{Rooms: rooms, desk: desk, code: d.Look.Page(files, "code.html"), codes: d.Look.Page(files, "codes.html"),
		app: d.Look.Page(files, "app.html"), key: d.Look.Page(files, "key.html")}
	get := func(path string, h frame.Handler) { d.GetIn(path, frame.With(h)) }
	post := func(path string, h frame.Handler) { d.PostIn(path, frame.With(h)) }
	get("/profile/security", p.overview)
	get("/profile/security/add", p.add)
	get("/profile/security/factors/{kind}", p.manage)
	post("/profile/security/prefer", p.prefer)
	get("/profile/security/rename", p.askRename)
	post("/profile/security/rename", p.rename)
	get("/profile/security/remove", p.askRemove)
	post("/profile/security/remove", p.remove)
	get("/profile/security/email", p.askEmail)
	post("/profile/security/email", p.addEmail)
	get("/profile/security/off", p.askOff)
	post("/profile/security/off", p.off)
	get("/profile/security/history", p.history)
	p.mountNumber(get, post)
	p.mountApp(get, post)
	p.mountKey(d, get, post)
	p.mountCodes(get, post)
	p.mountAddress(get, post)
	post("/profile/security/sessions/end", p.endSession)
	post("/profile/security/sessions/end-others", p.endOthers)
	post("/profile/security/browsers/forget", p.forgetBrowser)
}

// state is the overview with its failure budgets.
type state struct {
	change.Overview
	budgets []budget.Status // of every kind that is bound, and of the recovery codes
	wrong   []audit.Row     // failed codes since the oldest failure that still counts
}

// mostWrong bounds how many failures are looked at to say where they came from: as many as switch a factor off.
const mostWrong = 100

func (p *pages) read(f *frame.Page) (s state, err error) {
	if s.Overview, err = p.Change.Look(f.Q.Context(), f.Q.Door.DB, f.Q.Who); err != nil {
		return s, err
	}
	err = f.Q.Door.DB.Read(f.Q.Context(), func(tx *store.Tx) (err error) {
		if s.budgets, err = p.budgets(tx, f.Me.ID, s); err != nil {
			return err
		}
		s.wrong, err = wrongCodes(tx, f.Me.ID, s.budgets)
		return err
	})
	return s, err
}

func (p *pages) budgets(tx *store.Tx, who id.Profile, s state) (out []budget.Status, err error) {
	var kinds []budget.Factor
	seen := map[budget.Factor]bool{}
	for _, f := range s.Factors {
		if k := f.Kind.Budget(); !seen[k] {
			seen[k] = true
			kinds = append(kinds, k)
		}
	}
	if s.Codes.Made > 0 {
		kinds = append(kinds, budget.Recovery)
	}
	if len(kinds) == 0 {
		kinds = append(kinds, budget.Email) // the code for strange browsers
	}
	for _, k := range kinds {
		b, err := p.Factors.Budget.Of(tx, id.System, string(who), k)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func wrongCodes(tx *store.Tx, who id.Profile, budgets []budget.Status) (out []audit.Row, err error) {
	since := int64(0)
	for _, b := range budgets {
		if b.Failures > 0 && (since == 0 || b.Since < since) {
			since = b.Since
		}
	}
	if since == 0 {
		return nil, nil
	}
	for _, kind := range []string{"code.checked", "factor.checked", "recovery.code"} {
		rows, err := audit.List(tx, string(who), audit.Filter{Kind: kind, Outcome: audit.Failed, From: since}, mostWrong)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// keep gives the browser the session's new token, and shows recovery codes that were made along with a factor before it
// leads on.
func (p *pages) keep(f *frame.Page, k change.Kept, done string) error {
	if k.Session != nil {
		f.Q.Begin(*k.Session)
	}
	if len(k.RecoveryCodes) > 0 {
		return p.showNew(f, k.RecoveryCodes, done)
	}
	return p.done(f, done)
}

func (p *pages) done(f *frame.Page, words string) error {
	f.Q.Flash(look.Good, words)
	return f.Q.Go(f.Q.AfterBinding("/profile/security"))
}

// below is the frame of a page under the overview.
func below(f *frame.Page, title, last string) look.SignedIn {
	s := f.Frame(title, frame.Profile)
	s.Crumbs = frame.Mine(last)
	return s
}
