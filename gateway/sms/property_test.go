package sms_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/sms"
)

// Whatever carriers answer, however often routes go down and the program stops and starts: every accepted message ends in
// exactly one state, and each of its segments is handed over at most once, or again only where the route says so.
func TestEveryMessageEndsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var number int
		rapid.Check(t, func(rt *rapid.T) {
			number++
			everyMessageEndsOnce(t, rt, db, number)
		})
	})
}

func everyMessageEndsOnce(t *testing.T, rt *rapid.T, db *store.DB, number int) {
	requeue := rapid.Bool().Draw(rt, "requeue")
	script := rapid.SliceOfN(rapid.SampledFrom([]sms.OutcomeKind{sms.Accepted, sms.Accepted, sms.Accepted, sms.Throttled,
		sms.QueueFull, sms.Temporary, sms.Rejected, sms.NotSent, sms.Unknown}), 1, 12).Draw(rt, "answers")
	receipts := rapid.SliceOfN(rapid.SampledFrom([]string{"after", "before", "twice", "failed", "never"}), 1, 4).Draw(rt, "receipts")
	steps := rapid.SliceOfN(rapid.SampledFrom([]string{"queue", "long", "notice", "cancel", "down", "up", "restart"}), 3, 10).Draw(rt, "steps")
	name := fmt.Sprintf("r%d", number)
	one, two := newCarrier(name+"a"), newCarrier(name+"b")
	var mu sync.Mutex
	var turn int
	for _, c := range []*carrier{one, two} {
		c.answer = func(sms.Segment) sms.Outcome {
			mu.Lock()
			defer mu.Unlock()
			turn++
			return sms.Outcome{Kind: script[turn%len(script)], Reason: "scripted", At: time.Now()}
		}
		tell := func(when string) func(*carrier, sms.Segment, sms.Outcome) {
			return func(c *carrier, s sms.Segment, o sms.Outcome) {
				if o.Kind != sms.Accepted {
					return
				}
				var n int
				fmt.Sscanf(o.CarrierID, c.name+"-%d", &n)
				r := sms.Receipt{CarrierID: o.CarrierID, State: sms.Delivered, From: s.To}
				switch kind := receipts[n%len(receipts)]; {
				case kind == "failed":
					r.State = sms.Undelivered
					fallthrough
				case kind == when, kind == "twice":
					c.events.Receipt(r, func(bool) {})
				}
			}
		}
		c.before, c.after = tell("before"), tell("after")
	}
	build := func() *sms.Outbox {
		one.ready, two.ready = make(chan struct{}), make(chan struct{})
		return sms.New(sms.Options{DB: db, Ring: ring, Attempts: 4, FirstRetry: 4 * time.Millisecond, Poll: 20 * time.Millisecond,
			SystemWait: 20 * time.Millisecond, Carriers: []sms.Route{{Carrier: one, Requeue: requeue}, {Carrier: two, Priority: 1, Requeue: requeue}}})
	}
	o := build()
	stop := run(t, o)
	bucket := id.Organisation(fmt.Sprintf("AC%032x", number))
	var all []sms.Outgoing
	add := func(m sms.Outgoing) {
		m.Bucket = bucket
		queue(t, db, o, m)
		all = append(all, m)
	}
	for _, step := range steps {
		switch step {
		case "queue":
			for range 5 {
				add(bulk(db, fmt.Sprintf("+44770%07d", len(all))))
			}
		case "long":
			m := bulk(db, fmt.Sprintf("+44770%07d", len(all)))
			m.Text = strings.Repeat("A long text. ", 20)
			add(m)
		case "notice":
			add(sms.Outgoing{ID: newID(db), Lane: sms.System, Sender: "W", To: fmt.Sprintf("+44770%07d", len(all)), Finished: "Hello",
				ExpiresAt: db.Now() + store.Micros(time.Minute)})
		case "cancel":
			if len(all) > 0 {
				m := all[len(all)-1]
				db.Write(context.Background(), func(tx *store.Tx) error { return o.Cancel(tx, m.Bucket, m.ID) })
			}
		case "down":
			one.setUp(false)
		case "up":
			one.setUp(true)
		case "restart":
			stop()
			o = build()
			stop = run(t, o)
		}
	}
	one.setUp(true)
	// Carriers that accept nothing any more would keep throttled messages for ever.
	mu.Lock()
	script = append(script, sms.Accepted)
	mu.Unlock()
	over := func(s sms.State) bool { return s.Final() || s == sms.StateSent || s == sms.StateUnknown }
	for _, m := range all {
		var s sms.Status
		wait(t, func() bool { s = status(t, db, o, m); return over(s.State) }, func() string {
			return fmt.Sprintf("message stays %+v; answers %v, steps %v, %+v", s, script, steps, o.Counts())
		})
	}
	stop()
	claimsAreClosed(t, db)
	for _, c := range []*carrier{one, two} {
		for key, n := range c.count {
			if n > 1 && (!requeue || key[0] == 's') {
				rt.Fatalf("%s went out %d times; answers %v, steps %v", key, n, script, steps)
			}
			if key[0] == 's' || !requeue {
				other := one
				if c == one {
					other = two
				}
				if other.count[key] > 0 {
					rt.Fatalf("%s went out by both carriers; answers %v, steps %v", key, script, steps)
				}
			}
		}
	}
}
