package operator

import (
	"strings"

	"watchword/account/profile"
	"watchword/base/id"
	"watchword/code/guard"
	"watchword/organisation"
	"watchword/support/request"
	"watchword/web/look"
)

var kinds = map[request.Kind]string{request.LostPhone: "Lost phone or second factor", request.TwoFactorOff: "Switch two-factor off", request.Other: "Question"}

// state words how far a request is; only what waits for somebody is marked.
func state(r request.Request) any {
	switch r.State {
	case request.Open:
		return look.Mark{Tone: look.Warn, Icon: "inbox", Label: "New"}
	case request.Taken:
		return "Taken by " + r.TakenName
	case request.Started:
		return look.Mark{Tone: look.Note, Icon: "timer", Label: "Waits for a second operator"}
	case request.Done:
		return look.Fine("Done")
	case request.Cancelled:
		return look.Mark{Tone: look.Grey, Icon: "ban", Label: "Cancelled"}
	}
	return look.Fine("Answered")
}

// asks names who asked, as typed.
func asks(r request.Request) string {
	for _, s := range []string{r.Subject, r.TypedName, r.TypedEmail, r.OpenedName} {
		if s != "" {
			return s
		}
	}
	return "Nobody named"
}

func (p *pages) requests(c *call) error {
	all := c.Q.Query("show") == "all"
	rows, next, err := p.Requests.List(c.Q.Context(), c.Q.Door.DB, c.Who, all, request.ID(c.Q.Query("before")))
	if err != nil {
		return err
	}
	f := c.frame("Requests", atRequests)
	f.Lead = "What people ask for who cannot help themselves. Nothing of what they typed is proved."
	f.Tabs = []look.Tab{{Label: "Waiting", Href: "/operator", Current: !all}, {Label: "All", Href: "/operator?show=all", Current: all}}
	t := look.Table{Caption: "Requests", Columns: []look.Column{{Title: "Who"}, {Title: "What"}, {Title: "State", Phone: look.PhoneSide}, {Title: "Asked"}}}
	for _, r := range rows {
		t.Rows = append(t.Rows, look.Row{Cells: []any{look.Pair{Main: asks(r), Note: r.TypedOrganisation, Href: "/operator/requests/" + string(r.ID)}, kinds[r.Kind], state(r), look.Muted(c.When(r.CreatedAt))}})
	}
	if len(rows) == 0 {
		t.Empty = &look.Empty{Title: "Nobody waits", Words: "Requests from the support page stand here as they come."}
	} else {
		t.Foot = &look.Paging{Words: "Newest first"}
		if next != "" {
			t.Foot.Next = "/operator?before=" + string(next)
			if all {
				t.Foot.Next += "&show=all"
			}
		}
	}
	return p.show(c, 0, f, sheet{Parts: []any{t}})
}

func (p *pages) request(c *call) error {
	return p.drawRequest(c, request.ID(c.Q.R.PathValue("id")), 0, nil)
}

func (p *pages) drawRequest(c *call, i request.ID, status int, problems look.Problems) error {
	d, err := p.Requests.Get(c.Q.Context(), c.Q.Door.DB, c.Who, i)
	if err != nil {
		return err
	}
	f := c.frame(kinds[d.Kind], atRequests)
	f.Crumbs = []look.Link{{Label: "Requests", Href: "/operator"}, {Label: asks(d.Request)}}
	s := sheet{Problems: problems, Parts: []any{c.claim(d), c.course(d)}}
	switch d.State {
	case request.Open, request.Taken:
		if d.State == request.Open || d.TakenBy != c.Op.ID {
			f.Actions = []look.Component{look.Post{Action: "/operator/requests/" + string(i) + "/take", Button: look.Button{Label: "Take it"}}}
		}
		s.Parts = append(s.Parts, p.startForm(c, d, problems), p.answerForm(c, d, problems), cancelForm(c, d, problems))
	case request.Started:
		s.Parts = append(s.Parts, confirmCard(c, d), cancelForm(c, d, problems))
	}
	return p.show(c, status, f, s)
}

// claim is what was typed.
func (c *call) claim(d request.Detail) look.Card {
	rows := []look.Fact{{Label: "Name", Value: said(d.TypedName)}, {Label: "Email address", Value: said(d.TypedEmail)}, {Label: "Organisation", Value: said(d.TypedOrganisation)},
		{Label: "Message", Value: said(d.Message)}, {Label: "Sent", Value: c.When(d.CreatedAt) + " UTC", Note: strings.TrimSpace(d.Device + " " + d.Address)}}
	if d.Asker != nil {
		known := d.Asker.LoginName()
		if d.Asker.Name != "" {
			known += " (" + d.Asker.Name + ")"
		}
		note := "A profile has this name or address. Whether it is them is for you to find out."
		if d.OpenedBy == string(d.Asker.ID) {
			note = "Was logged in."
		}
		rows = append(rows, look.Fact{Label: "Profile", Value: known, Note: note})
		for _, o := range d.Named {
			rows = append(rows, look.Fact{Label: "In", Value: look.Anchor{Label: o.Name, Href: "/operator/organisations/" + string(o.ID)}, Note: string(o.Role)})
		}
	}
	return look.Card{Title: "What was asked", Lead: "Typed by whoever sent it.", Body: []any{look.Facts{Rows: rows}}}
}

func said(s string) any {
	if s == "" {
		return look.Muted("Not said")
	}
	return s
}

// course is what was done so far.
func (c *call) course(d request.Detail) look.Card {
	rows := []look.Fact{{Label: "State", Value: state(d.Request)}}
	add := func(label string, at int64, who, note string) {
		if at == 0 {
			return
		}
		if who != "" {
			who += ", "
		}
		rows = append(rows, look.Fact{Label: label, Value: who + c.When(at) + " UTC", Note: note})
	}
	add("Taken", d.TakenAt, d.TakenName, "")
	add("Started", d.StartedAt, d.StartedName, d.Reason)
	if d.StartedAt > 0 {
		rows = append(rows, look.Fact{Label: "About", Value: d.Subject}, look.Fact{Label: "Identity check", Value: d.Identity}, look.Fact{Label: "Reference", Value: look.Mono(d.Ticket)})
	}
	if d.State == request.Started {
		add("Takes effect", d.DueAt, "", "At once when a second operator confirms it")
	}
	add("Ended", d.EndedAt, d.EndedName, strings.ReplaceAll(d.EndedWhy, "_", " "))
	if d.Answer != "" {
		rows = append(rows, look.Fact{Label: "Answer", Value: d.Answer})
	}
	return look.Card{Title: "What was done", Body: []any{look.Facts{Rows: rows}}}
}

func (p *pages) startForm(c *call, d request.Detail, problems look.Problems) form {
	kind, person, org := string(d.Kind), c.Q.Value("person"), c.Q.Value("organisation")
	if v := c.Q.Value("kind"); v != "" {
		kind = v
	}
	if person == "" && d.Asker != nil {
		person = d.Asker.LoginName()
	}
	if org == "" && len(d.Named) == 1 {
		org = string(d.Named[0].ID)
	}
	return form{ID: "start", Title: "Start", Lead: "Every owner is told at once, by mail and text, with a link that cancels. It takes effect when a second operator confirms it, or after " + guard.Words(p.Requests.Settings.Delay) + ".",
		Action: "/operator/requests/" + string(d.ID) + "/start",
		Fields: append([]any{look.Radios{Name: "kind", Label: "What is to be done", Value: kind, Error: problems.For("kind"), Options: []look.Option{
			{Value: string(request.LostPhone), Label: "Remove the person's second factors", Note: "Log-in then takes the password and a code by email, until they bind new ones."},
			{Value: string(request.TwoFactorOff), Label: "Switch two-factor off for the organisation", Note: "Its people may then log in without."}}},
			look.Text{Name: "person", Label: "Username or email address of the person", Value: person, Error: problems.For("person"), Literal: true, Autocomplete: "off"},
			look.Text{Name: "organisation", Label: "Id of the organisation", Hint: "Only for switching two-factor off.", Value: org, Error: problems.For("organisation"), Literal: true, Optional: true, Autocomplete: "off"}},
			checkFields(c, problems)...),
		Button: look.Button{Label: "Start and tell the owners", Kind: look.Filled, Busy: "Starting"}}
}

// checkFields are what every start must say.
func checkFields(c *call, problems look.Problems) []any {
	return []any{look.TextArea{Name: "identity", Label: "How you made sure who asks", Hint: "What was compared with what. Only operators read it.", Value: c.Q.Value("identity"), Error: problems.For("identity"), Rows: 3},
		look.Text{Name: "ticket", Label: "Reference", Hint: "Of the conversation, where you keep one elsewhere.", Value: c.Q.Value("ticket"), Error: problems.For("ticket"), Optional: true, Autocomplete: "off"},
		look.Text{Name: "reason", Label: "Reason", Hint: "The customer reads it in the audit log.", Value: c.Q.Value("reason"), Error: problems.For("reason"), Autocomplete: "off"}}
}

func (p *pages) answerForm(c *call, d request.Detail, problems look.Problems) form {
	to := "the address that was typed"
	if d.Asker != nil {
		to = "the confirmed addresses of " + called(*d.Asker)
	}
	return form{ID: "answering", Title: "Answer", Lead: "Goes by mail to " + to + " and closes the request.", Action: "/operator/requests/" + string(d.ID) + "/answer",
		Fields: []any{look.TextArea{Name: "answer", Label: "Answer", Hint: "At most 4,000 characters. Never ask for a password or a code.", Value: c.Q.Value("answer"), Error: problems.For("answer"), Rows: 6}},
		Button: look.Button{Label: "Send the answer", Busy: "Sending"}}
}

func called(p profile.Profile) string { return p.LoginName() }

func cancelForm(c *call, d request.Detail, problems look.Problems) form {
	f := form{ID: "cancelling", Title: "Cancel", Lead: "Ends the request without any effect.", Danger: true, Action: "/operator/requests/" + string(d.ID) + "/cancel",
		Fields: []any{look.Text{Name: "why", Label: "Why it is cancelled", Value: c.Q.Value("why"), Error: problems.For("why"), Autocomplete: "off"}},
		Button: look.Button{Label: "Cancel the request", Kind: look.Destructive, Busy: "Cancelling"}}
	if d.State == request.Started {
		f.Lead = "Nothing is changed, and everybody who was told is told this too."
	}
	return f
}

func confirmCard(c *call, d request.Detail) any {
	if d.MayNot != nil {
		return look.Card{Title: "Confirm", Body: []any{look.Banner{Tone: look.Note, Title: "You cannot confirm this.", Words: d.MayNot.Message}}}
	}
	return form{ID: "confirm", Title: "Confirm", Lead: "Read the note of the identity check first. With your word it takes effect at once; there is no way back but for its people to bind or switch on again.",
		Action: "/operator/requests/" + string(d.ID) + "/confirm", Button: look.Button{Label: "Confirm: do it now", Kind: look.Filled, Busy: "Confirming"}}
}

func (p *pages) take(c *call, i request.ID) error {
	if _, err := p.Requests.Take(c.Q.Context(), c.Q.Door.DB, c.Who, i); err != nil {
		return c.again(err, func(status int, problems look.Problems) error { return p.drawRequest(c, i, status, problems) })
	}
	return c.done("/operator/requests/"+string(i), "It is yours.")
}

func (p *pages) start(c *call, i request.ID) error {
	_, err := p.Requests.Begin(c.Q.Context(), c.Q.Door.DB, c.Who, request.Start{Request: i, Kind: request.Kind(c.Q.Value("kind")), Person: c.Q.Value("person"),
		Organisation: id.Organisation(c.Q.Value("organisation")), Identity: c.Q.Value("identity"), Ticket: c.Q.Value("ticket"), Reason: c.Q.Value("reason")})
	if err != nil {
		return c.again(err, func(status int, problems look.Problems) error { return p.drawRequest(c, i, status, problems) })
	}
	return c.done("/operator/requests/"+string(i), "Started. Every owner was told; a second operator can confirm it.")
}

func (p *pages) confirm(c *call, i request.ID) error {
	if _, err := p.Requests.Confirm(c.Q.Context(), c.Q.Door.DB, c.Who, i); err != nil {
		return c.again(err, func(status int, problems look.Problems) error { return p.drawRequest(c, i, status, problems) })
	}
	return c.done("/operator/requests/"+string(i), "Done. Everybody concerned was told.")
}

func (p *pages) cancel(c *call, i request.ID) error {
	if _, err := p.Requests.Cancel(c.Q.Context(), c.Q.Door.DB, c.Who, i, c.Q.Value("why")); err != nil {
		return c.again(err, func(status int, problems look.Problems) error { return p.drawRequest(c, i, status, problems) })
	}
	return c.done("/operator/requests/"+string(i), "Cancelled. Nothing was changed.")
}

func (p *pages) answer(c *call, i request.ID) error {
	if _, err := p.Requests.Answer(c.Q.Context(), c.Q.Door.DB, c.Who, i, c.Q.Value("answer")); err != nil {
		return c.again(err, func(status int, problems look.Problems) error { return p.drawRequest(c, i, status, problems) })
	}
	return c.done("/operator/requests/"+string(i), "The answer is on its way.")
}

func roleWord(r organisation.Role) string {
	if r == organisation.Owner {
		return "Owner"
	}
	return "Member"
}
