package sms

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
)

// Lane says how urgent a message is. Codes and notices never wait behind campaigns.
type Lane string

const (
	// System is for codes and notices of the product: first everywhere, nothing readable in the database.
	System Lane = "system"
	// Bulk is for everything else.
	Bulk Lane = "bulk"
)

// Outgoing is one message for the outbox.
type Outgoing struct {
	ID       id.Message
	Bucket   id.Organisation // whose it is; id.System for the product itself
	Lane     Lane
	Sender   string // "" means the route's own
	To       string // E.164 with +
	Country  string // ISO 3166 code of To; "" is found from the number where a route needs it
	Text     string // bulk: the text, stored as it is
	Ref      string // system: the challenge whose text is rendered at dispatch (decisions 4)
	Finished string // system: a finished text (notice, link), stored sealed and wiped at the final state
	// Segments is how many the text takes, from encoding.Count; for Ref, of the text with a placeholder. 0 is counted
	// here, and means 1 for Ref.
	Segments  int
	NotBefore int64 // microseconds UTC; held until then
	// ExpiresAt, microseconds UTC: afterwards the message is expired and never sent; what is left is the validity
	// given to the carrier. 0 means never.
	ExpiresAt int64
}

// Rendered is the text of a Ref at the moment of dispatch.
type Rendered struct {
	Text string
	Skip string // not empty: do not send, and why, e.g. "challenge_over"
}

// Render gives the texts of challenges, keyed by challenge id. A ref that it does not return is tried again later; so
// are all of them when it fails.
type Render func(ctx context.Context, refs []string) (map[string]Rendered, error)

// Options put an outbox together. Zero values mean the default named beside each.
type Options struct {
	DB       *store.DB
	Ring     *secret.Ring
	Log      *slog.Logger
	Carriers []Route
	Render   Render
	// OnInbound runs in the transaction that stores a message from a phone, once per message, concatenated ones as
	// a whole (Part 1, Total 1). An error keeps the message unacknowledged, so that the carrier delivers it again.
	OnInbound func(tx *store.Tx, m Inbound) error

	Batch        int           // rows in one write, 256: keeps an operation of the writer under 5 ms
	Attempts     int           // how often a passing error is tried, 8
	FirstRetry   time.Duration // wait after the first passing error, doubled each time, 2 s (1/4 of it for lane system)
	LongestRetry time.Duration // 5 min
	Lease        time.Duration // a process silent for longer is dead, 30 s
	Poll         time.Duration // how often to look for rows of other processes, 1 s (system: a quarter)
	SystemWait   time.Duration // how long a code waits for one route before the next is tried, 2 s
	KeepEarly    time.Duration // how long a receipt without response is kept, 24 h
	InboundWait  time.Duration // how long parts wait for the missing ones, 5 min
	InboundSame  time.Duration // the same text between the same numbers within this is a repeated delivery, 30 s
	DefaultPrice int64         // micro-units a segment where a route names no price, 100,000 (0.10)
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
	count(&o.Batch, 256)
	count(&o.Attempts, 8)
	set(&o.FirstRetry, 2*time.Second)
	set(&o.LongestRetry, 5*time.Minute)
	set(&o.Lease, 30*time.Second)
	set(&o.Poll, time.Second)
	set(&o.SystemWait, 2*time.Second)
	set(&o.KeepEarly, 24*time.Hour)
	set(&o.InboundWait, 5*time.Minute)
	set(&o.InboundSame, 30*time.Second)
	if o.DefaultPrice <= 0 {
		o.DefaultPrice = 100_000
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// Outbox is the durable queue of texts and everything that comes back for them. Safe for concurrent use.
type Outbox struct {
	Options
	process string
	routes  []*route
	count   counters
	recent  *recents
	inbox   inbox
	running atomic.Bool

	countries countries
	system    *line           // made by Run
	bulk      *line           // made by Run
	stopping  context.Context // Run's
	senders   sync.WaitGroup  // goroutines with system messages in hand
}

// ErrRunning is returned by a second Run of the same outbox.
var ErrRunning = errors.New("the outbox runs already")

// New makes an outbox. Nothing is read or connected before Run; queueing works at once.
func New(o Options) *Outbox {
	o.defaults()
	out := &Outbox{Options: o, process: id.Token(12), recent: newRecents(), inbox: inbox{wake: make(chan struct{}, 1)}}
	for i := range o.Carriers {
		out.routes = append(out.routes, newRoute(o.Carriers[i]))
	}
	return out
}
