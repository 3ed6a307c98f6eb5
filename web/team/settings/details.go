package settings

import (
	"slices"

	"watchword/base/phone"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

const detailsPath = "/settings/organisation"

func (p *pages) mountOrganisation(get, post register) {
	get(detailsPath, func(f *frame.Page, m organisation.Member) error {
		d, err := organisation.GetDetails(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
		if err != nil {
			return err
		}
		return p.details(f, m, 0, d, nil)
	})
	post(detailsPath, p.saveDetails)
	get(detailsPath+"/delete", p.askDelete)
	post(detailsPath+"/delete", p.delete)
}

// details is the form of the business details (RP18).
func (p *pages) details(f *frame.Page, m organisation.Member, status int, d organisation.Details, problems look.Problems) error {
	s := f.Frame("Business details", frame.Settings)
	s.Crumbs, s.Tabs = crumbs(m), tabs("Business details")
	s.Lead = "Who the organisation is to its customers, and to us when we write a bill. Only owners see and change this; it counts at once."
	text := func(name, label, hint, value, complete string) look.Text {
		return look.Text{Name: name, Label: label, Hint: hint, Value: value, Error: problems.For(name), Autocomplete: complete, Optional: name != "name"}
	}
	email := func(name, label, hint, value string) look.Text {
		t := text(name, label, hint, value, "email")
		t.Type, t.InputMode, t.Literal = "email", "email", true
		return t
	}
	number := text("contact_phone", "Contact phone", "For questions about the organisation; never used for codes or sending.", d.ContactPhone, "tel")
	number.Type, number.InputMode = "tel", "tel"
	return p.form(f, m, status, s, frame.Form{Action: detailsPath, Problems: problems,
		Fields: []any{text("name", "Name", "As your customers and colleagues know it. 1 to 200 characters.", d.Name, "organization"),
			look.Select{Name: "country", Label: "Country", Value: d.Country, Error: problems.For("country"), Options: countries(), Hint: "National phone numbers are read as those of this country.", Optional: true},
			text("contact_name", "Contact name", "", d.ContactName, "name"), email("contact_email", "Contact email address", "", d.ContactEmail), number,
			look.TextArea{Name: "address", Label: "Postal address", Value: d.Address, Error: problems.For("address"), Rows: 4, Optional: true},
			text("tax_number", "Tax number", "As it should stand on bills, such as a VAT number.", d.TaxNumber, "off"),
			email("billing_email", "Billing email address", "Copies of bills go here. Empty: no copies.", d.BillingEmail)},
		Buttons: look.Actions{look.Button{Label: "Save changes", Kind: look.Filled, Busy: "Saving"}},
		After: []any{look.Card{Title: "About this organisation", Body: []any{look.Facts{Rows: []look.Fact{{Label: "Your role", Value: role(m.Role)}, {Label: "Member since", Value: f.Day(m.JoinedAt)},
			{Label: "Id", Value: look.Mono(m.Organisation), Note: "Support asks for it"}}}}},
			look.Card{Title: "Leave or delete", Danger: true, Lead: "Leaving ends your own membership; another owner must remain. Deleting ends it for everybody.",
				Actions: []look.Component{look.Button{Label: "Leave", About: m.OrgName, Href: path(f, m, detailsPath+"/leave")},
					look.Button{Label: "Delete organisation", Kind: look.Destructive, Href: path(f, m, detailsPath+"/delete")}}}}})
}

func countries() []look.Option {
	out := []look.Option{{Label: "Not set"}}
	for _, c := range phone.Countries() {
		out = append(out, look.Option{Value: c.Code, Label: c.Name})
	}
	return out
}

func (p *pages) saveDetails(f *frame.Page, m organisation.Member) error {
	v := f.Q.Value
	typed := organisation.Details{Name: v("name"), Country: v("country"), ContactName: v("contact_name"), ContactEmail: v("contact_email"),
		ContactPhone: v("contact_phone"), Address: v("address"), TaxNumber: v("tax_number"), BillingEmail: v("billing_email")}
	// A field that the form did not have stays as it is: a program that renames posts the name alone.
	before, err := organisation.GetDetails(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	for name, pair := range map[string]struct {
		to   *string
		kept string
	}{"name": {&typed.Name, before.Name}, "country": {&typed.Country, before.Country}, "contact_name": {&typed.ContactName, before.ContactName},
		"contact_email": {&typed.ContactEmail, before.ContactEmail}, "contact_phone": {&typed.ContactPhone, before.ContactPhone},
		"address": {&typed.Address, before.Address}, "tax_number": {&typed.TaxNumber, before.TaxNumber}, "billing_email": {&typed.BillingEmail, before.BillingEmail}} {
		if len(f.Q.Values(name)) == 0 {
			*pair.to = pair.kept
		}
	}
	d, err := p.Organisations.SetDetails(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, typed)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.details(f, m, status, typed, problems) })
	}
	if d.Name != m.OrgName {
		return done(f, m, detailsPath, "The organisation is called "+d.Name+" now.")
	}
	return done(f, m, detailsPath, "The business details are saved.")
}

func (p *pages) askLeave(f *frame.Page, m organisation.Member) error { return p.leaving(f, m, 0, nil) }

func (p *pages) leaving(f *frame.Page, m organisation.Member, status int, problems look.Problems) error {
	if len(problems) == 0 && m.Role == organisation.Owner && !m.Looking {
		alone, err := organisation.Alone(f.Q.Context(), f.Q.Door.DB, f.Q.Who)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(alone, func(o organisation.Membership) bool { return o.ID == m.Organisation }) {
			return p.cannotLeave(f, m)
		}
	}
	s := f.Frame("Leave "+m.OrgName+"?", frame.Settings)
	s.Crumbs = []look.Link{{Label: "Settings", Href: "/settings"}, {Label: "Leave"}}
	s.Lead = "You see nothing of it any more, and only an invitation brings you back. Your profile, your second factors and your other organisations stay as they are."
	return p.form(f, m, status, s, frame.Form{Action: detailsPath + "/leave", Problems: problems, Buttons: danger("Leave "+m.OrgName, "/organisations")})
}

// cannotLeave says what stands in the way of the only owner before anything is asked for (OU2, OU14).
func (p *pages) cannotLeave(f *frame.Page, m organisation.Member) error {
	s := f.Frame("Leave "+m.OrgName, frame.Settings)
	s.Crumbs = []look.Link{{Label: "Settings", Href: "/settings"}, {Label: "Leave"}}
	return p.desk.ShowParts(f, s, look.Banner{Tone: look.Warn, Title: "You cannot leave yet: you are the only owner.",
		Words: "An organisation needs an owner. Open the page of another user to hand ownership over or to make them an owner too, or delete the organisation; then come back here."},
		look.Actions{look.Button{Label: "Hand ownership over", Kind: look.Filled, Href: path(f, m, "/settings/users")},
			look.Button{Label: "Delete organisation", Kind: look.Destructive, Href: path(f, m, detailsPath+"/delete")},
			look.Button{Label: "Cancel", Kind: look.Quiet, Href: "/organisations"}})
}

// outside runs what ends the own membership from outside of the organisation: whoever is in it would be logged out with it.
// When it is refused, or a proof is asked for first, the person stays where they were.
func (p *pages) outside(f *frame.Page, m organisation.Member, do func() error) error {
	q := f.Q
	if m.Organisation != q.Session.Organisation {
		return do()
	}
	if err := p.Sessions.Switch(q.Context(), q.Door.DB, q.Who, ""); err != nil {
		return err
	}
	err := do()
	if err != nil {
		if back := p.Sessions.Switch(q.Context(), q.Door.DB, q.Who, m.Organisation); back != nil {
			q.Door.Log.Warn("going back into an organisation", "error", back)
		}
	}
	return err
}

// leave ends the own membership (OU14).
func (p *pages) leave(f *frame.Page, m organisation.Member) error {
	err := p.outside(f, m, func() error { return p.Team.Leave(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation) })
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.leaving(f, m, status, problems) })
	}
	f.Q.Flash(look.Good, "You have left "+m.OrgName+".")
	return f.Q.Go("/organisations")
}

func (p *pages) askDelete(f *frame.Page, m organisation.Member) error {
	return p.deleting(f, m, 0, nil)
}

func (p *pages) deleting(f *frame.Page, m organisation.Member, status int, problems look.Problems) error {
	all, err := organisation.Members(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	s := f.Frame("Delete "+m.OrgName+"?", frame.Settings)
	s.Crumbs = below("Business details", detailsPath, "Delete")
	s.Lead = "This ends it for " + look.Counted(len(all), "user") + ", at once and for good. Their profiles stay theirs. The audit log is kept as long as the law asks."
	return p.form(f, m, status, s, frame.Form{Action: detailsPath + "/delete", Problems: problems,
		Before:  []any{look.Banner{Tone: look.Warn, Title: "It cannot be undone.", Words: "We ask for a fresh code for this very act, and tell every user."}},
		Fields:  []any{look.Text{Name: "name", Label: "Name of the organisation", Hint: "Type “" + m.OrgName + "” to show that you mean it.", Value: f.Q.Value("name"), Error: problems.For("name"), Autocomplete: "off"}},
		Buttons: danger("Delete organisation", detailsPath)})
}

// delete ends the organisation with a fresh code bound to it (OU13).
func (p *pages) delete(f *frame.Page, m organisation.Member) error {
	if f.Q.Value("name") != m.OrgName {
		var problems look.Problems
		problems.Add("name", "Type the name exactly as it is written above the field.")
		return p.deleting(f, m, 422, problems)
	}
	err := p.outside(f, m, func() error { return p.Team.Delete(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation) })
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.deleting(f, m, status, problems) })
	}
	f.Q.Flash(look.Good, m.OrgName+" is deleted. Everybody who belonged to it was told.")
	return f.Q.Go("/organisations")
}
