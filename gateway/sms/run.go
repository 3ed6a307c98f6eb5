package sms

import (
	"context"
	"sync"
	"time"

	"watchword/base/store"
)

// Run connects the carriers, sends what is queued and records what comes back, until ctx ends. Then it takes nothing
// more out, waits for what is in flight, records it and puts the rest back: nothing accepted is lost.
func (o *Outbox) Run(ctx context.Context) error {
	if !o.running.CompareAndSwap(false, true) {
		return ErrRunning
	}
	defer o.running.Store(false)
	o.bulk, o.system = newLine(o, Bulk), newLine(o, System)
	o.stopping = ctx
	if err := o.arrive(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // stopped before it began
		}
		return err
	}

	var claiming, lines, feeders, carriers, keepers sync.WaitGroup
	recorded, finish := context.WithCancel(context.Background()) // ends when everything is recorded
	defer finish()
	quit := make(chan struct{})
	for _, l := range []*line{o.bulk, o.system} {
		claiming.Add(1)
		lines.Go(func() { l.run(ctx, claiming.Done, quit) })
	}
	connected, disconnect := context.WithCancel(context.Background())
	defer disconnect()
	for _, r := range o.routes {
		feeders.Go(func() { o.feed(ctx, r) })
		carriers.Go(func() { o.connect(connected, r) })
	}
	keepers.Go(func() { o.watch(ctx) })
	keepers.Go(func() { o.keep(recorded) })
	keepers.Go(func() { o.storeInbound(recorded) })

	<-ctx.Done()
	claiming.Wait() // what was being taken out when the stop came still gets a sender, or a way back
	feeders.Wait()
	for _, r := range o.routes {
		for _, j := range r.drain() {
			o.over(j, StateQueued, 1, "")
		}
	}
	disconnect() // carriers answer for everything in flight before they return
	carriers.Wait()
	o.senders.Wait()
	close(quit)
	lines.Wait()
	finish()
	keepers.Wait()
	return o.leave()
}

// connect runs one carrier; one that ends by itself is started again after a while.
func (o *Outbox) connect(ctx context.Context, r *route) {
	for {
		err := r.Carrier.Run(ctx, &arrivals{o, r})
		if ctx.Err() != nil {
			return
		}
		o.Log.Error("texts: a carrier stopped by itself", "carrier", r.name, "error", err)
		select {
		case <-time.After(10 * time.Second):
		case <-ctx.Done():
			return
		}
	}
}

func (o *Outbox) line(lane Lane) *line {
	if lane == System {
		return o.system
	}
	return o.bulk
}

// refresh makes the line look for rows at once.
func (l *line) refresh() {
	l.stale.Store(true)
	l.poke()
}

// arrivals is what one carrier delivers to.
type arrivals struct {
	o *Outbox
	r *route
}

// Receipt queues a receipt for the lane of its message; it is acknowledged after the commit.
func (a *arrivals) Receipt(rc Receipt, ack func(bool)) {
	e := a.o.recent.find(a.r.name, &rc)
	lane := Bulk
	if e != nil {
		lane = e.lane
	}
	a.o.line(lane).put(event{kind: receiptCame, receipt: &rc, carrier: a.r.name, entry: e, ack: ack})
}

// Inbound queues a message from a phone.
func (a *arrivals) Inbound(m Inbound, ack func(bool)) {
	a.o.inbox.put(arrived{m, a.r.name, ack})
}

// Late takes in a response after its time-out.
func (a *arrivals) Late(key string, out Outcome) {
	lane, bucket, id, part, ok := splitKey(key)
	if !ok || out.Kind == Unknown {
		return
	}
	e := event{kind: lateCame, key: key, carrier: a.r.name, carrierID: out.CarrierID, reason: "late_" + out.Reason,
		state: StateFailed}
	if !out.At.IsZero() {
		e.sentAt = out.At.Add(a.o.DB.Clock().Offset()).UnixMicro()
	}
	if out.Kind == Accepted {
		e.state, e.reason = StateSent, ""
		a.o.count.segments.Add(1)
		if out.CarrierID != "" {
			e.entry = &entry{lane: lane, bucket: bucket, id: id, part: part, carrierID: out.CarrierID}
			a.o.recent.add(matchKey(a.r.name, idKey(out.CarrierID)), e.entry)
		}
	}
	a.o.line(lane).put(e)
}

// leave takes the process off the list, so that others need not wait for its lease to end.
func (o *Outbox) leave() error {
	if o.DB.Engine() == store.SQLite {
		return nil
	}
	return o.DB.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM sms_process WHERE process = $1`, o.process)
		return err
	})
}
