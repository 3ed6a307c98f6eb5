package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"watchword/base/problem"
	"watchword/web/look"
)

// tooLarge is a body over Options.Body.
type tooLarge struct{}

func (*tooLarge) Error() string { return "body too large" }

// notForm is a body that no form of a page sends.
type notForm struct{}

func (*notForm) Error() string { return "not a form" }

// fail is the one adapter from errors to answers.
func (q *Request) fail(err error) {
	if _, ok := err.(*tooLarge); ok {
		q.W.Header().Set("Connection", "close")
		q.say(http.StatusRequestEntityTooLarge, "too_large", "That was too much at once",
			"What you sent is larger than this page can take. Go back, shorten it and send it again. Nothing was saved.")
		return
	}
	if _, ok := err.(*notForm); ok {
		q.say(http.StatusUnsupportedMediaType, "not_a_form", "This is not a form",
			"This address takes forms only, as application/x-www-form-urlencoded. Nothing was read or saved.")
		return
	}
	p := problem.As(err)
	if p == nil {
		if q.Context().Err() != nil {
			return // nobody is there to read an answer
		}
		q.Door.Log.Error("fault", "request", q.Who.Origin.Request, "method", q.R.Method, "path", q.R.URL.Path, "error", err)
		q.unavailable()
		return
	}
	if q.Who.Looking && (p.Kind == problem.KindSignedOut || p.Kind == problem.KindNeedsCode) {
		p = onlyLooking()
	}
	q.retryAfter(p)
	if wantsJSON(q.R) {
		q.sayJSON(p)
		return
	}
	switch p.Kind {
	case problem.KindSignedOut:
		if q.Cookie(SessionCookie) != "" {
			q.Flash(look.Note, "You were logged out: the session has ended. Log in to go on.")
		}
		_ = q.Go("/login?" + url.Values{"next": {q.back()}}.Encode())
	case problem.KindNeedsCode:
		q.stepUp(p)
	case problem.KindUnavailable:
		q.Door.Log.Error("unavailable", "request", q.Who.Origin.Request, "path", q.R.URL.Path, "code", p.Code, "error", p.Cause)
		q.say(p.Kind.Status(), p.Code, "This does not work at the moment", p.Message)
	default:
		if p.Code == "organisation_needs_proof" {
			_ = q.Go("/organisations/enter?" + url.Values{"organisation": {p.Digest}, "next": {q.back()}}.Encode())
			return
		}
		q.say(p.Kind.Status(), p.Code, titles[p.Kind], p.Message)
	}
}

var titles = map[problem.Kind]string{
	problem.KindInvalid:     "There is a problem",
	problem.KindNotFound:    "There is nothing here",
	problem.KindConflict:    "That clashes with something else",
	problem.KindForbidden:   "You may not do this",
	problem.KindNeedsCode:   "Prove that it is you",
	problem.KindTooMany:     "That was too often",
	problem.KindUnavailable: "This does not work at the moment",
	problem.KindSignedOut:   "Log in to go on",
}

// back is where to return to after logging in: only a page, never the address of a form.
func (q *Request) back() string {
	if q.R.Method == http.MethodGet || q.R.Method == http.MethodHead {
		return Local(q.R.URL.RequestURI(), "/")
	}
	return Local(q.R.URL.Path, "/")
}

func (q *Request) unavailable() {
	q.W.Header().Set("Retry-After", "5")
	q.say(http.StatusServiceUnavailable, "unavailable", "This does not work at the moment",
		"Something of ours failed. Nothing was lost: go back and try again in a moment.")
}

type problemPage struct {
	Words   string
	Request string
	Act     look.Button
}

// say writes a page that says one thing (or problem+json to programs). It must work when much else does not.
func (q *Request) say(status int, code, title, words string) {
	if wantsJSON(q.R) {
		q.problemJSON(status, code, title, words, nil)
		return
	}
	act := look.Button{Label: "Go to the start page", Href: "/", Kind: look.Second, Full: true}
	data := problemPage{Words: words, Act: act}
	if status >= 500 {
		data.Request = q.Who.Origin.Request
	}
	if err := q.Show(q.Door.problems, status, look.SignedOut{Title: title}, data); err != nil {
		q.Door.Log.Error("fault", "request", q.Who.Origin.Request, "error", err)
		http.Error(q.W, title+". "+words, status)
	}
}

func nothingThere(q *Request) error {
	q.say(http.StatusNotFound, "not_found", "There is nothing here",
		"The address may have been mistyped, or the page may have moved. Check the address, or begin at the start page.")
	return nil
}

func wrongMethod(q *Request) error {
	q.say(http.StatusMethodNotAllowed, "method_not_allowed", "This cannot be done like this",
		"This address does not take that kind of request. Begin at the start page and use the buttons there.")
	return nil
}

func refuseForeign(q *Request) error {
	q.Door.Log.Warn("request from another site refused", "request", q.Who.Origin.Request, "path", q.R.URL.Path,
		"address", q.Who.Origin.Address.String())
	q.say(http.StatusForbidden, "cross_site", "This came from another site",
		"Your browser says that another site sent this form, so we did not take it. Open the page here and send it again.")
	return nil
}

// wantsJSON says whether a program asks: it accepts JSON and no HTML.
func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return (strings.Contains(accept, "application/json") || strings.Contains(accept, "application/problem+json")) &&
		!strings.Contains(accept, "text/html")
}

// object is a problem as programs read it (RFC 9457); errors lists the fields.
type object struct {
	Type    string       `json:"type"`
	Title   string       `json:"title"`
	Status  int          `json:"status"`
	Detail  string       `json:"detail,omitempty"`
	Code    string       `json:"code"`
	Request string       `json:"request,omitempty"`
	Errors  []objectPart `json:"errors,omitempty"`
	Action  string       `json:"action,omitempty"`
}

type objectPart struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (q *Request) sayJSON(p *problem.Error) {
	q.problemJSON(p.Kind.Status(), p.Code, titles[p.Kind], p.Message, p)
}

func (q *Request) problemJSON(status int, code, title, detail string, p *problem.Error) {
	o := object{Type: "about:blank", Title: title, Status: status, Detail: detail, Code: code, Request: q.Who.Origin.Request}
	if p != nil {
		o.Action = p.Action
		for _, f := range p.Fields {
			o.Errors = append(o.Errors, objectPart{f.Name, f.Code, f.Message})
		}
	}
	_ = writeJSON(q.W, status, "application/problem+json", o)
}

func writeJSON(w http.ResponseWriter, status int, kind string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
	return nil
}
