package httpgate

import (
	"context"
	"net/http"
	"sync"
	"time"

	"watchword/gateway/sms"
)

// Carrier is one HTTP route. Make it with New; Run may be called once.
type Carrier struct {
	o       Options
	request *request
	client  *http.Client
	slots   chan struct{}
	urgent  chan struct{} // one more slot, which only codes may take
	started chan struct{}
	ended   chan struct{} // no new requests
	work    sync.WaitGroup

	mu      sync.Mutex
	events  sms.Events
	health  sms.Health
	pause   time.Duration
	resume  time.Time
	failed  int // connections or credentials refused in a row
	closing bool
	abandon context.CancelFunc
	life    context.Context
}

var _ sms.Carrier = (*Carrier)(nil)

// downFor is how long a carrier counts as down before it is tried again.
const downFor = 10 * time.Second

// New checks the configuration; the problem it returns names each wrong field.
func New(o Options) (*Carrier, error) {
	o = o.withDefaults()
	r, err := compile(&o)
	if err != nil {
		return nil, err
	}
	c := &Carrier{
		o: o, request: r, slots: make(chan struct{}, o.Window), urgent: make(chan struct{}, 1),
		started: make(chan struct{}), ended: make(chan struct{}),
		health: sms.Health{Since: time.Now(), Window: o.Window},
	}
	// A redirect could carry texts and secrets to a stranger, or send twice.
	c.client = &http.Client{Transport: o.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	c.life, c.abandon = context.WithCancel(context.Background())
	return c, nil
}

// Name is Options.Name.
func (c *Carrier) Name() string { return c.o.Name }

// Run lets messages through until ctx ends, then waits for the answers that are due (Options.DrainTimeout).
func (c *Carrier) Run(ctx context.Context, events sms.Events) error {
	c.mu.Lock()
	c.events = events
	c.setUp(true, "")
	c.mu.Unlock()
	close(c.started)
	<-ctx.Done()
	c.mu.Lock()
	c.closing = true
	c.setUp(false, "")
	c.mu.Unlock()
	close(c.ended)
	late := time.AfterFunc(c.o.DrainTimeout, c.abandon)
	defer late.Stop()
	c.work.Wait()
	c.abandon()
	return nil
}

// Send makes one request; see sms.Carrier. It waits for a free place, or while the carrier asked for a pause.
func (c *Carrier) Send(ctx context.Context, s sms.Segment, done func(sms.Outcome)) {
	release, word := c.place(ctx, s.Urgent)
	if word != "" {
		done(sms.Outcome{Kind: sms.NotSent, Reason: word})
		return
	}
	c.mu.Lock()
	if c.closing {
		c.mu.Unlock()
		release()
		done(sms.Outcome{Kind: sms.NotSent, Reason: "stopped"})
		return
	}
	c.work.Add(1)
	c.health.InFlight++
	c.mu.Unlock()
	go func() {
		defer c.work.Done()
		outcome := c.attempt(c.life, s)
		c.mu.Lock()
		c.health.InFlight--
		c.mu.Unlock()
		release()
		done(outcome)
	}()
}

// place waits for a slot; the word says why there is none.
func (c *Carrier) place(ctx context.Context, urgent bool) (release func(), word string) {
	var extra chan struct{}
	if urgent {
		extra = c.urgent
	}
	select {
	case <-c.started:
	case <-ctx.Done():
		return nil, "cancelled"
	}
	select {
	case c.slots <- struct{}{}:
		release = func() { <-c.slots }
	case extra <- struct{}{}:
		release = func() { <-c.urgent }
	case <-ctx.Done():
		return nil, "cancelled"
	case <-c.ended:
		return nil, "stopped"
	}
	for {
		c.mu.Lock()
		wait := time.Until(c.resume)
		c.mu.Unlock()
		if wait <= 0 {
			return release, ""
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			release()
			return nil, "cancelled"
		case <-c.ended:
			release()
			return nil, "stopped"
		}
	}
}

// Health is the present state. A carrier that could not be reached counts as up again after a moment, so that somebody
// tries: an HTTP route has no other way to find out.
func (c *Carrier) Health() sms.Health {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.health
	if !h.Up && !c.closing && c.events != nil && time.Since(h.Since) >= downFor {
		h.Up = true
	}
	return h
}

// setUp notes a state; c.mu is held.
func (c *Carrier) setUp(up bool, reason string) {
	if c.health.Up != up || !up {
		c.health.Up, c.health.Since = up, time.Now()
	}
	if reason != "" {
		c.health.LastError = reason
	}
}
