package smsc_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"strings"
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

// TestMain lets the test's own binary be the simulator of a benchmark, so that the processor time of both sides can be
// told apart.
func TestMain(m *testing.M) {
	if text, ok := os.LookupEnv("WATCHWORD_SIMULATOR_FAULTS"); ok {
		serveFaults(text)
		return
	}
	os.Exit(m.Run())
}

func serveFaults(text string) {
	var f smsc.Faults
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		log.Fatal(err)
	}
	s := smsc.New(smsc.Options{Log: slog.New(slog.DiscardHandler)})
	s.SetFaults(f)
	addr, err := s.Listen("127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(addr)
	io.Copy(io.Discard, os.Stdin)
	json.NewEncoder(os.Stdout).Encode(s.Stats())
	s.Close()
}

// apart starts the simulator as a process of its own and gives its address; stop ends it and gives its sums.
func apart(b *testing.B, f smsc.Faults) (address string, stop func() smsc.Stats) {
	text, err := json.Marshal(f)
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "WATCHWORD_SIMULATOR_FAULTS="+string(text))
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { stdin.Close(); cmd.Wait() })
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(line), func() (s smsc.Stats) {
		stdin.Close()
		if err := json.NewDecoder(lines).Decode(&s); err != nil {
			b.Error(err)
		}
		return s
	}
}

// BenchmarkBind drains segments over one bind into a simulator in a process of its own on the same machine.
// us-cpu/segment is the processor time of the client's side alone.
func BenchmarkBind(b *testing.B) {
	for _, c := range []struct {
		window     int
		noReceipts bool
	}{{100, true}, {100, false}, {10, true}, {10, false}} {
		b.Run(fmt.Sprintf("window=%d/receipts=%v", c.window, !c.noReceipts), func(b *testing.B) {
			drain(b, smpp.Options{Window: c.window, NoReceipts: c.noReceipts}, smsc.Faults{})
		})
	}
}

// BenchmarkDistance shows the share of window/RTT that is used when the carrier is far away: once with the RTT as it was
// asked for, once with the time that the simulator really kept each submission (timers and a busy machine add to it).
func BenchmarkDistance(b *testing.B) {
	for _, rtt := range []time.Duration{10 * time.Millisecond, 50 * time.Millisecond} {
		for _, window := range []int{10, 100} {
			b.Run(fmt.Sprintf("%v/window=%d", rtt, window), func(b *testing.B) {
				rate, stats := drain(b, smpp.Options{Window: window, NoReceipts: true}, smsc.Faults{DelayResponses: rtt})
				b.ReportMetric(100*rate/(float64(window)/rtt.Seconds()), "%of-window/asked")
				b.ReportMetric(100*rate/(float64(window)/stats.Residence.Seconds()), "%of-window/kept")
			})
		}
	}
}

func drain(b *testing.B, co smpp.Options, f smsc.Faults) (float64, smsc.Stats) {
	address, stop := apart(b, f)
	r := &rig{t: b, server: smsc.New(smsc.Options{}), address: address, told: &told{}}
	b.Cleanup(func() { r.server.Close() })
	rate := r.drain(b, co, new(light))
	return rate, stop()
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
