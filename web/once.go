package web

import (
	"context"
	"crypto/sha256"
	"maps"
	"net/http"
	"sync"
	"time"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/signin/kept"
	"watchword/web/look"
)

const (
	onceField = "once"
	onceLife  = 10 * time.Minute
	onceMost  = 20000
)

// Once is a hidden field for forms that make something or move on. A second post with the same value (a double press,
// a repeated request) waits for the first and gets its answer: one effect, one page, whichever server of the
// installation it comes to.
func (q *Request) Once() look.Hidden { return look.Hidden{Name: onceField, Value: id.Token(16)} }

// onces remembers the answers of forms that led on: in memory where there is one server, which costs nothing, in the
// database where several share it.
type onces struct {
	mu   sync.Mutex
	by   map[[32]byte]*onceAnswer
	line []onceKey // oldest first
}

type onceKey struct {
	key [32]byte
	at  time.Time
}

type onceAnswer struct {
	done   chan struct{}
	status int // 0: it did not lead on, so the second post runs by itself
	header http.Header
}

func newOnces() *onces { return &onces{by: map[[32]byte]*onceAnswer{}} }

func (o *onces) do(q *Request, h Handler) error {
	nonce := ""
	if q.R.Method == http.MethodPost {
		nonce = q.Value(onceField)
	}
	if len(nonce) < 16 || len(nonce) > 64 {
		return h(q)
	}
	key := sha256.Sum256([]byte(q.R.URL.Path + "\x00" + q.Cookie(SessionCookie) + "\x00" + q.Cookie(LoginCookie) + "\x00" +
		q.Who.Origin.Bucket() + "\x00" + nonce))
	if q.Door.DB.Engine() == store.Postgres {
		return across(q, h, key)
	}
	a, first := o.enter(key)
	if !first {
		select {
		case <-a.done:
		case <-q.Context().Done():
			return q.Context().Err()
		}
		if a.status == 0 {
			return h(q)
		}
		maps.Copy(q.W.Header(), a.header)
		q.W.WriteHeader(a.status)
		return nil
	}
	q.W = &leading{ResponseWriter: q.W, answer: a}
	defer func() {
		if a.status == 0 {
			o.forget(key)
		}
		close(a.done)
	}()
	return h(q)
}

// across does the same for several servers. The first one's answer is settled even when its browser has gone.
func across(q *Request, h Handler, key [32]byte) error {
	book := kept.Book{Ring: q.Door.Sessions.Ring}
	mine, was, err := book.Claim(q.Context(), q.Door.DB, key)
	if err != nil {
		return err
	}
	if !mine {
		maps.Copy(q.W.Header(), was.Header)
		q.W.WriteHeader(was.Status)
		return nil
	}
	a := &onceAnswer{}
	q.W = &leading{ResponseWriter: q.W, answer: a}
	defer func() {
		var settled *kept.Answer
		if a.status != 0 {
			settled = &kept.Answer{Status: a.status, Header: a.header}
		}
		if err := book.Settle(context.WithoutCancel(q.Context()), q.Door.DB, key, settled); err != nil {
			q.Door.Log.Warn("the answer of a form could not be kept for a second post", "request", q.Who.Origin.Request, "error", err)
		}
	}()
	return h(q)
}

func (o *onces) enter(key [32]byte) (*onceAnswer, bool) {
	now := time.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.line) > 0 && (len(o.line) > onceMost || now.Sub(o.line[0].at) > onceLife) {
		delete(o.by, o.line[0].key)
		o.line = o.line[1:]
	}
	if a, ok := o.by[key]; ok {
		return a, false
	}
	a := &onceAnswer{done: make(chan struct{})}
	o.by[key] = a
	o.line = append(o.line, onceKey{key, now})
	return a, true
}

func (o *onces) forget(key [32]byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.by, key)
}

// leading notes an answer that leads to another page.
type leading struct {
	http.ResponseWriter
	answer *onceAnswer
}

func (l *leading) WriteHeader(status int) {
	if status >= 300 && status < 400 {
		l.answer.status, l.answer.header = status, l.Header().Clone()
	}
	l.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController through.
func (l *leading) Unwrap() http.ResponseWriter { return l.ResponseWriter }
