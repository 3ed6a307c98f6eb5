package main

import "watchword/web/look"

func requireFrame() look.SignedIn {
	f := frame("Require two-factor for everybody", "Settings")
	f.Crumbs = []look.Link{{Label: "Settings", Href: "/settings"}, {Label: "Security", Href: "/settings/security"}, {Label: "Require two-factor"}}
	f.Lead = "14 of 18 users are ready. These 4 have no valid mobile number. Type it here and each gets an SMS to confirm it."
	f.Problem = true
	return f
}

// requireParts is the window that asks several people for something at once.
func requireParts() []any {
	row := func(id, name, note, number, problem string, mark look.Component) look.RosterRow {
		return look.RosterRow{ID: "row-" + id, Name: name, Note: note, Mark: mark, Fields: []look.Component{
			look.Select{Name: "method-" + id, Label: "Second factor of " + name, Quiet: true, Value: "sms", Options: []look.Option{{Value: "sms", Label: "SMS"}, {Value: "totp", Label: "Authenticator app"}, {Value: "passkey", Label: "Passkey"}}},
			quiet(look.Mobile("number-"+id, "Mobile number of "+name, number, problem))}}
	}
	problems := look.Problems{{Field: "number-gh", Text: "Enter a mobile number for George Hale. This one is a landline"}}
	return []any{
		look.HTML(`<form class="window-page" method="post"><div class="window-body">`), problems,
		look.Roster{Caption: "Users who are not ready", Rows: []look.RosterRow{
			row("lb", "Lewis Burns", "Number not proved", "+44 7700 900482", "", look.Mark{Icon: "send", Label: "SMS sent 08:44"}),
			row("km", "Kirsty Muir", "Proved a minute ago", "+44 7700 900617", "", look.Mark{Tone: look.Good, Icon: "check", Label: "Proved"}),
			row("gh", "George Hale", "No number", "0113 496 0142", problems[0].Text, look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Not valid"}),
			row("de", "Daniel Eze", "No number", "", "", look.Mark{Tone: look.Grey, Label: "Needed"})}},
		look.More{Label: "14 users are ready", Body: []any{look.Entries{{Avatar: "Maya Okafor", Title: "Maya Okafor", Note: "SMS to 07700 ••• 123", Mark: &look.Mark{Tone: look.Good, Icon: "check", Label: "Ready"}}}}},
		look.Radios{Name: "when", Label: "When does it start?", Value: "date", Options: []look.Option{{Value: "now", Label: "Now, for all 18 users"},
			{Value: "date", Label: "Now for the ready, and by a date for the rest", Inside: look.Date{Name: "grace", Label: "Date", Day: "6", Month: "12", Year: "2026"}}}},
		look.Ticks{Name: "permission", Label: "May", Hint: "What a member may do.", Values: []string{"send", "contacts"}, Options: []look.Option{{Value: "send", Label: "Send"}, {Value: "contacts", Label: "Contacts", Note: "See and change them"}, {Value: "export", Label: "Export contacts"}}},
		look.Banner{Tone: look.Warn, Icon: "lock", Title: "You cannot switch this off again yourself.", Words: "Only the operator can, on request and with notice to every owner."},
		look.HTML(`</div><div class="window-foot">`), look.Button{Label: "Require it for 18 users", Kind: look.Filled}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: "/settings/security"},
		look.HTML(`<span class="window-note">We will ask for a fresh code</span></div></form>`),
	}
}

func quiet(t look.Text) look.Text {
	t.Quiet, t.Placeholder = true, "Mobile number"
	return t
}
