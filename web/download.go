package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Download is a file as the answer. Its headers leave with the first octet, so that a refusal before it can still be a
// page. Call Done at the end.
type Download struct {
	q     *Request
	name  string
	kind  string
	keep  *keepOpen
	began bool
}

// Download answers with a file of that name and media type ("text/csv; charset=utf-8"). Octets are sent as they are
// written, nothing is kept.
func (q *Request) Download(name, kind string) *Download {
	return &Download{q: q, name: name, kind: kind, keep: &keepOpen{c: http.NewResponseController(q.W), began: time.Now()}}
}

// PostDownloadIn registers a post of people who are logged in whose answer is a file. Where it needs a fresh code first,
// the file follows the code, and is not held in memory in between. The page at the same path by GET is where to try again.
func (d *Door) PostDownloadIn(path string, h Handler) {
	d.PostIn(path, func(q *Request) error {
		q.file = true
		return h(q)
	})
}

// FetchParameter names, at the page that a download was asked on, the address from which the file comes once.
const FetchParameter = "fetch"

// fetch leads on to a file after the proof. A person's browser is led to the page next, which begins the download and
// stands while the file arrives: a file alone would leave the page of the code standing. Programs get the file.
func (q *Request) fetch(post, kept, next string) error {
	from := post + "?" + url.Values{answerParameter: {kept}}.Encode()
	if q.R.Header.Get("Sec-Fetch-Mode") != "navigate" {
		return q.Go(from)
	}
	to, err := url.Parse(Local(next, "/"))
	if err != nil {
		return q.Go(from)
	}
	query := to.Query()
	query.Set(FetchParameter, from)
	to.RawQuery = query.Encode()
	return q.Go(to.String())
}

// Fetch is the address of the file that the page is to begin, "" for none; it sets the header by which browsers do so
// without a script. Only a file of path that waits for this very person counts.
func (q *Request) Fetch(path string) string {
	from, err := url.Parse(Local(q.Query(FetchParameter), ""))
	if err != nil || from.Path != path {
		return ""
	}
	if file, ok := q.Door.kept.holds(from.Query().Get(answerParameter), path, q); !ok || !file {
		return ""
	}
	address := path + "?" + url.Values{answerParameter: {from.Query().Get(answerParameter)}}.Encode()
	q.W.Header().Set("Refresh", "0; url="+address)
	return address
}

// Write sends octets of the file.
func (d *Download) Write(b []byte) (int, error) {
	if !d.began {
		d.began = true
		h := d.q.W.Header()
		h.Set("Content-Type", d.kind)
		h.Set("Content-Disposition", `attachment; filename="`+plainName(d.name)+`"`)
	}
	d.keep.going()
	return d.q.W.Write(b)
}

// Done ends the answer: an error before the first octet is returned to be a page, one after it cuts the connection, so
// that half a file does not look like a whole one.
func (d *Download) Done(err error) error {
	if err != nil && d.began {
		d.q.Door.Log.Error("download broke off", "request", d.q.Who.Origin.Request, "path", d.q.R.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
	if err == nil && !d.began {
		_, err = d.Write(nil)
	}
	return err
}

// plainName keeps what every system takes in a file's name.
func plainName(s string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r) {
			return r
		}
		return '-'
	}, s)
	return strings.Trim(name, "-.")
}
