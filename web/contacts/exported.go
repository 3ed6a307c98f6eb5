package contacts

import (
	"net/http"
	"slices"

	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

func exportAt(x string) string { return exportPath + "/" + x }

// source says which contacts an export holds.
func source(x contact.Export) string {
	switch {
	case x.Filter.List != "" && x.ListName != "":
		return "The list " + x.ListName
	case x.Filter.List != "":
		return "A list that is gone"
	case x.Filter.Search != "":
		return "Search for “" + x.Filter.Search + "”"
	}
	return "All contacts"
}

// runningExports is the list alone, for the script that asks for it again and again.
func (p *pages) runningExports(f *frame.Page, m organisation.Member) error {
	live, err := p.exportsLive(f, m)
	if err != nil {
		return err
	}
	return f.Q.Door.Look.Fragment(f.Q.W, http.StatusOK, live)
}

// exportsLive lists the exports of the organisation; it moves while one is being written.
func (p *pages) exportsLive(f *frame.Page, m organisation.Member) (look.Live, error) {
	v := look.Live{ID: "exports-live", Reload: address(f, m, exportPath)}
	all, err := p.Contacts.Exports(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil || len(all) == 0 {
		return v, err
	}
	t := look.Table{ID: "exports", Inside: true, Caption: "Exports", Columns: []look.Column{{Title: "Export"}, {Title: "State", Phone: look.PhoneSide}, {Title: "By"}, {Title: "Asked"}, {Title: "SHA-256"},
		{Title: "Act", Quiet: true, Fit: true, Phone: look.PhoneActs}}}
	for _, x := range all {
		if x.State == contact.Waiting || x.State == contact.Writing {
			v.Poll = address(f, m, exportPath+"/running")
		}
		by, hash := x.ByName, any(nil)
		if x.Mine {
			by += ", you"
		}
		if x.SHA256 != "" {
			hash = look.Mono(x.SHA256[:min(12, len(x.SHA256))])
		}
		t.Rows = append(t.Rows, look.Row{ID: x.ID, Cells: []any{look.Pair{Main: contactsOf(x.Rows), Note: source(x), Href: address(f, m, exportAt(x.ID))}, exportState(f, x), by,
			look.Muted(f.When(x.Created)), hash, downloadButton(m, x, true)}})
	}
	if i := slices.IndexFunc(all, func(x contact.Export) bool { return x.Reason != "" }); i >= 0 {
		v.Body = append(v.Body, look.Banner{Tone: look.Warn, Title: "The export of " + contactsOf(all[i].Rows) + " waits.", Words: all[i].Reason})
	}
	v.Body = append(v.Body, look.Card{Title: "Exports", Lead: "Only who asked for a file may download it, for 30 days. The receipts stay.", Flush: true, Body: []any{t}})
	return v, nil
}

func exportState(f *frame.Page, x contact.Export) look.Component {
	switch x.State {
	case contact.Ready:
		return look.Fine("Ready until " + f.Day(x.Expires))
	case contact.Gone:
		return look.Mark{Tone: look.Grey, Icon: "clock", Label: "File gone"}
	case contact.Writing:
		return look.Mark{Icon: "refresh-cw", Label: "Writing"}
	}
	return look.Mark{Icon: "clock", Label: "Waiting"}
}

// downloadButton is nil where this person cannot download.
func downloadButton(m organisation.Member, x contact.Export, small bool) any {
	if !x.Mine || !x.Downloadable {
		return nil
	}
	b := look.Button{Label: "Download", Icon: "download", About: contactsOf(x.Rows), Small: small}
	if !small {
		b.Kind, b.Label, b.About = look.Filled, "Download "+contactsOf(x.Rows), ""
	}
	return look.Post{Action: exportAt(x.ID) + "/download", Fields: []look.Hidden{within(m)}, Button: b}
}

// exported is one export with its receipt. It begins the download when the code for it was given.
func (p *pages) exported(f *frame.Page, m organisation.Member) error {
	x, err := p.Contacts.ExportOf(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, f.Q.R.PathValue("id"))
	if err != nil {
		return err
	}
	s := f.Frame("Export of "+contactsOf(x.Rows), frame.Contacts)
	s.Crumbs = below(f, m, look.Link{Label: "Export", Href: address(f, m, exportPath)}, look.Link{Label: contactsOf(x.Rows)})
	if b, ok := downloadButton(m, x, false).(look.Component); ok {
		s.Actions = []look.Component{b}
	}
	var parts []any
	if from := f.Q.Fetch(exportAt(x.ID) + "/download"); from != "" {
		parts = append(parts, look.Banner{Tone: look.Good, Icon: "download", Title: "Your download begins.", Words: []any{"If it does not, ", look.Anchor{Label: "fetch the file", Href: from}, ". It comes once for this code."}})
	}
	if !x.Mine {
		parts = append(parts, look.Banner{Words: "Only " + x.ByName + ", who asked for this file, may download it."})
	}
	facts := look.Facts{Rows: []look.Fact{{Label: "State", Value: exportState(f, x)}, {Label: "From", Value: source(x)}, {Label: "Columns", Value: columnList(x.Fields)},
		{Label: "Asked by", Value: x.ByName, Note: f.When(x.Created) + ", proved by " + frame.Methods([]string{x.Factor})}}}
	if x.SHA256 != "" {
		facts.Rows = append(facts.Rows, look.Fact{Label: "File", Value: x.FileName, Note: size(x.Size)}, look.Fact{Label: "SHA-256", Value: look.Mono(x.SHA256), Note: "With it you can tell later whether a file is this one."},
			look.Fact{Label: "Downloads", Value: counted(int64(x.Downloads), "time", "times")})
	}
	if x.Receipt != "" {
		facts.Rows = append(facts.Rows, look.Fact{Label: "Receipt", Value: look.Mono(x.Receipt), Note: "Signed by us, and mailed to every owner."})
	}
	return p.desk.ShowParts(f, s, append(parts, look.Card{Body: []any{facts}})...)
}

// download sends the file to who asked for it, after a code bound to this file (TD10).
func (p *pages) download(f *frame.Page, m organisation.Member) error {
	file, err := p.Contacts.Download(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, f.Q.R.PathValue("id"))
	if err != nil {
		return err
	}
	d := f.Q.Download(file.Name, "text/csv; charset=utf-8")
	_, err = file.WriteTo(d)
	return d.Done(err)
}
