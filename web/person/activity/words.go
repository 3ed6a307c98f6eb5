// Package activity shows an audit stream: a person's own here, an organisation's in the team's pages.
package activity

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"watchword/base/audit"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// words are the events as people read them, by kind; a kind that is not here is shown by its own name.
var words = map[string]string{
	"login.password": "Password entered", "login.completed": "Logged in", "login.cancelled": "Log-in cancelled", "login.unlock_asked": "Link to try again asked for",
	"login.unlocked": "Browser allowed to try again", "login.woken": "Log-in confirmed by email", "login.browser_forgotten": "Browser forgotten",
	"session.logged_out": "Logged out", "session.ended": "Session ended", "session.others_ended": "All other sessions ended", "session.switched": "Organisation switched",
	"stepup.password": "Password entered again", "stepup.completed": "Proved again", "stepup.passed": "Proved again",
	"code.sent": "Code sent", "code.checked": "Code entered",
	"factor.checked": "Second factor used", "factor.added": "Second factor added", "factor.removed": "Second factor removed", "factor.preferred": "Second factor chosen to be asked first",
	"factor.renamed": "Second factor renamed", "factor.number_restored": "Former mobile number brought back",
	"recovery.code": "Recovery code entered", "recovery.codes_made": "Recovery codes made", "recovery.codes_forgotten": "Recovery codes removed", "recovery.reset_asked": "Password reset asked for",
	"recovery.address_added": "Recovery address added", "recovery.address_confirmed": "Recovery address confirmed", "recovery.address_removed": "Recovery address removed",
	"join.registered": "Registered", "join.confirmed": "Email address confirmed", "join.mail_again": "Confirming link sent again",
	"profile.edited": "Profile edited", "profile.closed": "Profile closed", "profile.username_changed": "Username changed", "profile.email_asked": "Change of email address asked for",
	"profile.email_changed": "Email address changed", "profile.terms_accepted": "Terms accepted", "profile.two_factor_off": "Two-factor turned off",
	"password.changed": "Password changed", "password.reset": "Password reset",
	"organisation.created": "Organisation created", "organisation.renamed": "Organisation renamed", "member.joined": "User joined", "member.left": "User left",
	"member.removed": "User removed", "member.disabled": "User switched off", "member.enabled": "User switched on again", "member.method_changed": "Method of a user changed",
	"member.permissions_changed": "Permissions of a user changed", "member.role_changed": "Role of a user changed", "member.devices_ended": "Trusted devices ended",
	"organisation.policy_changed": "Log-in policy changed", "organisation.details_changed": "Business details changed", "organisation.deleted": "Organisation deleted",
	"organisation.suspended": "Organisation suspended", "organisation.restored": "Organisation restored", "organisation.two_factor_required": "Two-factor required of everybody",
	"organisation.two_factor_not_required": "Two-factor no longer required", "invitation.sent": "Invitation sent", "invitation.sent_again": "Invitation sent again",
	"invitation.readdressed": "Invitation sent to another address", "invitation.edited": "Invitation changed", "invitation.withdrawn": "Invitation withdrawn", "join.invited": "Invitation accepted",
	"contact.created": "Contact added", "contact.changed": "Contact changed", "contact.deleted": "Contacts deleted", "contact.lists_changed": "Contacts put into lists or taken out",
	"contact.list_created": "List created", "contact.list_renamed": "List renamed", "contact.list_deleted": "List deleted", "contact.read_on": "More contacts read than are free in a day",
	"contact.import_uploaded": "File of contacts uploaded", "contact.import_started": "Import started", "contact.import_done": "Import finished", "contact.import_discarded": "Import discarded",
	"contact.export_asked": "Export asked for", "contact.exported": "Export written", "contact.export_downloaded": "Export downloaded",
	"audit.exported": "Audit log exported",
	"support.asked":  "Support asked for help", "support.taken": "Support looks after a request", "support.started": "Support started a change", "support.confirmed": "Second operator confirmed",
	"support.done": "Support made the change", "support.cancelled": "Support request cancelled", "support.answered": "Support answered", "support.looked_in": "Support looks in, read-only",
	"support.look_ended": "Support stopped looking in", "support.person_viewed": "Support looked at the profile", "support.sessions_ended": "Support ended all sessions",
	"operator.login": "Operator logged in", "operator.logout": "Operator logged out", "operator.proved": "Operator proved who they are", "operator.factor_added": "Operator's second factor added", "operator.factor_removed": "Operator's second factor removed",
	"operator.codes_made": "Operator's recovery codes made", "operator.address_asked": "Operator's address for alerts typed", "operator.address_changed": "Operator's address for alerts changed", "operator.others_ended": "Operator's other sessions ended", "operator.password": "Operator's password entered", "operator.created": "Operator created",
	"operator.removed": "Operator removed", "operator.token_made": "Token for an operator made",
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

// reasons are why something failed or was refused, in words; others are shown as they are.
var reasons = map[string]string{"wrong": "Wrong", "expired": "Expired", "exhausted": "All tries used", "used": "Used already", "wait": "Too early",
	"profile_closed": "The profile was closed", "cancelled": "Cancelled",
	"waited": "Its time passed", "by_link": "By the link of the notice", "break_glass": "At once, by the host", "same_operator": "The same operator started it",
	"operator_young": "An operator invited, or bound anew by a recovery code, a short time ago"}

// facts of an event's detail that stand below its title, in this order; the rest is for the export.
var facts = []struct{ name, before string }{{"purpose", ""}, {"action", "to "}, {"channel", "by "}, {"kind", ""}, {"method", "by "}, {"methods", ""}, {"name", ""}, {"email", ""}, {"fields", ""}, {"because", ""},
	{"from", "from "}, {"to", "to "}, {"role", ""}, {"left", "codes left: "}, {"why", "because: "}, {"started_by", "started by "}, {"due", "takes effect "}}

// contactFacts are those of events about contacts; counts say what they count, unless they are none.
var contactFacts = []struct{ name, before, counted string }{{"file", "", ""}, {"name", "", ""}, {"rows", "", "rows"}, {"contacts", "", "contacts"}, {"imported", "", "imported"}, {"updated", "", "updated"},
	{"skipped", "", "skipped"}, {"unsubscribed", "", "opted out"}, {"invalid", "", "invalid"}, {"by", "for ", ""}}

func contactNote(detail map[string]string) (parts []string) {
	for _, f := range contactFacts {
		v := detail[f.name]
		if f.counted != "" {
			n, err := strconv.Atoi(v)
			if err != nil || n == 0 {
				continue
			}
			v = look.Number(n) + " " + f.counted
			if n == 1 {
				v = strings.TrimSuffix(v, "s")
			}
		}
		if v != "" {
			parts = append(parts, f.before+v)
		}
	}
	return parts
}

// Note is the second line of an event.
func Note(r audit.Row) string {
	var parts []string
	if r.Reason != "" {
		w, ok := reasons[r.Reason]
		if !ok {
			w = strings.ReplaceAll(r.Reason, "_", " ")
		}
		parts = append(parts, w)
	}
	var detail map[string]string
	known := json.Unmarshal([]byte(r.Detail), &detail) == nil
	if known && strings.HasPrefix(r.Kind, "contact.") {
		return strings.Join(append(parts, contactNote(detail)...), ", ") // it may begin with the name of a file
	}
	if known {
		for _, f := range facts {
			if v := detail[f.name]; v != "" {
				parts = append(parts, f.before+plain(f.name, v))
			}
		}
	}
	note := strings.Join(parts, ", ")
	if first, size := utf8.DecodeRuneInString(note); size > 0 {
		note = string(unicode.ToUpper(first)) + note[size:]
	}
	return note
}

// names are what stands in details as a stable word.
var names = map[string]string{"sms": "SMS", "totp": "authenticator app", "recovery": "recovery code", "step_up": "for a change", "login": "for a log-in",
	"prove_number": "for a mobile number", "change_number": "for another mobile number", "recover_account": "for a new password", "prove_email": "for an email address"}

// plain words one fact. Only stable words are changed, never what people typed.
func plain(fact, v string) string {
	switch fact {
	case "methods":
		return frame.Methods(strings.Fields(v))
	case "purpose", "channel", "kind", "method", "action":
		if w, ok := names[v]; ok {
			return w
		}
		return strings.ReplaceAll(v, "_", " ")
	}
	return v
}

// Groups are the choices of the filter by event.
var Groups = []struct{ Value, Label string }{{"", "All events"}, {"login", "Log-ins"}, {"code", "Codes"}, {"factor", "Second factors"}, {"recovery", "Recovery"},
	{"session", "Sessions"}, {"stepup", "Proofs before a change"}, {"profile", "Profile"}, {"password", "Password"}, {"organisation", "Organisations"}, {"member", "Users"}, {"contact", "Contacts"}, {"support", "Support"}, {"audit", "Audit log"}}
