package simulator

import (
	"context"
	"strings"
	"sync"
	"time"

	"watchword/base/id"
	"watchword/base/phone"
)

// Message is one text or mail that arrived, as the JSON interface shows it.
type Message struct {
	ID       string    `json:"id"`
	Channel  string    `json:"channel"` // "sms" or "email"
	From     string    `json:"from"`
	To       string    `json:"to"`
	Subject  string    `json:"subject"`
	Text     string    `json:"text"`
	HTML     string    `json:"html"`
	At       time.Time `json:"at"`
	Segments int       `json:"segments,omitempty"` // texts: how many parts it came in
	Inbound  bool      `json:"inbound,omitempty"`  // texts: sent from the phone
	// Headers of a mail, the first value of each, by its canonical name.
	Headers map[string]string `json:"headers,omitempty"`
}

// Keep is how many messages are remembered.
const Keep = 10_000

// box remembers the newest messages, in a ring.
type box struct {
	now func() time.Time

	mu     sync.Mutex
	ring   []Message
	next   int
	change chan struct{} // closed and replaced at each change
	done   chan struct{}
	once   sync.Once
}

func newBox(now func() time.Time) *box {
	return &box{now: now, change: make(chan struct{}), done: make(chan struct{})}
}

func (b *box) close() { b.once.Do(func() { close(b.done) }) }

func (b *box) add(m Message) Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	m.At = b.now().UTC()
	letters := "SM"
	if m.Channel == "email" {
		letters = "EM"
	}
	m.ID = id.New(letters, m.At.UnixMicro())
	if len(b.ring) < Keep {
		b.ring = append(b.ring, m)
	} else {
		b.ring[b.next] = m
		b.next = (b.next + 1) % Keep
	}
	b.changed()
	return m
}

func (b *box) changed() {
	close(b.change)
	b.change = make(chan struct{})
}

func (b *box) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ring, b.next = nil, 0
	b.changed()
}

// find lists what matches, newest first, at most limit (0: all).
func (b *box) find(f filter, limit int) []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.findLocked(f, limit)
}

func (b *box) findLocked(f filter, limit int) []Message {
	out := []Message{}
	for i := range b.ring {
		m := &b.ring[(b.next-1-i+2*len(b.ring))%len(b.ring)]
		if m.ID == f.after && f.after != "" {
			break
		}
		if f.matches(m) {
			out = append(out, *m)
			if len(out) == limit {
				break
			}
		}
	}
	return out
}

// wait is find, but when nothing matches yet it waits for the next message that does, until ctx ends.
func (b *box) wait(ctx context.Context, f filter, limit int) []Message {
	for {
		b.mu.Lock()
		found, change := b.findLocked(f, limit), b.change
		b.mu.Unlock()
		if len(found) > 0 {
			return found
		}
		select {
		case <-change:
		case <-b.done:
			return found
		case <-ctx.Done():
			return found
		}
	}
}

// filter narrows a listing; empty fields mean all.
type filter struct {
	to      string // key of a phone or mailbox
	from    string
	channel string
	after   string // id: only what came later
	since   time.Time
	inbound bool // texts from phones too
}

func (f filter) matches(m *Message) bool {
	return (f.inbound || !m.Inbound) && (f.channel == "" || m.Channel == f.channel) &&
		(f.to == "" || key(m.To, "") == f.to) && (f.from == "" || key(m.From, "") == f.from) &&
		(f.since.IsZero() || m.At.After(f.since))
}

// spelled is a phone number in its one spelling, and a sender with a name as it was written.
func spelled(s, home string) string {
	if n, err := phone.Parse(s, home); err == nil {
		return n.E164
	}
	return strings.TrimSpace(s)
}

// key is the one spelling of a phone number or mailbox, however it was written; a plus sign may have been decoded to
// a space.
func key(s, home string) string {
	if strings.Contains(s, "@") {
		return strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), " ", "+"))
	}
	if n, err := phone.Parse(s, home); err == nil {
		return n.E164
	}
	return strings.ToLower(strings.TrimSpace(s))
}
