package smsc

import (
	"sync"
	"time"

	"watchword/gateway/sms/smpp/pdu"
)

// partKey names a concatenated message while its parts come in.
type partKey struct {
	from, to string
	ref      uint16
	total    int
}

type partial struct {
	parts [][]byte
	ids   []string
	first string
	have  int
	at    time.Time
}

// reassembly joins parts that come in any order; a part that comes again replaces the former.
type reassembly struct {
	mu   sync.Mutex
	open map[partKey]*partial
}

const (
	partLife     = 10 * time.Minute // an unfinished message is forgotten after it
	mostPartials = 10_000           // beyond it the old ones are looked for
)

// add keeps a part and returns the message when none is missing.
func (r *reassembly) add(m *pdu.Message, c pdu.Concat, data []byte, id string) *partial {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if len(r.open) >= mostPartials {
		for k, p := range r.open {
			if now.Sub(p.at) > partLife {
				delete(r.open, k)
			}
		}
	}
	key := partKey{m.Source.Number, m.Dest.Number, c.Ref, c.Total}
	p := r.open[key]
	if p == nil || now.Sub(p.at) > partLife {
		p = &partial{parts: make([][]byte, c.Total), ids: make([]string, c.Total), first: id}
		r.open[key] = p
	}
	p.at = now
	if p.parts[c.Part-1] == nil {
		p.have++
	}
	p.parts[c.Part-1] = append([]byte{}, data...)
	p.ids[c.Part-1] = id
	if p.have < c.Total {
		return nil
	}
	delete(r.open, key)
	return p
}
