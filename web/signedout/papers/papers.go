// Package papers shows what can be read without logging in: the operator's terms and privacy notice, and the help.
package papers

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"strings"

	"watchword/web"
	"watchword/web/look"
)

//go:embed *.html terms.txt privacy.txt
var files embed.FS

// Texts are the operator's own, as plain text: paragraphs are separated by empty lines, a line that begins with "# " is
// a heading, lines that begin with "- " are a list. Empty ones are replaced by those that come with Watchword.
type Texts struct {
	Terms, Privacy string
	// Support is where people turn to when nothing here helps, such as an address; may be empty.
	Support string
}

// Filled puts Watchword's own texts where the operator has none.
func (t Texts) Filled() Texts {
	if strings.TrimSpace(t.Terms) == "" {
		t.Terms = own("terms.txt")
	}
	if strings.TrimSpace(t.Privacy) == "" {
		t.Privacy = own("privacy.txt")
	}
	return t
}

func own(name string) string {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Version names a text by its contents: another text is another version, which people accept at their next log-in
// (decisions 13).
func Version(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

type pages struct {
	text, help *look.Page
	texts      Texts
}

// Mount registers /terms, /privacy and /help.
func Mount(d *web.Door, t Texts) {
	p := &pages{text: d.Look.Page(files, "text.html"), help: d.Look.Page(files, "help.html"), texts: t.Filled()}
	d.Get("/terms", p.read("Terms of use", p.texts.Terms))
	d.Get("/privacy", p.read("Privacy notice", p.texts.Privacy))
	d.Get("/help", p.showHelp)
}

type textPage struct {
	Body    template.HTML
	Version string
}

func (p *pages) read(title, text string) web.Handler {
	page := textPage{Body: format(text), Version: Version(text)}
	return func(q *web.Request) error {
		return q.Show(p.text, http.StatusOK, look.SignedOut{Title: title, Wide: true}, page)
	}
}

type helpPage struct {
	Support  string
	SignedIn bool
}

func (p *pages) showHelp(q *web.Request) error {
	return q.Show(p.help, http.StatusOK, look.SignedOut{Title: "Help", Wide: true, Lead: "Short answers to what stops people most often."},
		helpPage{Support: p.texts.Support, SignedIn: q.SignedIn()})
}

// format draws a plain text; everything in it is escaped.
func format(text string) template.HTML {
	var b strings.Builder
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for block := range strings.SplitSeq(text, "\n\n") {
		block = strings.TrimSpace(block)
		esc := template.HTMLEscapeString
		switch {
		case block == "":
		case strings.HasPrefix(block, "# "):
			title, rest, _ := strings.Cut(block[2:], "\n")
			b.WriteString("<h2>" + esc(title) + "</h2>\n")
			if rest != "" {
				b.WriteString("<p>" + esc(rest) + "</p>\n")
			}
		case strings.HasPrefix(block, "- "):
			b.WriteString("<ul>\n")
			for line := range strings.SplitSeq(block, "\n") {
				b.WriteString("<li>" + esc(strings.TrimPrefix(strings.TrimSpace(line), "- ")) + "</li>\n")
			}
			b.WriteString("</ul>\n")
		default:
			b.WriteString("<p>" + esc(block) + "</p>\n")
		}
	}
	return template.HTML(b.String())
}
