package client

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Form is a form of a page, as a person without JavaScript can use it.
type Form struct {
	Method, Action string // Action is absolute
	Fields         []Field
	Buttons        []Button
	node           *html.Node
}

// Field is one input, select or textarea, hidden ones too.
type Field struct {
	ID, Name, Label string
	Kind            string // type of an input, "select" or "textarea"
	Value           string
	Checked         bool
	ReadOnly        bool
	Options         []string // of a select; of a radio its own value
	Problem         string   // words at the field
	Autocomplete    string
	InputMode       string
}

func (f Field) called(label string) bool {
	return f.Name == label || f.Label == label || f.Kind != "hidden" && label != "" && strings.HasPrefix(f.Label, label)
}

// Button sends a form.
type Button struct {
	Words, Name, Value, Action string // Action is absolute; "" means the form's
}

// Filled is a form ready to be sent.
type Filled struct {
	Method, Action string
	Values         url.Values
}

// Forms are all forms of the page.
func (p *Page) Forms() (all []Form) {
	for _, n := range every(p.Root, func(n *html.Node) bool { return n.Data == "form" }) {
		all = append(all, p.form(n))
	}
	return all
}

func (p *Page) form(n *html.Node) Form {
	f := Form{Method: strings.ToUpper(attr(n, "method")), Action: p.address(attr(n, "action")), node: n}
	if f.Method == "" {
		f.Method = http.MethodGet
	}
	id := attr(n, "id")
	mine := func(x *html.Node) bool {
		owner, ok := lookup(x, "form")
		return ok && owner == id && id != "" || !ok && inside(x, n)
	}
	for _, x := range every(p.Root, mine) {
		switch x.Data {
		case "button":
			if kind := attr(x, "type"); kind != "button" && kind != "reset" {
				f.Buttons = append(f.Buttons, p.pressed(x, text(x)))
			}
		case "input":
			if attr(x, "type") == "submit" {
				f.Buttons = append(f.Buttons, p.pressed(x, attr(x, "value")))
				continue
			}
			fallthrough
		case "select", "textarea":
			if attr(x, "name") != "" && !has(x, "disabled") {
				f.Fields = append(f.Fields, p.fieldOf(x))
			}
		}
	}
	return f
}

func inside(x, n *html.Node) bool {
	for ; x != nil; x = x.Parent {
		if x == n {
			return true
		}
	}
	return false
}

func (p *Page) address(action string) string {
	to, err := p.URL.Parse(action)
	if err != nil {
		return p.URL.String()
	}
	to.Fragment = ""
	return to.String()
}

func (p *Page) pressed(x *html.Node, words string) Button {
	b := Button{Words: words, Name: attr(x, "name"), Value: attr(x, "value")}
	if a, ok := lookup(x, "formaction"); ok {
		b.Action = p.address(a)
	}
	return b
}

func (p *Page) fieldOf(x *html.Node) Field {
	f := Field{ID: attr(x, "id"), Name: attr(x, "name"), Kind: x.Data, Value: attr(x, "value"), Checked: has(x, "checked"), ReadOnly: has(x, "readonly"),
		Autocomplete: attr(x, "autocomplete"), InputMode: attr(x, "inputmode")}
	switch x.Data {
	case "input":
		if f.Kind = strings.ToLower(attr(x, "type")); f.Kind == "" {
			f.Kind = "text"
		}
		if f.Kind == "radio" {
			f.Options = []string{f.Value}
		}
	case "textarea":
		f.Value = ""
		for c := range x.ChildNodes() {
			f.Value += c.Data
		}
	case "select":
		f.Value = ""
		for i, o := range every(x, func(n *html.Node) bool { return n.Data == "option" }) {
			v, ok := lookup(o, "value")
			if !ok {
				v = text(o)
			}
			f.Options = append(f.Options, v)
			if i == 0 || has(o, "selected") {
				f.Value = v
			}
		}
	}
	f.Label = p.label(x, f.ID)
	f.Problem = p.problemAt(x, f.ID)
	return f
}

func (p *Page) label(x *html.Node, id string) string {
	if n := first(p.Root, func(n *html.Node) bool { return n.Data == "label" && id != "" && attr(n, "for") == id }); n != nil {
		return text(n)
	}
	for up := x.Parent; up != nil; up = up.Parent {
		if up.Type == html.ElementNode && up.Data == "label" {
			return text(up)
		}
	}
	return attr(x, "aria-label")
}

// problemAt reads what aria-describedby or aria-errormessage of an invalid field points to.
func (p *Page) problemAt(x *html.Node, id string) string {
	for name := range strings.FieldsSeq(attr(x, "aria-errormessage") + " " + attr(x, "aria-describedby") + " " + id + "-error") {
		if !strings.HasSuffix(name, "-error") {
			continue
		}
		if n := first(p.Root, func(n *html.Node) bool { return attr(n, "id") == name }); n != nil && text(n) != "" {
			return text(n)
		}
	}
	return ""
}

// button finds a button by its words, exact before beginning, and its form. "" is the first button of a page that has
// only one form to post.
func (p *Page) button(words string) (Form, Button, error) {
	forms := p.Forms()
	for _, exact := range []bool{true, false} {
		for _, f := range forms {
			for _, b := range f.Buttons {
				if b.Words == words || !exact && strings.HasPrefix(b.Words, words) {
					return f, b, nil
				}
			}
		}
	}
	return Form{}, Button{}, fmt.Errorf("%s (%d): no button %q; the page says:\n%s", p.URL, p.Status, words, p.Words())
}

// Fill prepares a press of the button with these words: hidden inputs and what stands in the form already are kept, then
// the fields with these labels (or names) are set. A tick box is ticked by any value but "", a radio chosen by its value
// or by its label. It fails when there is no such button or field.
func (p *Page) Fill(button string, fields map[string]string) (Filled, error) {
	f, b, err := p.button(button)
	if err != nil {
		return Filled{}, err
	}
	out := Filled{Method: f.Method, Action: f.Action, Values: f.Standing()}
	if b.Action != "" {
		out.Action = b.Action
	}
	if b.Name != "" {
		out.Values.Set(b.Name, b.Value)
	}
	for label, value := range fields {
		if err := f.set(out.Values, label, value); err != nil {
			return Filled{}, fmt.Errorf("%s: %w in the form of %q; it has %s", p.URL, err, button, f.names())
		}
	}
	return out, nil
}

// Standing are the values that a browser would send if nothing were typed.
func (f Form) Standing() url.Values {
	v := url.Values{}
	for _, x := range f.Fields {
		if x.Kind != "checkbox" && x.Kind != "radio" || x.Checked {
			v.Add(x.Name, x.Value)
		}
	}
	return v
}

func (f Form) set(v url.Values, label, value string) error {
	for _, exact := range []bool{true, false} {
		for _, x := range f.Fields {
			if x.Kind == "hidden" && x.Name != label || exact && x.Name != label && x.Label != label || !exact && !x.called(label) {
				continue
			}
			switch {
			case x.Kind == "checkbox" && value == "":
				v.Del(x.Name)
			case x.Kind == "checkbox" && x.Value == "":
				v.Set(x.Name, "on")
			case x.Kind == "checkbox":
				v.Set(x.Name, x.Value)
			case x.Kind == "radio" && x.Name == label && x.Value != value:
				continue
			case x.Kind == "radio":
				v.Set(x.Name, x.Value)
			default:
				v.Set(x.Name, value)
			}
			return nil
		}
	}
	return fmt.Errorf("no field %q", label)
}

func (f Form) names() string {
	var all []string
	for _, x := range f.Fields {
		all = append(all, fmt.Sprintf("%q (%s)", x.Label, x.Name))
	}
	return strings.Join(all, ", ")
}
