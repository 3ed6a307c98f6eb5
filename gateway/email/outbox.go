// Package email carries mail: a durable outbox and the SMTP hand-over to the mail server of the operator. It knows no
// customer and no purpose.
package email

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
)

// Body is the content of one mail. HTML may be empty; Text may not.
type Body struct{ Subject, Text, HTML string }

// Outgoing is one mail for the outbox.
type Outgoing struct {
	ID       id.Message      // EM…
	Bucket   id.Organisation // whose it is; id.System for the product itself
	To       string          // one address, as its owner spelt it
	ToName   string
	From     string // "" means SMTP.From
	FromName string
	ReplyTo  string
	Ref      string // the challenge whose content is rendered at dispatch (decisions 4)
	Finished *Body  // or the finished content, stored sealed and wiped at the final state
	Kind     string // a word for operators and metrics, e.g. "login_code", "invitation"
	// NotBefore and ExpiresAt are microseconds UTC; after ExpiresAt the mail is expired and never sent. 0 means never.
	NotBefore int64
	ExpiresAt int64
}

// RenderedBody is the content of a Ref at the moment of dispatch.
type RenderedBody struct {
	Body
	Skip string // not empty: do not send, and why, e.g. "challenge_over"
}

// Render gives the contents of challenges, keyed by challenge id. A ref that it does not return is tried again later.
type Render func(ctx context.Context, refs []string) (map[string]RenderedBody, error)

// Options put an outbox together. Zero values mean the default named beside each.
type Options struct {
	DB     *store.DB
	Ring   *secret.Ring
	Log    *slog.Logger
	SMTP   SMTP
	Render Render

	Connections  int           // to the mail server at once, 2
	PerSession   int           // mails on one connection before a new one, 100
	KeepOpen     time.Duration // how long an idle connection is kept, 20 s
	Attempts     int           // how often a passing error is tried, 12
	FirstRetry   time.Duration // wait after the first passing error, doubled each time, 5 s
	LongestRetry time.Duration // 15 min
	Lease        time.Duration // a process silent for longer is dead, 60 s
	Poll         time.Duration // how often to look for rows of other processes, 500 ms
}

func (o *Options) defaults() {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	count := func(n *int, v int) {
		if *n <= 0 {
			*n = v
		}
	}
	count(&o.Connections, 2)
	count(&o.PerSession, 100)
	count(&o.Attempts, 12)
	set(&o.KeepOpen, 20*time.Second)
	set(&o.FirstRetry, 5*time.Second)
	set(&o.LongestRetry, 15*time.Minute)
	set(&o.Lease, time.Minute)
	set(&o.Poll, 500*time.Millisecond)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// Outbox is the durable queue of mails. Safe for concurrent use.
type Outbox struct {
	Options
	process string
	count   counters
	running atomic.Bool
	server  server
	renewed time.Time // of the lease; belongs to the loop
}

// New makes an outbox. Nothing is read or connected before Run; queueing works at once.
func New(o Options) *Outbox {
	o.defaults()
	o.SMTP.defaults()
	return &Outbox{Options: o, process: id.Token(12)}
}
