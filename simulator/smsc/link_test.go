package smsc_test

import (
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp"
	"watchword/simulator/smsc"
)

// inbox collects OnMessage.
type inbox struct {
	mu   sync.Mutex
	list []smsc.Message
}

func (b *inbox) put(m smsc.Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = append(b.list, m)
}

func (b *inbox) all() []smsc.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]smsc.Message(nil), b.list...)
}

// Proves the id rows of messaging.md parts 1 and 4: every form of id, every form of receipt, early and doubled receipts,
// all matched without a setting, each by the rule that it should be.
func TestEveryIDFormIsMatched(t *testing.T) {
	const n = 50
	exact := func(id string) string { return id }
	rules := map[smsc.IDForm]pair{
		smsc.Decimal: {exact, exact}, smsc.Hex: {exact, exact}, smsc.UUID: {exact, exact}, smsc.Long: {exact, exact},
		smsc.UpperLower: {strings.ToLower, exact}, smsc.LowerUpper: {strings.ToUpper, exact},
		smsc.Zeros: {bare, exact}, smsc.ZerosLater: {exact, bare},
		smsc.HexDec: {exact, rebased(10, 16)}, smsc.DecHex: {exact, rebased(16, 10)},
	}
	for form, rule := range rules {
		for _, receipt := range []smsc.ReceiptForm{smsc.TextAndTLV, smsc.TLVOnly, smsc.TextOnly} {
			for _, first := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, receipt first %v", form, receipt, first), func(t *testing.T) {
					t.Parallel()
					r := newRig(t, smsc.Options{}, smpp.Options{})
					r.server.SetFaults(smsc.Faults{IDs: form, ReceiptForm: receipt, ReceiptFirst: first, ReceiptTwice: true})
					r.send(n)
					r.wait("receipts", func() bool { o, rs, _ := r.told.sizes(); return o == n && rs == 2*n })
					r.stop()
					matchAll(t, r.told, rule)
					if first == (r.told.order[0] == "outcome") {
						t.Errorf("order %v", r.told.order[:4])
					}
				})
			}
		}
	}
}

// pair makes the ids of response and receipt the same.
type pair struct{ response, receipt func(id string) string }

func bare(id string) string { return strings.TrimLeft(id, "0") }

func rebased(from, to int) func(string) string {
	return func(id string) string {
		n, ok := new(big.Int).SetString(id, from)
		if !ok {
			return ""
		}
		return n.Text(to)
	}
}

// matchAll finds the response of each receipt. How the outbox does it, without knowing the form, is tested there.
func matchAll(t *testing.T, e *told, form pair) {
	t.Helper()
	byKey := map[string]string{}
	for _, o := range e.outcomes {
		if o.Kind != sms.Accepted {
			t.Fatalf("outcome %+v", o)
		}
		byKey[form.response(o.CarrierID)] = o.CarrierID
	}
	matched := map[string]int{}
	for _, r := range e.receipts {
		if r.State != sms.Delivered || r.From != "+447700900123" || r.To != "Watchword" {
			t.Fatalf("receipt %+v", r)
		}
		if id, ok := byKey[form.receipt(r.CarrierID)]; ok {
			matched[id]++
		}
	}
	if len(matched) != len(byKey) || len(byKey) != len(e.outcomes) {
		t.Fatalf("%d of %d matched, %d ids", len(matched), len(e.outcomes), len(byKey))
	}
	for id, n := range matched {
		if n != 2 {
			t.Fatalf("%s has %d receipts", id, n)
		}
	}
}

// Proves: long messages (every way of marking parts), both alphabets, packed septets, Latin-1 routes, a server that
// writes one octet at a time, both bind kinds.
func TestTextsArriveWhole(t *testing.T) {
	texts := []string{
		"", "Hello @ €{}", strings.Repeat("Brevity is the soul of wit. ", 20), strings.Repeat("€[]", 120),
		"Ваш код 123456", strings.Repeat("Привет 😀 ", 40), strings.Repeat("x", 160), strings.Repeat("x", 161),
	}
	for name, co := range map[string]smpp.Options{
		"8-bit reference":  {},
		"16-bit reference": {Concat: smpp.UDH16},
		"sar":              {Concat: smpp.SAR},
		"payload":          {Concat: smpp.Payload},
		"latin-1":          {Alphabet: encoding.Latin1},
		"pair":             {Kind: smpp.Pair},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got inbox
			r := newRig(t, smsc.Options{OnMessage: got.put, Alphabet: encoding.GSM7}, co)
			r.server.SetFaults(smsc.Faults{ByteByByte: true})
			segments := 0
			for i, text := range texts {
				segments += r.message(fmt.Sprintf("+4477009001%02d", i), text, co.TextOptions())
			}
			r.wait("all", func() bool { o, rs, _ := r.told.sizes(); return o == segments && rs == segments })
			if n := r.told.count(sms.Accepted); n != segments {
				t.Fatalf("%d of %d accepted", n, segments)
			}
			if got := got.all(); len(got) != len(texts) {
				t.Fatalf("%d messages of %d", len(got), len(texts))
			}
			for _, m := range got.all() {
				var i int
				fmt.Sscanf(m.To, "+4477009001%02d", &i)
				if m.Text != texts[i] || m.From != "Watchword" {
					t.Errorf("%d: %q, want %q", i, m.Text, texts[i])
				}
			}
		})
	}
}

// Proves: inbound over SMPP in both alphabets and in parts, kept while no receiver is bound, told once stored.
func TestInbound(t *testing.T) {
	r := newRig(t, smsc.Options{}, smpp.Options{})
	r.up()
	r.server.SetFaults(smsc.Faults{ByteByByte: true})
	long := strings.Repeat("Отпишите меня, пожалуйста. ", 10)
	for _, text := range []string{"STOP", "Ça va @ €?", long} {
		if err := r.server.Inbound("+447700900123", "12345", text); err != nil {
			t.Fatal(err)
		}
	}
	_, parts := encoding.Split(long, encoding.Options{})
	r.wait("inbound", func() bool { _, _, in := r.told.sizes(); return in == 2+len(parts) })
	r.wait("acknowledged", func() bool { return r.server.Stats().Acknowledged == uint64(2+len(parts)) })
	in := r.told.inbound
	if in[0].Text != "STOP" || in[0].From != "+447700900123" || in[0].To != "12345" || in[0].Total != 1 || in[0].Part != 1 {
		t.Errorf("%+v", in[0])
	}
	if in[1].Text != "Ça va @ €?" {
		t.Errorf("%+v", in[1])
	}
	var whole strings.Builder
	for i, m := range in[2:] {
		if m.Part != i+1 || m.Total != len(parts) || m.Ref != in[2].Ref {
			t.Errorf("part %d: %+v", i, m)
		}
		whole.WriteString(m.Text)
	}
	if whole.String() != long {
		t.Errorf("%q", whole.String())
	}
}

// Proves the throttle rows: refused segments come back as Throttled, nothing is lost, and the pace settles.
func TestThrottle(t *testing.T) {
	const n, limit = 3000, 1000
	r := newRig(t, smsc.Options{}, smpp.Options{Window: 20})
	r.server.SetFaults(smsc.Faults{Throttle: limit, NoReceipts: true})
	again := make(chan string, n)
	accepted := make(chan bool, n)
	var send func(key string)
	send = func(key string) {
		r.carrier.Send(r.ctx, segment(key, "+447700900123", "x"), func(o sms.Outcome) {
			switch o.Kind {
			case sms.Accepted:
				accepted <- true
			case sms.Throttled:
				again <- key
			default:
				t.Errorf("%s: %+v", key, o)
			}
		})
	}
	go func() {
		for i := range n {
			select {
			case key := <-again:
				send(key)
			default:
			}
			send(fmt.Sprint(i))
		}
		for {
			select {
			case key := <-again:
				send(key)
			case <-r.ctx.Done():
				return
			}
		}
	}()
	began := time.Now()
	for range n {
		select {
		case <-accepted:
		case <-time.After(20 * time.Second):
			t.Fatalf("stuck: %+v %+v", r.carrier.Health(), r.server.Stats())
		}
	}
	s := r.server.Stats()
	t.Logf("%d in %v, %d refused", n, time.Since(began), s.Throttled)
	if s.Accepted != n || r.carrier.Health().Throttles != s.Throttled {
		t.Errorf("%+v", s)
	}
}

// Proves the queue-full row: the bind pauses, probes with one, and goes on.
func TestQueueFullPausesAndProbes(t *testing.T) {
	r := newRig(t, smsc.Options{}, smpp.Options{QueueFullMin: 20 * time.Millisecond, QueueFullMax: 300 * time.Millisecond})
	r.server.SetFaults(smsc.Faults{QueueFull: true})
	go r.send(200)
	r.wait("probes", func() bool { return r.server.Stats().Refused >= 13 })
	if n := r.told.count(sms.QueueFull); n > 20 {
		t.Errorf("%d submissions against a full queue: the first ten in flight and the probes were to be", n)
	}
	r.server.SetFaults(smsc.Faults{})
	r.wait("all", func() bool { o, _, _ := r.told.sizes(); return o == 200 })
	if full, ok := r.told.count(sms.QueueFull), r.told.count(sms.Accepted); full+ok != 200 {
		t.Errorf("%d full, %d accepted", full, ok)
	}
}
