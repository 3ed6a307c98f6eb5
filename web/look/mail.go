package look

import (
	"html/template"
	"strings"
	"sync"
	texts "text/template"
)

// MailKind says what a mail is for, and so what stands out in it.
type MailKind string

// Kinds of mail.
const (
	CodeMail   MailKind = "code"   // Code stands large
	LinkMail   MailKind = "link"   // Link is the one button
	NoticeMail MailKind = "notice" // Facts are a list; Link, if any, is plain
)

// MailText is everything a mail says. All sentences come from the caller, in
// the language of the person; nothing is added but the name Watchword.
type MailText struct {
	// Language is a BCP 47 tag, for screen readers: "en-GB".
	Language string
	Title    string
	// Preview is shown by mail programs beside the subject. Never put the code
	// there: it would stand on a locked screen.
	Preview string
	Lines   []string
	Code    string
	// Link is an https (in the demo http) address; others are left out.
	Link, LinkLabel string
	// LinkHint stands above the address written out: "Or copy this address:".
	LinkHint string
	Facts    []MailFact
	// Notes stand below in small: how long it is good, what to do if it was
	// not you.
	Notes []string
	// Foot says who sends this, and why to this address.
	Foot string
}

// MailFact is one line of a notice: "When", "Today 08:41".
type MailFact struct {
	Label, Value string
}

type mailPage struct {
	MailText
	Kind MailKind
}

var mailHTML = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("mail").ParseFS(templateFiles, "templates/mail.html")).Lookup("mail.html")
})

var mailPlain = texts.Must(texts.New("plain").Parse(`{{.Title}}
{{range .Lines}}
{{.}}
{{end}}{{with .Code}}
{{.}}
{{end}}{{with .Facts}}
{{range .}}{{.Label}}: {{.Value}}
{{end}}{{end}}{{if .Link}}
{{.LinkLabel}}:
{{.Link}}
{{end}}{{range .Notes}}
{{.}}
{{end}}
-- 
Watchword{{with .Foot}}
{{.}}{{end}}
`))

// Mail writes both bodies of a mail. The one in HTML has its styles within
// itself, loads nothing from anywhere and reads well in light and dark; the
// plain one says the same, the code and the link on lines of their own.
func Mail(kind MailKind, m MailText) (html, plain string) {
	if !strings.HasPrefix(m.Link, "https://") && !strings.HasPrefix(m.Link, "http://") {
		m.Link = ""
	}
	if m.Language == "" {
		m.Language = "en-GB"
	}
	var h, p strings.Builder
	// Both are fixed templates over strings, written to memory: only a fault
	// of the program could stop them.
	if err := mailHTML().Execute(&h, mailPage{m, kind}); err != nil {
		panic(err)
	}
	if err := mailPlain.Execute(&p, m); err != nil {
		panic(err)
	}
	return h.String(), p.String()
}
