package email

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"watchword/base/id"
	"watchword/base/store"
)

// ErrRunning is returned by a second Run of the same outbox.
var ErrRunning = errors.New("the mail outbox runs already")

// letter is one mail that was taken out.
type letter struct {
	bucket     string
	id         id.Message
	kind, ref  string
	attempts   int
	again      int // how often its fate at the server was uncertain
	expires    int64
	head, body []byte
}

// Run sends what is queued until ctx ends; then it finishes the mails in hand and closes its connections.
func (o *Outbox) Run(ctx context.Context) error {
	if !o.running.CompareAndSwap(false, true) {
		return ErrRunning
	}
	defer o.running.Store(false)
	if err := o.arrive(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // stopped before it began
		}
		return err
	}
	letters := make(chan letter, 4*o.Connections)
	freed := make(chan struct{}, 1)
	var workers sync.WaitGroup
	for range o.Connections {
		workers.Go(func() { o.work(ctx, letters, freed) })
	}
	o.loop(ctx, letters, freed)
	close(letters)
	workers.Wait()
	return o.leave()
}

// loop takes mails out whenever somebody may have queued one and a worker can take it.
func (o *Outbox) loop(ctx context.Context, letters chan letter, freed <-chan struct{}) {
	woken := o.DB.Wait(topic)
	tick := time.NewTicker(o.Poll)
	defer tick.Stop()
	kept := time.Now()
	for {
		room := cap(letters) - len(letters)
		if wait := o.pause(); wait == 0 && room > 0 {
			list, err := o.claim(ctx, room)
			if err != nil && ctx.Err() == nil {
				o.Log.Error("mail: the queue cannot be read; trying again", "error", err)
			}
			for _, l := range list {
				letters <- l
			}
			if len(list) == room {
				continue
			}
		}
		select {
		case <-woken:
		case <-freed:
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if time.Since(kept) >= time.Second {
			o.keep(ctx)
			kept = time.Now()
		}
	}
}

// work sends mails over one connection at a time, kept open for the next ones.
func (o *Outbox) work(ctx context.Context, letters <-chan letter, freed chan<- struct{}) {
	var s *session
	idle := time.NewTicker(o.KeepOpen / 2)
	defer idle.Stop()
	defer func() {
		if s != nil {
			s.close()
		}
	}()
	for {
		select {
		case l, ok := <-letters:
			if !ok {
				return
			}
			s = o.deliver(ctx, s, l)
			select {
			case freed <- struct{}{}:
			default:
			}
		case <-idle.C:
			if s != nil && time.Since(s.last) >= o.KeepOpen {
				s.close()
				s = nil
			}
		}
	}
}

// deliver sends one mail and records what became of it; it returns the connection for the next one, if any.
func (o *Outbox) deliver(ctx context.Context, s *session, l letter) *session {
	if ctx.Err() != nil {
		o.record(l, StateQueued, 1, "")
		return s
	}
	now := o.DB.Now()
	if l.expires > 0 && l.expires <= now {
		o.record(l, StateExpired, 0, reasonTooLate)
		return s
	}
	h, b, ok := o.open(ctx, l)
	if !ok {
		return s
	}
	msg, err := o.SMTP.build(l.id, h, b, store.Time(now))
	if err != nil {
		o.Log.Error("mail: a mail cannot be written; it is given up", "mail", l.id, "kind", l.kind, "error", err)
		o.record(l, StateFailed, 0, "malformed")
		return s
	}
	from := h.From
	if from == "" {
		from = o.SMTP.From
	}
	for {
		kept := s != nil
		if s, err = o.connection(ctx, s); err != nil {
			if ctx.Err() == nil { // else it is the outbox that stops
				o.down(err)
			}
			o.record(l, StateQueued, 1, "")
			return nil
		}
		begin := time.Now()
		got, reason := s.send(msg, from, h.To, o.SMTP.Timeout)
		o.Log.Debug("mail: handed over", "mail", l.id, "kind", l.kind, "tries", l.attempts, "outcome", got.String(), "reason", reason,
			"kept_connection", kept, "took", time.Since(begin).String())
		if got == passing && reason == "connection" && kept && s.ended {
			s.close() // a kept connection had been closed by the server meanwhile: not the mail's fault
			s = nil
			continue
		}
		o.settle(l, got, reason)
		if s.ended || s.used >= o.PerSession {
			s.close()
			return nil
		}
		return s
	}
}

// connection gives the kept connection or makes a new one.
func (o *Outbox) connection(ctx context.Context, s *session) (*session, error) {
	if s != nil {
		return s, nil
	}
	c, err := o.SMTP.dial(ctx, o.Log)
	if err != nil {
		return nil, err
	}
	o.up()
	o.count.connections.Add(1)
	return &session{c: c, last: time.Now()}, nil
}

// settle records what the server said.
func (o *Outbox) settle(l letter, got result, reason string) {
	switch got {
	case accepted:
		o.record(l, StateSent, 0, "")
	case permanent:
		o.record(l, StateFailed, 0, reason)
	case uncertain:
		// A mail that came twice is a nuisance, one that never came locks people out: it is tried once more, under the
		// same Message-ID, by which mail programs hide the copy. A second time it stays unknown.
		if l.again++; l.again > 1 {
			o.record(l, StateUnknown, 0, reason)
			return
		}
		o.later(l, reason)
	case passing:
		o.later(l, reason)
	}
}

// later puts a mail back with a growing wait.
func (o *Outbox) later(l letter, reason string) {
	l.attempts++
	if l.attempts >= o.Attempts {
		o.record(l, StateFailed, 0, "too_many_tries:"+reason)
		return
	}
	o.count.retried.Add(1)
	wait := min(o.LongestRetry, o.FirstRetry<<min(l.attempts-1, 20))
	o.record(l, StateQueued, o.DB.Now()+store.Micros(wait), reason)
}

// open unseals a mail and renders it, in memory only. Not ok when it was recorded as over or put back.
func (o *Outbox) open(ctx context.Context, l letter) (h head, b Body, ok bool) {
	sealed, err := o.Ring.Open(sealHead, string(l.id), l.head)
	if err == nil {
		err = json.Unmarshal(sealed, &h)
	}
	if err == nil && l.ref == "" {
		if sealed, err = o.Ring.Open(sealBody, string(l.id), l.body); err == nil {
			err = json.Unmarshal(sealed, &b)
		}
	}
	if err != nil {
		o.Log.Error("mail: a sealed mail does not open; it is given up", "mail", l.id, "error", err)
		o.record(l, StateFailed, 0, "sealed")
		return h, b, false
	}
	if l.ref == "" {
		return h, b, true
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var texts map[string]RenderedBody
	if o.Render != nil {
		texts, err = o.Render(ctx, []string{l.ref})
	}
	r, found := texts[l.ref]
	switch {
	case err != nil || !found || r.Skip == "" && r.Text == "":
		o.Log.Error("mail: its content could not be written; it is tried again", "mail", l.id, "kind", l.kind, "error", err)
		o.later(l, "not_rendered")
		return h, b, false
	case r.Skip != "":
		o.record(l, StateCancelled, 0, r.Skip)
		return h, b, false
	}
	return h, r.Body, true
}
