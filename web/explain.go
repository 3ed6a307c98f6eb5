package web

import (
	"net/url"

	"watchword/web/look"
)

// Explained says in our own words what a fresh code is for.
type Explained struct {
	// Words end the sentence "This code is for …": "the export of 12,400 contacts".
	Words string
	// Count is named in the text that brings the code; 0 for none.
	Count int64
	Facts []look.Fact
}

// explainer tells what the data behind a digest is, from the form that was interrupted; nil form: it is not kept any
// more. ok is false when it cannot tell.
type explainer func(q *Request, digest string, form url.Values) (e Explained, ok bool)

// Explain registers who can tell what an action's data is. It must work it out anew and compare the digests: words are
// never taken from an address, because whoever makes a link would write our pages and texts (C64).
func (d *Door) Explain(action string, f func(q *Request, digest string, form url.Values) (Explained, bool)) {
	d.explain[action] = f
}

// Explained tells what is asked for; kept is the name of the interrupted form.
func (q *Request) Explained(action, digest, kept string) (Explained, bool) {
	f := q.Door.explain[action]
	if f == nil || digest == "" {
		return Explained{}, false
	}
	return f(q, digest, q.Door.kept.peek(kept, q))
}
