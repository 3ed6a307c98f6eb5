package house

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// idle notes when the last request came, so that memory goes back to the system in quiet times (decisions 30).
type idle struct{ last atomic.Int64 }

func (i *idle) note() { i.last.Store(time.Now().UnixNano()) }

// quietAfter is how long without a request before memory is given back.
const quietAfter = 30 * time.Second

// rest gives memory back once in each quiet time; before that it lets the rooms let go of theirs.
func (i *idle) rest(ctx context.Context, before func()) {
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
			before()
			debug.FreeOSMemory()
			unmapProgram()
			rested = last
		}
	}
}

// unmapProgram lets go of the pages of the program file itself, most of which only the start needed. They are read-only
// and stay in the system's cache: what is needed again is mapped again without reading the disk. Where there is no
// /proc nothing happens.
func unmapProgram() {
	self, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(maps)) {
		f := strings.Fields(line) // address, rights, offset, device, inode, file
		if len(f) < 6 || f[5] != self || f[1] != "r-xp" && f[1] != "r--p" {
			continue
		}
		from, to, _ := strings.Cut(f[0], "-")
		a, err1 := strconv.ParseUint(from, 16, 64)
		b, err2 := strconv.ParseUint(to, 16, 64)
		if err1 == nil && err2 == nil && b > a {
			syscall.Syscall(syscall.SYS_MADVISE, uintptr(a), uintptr(b-a), syscall.MADV_DONTNEED)
		}
	}
}

func (h *House) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.idle.note()
		begin := time.Now()
		s := &statusWriter{ResponseWriter: w, status: 200}
		next.ServeHTTP(s, r)
		took := time.Since(begin)
		h.meter.request(s.status, took)
		if h.Log.Enabled(r.Context(), slog.LevelDebug) { // no query: tokens of links stand there
			h.Log.Debug("request", "method", r.Method, "path", r.URL.Path, "status", s.status, "took", took.String(),
				"request", w.Header().Get("X-Request-Id"))
		}
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
