package security

import (
	"strconv"
	"strings"

	"watchword/account/factor"
	"watchword/signin/login"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

func (p *pages) overview(f *frame.Page) error {
	s, err := p.read(f)
	if err != nil {
		return err
	}
	sessions, err := p.Sessions.List(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
	if err != nil {
		return err
	}
	browsers, err := p.Login.Browsers(f.Q.Context(), f.Q.Door.DB, f.Q.Who, f.Q.Cookie(web.BrowserCookie))
	if err != nil {
		return err
	}
	frameOf := f.Frame("Security", frame.Profile)
	frameOf.Lead, frameOf.Tabs = "How you prove that it is you, and where you are logged in.", frame.Tabs("Security")
	if b := warning(s); b != nil && frameOf.Banner == nil {
		frameOf.Banner = b
	}
	return p.desk.ShowParts(f, frameOf, p.factorsCard(f, s), frame.Columns{wrongCard(f, s), browsersCard(f, s, browsers)}, sessionsCard(f, sessions),
		addressesCard(f, s), offCard(s))
}

// warning is the one thing that should be mended first.
func warning(s state) *look.Banner {
	for _, f := range s.Factors {
		switch {
		case f.Off:
			return &look.Banner{Tone: look.Bad, Title: frame.FactorName(f.Kind) + " is switched off.", Words: "There were 100 wrong codes in a row. Remove it and add it anew to use it again.",
				Action: look.Button{Label: "Manage", Small: true, Href: manageAt(f.Kind)}}
		case f.FlaggedAt > 0:
			return &look.Banner{Tone: look.Bad, Title: "The passkey “" + f.Label + "” may have been copied.", Words: "Its counter went backwards. Remove it, and make a new one on a device you trust.",
				Action: look.Button{Label: "Manage passkeys", Small: true, Href: manageAt(factor.Passkey)}}
		case f.Stale:
			return &look.Banner{Tone: look.Warn, Title: "Confirm your mobile number again.", Words: "No code reached it for twelve months, so it opens nothing until you prove that it is still yours.",
				Action: look.Button{Label: "Confirm the number", Small: true, Href: "/profile/phone"}}
		}
	}
	switch {
	case s.OneMailbox:
		return &look.Banner{Tone: look.Warn, Title: "Your codes and your password reset end in the same mailbox.",
			Words:  "Whoever opens it has both, so we do not call this two-factor. Add a mobile number, an authenticator app or a passkey.",
			Action: look.Button{Label: "Add a second factor", Small: true, Href: "/profile/security/add"}}
	case s.Codes.Made > 0 && s.Codes.SavedAt == 0:
		return &look.Banner{Tone: look.Warn, Title: "You have not said that your recovery codes are saved.",
			Words: "They are the way back when your phone is lost. If you do not have them, make a new set.", Action: look.Button{Label: "Make new set", Small: true, Href: "/profile/security/recovery-codes"}}
	}
	return nil
}

// kinds in the order of their strength, with the words and strokes by which pages rate them.
var kinds = []struct {
	kind                factor.Kind
	icon, many, verdict string
	strokes             int
}{
	{factor.Passkey, "fingerprint-pattern", "Passkeys", "Strongest", 3}, {factor.TOTP, "smartphone", "Authenticator app", "Strong", 2},
	{factor.SMS, "message-square", "SMS", "Good", 1}, {factor.Email, "mail", "Email", "Weak", 0},
}

func manageAt(k factor.Kind) string { return "/profile/security/factors/" + string(k) }

func (p *pages) factorsCard(f *frame.Page, s state) look.Card {
	card := look.Card{Title: "Second factors", Lead: "After your password we ask for one of these, wherever you log in.", Flush: true,
		Actions: []look.Component{look.Button{Label: "Add a second factor", Icon: "plus", Href: "/profile/security/add"}}}
	if len(s.Factors) == 0 {
		card.Lead, card.Actions, card.Flush = nil, nil, false
		card.Mark = &look.Mark{Tone: look.Warn, Icon: "triangle-alert", Label: "Password only"}
		card.Body = []any{look.Empty{Inside: true, Title: "Add a second proof", Words: "A password can be guessed, reused or stolen. A code on your phone, an app or a passkey stops whoever has it. It takes a minute.",
			Actions: []look.Component{look.Button{Label: "Add a second factor", Icon: "plus", Kind: look.Filled, Href: "/profile/security/add"}}}}
		return card
	}
	t := look.Table{Inside: true, Caption: "Second factors", Columns: []look.Column{{Title: "Second factor"}, {Title: "Strength"}, {Title: "Last used"},
		{Title: "Manage", Quiet: true, Fit: true, Phone: look.PhoneActs}}}
	for _, k := range kinds {
		if row, ok := rowOf(f, s, k.kind, k.icon, k.many); ok {
			row.Cells[1] = look.Tally{Left: k.strokes, Of: 3, Words: k.verdict, Bold: true}
			t.Rows = append(t.Rows, row)
		}
	}
	t.Rows = append(t.Rows, codesRow(f, s))
	card.Body = []any{t}
	card.Foot = look.Anchor{Label: "All second factors you ever had", Href: "/profile/security/history", Icon: "history"}
	return card
}

// rowOf sums up the factors of one kind.
func rowOf(f *frame.Page, s state, kind factor.Kind, icon, many string) (look.Row, bool) {
	var names []string
	last, preferred := int64(0), false
	for _, x := range s.Factors {
		if x.Kind != kind {
			continue
		}
		names = append(names, nameOf(f, x))
		last, preferred = max(last, x.LastUsedAt), preferred || x.Preferred
	}
	if len(names) == 0 {
		return look.Row{}, false
	}
	note := strings.Join(names, ", ")
	if preferred && len(s.Factors) > 1 {
		note += ", asked first"
	}
	act := look.Button{Label: "Manage", About: many, Small: true, Href: manageAt(kind)}
	return look.Row{Cells: []any{look.Pair{Icon: icon, Main: many, Note: note}, nil, f.When(last), act}}, true
}

func nameOf(f *frame.Page, x factor.Factor) string {
	switch {
	case x.Masked != "":
		return x.Masked
	case x.Label != "" && x.Label != x.Kind.Name():
		return x.Label
	}
	return "Added " + f.Day(x.AddedAt)
}

func codesRow(f *frame.Page, s state) look.Row {
	note := "None yet. Make ten, for when nothing else works"
	if s.Codes.Made > 0 {
		note = strconv.Itoa(s.Codes.Left) + " of " + strconv.Itoa(s.Codes.Made) + " left, for when nothing else works"
	}
	made := "Made " + f.Day(s.Codes.MadeAt)
	if s.Codes.Made == 0 {
		made = ""
	}
	return look.Row{Cells: []any{look.Pair{Icon: "life-buoy", Main: "Recovery codes", Note: note}, look.Tally{Left: 1, Of: 3, Words: "Back-up only", Bold: true},
		look.Muted(made), look.Button{Label: "Make new set", About: "of recovery codes", Small: true, Href: "/profile/security/recovery-codes"}}}
}

func browsersCard(f *frame.Page, s state, all []login.Browser) look.Card {
	card := look.Card{Title: "Recognised browsers", Lead: "Strangers' wrong passwords never lock these out. They still need your second factor.", Flush: true}
	if len(s.Factors) == 0 {
		card.Lead = "Strangers' wrong passwords never lock these out, and they need no code by email."
	}
	var list look.Entries
	for i, b := range all {
		if i == 6 {
			break
		}
		e := look.Entry{Icon: deviceIcon(b.Device), Title: b.Device, Note: "Since " + f.Day(b.Since) + ", last log-in " + lower(f.When(b.SeenAt))}
		switch {
		case b.Current:
			e.Icon, e.Title, e.Mark = deviceIcon(f.Q.Origin().Device), f.Q.Origin().Device, &look.Mark{Tone: look.Good, Icon: "check", Label: "This one"}
		case b.Device == "":
			e.Icon, e.Title = "globe", "Another browser"
		}
		e.Actions = []look.Component{look.Post{Action: "/profile/security/browsers/forget", Fields: []look.Hidden{{Name: "browser", Value: b.ID}},
			Button: look.Button{Label: "Forget", About: e.Title, Small: true}}}
		list = append(list, e)
	}
	if len(list) == 0 {
		card.Body, card.Flush = []any{look.HTML(`<p class="muted">None. After a complete log-in a browser is recognised here.</p>`)}, false
		return card
	}
	card.Body = []any{list}
	return card
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func sessionsCard(f *frame.Page, all []session.Listed) look.Card {
	t := look.Table{Inside: true, Caption: "Sessions", Columns: []look.Column{{Title: "Device"}, {Title: "Place"}, {Title: "Proved by"},
		{Title: "Last seen", Phone: look.PhoneSide}, {Title: "Log out", Quiet: true, Fit: true, Phone: look.PhoneActs}}}
	for _, s := range all {
		seen, act := any(f.Seen(s.SeenAt)), any(look.Post{Action: "/profile/security/sessions/end", Fields: []look.Hidden{{Name: "session", Value: string(s.ID)}},
			Button: look.Button{Label: "Log out", About: s.Device, Small: true}})
		if s.Current {
			seen, act = look.Mark{Tone: look.Good, Icon: "check", Label: "This session"}, nil
		}
		place := s.Address
		if s.Country != "" {
			place = s.Country + ", " + s.Address
		}
		t.Rows = append(t.Rows, look.Row{Cells: []any{look.Pair{Icon: deviceIcon(s.Device), Plain: true, Main: s.Device}, place, frame.Methods(s.Methods), seen, act}})
	}
	card := look.Card{Title: "Sessions", Lead: "You are logged in at " + places(len(all)) + ".", Flush: true, Body: []any{t}}
	if len(all) > 1 {
		card.Actions = []look.Component{look.Post{Action: "/profile/security/sessions/end-others", Button: look.Button{Label: "Log out everywhere else", Kind: look.Destructive}}}
	}
	return card
}

func places(n int) string {
	if n == 1 {
		return "1 place, this one"
	}
	return strconv.Itoa(n) + " places"
}

func deviceIcon(device string) string {
	switch {
	case strings.Contains(device, "iPhone"), strings.Contains(device, "Android"):
		return "smartphone"
	case strings.Contains(device, "iPad"):
		return "tablet"
	case strings.Contains(device, "Mac"), strings.Contains(device, "ChromeOS"):
		return "laptop"
	}
	return "monitor"
}

func addressesCard(f *frame.Page, s state) look.Card {
	card := look.Card{ID: "recovery-addresses", Title: "Recovery addresses", Lead: "Further mailboxes that get our notices and help when you lose your password.", Flush: true,
		Actions: []look.Component{look.Button{Label: "Add an address", Icon: "plus", Href: "/profile/security/recovery-address"}}}
	list := look.Entries{{Icon: "mail", Title: f.Me.Email, Note: "You log in with it", Mark: &look.Mark{Tone: look.Good, Icon: "check", Label: "Confirmed"}}}
	for _, x := range s.Addresses {
		e := look.Entry{Icon: "mail", Title: x.Spelling, Note: "Added " + f.Day(x.AddedAt), Mark: &look.Mark{Tone: look.Warn, Icon: "clock", Label: "Not confirmed"},
			Actions: []look.Component{look.Post{Action: "/profile/security/recovery-address/remove", Fields: []look.Hidden{{Name: "address", Value: x.Key}},
				Button: look.Button{Label: "Remove", About: x.Spelling, Small: true}}}}
		if x.ConfirmedAt > 0 {
			e.Mark = &look.Mark{Tone: look.Good, Icon: "check", Label: "Confirmed"}
		}
		list = append(list, e)
	}
	card.Body = []any{list}
	return card
}

// offCard is left out while there is nothing to turn off.
func offCard(s state) any {
	if len(s.Factors) == 0 {
		return nil
	}
	return look.Card{Title: "Turn two-factor off", Danger: true, Lead: "Your password alone would open your profile. All second factors and recovery codes are removed.",
		Actions: []look.Component{look.Button{Label: "Turn two-factor off", Kind: look.Destructive, Href: "/profile/security/off"}}}
}
