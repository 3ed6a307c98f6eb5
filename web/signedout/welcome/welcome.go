// Package welcome offers a second factor right after the address was proved (RP9), by the link of a registration or by an
// invitation. It can be skipped, and is found again among the security settings.
package welcome

import (
	"embed"
	"net/http"
	"net/url"

	"watchword/base/problem"
	"watchword/organisation"
	"watchword/signin/change"
	"watchword/signin/entry"
	"watchword/web"
	"watchword/web/look"
)

//go:embed *.html
var files embed.FS

// Options are the pages on which each factor is added.
type Options struct {
	Phone, Authenticator, Passkey string
}

type page struct {
	Ways look.Ways
	Skip look.Button
}

// Path is where the offer stands.
const Path = "/welcome/two-factor"

// Mount registers the offer. Who has a second factor already is led on. Where the organisation asks for one, by what it
// requires of everybody or by what an owner chose for this member, it is no offer: the page of its door comes instead, and
// that cannot be skipped (decisions 25).
func Mount(d *web.Door, room *change.Room, door *entry.Room, o Options) {
	offer := d.Look.Page(files, "offer.html")
	d.GetIn(Path, func(q *web.Request) error {
		have, err := room.Look(q.Context(), q.Door.DB, q.Who)
		if err != nil {
			return err
		}
		if len(have.Factors) > 0 {
			return q.Go("/")
		}
		first := organisation.Method(q.Query("first"))
		if org := q.Session.Organisation; org != "" {
			s, err := door.Look(q.Context(), q.Door.DB, q.Who, org)
			if err != nil && !problem.Is(err, problem.KindNotFound) {
				return err
			}
			if err == nil && (!s.Open || s.NumberFirst) {
				return q.Go("/organisations/enter?" + url.Values{"organisation": {string(org)}}.Encode())
			}
			if first == "" {
				first = s.Demand.Method
			}
		}
		frame := look.SignedOut{Title: "Protect your profile", LogOut: "/logout",
			Lead: "A password alone can leak. Add one more way to prove that it is you."}
		return q.Show(offer, http.StatusOK, frame, page{
			Ways: look.Ways{Title: "Choose one to begin with", Items: o.ways(first)},
			Skip: look.Button{Label: "Not now", Href: "/", Full: true}})
	})
}

// ways lists the factors, first the one that the person chose with an invitation, or an owner for them.
func (o Options) ways(first organisation.Method) (out []look.Way) {
	for _, w := range []struct {
		method organisation.Method
		way    look.Way
	}{{organisation.BySMS, look.Way{Icon: "message-square", Title: "Mobile number", Note: "A code by SMS at each log-in", Href: o.Phone}},
		{organisation.ByTOTP, look.Way{Icon: "smartphone", Title: "Authenticator app", Note: "Codes without a phone network", Href: o.Authenticator}},
		{organisation.ByPasskey, look.Way{Icon: "fingerprint-pattern", Title: "Passkey", Note: "Fingerprint, face or PIN: the strongest", Href: o.Passkey}}} {
		if w.method == first {
			out = append([]look.Way{w.way}, out...)
			continue
		}
		out = append(out, w.way)
	}
	return out
}
