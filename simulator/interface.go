package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
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
		fail(w, 422, `channel should be "sms" or "email"`)
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
			fail(w, 422, "limit should be a whole number from 1")
			return
		}
		limit = n
	}
	wait, err := time.ParseDuration(q.Get("wait"))
	if q.Get("wait") != "" && (err != nil || wait < 0) {
		fail(w, 422, `wait should be a time like "10s"`)
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

func (s *Simulator) postInbound(w http.ResponseWriter, r *http.Request) {
	var in inbound
	if err := read(r, &in, func(v url.Values) error { in = inbound{v.Get("from"), v.Get("to"), v.Get("text")}; return nil }); err != nil {
		fail(w, 422, err.Error())
		return
	}
	switch {
	case in.From == "":
		fail(w, 422, "from is missing: the phone's number")
		return
	case in.To == "":
		fail(w, 422, "to is missing: the sender that the phone answers")
		return
	}
	in.From, in.To = spelled(in.From, s.o.Home), spelled(in.To, s.o.Home)
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
	if err := read(r, &in, func(v url.Values) error { in.Advance = v.Get("advance"); return nil }); err != nil {
		fail(w, 422, err.Error())
		return
	}
	d, err := span(in.Advance)
	if err != nil {
		fail(w, 422, `advance should be a time like "15m", "-1h" or "2d"`)
		return
	}
	s.o.Clock.Advance(d)
	s.o.Log.Info("clock moved", "by", d.String())
	done(w, r, clockAnswer{s.o.Clock.Now().UTC(), s.o.Clock.Offset().String()})
}

func span(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, e := strconv.ParseInt(days, 10, 16)
		d, err = time.Duration(n)*24*time.Hour, e
	}
	const most = 20 * 365 * 24 * time.Hour
	if err == nil && (d > most || d < -most) {
		err = errors.New("more than twenty years")
	}
	return d, err
}

func (s *Simulator) getFaults(w http.ResponseWriter, r *http.Request) { answer(w, 200, s.state.now()) }

// postFaults puts exactly these faults in force: {} ends them all.
func (s *Simulator) postFaults(w http.ResponseWriter, r *http.Request) {
	var f Faults
	if err := read(r, &f, f.form); err != nil {
		fail(w, 422, err.Error())
		return
	}
	if err := s.state.set(f); err != nil {
		fail(w, 422, err.Error())
		return
	}
	s.o.Log.Info("faults set", "faults", fmt.Sprintf("%+v", f))
	done(w, r, s.state.now())
}

func (s *Simulator) deleteFaults(w http.ResponseWriter, r *http.Request) {
	s.state.set(Faults{})
	done(w, r, s.state.now())
}

// read takes JSON, whatever the content type says, or a form of the page.
func read(r *http.Request, into any, form func(url.Values) error) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return errors.New("the body is too large or was cut off")
	}
	text := strings.TrimSpace(string(b))
	if kind == "application/x-www-form-urlencoded" && !strings.HasPrefix(text, "{") {
		v, err := url.ParseQuery(text)
		if err != nil {
			return errors.New("the form cannot be read")
		}
		return form(v)
	}
	if text == "" {
		text = "{}"
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errors.New("the body should be JSON as documented: " + strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
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
