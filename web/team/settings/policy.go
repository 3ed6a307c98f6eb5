package settings

import (
	"net/http"
	"strconv"

	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

const policyPath = "/settings/security"

func (p *pages) mountSecurity(get, post register) {
	get(policyPath, func(f *frame.Page, m organisation.Member) error {
		policy, err := organisation.GetPolicy(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
		if err != nil {
			return err
		}
		return p.policy(f, m, http.StatusOK, policy, typedPolicy{PolicyForm: policy.Form(), days: strconv.Itoa(policy.TrustDays)}, nil)
	})
	post(policyPath, p.savePolicy)

	p.mountRequire(get, post)
	p.mountDevices(get, post)
}

// typedPolicy is the form as it was typed.
type typedPolicy struct {
	organisation.PolicyForm
	days string
}

// policyPage is the page: the switch above, the form of everything else below.
type policyPage struct {
	Action  string
	Once    look.Hidden
	In      look.Hidden
	Switch  look.Component
	Window  look.Component // opened by a button of Switch; may be nil
	Card    []any
	Buttons look.Actions
}

func (p *pages) policy(f *frame.Page, m organisation.Member, status int, policy organisation.Policy, t typedPolicy, problems look.Problems) error {
	all, err := p.people(f, m)
	if err != nil {
		return err
	}
	s := f.Frame("Security", frame.Settings)
	s.Crumbs, s.Tabs, s.Problem = crumbs(m), tabs("Security"), len(problems) > 0
	s.Lead = "How " + m.OrgName + " protects itself. What you change here counts from the next request on."
	return f.Q.Show(p.policies, status, s, policyPage{Action: policyPath, Once: f.Q.Once(), In: within(m), Switch: switchCard(f, m, policy, all), Window: p.dialog(f, m, all),
		Card:    []any{problems, look.Card{ID: "policy", Title: "Log-in", Body: policyFields(f, policy, t, problems)}},
		Buttons: look.Actions{look.Button{Label: "Save changes", Kind: look.Filled, Busy: "Saving"}}})
}

func policyFields(f *frame.Page, policy organisation.Policy, t typedPolicy, problems look.Problems) []any {
	when := "every"
	if t.NewDevice {
		when = "new"
	}
	owners := choices(organisation.BySMS, "")
	return []any{
		look.Radios{Name: "new_device", Label: "When do we ask for a code?", Value: when, Error: problems.For("new_device"), Options: []look.Option{
			{Value: "every", Label: "At every log-in", Note: "The safest. No browser is ever trusted."},
			{Value: "new", Label: "Only on new browsers", Note: "After one complete log-in a browser is trusted. Exports and changes still ask each time.",
				Inside: []any{
					look.Text{Name: "trust_days", Label: "Days a browser stays trusted", Hint: "0 to 90, counted from its last log-in. 0 trusts none.", Value: t.days, Error: problems.For("trust_days"), InputMode: "numeric", Width: "short"},
					look.Tick{Name: "trust_passkey", Value: "yes", Checked: t.TrustPasskey, Label: "Trust only browsers where the log-in was made with a passkey", Note: "Elsewhere a code is asked at every log-in."}}}}},
		look.Group{Label: "Least second factor", Hint: "Weaker ones do not open " + "the organisation while two-factor is required. A user may always use a stronger one.", Fields: []look.Component{
			look.Select{Name: "floor_member", Label: "For members", Value: string(t.FloorMember), Error: problems.For("floor_member"), Options: choices(organisation.ByEmail, "")},
			look.Select{Name: "floor_owner", Label: "For owners", Value: string(t.FloorOwner), Error: problems.For("floor_owner"), Options: owners}}},
		look.Tick{Name: "email_export", Value: "yes", Checked: t.EmailExport, Label: "Who has no second factor may confirm an export by a code sent by email", Note: "Otherwise they must set one up before they can export contacts."},
		look.TextArea{Name: "networks", Label: "Networks", Hint: "The organisation opens only from these, one to a line, as 192.0.2.0/24 or 198.51.100.7. Empty: from everywhere. You are at " + f.Q.Origin().Address.Unmap().String() + " now.",
			Value: t.Networks, Error: problems.For("networks"), Rows: 4, Optional: true},
	}
}

// switchCard says whether everybody needs a second factor. Once they do, no owner can end it (LF18).
func switchCard(f *frame.Page, m organisation.Member, policy organisation.Policy, all []user) look.Component {
	card := look.Card{ID: "required", Title: "Two-factor for everybody", Body: []any{readiness(all, m)}}
	card.Actions = []look.Component{openWindow(f, m, policy)}
	switch {
	case !policy.Required:
		card.Mark = &look.Mark{Tone: look.Grey, Label: "Off"}
		card.Lead = "Each user decides alone whether a password is enough."
		return card
	case policy.GraceUntil > f.Now:
		card.Mark = &look.Mark{Tone: look.Warn, Icon: "clock", Label: "From " + f.Day(policy.GraceUntil)}
		card.Lead = "It counts for everybody who is ready now, and for the rest from " + f.When(policy.GraceUntil) + " on, by itself."
	default:
		card.Mark = &look.Mark{Tone: look.Good, Icon: "check", Label: "Required"}
		card.Lead = "Since " + f.Day(policy.RequiredAt) + ". Whoever has no second factor can do nothing here before setting one up."
	}
	card.Body = append(card.Body, switchOff())
	return card
}

// openWindow opens the window that asks for what is missing of every user, over the page that dialog is on; without a
// script, and for many users, it leads to the page of the same form.
func openWindow(f *frame.Page, m organisation.Member, policy organisation.Policy) look.Button {
	b := look.Button{Label: "Require two-factor for everybody", Icon: "shield-check", Opens: requireWindow, Href: path(f, m, requirePath)}
	switch {
	case policy.Required && policy.GraceUntil > f.Now:
		b.Label = "See who is not ready"
	case policy.Required:
		b.Label = "Two-factor of everybody"
	}
	return b
}

// switchOff says how support does what owners cannot (LF18).
func switchOff() look.Component {
	return look.Banner{Icon: "lock", Title: "You cannot switch this off yourself.",
		Words:  "Ask support. An operator makes sure that it is you; a second operator confirms, or 72 hours pass; every owner is told on every channel and can stop it with one tap. All of it stands in your audit log.",
		Action: look.Button{Label: "Ask support", Small: true, Href: "/support"}}
}

func (p *pages) savePolicy(f *frame.Page, m organisation.Member) error {
	before, err := organisation.GetPolicy(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	v := f.Q.Value
	t := typedPolicy{days: v("trust_days"), PolicyForm: organisation.PolicyForm{NewDevice: v("new_device") == "new", FloorMember: organisation.Method(v("floor_member")),
		FloorOwner: organisation.Method(v("floor_owner")), TrustPasskey: f.Q.Ticked("trust_passkey"), EmailExport: f.Q.Ticked("email_export"), Networks: v("networks")}}
	if when := v("new_device"); when != "" && when != "new" && when != "every" {
		return p.policy(f, m, http.StatusUnprocessableEntity, before, t, look.Problems{{Field: "new_device", Text: "Choose when we ask for a code."}})
	}
	if t.TrustDays, err = strconv.Atoi(t.days); err != nil {
		t.TrustDays = -1 // refused at its field
	}
	if err := p.Organisations.SetPolicy(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, t.PolicyForm); err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.policy(f, m, status, before, t, problems) })
	}
	return done(f, m, policyPath, "The log-in policy is saved. It counts from the next request on.")
}
