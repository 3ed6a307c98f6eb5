package settings

import (
	"strings"

	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// setting is one thing that can be set, and where.
type setting struct {
	name, note, href, icon string
	words                  string // further words that people look for it by
	owner, inside          bool   // for owners only; for members of the organisation switched to
}

// all lists every setting of the product, the organisation's first. Whoever may not change one does not find it (LF19).
var all = []setting{
	{"Users", "Who belongs to the organisation, and how each logs in", "/settings/users", "users", "members people team roles permissions readiness", true, true},
	{"Invite a user", "By an email that only that address can accept", "/settings/users/invite", "user-plus", "add member new colleague invitation", true, true},
	{"Log-in policy", "A code at each log-in or only on new browsers, and which ways count", "/settings/security", "shield-check", "security two-factor 2fa floor method new browser device trust days ip networks allow-list address", true, true},
	{"Require two-factor for everybody", "Who is ready, who is not, and from when on it counts", "/settings/security/require", "lock", "2fa mandatory force security number grace", true, true},
	{"Trusted devices of the team", "Browsers that need no code, with one button that ends them all", "/settings/security/devices", "laptop", "remember browser revoke security", true, true},
	{"Business details", "Name, contact, address, tax number and who gets the bills", "/settings/organisation", "building-2", "company rename organisation vat invoice billing email phone postal", true, true},
	{"Audit log", "What was done in the organisation, by whom and from where", "/settings/audit", "scroll-text", "history events export csv chain", true, true},
	{"Delete the organisation", "Ends it for everybody", "/settings/organisation/delete", "trash-2", "close remove", true, true},
	{"Leave the organisation", "Your profile stays yours", "/settings/organisation/leave", "log-out", "quit membership", false, true},
	{"Organisations", "Switch, choose one, or create another", "/organisations", "building-2", "change company default chooser create", false, false},
	{"Profile", "Name, language, time zone, date format, postal address", "/profile", "user", "currency encoding country details", false, false},
	{"Username", "What you log in with", "/profile/username", "id-card", "log-in name rename", false, false},
	{"Email address", "Where our notices and links go", "/profile/email", "mail", "mailbox e-mail change", false, false},
	{"Password", "Change it; every other session ends", "/profile/password", "key-round", "passphrase change", false, false},
	{"Mobile number", "For codes by SMS, never for sending", "/profile/phone", "phone", "phone cell text sms", false, false},
	{"Second factors", "Passkeys, authenticator app, SMS, email", "/profile/security", "fingerprint-pattern", "two-factor 2fa security totp passkey webauthn", false, false},
	{"Recovery codes", "The way back when your phone is lost", "/profile/security/recovery-codes", "life-buoy", "backup lost phone", false, false},
	{"Recovery address", "A second mailbox for notices and recovery", "/profile/security/recovery-address", "mail", "backup email lost password", false, false},
	{"Trusted devices", "Browsers that skip your code, and how to end that", "/profile/devices", "laptop", "remember browser revoke shared computer", false, false},
	{"Sessions", "Where you are logged in", "/profile/security", "monitor", "log out everywhere device", false, false},
	{"Activity", "Everything that happened to your profile", "/profile/activity", "history", "log events", false, false},
	{"Close your profile", "For good", "/profile/close", "trash-2", "delete account", false, false},
}

// found are the settings that fit all words; every one for none.
func found(typed string, in, owner bool) (out []setting) {
	words := strings.Fields(strings.ToLower(typed))
next:
	for _, s := range all {
		if s.inside && !in || s.owner && !owner {
			continue
		}
		text := strings.ToLower(s.name + " " + s.note + " " + s.words)
		for _, w := range words {
			if !strings.Contains(text, w) {
				continue next
			}
		}
		out = append(out, s)
	}
	return out
}

// find is the start of the settings: each by its name, searched while one types (RP20).
func (p *pages) find(f *frame.Page) error {
	m, in := f.Current()
	owner := in && m.Role == organisation.Owner
	typed := f.Q.Query("q")
	s := f.Frame("Settings", frame.Settings)
	s.Lead = "Everything that can be set, for you and for the organisation you are in."
	if in {
		s.Crumbs = []look.Link{{Label: m.Name}}
	}
	var theirs, own look.Entries
	for _, x := range found(typed, in, owner) {
		e := look.Entry{Icon: x.icon, Title: x.name, Note: x.note, Href: x.href}
		if x.inside {
			theirs = append(theirs, e)
		} else {
			own = append(own, e)
		}
	}
	parts := []any{look.HTML(`<form class="tools" method="get" action="/settings" role="search">`),
		look.Text{Name: "q", Label: "Find a setting", Value: typed, Search: true, Placeholder: "Name of a setting", HX: "/settings", Target: "found"}, look.Button{Label: "Find"},
		look.HTML(`</form><div id="found" class="column">`)}
	if len(theirs) > 0 {
		parts = append(parts, look.Card{ID: "organisation", Title: m.Name, Flush: true, Body: []any{theirs}})
	}
	if len(own) > 0 {
		parts = append(parts, look.Card{ID: "own", Title: "You", Flush: true, Body: []any{own}})
	}
	if len(theirs)+len(own) == 0 {
		parts = append(parts, look.Empty{Title: "No setting has that name", Words: "Try another word, such as “password”, “device” or “users”.", Actions: []look.Component{look.Button{Label: "Show all settings", Href: "/settings"}}})
	}
	return p.desk.ShowParts(f, s, append(parts, look.HTML(`</div>`))...)
}
