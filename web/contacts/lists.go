package contacts

import (
	"net/http"

	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// lists are all lists, with a form for another one (CL4).
func (p *pages) lists(f *frame.Page, m organisation.Member) error {
	return p.allLists(f, m, 0, "", nil)
}

func (p *pages) allLists(f *frame.Page, m organisation.Member, status int, name string, problems look.Problems) error {
	lists, all, err := p.Contacts.Lists(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	s := f.Frame("Lists", frame.Lists)
	s.Crumbs, s.Lead = below(f, m, look.Link{Label: "Lists"}), contactsOf(all)+" in "+counted(int64(len(lists)), "list", "lists")+". A contact may be in many."
	t := look.Table{ID: "lists", Caption: "Lists of " + m.OrgName, Columns: []look.Column{{Title: "List"}, {Title: "Contacts", Number: true, Phone: look.PhoneSide}, {Title: "Made"},
		{Title: "Act", Quiet: true, Fit: true, Phone: look.PhoneActs}}, Empty: &look.Empty{Title: "No lists yet", Words: "Name one below. Contacts can be added to it from the table or while a file is imported.", Inside: true}}
	for _, l := range lists {
		var act any
		if !m.Looking {
			act = look.Button{Label: "Change", About: l.Name, Small: true, Href: address(f, m, listsPath+"/"+string(l.ID))}
		}
		t.Rows = append(t.Rows, look.Row{ID: string(l.ID), Cells: []any{look.Pair{Main: l.Name, Href: address(f, m, tablePath, "list", string(l.ID))}, look.Number(int(l.Contacts)),
			look.Muted(f.Day(l.Created)), act}})
	}
	if m.Looking {
		return p.desk.ShowParts(f, s, t)
	}
	return p.form(f, m, status, s, frame.Form{Action: listsPath, Problems: problems, Before: []any{t}, Fields: []any{
		look.Text{Name: "name", Label: "Name of a new list", Value: name, Error: problems.For("name"), Autocomplete: "off", Width: "medium"}},
		Buttons: look.Actions{look.Button{Label: "Create list", Kind: look.Filled}}})
}

func (p *pages) createList(f *frame.Page, m organisation.Member) error {
	name := f.Q.Value("name")
	l, err := p.Contacts.CreateList(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, name)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.allLists(f, m, status, name, problems) })
	}
	return done(f, m, listsPath, "The list "+l.Name+" is made.")
}

func (p *pages) list(f *frame.Page, m organisation.Member) error {
	l, err := p.listOf(f, m, contact.ListID(f.Q.R.PathValue("id")))
	if err != nil {
		return err
	}
	return p.oneList(f, m, l, l.Name, http.StatusOK, nil)
}

func (p *pages) oneList(f *frame.Page, m organisation.Member, l contact.List, name string, status int, problems look.Problems) error {
	s := f.Frame(l.Name, frame.Lists)
	s.Crumbs = below(f, m, look.Link{Label: "Lists", Href: address(f, m, listsPath)}, look.Link{Label: l.Name})
	s.Lead = contactsOf(l.Contacts)
	form := frame.Form{Action: listsPath + "/" + string(l.ID), Problems: problems, Fields: []any{
		look.Text{Name: "name", Label: "Name", Value: name, Error: problems.For("name"), Autocomplete: "off", Width: "medium"}},
		Buttons: frame.Save("Rename list", address(f, m, listsPath))}
	if !m.Looking {
		form.After = []any{look.Card{Title: "Delete this list", Danger: true, Lead: "Its " + contactsOf(l.Contacts) + " stay.", Actions: []look.Component{
			look.Post{Action: listsPath + "/" + string(l.ID) + "/delete", Fields: []look.Hidden{within(m)}, Button: look.Button{Label: "Delete list", Kind: look.Destructive}}}}}
	}
	return p.form(f, m, status, s, form)
}

func (p *pages) renameList(f *frame.Page, m organisation.Member) error {
	l, err := p.listOf(f, m, contact.ListID(f.Q.R.PathValue("id")))
	if err != nil {
		return err
	}
	name := f.Q.Value("name")
	if err := p.Contacts.RenameList(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, l.ID, name); err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.oneList(f, m, l, name, status, problems) })
	}
	return done(f, m, listsPath, "The list is called "+name+" now.")
}

// deleteList removes the list alone, so it asks no second time: its contacts stay.
func (p *pages) deleteList(f *frame.Page, m organisation.Member) error {
	l, err := p.listOf(f, m, contact.ListID(f.Q.R.PathValue("id")))
	if err != nil {
		return err
	}
	if err := p.Contacts.DeleteList(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, l.ID); err != nil {
		return err
	}
	return done(f, m, listsPath, "The list "+l.Name+" is deleted. Its contacts stay.")
}
