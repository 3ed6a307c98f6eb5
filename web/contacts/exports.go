package contacts

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"watchword/base/id"
	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

func (p *pages) mountExports(d *web.Door, may func(organisation.Permission, handler) web.Handler) {
	get := func(path string, h handler) { d.GetIn(path, may(organisation.Exports, h)) }
	get(exportPath, p.offer)
	d.PostIn(exportPath, may(organisation.Exports, p.export))
	get(exportPath+"/running", p.runningExports)
	get(exportPath+"/{id}", p.exported)
	get(exportPath+"/{id}/download", p.exported)
	d.PostDownloadIn(exportPath+"/{id}/download", may(organisation.Exports, p.download))
	d.Explain(actionExport, p.explain)
}

// actionExport is the class of action whose fresh code an export and its download ask for (TD8, TD10).
const actionExport = "contacts_export"

func columnList(all []contact.Column) string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = contact.Title(c)
	}
	return strings.Join(names, ", ")
}

// wanted is what an export's form asks for.
type wanted struct {
	scope  string // all, list or search
	filter contact.Filter
	fields []contact.Column
}

func (p *pages) want(v url.Values) wanted {
	w := wanted{scope: v.Get("scope"), fields: typed[contact.Column](v["fields"])}
	switch w.scope {
	case "list":
		w.filter.List = contact.ListID(v.Get("list"))
	case "search":
		w.filter.Search, w.filter.Country = strings.TrimSpace(v.Get("q")), p.Home
	}
	return w
}

// offer is the form for an export, with those before it below.
func (p *pages) offer(f *frame.Page, m organisation.Member) error {
	w := wanted{scope: "all", filter: contact.Filter{List: contact.ListID(f.Q.Query("list")), Search: f.Q.Query("q")}}
	switch {
	case w.filter.Search != "":
		w.scope = "search"
	case w.filter.List != "":
		w.scope = "list"
	}
	return p.offering(f, m, w, 0, nil)
}

func (p *pages) offering(f *frame.Page, m organisation.Member, w wanted, status int, problems look.Problems) error {
	lists, all, err := p.Contacts.Lists(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	fields, err := p.Contacts.ExportFields(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	live, err := p.exportsLive(f, m)
	if err != nil {
		return err
	}
	s := f.Frame("Export contacts", frame.Contacts)
	s.Crumbs, s.Lead = below(f, m, look.Link{Label: "Export"}), "The file is CSV. We ask for a fresh code now, and for another when you download it; every owner gets a receipt."
	scope := look.Radios{ID: "scope", Name: "scope", Label: "Which contacts", Value: w.scope, Options: []look.Option{{Value: "all", Label: "All " + contactsOf(all)}}, Error: problems.For("scope")}
	if len(lists) > 0 {
		scope.Options = append(scope.Options, look.Option{Value: "list", Label: "Those of a list", Inside: look.Select{Name: "list", Label: "List", Value: string(w.filter.List), Options: listOptions(lists), Error: problems.For("list")}})
	}
	scope.Options = append(scope.Options, look.Option{Value: "search", Label: "Those that a search finds", Inside: look.Text{Name: "q", Label: "Name, number, email or anything else", Value: w.filter.Search, Error: problems.For("search"), Autocomplete: "off"}})
	return p.form(f, m, status, s, frame.Form{Action: exportPath, Problems: problems, Fields: []any{scope, fieldTicks(fields, w.fields, problems.For("fields"))},
		Buttons: frame.Save("Export contacts", address(f, m, tablePath)), After: []any{live}})
}

func listOptions(lists []contact.List) (out []look.Option) {
	for _, l := range lists {
		out = append(out, look.Option{Value: string(l.ID), Label: l.Name + ", " + contactsOf(l.Contacts)})
	}
	return out
}

// fieldTicks are the columns of the file; none chosen yet means all.
func fieldTicks(all, chosen []contact.Column, problem string) []any {
	parts := []any{look.HTML(`<fieldset class="field ticks" id="fields"><legend>Columns of the file</legend>`)}
	if problem != "" {
		parts = append(parts, look.Problems{{Text: problem}})
	}
	for _, c := range all {
		parts = append(parts, look.Tick{ID: "fields-" + string(c), Name: "fields", Value: string(c), Label: contact.Title(c), Checked: len(chosen) == 0 || slices.Contains(chosen, c)})
	}
	return append(parts, look.HTML(`</fieldset>`))
}

// export asks for the file. Without a grant for exactly this the door leads to the code and repeats the form afterwards.
func (p *pages) export(f *frame.Page, m organisation.Member) error {
	w := p.want(form(f))
	problems := look.Problems{}
	switch {
	case w.scope != "all" && w.scope != "list" && w.scope != "search":
		problems.Add("scope", "Choose which contacts to export")
	case w.scope == "list" && w.filter.List == "":
		problems.Add("list", "Choose a list")
	case w.scope == "search" && w.filter.Search == "":
		problems.Add("q", "Enter what to search for")
	case len(w.fields) == 0:
		problems.Add("fields", "Tick at least one column")
	}
	if len(problems) > 0 {
		return p.offering(f, m, w, http.StatusUnprocessableEntity, problems)
	}
	x, err := p.Contacts.Ask(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, w.filter, w.fields)
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error { return p.offering(f, m, w, status, problems) })
	}
	return done(f, m, exportPath, "The export of "+contactsOf(x.Rows)+" is being written. You can leave this page and come back.")
}

// form is what was posted, as values.
func form(f *frame.Page) url.Values {
	return url.Values{"scope": f.Q.Values("scope"), "list": f.Q.Values("list"), "q": f.Q.Values("q"), "fields": f.Q.Values("fields")}
}

// explain tells the page that asks for the code what is exported, worked out anew (TD9, C64).
func (p *pages) explain(q *web.Request, digest string, form url.Values) (web.Explained, bool) {
	org := id.Organisation(form.Get(inField))
	if org == "" {
		org = q.Session.Organisation
	}
	if form.Get("scope") != "" {
		w := p.want(form)
		quote, err := p.Contacts.Quote(q.Context(), q.Door.DB, q.Who, org, w.filter, w.fields)
		if err == nil && quote.Digest == digest {
			return web.Explained{Words: "the export of " + contactsOf(quote.Rows), Count: quote.Rows, Facts: []look.Fact{{Label: "Contacts", Value: look.Number(int(quote.Rows))},
				{Label: "From", Value: p.from(q, org, w.filter)}, {Label: "Columns", Value: columnList(w.fields)}, {Label: "File", Value: "CSV, kept 30 days, yours only"}}}, true
		}
	}
	all, err := p.Contacts.Exports(q.Context(), q.Door.DB, q.Who, org)
	if err != nil {
		return web.Explained{}, false
	}
	for _, x := range all {
		if x.Mine && x.Digest == digest {
			return web.Explained{Words: "the download of your export of " + contactsOf(x.Rows), Count: x.Rows, Facts: []look.Fact{{Label: "Contacts", Value: look.Number(int(x.Rows))},
				{Label: "From", Value: source(x)}, {Label: "Columns", Value: columnList(x.Fields)}, {Label: "File", Value: x.FileName}}}, true
		}
	}
	return web.Explained{}, false
}

func (p *pages) from(q *web.Request, org id.Organisation, w contact.Filter) string {
	if w.List == "" && w.Search == "" {
		return "All contacts"
	}
	if w.List != "" {
		lists, _, err := p.Contacts.Lists(q.Context(), q.Door.DB, q.Who, org)
		for _, l := range lists {
			if err == nil && l.ID == w.List {
				return "The list " + l.Name
			}
		}
	}
	return "Search for “" + w.Search + "”"
}
