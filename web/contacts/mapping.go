package contacts

import (
	"slices"
	"strconv"
	"strings"

	"watchword/base/phone"
	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

type mappingPage struct {
	Action     string
	Once       look.Hidden
	Within     look.Hidden
	Problems   look.Problems
	Notes      []any
	Columns    []mappedColumn
	Sample     look.Table
	Header     look.Tick
	Duplicates look.Radios
	List       look.Component
	Country    look.Select
	Consent    look.Tick
	Buttons    look.Actions
	After      []any
}

// mappedColumn is one column of the file with what it holds.
type mappedColumn struct {
	Name, Sample string
	Choice       look.Select
}

// fixed are what a column may hold, beside further fields.
var fixed = []look.Option{{Label: "Leave out"}, {Value: string(contact.ColNumber), Label: "Mobile number"}, {Value: string(contact.ColFirst), Label: "First name"},
	{Value: string(contact.ColLast), Label: "Last name"}, {Value: string(contact.ColName), Label: "First and last name together"},
	{Value: string(contact.ColEmail), Label: "Email address"}, {Value: string(contact.ColNotes), Label: "Notes"},
	{Value: string(contact.ColOptOut), Label: "Opted out: yes or no"}}

// mapping asks what the columns hold and what to do with the rows (CL7, CL8).
func (p *pages) mapping(f *frame.Page, m organisation.Member, im contact.Import, guess contact.Mapping, status int, problems look.Problems) error {
	lists, _, err := p.Contacts.Lists(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	s := f.Frame(im.Name, frame.Contacts)
	s.Crumbs, s.Problem = below(f, m, look.Link{Label: "Import", Href: address(f, m, importPath)}, look.Link{Label: im.Name}), len(problems) > 0
	s.Lead = about(im)
	if guess.Country == "" {
		guess.Country = p.Home
	}
	if guess.Duplicates == "" {
		guess.Duplicates = contact.Skip
	}
	v := mappingPage{Action: importAt(im.ID), Once: f.Q.Once(), Within: within(m), Problems: problems, Columns: columns(im.About, guess, problems), Sample: sample(im.About),
		Header: look.Tick{Name: "header", Label: "The first row names the columns", Checked: guess.Header},
		Duplicates: look.Radios{Name: "duplicates", Label: "Numbers that are contacts already", Value: string(guess.Duplicates), Error: problems.For("duplicates"), Options: []look.Option{
			{Value: string(contact.Skip), Label: "Skip them", Note: "The contact stays as it is, and joins the list if you choose one."},
			{Value: string(contact.Overwrite), Label: "Overwrite them", Note: "With what the file says; an empty cell keeps the old value."}}},
		List: look.Group{Label: "List", Hint: "Everybody in the file is added to it. Leave both empty for none.", Fields: []look.Component{
			look.Select{Name: "list", Label: "List", Value: string(guess.List), Error: problems.For("list"), Options: options(lists, "None")},
			look.Text{Name: "new_list", Label: "Or a new list", Value: f.Q.Value("new_list"), Error: problems.For("new_list"), Autocomplete: "off"}}},
		Country: look.Select{Name: "country", Label: "Country of numbers without a country code", Value: guess.Country, Error: problems.For("country"), Options: countries()},
		Consent: look.Tick{Name: "consent", Label: "These people agreed to be written to by " + m.OrgName, Note: "We keep who ticked this, and when. People who opted out stay opted out.", Checked: guess.Consent, Error: problems.For("consent")},
		Buttons: look.Actions{look.Button{Label: "Import", Kind: look.Filled, Busy: "Starting"}, look.Button{Label: "Discard the file", Kind: look.Destructive, FormAction: importAt(im.ID) + "/discard", Plain: true}}}
	for _, n := range im.About.Notes {
		v.Notes = append(v.Notes, look.Banner{Tone: look.Warn, Words: n})
	}
	return f.Q.Show(p.column, status, s, v)
}

// about says how the file was read.
func about(im contact.Import) string {
	parts := []string{im.About.Format, size(im.Size)}
	if im.Rows > 0 {
		parts = append(parts, counted(im.Rows, "row", "rows"))
	}
	if im.About.Encoding != "" && im.About.Format == "CSV" {
		parts = append(parts, im.About.Encoding)
	}
	switch im.About.Separator {
	case "":
	case "tab":
		parts = append(parts, "separated by tabs")
	default:
		parts = append(parts, "separated by “"+im.About.Separator+"”")
	}
	return strings.Join(parts, ", ") + ". Nothing is imported yet."
}

func columns(a contact.About, guess contact.Mapping, problems look.Problems) []mappedColumn {
	var out []mappedColumn
	for i, name := range a.Columns {
		at, value := "column-"+strconv.Itoa(i), ""
		if i < len(guess.Columns) {
			value = string(guess.Columns[i])
		}
		field := look.Option{Value: string(contact.Field(name)), Label: "A further field, “" + name + "”"}
		all := append(slices.Clone(fixed), field)
		if strings.HasPrefix(value, contact.FieldPrefix) && value != field.Value {
			all = append(all, look.Option{Value: value, Label: "A further field, “" + strings.TrimPrefix(value, contact.FieldPrefix) + "”"})
		}
		out = append(out, mappedColumn{Name: name, Sample: samples(a, i), Choice: look.Select{Name: at, Label: "Column " + name + " holds", Quiet: true, Value: value, Error: problems.For(at), Options: all}})
	}
	return out
}

// samples are the first cells of a column.
func samples(a contact.About, i int) string {
	var cells []string
	for _, row := range a.Sample {
		if i < len(row) && strings.TrimSpace(row[i]) != "" && len(cells) < 3 {
			cells = append(cells, row[i])
		}
	}
	if len(cells) == 0 {
		return "Empty in the first rows"
	}
	return strings.Join(cells, ", ")
}

func sample(a contact.About) look.Table {
	t := look.Table{ID: "sample", Inside: true, Caption: "The first rows"}
	for _, name := range a.Columns {
		t.Columns = append(t.Columns, look.Column{Title: name})
	}
	for _, row := range a.Sample {
		cells := make([]any, len(a.Columns))
		for i := range cells {
			cells[i] = ""
			if i < len(row) {
				cells[i] = row[i]
			}
		}
		t.Rows = append(t.Rows, look.Row{Cells: cells})
	}
	return t
}

func countries() (out []look.Option) {
	for _, c := range phone.Countries() {
		out = append(out, look.Option{Value: c.Code, Label: c.Name + " +" + c.Calling})
	}
	return out
}

// start begins the import as the form says.
func (p *pages) start(f *frame.Page, m organisation.Member) error {
	im, err := p.one(f, m)
	if err != nil {
		return err
	}
	v := f.Q.Value
	how := contact.Mapping{Header: f.Q.Ticked("header"), Duplicates: contact.Duplicates(v("duplicates")), List: contact.ListID(v("list")), Country: v("country"), Consent: f.Q.Ticked("consent")}
	for i := range im.About.Columns {
		how.Columns = append(how.Columns, contact.Column(v("column-"+strconv.Itoa(i))))
	}
	if im.State != contact.Uploaded {
		return f.Q.Go(address(f, m, importAt(im.ID)))
	}
	again := func(status int, problems look.Problems) error { return p.mapping(f, m, im, how, status, problems) }
	if name := strings.TrimSpace(v("new_list")); name != "" {
		if how.List, err = p.listCalled(f, m, name); err != nil {
			return f.Again(err, func(status int, problems look.Problems) error {
				for i := range problems {
					problems[i].Field = "new_list"
				}
				return again(status, problems)
			})
		}
	}
	if _, err := p.Contacts.Start(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, im.ID, how); err != nil {
		return f.Again(err, again)
	}
	return f.Q.Go(address(f, m, importAt(im.ID)))
}

// listCalled is the list of that name, made where there is none.
func (p *pages) listCalled(f *frame.Page, m organisation.Member, name string) (contact.ListID, error) {
	lists, _, err := p.Contacts.Lists(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return "", err
	}
	for _, l := range lists {
		if strings.EqualFold(l.Name, name) {
			return l.ID, nil
		}
	}
	l, err := p.Contacts.CreateList(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, name)
	return l.ID, err
}
