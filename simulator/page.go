package simulator

import (
	"bytes"
	"embed"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"watchword/base/phone"
)

//go:embed page
var pageFiles embed.FS

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{"rich": rich, "list": func(words ...string) []string { return words }}).ParseFS(pageFiles, "page/*.html"))
})

func (s *Simulator) pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /mail/{id}", s.mail)
	mux.HandleFunc("GET /mail/{id}/html", s.mailHTML)
	mux.HandleFunc("GET /assets/{file}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, pageFiles, "page/"+r.PathValue("file"))
	})
}

// view is what the page shows.
type view struct {
	Product string
	SMPP    string
	SMTP    string
	Now     time.Time
	Offset  string
	Binds   int
	Faults  Faults
	IDForms []string
	Phones  []handset
	Mails   []Message
	Mail    *Message
	Count   int
	Back    string
	Last    string // id of the newest message
}

// handset is one phone with its conversation, oldest first.
type handset struct {
	Number string
	Shown  string
	Sender string // who wrote last, to answer
	Lines  []Message
	More   int
}

// A page shows so many phones, texts on each and mails; the rest is there for programs.
const (
	shownPhones = 12
	shownTexts  = 30
	shownMails  = 60
)

func (s *Simulator) view() view {
	all := s.box.find(filter{inbound: true}, 0)
	v := view{Product: s.o.Product, SMPP: s.SMPP(), SMTP: s.SMTP(), Now: s.o.Clock.Now(), Faults: s.state.now(),
		IDForms: IDForms, Count: len(all), Binds: s.binds(), Back: "/"}
	if d := s.o.Clock.Offset().Round(time.Second); d != 0 {
		v.Offset = moved(d)
	}
	if len(all) > 0 {
		v.Last = all[0].ID
	}
	at := map[string]int{}
	for _, m := range all {
		if m.Channel == "email" {
			if len(v.Mails) < shownMails {
				v.Mails = append(v.Mails, m)
			}
			continue
		}
		number, sender := m.To, m.From
		if m.Inbound {
			number, sender = m.From, m.To
		}
		i, ok := at[number]
		if !ok {
			if len(v.Phones) == shownPhones {
				continue
			}
			i = len(v.Phones)
			at[number] = i
			v.Phones = append(v.Phones, handset{Number: number, Shown: s.shown(number), Sender: sender})
		}
		if p := &v.Phones[i]; len(p.Lines) < shownTexts {
			p.Lines = append(p.Lines, m)
		} else {
			p.More++
		}
	}
	for i := range v.Phones {
		slices.Reverse(v.Phones[i].Lines)
	}
	return v
}

func (s *Simulator) shown(number string) string {
	if n, err := phone.Parse(number, s.o.Home); err == nil {
		return n.Format(s.o.Home)
	}
	return number
}

// moved says how far the clock is from the system's.
func moved(d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "−", -d
	}
	if days := d / (24 * time.Hour); days > 0 {
		return fmt.Sprintf("%s%d d %s", sign, days, (d % (24 * time.Hour)).Round(time.Minute))
	}
	return sign + d.String()
}

func (s *Simulator) home(w http.ResponseWriter, r *http.Request) { show(w, 200, "home", s.view()) }

func (s *Simulator) mail(w http.ResponseWriter, r *http.Request) {
	v := s.view()
	m, ok := s.message(r.PathValue("id"))
	if !ok {
		show(w, 404, "gone", v)
		return
	}
	v.Mail, v.Back = &m, "/mail/"+m.ID
	show(w, 200, "mail", v)
}

func (s *Simulator) message(id string) (Message, bool) {
	for _, m := range s.box.find(filter{channel: "email"}, 0) {
		if m.ID == id {
			return m, true
		}
	}
	return Message{}, false
}

// mailHTML is the mail's own markup, for a frame without rights: no script, no form, nothing loaded from elsewhere.
// Its links open in a new tab.
func (s *Simulator) mailHTML(w http.ResponseWriter, r *http.Request) {
	m, ok := s.message(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, newTab.ReplaceAllString(m.HTML, `<a target="_blank" rel="noreferrer" `))
}

var newTab = regexp.MustCompile(`(?i)<a\s`)

func show(w http.ResponseWriter, status int, name string, v view) {
	var b bytes.Buffer
	if err := pageTemplate().ExecuteTemplate(&b, name, v); err != nil {
		fail(w, 500, err.Error())
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

var (
	address  = regexp.MustCompile(`https?://[^\s<>"']+[^\s<>"'.,;:!?)]`)
	codeLine = regexp.MustCompile(`(?m)^@\S+ #([0-9]{4,10})$`)
)

// rich escapes a text and makes its addresses links and its code bold.
func rich(text string) template.HTML {
	out := address.ReplaceAllStringFunc(html.EscapeString(text), func(u string) string {
		return `<a href="` + u + `" target="_blank" rel="noreferrer">` + u + `</a>`
	})
	if m := codeLine.FindStringSubmatch(text); m != nil {
		out = strings.Replace(out, m[1], "<strong>"+m[1]+"</strong>", 1)
	}
	return template.HTML(out)
}
