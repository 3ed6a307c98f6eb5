package smpp

import (
	"math"
	"time"
)

// pacer decides when the next segment may leave. Without a configured rate it lets everything through until the carrier
// throttles; then it looks for the carrier's limit and stays just below it.
//
// The first throttle stops the bind for a moment and a single probe asks whether it may go on: a carrier that counts
// whole seconds refuses everything until the second is over, one with a token bucket has a token again at once. Then
// the rate is looked for between what was accepted (0.7 of the rate at least) and what was refused, and from there it
// creeps. A throttle while creeping costs one per cent, a second one at once more, a third stops again.
//
// It has no clock of its own and belongs to one goroutine.
type pacer struct {
	configured float64 // segments a second, 0: none
	rate       float64 // segments a second now, 0: no limit
	tokens     float64
	last       time.Time // of the tokens
	epoch      uint32    // answers to what was sent in an earlier epoch say nothing new

	until    time.Time     // paused until then
	pause    time.Duration // the present pause, doubling while probes are refused
	probe    probeState
	refusals int  // probes refused in a row
	strikes  int  // throttles since a rate last held
	coarse   bool // the carrier counts whole seconds

	phase    pacePhase
	low      float64 // passed
	high     float64 // refused; 0: not known
	step     float64 // the creep's next growth
	since    time.Time
	used     int // sent since then
	accepts  window
	rtt      time.Duration // smoothed
	fullMin  time.Duration
	fullMax  time.Duration
	fullNext time.Duration
}

type probeState int

const (
	noProbe probeState = iota
	probeDue
	probeOut
)

type pacePhase int

const (
	free   pacePhase = iota // no limit met yet
	search                  // between low and high
	verify                  // just below a rate that was refused after it had held for long
	creep                   // slowly up
)

const (
	firstPause   = 20 * time.Millisecond
	longestPause = 160 * time.Millisecond
	quantum      = 100 * time.Millisecond // how long a rate must hold in the search
	burstTime    = 4 * time.Millisecond   // tokens saved up at most
	firstStep    = 0.0004
	stepGrowth   = 1.08
	longestStep  = 0.005
	below        = 0.99 // of a refused rate
)

func newPacer(rate float64, fullMin, fullMax time.Duration) *pacer {
	p := &pacer{configured: rate, rate: rate, fullMin: fullMin, fullMax: fullMax, fullNext: fullMin}
	if rate > 0 {
		p.phase = creep
	}
	return p
}

// rebound forgets what was in flight on the session before.
func (p *pacer) rebound() {
	p.epoch++
	if p.probe == probeOut {
		p.probe = probeDue
	}
	p.since, p.used = time.Time{}, 0
}

// wait is how long to wait before the next segment: 0 for now, negative until an answer comes.
func (p *pacer) wait(now time.Time) time.Duration {
	if now.Before(p.until) {
		return p.until.Sub(now)
	}
	switch p.probe {
	case probeDue:
		return 0
	case probeOut:
		return -1
	}
	if p.rate <= 0 {
		return 0
	}
	p.adjust(now)
	burst := max(1, p.rate*burstTime.Seconds())
	p.tokens = min(burst, p.tokens+p.rate*now.Sub(p.last).Seconds())
	p.last = now
	if p.tokens >= 1 {
		return 0
	}
	return time.Duration((1-p.tokens)/p.rate*float64(time.Second)) + time.Microsecond
}

// spend takes the place that wait found, and returns the epoch to give back with the answer.
func (p *pacer) spend() uint32 {
	if p.probe == probeDue {
		p.probe = probeOut
		return p.epoch
	}
	if p.rate > 0 {
		p.tokens--
		p.used++
	}
	return p.epoch
}

// accepted notes a good answer (or any that is not about speed) to what was sent at a time.
func (p *pacer) accepted(now, sent time.Time, epoch uint32) {
	p.accepts.add(now)
	p.rtt += (now.Sub(sent) - p.rtt) / 8
	if epoch != p.epoch || p.probe != probeOut {
		return
	}
	p.probe = noProbe
	p.refusals = 0
	if p.phase == search && p.high == 0 && p.pause > 0 {
		p.rate = max(p.rate, 1/p.pause.Seconds())
	}
	p.pause = 0
	p.fullNext = p.fullMin
	p.tokens, p.last = 0, now
	p.since, p.used = now, 0
}

// lost notes a segment of which no answer will come, so that a lost probe does not stop the bind for good.
func (p *pacer) lost(epoch uint32) {
	if epoch == p.epoch && p.probe == probeOut {
		p.probe = probeDue
	}
}

// throttled notes ESME_RTHROTTLED.
func (p *pacer) throttled(now time.Time, epoch uint32) {
	if epoch != p.epoch {
		return
	}
	p.epoch++
	if p.probe == probeOut {
		p.refusals++
		p.pause = min(2*p.pause, max(longestPause, p.places(4)))
		if p.refusals == 2 && !p.coarse {
			p.coarse = true
			p.settle(max(1, float64(p.accepts.sum(now))))
		}
	} else {
		p.strikes++
		pause := p.phase == free || p.coarse || p.strikes > 2
		p.pause = max(firstPause, p.places(1))
		p.slower(now)
		if !pause {
			return // the carrier refuses one by one: a lower rate is enough, stopping would only lose time
		}
	}
	p.probe = probeDue
	p.until = now.Add(p.pause)
}

// slower lowers the rate after a refusal.
func (p *pacer) slower(now time.Time) {
	count := max(1, float64(p.accepts.sum(now)))
	p.step = firstStep
	switch {
	case p.phase == free && p.coarse:
		p.settle(count)
	case p.phase == free:
		p.phase, p.low, p.high = search, 0.7*count, 0
		p.rate = p.low
	case p.phase == creep:
		p.settle(p.rate)
	default:
		// What was accepted in the last second is the best guess; 0.7 bounds it when there was little to send.
		p.phase, p.high = search, p.rate
		p.low = min(max(0.7*p.rate, 0.99*count), below*p.rate)
		p.rate = p.low
	}
	p.since, p.used = now, 0
}

// places is the time that n segments take at the present rate.
func (p *pacer) places(n float64) time.Duration {
	if p.rate <= 0 {
		return 0
	}
	return time.Duration(n / p.rate * float64(time.Second))
}

// settle takes a rate for the limit and goes just below it.
func (p *pacer) settle(limit float64) {
	p.phase, p.high, p.low = verify, limit, below*limit
	p.rate = p.low
	p.step = firstStep
}

// adjust raises the rate when it has held for a quantum and was made use of.
func (p *pacer) adjust(now time.Time) {
	held := now.Sub(p.since)
	need := max(quantum, p.places(20), 3*p.rtt)
	switch {
	case p.phase == search && p.high == 0:
		need = max(quantum, p.places(4), 3*p.rtt)
	case p.phase == verify || p.coarse && p.phase == search:
		need = max(need, time.Second)
	}
	if held < need || p.since.IsZero() {
		if p.since.IsZero() {
			p.since = now
		}
		return
	}
	p.strikes = 0
	busy := float64(p.used) >= 0.8*p.rate*held.Seconds()
	p.since, p.used = now, 0
	if !busy {
		return
	}
	switch p.phase {
	case search:
		p.low = p.rate
		switch {
		case p.high == 0:
			p.rate *= 1.5
		case p.high-p.low < 0.015*p.high:
			p.phase, p.step = creep, firstStep
		default:
			p.rate = (p.low + p.high) / 2
		}
	case verify:
		p.phase, p.step = creep, firstStep
	case creep:
		p.rate *= 1 + p.step
		p.step = min(p.step*stepGrowth, longestStep)
	}
	if p.configured > 0 {
		p.rate = min(p.rate, p.configured)
	}
	p.rate = min(p.rate, math.MaxInt32)
}

// queueFull notes ESME_RMSGQFUL: the bind pauses, longer each time, and one segment probes.
func (p *pacer) queueFull(now time.Time, epoch uint32) {
	if epoch != p.epoch {
		return
	}
	p.epoch++
	p.probe = probeDue
	p.until = now.Add(p.fullNext)
	p.fullNext = min(2*p.fullNext, p.fullMax)
}
