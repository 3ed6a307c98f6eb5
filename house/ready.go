package house

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"watchword/base/problem"
	"watchword/base/store"
)

// readiness remembers the last look, so that asking often costs nothing.
type readiness struct {
	mu       sync.Mutex
	at       time.Time
	last     Readiness
	stopping bool
}

// Readiness is what /readyz says about each part.
type Readiness struct {
	Ready    bool            `json:"ready"`
	Database string          `json:"database"` // "ok", or what is wrong
	Disk     string          `json:"disk"`     // "ok", or "nearly full": no files are taken in or written, everything else goes on
	Carriers map[string]bool `json:"carriers"` // by name: connected
	Mail     string          `json:"mail"`
}

const (
	readyFor = 2 * time.Second
	mailFor  = 30 * time.Second
	pingFor  = 3 * time.Second
)

// Readiness looks at the database (one durable write), the carriers and, twice a minute, the mail server. It is ready
// when the database is and at least one way out works.
func (h *House) Readiness(ctx context.Context) Readiness {
	s := &h.state
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return Readiness{Database: "stopping", Disk: "stopping", Mail: "stopping"}
	}
	if time.Since(s.at) < readyFor {
		return s.last
	}
	r := Readiness{Database: "ok", Disk: "ok", Mail: h.mailState(), Carriers: map[string]bool{}}
	if err := h.ping(ctx); err != nil {
		h.Log.Error("the database cannot be written", "error", err)
		r.Database = "cannot be written"
	}
	if err := h.DB.ReadOne(ctx, func(tx *store.Tx) error { return tx.Room(0) }); problem.HasCode(err, "disk_nearly_full") {
		h.Log.Warn("the disk is nearly full", "error", problem.As(err).Cause)
		r.Disk = "nearly full"
	}
	out := r.Mail == "ok"
	for _, c := range h.Texts.Health() {
		r.Carriers[c.Name] = c.Up
		out = out || c.Up
	}
	r.Ready = r.Database == "ok" && out
	s.last, s.at = r, time.Now()
	return r
}

// ping makes one durable write and waits for it no longer than probes do: a database that another program holds keeps
// the writer for longer, and a write that began is not cancelled. A probe that hangs up says nothing about the database.
func (h *House) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingFor)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- h.DB.Ping(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// mailState is the result of the last look at the mail server, which looks again in the background when it is old.
func (h *House) mailState() string {
	m := &h.meter.mail
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Since(m.at) > mailFor && !m.looking {
		m.looking = true
		go h.lookAtMail()
	}
	if m.state == "" {
		return "not looked at yet"
	}
	return m.state
}

func (h *House) lookAtMail() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := h.Mails.Check(ctx)
	m := &h.meter.mail
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at, m.looking, m.state = time.Now(), false, "ok"
	if err != nil {
		m.state = "does not answer"
		h.Log.Warn("the mail server cannot be used", "error", err)
	}
}

type mailLook struct {
	mu      sync.Mutex
	at      time.Time
	looking bool
	state   string
}

func (h *House) ready(ctx context.Context) error {
	if r := h.Readiness(ctx); !r.Ready {
		return errors.New("the database, or every carrier and the mail server, cannot be used")
	}
	return nil
}

// serveReady is /readyz with a word on each part.
func (h *House) serveReady(w http.ResponseWriter, r *http.Request) {
	state := h.Readiness(r.Context())
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !state.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(state)
}
