package sms_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp"
	"watchword/simulator/smsc"
)

var silent = slog.New(slog.NewTextHandler(io.Discard, nil))

// link is an outbox over one SMPP bind to a simulated carrier in the same process, on SQLite with synchronous=FULL.
func link(b testing.TB, db *store.DB, window int, f smsc.Faults, noReceipts bool, onMessage func(smsc.Message)) *sms.Outbox {
	b.Helper()
	server := smsc.New(smsc.Options{Log: silent, OnMessage: onMessage})
	at, err := server.Listen("127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { server.Close() })
	server.SetFaults(f)
	c := smpp.New(smpp.Options{Name: "sim", Address: at.String(), SystemID: "w", Password: "w", Window: window, NoReceipts: noReceipts, Log: silent})
	return sms.New(sms.Options{DB: db, Ring: ring, Log: silent, Carriers: []sms.Route{{Carrier: c}}})
}

func fill(b testing.TB, db *store.DB, o *sms.Outbox, n int) {
	b.Helper()
	for n > 0 {
		k := min(n, 1000)
		list := make([]sms.Outgoing, k)
		for i := range list {
			list[i] = bulk(db, fmt.Sprintf("+44770090%04d", (n+i)%10000))
			list[i].Text = "Spring sale: 20 % off everything until Sunday at Acme, 12 High Street. Reply STOP to opt out."
		}
		if err := db.WriteBulk(context.Background(), func(tx *store.Tx) error { return o.QueueBulk(tx, list) }); err != nil {
			b.Fatal(err)
		}
		n -= k
	}
}

func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkOutbox drains queued messages over one bind, window 100, until every one has its final recorded state:
// claimed durably, submitted, response and receipt committed, receipt acknowledged after that. The simulated carrier
// runs on the same cores. Texts are queued before the clock starts.
func BenchmarkOutbox(b *testing.B) {
	for _, c := range []struct {
		name       string
		faults     smsc.Faults
		noReceipts bool
	}{
		{"receipts", smsc.Faults{}, false},
		{"receipts-2s-later", smsc.Faults{DelayReceipts: 2 * time.Second}, false},
		{"no-receipts", smsc.Faults{}, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			db := storetest.OpenSQLite(b)
			o := link(b, db, 100, c.faults, c.noReceipts, nil)
			fill(b, db, o, b.N)
			commits, _ := db.Counts()
			used := cpu()
			b.ResetTimer()
			run(b, o)
			for end := time.Now().Add(12 * time.Second); ; {
				n := o.Counts()
				if time.Now().After(end) {
					b.Fatalf("not all texts have a final state after a minute: %+v", n)
				}
				if !c.noReceipts && n.Delivered >= uint64(b.N) || c.noReceipts && n.Segments >= uint64(b.N) {
					break
				}
				time.Sleep(time.Millisecond)
			}
			b.StopTimer()
			used = cpu() - used
			after, _ := db.Counts()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msgs/s")
			b.ReportMetric(float64(used.Microseconds())/float64(b.N), "cpu-us/msg")
			b.ReportMetric(float64(b.N)/float64(after-commits), "msgs/commit")
		})
	}
}

// BenchmarkCodeBehindCampaign measures from the return of the transaction that queued a code to its submit_sm at the
// carrier, with 100,000 bulk texts being drained over the same bind.
func BenchmarkCodeBehindCampaign(b *testing.B) {
	db := storetest.OpenSQLite(b)
	var mu sync.Mutex
	at := map[string]time.Time{}
	o := link(b, db, 100, smsc.Faults{}, false, func(m smsc.Message) {
		if m.Priority > 0 {
			mu.Lock()
			at[m.Text] = time.Now()
			mu.Unlock()
		}
	})
	fill(b, db, o, 100_000)
	run(b, o)
	for o.Counts().Segments < 2000 {
		time.Sleep(time.Millisecond)
	}
	b.ResetTimer()
	var waits []time.Duration
	for i := range b.N {
		m := sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System, Sender: "Watchword", To: "+447700900123", Finished: fmt.Sprintf("code %d", i)}
		queue(b, db, o, m)
		queued := time.Now()
		for {
			mu.Lock()
			t, ok := at[m.Finished]
			mu.Unlock()
			if ok {
				waits = append(waits, max(0, t.Sub(queued)))
				break
			}
			time.Sleep(100 * time.Microsecond)
		}
		if o.Counts().Waiting < 5000 {
			b.StopTimer()
			fill(b, db, o, 50_000)
			b.StartTimer()
		}
	}
	b.StopTimer()
	slices.Sort(waits)
	b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "p99-ms")
}
