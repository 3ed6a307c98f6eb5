package operator

import (
	"strconv"
	"strings"

	"watchword/base/problem"
	"watchword/code/guard"
	"watchword/support/console"
	"watchword/support/request"
	"watchword/web"
	"watchword/web/look"
)

func (p *pages) people(c *call) error { return p.drawPeople(c, 0, nil, nil) }

// find answers a post, so that addresses of people stand in no address bar and no log of a proxy.
func (p *pages) find(c *call) error {
	x, err := p.Console.Person(c.Q.Context(), c.Q.Door.DB, c.Who, c.Q.Value("name"))
	if err != nil {
		return c.again(err, func(status int, problems look.Problems) error { return p.drawPeople(c, status, problems, nil) })
	}
	return p.drawPeople(c, 0, nil, &x)
}

func (p *pages) drawPeople(c *call, status int, problems look.Problems, x *console.Person) error {
	f := c.frame("People", atPeople)
	f.Lead = "Found by the exact username or email address only. That you looked stands in the log, also in the person's own."
	s := sheet{Problems: problems, Parts: []any{form{Title: "Find a person", Action: "/operator/people", Fields: []any{
		look.Text{Name: "name", Label: "Username or email address", Value: c.Q.Value("name"), Error: problems.For("name"), Literal: true, Autocomplete: "off"}},
		Button: look.Button{Label: "Find", Icon: "search"}}}}
	if x != nil {
		s.Parts = append(s.Parts, c.personCards(*x)...)
		s.Parts = append(s.Parts, form{ID: "end-sessions", Title: "End all sessions", Action: "/operator/people/end-sessions",
			Lead:   "Logs " + x.LoginName() + " out everywhere and ends every trusted device. The person is told; password and factors stay.",
			Fields: []any{look.Hidden{Name: "name", Value: x.LoginName()}, look.Text{ID: "reason-sessions", Name: "reason", Label: "Reason", Hint: "The person reads it in the activity log.", Autocomplete: "off"}},
			Button: look.Button{Label: "End all sessions", Kind: look.Destructive}})
		if len(x.Factors) > 0 || x.Codes.Made > 0 {
			s.Parts = append(s.Parts, form{ID: "lost-phone", Title: "Lost phone", Danger: true, Action: "/operator/people/lost-phone",
				Lead:   "Removes every second factor of " + x.LoginName() + " and the recovery codes. Every owner concerned is told at once, with a link that cancels; it takes effect when a second operator confirms it, or after " + guard.Words(p.Requests.Settings.Delay) + ".",
				Fields: append([]any{look.Hidden{Name: "person", Value: x.LoginName()}, look.Hidden{Name: "name", Value: x.LoginName()}}, checkFields(c, problems)...),
				Button: look.Button{Label: "Start removing the second factors", Kind: look.Destructive, Busy: "Starting"}})
		}
	}
	return p.show(c, status, f, s)
}

// personCards show what helps to judge a request, and no secret.
func (c *call) personCards(x console.Person) []any {
	facts := look.Facts{Rows: []look.Fact{{Label: "Username", Value: said(x.Username)}, {Label: "Name", Value: said(x.Name)},
		{Label: "Email addresses", Value: strings.Join(x.Addresses, ", "), Note: "Confirmed; notices go to all of them"},
		{Label: "Registered", Value: c.Day(x.CreatedAt)}, {Label: "Last log-in", Value: c.When(x.LastLoginAt)},
		{Label: "Recovery codes", Value: strconv.Itoa(x.Codes.Left) + " of " + strconv.Itoa(x.Codes.Made) + " left"}}}
	factors := look.Table{Caption: "Second factors", Inside: true, Columns: []look.Column{{Title: "Factor"}, {Title: "State", Phone: look.PhoneSide}, {Title: "Added"}, {Title: "Last used"}}}
	for _, y := range x.Factors {
		state := any(look.Fine("In use"))
		switch {
		case y.Off:
			state = look.Mark{Tone: look.Bad, Icon: "ban", Label: "Off after 100 failures"}
		case y.Stale:
			state = look.Mark{Tone: look.Warn, Icon: "clock", Label: "To be confirmed again"}
		}
		factors.Rows = append(factors.Rows, look.Row{Cells: []any{look.Pair{Main: y.Kind.Name(), Note: y.Masked}, state, look.Muted(c.Day(y.AddedAt)), look.Muted(c.Day(y.LastUsedAt))}})
	}
	if len(x.Factors) == 0 {
		factors.Empty = &look.Empty{Title: "No second factor", Words: "Log-in takes the password, and a code by email on browsers that are not known.", Inside: true}
	}
	orgs := look.Table{Caption: "Organisations", Inside: true, Columns: []look.Column{{Title: "Organisation"}, {Title: "Role"}}}
	for _, o := range x.Organisations {
		orgs.Rows = append(orgs.Rows, look.Row{Cells: []any{look.Pair{Main: o.Name, Href: "/operator/organisations/" + string(o.ID)}, roleWord(o.Role)}})
	}
	out := []any{look.Card{Title: x.LoginName(), Body: []any{facts}}, look.Card{Title: "Second factors", Flush: true, Body: []any{factors}}}
	if len(orgs.Rows) > 0 {
		out = append(out, look.Card{Title: "Organisations", Flush: true, Body: []any{orgs}})
	}
	if len(x.Requests) > 0 {
		out = append(out, c.history(x.Requests))
	}
	return out
}

func (p *pages) lostPhone(c *call) error {
	r, err := p.Requests.Begin(c.Q.Context(), c.Q.Door.DB, c.Who, request.Start{Kind: request.LostPhone, Person: c.Q.Value("person"),
		Identity: c.Q.Value("identity"), Ticket: c.Q.Value("ticket"), Reason: c.Q.Value("reason")})
	if err != nil {
		return c.again(err, func(status int, problems look.Problems) error {
			x, err := p.Console.Person(c.Q.Context(), c.Q.Door.DB, c.Who, c.Q.Value("person"))
			if problem.As(err) != nil {
				return p.drawPeople(c, status, problems, nil)
			}
			if err != nil {
				return err
			}
			return p.drawPeople(c, status, problems, &x)
		})
	}
	return c.done("/operator/requests/"+string(r.ID), "Started. Everybody concerned was told; a second operator can confirm it.")
}

func (p *pages) endSessions(c *call) error {
	who, err := p.Console.EndSessions(c.Q.Context(), c.Q.Door.DB, c.Who, c.Q.Value("name"), c.Q.Value("reason"))
	if err != nil {
		return c.again(err, func(status int, problems look.Problems) error {
			web.Rename(problems, "reason", "reason-sessions")
			x, err := p.Console.Person(c.Q.Context(), c.Q.Door.DB, c.Who, c.Q.Value("name"))
			if problem.As(err) != nil {
				return p.drawPeople(c, status, problems, nil)
			}
			if err != nil {
				return err
			}
			return p.drawPeople(c, status, problems, &x)
		})
	}
	return c.done("/operator/people", who.LoginName()+" is logged out everywhere.")
}
