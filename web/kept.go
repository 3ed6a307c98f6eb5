package web

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"net/url"

	"watchword/base/problem"
	"watchword/signin/kept"
)

const (
	keptParameter   = "kept"
	answerParameter = "answer"
	keptLargest     = 64 << 10 // octets of one form
)

// keptForms are what was typed while a person proves a code for it, and answers that wait to be shown (package kept).
// What cannot be kept is gone: the person finds the empty form again.
type keptForms struct{}

func newKeptForms() *keptForms { return &keptForms{} }

func (k *keptForms) book(q *Request) kept.Book { return kept.Book{Ring: q.Door.Sessions.Ring} }

// put keeps the request's form and returns its name, "" when there is none to keep.
func (k *keptForms) put(q *Request) string {
	if q.R.Method != http.MethodPost || !q.SignedIn() {
		return ""
	}
	size := 0
	for name, values := range q.form {
		for _, v := range values {
			size += len(name) + len(v)
		}
	}
	if size > keptLargest {
		return ""
	}
	form := maps.Clone(q.form)
	delete(form, onceField)
	return k.hold(q, kept.Form{Path: q.R.URL.Path, Fields: form, File: q.file})
}

// hold keeps f for this person.
func (k *keptForms) hold(q *Request, f kept.Form) string {
	f.Owner = q.Who.Profile
	name, err := k.book(q).Hold(q.Context(), q.Door.DB, f)
	q.noKept(err)
	return name
}

// take hands a form or its answer out once, to the same person at the same address.
func (k *keptForms) take(name string, q *Request) (kept.Form, bool) {
	f, ok, err := k.book(q).Take(q.Context(), q.Door.DB, name, q.Who.Profile, q.R.URL.Path)
	q.noKept(err)
	return f, ok
}

// holds says whether such a form waits for this person at path, and whether its answer is a file.
func (k *keptForms) holds(name, path string, q *Request) (file, ok bool) {
	f, ok, err := k.book(q).Look(q.Context(), q.Door.DB, name, q.Who.Profile)
	q.noKept(err)
	return f.File, ok && f.Path == path
}

// peek reads a kept form of this person without taking it.
func (k *keptForms) peek(name string, q *Request) url.Values {
	f, _, err := k.book(q).Look(q.Context(), q.Door.DB, name, q.Who.Profile)
	q.noKept(err)
	return f.Fields
}

func (q *Request) noKept(err error) {
	if err != nil && q.Context().Err() == nil {
		q.Door.Log.Warn("a form could not be kept over a step-up; its person types it again", "request", q.Who.Origin.Request, "error", err)
	}
}

// stepUp leads to the page that asks for the code of p. What was posted begins the step-up with the same press; what was
// only opened shows a button first, because opening a page sends nothing (C51).
func (q *Request) stepUp(p *problem.Error) {
	query := q.stepUpQuery(p)
	if q.R.Method == http.MethodPost && !q.forwarded() {
		q.forward(q.W, "/stepup/begin", query)
		return
	}
	q.W.Header().Set("Location", "/stepup?"+query.Encode())
	q.W.WriteHeader(http.StatusSeeOther)
}

// stepUpQuery says what is to be proved, and the way back.
func (q *Request) stepUpQuery(p *problem.Error) url.Values {
	back := q.R.URL.Path
	if q.R.Method == http.MethodGet || q.R.Method == http.MethodHead {
		back = q.R.URL.RequestURI()
	} else if referer := q.Value("back"); referer != "" {
		back = Local(referer, back)
	}
	v := url.Values{"action": {p.Action}, "next": {back}}
	if p.Digest != "" {
		v.Set("digest", p.Digest)
	}
	if name := q.Door.kept.put(q); name != "" {
		v.Set(keptParameter, name)
		v.Set("post", q.R.URL.Path)
	}
	return v
}

// Again repeats the post that was interrupted for a code, with the form that was kept. post and kept are parameters of
// the step-up page; where no such form is kept it goes to next, because a link of somebody else could name any address to
// post to.
func (q *Request) Again(post, kept, next string) error {
	file, ok := q.Door.kept.holds(kept, post, q)
	if Local(post, "") == "" || !ok {
		return q.Go(next)
	}
	if file {
		return q.fetch(post, kept, next)
	}
	a := &heldAnswer{header: q.W.Header().Clone(), status: http.StatusOK}
	q.forward(a, post, url.Values{keptParameter: {kept}})
	return q.lead(post, a)
}

// lead sends the browser on with a: a page is held and shown at the address of the post it answers, so that reloading it
// posts nothing and it stands where it belongs.
func (q *Request) lead(path string, a *heldAnswer) error {
	clear(q.W.Header())
	maps.Copy(q.W.Header(), a.header)
	if a.status >= 300 && a.status < 400 {
		q.W.WriteHeader(a.status)
		return nil
	}
	header := a.header.Clone()
	header.Del("Set-Cookie")
	name := q.Door.kept.hold(q, kept.Form{Path: path, Answer: &kept.Answer{Status: a.status, Header: header, Body: a.body.Bytes()}})
	if name == "" { // what is shown only once must not be lost
		q.W.WriteHeader(a.status)
		_, err := q.W.Write(a.body.Bytes())
		return err
	}
	for _, of := range []string{"Content-Type", "Content-Length", "Retry-After"} {
		q.W.Header().Del(of)
	}
	return q.Go(path + "?" + url.Values{answerParameter: {name}}.Encode())
}

// ShowOnce answers a post with a page that exists only now, like new recovery codes, held at path (a page of this site):
// a second press of the same form is led to it too, and reloading it posts nothing.
func (q *Request) ShowOnce(path string, show func() error) error {
	a := &heldAnswer{header: q.W.Header().Clone(), status: http.StatusOK}
	w := q.W
	q.W = a
	err := show()
	q.W = w
	if err != nil {
		return err
	}
	return q.lead(path, a)
}

// showHeld shows an answer that lead held, once; afterwards the page itself.
func showHeld(q *Request) error {
	name := q.Query(answerParameter)
	if file, ok := q.Door.kept.holds(name, q.R.URL.Path, q); ok && file {
		q.forward(q.W, q.R.URL.Path, url.Values{keptParameter: {name}})
		return nil
	}
	f, ok := q.Door.kept.take(name, q)
	if !ok || f.Answer == nil {
		return q.Go(q.R.URL.Path)
	}
	maps.Copy(q.W.Header(), f.Answer.Header)
	q.W.WriteHeader(f.Answer.Status)
	_, _ = q.W.Write(f.Answer.Body)
	return nil
}

// heldAnswer is an answer that is shown by a later request.
type heldAnswer struct {
	header http.Header
	status int
	wrote  bool
	body   bytes.Buffer
}

func (a *heldAnswer) Header() http.Header { return a.header }

func (a *heldAnswer) WriteHeader(status int) {
	if !a.wrote {
		a.status, a.wrote = status, true
	}
}

func (a *heldAnswer) Write(b []byte) (int, error) {
	a.wrote = true
	return a.body.Write(b)
}

// forward answers with what a post to another page of this site answers: nobody has to post twice, which a redirect
// (307) would ask of every client, and few scripts do. The posted fields stay behind.
func (q *Request) forward(w http.ResponseWriter, path string, query url.Values) {
	r := q.R.Clone(context.WithValue(q.Context(), forwardedKey{}, true))
	r.Method, r.Body, r.Form, r.PostForm = http.MethodPost, http.NoBody, nil, url.Values{}
	r.URL.Path, r.URL.RawPath, r.URL.RawQuery = path, "", query.Encode()
	if q.begun != "" {
		r.Header.Del("Cookie")
		for _, c := range q.R.Cookies() {
			if c.Name != q.Door.CookieName(SessionCookie) {
				r.AddCookie(c)
			}
		}
		r.AddCookie(&http.Cookie{Name: q.Door.CookieName(SessionCookie), Value: q.begun})
	}
	q.Door.route(w, r)
}

// forwardedKey marks a request that forward made. It is not forwarded to a step-up again: that would never end where a
// proof does not satisfy the action.
type forwardedKey struct{}

func (q *Request) forwarded() bool { return q.Context().Value(forwardedKey{}) != nil }
