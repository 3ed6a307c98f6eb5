package house

import (
	"sync"

	"watchword/base/audit"
)

// events counts the lines of the audit log by kind and outcome: log-ins, codes, refusals.
type events struct {
	mu sync.Mutex
	by map[[2]string]uint64
}

// maxKinds bounds the labels, whatever is recorded.
const maxKinds = 400

func (e *events) observe(kind string, outcome audit.Outcome) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.by == nil {
		e.by = map[[2]string]uint64{}
	}
	k := [2]string{kind, string(outcome)}
	if _, ok := e.by[k]; ok || len(e.by) < maxKinds {
		e.by[k]++
	}
}

func (e *events) collect(count func(name, help string, v float64, labels ...string)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for k, n := range e.by {
		count("watchword_events_total", "Lines of the audit log written by this process.", float64(n), "kind", k[0], "outcome", k[1])
	}
}
