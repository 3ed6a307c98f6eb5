package sms

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"watchword/base/store"
)

// line is the work of one lane: a loop whose every turn is one operation of the database, which records what carriers
// answered and takes out what goes next. So one fsync serves outcomes, receipts and claims alike.
type line struct {
	o     *Outbox
	lane  Lane
	write func(context.Context, func(tx *store.Tx) error) error

	mu      sync.Mutex
	pending []event
	wake    chan struct{}
	stale   atomic.Bool // somebody else knows of rows to look for

	// The rest belongs to the loop.
	open   int      // jobs taken out whose end is not recorded
	turns  uint64   // number of the present turn
	fresh  bool     // rows may wait that were not seen yet
	seen   int64    // when active was read
	active []string // bulk: buckets that had work
}

// event is something to record: what became of a job or of one part of it, a receipt, or a response after its time.
type event struct {
	kind      eventKind
	job       *job
	part      int
	state     State
	due       int64
	reason    string
	carrier   string
	carrierID string
	sentAt    int64
	key       string // of a late response
	entry     *entry
	receipt   *Receipt
	parked    int64 // when a receipt from the table of early ones was received
	ack       func(bool)
}

type eventKind int

const (
	jobOver     eventKind = iota // a job ended, or goes back
	partOver                     // one part of a concatenated message was answered
	receiptCame                  // from the carrier, or again from the table of early ones
	lateCame                     // a response after its time-out
)

func newLine(o *Outbox, lane Lane) *line {
	l := &line{o: o, lane: lane, wake: make(chan struct{}, 1), fresh: true}
	l.write = o.DB.Write
	if lane == Bulk {
		l.write = o.DB.WriteBulk
	}
	return l
}

// put hands events over in order and wakes the loop.
func (l *line) put(e event) {
	l.mu.Lock()
	l.pending = append(l.pending, e)
	l.mu.Unlock()
	l.poke()
}

func (l *line) poke() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *line) take(most int) []event {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(most, len(l.pending))
	if n == 0 {
		return nil
	}
	out := l.pending[:n:n]
	l.pending = l.pending[n:]
	if len(l.pending) == 0 {
		l.pending = nil
	}
	return out
}

func (l *line) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.pending)
}

// run turns until ctx ends, says that nothing more is taken out, and records until quit is closed and nothing is left.
func (l *line) run(ctx context.Context, settled func(), quit <-chan struct{}) {
	topic, poll := topicBulk, l.o.Poll
	if l.lane == System {
		topic, poll = topicSystem, l.o.Poll/4
	}
	rows := l.o.DB.Wait(topic)
	tick := time.NewTicker(poll)
	defer tick.Stop()
	stop := ctx.Done()
	for {
		for l.turn(ctx) {
		}
		select {
		case <-rows:
			l.fresh = true
		case <-tick.C:
			l.fresh = true
		case <-l.wake:
		case <-stop:
			stop = nil
			settled()
		case <-quit:
			for l.turn(ctx) {
			}
			return
		}
	}
}

// turn does one operation; false when there was nothing to do.
func (l *line) turn(ctx context.Context) bool {
	events := l.take(l.o.Batch)
	room := 0
	if ctx.Err() == nil {
		room = l.room()
	}
	// A message is taken out once and answered twice, by response and receipt: what waits to be recorded goes first, or
	// receipts would pile up until carriers have to keep them and come again. Codes do not wait for receipts.
	if l.lane == Bulk && l.waiting() >= l.o.Batch {
		room = 0
	}
	if room > 0 && !l.look(ctx) {
		room = 0
	}
	if len(events) == 0 && room == 0 {
		return false
	}
	l.turns++
	p := l.plan(events)
	var jobs []*job
	for try := 0; ; try++ {
		err := l.write(context.Background(), func(tx *store.Tx) error {
			if err := p.apply(tx); err != nil {
				return err
			}
			js, err := l.claim(tx, room)
			jobs = js
			return err
		})
		if err == nil {
			break
		}
		l.o.Log.Error("texts: the database did not take what carriers answered; trying again", "lane", l.lane, "error", err)
		jobs, room = nil, 0
		if try > 20 && ctx.Err() != nil {
			p.finish(false)
			return false
		}
		time.Sleep(min(time.Second, 20*time.Millisecond<<min(try, 6)))
	}
	p.finish(true)
	if room > 0 {
		l.served(jobs, room)
	}
	l.open += len(jobs)
	l.o.count.claimed.Add(uint64(len(jobs)))
	l.o.dispatch(ctx, l, jobs)
	return true
}

// room is how many messages may be taken out now.
func (l *line) room() int {
	if l.lane == System {
		for _, r := range l.o.routes {
			if r.up.Load() && r.carries(System) {
				return min(l.o.Batch, 128-l.open)
			}
		}
		return 0
	}
	n := 0
	for _, r := range l.o.routes {
		if r.up.Load() && r.carries(Bulk) {
			n += r.room()
		}
	}
	return max(0, min(n, l.o.Batch))
}

// look says whether rows wait to be taken out, reading only when something may have come.
func (l *line) look(ctx context.Context) bool {
	now := l.o.DB.Now()
	if l.stale.CompareAndSwap(true, false) {
		l.fresh, l.seen = true, 0
	}
	if len(l.active) > 0 && (!l.fresh || now-l.seen < 50_000 && now >= l.seen) {
		return true
	}
	if !l.fresh {
		return false
	}
	l.fresh = false
	active, err := l.o.waiting(ctx, l.lane)
	if err != nil {
		if ctx.Err() == nil {
			l.o.Log.Error("texts: the queue cannot be read", "lane", l.lane, "error", err)
		}
		return false
	}
	l.active, l.seen = active, now
	return len(active) > 0
}
