package smpp

import (
	"fmt"
	"testing"
	"time"
)

// limiter is how a carrier counts.
type limiter interface{ allow(now time.Time) bool }

type bucket struct {
	rate, size, tokens float64
	last               time.Time
}

func (b *bucket) allow(now time.Time) bool {
	if b.last.IsZero() {
		b.tokens = b.size
	} else {
		b.tokens = min(b.size, b.tokens+b.rate*now.Sub(b.last).Seconds())
	}
	b.last = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

type wholeSeconds struct {
	rate   int
	second int64
	count  int
}

func (w *wholeSeconds) allow(now time.Time) bool {
	if s := now.Unix(); s != w.second {
		w.second, w.count = s, 0
	}
	if w.count >= w.rate {
		return false
	}
	w.count++
	return true
}

type sliding struct {
	rate int
	took []time.Time
}

func (s *sliding) allow(now time.Time) bool {
	for len(s.took) > 0 && now.Sub(s.took[0]) >= time.Second {
		s.took = s.took[1:]
	}
	if len(s.took) >= s.rate {
		return false
	}
	s.took = append(s.took, now)
	return true
}

// Proves the throttle figure of messaging.md part 4: at least 97 % of R used, under 1 % refused, in virtual time, for
// every way carriers count, from an unlimited start.
func TestPacerFindsTheLimit(t *testing.T) {
	for _, rate := range []int{30, 1000} {
		for _, rtt := range []time.Duration{time.Millisecond, 50 * time.Millisecond} {
			for name, make := range map[string]func() limiter{
				"bucket of a second":    func() limiter { return &bucket{rate: float64(rate), size: float64(rate)} },
				"bucket of a hundredth": func() limiter { return &bucket{rate: float64(rate), size: max(1, float64(rate)/100)} },
				"bucket of a tenth":     func() limiter { return &bucket{rate: float64(rate), size: float64(rate) / 10} },
				"whole seconds":         func() limiter { return &wholeSeconds{rate: rate} },
				"the last second":       func() limiter { return &sliding{rate: rate} },
			} {
				t.Run(fmt.Sprintf("%s %d per second, %v away", name, rate, rtt), func(t *testing.T) {
					length := max(time.Minute, time.Duration(20_000/rate)*time.Second)
					open := max(100, int(1.5*float64(rate)*rtt.Seconds()))
					accepted, refused := drive(newPacer(0, time.Second, time.Minute), make(), rtt, open, length)
					share := float64(accepted) / (float64(rate) * length.Seconds())
					part := float64(refused) / float64(accepted+refused)
					t.Logf("used %.1f %%, refused %.2f %%", 100*share, 100*part)
					if share < 0.97 || part >= 0.01 {
						t.Fail()
					}
				})
			}
		}
	}
}

// drive plays a busy bind in virtual time.
func drive(p *pacer, l limiter, rtt time.Duration, window int, length time.Duration) (accepted, refused int) {
	type flight struct {
		at    time.Time
		epoch uint32
		ok    bool
	}
	var flights []flight
	start := time.Unix(1_700_000_000, 300e6)
	now := start
	for now.Sub(start) < length {
		for len(flights) > 0 && !flights[0].at.After(now) {
			f := flights[0]
			flights = flights[1:]
			if f.ok {
				accepted++
				p.accepted(now, f.at.Add(-rtt), f.epoch)
			} else {
				refused++
				p.throttled(now, f.epoch)
			}
		}
		next := now.Add(20 * time.Microsecond)
		if len(flights) < window {
			if w := p.wait(now); w == 0 {
				flights = append(flights, flight{now.Add(rtt), p.spend(), l.allow(now.Add(rtt / 2))})
			} else if w > 0 {
				next = now.Add(max(w, 20*time.Microsecond))
			} else {
				next = flights[0].at
			}
		} else {
			next = flights[0].at
		}
		if len(flights) > 0 && flights[0].at.Before(next) && flights[0].at.After(now) {
			next = flights[0].at
		}
		now = next
	}
	return accepted, refused
}
