package httpgate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"watchword/base/problem"
	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
)

// stored keeps what webhooks give; refuse makes it say "not stored".
type stored struct {
	mu       sync.Mutex
	receipts []sms.Receipt
	inbound  []sms.Inbound
	refuse   bool
}

func (s *stored) Receipt(r sms.Receipt, ack func(bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.refuse {
		s.receipts = append(s.receipts, r)
	}
	ack(!s.refuse)
}

func (s *stored) Inbound(m sms.Inbound, ack func(bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inbound = append(s.inbound, m)
	ack(true)
}

func (s *stored) Late(string, sms.Outcome) {}

// start runs a carrier against a handler; stop ends Run.
func start(t *testing.T, o Options, handler http.HandlerFunc) (c *Carrier, s *stored, stop func()) {
	t.Helper()
	if handler != nil {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		o.URL = server.URL + o.URL
	}
	o.Log = slog.New(slog.DiscardHandler)
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	s = new(stored)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(ctx, s) }()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	for deadline := time.Now().Add(60 * time.Second); !c.Health().Up; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not up")
		}
	}
	return c, s, stop
}

func send(t *testing.T, c *Carrier, s sms.Segment) sms.Outcome {
	t.Helper()
	got := make(chan sms.Outcome, 2)
	c.Send(t.Context(), s, func(o sms.Outcome) { got <- o })
	select {
	case o := <-got:
		return o
	case <-time.After(60 * time.Second):
		t.Fatal("no outcome")
		return sms.Outcome{}
	}
}

var text = sms.Segment{
	Key: "k1", From: "Acme", To: "+447700900123", Text: "Code \"1\" & <é>\n😀", Coding: encoding.UCS2, Part: 1, Total: 1, Validity: 10 * time.Minute,
}

// Proves: JSON and form templates carry any text unharmed; ids by path and by expression, numbers kept exact.
func TestTemplates(t *testing.T) {
	for name, c := range map[string]struct {
		o      Options
		answer string
		id     string
	}{
		"json": {Options{
			URL: "/send", Headers: map[string]string{"Content-Type": "application/json", "Authorization": `Bearer {{secret "key"}}`},
			Body:    `{"from":{{json .From}},"to":{{json .To}},"text":{{json .Text}},"unicode":{{.Unicode}},"ttl":{{.Validity}}}`,
			IDPath:  "messages.0.id",
			Secrets: map[string]string{"key": "s3cret"},
		}, `{"messages":[{"id":12345678901234567890}]}`, "12345678901234567890"},
		"form": {Options{
			URL: "/send", Headers: map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Bearer s3cret"},
			Body: `from={{query .From}}&to={{query .To}}&text={{query .Text}}&unicode={{.Unicode}}&ttl={{.Validity}}`, IDRegexp: `OK: ([0-9a-f-]+)`,
		}, "OK: 00ab-1\n", "00ab-1"},
		"query": {Options{
			Method: "GET", Headers: map[string]string{"Authorization": "Bearer s3cret"},
			URL: `/send?from={{query .From}}&to={{query .To}}&text={{query .Text}}&unicode={{.Unicode}}&ttl={{.Validity}}`,
		}, "fine", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got map[string]string
			carrier, _, _ := start(t, c.o, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = map[string]string{"authorization": r.Header.Get("Authorization")}
				var object map[string]any
				if json.Unmarshal(body, &object) == nil {
					for k, v := range object {
						got[k] = fmt.Sprint(v)
					}
				} else {
					form, _ := url.ParseQuery(string(body) + r.URL.RawQuery)
					for k := range form {
						got[k] = form.Get(k)
					}
				}
				io.WriteString(w, c.answer)
			})
			o := send(t, carrier, text)
			if o.Kind != sms.Accepted || o.CarrierID != c.id || o.Status != 200 || o.At.IsZero() {
				t.Errorf("%+v", o)
			}
			for k, want := range map[string]string{
				"authorization": "Bearer s3cret", "from": text.From, "to": text.To, "text": text.Text, "unicode": "true", "ttl": "600",
			} {
				if got[k] != want {
					t.Errorf("%s: %q, want %q", k, got[k], want)
				}
			}
		})
	}
}

func TestStatuses(t *testing.T) {
	var code atomic.Int64
	c, _, _ := start(t, Options{Statuses: map[int]sms.OutcomeKind{422: sms.Temporary}, PauseMax: time.Millisecond}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(int(code.Load()))
	})
	for _, x := range []struct {
		code int
		want sms.OutcomeKind
	}{
		{200, sms.Accepted}, {202, sms.Accepted}, {429, sms.Throttled}, {400, sms.Rejected}, {413, sms.Rejected}, {422, sms.Temporary},
		{500, sms.Temporary}, {503, sms.Temporary}, {502, sms.Unknown}, {504, sms.Unknown}, {307, sms.Temporary}, {401, sms.Temporary},
	} {
		code.Store(int64(x.code))
		if o := send(t, c, text); o.Kind != x.want || o.Status != uint32(x.code) || (x.want != sms.Accepted) != (o.Reason != "") {
			t.Errorf("%d: %+v, want %v", x.code, o, x.want)
		}
	}
	if h := c.Health(); !h.Fatal || h.Up || h.Throttles != 1 {
		t.Errorf("after 401: %+v", h)
	}
	code.Store(200)
	send(t, c, text)
	if h := c.Health(); h.Fatal || !h.Up {
		t.Errorf("after 200: %+v", h)
	}
}

// Proves: a time-out and a line dropped after the request are Unknown and never repeated, no connection is NotSent.
func TestUnanswered(t *testing.T) {
	for name, method := range map[string]string{"post": "POST", "get": "GET"} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int64
			hang := make(chan struct{})
			defer close(hang)
			c, _, _ := start(t, Options{Method: method, Timeout: 700 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
				switch requests.Add(1) {
				case 1: // leaves a connection to reuse
				case 2:
					conn, _, _ := w.(http.Hijacker).Hijack()
					conn.Close()
				default:
					io.Copy(io.Discard, r.Body)
					<-hang
				}
			})
			for i, want := range []sms.Outcome{{Kind: sms.Accepted}, {Kind: sms.Unknown, Reason: "disconnected"}, {Kind: sms.Unknown, Reason: "no_response"}} {
				if o := send(t, c, text); o.Kind != want.Kind || o.Reason != want.Reason {
					t.Errorf("%d: %+v", i, o)
				}
			}
			if n := requests.Load(); n != 3 {
				t.Errorf("%d requests for 3 messages", n)
			}
		})
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c, _, _ := start(t, Options{URL: "http://" + l.Addr().String() + "/?to={{.To}}"}, nil)
	if o := send(t, c, text); o.Kind != sms.NotSent || o.Reason != "unreachable" {
		t.Errorf("%+v", o)
	}
	if h := c.Health(); h.Up || h.LastError == "" || strings.Contains(h.LastError, "447700") {
		t.Errorf("%+v", h)
	}
}

// Proves: parts are refused, stopping ends what waits, and every message has one outcome (run with -race).
func TestStop(t *testing.T) {
	if o := func() sms.Outcome {
		c, _, _ := start(t, Options{}, func(http.ResponseWriter, *http.Request) {})
		part := text
		part.Total = 2
		return send(t, c, part)
	}(); o.Kind != sms.Rejected {
		t.Errorf("%+v", o)
	}
	c, _, stop := start(t, Options{Window: 3, DrainTimeout: 50 * time.Millisecond}, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	var outcomes [7]atomic.Int64
	var sending sync.WaitGroup
	for range 20 {
		sending.Go(func() {
			c.Send(context.Background(), text, func(o sms.Outcome) { outcomes[o.Kind].Add(1) })
		})
	}
	for c.Health().InFlight < 3 {
		time.Sleep(time.Millisecond)
	}
	stop()
	sending.Wait()
	if unknown, not := outcomes[sms.Unknown].Load(), outcomes[sms.NotSent].Load(); unknown != 3 || not != 17 {
		t.Errorf("%d unknown, %d not sent", unknown, not)
	}
}

func TestConfigurationMistakesAreNamed(t *testing.T) {
	_, err := New(Options{Name: "x", URL: "ftp://x", Body: "{{.Text", IDRegexp: "id", Headers: map[string]string{"A": "{{nothing}}"}})
	var p *problem.Error
	if !errors.As(err, &p) {
		t.Fatal(err)
	}
	var fields []string
	for _, f := range p.Fields {
		fields = append(fields, f.Name)
	}
	if len(fields) != 4 {
		t.Errorf("%v", fields)
	}
}

// Proves: webhooks read JSON, lists and forms, ask for the token, and answer only after storing.
func TestWebhooks(t *testing.T) {
	o := Options{
		URL: "http://127.0.0.1:1/", Token: "t0ken", TokenParameter: "auth",
		Receipt: ReceiptFields{List: "reports", ID: "messageId", State: "status.name", Error: "error", At: "doneAt", States: map[string]sms.ReceiptState{"gone": sms.Expired}},
		Inbound: InboundFields{From: "msisdn", To: "to", Text: "text"},
	}
	c, s, _ := start(t, o, nil)
	post := func(h http.Handler, target, kind, body, bearer string) int {
		r := httptest.NewRequest("POST", target, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		if bearer != "" {
			r.Header.Set("Authorization", "Bearer "+bearer)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	reports := `{"reports":[{"messageId":12345678901234567890,"status":{"name":"DELIVERED"},"doneAt":"2026-07-01T09:31:00Z"},` +
		`{"messageId":"b","status":{"name":"Gone"},"error":"12","doneAt":1782898260}]}`
	const form = "application/x-www-form-urlencoded"
	for i, x := range []struct {
		h                          http.Handler
		target, kind, body, bearer string
		want                       int
	}{
		{c.ReceiptWebhook(), "/", "application/json", reports, "t0ken", 204},
		{c.ReceiptWebhook(), "/", "application/json", reports, "wrong", 401},
		{c.ReceiptWebhook(), "/", "application/json", reports, "", 401},
		{c.ReceiptWebhook(), "/", "application/json", "{", "t0ken", 400},
		{c.ReceiptWebhook(), "/", "application/json", `{"reports":[{}]}`, "t0ken", 400},
		{c.InboundWebhook(), "/", form, "msisdn=%2B447700900123&to=12345&text=STOP+%C3%A9&auth=t0ken", "", 204},
		{c.InboundWebhook(), "/?msisdn=1&to=2&text=hi&auth=t0ken", form, "", "", 204},
		{c.InboundWebhook(), "/?msisdn=1&to=2&text=hi", form, "", "", 401},
		{c.InboundWebhook(), "/?auth=t0ken", form, "text=hi", "", 400},
	} {
		if code := post(x.h, x.target, x.kind, x.body, x.bearer); code != x.want {
			t.Errorf("%d: %d, want %d", i, code, x.want)
		}
	}
	if len(s.receipts) != 2 || s.receipts[0].CarrierID != "12345678901234567890" || s.receipts[0].State != sms.Delivered ||
		s.receipts[1].State != sms.Expired || s.receipts[1].ErrorCode != "12" || !s.receipts[1].DoneAt.Equal(s.receipts[0].DoneAt) {
		t.Errorf("%+v", s.receipts)
	}
	if len(s.inbound) != 2 || s.inbound[0].Text != "STOP é" || s.inbound[0].From != "+447700900123" || s.inbound[1].Text != "hi" {
		t.Errorf("%+v", s.inbound)
	}
	s.refuse = true
	if code := post(c.ReceiptWebhook(), "/", "application/json", reports, "t0ken"); code != 503 {
		t.Errorf("not stored: %d", code)
	}
	open, _, _ := start(t, Options{URL: "http://127.0.0.1:1/"}, nil)
	if code := post(open.InboundWebhook(), "/", form, "from=1&to=2", ""); code != 401 {
		t.Errorf("without a configured token: %d", code)
	}
}

func FuzzWebhook(f *testing.F) {
	f.Add("application/json", []byte(`[{"id":"1","status":"sent"}]`))
	f.Add("application/x-www-form-urlencoded", []byte("id=1&status=x"))
	c, err := New(Options{URL: "http://127.0.0.1:1/", Token: "t", Receipt: ReceiptFields{ID: "a.0.id"}})
	if err != nil {
		f.Fatal(err)
	}
	c.events = new(stored)
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer t")
		for _, h := range []http.Handler{c.ReceiptWebhook(), c.InboundWebhook()} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != 204 && w.Code != 400 {
				t.Fatalf("%d for %q", w.Code, body)
			}
		}
	})
}
