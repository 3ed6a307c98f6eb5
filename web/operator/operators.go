package operator

import (
	"watchword/account/operator"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/guard"
	"watchword/web/look"
)

func (p *pages) operators(c *call) error { return p.drawOperators(c, 0, nil, "") }

func (p *pages) drawOperators(c *call, status int, problems look.Problems, token string) error {
	all, now, err := operator.All(c.Q.Context(), c.Q.Door.DB, c.Who)
	if err != nil {
		return err
	}
	f := c.frame("Operators", atOperators)
	f.Lead = "Those who run this installation. Each has a second factor; nobody is one by default."
	t := look.Table{Caption: "Operators", Columns: []look.Column{{Title: "Operator"}, {Title: "Alerts to"}, {Title: "State", Phone: look.PhoneSide}, {Title: "Last log-in"}, {Title: "Acts", Quiet: true, Fit: true, Phone: look.PhoneActs}}}
	names := map[id.Operator]string{}
	for _, o := range all {
		names[o.ID] = o.Username
	}
	for _, o := range all {
		state, note := any(look.Fine("Active")), o.Name
		switch {
		case !o.Active:
			state = look.Mark{Tone: look.Grey, Icon: "clock", Label: "Setting up"}
		case !o.Counts(now):
			state = look.Mark{Tone: look.Warn, Icon: "timer", Label: "Confirms from " + c.When(o.CountsAt)}
		}
		if by := names[o.InvitedBy]; by != "" {
			note += " Invited by " + by
		}
		var remove any
		if len(all) > 1 {
			remove = look.Button{Label: "Remove", Small: true, Href: "/operator/operators/" + string(o.ID) + "/remove", About: o.Username}
		}
		t.Rows = append(t.Rows, look.Row{Cells: []any{look.Pair{Main: o.Username, Note: note}, said(o.Email), state, look.Muted(c.When(o.LastLoginAt)), remove}})
	}
	s := sheet{Problems: problems}
	if token != "" {
		s.Parts = append(s.Parts, look.Card{Title: "Invitation", Lead: "Give this token to the new operator in person. It works once, for 24 hours, and is shown only now.",
			Body: []any{look.Facts{Well: true, Rows: []look.Fact{{Label: "Address", Value: look.Mono(c.Q.Door.Link("/setup"))}, {Label: "Token", Value: look.Mono(token)}}}}})
	}
	s.Parts = append(s.Parts, t, form{ID: "invite", Title: "Invite an operator", Action: "/operator/operators/invite",
		Lead:   "Makes a token with which one person becomes an operator. Whoever you invite confirms nobody's requests for the first " + guard.Words(p.Desk.Settings.YoungFor) + ". An older token of yours stops working.",
		Button: look.Button{Label: "Make a token", Icon: "user-plus"}})
	return p.show(c, status, f, s)
}

func (p *pages) invite(c *call) error {
	token, err := p.Desk.Token(c.Q.Context(), c.Q.Door.DB, c.Who)
	if err != nil {
		return err
	}
	return p.drawOperators(c, 0, nil, token)
}

func (p *pages) askRemove(c *call) error { return p.drawRemove(c, 0, nil) }

func (p *pages) drawRemove(c *call, status int, problems look.Problems) error {
	var o operator.Operator
	err := c.Q.Door.DB.ReadOne(c.Q.Context(), func(tx *store.Tx) (err error) {
		o, err = operator.Find(tx, id.Operator(c.Q.R.PathValue("id")))
		return err
	})
	if err != nil {
		return err
	}
	f := c.frame("Remove "+o.Username, atOperators)
	f.Crumbs = []look.Link{{Label: "Operators", Href: "/operator/operators"}, {Label: o.Username}}
	return p.show(c, status, f, sheet{Problems: problems, Parts: []any{form{Title: "Remove " + o.Username + "?", Danger: true, Action: "/operator/operators/" + string(o.ID) + "/remove",
		Lead:   "Their sessions end at once, and what they started and nobody confirmed is cancelled. They can be invited again.",
		Button: look.Actions{look.Button{Label: "Remove " + o.Username, Kind: look.DestructiveFilled}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: "/operator/operators"}}}}})
}

func (p *pages) remove(c *call) error {
	o, err := p.Console.Remove(c.Q.Context(), c.Q.Door.DB, c.Who, id.Operator(c.Q.R.PathValue("id")))
	if err != nil {
		return c.again(err, func(status int, problems look.Problems) error { return p.drawRemove(c, status, problems) })
	}
	return c.done("/operator/operators", o.Username+" is no operator any more.")
}

// sessions lists the operator's own.
func (c *call) sessions(all []operator.Session) look.Card {
	t := look.Table{Caption: "Your sessions", Inside: true, Columns: []look.Column{{Title: "Where"}, {Title: "Last used"}}}
	for _, x := range all {
		name := look.Pair{Main: x.Device, Note: x.Address}
		if x.Current {
			name.Note = x.Address + ", this one"
		}
		t.Rows = append(t.Rows, look.Row{Cells: []any{name, look.Muted(c.Seen(x.SeenAt))}})
	}
	card := look.Card{Title: "Your sessions", Flush: true, Body: []any{t}}
	if len(all) > 1 {
		card.Actions = []look.Component{look.Post{Action: "/operator/sessions/end-others", Button: look.Button{Label: "End the others", Small: true}}}
	}
	return card
}

func (p *pages) endOthers(c *call) error {
	if _, err := p.Desk.EndOthers(c.Q.Context(), c.Q.Door.DB, c.Who); err != nil {
		return err
	}
	return c.done(ownPath, "Your other sessions ended.")
}
