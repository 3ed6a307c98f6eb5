package smsc_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp"
	"watchword/simulator/smsc"
)

// light acknowledges at once and only counts.
type light struct{ receipts atomic.Int64 }

func (l *light) Receipt(_ sms.Receipt, ack func(bool)) { l.receipts.Add(1); ack(true) }
func (l *light) Inbound(_ sms.Inbound, ack func(bool)) { ack(true) }
func (l *light) Late(string, sms.Outcome)              {}

// BenchmarkBind drains segments over one bind into a simulator in the same process. us/segment is the processor time of
// both sides together, the simulator's included.
func BenchmarkBind(b *testing.B) {
	for _, c := range []struct {
		window     int
		noReceipts bool
	}{{100, true}, {100, false}, {10, false}} {
		b.Run(fmt.Sprintf("window=%d/receipts=%v", c.window, !c.noReceipts), func(b *testing.B) {
			drain(b, smpp.Options{Window: c.window, NoReceipts: c.noReceipts}, smsc.Faults{})
		})
	}
}

// BenchmarkDistance shows the share of window/RTT that is used when the carrier is far away.
func BenchmarkDistance(b *testing.B) {
	for _, rtt := range []time.Duration{10 * time.Millisecond, 50 * time.Millisecond} {
		b.Run(rtt.String(), func(b *testing.B) {
			const window = 100
			rate := drain(b, smpp.Options{Window: window, NoReceipts: true}, smsc.Faults{DelayResponses: rtt})
			b.ReportMetric(100*rate/(window/rtt.Seconds()), "%of-window/RTT")
		})
	}
}

func drain(b *testing.B, co smpp.Options, f smsc.Faults) float64 {
	r := newRig(b, smsc.Options{}, co)
	r.stop()
	r.server.SetFaults(f)
	return r.drain(b, co, new(light))
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (r *rig) drain(b *testing.B, co smpp.Options, l *light) float64 {
	r.start(co, l)
	r.up()
	s := segment("k", "+447700900123", "Your code is 123456. It expires in 10 minutes. Do not share it.")
	s.Validity = 10 * time.Minute
	var wait sync.WaitGroup
	var lost atomic.Int64
	done := func(o sms.Outcome) {
		if o.Kind != sms.Accepted {
			lost.Add(1)
		}
		wait.Done()
	}
	b.ResetTimer()
	began, cpu := time.Now(), processorTime()
	for range b.N {
		wait.Add(1)
		r.carrier.Send(r.ctx, s, done)
	}
	wait.Wait()
	if !co.NoReceipts {
		for l.receipts.Load() < int64(b.N) && time.Since(began) < time.Minute {
			time.Sleep(100 * time.Microsecond)
		}
		if n := l.receipts.Load(); n < int64(b.N) {
			b.Errorf("%d receipts of %d", n, b.N)
		}
	}
	took := time.Since(began)
	b.StopTimer()
	if lost.Load() > 0 {
		b.Errorf("%d of %d not accepted", lost.Load(), b.N)
	}
	rate := float64(b.N) / took.Seconds()
	b.ReportMetric(rate, "segments/s")
	b.ReportMetric(float64((processorTime()-cpu).Microseconds())/float64(b.N), "us-cpu/segment")
	return rate
}
