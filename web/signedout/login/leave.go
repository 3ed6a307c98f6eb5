package login

import (
	"net/http"
	"net/url"
	"time"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/organisation"
	"watchword/signin/entry"
	"watchword/web"
	"watchword/web/look"
)

func (p *pages) askOut(q *web.Request) error {
	if !q.SignedIn() {
		return q.Go("/login")
	}
	return q.Show(p.out, http.StatusOK, look.SignedOut{Title: "Log out"}, settlePage{
		Go: look.Button{Label: "Log out", Kind: look.Filled, Full: true}})
}

// logOut ends the session on the server, not only in the browser (C42).
func (p *pages) logOut(q *web.Request) error {
	if q.SignedIn() {
		err := p.room.Sessions.End(q.Context(), q.Door.DB, q.Who, q.Who.Session)
		if err != nil && !problem.Is(err, problem.KindNotFound) && !problem.Is(err, problem.KindSignedOut) {
			return err
		}
	}
	if token := q.Cookie(web.LoginCookie); token != "" {
		_ = p.room.Cancel(q.Context(), q.Door.DB, q.Origin(), token) // it ends by itself in minutes otherwise
		q.DropCookie(web.LoginCookie)
	}
	q.DropCookie(web.SessionCookie)
	q.ClearSite()
	q.Flash(look.Good, "You are logged out.")
	return q.Go("/login")
}

// straightCookie says that this browser goes straight to the organisation used last.
const straightCookie = "straight"

type chooserPage struct {
	Action  string
	Entries look.Entries
	Tick    look.Tick
	Plain   []choice
	New     look.Button
}

type choice struct{ ID, Name, Note string }

// choose offers the organisations of who belongs to several, after logging in (LF23). The one used last is where the
// session begins; a browser that was told to goes straight there.
func (p *pages) choose(q *web.Request) error {
	all, err := organisation.Mine(q.Context(), q.Door.DB, q.Who)
	if err != nil {
		return err
	}
	if q.Query("after") == "login" {
		if gate, err := p.missing(q, len(all)); gate != "" || err != nil {
			if err != nil {
				return err
			}
			return q.Go(gate)
		}
	}
	if q.Query("after") == "login" && (len(all) < 2 || q.Cookie(straightCookie) != "") {
		return q.Go(orHome(next(q)))
	}
	v := chooserPage{Action: withNext(q, "/organisations/choose"), New: look.Button{Label: "Create an organisation", Icon: "plus", Href: "/organisations/new", Full: true},
		Tick: look.Tick{Name: "straight", Value: "yes", Label: "Go straight to the last one from now on, in this browser", Checked: q.Cookie(straightCookie) != ""}}
	for _, m := range all {
		note := "Member"
		if m.Role == organisation.Owner {
			note = "Owner"
		}
		if m.ID == q.Who.Organisation {
			note += ", used last"
		}
		v.Plain = append(v.Plain, choice{string(m.ID), m.Name, note})
	}
	title, lead := "Choose an organisation", "You can switch at any time without logging in again."
	if len(all) == 0 {
		title, lead = "No organisation yet", "Create one, or ask its owner to invite you."
	}
	return q.Show(p.chooser, http.StatusOK, look.SignedOut{Title: title, Lead: lead, LogOut: "/logout"}, v)
}

// missing is the page that must come before anything else after a log-in: a number that an owner typed is proved first,
// and whoever is in one organisation alone is led to what that asks for (decisions 25).
func (p *pages) missing(q *web.Request, organisations int) (string, error) {
	org, ok, err := entry.Waiting(q.Context(), q.Door.DB, q.Who)
	if err != nil {
		return "", err
	}
	if !ok && organisations == 1 && q.Session.Organisation != "" {
		s, err := p.entry.Look(q.Context(), q.Door.DB, q.Who, q.Session.Organisation)
		if err != nil {
			return "", err
		}
		org, ok = q.Session.Organisation, !s.Open
	}
	if !ok {
		return "", nil
	}
	return "/organisations/enter?" + url.Values{"organisation": {string(org)}, "next": {orHome(next(q))}}.Encode(), nil
}

func (p *pages) chosen(q *web.Request) error {
	if err := p.room.Sessions.Switch(q.Context(), q.Door.DB, q.Who, id.Organisation(q.Value("organisation"))); err != nil {
		return err
	}
	if q.Ticked("straight") {
		q.SetCookie(straightCookie, "yes", 365*24*time.Hour)
	} else {
		q.DropCookie(straightCookie)
	}
	return q.Go(orHome(next(q)))
}
