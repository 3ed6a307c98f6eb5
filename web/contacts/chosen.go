package contacts

import (
	"net/http"

	"watchword/base/problem"
	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

const chosenForm = "chosen"

// bulk is what can be done with the rows that were chosen (CL5).
func bulk(m organisation.Member, a asked, names map[contact.ListID]string) look.Bulk {
	b := look.Bulk{Form: chosenForm, Action: "/contacts/chosen", Target: "contacts", Words: "Choose contacts to add them to a list or to delete them.",
		Fields: []look.Hidden{within(m), {Name: "list", Value: a.list}}}
	if len(names) > 0 {
		b.Actions = append(b.Actions, look.Button{Label: "Add to list", Small: true, Name: "act", Value: "add"})
	}
	if a.list != "" {
		b.Actions = append(b.Actions, look.Button{Label: "Remove from list", Small: true, Name: "act", Value: "remove"})
	}
	b.Actions = append(b.Actions, look.Button{Label: "Delete", Small: true, Kind: look.Destructive, Name: "act", Value: "delete"})
	return b
}

// picked are the chosen contacts of a form, and where to go afterwards.
func picked(f *frame.Page, m organisation.Member) (all []contact.ID, back string) {
	return typed[contact.ID](f.Q.Values("contact")), address(f, m, tablePath, "list", f.Q.Value("list"))
}

// carried repeats the choice in the next form.
func carried(f *frame.Page, all []contact.ID) []any {
	out := []any{look.Hidden{Name: "from", Value: f.Q.Value("list")}}
	for _, c := range all {
		out = append(out, look.Hidden{Name: "contact", Value: string(c)})
	}
	return out
}

// chosen asks once more, naming how many.
func (p *pages) chosen(f *frame.Page, m organisation.Member) error {
	all, back := picked(f, m)
	if len(all) == 0 {
		f.Q.Flash(look.Warn, "Choose at least one contact first.")
		return f.Q.Go(back)
	}
	switch f.Q.Value("act") {
	case "add":
		return p.adding(f, m, all, 0, nil)
	case "remove":
		return p.removing(f, m, all)
	case "delete":
		return p.deleting(f, m, all)
	}
	return problem.NotFound("act")
}

func (p *pages) adding(f *frame.Page, m organisation.Member, all []contact.ID, status int, problems look.Problems) error {
	lists, _, err := p.Contacts.Lists(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	s := f.Frame("Add "+contactsOf(int64(len(all)))+" to a list", frame.Contacts)
	s.Crumbs = below(f, m, look.Link{Label: "Add to a list"})
	_, back := picked(f, m)
	return p.form(f, m, status, s, frame.Form{Action: "/contacts/chosen/add", Problems: problems, Fields: append(carried(f, all),
		look.Select{Name: "list", Label: "List", Options: options(lists, ""), Error: problems.For("list"), Width: "medium"}),
		Buttons: frame.Save("Add "+contactsOf(int64(len(all))), back)})
}

// options are lists to choose from; none, when not empty, is the words for no list.
func options(lists []contact.List, none string) (out []look.Option) {
	if none != "" {
		out = append(out, look.Option{Label: none})
	}
	for _, l := range lists {
		out = append(out, look.Option{Value: string(l.ID), Label: l.Name})
	}
	return out
}

func (p *pages) removing(f *frame.Page, m organisation.Member, all []contact.ID) error {
	l, err := p.listOf(f, m, contact.ListID(f.Q.Value("list")))
	if err != nil {
		return err
	}
	n := contactsOf(int64(len(all)))
	s := f.Frame("Remove "+n+" from "+l.Name, frame.Contacts)
	s.Crumbs, s.Lead = below(f, m, look.Link{Label: "Remove from a list"}), "They stay contacts, and stay in their other lists."
	_, back := picked(f, m)
	return p.form(f, m, http.StatusOK, s, frame.Form{Action: "/contacts/chosen/remove", Fields: append(carried(f, all), look.Hidden{Name: "list", Value: string(l.ID)}),
		Buttons: frame.Save("Remove "+n, back)})
}

func (p *pages) deleting(f *frame.Page, m organisation.Member, all []contact.ID) error {
	n := contactsOf(int64(len(all)))
	s := f.Frame("Delete "+n, frame.Contacts)
	s.Crumbs = below(f, m, look.Link{Label: "Delete"})
	_, back := picked(f, m)
	return p.form(f, m, http.StatusOK, s, frame.Form{Action: "/contacts/chosen/delete", Fields: append(carried(f, all),
		look.Banner{Tone: look.Warn, Title: n + " will be deleted.", Words: "Names, addresses and further fields are removed for good and from every list. Who opted out stays opted out, even when the number is imported again."}),
		Buttons: look.Actions{look.Button{Label: "Delete " + n, Kind: look.DestructiveFilled}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: back}}})
}

func (p *pages) addChosen(f *frame.Page, m organisation.Member) error {
	all := typed[contact.ID](f.Q.Values("contact"))
	list := contact.ListID(f.Q.Value("list"))
	n, err := p.Contacts.AddTo(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, list, all...)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.adding(f, m, all, status, problems) })
	}
	words := contactsOf(int64(n)) + " added."
	if n < len(all) {
		words += " The others were in the list already."
	}
	return done(f, m, tablePath, words, "list", string(list))
}

func (p *pages) removeChosen(f *frame.Page, m organisation.Member) error {
	list := contact.ListID(f.Q.Value("list"))
	n, err := p.Contacts.RemoveFrom(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, list, typed[contact.ID](f.Q.Values("contact"))...)
	if err != nil {
		return err
	}
	return done(f, m, tablePath, contactsOf(int64(n))+" removed from the list.", "list", string(list))
}

func (p *pages) deleteChosen(f *frame.Page, m organisation.Member) error {
	n, err := p.Contacts.Delete(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, typed[contact.ID](f.Q.Values("contact"))...)
	if err != nil {
		return err
	}
	return done(f, m, tablePath, contactsOf(int64(n))+" deleted.", "list", f.Q.Value("from"))
}
