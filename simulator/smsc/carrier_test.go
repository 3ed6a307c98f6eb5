package smsc_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp"
	"watchword/simulator/smsc"
)

// told is what a carrier has told; it acknowledges as refuse says.
type told struct {
	mu       sync.Mutex
	receipts []sms.Receipt
	inbound  []sms.Inbound
	late     map[string]sms.Outcome
	outcomes map[string]sms.Outcome
	order    []string // of outcomes and receipts
	twice    []string
	refuse   int // acknowledge the next so many with "not stored"
}

func (e *told) Receipt(r sms.Receipt, ack func(bool)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refuse > 0 {
		e.refuse--
		ack(false)
		return
	}
	e.receipts = append(e.receipts, r)
	e.order = append(e.order, "receipt")
	ack(true)
}

func (e *told) Inbound(m sms.Inbound, ack func(bool)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.inbound = append(e.inbound, m)
	ack(true)
}

func (e *told) Late(key string, o sms.Outcome) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.late[key] = o
}

func (e *told) done(key string) func(sms.Outcome) {
	return func(o sms.Outcome) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if _, ok := e.outcomes[key]; ok {
			e.twice = append(e.twice, key)
		}
		e.outcomes[key] = o
		e.order = append(e.order, "outcome")
	}
}

// count says how many outcomes are of a kind.
func (e *told) count(kind sms.OutcomeKind) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, o := range e.outcomes {
		if o.Kind == kind {
			n++
		}
	}
	return n
}

func (e *told) sizes() (outcomes, receipts, inbound int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.outcomes), len(e.receipts), len(e.inbound)
}

// rig is a carrier bound to a simulator.
type rig struct {
	t       testing.TB
	server  *smsc.Server
	address string
	carrier *smpp.Carrier
	told    *told
	ctx     context.Context
	stop    func() // ends Run and waits for it
}

func newRig(t testing.TB, so smsc.Options, co smpp.Options) *rig {
	t.Helper()
	so.Log = slog.New(slog.DiscardHandler)
	r := &rig{t: t, server: smsc.New(so), told: &told{late: map[string]sms.Outcome{}, outcomes: map[string]sms.Outcome{}}}
	addr, err := r.server.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.server.Close() })
	r.address = addr.String()
	r.start(co, r.told)
	return r
}

func (r *rig) start(co smpp.Options, events sms.Events) {
	co.Address, co.Log = r.address, slog.New(slog.DiscardHandler)
	if co.SystemID == "" {
		co.SystemID, co.Password = "watchword", "secret"
	}
	if co.ReconnectMin == 0 {
		co.ReconnectMin, co.ReconnectMax = 5*time.Millisecond, 20*time.Millisecond
	}
	r.carrier = smpp.New(co)
	ctx, cancel := context.WithCancel(context.Background())
	r.ctx = ctx
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.carrier.Run(ctx, events)
	}()
	r.stop = func() {
		cancel()
		select {
		case <-ended:
		case <-time.After(60 * time.Second):
			r.t.Error("Run does not end")
		}
	}
	r.t.Cleanup(func() { r.stop() })
}

// wait waits for a condition.
func (r *rig) wait(what string, ok func() bool) {
	r.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if ok() {
			return
		}
	}
	r.told.mu.Lock()
	defer r.told.mu.Unlock()
	r.t.Fatalf("%s: not after 15 s; %d outcomes, %d receipts, %d inbound; %+v; %+v", what, len(r.told.outcomes),
		len(r.told.receipts), len(r.told.inbound), r.server.Stats(), r.carrier.Health())
}

func (r *rig) up() {
	r.t.Helper()
	r.wait("bound", func() bool { return r.carrier.Health().Up })
}

// send hands n single segments over, from a goroutine each time the window asks for it, and returns when all are handed.
func (r *rig) send(n int) {
	for i := range n {
		key := fmt.Sprintf("k%d", i)
		r.carrier.Send(r.ctx, segment(key, "+447700900123", "Your code is 123456"), r.told.done(key))
	}
}

func segment(key, to, text string) sms.Segment {
	coding, parts := encoding.Split(text, encoding.Options{})
	return sms.Segment{Key: key, From: "Watchword", To: to, Coding: coding, Data: parts[0].Data, Text: text, Part: 1, Total: 1}
}

// message hands a text of any length over as its segments.
func (r *rig) message(to, text string, o encoding.Options) int {
	coding, parts := encoding.Split(text, o)
	for i, p := range parts {
		key := fmt.Sprintf("%s/%d", to, i)
		s := sms.Segment{
			Key: key, From: "Watchword", To: to, Coding: coding, Data: p.Data, Text: p.Text, Ref: 0x1234, Part: i + 1, Total: len(parts),
		}
		r.carrier.Send(r.ctx, s, r.told.done(key))
	}
	return len(parts)
}
