package frame

import (
	"net/http"

	"watchword/web/look"
)

// Form is a page that is one form. The hidden nonce makes a double press one effect.
type Form struct {
	Action   string
	Problems look.Problems
	Before   []any
	Fields   []any
	Buttons  look.Actions
	After    []any
	Once     look.Hidden
}

// ShowForm draws a page that is one form; status 0 is 200.
func (d *Desk) ShowForm(p *Page, status int, f look.SignedIn, form Form) error {
	if status == 0 {
		status = http.StatusOK
	}
	f.Problem = len(form.Problems) > 0
	form.Once = p.Q.Once()
	return p.Q.Show(d.form, status, f, form)
}

// Columns stand beside each other where there is room.
type Columns []any

// Parts are cards below each other; Columns among them are drawn side by side.
type Parts []any

// IsColumns tells the template which of the parts are columns.
func (Parts) IsColumns(v any) bool { _, ok := v.(Columns); return ok }

// ShowParts draws a page of cards.
func (d *Desk) ShowParts(p *Page, f look.SignedIn, parts ...any) error {
	return p.Q.Show(d.parts, http.StatusOK, f, Parts(parts))
}

// Save is the usual pair of buttons below a form.
func Save(label, back string) look.Actions {
	return look.Actions{look.Button{Label: label, Kind: look.Filled}, look.Button{Label: "Cancel", Kind: look.Quiet, Href: back}}
}

// Again shows a form once more with what the operation complained about; any other error is returned.
func (p *Page) Again(err error, show func(status int, problems look.Problems) error) error {
	problems, status, ok := p.Q.Refused(err)
	if !ok {
		return err
	}
	return show(status, problems)
}
