// Package activity shows an audit stream: a person's own here, an organisation's in the team's pages.
package activity

import (
	"encoding/json"
	"strings"

	"watchword/base/audit"
)

// words are the events as people read them, by kind; a kind that is not here is shown by its own name.
var words = map[string]string{
	"login.password": "Password entered", "login.completed": "Logged in", "login.proved": "Second proof given", "login.cancelled": "Log-in cancelled",
	"login.recognised": "Browser recognised", "login.unlocked": "Browser allowed to try again", "login.passkey": "Passkey used to log in",
	"session.logged_out": "Logged out", "session.ended": "Session ended", "session.others_ended": "All other sessions ended", "session.switched": "Organisation switched",
	"code.sent": "Code sent", "code.checked": "Code entered", "code.cancelled": "Code cancelled",
	"factor.checked": "Second factor used", "factor.added": "Second factor added", "factor.removed": "Second factor removed", "factor.preferred": "Preferred second factor chosen",
	"factor.renamed": "Second factor renamed", "factor.off": "Second factor switched off", "factor.flagged": "Passkey may have been copied", "factor.replaced": "Mobile number changed",
	"recovery.made": "Recovery codes made", "recovery.used": "Recovery code used", "recovery.saved": "Recovery codes saved",
	"profile.created": "Profile created", "profile.edited": "Profile edited", "profile.closed": "Profile closed", "profile.registered": "Registered",
	"password.changed": "Password changed", "password.reset": "Password reset", "username.changed": "Username changed", "email.changed": "Email address changed",
	"email.asked": "Change of email address asked for", "number.added": "Mobile number added", "number.changed": "Mobile number changed", "number.taken_back": "Former mobile number brought back",
	"two_factor.off": "Two-factor turned off", "stepup.passed": "Proved again", "stepup.begun": "Proof asked for", "stepup.password": "Password entered again",
	"organisation.created": "Organisation created", "organisation.renamed": "Organisation renamed", "member.left": "User left", "member.joined": "User joined",
	"audit.exported": "Audit log exported", "terms.accepted": "Terms accepted",
}

// Title is the event in words.
func Title(kind string) string {
	if w, ok := words[kind]; ok {
		return w
	}
	text := strings.NewReplacer(".", ": ", "_", " ").Replace(kind)
	if text == "" {
		return "Unknown"
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// reasons are why something failed or was refused, in words.
var reasons = map[string]string{"wrong": "Wrong", "expired": "Expired", "exhausted": "All tries used", "used": "Used already", "wait": "Too early", "factor_off": "Switched off",
	"profile_closed": "The profile was closed", "cancelled": "Cancelled"}

// facts of an event's detail that are shown below its title, in this order; everything else is for the export.
var facts = []struct{ name, label string }{{"purpose", ""}, {"action", ""}, {"channel", ""}, {"kind", ""}, {"way", ""}, {"to", "to "}, {"masked", ""}, {"label", ""},
	{"name", ""}, {"from", "from "}, {"method", ""}, {"methods", ""}}

// Note is the second line of an event.
func Note(r audit.Row) string {
	var parts []string
	if r.Reason != "" {
		w, ok := reasons[r.Reason]
		if !ok {
			w = plain(r.Reason)
		}
		parts = append(parts, w)
	}
	var detail map[string]string
	if json.Unmarshal([]byte(r.Detail), &detail) == nil {
		for _, f := range facts {
			if v := detail[f.name]; v != "" {
				parts = append(parts, f.label+plain(v))
			}
		}
	}
	return strings.Join(parts, ", ")
}

// names of what stands in details as a stable word.
var names = map[string]string{"sms": "SMS", "totp": "authenticator app", "email": "email", "passkey": "passkey", "recovery": "recovery code", "step_up": "to prove it again",
	"login": "to log in", "prove_number": "to prove a number", "change_number": "to change the number", "recover_account": "to recover"}

func plain(v string) string {
	if w, ok := names[v]; ok {
		return w
	}
	if strings.ContainsAny(v, " @+") {
		return v
	}
	return strings.ReplaceAll(v, "_", " ")
}

// Groups are the choices of the filter by event.
var Groups = []struct{ Value, Label string }{{"", "All events"}, {"login", "Log-ins"}, {"code", "Codes"}, {"factor", "Second factors"}, {"recovery", "Recovery"},
	{"session", "Sessions"}, {"profile", "Profile"}, {"organisation", "Organisations"}, {"member", "Users"}, {"audit", "Audit log"}}
