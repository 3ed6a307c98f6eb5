package web

import (
	"net/http"
	"net/url"
	"sync"
	"time"

	"watchword/base/id"
	"watchword/base/problem"
)

const (
	keptParameter = "kept"
	keptLife      = 10 * time.Minute
	keptMost      = 2000
	keptLargest   = 64 << 10 // octets of one form
)

// keptForms holds what was typed while a person proves a code for it, in memory only: it may hold a password. Whoever
// comes to another process, or too late, finds the empty form again.
type keptForms struct {
	mu sync.Mutex
	by map[string]keptForm
}

type keptForm struct {
	owner string // profile
	path  string
	form  url.Values
	at    time.Time
}

func newKeptForms() *keptForms { return &keptForms{by: map[string]keptForm{}} }

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
	now := time.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	for name, f := range k.by {
		if now.Sub(f.at) > keptLife {
			delete(k.by, name)
		}
	}
	if len(k.by) >= keptMost {
		return ""
	}
	name := id.Token(16)
	form := url.Values{}
	for field, values := range q.form {
		if field != onceField {
			form[field] = values
		}
	}
	k.by[name] = keptForm{owner: string(q.Who.Profile), path: q.R.URL.Path, form: form, at: now}
	return name
}

// take hands a form out once, to the same person at the same address.
func (k *keptForms) take(name string, q *Request) (url.Values, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f, ok := k.by[name]
	if !ok || f.owner != string(q.Who.Profile) || f.path != q.R.URL.Path || time.Since(f.at) > keptLife {
		return nil, false
	}
	delete(k.by, name)
	return f.form, true
}

// holds says whether such a form waits for this person at path.
func (k *keptForms) holds(name, path string, q *Request) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	f, ok := k.by[name]
	return ok && f.owner == string(q.Who.Profile) && f.path == path && time.Since(f.at) <= keptLife
}

// stepUp leads to the page that asks for the code of p. What was posted begins the step-up with the same press (307
// keeps it a POST); what was only opened shows a button first, because opening a page sends nothing (C51).
func (q *Request) stepUp(p *problem.Error) {
	path, status := "/stepup", http.StatusSeeOther
	if q.R.Method == http.MethodPost {
		path, status = "/stepup/begin", http.StatusTemporaryRedirect
	}
	q.W.Header().Set("Location", path+"?"+q.stepUpQuery(p).Encode())
	q.W.WriteHeader(status)
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

// Again repeats the post that was interrupted for a code (307 keeps it a POST): the kept form takes the place of the
// one sent now. post and kept are parameters of the step-up page; where no such form is kept it goes to next, because a
// link of somebody else could name any address to post to.
func (q *Request) Again(post, kept, next string) error {
	if Local(post, "") == "" || !q.Door.kept.holds(kept, post, q) {
		return q.Go(next)
	}
	q.W.Header().Set("Location", Local(post, "/")+"?"+url.Values{keptParameter: {kept}}.Encode())
	q.W.WriteHeader(http.StatusTemporaryRedirect)
	return nil
}
