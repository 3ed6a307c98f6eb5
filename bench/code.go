package main

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/guard"
	"watchword/code/wording"
	"watchword/house"
)

// Goals of one-time codes.
const (
	goalCodes       = 1500.0 // a second at 16 clients
	goalCodeCommits = 2      // durable commits for start and check, and goalCodeOwn ms
	goalCodeOwn     = 1.0
)

// codes starts and checks codes through the engine, as log-in does: the sending guard, the budget of failures, the
// audit log and the durable queueing of the text included. Nothing is sent meanwhile.
func (b *bench) codes() error {
	p, err := b.place("code", "")
	if err != nil {
		return err
	}
	defer untuned()()
	h, err := open(b.ctx, p)
	if err != nil {
		return err
	}
	defer h.Close()
	var next atomic.Int64
	if _, _, err := b.manyCodes(h, &next, 4, 200); err != nil { // warm
		return err
	}
	one, _, err := b.manyCodes(h, &next, 1, sized(b, 600, 200))
	if err != nil {
		return err
	}
	n := sized(b, 6000, 2000)
	many, rate, err := b.manyCodes(h, &next, 16, n)
	if err != nil {
		return err
	}
	r := &b.report
	r.section("One-time code, start and check through the engine (SQLite FULL)")
	r.least("16 clients, a second", "%.0f", rate, goalCodes)
	r.fact("16 clients, p50 and p99", "%.2f and %.2f ms", many.at(0.5), many.at(0.99))
	r.most("1 client, p50 (2 durable commits + 1 ms)", "%.2f ms", one.at(0.5), goalCodeCommits*b.limits.durable()+goalCodeOwn)
	return nil
}

func (b *bench) manyCodes(h *house.House, next *atomic.Int64, clients, n int) (times spread, rate float64, err error) {
	var mu sync.Mutex
	var work sync.WaitGroup
	last := next.Load() + int64(n)
	begin := time.Now()
	for range clients {
		work.Go(func() {
			for {
				i := next.Add(1)
				if i > last {
					return
				}
				took, e := b.oneCode(h, i)
				mu.Lock()
				times, err = append(times, took), errors.Join(err, e)
				mu.Unlock()
				if e != nil {
					return
				}
			}
		})
	}
	work.Wait()
	return times, float64(n) / time.Since(begin).Seconds(), err
}

// oneCode is the time of reading the number, of start and of check; reading the code in between, as the outbox does, counts
// in the rate only.
func (b *bench) oneCode(h *house.House, i int64) (time.Duration, error) {
	who := access.Actor{Kind: access.KindVisitor}
	q := challenge.Request{Organisation: id.System, Purpose: wording.Login, Subject: fmt.Sprint("PR", i), Binding: "LG", Channel: guard.SMS,
		Confirmed: true, Language: "en", Zone: "UTC"}
	var s challenge.Started
	begin := time.Now()
	var err error
	if q.Number, err = phone.Parse(fmt.Sprintf("+44770090%04d", i%10000), "GB"); err != nil {
		return 0, err
	}
	err = h.DB.Write(b.ctx, func(tx *store.Tx) (err error) { s, err = h.Codes.Start(tx, who, q); return err })
	took := time.Since(begin)
	if err == nil && s.Refused != nil {
		err = s.Refused
	}
	if err != nil {
		return 0, err
	}
	ref := string(id.System) + "." + string(s.Challenge.ID)
	texts, err := h.Codes.RenderTexts(b.ctx, []string{ref})
	if err != nil {
		return 0, err
	}
	g := bound.FindStringSubmatch(texts[ref].Text)
	if g == nil {
		return 0, fmt.Errorf("no code in %q", texts[ref].Text)
	}
	var v challenge.Verdict
	begin = time.Now()
	err = h.DB.Write(b.ctx, func(tx *store.Tx) (err error) {
		v, err = h.Codes.Check(tx, who, id.System, s.Challenge.ID, "LG", g[1])
		return err
	})
	took += time.Since(begin)
	if err == nil && !v.OK {
		err = fmt.Errorf("the right code was refused: %s", v.Reason)
	}
	return took, err
}
