package main

import "watchword/web/look"

func frame(title, current string) look.SignedIn {
	nav := []look.NavItem{
		{Label: "Messages", Icon: "message-square"}, {Label: "Messenger", Icon: "messages-square", Count: 7},
		{Label: "Contacts", Icon: "users"}, {Label: "Lists", Icon: "list-checks"}, {Label: "Campaigns", Icon: "megaphone"},
		{Label: "Verify", Icon: "shield-check"}, {Label: "Reports", Icon: "chart-column"}, {Label: "Billing", Icon: "credit-card"},
		{Label: "Settings", Icon: "settings"},
	}
	for i := range nav {
		nav[i].Href = "/"
		nav[i].Current = nav[i].Label == current
	}
	return look.SignedIn{
		Title: title, Nav: nav,
		Switch: look.Switcher{Current: "Harbour Dental", Action: "/organisations/switch", Others: []look.Organisation{{ID: "AC2", Name: "Pennine Cycling Club"}},
			Links: []look.Link{{Label: "All organisations", Href: "/organisations"}, {Label: "Create an organisation", Href: "/organisations/new"}}},
		Person: look.Person{Name: "Maya Okafor", Note: "maya@harbourdental.example", LogOut: "/logout",
			Links: []look.Link{{Label: "Profile and security", Href: "/profile/security"}}},
		LastLogin: []string{"Today 08:41, Leeds", "SMS code, this device"},
	}
}

func profileTabs(current string) []look.Tab {
	tabs := []look.Tab{{Label: "Profile", Href: "/profile"}, {Label: "Security", Href: "/security"}, {Label: "Organisations", Href: "/chooser"}}
	for i := range tabs {
		tabs[i].Current = tabs[i].Label == current
	}
	return tabs
}

func signedInSamples() []sample {
	security := frame("Security", "")
	security.Lead = "How you prove that it is you, and where you are logged in."
	security.Tabs = profileTabs("Security")
	users := frame("Users", "Settings")
	users.Lead = "Everybody who can log in to Harbour Dental."
	users.Crumbs = []look.Link{{Label: "Settings", Href: "/settings"}, {Label: "Harbour Dental"}}
	users.Actions = []look.Component{
		look.Button{Label: "Require two-factor for everyone", Icon: "shield-check", Href: "/require"},
		look.Button{Label: "Invite a user", Icon: "user-plus", Kind: look.Filled, Href: "/invite"},
	}
	audit := frame("Audit log", "Settings")
	audit.Lead = "What was done in Harbour Dental, by whom and from where."
	audit.Actions = []look.Component{look.Button{Label: "Export 1,284 entries", Icon: "download", Href: "/audit/export"}}
	empty := frame("Contacts", "Contacts")
	empty.Lead = "No contacts yet"
	profile := frame("Profile", "")
	profile.Tabs = profileTabs("Profile")
	profile.Flash = &look.Flash{Words: "Your username is now maya.okafor. The old one stays yours for 30 days."}
	edit := frame("Change your mobile number", "")
	edit.Crumbs = []look.Link{{Label: "Profile", Href: "/profile"}, {Label: "Security", Href: "/security"}}
	edit.Problem = true
	return []sample{
		{"security", "parts.html", security, securityParts()},
		{"users", "parts.html", users, usersParts()},
		{"audit", "audit.html", audit, auditParts()},
		{"empty", "parts.html", empty, []any{look.Empty{Title: "Bring your contacts in", Words: "Import a CSV or Excel file. We read the numbers, show you the first rows, and change nothing before you say so.",
			Actions: []look.Component{look.Button{Label: "Import a file", Icon: "download", Kind: look.Filled, Href: "/import"}, look.Button{Label: "Add one contact", Icon: "plus", Href: "/add"}},
			More:    look.Anchor{Label: "Download an example file", Href: "/example.csv"}}}},
		{"profile", "parts.html", profile, profileParts()},
		{"edit", "edit.html", edit, editForm()},
		{"require", "parts.html", requireFrame(), requireParts()},
	}
}

func securityParts() []any {
	small := func(label, about string) look.Button {
		return look.Button{Label: label, About: about, Small: true, Href: "/x"}
	}
	factors := look.Table{Inside: true, Caption: "Second factors",
		Columns: []look.Column{{Title: "Second factor"}, {Title: "Strength"}, {Title: "Last used"}, {Title: "Act", Quiet: true, Fit: true, Phone: look.PhoneActs}},
		Rows: []look.Row{
			{Cells: []any{look.Pair{Icon: "fingerprint-pattern", Main: "Passkeys", Note: "MacBook Air, Pixel 11"}, look.Tally{Left: 3, Of: 3, Words: "Strongest", Bold: true}, "Yesterday 17:20", small("Manage", "passkeys")}},
			{Cells: []any{look.Pair{Icon: "smartphone", Main: "Authenticator app", Note: "Added 4 May 2026"}, look.Tally{Left: 2, Of: 3, Words: "Strong", Bold: true}, "12 November", small("Manage", "the authenticator app")}},
			{Cells: []any{look.Pair{Icon: "message-square", Main: "SMS", Note: "07700 ••• 123, required by your organisation"}, look.Tally{Left: 1, Of: 3, Words: "Good", Bold: true}, "Today 08:41", small("Change number", "")}},
			{Cells: []any{look.Pair{Icon: "life-buoy", Main: "Recovery codes", Note: "8 of 10 left, for when nothing else works"}, look.Tally{Left: 1, Of: 3, Words: "Back-up only", Bold: true}, "3 March", small("Make new set", "of recovery codes")}},
		}}
	sessions := look.Table{Inside: true, Caption: "Sessions",
		Columns: []look.Column{{Title: "Device"}, {Title: "Place"}, {Title: "Proved by"}, {Title: "Last seen", Phone: look.PhoneSide}, {Title: "Act", Quiet: true, Fit: true, Phone: look.PhoneActs}},
		Rows: []look.Row{
			{Cells: []any{look.Pair{Icon: "laptop", Plain: true, Main: "MacBook Air, Firefox"}, "Leeds, United Kingdom", "SMS code", look.Mark{Tone: look.Good, Icon: "check", Label: "This session"}, nil}},
			{Cells: []any{look.Pair{Icon: "smartphone", Plain: true, Main: "Pixel 11, Chrome"}, "Leeds, United Kingdom", "Passkey", "2 hours ago", look.Post{Action: "/x", Button: look.Button{Label: "Log out", About: "Pixel 11, Chrome", Small: true}}}},
			{Cells: []any{look.Pair{Icon: "monitor", Plain: true, Main: "Front desk, Edge"}, "York, United Kingdom", "SMS code, trusted device", "Yesterday 17:58", look.Post{Action: "/x", Button: look.Button{Label: "Log out", About: "Front desk, Edge", Small: true}}}},
		}}
	device := func(icon, title, until string) look.Entry {
		return look.Entry{Icon: icon, Title: title, Note: until, Actions: []look.Component{look.Button{Label: "Stop trusting", About: title, Small: true}}}
	}
	return []any{
		look.Card{Title: "Second factors", Lead: "Harbour Dental asks for one on every new device and before each export.", Flush: true,
			Actions: []look.Component{look.Button{Label: "Add a second factor", Icon: "plus", Href: "/add"}}, Body: []any{factors}},
		columns{[]any{
			look.Card{Title: "Wrong codes", Mark: &look.Mark{Tone: look.Warn, Icon: "triangle-alert", Label: "Please look"}, Body: []any{
				look.HTML(`<p><span class="big">93</span> of 100 tries left for SMS</p>`), look.Tally{Left: 93, Of: 100, Spent: true},
				look.HTML(`<p class="small">7 wrong codes since your login at 08:41: 2 from this device, 5 from an unknown device in Rotterdam. We only ask for a code after the right password, so if that was not you, <a href="/password">change your password</a>. At 100 in a row SMS is switched off until you prove your number again.</p>`)}},
			look.Card{Title: "Trusted devices", Flush: true, Actions: []look.Component{look.Button{Label: "Stop trusting all", Small: true}}, Body: []any{look.Entries{
				device("laptop", "MacBook Air, Firefox", "Until 22 December"), device("smartphone", "Pixel 11, Chrome", "Until 14 December"), device("monitor", "Front desk, Edge", "Until 1 December")}}},
		}},
		look.Card{Title: "Sessions", Lead: "You are logged in at 3 places.", Flush: true,
			Actions: []look.Component{look.Post{Action: "/x", Button: look.Button{Label: "Log out everywhere else", Kind: look.Destructive}}}, Body: []any{sessions}},
	}
}

// columns puts cards side by side in a sample page.
type columns struct{ Parts []any }

func usersParts() []any {
	person := func(name, mail, role, factor string, ready any, seen string) look.Row {
		var part any = role
		if role == "Owner" {
			part = look.Mark{Label: "Owner"}
		}
		return look.Row{Cells: []any{look.Pair{Avatar: name, Main: name, Note: mail}, part, factor, ready, look.Muted(seen),
			look.Menu{About: "More for " + name, Items: []look.Component{look.Button{Label: "Change method"}, look.Button{Label: "Remove", Kind: look.Destructive}}}}}
	}
	notProved := look.Mark{Tone: look.Warn, Icon: "clock", Label: "Number not proved"}
	noNumber := look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "No number"}
	return []any{
		look.HTML(`<div class="well">`), look.Bar{Title: "14 of 18 users are ready for two-factor", Note: look.Anchor{Label: "Remind the other 4", Href: "/remind"}, Thin: true,
			Parts: []look.Part{{Count: 14, Label: "ready", Colour: "good"}, {Count: 2, Label: "number not proved", Colour: "warn"}, {Count: 2, Label: "no number", Colour: "bad"}}}, look.HTML(`</div>`),
		look.HTML(`<form class="tools" method="get">`), look.Text{Name: "q", Label: "Search users", Search: true, Placeholder: "Name or email address"},
		look.Button{Label: "Search"}, look.HTML(`<span class="tools-end">18 users, 1 invitation open</span></form>`),
		look.Table{ID: "users", Caption: "Users of Harbour Dental",
			Columns: []look.Column{{Title: "Name"}, {Title: "Role", Phone: look.PhoneSide}, {Title: "Second factor"}, {Title: "Readiness"}, {Title: "Last seen", Sort: "/users?sort=seen", Sorted: "down"}, {Title: "More", Quiet: true, Fit: true, Phone: look.PhoneActs}},
			Rows: []look.Row{
				person("Maya Okafor", "maya@harbourdental.example", "Owner", "SMS", look.Fine("Ready"), "Now"),
				person("Tom Whitfield", "tom@harbourdental.example", "Member", "Passkey", look.Fine("Ready"), "2 hours ago"),
				person("Priya Shah", "priya@harbourdental.example", "Member", "Authenticator app", look.Fine("Ready"), "Today 07:55"),
				person("Lewis Burns", "lewis@harbourdental.example", "Member", "SMS", notProved, "Yesterday"),
				person("Aoife Nolan", "aoife@harbourdental.example", "Member", "Email", look.Fine("Ready"), "19 November"),
				person("George Hale", "george@harbourdental.example", "Member", "None", noNumber, "18 November"),
			},
			Foot: &look.Paging{Words: "Users 1 to 6 of 18", Next: "/users?after=6"}},
	}
}

func auditParts() map[string]any {
	row := func(what, note, who, place string, when string, mark any) look.Row {
		return look.Row{Cells: []any{look.Pair{Main: what, Note: note}, mark, who, place, look.Muted(when)}}
	}
	good := look.Fine("Allowed")
	return map[string]any{
		"Search": look.Text{Name: "q", Label: "Search the audit log", Search: true, Placeholder: "Person, act or address", HX: "/audit", Target: "audit"},
		"Act":    look.Select{Name: "act", Label: "Act", Quiet: true, Options: []look.Option{{Label: "All acts"}, {Value: "login", Label: "Log-ins"}, {Value: "member", Label: "Users"}}},
		"Go":     look.Button{Label: "Filter"},
		"Table": look.Table{ID: "audit", Caption: "Audit log",
			Columns: []look.Column{{Title: "What"}, {Title: "Result", Phone: look.PhoneSide}, {Title: "Who"}, {Title: "Where"}, {Title: "When", Sort: "/audit?sort=when", Sorted: "down"}},
			Rows: []look.Row{
				row("Logged in", "Password and SMS code", "Maya Okafor", "Leeds, Firefox on macOS", "Today 08:41", good),
				row("Wrong code", "SMS, 2 of 5 tries", "Maya Okafor", "Rotterdam, Chrome on Windows", "Today 03:12", look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Refused"}),
				row("Business details changed", "Billing email", "Maya Okafor", "Leeds, Firefox on macOS", "Yesterday 17:58", good),
				row("Organisation created", "Harbour Dental", "Maya Okafor", "Leeds, Firefox on macOS", "19 November", good),
			},
			Foot: &look.Paging{Words: "First 4 of 1,284", Next: "/audit?after=4"}},
	}
}

func profileParts() []any {
	return []any{
		look.Card{Title: "About you", Body: []any{look.Facts{Rows: []look.Fact{
			{Label: "Name", Value: "Maya Okafor", Change: "/x"}, {Label: "Username", Value: "maya.okafor", Change: "/x"},
			{Label: "Email address", Value: "maya@harbourdental.example", Change: "/x", Mark: &look.Mark{Tone: look.Good, Icon: "check", Label: "Confirmed"}},
			{Label: "Mobile number", Value: "07700 ••• 123", Note: "For codes only, never for sending", Change: "/edit"},
			{Label: "Language", Value: "English (United Kingdom)", Change: "/x"}, {Label: "Time zone", Value: "Europe/London", Note: "It is 08:44 there now", Change: "/x"},
		}}}},
		look.Card{Title: "Close your profile", Danger: true, Lead: "You log in nowhere any more. Organisations you own alone must first get another owner.",
			Actions: []look.Component{look.Button{Label: "Close profile", Kind: look.Destructive, Href: "/close", Opens: "close"}}},
		look.Dialog{ID: "close", Title: "Close your profile for good?", Icon: "lock", Lead: "This ends 3 sessions and removes 4 second factors. It cannot be undone.",
			Body:    []any{look.Facts{Well: true, Rows: []look.Fact{{Label: "Profile", Value: "maya.okafor"}, {Label: "Organisations left", Value: "2"}}}, look.Code{Name: "code", Label: "Code", Hint: "Sent by SMS to 07700 ••• 123", Window: true, Wait: true}},
			Buttons: []look.Component{look.Button{Label: "Close profile", Kind: look.DestructiveFilled}, look.Button{Label: "Cancel", Kind: look.Quiet, Does: "close"}}},
	}
}

func editForm() map[string]any {
	problems := look.Problems{{Field: "phone", Text: "Enter a mobile number. This one is a landline"}}
	return map[string]any{
		"Problems": problems,
		"Phone":    look.Phone{Name: "phone", Label: "Mobile number", Hint: "For codes only, never for sending", Value: "0113 496 0142", Error: problems.For("phone"), CountryName: "country", Country: "GB", Countries: countries},
		"Radios": look.Radios{Name: "start", Label: "When does it start?", Value: "date", Options: []look.Option{
			{Value: "now", Label: "Now. Possible when all 18 users have a proved number"},
			{Value: "date", Label: "Now for the ready, and by a date for the rest", Inside: look.Date{Name: "until", Label: "Until", Day: "6", Month: "12", Year: "2026"}}}},
		"Zone":  look.Select{Name: "zone", Label: "Time zone", Value: "Europe/London", Options: []look.Option{{Value: "Europe/London", Label: "Europe/London"}, {Value: "Europe/Paris", Label: "Europe/Paris"}}},
		"About": look.TextArea{Name: "about", Label: "Why do you ask?", Optional: true, Hint: "Every owner reads this"},
		"Save":  look.Actions{look.Button{Label: "Send code to this number", Kind: look.Filled, Busy: "Sending"}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: "/security"}},
	}
}
