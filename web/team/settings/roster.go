package settings

import (
	"watchword/account/require"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// windowBar is the readiness of the window, by what each row lacks.
func windowBar(rows []require.Row) look.Component {
	n := map[string]int{}
	for _, r := range rows {
		n[user{Member: r.Member, Row: r}.state()]++
	}
	return look.Bar{Thin: true, Parts: parts(n, "not ready")}
}

// rosterRow is one user: the method that is accepted, the number, and how far it is.
func (p *pages) rosterRow(f *frame.Page, r require.Row, policy organisation.Policy, problems look.Problems) look.RosterRow {
	who := string(r.Member.Profile)
	method, number := string(r.Method), ""
	if posted(f) {
		if v := f.Q.Value("method-" + who); v != "" {
			method = v
		}
		number = f.Q.Value("number-" + who)
	}
	row := look.RosterRow{ID: "row-" + who, Name: r.Member.Called(), Note: noteOf(f, r), Mark: numberMark(r, problems.For("number-"+who) != "", number != "")}
	choice := look.Select{Name: "method-" + who, Label: "Second factor of " + row.Name, Quiet: true, Value: method, Error: problems.For("method-" + who), Options: nameOnly(policy.Least(r.Member.Role, ""))}
	if r.Member.Role == organisation.Owner && r.Number.State != require.Proved {
		row.ErrorID, row.Error = "number-"+who, problems.For("number-"+who)
		row.Fields = []look.Component{choice, look.Muted("Owners prove their own number under Profile, Security.")}
		if r.Member.Profile == f.Me.ID {
			row.Fields[1] = look.Button{Label: "Add my number", Icon: "plus", Href: "/profile/phone"}
		}
		return row
	}
	row.Fields = []look.Component{choice}
	if r.Number.State == require.Proved {
		row.Fields = append(row.Fields, look.Muted(r.Number.Masked))
		return row
	}
	field := look.Mobile("number-"+who, "Mobile number of "+row.Name, number, problems.For("number-"+who))
	field.Quiet, field.Placeholder = true, "Mobile number"
	if r.Number.Masked != "" {
		field.Placeholder = r.Number.Masked
	}
	row.Fields = append(row.Fields, field)
	return row
}

func nameOnly(least organisation.Method) (out []look.Option) {
	for _, x := range methods {
		if x.method.Rank() >= least.Rank() {
			out = append(out, look.Option{Value: string(x.method), Label: x.name})
		}
	}
	return out
}

var heldFor = map[string]string{"organisation_limit": "today's texts of your organisation are used up", "country_not_allowed": "we send no texts to that country"}

// noteOf is the line below a name: what is missing, or who has the same phone (B13).
func noteOf(f *frame.Page, r require.Row) string {
	note := r.Why
	if r.Number.Text == "held" {
		if note = heldFor[r.Number.Held]; note == "" {
			note = "our limit for texts is reached"
		}
		note = "The SMS is held: " + note + ". It leaves by itself when it may (next try: " + f.When(r.Number.Next) + "), and saving is not held up."
	}
	if note == "" {
		note = r.Member.Email
	}
	for _, n := range r.SharedWith {
		note += " Same number as " + n + "."
	}
	return note
}

// numberMark is how far a row is: where the confirming text is, once there is one.
func numberMark(r require.Row, wrong, typed bool) look.Component {
	switch {
	case wrong && !typed:
		return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Needed"}
	case wrong:
		return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Not valid"}
	case r.Weak:
		return look.Mark{Tone: look.Warn, Icon: "mail", Label: byEmail}
	case r.Ready:
		return look.Mark{Tone: look.Good, Icon: "check", Label: "Ready"}
	case r.Number.State == require.Missing:
		return look.Mark{Tone: look.Grey, Label: "Needed"}
	}
	switch r.Number.Text {
	case "queued", "sending":
		return look.Mark{Icon: "send", Label: "SMS on its way"}
	case "sent":
		return look.Mark{Icon: "send", Label: "SMS sent"}
	case "delivered":
		return look.Mark{Icon: "check", Label: "SMS delivered"}
	case "held":
		return look.Mark{Tone: look.Warn, Icon: "clock", Label: "SMS held"}
	case "failed", "expired", "unknown":
		return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "SMS failed"}
	}
	return look.Mark{Tone: look.Warn, Icon: "clock", Label: "Not proved"}
}
