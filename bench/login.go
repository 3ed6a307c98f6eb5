package main

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Goals of logging in.
const (
	goalShare   = 85.0 // % of what argon2 alone allows, 16 clients
	goalCommits = 4    // durable commits beside the hash, and goalOwn ms
	goalOwn     = 2.0
)

// crowded lets clients log people in, one after the other, n in all or until until is closed (n 0: without end). Those
// that are refused as too busy are counted in t.busy and not in times.
func (t *town) crowded(clients, n int, until <-chan struct{}) (times spread, err error) {
	var next atomic.Int64
	var mu sync.Mutex
	var work sync.WaitGroup
	for range clients {
		work.Go(func() {
			c, e := dial(t.place.listen)
			for e == nil {
				i := int(next.Add(1)) - 1
				if n > 0 && i >= n || closed(until) {
					break
				}
				var took time.Duration
				took, e = t.people[i%len(t.people)].logIn(c, t.phones)
				mu.Lock()
				if errors.Is(e, errBusy) {
					t.busy++
					e = nil
				} else if e == nil {
					times = append(times, took)
				}
				mu.Unlock()
			}
			if c != nil {
				c.close()
			}
			mu.Lock()
			err = errors.Join(err, e)
			mu.Unlock()
		})
	}
	work.Wait()
	return times, err
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (b *bench) logins() error {
	t, err := b.town("login")
	if err != nil {
		return err
	}
	defer t.close()
	r := &b.report
	r.section("Log-in (password and code by SMS, whole flow over HTTP; SMPP to the simulated carrier)")
	if _, err := t.crowded(4, 40, nil); err != nil { // warm
		return err
	}
	alone, err := t.crowded(1, sized(b, 150, 40), nil)
	if err != nil {
		return err
	}
	n := sized(b, 1000, 300)
	begin, used := time.Now(), t.server.cpu()
	all, err := t.crowded(16, n, nil)
	if err != nil {
		return err
	}
	rate := float64(len(all)) / time.Since(begin).Seconds()
	r.fact("16 clients", "%.1f a second, p50 %.0f ms, p99 %.0f ms, %d refused", rate, all.at(0.5), all.at(0.99), t.busy)
	r.fact("  processor time of the server a log-in, its hash included", "%.1f ms", ms(t.server.cpu()-used)/float64(len(all)))
	share, beside := 100*rate/b.limits.Hashes, alone.at(0.5)-b.limits.Hash
	if share > 100 || beside < 0 {
		// Nobody hashes faster than the machine: something else held it up while its limits were measured.
		r.fact("16 clients, share of what argon2 alone allows", "%.1f %%: the machine was not steady, no verdict", share)
		r.fact("1 client, p50 beside the hash", "%.2f ms: the machine was not steady, no verdict", beside)
		return b.memoryAfter(t, n)
	}
	r.least("16 clients, share of what argon2 alone allows", "%.1f %%", share, goalShare)
	r.fact("1 client, p50 and p99", "%.1f and %.1f ms", alone.at(0.5), alone.at(0.99))
	r.most("1 client, p50 beside the hash (4 durable commits + 2 ms)", "%.2f ms", beside, goalCommits*b.limits.durable()+goalOwn)
	return b.memoryAfter(t, n)
}

// memoryAfter reads the memory once a quiet time has passed, and its peak while 200 log in at once.
func (b *bench) memoryAfter(t *town, n int) error {
	wait := sized(b, 75*time.Second, 50*time.Second)
	if b.long {
		wait = 5 * time.Minute
	}
	b.say("quiet for " + wait.String())
	if err := b.wait(wait); err != nil {
		return err
	}
	b.report.most(fmt.Sprintf("memory after %d log-ins and %s of quiet", n, wait), "%.1f MB", t.memory("VmRSS"), goalAfter)
	if err := t.forgetPeak(); err != nil {
		return err
	}
	t.busy = 0
	if _, err := t.crowded(200, 400, nil); err != nil {
		return err
	}
	b.report.most("most memory while 200 log in at once", "%.1f MB", t.memory("VmHWM"), goalPeak)
	b.report.fact("  of 400 log-ins refused as too busy", "%d", t.busy)
	return nil
}
