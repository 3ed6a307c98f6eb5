package sms

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// How long a bulk message waits when other routes are up but none reaches its number: shortly at first, because routes
// come up one after the other.
const (
	firstNoRoute = time.Second
	nextNoRoute  = 5 * time.Second
)

// dispatch gives jobs to the routes. It is called by the line's loop and returns at once.
func (o *Outbox) dispatch(ctx context.Context, l *line, jobs []*job) {
	if len(jobs) == 0 {
		return
	}
	if l.lane == System {
		o.senders.Add(1)
		go func() {
			defer o.senders.Done()
			o.dispatchSystem(ctx, jobs)
		}()
		return
	}
	now := o.DB.Now()
	for _, j := range jobs {
		o.dispatchBulk(ctx, j, now)
	}
}

func (o *Outbox) dispatchBulk(ctx context.Context, j *job, now int64) {
	if ctx.Err() != nil {
		o.over(j, StateQueued, 1, j.reason)
		return
	}
	if !j.inTime(now) {
		o.over(j, StateExpired, 0, reasonTooLate)
		return
	}
	r := o.pick(j)
	switch {
	case r == nil:
		wait := firstNoRoute
		if j.reason == reasonNoRoute {
			wait = nextNoRoute
		}
		o.over(j, StateQueued, now+wait.Microseconds(), reasonNoRoute)
	case !j.cut(r, now):
		o.over(j, StateFailed, 0, reasonText)
	default:
		r.push(j, false)
	}
}

// feed hands a route's bulk jobs to its carrier, one after the other, within bulk's share of the window.
func (o *Outbox) feed(ctx context.Context, r *route) {
	for {
		j, up := r.next(ctx)
		if j == nil {
			return
		}
		if !j.inTime(o.DB.Now()) && !j.begun() {
			r.leave()
			o.over(j, StateExpired, 0, reasonTooLate)
			continue
		}
		o.submit(up, r, j)
	}
}

// begun says whether any part is at the carrier already: then the rest follows, however late.
func (j *job) begun() bool {
	for i := range j.parts {
		if j.parts[i].over {
			return true
		}
	}
	return false
}

// submit hands over what is left of a bulk job; the last outcome settles it.
func (o *Outbox) submit(ctx context.Context, r *route, j *job) {
	var left atomic.Int32
	for i := range j.parts {
		if !j.parts[i].over {
			left.Add(1)
		}
	}
	if left.Load() == 0 {
		r.leave()
		o.answer(j, r)
		return
	}
	if !j.concat {
		o.submitPart(ctx, r, j, 0, func() { o.settle(ctx, r, j) })
		return
	}
	for i := range j.parts {
		if j.parts[i].over {
			continue
		}
		o.submitPart(ctx, r, j, i, func() {
			if left.Add(-1) == 0 {
				o.settle(ctx, r, j)
			}
		})
	}
}

func (o *Outbox) submitPart(ctx context.Context, r *route, j *job, i int, done func()) {
	p := &j.parts[i]
	select {
	case r.share <- struct{}{}:
	case <-ctx.Done():
		p.outcome = Outcome{Kind: NotSent, Reason: "route_down"}
		done()
		return
	}
	r.Carrier.Send(ctx, p.segment, func(out Outcome) {
		<-r.share
		p.outcome = out
		o.partAnswered(j, i, r)
		done()
	})
}

// partAnswered records one part of a concatenated message, unless it will be sent again.
func (o *Outbox) partAnswered(j *job, i int, r *route) {
	p := &j.parts[i]
	if !j.concat {
		return
	}
	e := event{kind: partOver, job: j, part: i + 1, carrier: r.name, reason: p.outcome.Reason}
	if !p.outcome.At.IsZero() {
		e.sentAt = p.outcome.At.Add(o.DB.Clock().Offset()).UnixMicro()
	}
	switch {
	case p.outcome.Kind == Accepted:
		e.state, e.carrierID, e.entry = StateSent, p.outcome.CarrierID, o.remember(j, i+1, r)
	case p.outcome.Kind == Unknown && !(r.Requeue && j.lane == Bulk):
		e.state = StateUnknown
	case p.outcome.Kind == Rejected:
		e.state = StateFailed
		o.line(j.lane).put(e)
		return
	default:
		return
	}
	p.over = true
	o.line(j.lane).put(e)
}

// throttlePause keeps a route's bulk back for a moment where a carrier does not pause itself.
const throttlePause = 10 * time.Millisecond

// settle ends a bulk job at a route. What was throttled goes back to the head of the same route, in memory: it is
// still taken out, so nothing needs to be written.
func (o *Outbox) settle(ctx context.Context, r *route, j *job) {
	again := false
	for i := range j.parts {
		p := &j.parts[i]
		if p.over {
			continue
		}
		switch p.outcome.Kind {
		case Throttled, QueueFull:
			again = true
		case Accepted:
		default:
			r.leave()
			o.answer(j, r)
			return
		}
	}
	if again && ctx.Err() == nil {
		o.count.putBack.Add(1)
		r.mu.Lock()
		r.pause = time.Now().Add(throttlePause)
		r.mu.Unlock()
		r.push(j, true)
		return
	}
	r.leave()
	o.answer(j, r)
}

// again sends a job by another route, after a rejection that was the route's.
func (o *Outbox) again(j *job, r *route) {
	if j.lane == Bulk {
		o.dispatchBulk(o.stopping, j, o.DB.Now())
		return
	}
	o.senders.Add(1)
	go func() {
		defer o.senders.Done()
		o.sendSystem(o.stopping, j)
	}()
}

// dispatchSystem opens and renders codes and notices, in memory only, and sends each by itself.
func (o *Outbox) dispatchSystem(ctx context.Context, jobs []*job) {
	ready := o.render(ctx, jobs)
	for _, j := range ready {
		o.senders.Add(1)
		go func() {
			defer o.senders.Done()
			o.sendSystem(ctx, j)
		}()
	}
}

// sendSystem tries the routes one after the other until one takes the message; then its answer counts.
func (o *Outbox) sendSystem(ctx context.Context, j *job) {
	if j.tried == nil {
		j.tried = map[*route]bool{}
	}
	reason := reasonNoRoute
	for ctx.Err() == nil {
		now := o.DB.Now()
		if !j.inTime(now) {
			o.over(j, StateExpired, 0, reasonTooLate)
			return
		}
		r := o.pick(j)
		if r == nil {
			break
		}
		if !j.cut(r, now) {
			o.over(j, StateFailed, 0, reasonText)
			return
		}
		alternative := o.elsewhere(j, r)
		o.sendParts(ctx, r, j, alternative)
		if !untouched(j) {
			o.answer(j, r)
			return
		}
		reason = j.parts[0].outcome.Reason
	}
	o.count.putBack.Add(1)
	due := o.DB.Now() + 100_000
	if ctx.Err() != nil {
		due = 1
	}
	o.over(j, StateQueued, due, reason)
}

// untouched says that the carrier took nothing of it and that it may go anywhere else.
func untouched(j *job) bool {
	for i := range j.parts {
		p := &j.parts[i]
		if k := p.outcome.Kind; p.over || k != NotSent && k != Throttled && k != QueueFull {
			return false
		}
	}
	return true
}

// sendParts hands over all parts and waits for their outcomes. Where another route could help, this one has SystemWait
// to take them; otherwise they wait until the message expires.
func (o *Outbox) sendParts(ctx context.Context, r *route, j *job, alternative bool) {
	wait := o.SystemWait
	if !alternative {
		wait = time.Minute
		if j.expires > 0 {
			wait = time.Duration(j.expires-o.DB.Now()) * time.Microsecond
		}
	}
	r.mu.Lock()
	up := r.ctx
	r.mu.Unlock()
	send, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	defer context.AfterFunc(up, cancel)()
	var all sync.WaitGroup
	for i := range j.parts {
		if j.parts[i].over {
			continue
		}
		all.Add(1)
		r.Carrier.Send(send, j.parts[i].segment, func(out Outcome) {
			j.parts[i].outcome = out
			o.partAnswered(j, i, r)
			all.Done()
		})
	}
	all.Wait()
}
