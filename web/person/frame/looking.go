package frame

import (
	"strings"
	"time"

	"watchword/account/profile"
	"watchword/base/store"
	"watchword/organisation"
	"watchword/web"
	"watchword/web/look"
)

// openLooking is Open for an operator who looks into an organisation: there is no person, and one organisation, which
// its own door opens for reading (SO12).
func openLooking(q *web.Request) (*Page, error) {
	p := &Page{Q: q, Zone: time.UTC, Me: profile.Profile{Name: q.Who.Name, DateFormat: profile.DateFormats[0], Zone: "UTC", Language: "en"}}
	err := q.Door.DB.Read(q.Context(), func(tx *store.Tx) error {
		p.Now = tx.Now
		m, err := organisation.Enter(tx, q.Who.Organisation, q.Who, organisation.Anybody)
		p.Mine = []organisation.Membership{{Organisation: organisation.Organisation{ID: m.Organisation, Name: m.OrgName, Suspended: m.Suspended},
			Role: organisation.Owner}}
		return err
	})
	return p, err
}

// lookingFrame says on every page that an operator looks, and until when.
func (p *Page) lookingFrame(title string, at Place) look.SignedIn {
	f := look.SignedIn{Title: title, Flash: p.Q.TakeFlash(), Switch: look.Switcher{Place: p.Mine[0].Name, Icon: "eye"},
		Person: look.Person{Name: p.Me.Name, Note: "Operator", LogOut: "/operator/logout", Links: []look.Link{{Label: "Operator console", Href: "/operator"}}}}
	for _, n := range p.nav(at) {
		if strings.HasPrefix(n.Href, "/settings") || strings.HasPrefix(n.Href, "/contacts") || strings.HasPrefix(n.Href, "/lists") {
			f.Nav = append(f.Nav, n)
		}
	}
	f.Banner = &look.Banner{Tone: look.Warn, Icon: "eye", Title: "You look into " + p.Mine[0].Name + " as support.",
		Words:  "You can change, send and export nothing. It ends at " + p.Clock(p.Q.Session.EndsAt) + " UTC; the owners were told.",
		Action: look.Post{Action: "/operator/look/end", Button: look.Button{Label: "Stop looking", Small: true}}}
	return f
}
