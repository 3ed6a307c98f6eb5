package webtest

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// All finds elements by a selector: tag, #id, .class, [name], [name=value] and descendants ("form .error").
func (p *Page) All(selector string) []*html.Node {
	found := []*html.Node{p.Root}
	for part := range strings.FieldsSeq(selector) {
		var next []*html.Node
		seen := map[*html.Node]bool{}
		for _, from := range found {
			for n := range from.Descendants() {
				if n.Type == html.ElementNode && matches(n, part) && !seen[n] {
					seen[n] = true
					next = append(next, n)
				}
			}
		}
		found = next
	}
	return found
}

// Has says whether there is such an element.
func (p *Page) Has(selector string) bool { return len(p.All(selector)) > 0 }

// TextOf is the text of the first such element, "" when there is none.
func (p *Page) TextOf(selector string) string {
	if all := p.All(selector); len(all) > 0 {
		return text(all[0])
	}
	return ""
}

// Attr is an attribute of the first such element.
func (p *Page) Attr(selector, name string) string {
	if all := p.All(selector); len(all) > 0 {
		return attr(all[0], name)
	}
	return ""
}

// Words is the whole text of the page's main part.
func (p *Page) Words() string {
	if all := p.All("main"); len(all) > 0 {
		return text(all[0])
	}
	return text(p.Root)
}

// Title is the page's heading.
func (p *Page) Title() string { return p.TextOf("h1") }

// Errors are the lines of the summary "There is a problem".
func (p *Page) Errors() (all []string) {
	for _, li := range p.All(".problems li") {
		all = append(all, text(li))
	}
	return all
}

func matches(n *html.Node, part string) bool {
	for part != "" {
		end := strings.IndexAny(part[1:], "#.[") + 1
		if end == 0 {
			end = len(part)
		}
		one := part[:end]
		part = part[end:]
		switch one[0] {
		case '#':
			if attr(n, "id") != one[1:] {
				return false
			}
		case '.':
			if !contains(strings.Fields(attr(n, "class")), one[1:]) {
				return false
			}
		case '[':
			name, value, valued := strings.Cut(strings.Trim(one, "[]"), "=")
			got, ok := lookup(n, name)
			if !ok || valued && got != strings.Trim(value, `"'`) {
				return false
			}
		default:
			if n.Data != one {
				return false
			}
		}
	}
	return true
}

func contains(all []string, s string) bool {
	for _, a := range all {
		if a == s {
			return true
		}
	}
	return false
}

func lookup(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func attr(n *html.Node, name string) string {
	if n == nil {
		return ""
	}
	v, _ := lookup(n, name)
	return v
}

// Text is the text of an element, with single spaces.
func Text(n *html.Node) string { return text(n) }

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// button finds a form's button by its label, and the form.
func (p *Page) button(label string) (form, button *html.Node) {
	for _, b := range p.All("button") {
		words := text(b)
		if words != label && !strings.HasPrefix(words, label) {
			continue
		}
		for f := b.Parent; f != nil; f = f.Parent {
			if f.Type == html.ElementNode && f.Data == "form" {
				return f, b
			}
		}
	}
	return nil, nil
}

// field finds the name of a field by its label's words or by its name.
func (p *Page) field(form *html.Node, label string) string {
	byID := map[string]string{}
	for n := range form.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "input", "select", "textarea":
			if attr(n, "name") == label {
				return label
			}
			byID[attr(n, "id")] = attr(n, "name")
		}
	}
	for n := range form.Descendants() {
		if n.Type == html.ElementNode && n.Data == "label" && strings.HasPrefix(text(n), label) {
			if name := byID[attr(n, "for")]; name != "" {
				return name
			}
			for d := range n.Descendants() {
				if d.Type == html.ElementNode && d.Data == "input" {
					return attr(d, "name")
				}
			}
		}
	}
	return ""
}

// formValues are what a browser would send if nothing were typed.
func formValues(form, press *html.Node) url.Values {
	v := url.Values{}
	for n := range form.Descendants() {
		name := attr(n, "name")
		if n.Type != html.ElementNode || name == "" {
			continue
		}
		switch n.Data {
		case "input":
			_, checked := lookup(n, "checked")
			if kind := attr(n, "type"); kind != "checkbox" && kind != "radio" || checked {
				v.Add(name, attr(n, "value"))
			}
		case "textarea":
			v.Add(name, text(n))
		case "select":
			chosen, any := "", false // a browser takes the first one when none is selected
			for o := range n.Descendants() {
				if o.Type == html.ElementNode && o.Data == "option" {
					if _, selected := lookup(o, "selected"); selected || !any {
						chosen, any = attr(o, "value"), true
					}
				}
			}
			v.Add(name, chosen)
		}
	}
	if name := attr(press, "name"); name != "" {
		v.Set(name, attr(press, "value"))
	}
	return v
}
