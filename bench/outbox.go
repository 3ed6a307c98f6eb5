package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp"
	"watchword/simulator/smsc"
)

// Goals of the outbox.
const (
	goalWire   = 25.0     // ms, p99 from a code's commit to its submit_sm
	goalOutbox = 20_000.0 // messages a second, durable, receipts included
)

// link is an outbox over one SMPP bind, window 100, to the simulated carrier in this process.
type link struct {
	db   *store.DB
	out  *sms.Outbox
	smsc *smsc.Server
	end  func() error
}

func (b *bench) link(name string, noReceipts bool, onMessage func(smsc.Message)) (*link, error) {
	dir, err := b.folder(name)
	if err != nil {
		return nil, err
	}
	l := &link{smsc: smsc.New(smsc.Options{Log: silent, OnMessage: onMessage})}
	at, err := l.smsc.Listen("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if l.db, err = store.Open(b.ctx, store.Options{URL: "sqlite:" + filepath.Join(dir, "watchword.db")}); err != nil {
		return nil, err
	}
	c := smpp.New(smpp.Options{Name: "sim", Address: at.String(), SystemID: "bench", Password: "bench", Window: 100, NoReceipts: noReceipts, Log: silent})
	l.out = sms.New(sms.Options{DB: l.db, Ring: secret.NewRing(), Log: silent, Carriers: []sms.Route{{Carrier: c}}})
	return l, nil
}

func (l *link) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- l.out.Run(ctx) }()
	l.end = func() error { cancel(); return <-ended }
}

func (l *link) close() error {
	var err error
	if l.end != nil {
		err = l.end()
	}
	l.smsc.Close()
	l.db.Close()
	return err
}

func (l *link) newID() id.Message { return id.Message(id.New("SM", l.db.Now())) }

// fill queues bulk texts of one segment.
func (l *link) fill(ctx context.Context, n int) error {
	for n > 0 {
		list := make([]sms.Outgoing, min(n, 1000))
		for i := range list {
			list[i] = sms.Outgoing{ID: l.newID(), Bucket: "ORacme", Lane: sms.Bulk, Sender: "ACME", To: fmt.Sprintf("+44770090%04d", (n+i)%10000),
				Text: "Spring sale: 20 % off everything until Sunday at Acme, 12 High Street. Reply STOP to opt out."}
		}
		if err := l.db.WriteBulk(ctx, func(tx *store.Tx) error { return l.out.QueueBulk(tx, list) }); err != nil {
			return err
		}
		n -= len(list)
	}
	return nil
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// outbox drains a queued campaign until every message has its recorded final state.
func (b *bench) outbox() error {
	r := &b.report
	r.section("Outbox (one SMPP bind, window 100, SQLite FULL; texts queued before the clock starts)")
	for _, c := range []struct {
		name       string
		noReceipts bool
	}{{"with receipts, each recorded", false}, {"raw drain, no receipts", true}} {
		rate, used, perCommit, err := b.drain(sized(b, 200_000, 60_000), c.noReceipts)
		if err != nil {
			return err
		}
		if c.noReceipts {
			r.fact(c.name+", messages a second", "%.0f", rate)
		} else {
			r.least(c.name+", messages a second", "%.0f", rate, goalOutbox)
		}
		r.fact("  processor time a message (carrier included), messages a commit", "%.0f us, %.0f", used, perCommit)
	}
	return nil
}

func (b *bench) drain(n int, noReceipts bool) (rate, used, perCommit float64, err error) {
	l, err := b.link(fmt.Sprint("outbox-", noReceipts), noReceipts, nil)
	if err != nil {
		return 0, 0, 0, err
	}
	defer l.close()
	if err := l.fill(b.ctx, n); err != nil {
		return 0, 0, 0, err
	}
	commits, _ := l.db.Counts()
	spent, begin := cpu(), time.Now()
	l.run(b.ctx)
	for {
		c := l.out.Counts()
		if !noReceipts && c.Delivered >= uint64(n) || noReceipts && c.Segments >= uint64(n) {
			break
		}
		if time.Since(begin) > 2*time.Minute {
			return 0, 0, 0, fmt.Errorf("not all texts have a final state after two minutes: %+v", c)
		}
		if err := b.wait(time.Millisecond); err != nil {
			return 0, 0, 0, err
		}
	}
	took := time.Since(begin)
	after, _ := l.db.Counts()
	return float64(n) / took.Seconds(), float64((cpu() - spent).Microseconds()) / float64(n), float64(n) / float64(after-commits), nil
}

// wire measures from the durable acceptance of a code to its submit_sm at the carrier: alone, and with a campaign of
// 100,000 texts being drained over the same bind.
func (b *bench) wire() error {
	var mu sync.Mutex
	at := map[string]chan time.Time{}
	l, err := b.link("wire", false, func(m smsc.Message) {
		if m.Priority == 0 {
			return
		}
		now := time.Now()
		mu.Lock()
		w := at[m.Text]
		mu.Unlock()
		if w != nil {
			w <- now
		}
	})
	if err != nil {
		return err
	}
	defer l.close()
	n := 0
	send := func() (time.Duration, error) {
		n++
		text := fmt.Sprintf("code %d", n)
		w := make(chan time.Time, 1)
		mu.Lock()
		at[text] = w
		mu.Unlock()
		m := sms.Outgoing{ID: l.newID(), Bucket: id.System, Lane: sms.System, Sender: "Watchword", To: "+447700900123", Finished: text}
		if err := l.db.Write(b.ctx, func(tx *store.Tx) error { return l.out.Queue(tx, m) }); err != nil {
			return 0, err
		}
		queued := time.Now()
		select {
		case t := <-w:
			return max(0, t.Sub(queued)), nil
		case <-time.After(20 * time.Second):
			return 0, fmt.Errorf("%s did not arrive", text)
		}
	}
	l.run(b.ctx)
	if _, err := send(); err != nil { // the bind is there
		return err
	}
	alone, err := b.sends(l, sized(b, 500, 150), send, 0)
	if err != nil {
		return err
	}
	if err := l.fill(b.ctx, 100_000); err != nil {
		return err
	}
	behind, err := b.sends(l, sized(b, 500, 150), send, 50_000)
	if err != nil {
		return err
	}
	r := &b.report
	r.section("Code accepted (durable) to submit_sm on the wire")
	r.fact("alone, p50", "%.2f ms", alone.at(0.5))
	r.most("alone, p99", "%.2f ms", alone.at(0.99), goalWire)
	r.fact("with 100,000 bulk texts queued before it and draining, p50", "%.2f ms", behind.at(0.5))
	r.most("with 100,000 bulk texts queued before it and draining, p99", "%.2f ms", behind.at(0.99), goalWire)
	return nil
}

// sends repeats a send, keeping at least so many bulk texts waiting.
func (b *bench) sends(l *link, n int, send func() (time.Duration, error), waiting int64) (all spread, err error) {
	for range n {
		if c := l.out.Counts(); waiting > 0 && int64(c.Queued)-int64(c.Claimed) < waiting {
			if err := l.fill(b.ctx, 100_000); err != nil {
				return nil, err
			}
		}
		took, err := send()
		if err != nil {
			return nil, err
		}
		all = append(all, took)
		if err := b.wait(2 * time.Millisecond); err != nil {
			return nil, err
		}
	}
	return all, nil
}
