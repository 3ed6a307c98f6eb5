package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"watchword/base/access"
	"watchword/base/problem"
	"watchword/signin/session"
	"watchword/web/look"
)

// Request is one request for a page, with everything the frame found out about it.
type Request struct {
	W    http.ResponseWriter
	R    *http.Request
	Door *Door
	// Who asks: a visitor, or the person of the session cookie. An operator only while looking into an organisation; the
	// console's own pages find out themselves who it is.
	Who access.Actor
	// Session is the person's; empty for a visitor.
	Session session.Info
	// form is what was posted, or what was kept while the person proved a code.
	form url.Values
	// file says that the answer of this post is a file.
	file bool
	// upload is the file of a form that has one, nil otherwise.
	upload *Upload
	// begun is the token that this request gave the browser, "" when it keeps its own.
	begun string
}

// Context is the request's.
func (q *Request) Context() context.Context { return q.R.Context() }

// Origin is where the request comes from.
func (q *Request) Origin() access.Origin { return q.Who.Origin }

// SignedIn says whether a person is logged in.
func (q *Request) SignedIn() bool { return q.Who.Kind == access.KindPerson }

// Begin gives the browser a new or renewed session: after a log-in, a step-up, a change that ends the other sessions.
func (q *Request) Begin(m session.Made) {
	q.begun = m.Token
	q.SetCookie(SessionCookie, m.Token, 0)
}

// handler makes a Handler an http.Handler: who asks, the form, one effect per nonce, one adapter for errors.
func (d *Door) handler(h Handler) http.Handler { return d.reading((*Request).read, h) }

// reading is handler with another way to take what was posted.
func (d *Door) reading(read func(*Request) error, h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &Request{W: w, R: r, Door: d, Who: access.Visitor(d.origin(r))}
		w.Header().Set("X-Request-Id", q.Who.Origin.Request)
		defer q.recover()
		err := q.identify()
		if err == nil {
			err = q.onlyLooks()
		}
		if err == nil {
			err = read(q)
		}
		if err == nil {
			err = d.once.do(q, h)
		}
		if err != nil {
			q.fail(err)
		}
	})
}

// identify looks at the session cookie. A token that is nobody's is taken away from the browser.
func (q *Request) identify() error {
	if looks, err := q.identifyLooking(); looks || err != nil {
		return err
	}
	token := q.Cookie(SessionCookie)
	if token == "" {
		return nil
	}
	who, info, err := q.Door.Sessions.Check(q.Context(), q.Door.DB, token, q.Who.Origin)
	if problem.Is(err, problem.KindSignedOut) {
		q.DropCookie(SessionCookie)
		return nil
	}
	if err != nil {
		return err
	}
	q.Who, q.Session = who, info
	return nil
}

// read takes the form of a POST, or the one kept while a code was asked for.
func (q *Request) read() error {
	if q.R.Method != http.MethodPost {
		q.form = q.R.URL.Query()
		return nil
	}
	q.R.Body = http.MaxBytesReader(q.W, q.R.Body, q.Door.Body)
	if err := q.R.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return &tooLarge{}
		}
		return unreadable()
	}
	q.form = q.R.PostForm
	if name := q.R.URL.Query().Get(keptParameter); name != "" {
		if kept, ok := q.Door.kept.take(name, q); ok && kept.Fields != nil {
			q.form = kept.Fields
		}
	}
	return nil
}

// Value is a field of the form as it was typed (of the query, when the request is a GET); passwords are never trimmed.
func (q *Request) Value(name string) string { return q.form.Get(name) }

// Values are all values of a field with several.
func (q *Request) Values(name string) []string { return q.form[name] }

// Ticked says whether a tick box was ticked.
func (q *Request) Ticked(name string) bool { return q.form.Get(name) != "" }

// Query is a parameter of the address.
func (q *Request) Query(name string) string { return q.R.URL.Query().Get(name) }

// Go sends the browser to another page of this site (303, so that reloading posts nothing again).
func (q *Request) Go(path string) error {
	q.W.Header().Set("Location", Local(path, "/"))
	q.W.WriteHeader(http.StatusSeeOther)
	return nil
}

// Local returns path when it is a path of this site, otherwise: "//host", "/\host" and addresses would leave it.
func Local(path, otherwise string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsFunc(path, func(r rune) bool {
		return r == '\\' || r < ' ' || r == 0x7f
	}) {
		return otherwise
	}
	u, err := url.Parse(path)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return otherwise
	}
	return path
}

// Show renders a page. Nothing is written when that fails; the fault comes back.
func (q *Request) Show(page *look.Page, status int, frame look.Frame, data any) error {
	switch f := frame.(type) {
	case look.SignedOut:
		f.Strip = q.Door.Strip
		frame = f
	case look.SignedIn:
		f.Strip = q.Door.Strip
		frame = f
	}
	return page.Render(q.W, q.R, status, frame, data)
}

// JSON answers a module of a page with an object.
func (q *Request) JSON(status int, v any) error { return writeJSON(q.W, status, "application/json", v) }

// JSONBytes answers a module of a page with an object that is JSON already.
func (q *Request) JSONBytes(body []byte) error {
	q.W.Header().Set("Content-Type", "application/json")
	_, _ = q.W.Write(body)
	return nil
}

// recover answers a panic like any other fault and logs where it was.
func (q *Request) recover() {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	q.Door.Log.Error("panic", "request", q.Who.Origin.Request, "path", q.R.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	q.unavailable()
}
