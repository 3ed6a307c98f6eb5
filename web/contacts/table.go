package contacts

import (
	"net/http"
	"slices"

	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// rowsOfPage is how many contacts a page shows: what people read, because each counts towards what a session may read
// without a code (decisions 27).
const rowsOfPage = 25

// asked is what the address of the table says.
type asked struct {
	list   string
	search string
	sort   contact.Sort
}

func ask(f *frame.Page, m organisation.Member) asked {
	if m.Looking { // one page, however it is asked for: neither lists nor searches lead further
		return asked{sort: contact.ByName}
	}
	a := asked{list: f.Q.Query("list"), search: f.Q.Query("q"), sort: contact.Sort(f.Q.Query("sort"))}
	if !slices.Contains([]contact.Sort{contact.ByName, contact.ByNumber, contact.Newest, contact.Oldest}, a.sort) || a.list != "" && a.sort == contact.ByNumber {
		a.sort = contact.ByName
	}
	return a
}

// pairs are the query without the place; the usual order is left out.
func (a asked) pairs() []string {
	sort := string(a.sort)
	if a.sort == contact.ByName {
		sort = ""
	}
	return []string{"list", a.list, "q", a.search, "sort", sort}
}

type tablePage struct {
	Lists  look.Choices
	Hidden []look.Hidden
	Search look.Text
	Sort   look.Component
	Chips  []look.Link
	Bulk   look.Component
	Table  look.Table
}

// show is the table of contacts.
func (p *pages) show(f *frame.Page, m organisation.Member) error {
	a := ask(f, m)
	lists, all, err := p.Contacts.Lists(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	s := f.Frame("Contacts", frame.Contacts)
	if all == 0 && a.list == "" && len(lists) == 0 {
		return p.nothing(f, m, s)
	}
	q := contact.Query{List: contact.ListID(a.list), Search: a.search, Sort: a.sort, After: f.Q.Query("after"), Before: f.Q.Query("before"), Limit: rowsOfPage, Country: p.Home}
	if m.Looking {
		q.After, q.Before = "", ""
	}
	page, err := p.Contacts.Page(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, q)
	if err != nil {
		return err
	}
	s.Lead = contactsOf(all) + " in " + counted(int64(len(lists)), "list", "lists")
	if !m.Looking {
		if slices.Contains(m.May, organisation.Exports) {
			s.Actions = append(s.Actions, look.Button{Label: "Export", Icon: "download", Href: address(f, m, exportPath, "list", a.list, "q", a.search)})
		}
		s.Actions = append([]look.Component{look.Button{Label: "Import", Icon: "upload", Href: address(f, m, importPath)}}, s.Actions...)
		s.Actions = append(s.Actions, look.Button{Label: "Add contact", Icon: "plus", Kind: look.Filled, Href: address(f, m, newPath, "list", a.list)})
	}
	names := namesOf(lists)
	v := tablePage{Lists: p.choices(f, m, a, lists, all), Search: look.Text{Name: "q", Label: "Search contacts", Search: true, Value: a.search, Placeholder: "Name, number, email or anything else"},
		Table: p.contactTable(f, m, a, page, names)}
	for _, pair := range [][2]string{{inField, f.Q.Query(inField)}, {"list", a.list}} {
		if pair[1] != "" {
			v.Hidden = append(v.Hidden, look.Hidden{Name: pair[0], Value: pair[1]})
		}
	}
	if a.search == "" {
		v.Sort = sorting(a)
	} else {
		v.Chips = append(v.Chips, look.Link{Label: "Search: " + a.search, Href: address(f, m, tablePath, asked{list: a.list, sort: a.sort}.pairs()...)})
	}
	if a.list != "" {
		v.Chips = append(v.Chips, look.Link{Label: "List is " + names[contact.ListID(a.list)], Href: address(f, m, tablePath, asked{search: a.search, sort: a.sort}.pairs()...)})
	}
	if !m.Looking && len(page.Contacts) > 0 {
		v.Bulk = bulk(m, a, names)
	}
	return f.Q.Show(p.table, http.StatusOK, s, v)
}

// nothing is the page before the first contact.
func (p *pages) nothing(f *frame.Page, m organisation.Member, s look.SignedIn) error {
	s.Lead = "No contacts yet"
	e := look.Empty{Title: "Bring your contacts in", Words: "Import a CSV or Excel file. We read the numbers, show you the first rows, and change nothing before you say so.",
		More: look.Anchor{Label: "Download an example file", Href: importPath + "/example.csv"}}
	if !m.Looking {
		e.Actions = []look.Component{look.Button{Label: "Import a file", Icon: "upload", Kind: look.Filled, Href: address(f, m, importPath)},
			look.Button{Label: "Add one contact", Icon: "plus", Href: address(f, m, newPath)}}
	}
	return p.desk.ShowParts(f, s, e, look.Points{
		{Icon: "phone", Title: "Any way of writing a number", Words: "07700 900 114, +44 7700 900114 or 00447700900114 are the same contact."},
		{Icon: "ban", Title: "Opt-outs stay", Words: "A person who opted out stays so, whatever the file says."},
		{Icon: "lock", Title: "Only yours", Words: "Nobody outside " + m.OrgName + " sees them, and each export asks for a code."}})
}

// choices are the lists at the side.
func (p *pages) choices(f *frame.Page, m organisation.Member, a asked, lists []contact.List, all int64) look.Choices {
	c := look.Choices{Title: "Lists", Current: "All contacts", Action: look.Anchor{Label: "Manage", Href: address(f, m, listsPath), About: "lists"},
		Items: []look.Choice{{Label: "All contacts", Href: address(f, m, tablePath), Count: int(all), Current: a.list == ""}}}
	if m.Looking {
		return c
	}
	for _, l := range lists {
		if a.list == string(l.ID) {
			c.Current = l.Name
		}
		c.Items = append(c.Items, look.Choice{Label: l.Name, Href: address(f, m, tablePath, "list", string(l.ID)), Count: int(l.Contacts), Current: a.list == string(l.ID)})
	}
	return c
}

func sorting(a asked) look.Select {
	s := look.Select{Name: "sort", Label: "Order", Quiet: true, Value: string(a.sort), Options: []look.Option{{Value: string(contact.ByName), Label: "By name"},
		{Value: string(contact.Newest), Label: "Newest first"}, {Value: string(contact.Oldest), Label: "Oldest first"}}}
	if a.list == "" {
		s.Options = append(s.Options, look.Option{Value: string(contact.ByNumber), Label: "By number"})
	}
	return s
}

// sortedBy makes a column's title lead to its order.
func (a asked) sortedBy(f *frame.Page, m organisation.Member, c look.Column, up, down contact.Sort) look.Column {
	if a.search != "" {
		return c
	}
	next := up
	switch a.sort {
	case up:
		c.Sorted = "up"
		if down != "" {
			next = down
		}
	case down:
		c.Sorted = "down"
	}
	c.Sort = address(f, m, tablePath, asked{list: a.list, sort: next}.pairs()...)
	return c
}

func (p *pages) contactTable(f *frame.Page, m organisation.Member, a asked, page contact.Page, names map[contact.ListID]string) look.Table {
	number := look.Column{Title: "Mobile number", Phone: look.PhoneLine}
	if a.list == "" {
		number = a.sortedBy(f, m, number, contact.ByNumber, "")
	}
	t := look.Table{ID: "contacts", Caption: "Contacts of " + m.OrgName, Columns: []look.Column{a.sortedBy(f, m, look.Column{Title: "Name"}, contact.ByName, ""), number,
		{Title: "Lists", Phone: look.PhoneLine}, {Title: "State", Phone: look.PhoneSide}, a.sortedBy(f, m, look.Column{Title: "Added", Phone: look.PhoneHide}, contact.Oldest, contact.Newest)}}
	t.Empty = &look.Empty{Title: "Nobody is in this list", Words: "Import a file into it, or choose contacts in the table and add them.", Inside: true}
	switch {
	case a.search != "" && page.After != "":
		t.Empty = &look.Empty{Title: "Nobody found so far", Words: "There are many contacts to look through. Go on looking, or search for a whole number or more words.", Inside: true}
	case a.search != "":
		t.Empty = &look.Empty{Title: "Nobody fits", Words: "Search for the beginning of a word, or for four digits or more with which a number begins or ends.", Inside: true,
			Actions: []look.Component{look.Button{Label: "Show everybody", Href: address(f, m, tablePath)}}}
	}
	for _, c := range page.Contacts {
		t.Rows = append(t.Rows, p.contactRow(f, m, c, names))
	}
	t.Foot = p.foot(f, m, a, page)
	return t
}

func (p *pages) contactRow(f *frame.Page, m organisation.Member, c contact.Contact, names map[contact.ListID]string) look.Row {
	number := p.shown(c.Number)
	name := named(c, number)
	pair := any(look.Pair{Main: name, Note: c.Email})
	if !m.Looking {
		pair = look.Pick{Name: "contact", Value: string(c.ID), Form: chosenForm, About: name,
			Body: look.Pair{Main: name, Note: c.Email, Href: address(f, m, "/contacts/"+string(c.ID))}}
	}
	state := any(look.Fine("Can be messaged"))
	if c.OptedOut {
		state = look.Mark{Tone: look.Grey, Icon: "ban", Label: "Opted out"}
	}
	return look.Row{ID: string(c.ID), Cells: []any{pair, number, look.Muted(listed(c.Lists, names)), state, look.Muted(f.Day(c.Created))}}
}

// listed names the lists of a contact, at most three.
func listed(all []contact.ListID, names map[contact.ListID]string) string {
	text, more := "", 0
	for i, l := range all {
		switch {
		case i >= 3:
			more++
		case text == "":
			text = names[l]
		default:
			text += ", " + names[l]
		}
	}
	if more > 0 {
		text += " and " + look.Number(more) + " more"
	}
	return text
}

func namesOf(lists []contact.List) map[contact.ListID]string {
	names := make(map[contact.ListID]string, len(lists))
	for _, l := range lists {
		names[l.ID] = l.Name
	}
	return names
}

// foot says how many are on the page, and leads on. An operator who looks in sees one page (decisions 27).
func (p *pages) foot(f *frame.Page, m organisation.Member, a asked, page contact.Page) *look.Paging {
	shown := int64(len(page.Contacts))
	foot := &look.Paging{Words: contactsOf(shown) + " on this page"}
	if page.Total >= 0 {
		foot.Words = look.Number(int(shown)) + " of " + contactsOf(page.Total)
		if f.Q.Query("after") == "" && f.Q.Query("before") == "" && shown < page.Total {
			foot.Words = "First " + foot.Words
		}
	}
	if m.Looking {
		foot.Words += ". Support sees the first page only."
		return foot
	}
	if page.Before != "" {
		foot.Previous = address(f, m, tablePath, append(a.pairs(), "before", page.Before)...)
	}
	if page.After != "" {
		foot.Next = address(f, m, tablePath, append(a.pairs(), "after", page.After)...)
	}
	return foot
}
