package contacts

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web"
	"watchword/web/look"
	"watchword/web/person/frame"
)

func (p *pages) mountImports(d *web.Door, get, post register) {
	get(importPath, func(f *frame.Page, m organisation.Member) error { return p.choose(f, m, http.StatusOK, nil) })
	d.PostFileIn(importPath, func(q *web.Request, file *web.Upload) error {
		return frame.With(entered(organisation.Contacts, func(f *frame.Page, m organisation.Member) error { return p.take(f, m, file) }))(q)
	})
	get(importPath+"/example.csv", example)
	get(importPath+"/{id}", p.imported)
	post(importPath+"/{id}", p.start)
	post(importPath+"/{id}/discard", p.discard)
	get(importPath+"/{id}/progress", p.progress)
	get(importPath+"/{id}/report.csv", p.report)
}

// importAt is the page of one import.
func importAt(im string) string { return importPath + "/" + im }

type uploadPage struct {
	Action   string
	Once     look.Hidden
	Within   look.Hidden
	Problems look.Problems
	File     look.File
	Buttons  look.Actions
	After    []any
}

// choose asks for the file, and lists what was imported before.
func (p *pages) choose(f *frame.Page, m organisation.Member, status int, problems look.Problems) error {
	all, err := p.Contacts.Imports(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return err
	}
	s := f.Frame("Import contacts", frame.Contacts)
	s.Crumbs = below(f, m, look.Link{Label: "Import"})
	s.Lead, s.Problem = "We read the file and show you its first rows. Nothing changes before you say so.", len(problems) > 0
	v := uploadPage{Action: importPath, Once: f.Q.Once(), Within: within(m), Problems: problems,
		File: look.File{Name: "file", Label: "File", Error: problems.For("file"), Accept: ".csv,.txt,.tsv,.xlsx",
			Hint: "CSV or Excel (.xlsx), up to " + size(p.Contacts.Settings.MaxFile) + " and " + look.Number(int(p.Contacts.Settings.MaxRows)) + " rows."},
		Buttons: look.Actions{look.Button{Label: "Upload and look", Icon: "upload", Kind: look.Filled, Busy: "Uploading"}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: address(f, m, tablePath)}}}
	if len(all) > 0 {
		v.After = append(v.After, look.Card{Title: "Imports", Flush: true, Body: []any{importTable(f, m, all)}})
	} else {
		v.After = append(v.After, look.HTML(`<p class="hint">Not sure how it should look? `), look.Anchor{Label: "Download an example file", Href: importPath + "/example.csv"}, look.HTML(`</p>`))
	}
	return f.Q.Show(p.upload, status, s, v)
}

func importTable(f *frame.Page, m organisation.Member, all []contact.Import) look.Table {
	t := look.Table{ID: "imports", Inside: true, Caption: "Imports", Columns: []look.Column{{Title: "File"}, {Title: "State", Phone: look.PhoneSide}, {Title: "Rows", Number: true}, {Title: "By"}, {Title: "Uploaded"}}}
	for _, im := range all {
		rows := any(nil)
		if im.Rows > 0 {
			rows = look.Number(int(im.Rows))
		}
		t.Rows = append(t.Rows, look.Row{ID: im.ID, Cells: []any{look.Pair{Main: im.Name, Note: into(im), Href: address(f, m, importAt(im.ID))}, importState(im), rows, im.ByName, look.Muted(f.When(im.Created))}})
	}
	return t
}

func into(im contact.Import) string {
	if im.ListName == "" {
		return size(im.Size)
	}
	return size(im.Size) + ", into " + im.ListName
}

// importState marks what is not as usual.
func importState(im contact.Import) look.Component {
	switch {
	case im.State == contact.Done:
		return look.Fine("Done")
	case im.State.Running():
		return look.Mark{Icon: "refresh-cw", Label: "Importing, " + look.Number(im.Percent) + "%"}
	case im.State == contact.Uploaded:
		return look.Mark{Tone: look.Warn, Icon: "clock", Label: "Waits for you"}
	case im.State == contact.Uploading:
		return look.Mark{Tone: look.Grey, Icon: "clock", Label: "Not whole"}
	case im.State == contact.Discarded:
		return look.Mark{Tone: look.Grey, Icon: "ban", Label: "Discarded"}
	}
	return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Stopped"}
}

// besideFile is how many octets of a form may be other than the file: its fields and its borders.
const besideFile = 64 << 10

// take receives the file while it arrives (C62).
func (p *pages) take(f *frame.Page, m organisation.Member, file *web.Upload) error {
	if file == nil {
		var problems look.Problems
		problems.Add("file", "Choose a file: CSV or Excel (.xlsx)")
		return p.choose(f, m, http.StatusUnprocessableEntity, problems)
	}
	// The browser says how long the form is: what cannot fit is refused before it arrives.
	err := p.Contacts.Fits(f.Q.Context(), f.Q.Door.DB, f.Q.R.ContentLength-besideFile)
	var im contact.Import
	if err == nil {
		im, err = p.Contacts.Upload(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, file.Name, file)
	}
	if err != nil {
		return f.Again(err, func(status int, problems look.Problems) error {
			return heard(f, func() error { return p.choose(f, m, status, problems) })
		})
	}
	return f.Q.Go(address(f, m, importAt(im.ID)))
}

// hearMost is how long a file is let run after it was refused.
const hearMost = time.Minute

// heard answers while the file is still on its way, and lets it run for a while: a browser reads the answer when it has
// sent everything, and shows a broken connection when it cannot. HTTP/2 tells it to stop.
func heard(f *frame.Page, answer func() error) error {
	if f.Q.R.ProtoMajor != 1 {
		return answer()
	}
	c := http.NewResponseController(f.Q.W)
	if err := c.EnableFullDuplex(); err != nil {
		return answer()
	}
	err := errors.Join(answer(), c.Flush(), c.SetReadDeadline(time.Now().Add(hearMost)))
	if err == nil {
		_, _ = io.Copy(io.Discard, f.Q.R.Body) // whatever ends it, the answer is there
	}
	return err
}

// imported is the page of one import: what its columns hold, or how far it is.
func (p *pages) imported(f *frame.Page, m organisation.Member) error {
	im, err := p.one(f, m)
	if err != nil {
		return err
	}
	if im.State == contact.Uploaded {
		return p.mapping(f, m, im, im.About.Guess, http.StatusOK, nil)
	}
	return p.running(f, m, im)
}

func (p *pages) one(f *frame.Page, m organisation.Member) (contact.Import, error) {
	return p.Contacts.Progress(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, f.Q.R.PathValue("id"))
}

func (p *pages) discard(f *frame.Page, m organisation.Member) error {
	if err := p.Contacts.Discard(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, f.Q.R.PathValue("id")); err != nil {
		return err
	}
	return done(f, m, importPath, "The file is gone. Nothing was imported.")
}

// report is what became of each row (CL9).
func (p *pages) report(f *frame.Page, m organisation.Member) error {
	im, err := p.one(f, m)
	if err != nil {
		return err
	}
	name := im.Name
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	d := f.Q.Download(name+"-report.csv", "text/csv; charset=utf-8")
	return d.Done(p.Contacts.Report(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation, im.ID, d))
}

// example is a file as we read it, with numbers that belong to nobody.
func example(f *frame.Page, _ organisation.Member) error {
	d := f.Q.Download("contacts-example.csv", "text/csv; charset=utf-8")
	_, err := io.WriteString(d, "Mobile number,First name,Last name,Email,Last visit\r\n"+
		"07700 900114,Abigail,Norton,abigail@example.com,2 October\r\n+44 7700 900285,Adam,Rashid,,14 October\r\n00447700900361,Agnieszka,Nowak,agnieszka@example.com,\r\n")
	return d.Done(err)
}

// size is octets in words.
func size(octets int64) string {
	switch {
	case octets >= 1<<30 && octets%(1<<30) == 0:
		return look.Number(int(octets>>30)) + " GB"
	case octets >= 10<<20:
		return look.Number(int(octets>>20)) + " MB"
	case octets >= 1<<10:
		return look.Number(int(octets>>10)) + " KB"
	}
	return counted(octets, "octet", "octets")
}
