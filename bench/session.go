package main

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// Goals of the session check.
const (
	goalChecks  = 10_000.0 // a second at 4 clients
	goalCheck   = 0.2      // ms, p50 at 1 client
	goalBesides = 5.0      // ms, p99 while 16 clients log in
)

// check asks GET /session over kept connections for so long.
func (t *town) check(clients int, long time.Duration) (all spread, err error) {
	var mu sync.Mutex
	var work sync.WaitGroup
	begin := time.Now()
	for i := range clients {
		work.Go(func() {
			times, e := t.checks(t.people[i], begin, long)
			mu.Lock()
			all, err = append(all, times...), errors.Join(err, e)
			mu.Unlock()
		})
	}
	work.Wait()
	return all, err
}

func (t *town) checks(x *person, begin time.Time, long time.Duration) (times spread, err error) {
	c, err := dial(t.place.listen)
	if err != nil {
		return nil, err
	}
	defer c.close()
	request, a := head("GET", "/session", host, sessionCookie+"="+x.session, ""), &answer{}
	times = make(spread, 0, 1<<16)
	for at := time.Now(); at.Sub(begin) < long; {
		if err := c.ask(request, nil, a); err != nil {
			return times, err
		}
		if a.status != 200 {
			return times, fmt.Errorf("the session check was answered %d: %s", a.status, a.body)
		}
		now := time.Now()
		times = append(times, now.Sub(at))
		at = now
	}
	return times, nil
}

func (b *bench) sessions() error {
	t, err := b.town("session")
	if err != nil {
		return err
	}
	defer t.close()
	if _, err := t.crowded(2, 8, nil); err != nil { // so that the first people have sessions
		return err
	}
	long := sized(b, 6*time.Second, 2*time.Second)
	if _, err := t.check(4, time.Second); err != nil { // warm
		return err
	}
	one, err := t.check(1, long)
	if err != nil {
		return err
	}
	four, err := t.check(4, long)
	if err != nil {
		return err
	}
	r := &b.report
	r.section("Session check (GET /session over kept connections)")
	r.fact("1 client", "%.0f a second", float64(len(one))/long.Seconds())
	r.most("1 client, p50", "%.3f ms", one.at(0.5), goalCheck)
	r.fact("1 client, p99", "%.3f ms", one.at(0.99))
	r.least("4 clients, a second", "%.0f", float64(len(four))/long.Seconds(), goalChecks)
	r.fact("4 clients, p50 and p99", "%.3f and %.3f ms", four.at(0.5), four.at(0.99))
	return b.sessionBeside(t)
}

// sessionBeside is one client's session checks while 16 others log in. They are people that have no session here yet.
func (b *bench) sessionBeside(t *town) error {
	others := *t
	others.people = t.people[100:]
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		_, err := others.crowded(16, 0, stop)
		done <- err
	}()
	if err := b.wait(time.Second); err != nil {
		return err
	}
	long := sized(b, 10*time.Second, 4*time.Second)
	one, err := t.check(1, long)
	close(stop)
	if err = errors.Join(err, <-done); err != nil {
		return err
	}
	r := &b.report
	r.fact("1 client while 16 clients log in, p50", "%.3f ms", one.at(0.5))
	r.most("1 client while 16 clients log in, p99", "%.2f ms", one.at(0.99), goalBesides)
	return nil
}
