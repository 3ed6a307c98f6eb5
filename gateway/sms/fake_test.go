package sms_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/gateway/sms"
)

// carrier is a carrier in this process whose answers a test decides. It keeps every submission.
type carrier struct {
	name   string
	window int
	answer func(s sms.Segment) sms.Outcome                // nil: accepted with an id of its own
	after  func(c *carrier, s sms.Segment, o sms.Outcome) // after the answer, nil: nothing
	before func(c *carrier, s sms.Segment, o sms.Outcome) // before the answer
	places chan struct{}

	mu     sync.Mutex
	up     bool
	sent   []sms.Segment
	count  map[string]int // by key
	next   int
	events sms.Events
	ready  chan struct{}
	work   sync.WaitGroup
}

func newCarrier(name string) *carrier {
	return &carrier{name: name, window: 20, up: true, places: make(chan struct{}, 20), count: map[string]int{}, ready: make(chan struct{})}
}

func (c *carrier) Name() string { return c.name }

func (c *carrier) Run(ctx context.Context, e sms.Events) error {
	c.mu.Lock()
	c.events = e
	select {
	case <-c.ready:
	default:
		close(c.ready)
	}
	c.mu.Unlock()
	<-ctx.Done()
	c.work.Wait()
	return nil
}

func (c *carrier) setUp(up bool) {
	c.mu.Lock()
	c.up = up
	c.mu.Unlock()
}

func (c *carrier) Health() sms.Health {
	c.mu.Lock()
	defer c.mu.Unlock()
	return sms.Health{Up: c.up && c.events != nil, Window: c.window}
}

func (c *carrier) Send(ctx context.Context, s sms.Segment, done func(sms.Outcome)) {
	select {
	case c.places <- struct{}{}:
	case <-ctx.Done():
		done(sms.Outcome{Kind: sms.NotSent, Reason: "cancelled"})
		return
	}
	c.work.Add(1)
	go func() {
		defer c.work.Done()
		c.mu.Lock()
		c.next++
		out := sms.Outcome{Kind: sms.Accepted, CarrierID: fmt.Sprintf("%s-%d", c.name, c.next), At: time.Now()}
		up, answer, before, after := c.up, c.answer, c.before, c.after
		c.mu.Unlock()
		if answer != nil {
			if a := answer(s); a.Kind != sms.Accepted || a.CarrierID != "" {
				out = a
			}
		}
		if !up {
			out = sms.Outcome{Kind: sms.NotSent, Reason: "down"}
		}
		if out.Kind == sms.Accepted || out.Kind == sms.Unknown {
			c.mu.Lock()
			c.sent = append(c.sent, s)
			c.count[s.Key]++
			c.mu.Unlock()
		}
		if before != nil {
			before(c, s, out)
		}
		<-c.places
		done(out)
		if after != nil {
			after(c, s, out)
		}
	}()
}

// change sets the answers of a carrier at work.
func (c *carrier) change(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

func (c *carrier) segments() []sms.Segment {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]sms.Segment(nil), c.sent...)
}

// receipt delivers a receipt and waits until it is acknowledged.
func (c *carrier) receipt(r sms.Receipt) bool {
	ack := make(chan bool, 1)
	c.events.Receipt(r, func(ok bool) { ack <- ok })
	return <-ack
}

func delivered(c *carrier, s sms.Segment, o sms.Outcome) {
	if o.Kind == sms.Accepted {
		c.events.Receipt(sms.Receipt{CarrierID: o.CarrierID, State: sms.Delivered, From: s.To}, func(bool) {})
	}
}

// run starts the outbox and returns how to stop it and wait.
func run(t testing.TB, o *sms.Outbox) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- o.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-ended:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(60 * time.Second):
				t.Error("the outbox did not stop")
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

const acme id.Organisation = "AC00000000000000000000000000000abc"

var ring = secret.NewRing()

func newID(db *store.DB) id.Message { return id.Message(id.New("SM", db.Now())) }

func bulk(db *store.DB, to string) sms.Outgoing {
	return sms.Outgoing{ID: newID(db), Bucket: acme, Lane: sms.Bulk, Sender: "ACME", To: to, Text: "Hello from Acme"}
}

func queue(t testing.TB, db *store.DB, o *sms.Outbox, m ...sms.Outgoing) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *store.Tx) error {
		for _, x := range m {
			if err := o.Queue(tx, x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func status(t testing.TB, db *store.DB, o *sms.Outbox, m sms.Outgoing) (s sms.Status) {
	t.Helper()
	err := db.Read(context.Background(), func(tx *store.Tx) (err error) {
		s, err = o.Status(tx, m.Bucket, m.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// become waits until a message has the state.
func become(t testing.TB, db *store.DB, o *sms.Outbox, m sms.Outgoing, want sms.State) sms.Status {
	t.Helper()
	var s sms.Status
	wait(t, func() bool { s = status(t, db, o, m); return s.State == want }, func() string {
		return fmt.Sprintf("message is %q (%s), not %q", s.State, s.Reason, want)
	})
	return s
}

func wait(t testing.TB, ok func() bool, why func() string) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(why())
		}
	}
}
