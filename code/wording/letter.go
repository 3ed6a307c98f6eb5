package wording

import (
	_ "embed"
	"html/template"
	"strconv"
	"strings"
	"sync"
)

// letter is the one structure behind both forms of a mail.
type letter struct {
	Lang, Product string
	Subject       string
	Heading       string
	Lead          []string
	Quote         []string // what a person wrote, told apart from our own words
	Code          string   // large
	Button, URL   string
	ButtonHelp    string
	After         []string
	Facts         []fact
	NotYouTitle   string
	NotYou        string
	Foot          []string
	site          string // the base URL, a link where the advice names it
	forOperator   bool
	toStranger    bool // the reader may have no profile
	byOthers      bool // the advice is about what others did
}

// fact is a line of the list "Browser: Firefox on Windows".
type fact struct{ Name, Value string }

// fact adds a line when there is something to say.
func (t *letter) fact(name, value string) {
	if value != "" {
		t.Facts = append(t.Facts, fact{name, value})
	}
}

func (t *letter) count(name string, n int) {
	if n > 0 {
		t.fact(name, strconv.Itoa(n))
	}
}

// place is a piece of a sentence, with an address when it is one.
type place struct{ Words, URL string }

// Advice is NotYou with the addresses of this site told apart. What strangers typed stands in no advice.
func (t *letter) Advice() (pieces []place) {
	rest := t.NotYou
	for t.site != "" {
		before, after, found := strings.Cut(rest, t.site)
		if !found {
			break
		}
		address := t.site
		if tail, ok := strings.CutPrefix(after, "/support"); ok {
			address, after = address+"/support", tail
		}
		pieces = append(pieces, place{Words: before}, place{address, address})
		rest = after
	}
	return append(pieces, place{Words: rest})
}

//go:embed letter.gohtml
var letterSource string

// letterTemplate is read with the first mail: a server that starts has more urgent things to do.
var letterTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("letter").Parse(letterSource)) })

// html writes the letter for programs that show HTML. html/template escapes every value where it stands. It can only
// fail on a template that does not fit the letter, which every test of this package would show.
func (t *letter) html() string {
	var s strings.Builder
	if err := letterTemplate().Execute(&s, t); err != nil {
		panic("wording: letter template: " + err.Error())
	}
	return s.String()
}

// text writes the letter for programs that show plain text. Paragraphs are not wrapped: narrow screens do it better.
// Lines end in LF; whoever sends it encodes it.
func (t *letter) text() string {
	blocks := append([]string{t.Heading}, t.Lead...)
	for _, s := range t.Quote {
		blocks = append(blocks, "> "+s)
	}
	if t.Code != "" {
		blocks = append(blocks, "    "+t.Code)
	}
	if t.URL != "" {
		blocks = append(blocks, t.Button+":\n"+t.URL)
	}
	blocks = append(blocks, t.After...)
	if len(t.Facts) > 0 {
		lines := make([]string, 0, len(t.Facts))
		for _, f := range t.Facts {
			lines = append(lines, f.Name+": "+f.Value)
		}
		blocks = append(blocks, strings.Join(lines, "\n"))
	}
	if t.NotYouTitle != "" {
		blocks = append(blocks, t.NotYouTitle+"\n"+t.NotYou)
	} else if t.NotYou != "" {
		blocks = append(blocks, t.NotYou)
	}
	blocks = append(blocks, "-- \n"+strings.Join(t.Foot, "\n"))
	return strings.Join(blocks, "\n\n") + "\n"
}
