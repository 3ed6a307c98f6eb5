package look

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
)

// Policy is the Content-Security-Policy under which every page runs.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; img-src 'self' data:; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

// Frame is what stands around a page: SignedOut, SignedIn or Bare.
type Frame interface {
	// frame gives the template to execute and the title of the browser's tab.
	frame() (name, title string)
}

// Page is one prepared page. It is safe for use by several goroutines.
type Page struct {
	name string
	set  func() *template.Template
}

// around is the dot of a frame's template.
type around struct {
	Frame any
	Tab   string
	Theme string
	Here  string
	Page  any
}

// Render draws the page inside frame into memory and writes it with status.
// Nothing is written when a template fails: the error comes back, and the
// caller answers with its own. Headers that the caller set before are kept;
// otherwise the page is not stored by caches and runs under Policy.
func (p *Page) Render(w http.ResponseWriter, r *http.Request, status int, frame Frame, data any) error {
	name, tab := frame.frame()
	var b bytes.Buffer
	err := p.set().ExecuteTemplate(&b, name, around{frame, tab, ThemeOf(r), r.URL.Path, data})
	if err != nil {
		return fmt.Errorf("page %s: %w", p.name, err)
	}
	write(w, status, b.Bytes())
	return nil
}

// Fragment writes components without a frame, for a part of a page that the
// browser fetches anew (the delivery rail, a table). It returns the error of
// a template and writes nothing then.
func (l *Look) Fragment(w http.ResponseWriter, status int, parts ...Component) error {
	html, err := l.show(parts)
	if err != nil {
		return err
	}
	write(w, status, []byte(html))
	return nil
}

func write(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	for name, value := range map[string]string{
		"Content-Security-Policy": Policy,
		"Cache-Control":           "no-store",
		"Referrer-Policy":         "same-origin",
		"X-Content-Type-Options":  "nosniff",
		"Content-Type":            "text/html; charset=utf-8",
	} {
		if h.Get(name) == "" {
			h.Set(name, value)
		}
	}
	w.WriteHeader(status)
	// The connection is gone when this fails: there is nobody left to tell.
	_, _ = w.Write(body)
}
