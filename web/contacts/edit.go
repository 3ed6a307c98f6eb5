package contacts

import (
	"slices"
	"strconv"
	"strings"

	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// blankFields is how many further fields can be added at once.
const blankFields = 2

// blank is the form for a new contact.
func (p *pages) blank(f *frame.Page, m organisation.Member) error {
	form := contact.Form{}
	if list := f.Q.Query("list"); list != "" {
		form.Lists = []contact.ListID{contact.ListID(list)}
	}
	return p.editing(f, m, "", form, 0, nil)
}

func (p *pages) create(f *frame.Page, m organisation.Member) error {
	form := p.typedContact(f)
	c, err := p.Contacts.Create(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, form)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.editing(f, m, "", form, status, problems) })
	}
	return done(f, m, tablePath, named(c, p.shown(c.Number))+" is a contact now.")
}

// edit shows one contact. Reading it counts like any other reading (decisions 27).
func (p *pages) edit(f *frame.Page, m organisation.Member) error {
	if m.Looking {
		return problem.Forbidden("only_looking", "Support sees the first page of contacts only.")
	}
	c, err := p.Contacts.Get(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, contact.ID(f.Q.R.PathValue("id")))
	if err != nil {
		return err
	}
	return p.editing(f, m, c.ID, contact.Form{Number: p.shown(c.Number), Country: p.Home, First: c.First, Last: c.Last, Email: c.Email, Fields: c.Fields, Notes: c.Notes, Lists: c.Lists}, 0, nil, c)
}

func (p *pages) save(f *frame.Page, m organisation.Member) error {
	which, form := contact.ID(f.Q.R.PathValue("id")), p.typedContact(f)
	c, err := p.Contacts.Update(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, which, form)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.editing(f, m, which, form, status, problems) })
	}
	return done(f, m, "/contacts/"+string(which), named(c, p.shown(c.Number))+" is saved.")
}

func (p *pages) typedContact(f *frame.Page) contact.Form {
	v := f.Q.Value
	form := contact.Form{Number: v("number"), Country: p.Home, First: v("first_name"), Last: v("last_name"), Email: v("email"), Notes: v("notes"),
		Fields: map[string]string{}, Lists: typed[contact.ListID](f.Q.Values("lists"))}
	for i, name := range f.Q.Values("field-name") {
		values := f.Q.Values("field-value")
		if name = strings.TrimSpace(name); name != "" && i < len(values) && strings.TrimSpace(values[i]) != "" {
			form.Fields[name] = values[i]
		}
	}
	return form
}

// editing is the form of one contact; which is empty for a new one.
func (p *pages) editing(f *frame.Page, m organisation.Member, which contact.ID, form contact.Form, status int, problems look.Problems, known ...contact.Contact) error {
	lists, _, err := p.Contacts.Lists(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	title, act, action := "Add a contact", "Add contact", newPath
	if which != "" {
		title, act, action = strings.TrimSpace(form.First+" "+form.Last), "Save", "/contacts/"+string(which)
		if title == "" {
			title = form.Number
		}
	}
	s := f.Frame(title, frame.Contacts)
	s.Crumbs = below(f, m, look.Link{Label: title})
	for _, c := range known {
		s.Lead = "Added " + lower(f.When(c.Created)) + ", changed " + lower(f.When(c.Updated)) + "."
		if c.OptedOut {
			s.Mark = &look.Mark{Tone: look.Grey, Icon: "ban", Label: "Opted out"}
		}
	}
	number := look.Mobile("number", "Mobile number", form.Number, problems.For("number"))
	number.Hint, number.Width = "As you dial it in "+phone.CountryName(p.Home)+", or beginning with + and the country code.", "medium"
	email := look.Email("email", form.Email, problems.For("email"))
	email.Optional, email.Autocomplete = true, "off"
	fields := []any{number, look.Group{Label: "Name", Fields: []look.Component{
		look.Text{Name: "first_name", Label: "First name", Value: form.First, Error: problems.For("first_name"), Optional: true, Autocomplete: "off"},
		look.Text{Name: "last_name", Label: "Last name", Value: form.Last, Error: problems.For("last_name"), Optional: true, Autocomplete: "off"}}},
		email, look.TextArea{Name: "notes", Label: "Notes", Value: form.Notes, Error: problems.For("notes"), Optional: true, Rows: 3}, further(form.Fields, problems)}
	if len(lists) > 0 {
		fields = append(fields, listTicks(lists, form.Lists, problems.For("lists")))
	}
	page := frame.Form{Action: action, Problems: problems, Fields: fields, Buttons: frame.Save(act, address(f, m, tablePath))}
	if which != "" {
		page.After = []any{look.Card{Title: "Delete this contact", Danger: true, Lead: "Who opted out stays opted out, even when the number is imported again.",
			Actions: []look.Component{look.Post{Action: "/contacts/chosen", Fields: []look.Hidden{within(m), {Name: "act", Value: "delete"}, {Name: "contact", Value: string(which)}},
				Button: look.Button{Label: "Delete contact", Kind: look.Destructive}}}}}
	}
	return p.form(f, m, status, s, page)
}

// further are the organisation's own fields of a contact, by name, and room for new ones.
func further(all map[string]string, problems look.Problems) look.Component {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	g := look.Group{Label: "Further fields", Hint: "Anything else you keep: a customer number, the last visit. Leave a value empty to remove the field."}
	add := func(i int, name, value, problem string) {
		n := strconv.Itoa(i + 1)
		g.Fields = append(g.Fields, look.Text{ID: "field-name-" + n, Name: "field-name", Label: "Name of field " + n, Value: name, Autocomplete: "off"},
			look.Text{ID: "field:" + name, Name: "field-value", Label: "Value of field " + n, Value: value, Error: problem, Autocomplete: "off"})
	}
	for i, name := range names {
		add(i, name, all[name], problems.For("field:"+name))
	}
	for i := range blankFields {
		add(len(names)+i, "", "", "")
		last := &g.Fields[len(g.Fields)-1]
		t := (*last).(look.Text)
		t.ID = "field-value-" + strconv.Itoa(len(names)+i+1)
		*last = t
	}
	return g
}

// listTicks are the lists that a contact is in; many of them fold away.
func listTicks(lists []contact.List, in []contact.ListID, problem string) any {
	parts := []any{look.HTML(`<fieldset class="field ticks" id="lists"><legend>Lists</legend>`)}
	if problem != "" {
		parts = append(parts, look.Problems{{Text: problem}})
	}
	for _, l := range lists {
		parts = append(parts, look.Tick{ID: "list-" + string(l.ID), Name: "lists", Value: string(l.ID), Label: l.Name, Checked: slices.Contains(in, l.ID)})
	}
	parts = append(parts, look.HTML(`</fieldset>`))
	if len(lists) > 12 {
		return look.More{Label: "Lists: in " + strconv.Itoa(len(in)) + " of " + strconv.Itoa(len(lists)), Open: problem != "", Body: parts}
	}
	return parts
}

func (p *pages) listOf(f *frame.Page, m organisation.Member, which contact.ListID) (contact.List, error) {
	lists, _, err := p.Contacts.Lists(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return contact.List{}, err
	}
	for _, l := range lists {
		if l.ID == which {
			return l, nil
		}
	}
	return contact.List{}, problem.NotFound("list")
}
