package settings

import (
	"strconv"
	"strings"

	"watchword/account/factor"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// mostUsers bounds the page; more are found by searching.
const mostUsers = 100

// users lists who can log in to the organisation and how each proves it. It changes nothing.
func (p *pages) users(f *frame.Page, m organisation.Membership) error {
	all, err := organisation.Members(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.ID)
	if err != nil {
		return err
	}
	words := strings.ToLower(strings.TrimSpace(f.Q.Query("q")))
	var found []organisation.Member
	for _, x := range all {
		if strings.Contains(strings.ToLower(x.Username), words) || strings.Contains(strings.ToLower(x.Email), words) {
			found = append(found, x)
		}
	}
	shown := found[:min(len(found), mostUsers)]
	proofs, err := p.proofs(f, shown)
	if err != nil {
		return err
	}
	t := look.Table{ID: "users", Caption: "Users of " + m.Name, Columns: []look.Column{{Title: "Name"}, {Title: "Role", Phone: look.PhoneSide}, {Title: "Second factor"}, {Title: "Readiness"}, {Title: "Joined"}},
		Empty: &look.Empty{Title: "Nobody fits", Words: "Search for another name or address.", Actions: []look.Component{look.Button{Label: "Show everybody", Href: "/settings/users"}}}}
	ready := 0
	for _, x := range shown {
		pr := proofs[x.Profile]
		state := any(look.Mark{Tone: look.Warn, Icon: "triangle-alert", Label: "Password only"})
		if pr.strong {
			state = look.Fine("Ready")
			ready++
		} else if pr.words != "None" {
			state = look.Mark{Tone: look.Warn, Icon: "mail", Label: "Weak"}
		}
		t.Rows = append(t.Rows, look.Row{Cells: []any{person(x, f), role(x.Role), pr.words, state, look.Muted(f.Day(x.JoinedAt))}})
	}
	if len(shown) < len(found) {
		t.Foot = &look.Paging{Words: counted(len(shown), len(found))}
	}
	s := f.Frame("Users", frame.Users)
	s.Crumbs, s.Lead = crumbs(m), "Everybody who can log in to "+m.Name+"."
	parts := []any{}
	if words == "" && len(shown) == len(all) {
		parts = append(parts, look.HTML(`<div class="well">`), look.Bar{Title: strconv.Itoa(ready) + " of " + counted(len(all), len(all)) + " ready for two-factor", Thin: true,
			Parts: []look.Part{{Count: ready, Label: "ready", Colour: "good"}, {Count: len(all) - ready, Label: "without", Colour: "warn"}}}, look.HTML(`</div>`))
	}
	parts = append(parts, look.HTML(`<form class="tools" method="get" action="/settings/users">`), look.Text{Name: "q", Label: "Search users", Value: f.Q.Query("q"), Search: true,
		Placeholder: "Name or email address", HX: "/settings/users", Target: "users"}, look.Button{Label: "Search"},
		look.HTML(`<span class="tools-end">`), counted(len(all), len(all)), look.HTML(`</span></form>`), t)
	return p.desk.ShowParts(f, s, parts...)
}

func person(x organisation.Member, f *frame.Page) look.Pair {
	name := x.Username
	if name == "" {
		name = x.Email
	}
	pair := look.Pair{Avatar: name, Main: name, Note: x.Email}
	if x.Profile == f.Me.ID {
		pair.Note = x.Email + ", you"
	}
	return pair
}

func counted(shown, all int) string {
	word := " users"
	if all == 1 {
		word = " user"
	}
	if shown < all {
		return "First " + look.Number(shown) + " of " + look.Number(all) + word
	}
	return look.Number(all) + word
}

// proved is the strongest factor of a user, in words.
type proved struct {
	words  string
	strong bool
}

func (p *pages) proofs(f *frame.Page, all []organisation.Member) (map[id.Profile]proved, error) {
	out := make(map[id.Profile]proved, len(all))
	err := f.Q.Door.DB.Read(f.Q.Context(), func(tx *store.Tx) error {
		for _, m := range all {
			list, err := p.Factors.List(tx, m.Profile)
			if err != nil {
				return err
			}
			out[m.Profile] = strongest(list)
		}
		return nil
	})
	return out, err
}

// strongest reads a list that begins with the strongest.
func strongest(list []factor.Factor) proved {
	for _, x := range list {
		if x.Off || x.Stale {
			continue
		}
		name := x.Kind.Name()
		if x.Kind == factor.SMS {
			name = "SMS"
		}
		return proved{name, x.Kind != factor.Email}
	}
	return proved{words: "None"}
}
