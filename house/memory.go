package house

import (
	"context"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// idle notes when the last request came, so that memory goes back to the system in quiet times (decisions 30).
type idle struct{ last atomic.Int64 }

func (i *idle) note() { i.last.Store(time.Now().UnixNano()) }

// quietAfter is how long without a request before memory is given back.
const quietAfter = 30 * time.Second

// rest gives memory back once in each quiet time.
func (i *idle) rest(ctx context.Context) {
	i.note()
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	var rested int64
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if last := i.last.Load(); last != rested && time.Since(time.Unix(0, last)) > quietAfter {
			debug.FreeOSMemory()
			rested = last
		}
	}
}

func (h *House) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.idle.note()
		begin := time.Now()
		s := &statusWriter{ResponseWriter: w, status: 200}
		next.ServeHTTP(s, r)
		h.meter.request(s.status, time.Since(begin))
	})
}

// statusWriter notes the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController through.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }
