package simulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/smtp"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp"
	"watchword/simulator"
)

func start(t *testing.T) *simulator.Simulator {
	t.Helper()
	s, err := simulator.Start(simulator.Options{HTTP: "127.0.0.1:0", SMPP: "127.0.0.1:0", SMTP: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// call speaks to the JSON interface.
func call(t *testing.T, method, url, body string, into any) int {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	if into != nil {
		if err := json.Unmarshal(b, into); err != nil {
			t.Fatalf("%s %s: %d %s", method, url, res.StatusCode, b)
		}
	}
	return res.StatusCode
}

// events keeps what a carrier delivers.
type events struct {
	mu       sync.Mutex
	receipts []sms.Receipt
	inbound  chan sms.Inbound
}

func (e *events) Receipt(r sms.Receipt, ack func(bool)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.receipts = append(e.receipts, r)
	ack(true)
}
func (e *events) Inbound(m sms.Inbound, ack func(bool)) { e.inbound <- m; ack(true) }
func (e *events) Late(string, sms.Outcome)              {}

func carrier(t *testing.T, s *simulator.Simulator) (send func(to, text string) sms.Outcome, e *events) {
	t.Helper()
	c := smpp.New(smpp.Options{Name: "simulator", Address: s.SMPP(), SystemID: "watchword", ReconnectMin: 10 * time.Millisecond, ReconnectMax: 50 * time.Millisecond})
	e = &events{inbound: make(chan sms.Inbound, 10)}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	ended := make(chan struct{})
	go func() { c.Run(ctx, e); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	return func(to, text string) sms.Outcome {
		coding, parts := encoding.Split(text, encoding.Options{})
		var last sms.Outcome
		for i, p := range parts {
			done := make(chan sms.Outcome, 1)
			c.Send(ctx, sms.Segment{Key: "k", From: "Watchword", To: to, Coding: coding, Data: p.Data, Text: p.Text, Ref: 7, Part: i + 1, Total: len(parts)},
				func(o sms.Outcome) { done <- o })
			last = <-done
		}
		return last
	}, e
}

func TestTextsArriveAndAreAnswered(t *testing.T) {
	s := start(t)
	send, e := carrier(t, s)
	if o := send("+61491570006", "Your code is 123456\n\n@localhost #123456"); o.Kind != sms.Accepted {
		t.Fatalf("%+v", o)
	}
	send("+447700900123", strings.Repeat("long text ", 30))
	for _, to := range []string{"+61491570006", "%2B61491570006", "0061491570006", "%2B61+491+570+006"} {
		var list []simulator.Message
		call(t, "GET", s.URL()+"/messages?to="+to, "", &list)
		if len(list) != 1 || list[0].Text != "Your code is 123456\n\n@localhost #123456" || list[0].Channel != "sms" || list[0].From != "Watchword" {
			t.Fatalf("%s: %+v", to, list)
		}
	}
	var list []simulator.Message
	call(t, "GET", s.URL()+"/messages", "", &list)
	if len(list) != 2 || list[0].Segments != 2 || list[0].To != "+447700900123" {
		t.Fatalf("newest first: %+v", list)
	}
	call(t, "GET", s.URL()+"/messages?since="+list[1].ID, "", &list)
	if len(list) != 1 {
		t.Fatalf("since an id: %+v", list)
	}
	if st := call(t, "POST", s.URL()+"/inbound", `{"from":"07700 900123","to":"Watchword","text":"STOP"}`, nil); st != 200 {
		t.Fatal(st)
	}
	if in := <-e.inbound; in.From != "+447700900123" || in.To != "Watchword" || in.Text != "STOP" {
		t.Fatalf("%+v", in)
	}
	for body, says := range map[string]string{
		`{"text":"STOP"}`: `from is ""; it should be the phone's number`,
		`{"from":"abc","to":"Watchword","text":"x"}`:                 `from is "abc"; it should be the phone's number`,
		`{"from":"123","to":"Watchword","text":"x"}`:                 `from is "123"`,
		`{"from":"+447700900123","text":"x"}`:                        `to is ""; it should be the sender that the phone answers`,
		`{"from":"+447700900123","to":"Watchword Ltd","text":"x"}`:   `at most 11 letters`,
		`{"from":"+447700900123","to":"Wächter","text":"x"}`:         `at most 11 letters`,
		`{"from":"+447700900123","to":"Watchword","txt":"x"}`:        `there is no key "txt"; known are from, text, to`,
		`{"from":447700900123,"to":"Watchword","text":"x"}`:          `from is 447700900123; it should be a text in quotes`,
		`{"from":"+447700900123","to":"Watchword","text":"x"} again`: `something follows`,
	} {
		refusal(t, s.URL()+"/inbound", body, says)
	}
	if st := call(t, "DELETE", s.URL()+"/messages", "", nil); st != 204 {
		t.Fatal(st)
	}
	call(t, "GET", s.URL()+"/messages", "", &list)
	if len(list) != 0 {
		t.Fatal("not forgotten")
	}
}

func mailTo(s *simulator.Simulator, to string) error {
	return smtp.SendMail(s.SMTP(), nil, "w@example.com", []string{to}, []byte("From: Watchword <w@example.com>\r\nTo: "+to+"\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n"+
		"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nOpen http://localhost:1/v?t=x\r\n"+
		"--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<a href=3D\"http://localhost:1/v\">Open</a><script>alert(1)</script>\r\n--b--\r\n"))
}

func TestMailsArriveAndShow(t *testing.T) {
	s := start(t)
	if err := mailTo(s, "Ana+tag@example.com"); err != nil {
		t.Fatal(err)
	}
	var list []simulator.Message
	call(t, "GET", s.URL()+"/messages?wait=5s&to="+url.QueryEscape("ana+tag@example.com"), "", &list)
	if len(list) != 1 || list[0].Subject != "Café" || !strings.HasPrefix(list[0].Text, "Open http") || !strings.Contains(list[0].HTML, "href") {
		t.Fatalf("%+v", list)
	}
	call(t, "GET", s.URL()+"/messages?to=ana+tag@example.com", "", &list) // the plus arrives as a space
	if len(list) != 1 {
		t.Fatal("plus sign lost")
	}
	for path, want := range map[string]string{"/": "Café", "/mail/" + list[0].ID: `<iframe src="/mail/`, "/mail/" + list[0].ID + "/html": `target="_blank"`} {
		res, err := http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 200 || !strings.Contains(string(b), want) {
			t.Errorf("%s: %d %s", path, res.StatusCode, b)
		}
		if strings.HasSuffix(path, "/html") && !strings.HasPrefix(res.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Error("a mail may run scripts")
		}
	}
}

func TestFaultsDoWhatTheySay(t *testing.T) {
	s := start(t)
	send, e := carrier(t, s)
	send("+447700900123", "bind first")
	for body, kind := range map[string]sms.OutcomeKind{`{"throttle":true}`: sms.Throttled, `{"queue_full":true}`: sms.QueueFull, `{"refuse":11}`: sms.Rejected} {
		if st := call(t, "POST", s.URL()+"/faults", body, nil); st != 200 {
			t.Fatal(body, st)
		}
		ok := false
		for range 3 { // the first may still be within the limit
			ok = ok || send("+447700900123", "x").Kind == kind
			if ok {
				break
			}
		}
		if !ok {
			t.Errorf("%s does nothing", body)
		}
	}
	call(t, "POST", s.URL()+"/faults", `{"receipt_state":"undelivered","receipts":"twice","refuse_mail":"permanent"}`, nil)
	e.mu.Lock()
	before := len(e.receipts)
	e.mu.Unlock()
	for send("+447700900123", "x").Kind != sms.Accepted { // until the pause after queue full is over
	}
	for range 500 {
		e.mu.Lock()
		got := e.receipts[before:]
		e.mu.Unlock()
		if len(got) >= 2 {
			if got[0].State != sms.Undelivered || got[1].State != sms.Undelivered {
				t.Fatalf("%+v", got)
			}
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := mailTo(s, "a@example.com"); err == nil || !strings.Contains(err.Error(), "550") {
		t.Error(err)
	}
	var f simulator.Faults
	call(t, "DELETE", s.URL()+"/faults", "", &f)
	if f.Any() {
		t.Errorf("%+v", f)
	}
	if err := mailTo(s, "a@example.com"); err != nil {
		t.Error(err)
	}
	for body, says := range map[string]string{
		`{"throtle":1}`:            `there is no key "throtle"; known are byte_by_byte, deaf, delay_ms, drop,`,
		`{"receipts":"sometimes"}`: `receipts is "sometimes"; it should be one of early, twice`,
		`{"delay_ms":-1}`:          `delay_ms is -1; it should lie between 0 and 600000`,
		`{"delay_ms":"2s"}`:        `delay_ms is "2s"; it should be a whole number from 0`,
		`{"throttle":-5}`:          `throttle is -5; it should be a whole number from 0, or true`,
		`{"refuse":-1}`:            `refuse is -1; it should be a whole number`,
		`{"queue_full":"yes"}`:     `queue_full is "yes"; it should be true or false`,
		`{"id_form":"x"}`:          `id_form is "x"; it should be one of decimal`,
		`[`:                        `the body should be a JSON object`,
		`null`:                     `the body should be a JSON object`,
	} {
		refusal(t, s.URL()+"/faults", body, says)
	}
	if call(t, "GET", s.URL()+"/faults", "", &f); f.Any() {
		t.Errorf("a refused fault is in force: %+v", f)
	}
	call(t, "POST", s.URL()+"/faults", `{"refuse_mail":true}`, &f)
	if f.RefuseMail != "temporary" {
		t.Errorf("%+v", f)
	}
	f = simulator.Faults{}
	call(t, "POST", s.URL()+"/faults", `{}`, &f)
	if f.Any() {
		t.Errorf("{} does not reset: %+v", f)
	}
}

// refusal posts what is refused with 400 and reads why.
func refusal(t *testing.T, url, body, says string) {
	t.Helper()
	var p struct{ Detail string }
	if st := call(t, "POST", url, body, &p); st != 400 || !strings.Contains(p.Detail, says) {
		t.Errorf("%s: %d %s, should say %q", body, st, p.Detail, says)
	}
}

func TestClockMoves(t *testing.T) {
	s := start(t)
	var c struct {
		Now    time.Time
		Offset string
	}
	call(t, "POST", s.URL()+"/clock", `{"advance":"15m"}`, nil)
	call(t, "GET", s.URL()+"/clock", "", &c)
	if d := time.Until(c.Now); c.Offset != "15m0s" || d < 14*time.Minute || d > 15*time.Minute {
		t.Fatalf("%+v", c)
	}
	for body, says := range map[string]string{
		`{"advance":"soon"}`:  `advance is "soon"; it should be a time like "15m"`,
		`{"advance":""}`:      `advance is ""`,
		``:                    `advance is ""`,
		`{"advance":15}`:      `advance is 15; it should be a text in quotes`,
		`{"advance":"8000d"}`: `no further than twenty years`,
		`{"advence":"15m"}`:   `there is no key "advence"; known are advance`,
	} {
		refusal(t, s.URL()+"/clock", body, says)
	}
	call(t, "POST", s.URL()+"/clock", `{"advance":"-15m"}`, &c)
	if c.Offset != "0s" {
		t.Fatalf("%+v", c)
	}
}

// A page of another site, or a foreign name that resolves here, reaches nothing.
func TestStrangersAreRefused(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		host, origin, site string
		want               int
	}{
		{"evil.example", "", "", 421}, {"127.0.0.1.nip.example:80", "", "", 421}, {"localhost:1", "", "", 200}, {"127.0.0.9", "", "", 200}, {"[::1]:5", "", "", 200},
		{"localhost", "https://evil.example", "cross-site", 403}, {"localhost", "http://localhost", "same-origin", 200},
	} {
		r, _ := http.NewRequest("POST", s.URL()+"/clock", strings.NewReader(`{"advance":"1s"}`))
		r.Host = c.host
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != c.want {
			t.Errorf("%+v: %d", c, res.StatusCode)
		}
	}
}

func TestOnlyTheNewestAreKept(t *testing.T) {
	s := start(t)
	send, _ := carrier(t, s)
	for i := range 50 {
		send("+447700900123", fmt.Sprint(i))
	}
	var list []simulator.Message
	call(t, "GET", s.URL()+"/messages?limit=3", "", &list)
	if len(list) != 3 || list[0].Text != "49" || list[2].Text != "47" {
		t.Fatalf("%+v", list)
	}
}
