package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds a request, in octets.
const maxBody = 1 << 20

func (s *Simulator) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /messages", s.getMessages)
	mux.HandleFunc("DELETE /messages", s.deleteMessages)
	mux.HandleFunc("POST /messages/delete", s.deleteMessages) // forms cannot send DELETE
	mux.HandleFunc("POST /inbound", s.postInbound)
	mux.HandleFunc("GET /clock", s.getClock)
	mux.HandleFunc("POST /clock", s.postClock)
	mux.HandleFunc("GET /faults", s.getFaults)
	mux.HandleFunc("POST /faults", s.postFaults)
	mux.HandleFunc("DELETE /faults", s.deleteFaults)
	s.pages(mux)
	return mux
}

// guard answers only under loopback names, and changes nothing for pages of other sites.
func (s *Simulator) guard(next http.Handler) http.Handler {
	inside := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.knownHost(r.Host) {
			fail(w, http.StatusMisdirectedRequest, "The simulator answers only under localhost. Start it with --host NAME to allow another name.")
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		inside.ServeHTTP(w, r)
	})
}

func (s *Simulator) knownHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" || slices.Contains(s.o.Hosts, host) {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// getMessages lists messages, newest first. Query: to and from (a phone number in any spelling, or an address),
// channel ("sms", "email"), since (RFC 3339, or a message's id), limit, wait (a duration up to 60 s: answer as soon as
// there is one), inbound=true (also what phones sent).
func (s *Simulator) getMessages(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f := filter{channel: q.Get("channel"), inbound: q.Get("inbound") == "true"}
	if v := q.Get("to"); v != "" {
		f.to = key(v, s.o.Home)
	}
	if v := q.Get("from"); v != "" {
		f.from = key(v, s.o.Home)
	}
	if f.channel != "" && f.channel != "sms" && f.channel != "email" {
		fail(w, http.StatusBadRequest, `channel should be "sms" or "email"`)
		return
	}
	if v := q.Get("since"); v != "" {
		at, err := time.Parse(time.RFC3339Nano, strings.ReplaceAll(v, " ", "+"))
		if err != nil {
			f.after = v
		}
		f.since = at
	}
	limit := 0
	if v := q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			fail(w, http.StatusBadRequest, "limit should be a whole number from 1")
			return
		}
		limit = n
	}
	wait, err := time.ParseDuration(q.Get("wait"))
	if q.Get("wait") != "" && (err != nil || wait < 0) {
		fail(w, http.StatusBadRequest, `wait should be a time like "10s"`)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), min(wait, time.Minute))
	defer cancel()
	answer(w, 200, s.box.wait(ctx, f, limit))
}

func (s *Simulator) deleteMessages(w http.ResponseWriter, r *http.Request) {
	s.box.clear()
	done(w, r, nil)
}

// inbound is the body of POST /inbound.
type inbound struct {
	From string `json:"from"`
	To   string `json:"to"`
	Text string `json:"text"`
}

var (
	fullNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)                      // E.164
	senderName = regexp.MustCompile(`^(\+?[0-9]{3,15}|[A-Za-z0-9 _.&-]{1,11})$`) // a number, a short code, or a name (3GPP TS 23.040 §9.1.2.5)
)

// check says what is wrong with a text that a phone is to send.
func (in inbound) check() error {
	switch {
	case !fullNumber.MatchString(in.From):
		return fmt.Errorf("from is %q; it should be the phone's number, like \"+447700900123\"", in.From)
	case !senderName.MatchString(in.To):
		return fmt.Errorf("to is %q; it should be the sender that the phone answers: a number, a short code, or a name of at most 11 letters, digits and spaces", in.To)
	}
	return nil
}

func (s *Simulator) postInbound(w http.ResponseWriter, r *http.Request) {
	var in inbound
	err := read(r, &in)
	if err == nil {
		in.From, in.To = spelled(in.From, s.o.Home), spelled(in.To, s.o.Home)
		err = in.check()
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := s.inbound(in); err != nil {
		fail(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	m := s.box.add(Message{Channel: "sms", From: in.From, To: in.To, Text: in.Text, Inbound: true})
	done(w, r, m)
}

type clockAnswer struct {
	Now    time.Time `json:"now"`
	Offset string    `json:"offset"` // how far it was moved
}

func (s *Simulator) getClock(w http.ResponseWriter, r *http.Request) {
	answer(w, 200, clockAnswer{s.o.Clock.Now().UTC(), s.o.Clock.Offset().String()})
}

// postClock moves the clock: {"advance":"15m"}, also back: "-1h"; days as "2d".
func (s *Simulator) postClock(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Advance string `json:"advance"`
	}
	if err := read(r, &in); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	d, err := span(in.Advance)
	if err == nil && (s.o.Clock.Offset()+d).Abs() > farthest {
		err = errors.New("too far")
	}
	if err != nil {
		fail(w, http.StatusBadRequest, fmt.Sprintf(`advance is %q; it should be a time like "15m", "-1h" (back) or "2d", no further than twenty years from now`, in.Advance))
		return
	}
	s.o.Clock.Advance(d)
	s.o.Log.Info("clock moved", "by", d.String())
	done(w, r, clockAnswer{s.o.Clock.Now().UTC(), s.o.Clock.Offset().String()})
}

// farthest is how far the clock may stand from the system's.
const farthest = 20 * 365 * 24 * time.Hour

func span(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseInt(days, 10, 14) // at most 8191 days
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

func (s *Simulator) getFaults(w http.ResponseWriter, r *http.Request) { answer(w, 200, s.state.now()) }

// postFaults puts exactly these faults in force: {} ends them all.
func (s *Simulator) postFaults(w http.ResponseWriter, r *http.Request) {
	var f Faults
	if err := read(r, &f); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := s.state.set(f); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	s.o.Log.Info("faults set", "faults", fmt.Sprintf("%+v", f))
	done(w, r, s.state.now())
}

func (s *Simulator) deleteFaults(w http.ResponseWriter, r *http.Request) {
	s.state.set(Faults{})
	done(w, r, s.state.now())
}

// done answers a program with JSON and sends a person back to the page.
func done(w http.ResponseWriter, r *http.Request, v any) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		back := r.URL.Query().Get("back")
		if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.Contains(back, `\`) {
			back = "/"
		}
		http.Redirect(w, r, back, http.StatusSeeOther)
		return
	}
	if v == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answer(w, 200, v)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.Encode(v)
}

// fail is problem+json (RFC 9457).
func fail(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"status": status, "title": http.StatusText(status), "detail": detail})
}
