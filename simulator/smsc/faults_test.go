package smsc_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp"
	"watchword/simulator/smsc"
)

// Proves: no response in time is Unknown, the window is free again, and a late response is still told.
func TestLostAndLateResponses(t *testing.T) {
	r := newRig(t, smsc.Options{}, smpp.Options{ResponseTimeout: 400 * time.Millisecond, Window: 5})
	r.server.SetFaults(smsc.Faults{LoseResponses: 2, NoReceipts: true})
	r.send(20)
	r.wait("outcomes", func() bool { o, _, _ := r.told.sizes(); return o == 20 })
	if u, a := r.told.count(sms.Unknown), r.told.count(sms.Accepted); u != 10 || a != 10 {
		t.Errorf("%d unknown, %d accepted", u, a)
	}
	r.server.SetFaults(smsc.Faults{DelayResponses: 700 * time.Millisecond, NoReceipts: true})
	r.carrier.Send(r.ctx, segment("late", "+447700900123", "x"), r.told.done("late"))
	r.wait("late", func() bool {
		r.told.mu.Lock()
		defer r.told.mu.Unlock()
		return r.told.late["late"].CarrierID != ""
	})
	if o := r.told.outcomes["late"]; o.Kind != sms.Unknown {
		t.Errorf("first told %+v", o)
	}
}

// Proves: a dropped line leaves every segment with one outcome, Unknown only for what may have left, and the bind comes
// back by itself; receipts that were not acknowledged come again.
func TestDroppedLine(t *testing.T) {
	const n = 2000
	var got inbox
	r := newRig(t, smsc.Options{OnMessage: got.put}, smpp.Options{Window: 50})
	for i := range 4 {
		r.up()
		r.server.SetFaults(smsc.Faults{DropAfter: 100 + i})
		for j := range n / 4 {
			key := fmt.Sprintf("%d/%d", i, j)
			r.carrier.Send(r.ctx, segment(key, "+447700900123", key), r.told.done(key))
		}
	}
	r.wait("outcomes", func() bool { o, _, _ := r.told.sizes(); return o == n })
	accepted, unknown, notSent := r.told.count(sms.Accepted), r.told.count(sms.Unknown), r.told.count(sms.NotSent)
	if accepted+unknown+notSent != n || unknown == 0 || unknown > 4*50 || len(r.told.twice) > 0 {
		t.Errorf("%d accepted, %d unknown, %d not sent; twice: %v", accepted, unknown, notSent, r.told.twice)
	}
	seen := map[string]int{}
	for _, m := range got.all() {
		seen[m.Text]++
	}
	for key, o := range r.told.outcomes {
		switch {
		case seen[key] > 1:
			t.Errorf("%s was submitted %d times", key, seen[key])
		case o.Kind == sms.Accepted && seen[key] != 1, o.Kind == sms.NotSent && seen[key] != 0:
			t.Errorf("%s: %+v, but it arrived %d times", key, o, seen[key])
		}
	}
	r.wait("receipts", func() bool { return r.server.Stats().Acknowledged >= uint64(len(got.all())) })
}

// Proves: ack only after storing; "not stored" makes the carrier send it again.
func TestNotStoredComesAgain(t *testing.T) {
	r := newRig(t, smsc.Options{}, smpp.Options{})
	r.told.refuse = 1
	r.send(1)
	r.wait("second try", func() bool { _, n, _ := r.told.sizes(); return n == 1 })
	if s := r.server.Stats(); s.NotStored != 1 || s.Receipts != 2 {
		t.Errorf("%+v", s)
	}
}

// Proves: a refused password stops the bind and alerts; Send meanwhile waits and ends with its context.
func TestRefusedBind(t *testing.T) {
	r := newRig(t, smsc.Options{Password: "other"}, smpp.Options{})
	r.wait("refusal", func() bool { h := r.carrier.Health(); return h.Fatal && h.LastError != "" })
	ctx, cancel := context.WithTimeout(r.ctx, 30*time.Millisecond)
	defer cancel()
	r.carrier.Send(ctx, segment("k", "+447700900123", "x"), r.told.done("k"))
	if o := r.told.outcomes["k"]; o.Kind != sms.NotSent {
		t.Errorf("%+v", o)
	}
	time.Sleep(50 * time.Millisecond)
	if n := r.server.Stats().RefusedBinds; n != 1 {
		t.Errorf("%d tries with a refused password", n)
	}
}

// Proves: permanent and passing errors without a body, and a route's own table.
func TestStatusClasses(t *testing.T) {
	for status, want := range map[uint32]sms.OutcomeKind{
		0x0B: sms.Rejected, 0x0A: sms.Rejected, 0x33: sms.Rejected, 0x34: sms.Rejected, 0x43: sms.Rejected,
		0x08: sms.Temporary, 0x45: sms.Temporary, 0x14: sms.QueueFull, 0x58: sms.Throttled, 0x400: sms.Temporary, 0x401: sms.Rejected,
	} {
		t.Run(fmt.Sprintf("%#x", status), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, smsc.Options{}, smpp.Options{Statuses: map[uint32]sms.OutcomeKind{0x401: sms.Rejected}})
			r.server.SetFaults(smsc.Faults{Status: status})
			r.send(1)
			r.wait("outcome", func() bool { o, _, _ := r.told.sizes(); return o == 1 })
			if o := r.told.outcomes["k0"]; o.Kind != want || o.Status != status || o.Reason == "" {
				t.Errorf("%+v, want %v", o, want)
			}
		})
	}
}

// Proves: a peer that is silent, enquire_link included, is left and bound again.
func TestSilentPeerIsLeft(t *testing.T) {
	r := newRig(t, smsc.Options{}, smpp.Options{EnquireInterval: 100 * time.Millisecond})
	r.up()
	r.wait("enquire_link", func() bool { return r.server.Stats().EnquireLinks > 2 })
	r.server.SetFaults(smsc.Faults{Deaf: true})
	r.wait("left", func() bool { return r.carrier.Health().LastError != "" })
	r.server.SetFaults(smsc.Faults{})
	r.up()
	r.send(3)
	r.wait("works again", func() bool { return r.told.count(sms.Accepted) == 3 })
}

// Proves: codes overtake what is queued; their validity and priority reach the carrier.
func TestUrgentGoesFirst(t *testing.T) {
	var got inbox
	r := newRig(t, smsc.Options{OnMessage: got.put}, smpp.Options{Window: 1})
	r.up()
	r.server.SetFaults(smsc.Faults{DelayResponses: 50 * time.Millisecond, NoReceipts: true})
	var wait sync.WaitGroup
	for i := range 20 {
		key := fmt.Sprintf("bulk%d", i)
		wait.Go(func() { r.carrier.Send(r.ctx, segment(key, "+447700900123", key), r.told.done(key)) })
	}
	r.wait("bulk under way", func() bool { return len(got.all()) >= 2 })
	code := segment("code", "+447700900123", "code")
	code.Urgent, code.Validity = true, 10*time.Minute
	r.carrier.Send(r.ctx, code, r.told.done("code"))
	wait.Wait()
	r.wait("all", func() bool { return len(got.all()) == 21 })
	for i, m := range got.all() {
		if m.Text == "code" {
			if i > 6 || m.Priority != 3 || m.Validity != "000000001000000R" {
				t.Errorf("at place %d: %+v", i, m)
			}
			return
		}
	}
	t.Error("no code")
}

// Proves: TLS with a checked certificate.
func TestTLS(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	certified.Close()
	pool := x509.NewCertPool()
	pool.AddCert(certified.Certificate())
	server := smsc.Options{TLS: &tls.Config{Certificates: certified.TLS.Certificates}}
	r := newRig(t, server, smpp.Options{TLS: &tls.Config{RootCAs: pool, ServerName: "example.com"}})
	r.send(3)
	r.wait("accepted", func() bool { return r.told.count(sms.Accepted) == 3 })
	stranger := newRig(t, server, smpp.Options{TLS: &tls.Config{ServerName: "example.com"}})
	stranger.wait("refused", func() bool { return stranger.carrier.Health().LastError != "" })
	if stranger.carrier.Health().Up {
		t.Error("bound to a server with an unknown certificate")
	}
}

// Proves: stopping and dropping in the midst of sending gives every segment exactly one outcome (run with -race).
func TestStopWhileSending(t *testing.T) {
	for range 5 {
		r := newRig(t, smsc.Options{}, smpp.Options{Window: 20, DrainTimeout: 200 * time.Millisecond})
		var sending sync.WaitGroup
		var sent atomic.Int64
		for g := range 4 {
			sending.Go(func() {
				for i := 0; r.ctx.Err() == nil; i++ {
					key := fmt.Sprintf("%d/%d", g, i)
					sent.Add(1)
					r.carrier.Send(context.Background(), segment(key, "+447700900123", "x"), r.told.done(key))
				}
			})
		}
		r.wait("some", func() bool { return r.told.count(sms.Accepted) > 50 })
		r.server.DropLine()
		r.wait("more", func() bool { return r.server.Stats().Connections > 0 })
		r.stop()
		sending.Wait()
		if o, _, _ := r.told.sizes(); o != int(sent.Load()) || len(r.told.twice) > 0 {
			t.Errorf("%d outcomes of %d, twice: %v", o, sent.Load(), r.told.twice)
		}
	}
}
