package email

import (
	"sync"
	"time"
)

// Health is what the outbox knows of the mail server without asking it again (Check asks).
type Health struct {
	Up        bool // the last connection worked, or none was needed yet
	Since     time.Time
	LastError string
}

// server remembers whether connections work, so that a server that is down is not asked for every mail.
type server struct {
	mu    sync.Mutex
	fails int
	until time.Time
	since time.Time
	last  string
}

// The wait after a failed connection doubles from firstPause to longestPause.
const (
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second
)

// Health tells the state of the mail server as last seen.
func (o *Outbox) Health() Health {
	o.server.mu.Lock()
	defer o.server.mu.Unlock()
	return Health{Up: o.server.fails == 0, Since: o.server.since, LastError: o.server.last}
}

func (o *Outbox) down(err error) {
	o.server.mu.Lock()
	defer o.server.mu.Unlock()
	if o.server.fails == 0 {
		o.server.since = time.Now()
	}
	if time.Now().After(o.server.until) {
		o.server.until = time.Now().Add(min(longestPause, firstPause<<min(o.server.fails, 10)))
		o.server.fails++
		o.Log.Error("mail: the server cannot be used; mails wait", "error", err)
	}
	o.server.last = err.Error()
}

func (o *Outbox) up() {
	o.server.mu.Lock()
	defer o.server.mu.Unlock()
	if o.server.fails > 0 {
		o.Log.Info("mail: the server can be used again", "after", time.Since(o.server.since).Round(time.Second).String())
	}
	if o.server.fails > 0 || o.server.since.IsZero() {
		o.server.since = time.Now()
	}
	o.server.fails, o.server.until = 0, time.Time{}
}

// pause is how long to take nothing out, 0 when mails may go.
func (o *Outbox) pause() time.Duration {
	o.server.mu.Lock()
	defer o.server.mu.Unlock()
	return max(0, time.Until(o.server.until))
}
