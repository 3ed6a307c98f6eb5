package operator

import (
	"net/url"

	"watchword/base/id"
	"watchword/code/guard"
	"watchword/support/console"
	"watchword/support/request"
	"watchword/web/look"
)

func (p *pages) organisations(c *call) error {
	words := c.Q.Query("q")
	rows, next, err := p.Console.Find(c.Q.Context(), c.Q.Door.DB, c.Who, words, id.Organisation(c.Q.Query("after")))
	if err != nil {
		return err
	}
	f := c.frame("Organisations", atOrganisations)
	f.Lead = "The customers of this installation."
	t := look.Table{Caption: "Organisations", Columns: []look.Column{{Title: "Name"}, {Title: "Users", Number: true}, {Title: "Two-factor"}, {Title: "State", Phone: look.PhoneSide}, {Title: "Created"}}}
	for _, o := range rows {
		two, state := any("Not required"), any(look.Fine("In use"))
		if o.Required {
			two = look.Fine("Required")
		}
		switch {
		case o.DeletedAt > 0:
			state = look.Mark{Tone: look.Grey, Icon: "trash-2", Label: "Deleted"}
		case o.Suspended:
			state = look.Mark{Tone: look.Bad, Icon: "ban", Label: "Suspended"}
		}
		name := look.Pair{Main: o.Name, Note: look.Mono(o.ID)}
		if o.DeletedAt == 0 {
			name.Href = "/operator/organisations/" + string(o.ID)
		}
		t.Rows = append(t.Rows, look.Row{Cells: []any{name, look.Number(o.Members), two, state, look.Muted(c.Day(o.CreatedAt))}})
	}
	if len(rows) == 0 {
		t.Empty = &look.Empty{Title: "No organisation fits", Words: "Look for part of a name, an id, or part of an owner's email address."}
	} else {
		t.Foot = &look.Paging{Words: "Newest first"}
		if next != "" {
			t.Foot.Next = "/operator/organisations?" + url.Values{"q": {words}, "after": {string(next)}}.Encode()
		}
	}
	return p.show(c, 0, f, sheet{At: "/operator/organisations", Parts: []any{t}, Tools: []look.Component{
		look.Text{Name: "q", Label: "Search", Search: true, Type: "search", Value: words, Placeholder: "Name, id or owner's address"}, look.Button{Label: "Search"}}})
}

func (p *pages) organisation(c *call) error { return p.drawOrganisation(c, 0, nil) }

func (p *pages) drawOrganisation(c *call, status int, problems look.Problems) error {
	o, err := p.Console.Customer(c.Q.Context(), c.Q.Door.DB, c.Who, id.Organisation(c.Q.R.PathValue("id")))
	if err != nil {
		return err
	}
	f := c.frame(o.Name, atOrganisations)
	f.Crumbs = []look.Link{{Label: "Organisations", Href: "/operator/organisations"}, {Label: o.Name}}
	if o.Suspended {
		f.Mark = &look.Mark{Tone: look.Bad, Icon: "ban", Label: "Suspended"}
	}
	at := "/operator/organisations/" + string(o.ID)
	s := sheet{Problems: problems, Parts: []any{look.Card{Title: "Facts", Body: []any{c.customerFacts(o)}}}}
	s.Parts = append(s.Parts, owners(o))
	if len(o.Requests) > 0 {
		s.Parts = append(s.Parts, c.history(o.Requests))
	}
	s.Parts = append(s.Parts, reasonForm(c, problems, form{ID: "look", Title: "Look in", Action: at + "/look", Button: look.Button{Label: "Look in for 30 minutes", Icon: "eye"},
		Lead: "Read-only: you see the pages that its owners see and can change, send and export nothing. The owners are told at once, and it stands in their audit log."}))
	if o.Policy.Required {
		s.Parts = append(s.Parts, form{ID: "two-factor-off", Title: "Switch two-factor off", Danger: true, Action: at + "/two-factor-off", Fields: checkFields(c, problems),
			Lead:   "Every owner is told at once, with a link that cancels. It takes effect when a second operator confirms it, or after " + guard.Words(p.Requests.Settings.Delay) + ".",
			Button: look.Button{Label: "Start switching two-factor off", Kind: look.Destructive, Busy: "Starting"}})
	}
	if o.Suspended {
		s.Parts = append(s.Parts, reasonForm(c, problems, form{ID: "restore", Title: "Restore", Action: at + "/restore", Lead: "Ends the suspension. The owners are told.",
			Button: look.Button{Label: "Restore " + o.Name, Kind: look.Filled}}))
	} else {
		s.Parts = append(s.Parts, reasonForm(c, problems, form{ID: "suspend", Title: "Suspend", Danger: true, Action: at + "/suspend",
			Lead:   look.Number(o.Members) + " users can still log in and read; nothing can be changed or sent. The owners are told.",
			Button: look.Button{Label: "Suspend " + o.Name, Kind: look.Destructive}}))
	}
	return p.show(c, status, f, s)
}

// reasonForm adds the field for the reason. Several forms of the page have one, so each has an id of its own; what was
// complained about stands in the summary.
func reasonForm(c *call, problems look.Problems, f form) form {
	hint := "The owners read it."
	text := look.Text{ID: "reason-" + f.ID, Name: "reason", Label: "Reason", Hint: hint, Autocomplete: "off"}
	if f.ID == c.Q.R.PathValue("form") {
		text.Value, text.Error = c.Q.Value("reason"), problems.For(text.ID)
	}
	f.Fields = []any{text}
	return f
}

func (c *call) customerFacts(o console.Customer) look.Facts {
	two := any("Not required")
	switch {
	case o.Policy.Required && o.Policy.GraceUntil > c.Now:
		two = "Required of who is ready, of everybody from " + c.When(o.Policy.GraceUntil) + " UTC"
	case o.Policy.Required:
		two = look.Fine("Required")
	}
	asked := "At each log-in"
	if o.Policy.NewDevice {
		asked = "On new browsers; trusted for " + look.Counted(o.Policy.TrustDays, "day")
		if o.Policy.TrustPasskey {
			asked += ", after a passkey only"
		}
	}
	networks := "Any"
	if n := len(o.Policy.Networks); n > 0 {
		networks = look.Number(n) + " allowed"
	}
	return look.Facts{Rows: []look.Fact{{Label: "Id", Value: look.Mono(o.ID)}, {Label: "Created", Value: c.Day(o.CreatedAt)}, {Label: "Users", Value: look.Number(o.Members)},
		{Label: "Two-factor", Value: two}, {Label: "Asked", Value: asked}, {Label: "Networks", Value: networks}}}
}

func owners(o console.Customer) look.Card {
	t := look.Table{Caption: "Owners", Inside: true, Columns: []look.Column{{Title: "Owner"}, {Title: "Email address"}}}
	for _, m := range o.Owners {
		name := m.Username
		if name == "" {
			name = m.Email
		}
		t.Rows = append(t.Rows, look.Row{Cells: []any{look.Pair{Main: name, Note: m.Name}, m.Email}})
	}
	return look.Card{Title: "Owners", Flush: true, Body: []any{t}}
}

// history lists requests about one organisation or person.
func (c *call) history(all []request.Request) look.Card {
	t := look.Table{Caption: "Requests", Inside: true, Columns: []look.Column{{Title: "What"}, {Title: "State", Phone: look.PhoneSide}, {Title: "When"}}}
	for _, r := range all {
		t.Rows = append(t.Rows, look.Row{Cells: []any{look.Pair{Main: kinds[r.Kind], Note: r.Reason, Href: "/operator/requests/" + string(r.ID)}, state(r), look.Muted(c.When(r.CreatedAt))}})
	}
	return look.Card{Title: "Requests", Flush: true, Body: []any{t}}
}

// act runs one act on the organisation of the address and shows its page again when it was refused.
func (p *pages) act(c *call, name string, do func(org id.Organisation) error, done, words string) error {
	org := id.Organisation(c.Q.R.PathValue("id"))
	if err := do(org); err != nil {
		return c.again(err, func(status int, problems look.Problems) error {
			c.Q.R.SetPathValue("form", name)
			for i := range problems {
				if problems[i].Field == "reason" && name != "two-factor-off" {
					problems[i].Field = "reason-" + name
				}
			}
			return p.drawOrganisation(c, status, problems)
		})
	}
	if done == "" {
		done = "/operator/organisations/" + string(org)
	}
	return c.done(done, words)
}

func (p *pages) suspend(c *call) error {
	return p.act(c, "suspend", func(o id.Organisation) error {
		return p.Console.Suspend(c.Q.Context(), c.Q.Door.DB, c.Who, o, c.Q.Value("reason"))
	}, "", "Suspended. Its people can read; nothing is sent or changed.")
}

func (p *pages) restore(c *call) error {
	return p.act(c, "restore", func(o id.Organisation) error {
		return p.Console.Restore(c.Q.Context(), c.Q.Door.DB, c.Who, o, c.Q.Value("reason"))
	}, "", "Restored.")
}

func (p *pages) look(c *call) error {
	return p.act(c, "look", func(o id.Organisation) error {
		return p.Console.Look(c.Q.Context(), c.Q.Door.DB, c.Who, o, c.Q.Value("reason"))
	}, "/settings/organisation", "You look in now. The owners were told.")
}

func (p *pages) endLook(c *call) error {
	if err := p.Console.EndLook(c.Q.Context(), c.Q.Door.DB, c.Who); err != nil {
		return err
	}
	to := "/operator/organisations"
	if c.Looking.Organisation != "" {
		to += "/" + string(c.Looking.Organisation)
	}
	return c.done(to, "You no longer look in.")
}

func (p *pages) twoFactorOff(c *call) error {
	return p.act(c, "two-factor-off", func(o id.Organisation) error {
		_, err := p.Requests.Begin(c.Q.Context(), c.Q.Door.DB, c.Who, request.Start{Kind: request.TwoFactorOff, Organisation: o,
			Identity: c.Q.Value("identity"), Ticket: c.Q.Value("ticket"), Reason: c.Q.Value("reason")})
		return err
	}, "/operator", "Started. Every owner was told; a second operator can confirm it.")
}
