package contacts

import (
	"net/http"
	"strings"

	"watchword/base/store"
	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// verdicts name what became of rows, in the order of the sum.
var verdicts = []struct {
	of            contact.Verdict
	label, colour string
}{
	{contact.VerdictImported, "New", "good"}, {contact.VerdictUpdated, "Updated", "c2"}, {contact.VerdictSkipped, "Skipped", "c3"},
	{contact.VerdictUnsubscribed, "Stay opted out", "warn"}, {contact.VerdictInvalid, "Not valid", "bad"},
}

// running shows how far an import is, or what became of it.
func (p *pages) running(f *frame.Page, m organisation.Member, im contact.Import) error {
	s := f.Frame(im.Name, frame.Contacts)
	s.Crumbs = below(f, m, look.Link{Label: "Import", Href: address(f, m, importPath)}, look.Link{Label: im.Name})
	s.Lead = "Uploaded by " + im.ByName + ", " + lower(f.When(im.Created)) + "."
	if im.ListName != "" {
		s.Lead = "Into " + im.ListName + ". " + s.Lead.(string)
	}
	return p.desk.ShowParts(f, s, p.live(f, m, im))
}

// progress is the moving part of the page alone, for the script that asks for it again and again.
func (p *pages) progress(f *frame.Page, m organisation.Member) error {
	im, err := p.one(f, m)
	if err != nil {
		return err
	}
	return f.Q.Door.Look.Fragment(f.Q.W, http.StatusOK, p.live(f, m, im))
}

func (p *pages) live(f *frame.Page, m organisation.Member, im contact.Import) look.Live {
	at := address(f, m, importAt(im.ID))
	v := look.Live{ID: "progress", Reload: at}
	if im.State.Running() {
		v.Poll = address(f, m, importAt(im.ID)+"/progress")
	}
	v.Body = append(v.Body, look.HTML(`<p class="actions">`), importState(im), look.HTML(`<span class="muted">`), took(f, im), look.HTML(`</span></p>`))
	switch im.State {
	case contact.Uploading:
		v.Body = append(v.Body, look.Banner{Tone: look.Warn, Title: "The file has not arrived as a whole.", Words: "Upload it once more; nothing was imported."})
	case contact.Broken:
		v.Body = append(v.Body, look.Banner{Tone: look.Bad, Title: "The import stopped.", Words: im.Reason})
	}
	if im.State.Running() && im.Reason != "" {
		v.Body = append(v.Body, look.Banner{Tone: look.Warn, Title: "The import waits.", Words: im.Reason})
	}
	if im.State == contact.Uploading || im.State == contact.Discarded {
		return v
	}
	bar := look.Bar{}
	sums := look.Sums{{Number: look.Number(int(im.Handled)), Label: "Rows handled"}}
	sign := "="
	for _, x := range verdicts {
		n := im.Counts[x.of]
		bar.Parts = append(bar.Parts, look.Part{Count: int(n), Label: x.label, Colour: x.colour})
		sums = append(sums, look.Sum{Number: look.Number(int(n)), Label: x.label, Sign: sign, Colour: x.colour})
		sign = "+"
	}
	if rest := im.Rows - im.Handled; rest > 0 {
		bar.Parts = append(bar.Parts, look.Part{Count: int(rest), Label: "to come", Colour: "idle"})
	}
	v.Body = append(v.Body, look.HTML(`<div><div class="progress"><div class="bar-head"><p><span class="big">`), look.Number(int(im.Handled)), look.HTML(`</span> <span>`),
		"of "+rowsOf(im)+" handled, "+look.Number(im.Percent)+"% of the work", look.HTML(`</span></p><span class="muted">`), speed(f, im), look.HTML(`</span></div>`), bar, look.HTML(`</div>`), sums, look.HTML(`</div>`))
	if im.State == contact.Done || im.State == contact.Broken {
		v.Body = append(v.Body, p.afterwards(f, m, im))
	}
	return v
}

// afterwards leads on from a finished import.
func (p *pages) afterwards(f *frame.Page, m organisation.Member, im contact.Import) look.Actions {
	label := "Download the report"
	if n := im.Counts[contact.VerdictInvalid]; n > 0 {
		label = "Download the report with " + counted(n, "row", "rows") + " not valid"
	}
	a := look.Actions{look.Button{Label: "See the contacts", Kind: look.Filled, Href: address(f, m, tablePath, "list", string(im.Mapping.List))},
		look.Button{Label: label, Icon: "download", Href: address(f, m, importAt(im.ID)+"/report.csv")},
		look.Button{Label: "Import another file", Kind: look.Quiet, Href: address(f, m, importPath)}}
	return a
}

func rowsOf(im contact.Import) string {
	if im.Rows == 0 {
		return "all rows"
	}
	return counted(im.Rows, "row", "rows")
}

// took says how long it has been running, or ran.
func took(f *frame.Page, im contact.Import) string {
	if im.Started == 0 {
		return ""
	}
	if im.Finished > 0 {
		return "Finished " + lower(f.When(im.Finished)) + ", after " + seconds(im.Finished-im.Started)
	}
	return "Began " + lower(f.When(im.Started)) + ". You can leave this page and come back: it goes on by itself."
}

func seconds(micros int64) string {
	s := micros / store.Micros(1e9)
	switch {
	case s < 1:
		return "less than a second"
	case s < 120:
		return counted(s, "second", "seconds")
	}
	return counted(s/60, "minute", "minutes")
}

// speed is what is left, judged by the work so far.
func speed(f *frame.Page, im contact.Import) any {
	spent := f.Now - im.Started
	if !im.State.Running() || im.Percent < 5 || im.Percent >= 100 || spent <= 0 {
		return nil
	}
	return "About " + seconds(spent*int64(100-im.Percent)/int64(im.Percent)) + " left"
}

// lower puts "Today 08:41" into a sentence.
func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }
