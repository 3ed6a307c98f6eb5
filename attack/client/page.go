package client

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Page is what a browser shows.
type Page struct {
	URL    *url.URL
	Status int
	Header http.Header
	Body   string // as sent
	Root   *html.Node
	Took   time.Duration // from the request to the last octet, redirects included
}

// Path is the path of the page's address.
func (p *Page) Path() string { return p.URL.Path }

// Title is the page's heading.
func (p *Page) Title() string {
	if n := first(p.Root, func(n *html.Node) bool { return n.Data == "h1" }); n != nil {
		return text(n)
	}
	return ""
}

// Words is the text of the page's main part, in one line.
func (p *Page) Words() string {
	if n := first(p.Root, func(n *html.Node) bool { return n.Data == "main" }); n != nil {
		return text(n)
	}
	return text(p.Root)
}

// Says tells whether these words stand on the page, whatever their case.
func (p *Page) Says(words string) bool {
	return strings.Contains(strings.ToLower(text(p.Root)), strings.ToLower(words))
}

// Link is a link of a page.
type Link struct {
	Words, Address string // absolute
}

// Links are all links, in the page's order.
func (p *Page) Links() (all []Link) {
	for _, a := range every(p.Root, func(n *html.Node) bool { return n.Data == "a" && attr(n, "href") != "" }) {
		if to, err := p.URL.Parse(attr(a, "href")); err == nil {
			all = append(all, Link{text(a), to.String()})
		}
	}
	return all
}

// Problems are the lines of the summary above a form.
func (p *Page) Problems() (all []string) {
	for _, n := range every(p.Root, func(n *html.Node) bool { return hasClass(n, "problems") }) {
		lines := every(n, func(n *html.Node) bool { return n.Data == "li" })
		for _, li := range lines {
			all = append(all, text(li))
		}
		if len(lines) == 0 {
			all = append(all, text(n))
		}
	}
	return all
}

// FieldProblem is what stands at the field with this label or name, "" when it is right.
func (p *Page) FieldProblem(label string) string {
	for _, f := range p.Forms() {
		for _, x := range f.Fields {
			if x.called(label) && x.Problem != "" {
				return x.Problem
			}
		}
	}
	return ""
}

// Value is what stands in the field with this label or name.
func (p *Page) Value(label string) string {
	for _, f := range p.Forms() {
		for _, x := range f.Fields {
			if x.called(label) {
				return x.Value
			}
		}
	}
	return ""
}

// HasField says whether a form asks for this.
func (p *Page) HasField(label string) bool {
	for _, f := range p.Forms() {
		for _, x := range f.Fields {
			if x.called(label) {
				return true
			}
		}
	}
	return false
}

// HasButton says whether a form can be sent by a button that begins with these words.
func (p *Page) HasButton(words string) bool {
	_, _, err := p.button(words)
	return err == nil
}

func every(from *html.Node, want func(*html.Node) bool) (all []*html.Node) {
	for n := range from.Descendants() {
		if n.Type == html.ElementNode && want(n) {
			all = append(all, n)
		}
	}
	return all
}

func first(from *html.Node, want func(*html.Node) bool) *html.Node {
	for n := range from.Descendants() {
		if n.Type == html.ElementNode && want(n) {
			return n
		}
	}
	return nil
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
	v, _ := lookup(n, name)
	return v
}

func has(n *html.Node, name string) bool {
	_, ok := lookup(n, name)
	return ok
}

func hasClass(n *html.Node, class string) bool {
	for c := range strings.FieldsSeq(attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

// text is what a person reads of an element; scripts, styles and templates are left out.
func text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data + " ")
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "template"):
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}
