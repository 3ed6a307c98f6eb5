// Package devices holds the page of the browsers that a person trusts: they skip the code at log-in for a while, and
// nothing else (TD1-TD6, C44, C45).
package devices

import (
	"strings"

	"watchword/account/device"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

const here = "/profile/devices"

type pages struct {
	desk *frame.Desk
	room *device.Room
}

// Mount registers /profile/devices and what its buttons do.
func Mount(d *web.Door, desk *frame.Desk, room *device.Room) {
	p := &pages{desk: desk, room: room}
	d.GetIn(here, frame.With(p.show))
	d.PostIn(here+"/revoke", frame.With(p.revoke))
	d.PostIn(here+"/revoke-all", frame.With(p.revokeAll))
	d.PostIn(here+"/choose", frame.With(p.choose))
}

func (p *pages) show(f *frame.Page) error {
	all, err := p.room.List(f.Q.Context(), f.Q.Door.DB, f.Q.Who, f.Q.Devices())
	if err != nil {
		return err
	}
	own, decided, err := device.Chooses(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return err
	}
	s := f.Frame("Trusted devices", frame.Profile)
	s.Crumbs, s.Tabs = frame.Mine("Trusted devices"), frame.Tabs("Devices")
	s.Lead = "Browsers that skip the code when you log in with your password. Exports and changes ask for a fresh code on them too."
	card := look.Card{ID: "devices", Title: "Devices you trust", Flush: true}
	var list look.Entries
	for _, x := range all {
		list = append(list, entry(f, x))
	}
	if len(list) == 0 {
		card.Flush = false
		card.Body = []any{look.HTML(`<p class="muted">` + none(own, decided) + `</p>`)}
	} else {
		card.Lead = "The days begin anew with each log-in there. A change of your password or number ends them all."
		card.Body = []any{list}
		card.Actions = []look.Component{look.Post{Action: here + "/revoke-all", Button: look.Button{Label: "Stop trusting all", Kind: look.Destructive}}}
	}
	return p.desk.ShowParts(f, s, card, ruleCard(f, own, decided))
}

// none says why there are no devices, and what brings one here.
func none(own, decided bool) string {
	if !own && !decided {
		return "None. You are asked for your second factor at every log-in, which is the safest."
	}
	return "None at the moment. Where it is allowed, a browser is trusted after a complete log-in there, unless you tick “This is a shared or public computer”."
}

func entry(f *frame.Page, x device.Device) look.Entry {
	e := look.Entry{ID: "device-" + x.ID, Icon: Icon(x.Label), Title: x.Label, Note: "Until " + f.Day(x.ExpiresAt) + ". Last used " + lower(f.When(x.LastUsedAt)) + from(x) + ", trusted since " + f.Day(x.TrustedAt),
		Actions: []look.Component{look.Post{Action: here + "/revoke", Fields: []look.Hidden{{Name: "device", Value: x.ID}}, Button: look.Button{Label: "Stop trusting", About: x.Label, Small: true}}}}
	if x.Current {
		e.Mark = &look.Mark{Tone: look.Good, Icon: "check", Label: "This one"}
	}
	return e
}

func from(x device.Device) string {
	switch {
	case x.Country != "":
		return " in " + x.Country
	case x.Address != "":
		return " from " + x.Address
	}
	return ""
}

// ruleCard says who decides. Where an organisation has a say, the person's own choice changes nothing.
func ruleCard(f *frame.Page, own, decided bool) look.Card {
	card := look.Card{ID: "rule", Title: "Who decides"}
	if decided && len(f.Mine) > 0 {
		card.Lead = "Your organisations do: the strictest of them counts. One that asks at every log-in, or forbids trusted devices, counts for all."
		card.Actions = []look.Component{look.Button{Label: "Your organisations", Small: true, Href: "/organisations"}}
		return card
	}
	post := look.Post{Action: here + "/choose", Fields: []look.Hidden{{Name: "trust", Value: "yes"}}, Button: look.Button{Label: "Trust my browsers"}}
	card.Lead = "You do. At the moment every log-in asks for your second factor."
	if own {
		card.Lead = "You do. At the moment a browser is trusted for 30 days after a complete log-in there."
		post.Fields[0].Value, post.Button = "", look.Button{Label: "Ask at every log-in"}
	}
	card.Actions = []look.Component{post}
	return card
}

func (p *pages) revoke(f *frame.Page) error {
	if err := p.room.Revoke(f.Q.Context(), f.Q.Door.DB, f.Q.Who, f.Q.Value("device")); err != nil {
		return err
	}
	return done(f, "That browser is trusted no longer: its next log-in asks for your second factor.")
}

func (p *pages) revokeAll(f *frame.Page) error {
	if _, err := p.room.RevokeAll(f.Q.Context(), f.Q.Door.DB, f.Q.Who); err != nil {
		return err
	}
	return done(f, "No browser is trusted any more. Every next log-in asks for your second factor.")
}

func (p *pages) choose(f *frame.Page) error {
	trust := f.Q.Ticked("trust")
	if err := p.room.Choose(f.Q.Context(), f.Q.Door.DB, f.Q.Who, trust); err != nil {
		return err
	}
	if trust {
		return done(f, "From your next log-in on, a browser is trusted for 30 days after it, where no organisation asks for more.")
	}
	return done(f, "Every log-in asks for your second factor from now on.")
}

func done(f *frame.Page, words string) error {
	f.Q.Flash(look.Good, words)
	return f.Q.Go(here)
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// Icon is the drawing for a device, by what its label says of it.
func Icon(label string) string {
	switch {
	case strings.Contains(label, "iPhone"), strings.Contains(label, "Android"):
		return "smartphone"
	case strings.Contains(label, "iPad"):
		return "tablet"
	case strings.Contains(label, "Mac"), strings.Contains(label, "ChromeOS"):
		return "laptop"
	}
	return "monitor"
}
