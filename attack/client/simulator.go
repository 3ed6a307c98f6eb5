package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Simulator is the phones and the mailbox beside a demonstration.
type Simulator struct {
	URL  string
	HTTP *http.Client
}

// NewSimulator reads the simulator at this address.
func NewSimulator(address string) *Simulator {
	return &Simulator{URL: strings.TrimSuffix(address, "/"), HTTP: &http.Client{Timeout: 90 * time.Second}}
}

// Message is a text or an email that arrived.
type Message struct {
	ID      string    `json:"id"`
	Channel string    `json:"channel"` // "sms" or "email"
	From    string    `json:"from"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    string    `json:"html"`
	At      time.Time `json:"at"`
}

var (
	bound  = regexp.MustCompile(`(?m)^@\S+ #(\d{6})\s*$`)
	digits = regexp.MustCompile(`(?:^|[^\d+])(\d{6})(?:[^\d]|$)`)
	link   = regexp.MustCompile(`https?://[^\s<>"']+`)
)

// Code is the six digits of a message: those of the origin-bound last line when it has one. "" when there are none.
func (m Message) Code() string {
	if all := bound.FindStringSubmatch(m.Text); all != nil {
		return all[1]
	}
	if all := digits.FindStringSubmatch(m.Text); all != nil {
		return all[1]
	}
	return ""
}

// Links are the addresses in a message.
func (m Message) Links() []string { return link.FindAllString(m.Text, -1) }

// Link is the first address with a token, otherwise the first; "" when there is none.
func (m Message) Link() string {
	all := m.Links()
	for _, l := range all {
		if strings.Contains(l, "token=") {
			return l
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return ""
}

// Messages lists what arrived at a number or address, newest first; to "" lists all.
func (s *Simulator) Messages(to string) ([]Message, error) {
	return s.list(url.Values{"to": {to}})
}

func (s *Simulator) list(q url.Values) (all []Message, err error) {
	if q.Get("to") == "" {
		q.Del("to")
	}
	err = s.ask(http.MethodGet, "/messages?"+q.Encode(), nil, &all)
	return all, err
}

// Mark is the newest message to a number or address at this moment: what is asked for After it came later.
func (s *Simulator) Mark(to string) (string, error) {
	all, err := s.list(url.Values{"to": {to}, "limit": {"1"}})
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0].ID, nil
}

// After waits at most so long for a message to a number or address that came after mark ("" for any).
func (s *Simulator) After(mark, to string, most time.Duration) (Message, error) {
	q := url.Values{"to": {to}, "wait": {most.String()}}
	if mark != "" {
		q.Set("since", mark)
	}
	all, err := s.list(q)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("nothing came to %s within %s", to, most)
	}
	if err != nil {
		return Message{}, err
	}
	return all[0], nil
}

// Now is the clock of Watchword and the simulator.
func (s *Simulator) Now() (time.Time, error) {
	var a struct {
		Now time.Time `json:"now"`
	}
	err := s.ask(http.MethodGet, "/clock", nil, &a)
	return a.Now, err
}

// Advance moves the clock: "15m", "-1h", "2d".
func (s *Simulator) Advance(by string) error {
	return s.ask(http.MethodPost, "/clock", map[string]string{"advance": by}, nil)
}

// Faults puts exactly these faults in force; none ends them all.
func (s *Simulator) Faults(f map[string]any) error {
	if f == nil {
		f = map[string]any{}
	}
	return s.ask(http.MethodPost, "/faults", f, nil)
}

// Inbound lets a phone send a text.
func (s *Simulator) Inbound(from, to, words string) error {
	return s.ask(http.MethodPost, "/inbound", map[string]string{"from": from, "to": to, "text": words}, nil)
}

// Clear forgets all messages.
func (s *Simulator) Clear() error { return s.ask(http.MethodDelete, "/messages", nil, nil) }

func (s *Simulator) ask(method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequest(method, s.URL+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	a, err := s.HTTP.Do(r)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	if a.StatusCode/100 != 2 {
		return fmt.Errorf("simulator: %s %s: %d %s", method, path, a.StatusCode, bytes.TrimSpace(b))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(b, out)
}
