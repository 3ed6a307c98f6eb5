package sms

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// route is a Route at work.
type route struct {
	Route
	name string
	up   atomic.Bool

	mu       sync.Mutex
	queue    []*job // bulk, cut and waiting for the wire
	load     int    // bulk jobs in the queue or without an outcome
	finished int    // since the last look at the speed
	speed    float64
	ctx      context.Context // ends when the carrier goes down or the outbox stops
	cancel   context.CancelFunc
	pause    time.Time // nothing of bulk before, after a throttle

	wake  chan struct{}
	share chan struct{} // places of the window that bulk may use
}

func newRoute(r Route) *route {
	if r.NextOn == nil {
		r.NextOn = DefaultNextOn
	}
	rt := &route{Route: r, name: r.Carrier.Name(), wake: make(chan struct{}, 1)}
	rt.ctx, rt.cancel = context.WithCancel(context.Background())
	rt.cancel()
	window := r.Carrier.Health().Window
	if window <= 0 {
		window = 10
	}
	reserve := 0
	if window > 1 && rt.carries(System) {
		reserve = max(1, window/10) // codes never find the window full of campaigns
	}
	rt.share = make(chan struct{}, window-reserve)
	return rt
}

func (r *route) carries(l Lane) bool { return len(r.Lanes) == 0 || slices.Contains(r.Lanes, l) }

// reaches says whether the route serves a number; to may be empty when only the country is known.
func (r *route) reaches(to, country string) bool {
	if len(r.Countries) == 0 {
		return true
	}
	for _, c := range r.Countries {
		if c == country && c != "" || len(c) > 1 && c[0] == '+' && len(to) >= len(c) && to[:len(c)] == c {
			return true
		}
	}
	return false
}

// byCountry says whether any entry is an ISO code, so that the country of a number must be known.
func (r *route) byCountry() bool {
	return slices.ContainsFunc(r.Countries, func(c string) bool { return c != "" && c[0] != '+' })
}

// ahead is how long a route's stock of jobs should last, so that the line never runs dry between two turns.
const ahead = 40 * time.Millisecond

// room is how many bulk messages the route can take in now. Small gaps are left to grow, so that claims stay large.
func (r *route) room() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	target := min(4096, max(8, 2*cap(r.share)+int(r.speed*ahead.Seconds())))
	n := target - r.load
	if n < target/4 {
		return 0
	}
	return n
}

// push queues a job at the end, or at the head when it comes back.
func (r *route) push(j *job, head bool) {
	r.mu.Lock()
	if head {
		r.queue = append([]*job{j}, r.queue...)
	} else {
		r.queue = append(r.queue, j)
		r.load++
	}
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// leave notes that a job is no longer the route's.
func (r *route) leave() {
	r.mu.Lock()
	r.load--
	r.finished++
	r.mu.Unlock()
}

// next waits for a job; nil when ctx ends.
func (r *route) next(ctx context.Context) (*job, context.Context) {
	for {
		r.mu.Lock()
		wait := time.Until(r.pause)
		if len(r.queue) > 0 && wait <= 0 {
			j := r.queue[0]
			r.queue[0] = nil
			r.queue = r.queue[1:]
			c := r.ctx
			r.mu.Unlock()
			return j, c
		}
		queued := len(r.queue) > 0
		r.mu.Unlock()
		var timer <-chan time.Time
		if queued {
			timer = time.After(wait)
		}
		select {
		case <-r.wake:
		case <-timer:
		case <-ctx.Done():
			return nil, nil
		}
	}
}

// drain takes everything that waits.
func (r *route) drain() []*job {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.queue
	r.queue = nil
	r.load -= len(q)
	return q
}

// watch follows the carriers' health: a route that goes down gives its jobs back at once, one that comes up gets work.
func (o *Outbox) watch(ctx context.Context) {
	const every = 50 * time.Millisecond
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		changed := false
		for _, r := range o.routes {
			r.mu.Lock()
			r.speed += 0.2 * (float64(r.finished)/every.Seconds() - r.speed)
			r.finished = 0
			r.mu.Unlock()
			up := r.Carrier.Health().Up
			if up == r.up.Load() {
				continue
			}
			changed = true
			if up {
				r.mu.Lock()
				r.ctx, r.cancel = context.WithCancel(ctx)
				r.mu.Unlock()
				r.up.Store(true)
				continue
			}
			r.up.Store(false)
			r.cancel()
			for _, j := range r.drain() {
				o.over(j, StateQueued, 1, "")
			}
		}
		if changed {
			o.system.refresh()
			o.bulk.refresh()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// pick finds the route for a job: up, of its lane and country, the lowest priority number, the least loaded. One that
// was tried comes last; a message of which a part was taken stays with its carrier.
func (o *Outbox) pick(j *job) *route {
	var best *route
	var bestRank [3]int
	for _, r := range o.routes {
		if !r.up.Load() || !r.carries(j.lane) || j.tried[r] || len(j.answered) > 0 && r.name != j.pinned {
			continue
		}
		if r.byCountry() && j.country == "" {
			j.country = o.countries.of(j.to)
		}
		if !r.reaches(j.to, j.country) {
			continue
		}
		r.mu.Lock()
		rank := [3]int{0, r.Priority, r.load * 1000 / cap(r.share)}
		r.mu.Unlock()
		if r.name == j.pinned && len(j.answered) == 0 {
			rank[0] = 1
		}
		if best == nil || slices.Compare(rank[:], bestRank[:]) < 0 {
			best, bestRank = r, rank
		}
	}
	return best
}

// elsewhere says whether a route beside r could take the job.
func (o *Outbox) elsewhere(j *job, r *route) bool {
	if j.tried == nil {
		j.tried = map[*route]bool{}
	}
	j.tried[r] = true
	return o.pick(j) != nil
}
