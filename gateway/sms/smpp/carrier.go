package smpp

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp/pdu"
)

// Carrier is one SMPP route. Make it with New; Run may be called once.
type Carrier struct {
	o        Options
	bulk     chan job
	urgent   chan job
	stopped  chan struct{} // closed when Run ends: waiting senders get NotSent
	notify   *notifier
	pace     *pacer // belongs to the session that sends; what it has learnt outlives the session
	inFlight atomic.Int64
	sent     atomic.Uint64
	refused  atomic.Uint64 // throttles

	mu     sync.Mutex
	health sms.Health
}

// job is a segment on its way to the owner of a session.
type job struct {
	segment sms.Segment
	done    func(sms.Outcome)
}

var _ sms.Carrier = (*Carrier)(nil)

// New prepares a carrier; nothing is connected before Run.
func New(o Options) *Carrier {
	o = o.withDefaults()
	return &Carrier{
		o: o, bulk: make(chan job), urgent: make(chan job), stopped: make(chan struct{}),
		pace:   newPacer(o.Rate, o.QueueFullMin, o.QueueFullMax),
		health: sms.Health{Since: time.Now(), Window: o.Window, Rate: o.Rate},
	}
}

// Name is Options.Name.
func (c *Carrier) Name() string { return c.o.Name }

// Send hands one segment to the bind; see sms.Carrier. done is called by the goroutine that tells all outcomes and
// events: it must return soon and must not wait for another Send.
func (c *Carrier) Send(ctx context.Context, s sms.Segment, done func(sms.Outcome)) {
	lane := c.bulk
	if s.Urgent {
		lane = c.urgent
	}
	if ctx.Err() != nil {
		done(sms.Outcome{Kind: sms.NotSent, Reason: "cancelled"})
		return
	}
	select {
	case lane <- job{s, done}:
	case <-ctx.Done():
		done(sms.Outcome{Kind: sms.NotSent, Reason: "cancelled"})
	case <-c.stopped:
		done(sms.Outcome{Kind: sms.NotSent, Reason: "stopped"})
	}
}

// Run keeps the sessions bound until ctx ends, then waits for what is unanswered (Options.DrainTimeout) and unbinds.
// It returns nil: what goes wrong meanwhile is retried and shown by Health.
func (c *Carrier) Run(ctx context.Context, events sms.Events) error {
	c.notify = newNotifier(events)
	var telling, binds sync.WaitGroup
	telling.Go(c.notify.run)
	kinds := []pdu.Command{pdu.BindTransceiver}
	if c.o.Kind == Pair {
		kinds = []pdu.Command{pdu.BindTransmitter, pdu.BindReceiver}
	}
	for _, kind := range kinds {
		binds.Go(func() { c.keep(ctx, kind) })
	}
	binds.Wait()
	close(c.stopped)
	c.notify.close()
	telling.Wait()
	return nil
}

// Health is the present state. Up means that segments can be sent; a missing receiver of a Pair shows in LastError.
func (c *Carrier) Health() sms.Health {
	c.mu.Lock()
	h := c.health
	c.mu.Unlock()
	h.InFlight = int(c.inFlight.Load())
	h.Sent = c.sent.Load()
	h.Throttles = c.refused.Load()
	return h
}

func (c *Carrier) setHealth(change func(h *sms.Health)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.health.Up
	change(&c.health)
	if c.health.Up != was {
		c.health.Since = time.Now()
	}
}
