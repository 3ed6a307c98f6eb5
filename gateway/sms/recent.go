package sms

import "sync"

// entry is one accepted segment, remembered so that its receipt needs no look-up in the database.
type entry struct {
	lane      Lane
	bucket    string
	id        string
	part      int // 0: the whole message, else from 1
	carrierID string
	to        string
	answered  bool    // its response was, or is being, written
	final     bool    // a final receipt was taken in
	rec       *record // its response while that is being written (see plan.receipt)
	turn      uint64  // the turn rec belongs to
}

// written notes that the response is written in a turn as rec.
func (e *entry) written(rec *record, turn uint64) { e.answered, e.rec, e.turn = true, rec, turn }

// recents holds the latest segments in two generations, and the receipts that came before their responses.
type recents struct {
	mu      sync.Mutex
	now     map[int64]*entry
	before  map[int64]*entry
	early   map[int64][]earlyReceipt
	learnt  map[string]*learning
	earlies int
}

// generation bounds the memory: two of them are some 15 MB at the most.
const (
	generation = 40_000
	maxEarly   = 50_000 // further ones wait in the table alone
)

func newRecents() *recents {
	return &recents{now: map[int64]*entry{}, early: map[int64][]earlyReceipt{}, learnt: map[string]*learning{}}
}

// add remembers an accepted segment.
func (r *recents) add(key int64, e *entry) {
	r.mu.Lock()
	if len(r.now) >= generation {
		r.before, r.now = r.now, make(map[int64]*entry, generation)
	}
	r.now[key] = e
	r.mu.Unlock()
}

func (r *recents) get(key int64) *entry {
	if e := r.now[key]; e != nil {
		return e
	}
	return r.before[key]
}

// find matches a receipt in memory: the candidate by the first rule of the table whose number agrees, or, by the exact
// rule alone, one whose number does not.
func (r *recents) find(carrier string, rc *Receipt) *entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	var best *entry
	l := r.learning(carrier)
	c := candidates(rc.CarrierID, l.learnt)
	bestRule, found := noRule, 0
	for f := textual; f < families; f++ {
		if c[f] == "" {
			continue
		}
		e := r.get(matchKey(carrier, c[f]))
		if e == nil {
			continue
		}
		ru := ruleOf(e.carrierID, rc.CarrierID)
		if ru == noRule || ru != exact && !sameNumber(e.to, rc.From) {
			continue
		}
		found++
		if best == nil || !sameNumber(best.to, rc.From) && sameNumber(e.to, rc.From) {
			best, bestRule = e, ru
		}
	}
	if best != nil && found == 1 {
		l.hit(bestRule.family())
	}
	return best
}

func (r *recents) learning(carrier string) *learning {
	l := r.learnt[carrier]
	if l == nil {
		l = &learning{}
		r.learnt[carrier] = l
	}
	return l
}

// family is what was learnt about a bind; note tells of a match or miss in the database.
func (r *recents) family(carrier string) family {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.learning(carrier).learnt
}

func (r *recents) note(carrier string, ru rule) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ru == noRule {
		r.learning(carrier).miss()
	} else {
		r.learning(carrier).hit(ru.family())
	}
}

// earlyReceipt is a receipt without its response.
type earlyReceipt struct {
	carrier string
	receipt Receipt
	at      int64 // received, microseconds UTC
}

// park keeps an early receipt under every key its response may have.
func (r *recents) park(e earlyReceipt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.earlies >= maxEarly {
		return
	}
	for _, k := range candidates(e.receipt.CarrierID, r.learning(e.carrier).learnt) {
		if k != "" {
			key := matchKey(e.carrier, k)
			r.early[key] = append(r.early[key], e)
			r.earlies++
		}
	}
}

// unpark takes the early receipts of a response; those that are another's stay.
func (r *recents) unpark(key int64, carrierID, to string) []earlyReceipt {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.early[key]
	if list == nil {
		return nil
	}
	var mine, rest []earlyReceipt
	for _, e := range list {
		ru := ruleOf(carrierID, e.receipt.CarrierID)
		if ru != noRule && (ru == exact || sameNumber(to, e.receipt.From)) {
			mine = append(mine, e)
		} else {
			rest = append(rest, e)
		}
	}
	r.earlies -= len(mine)
	if rest == nil {
		delete(r.early, key)
	} else {
		r.early[key] = rest
	}
	return mine
}

// dropEarly forgets what is older than a time, or was matched under another key, or by another process.
func (r *recents) dropEarly(carrier, carrierID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range candidates(carrierID, unlearnt) {
		if k == "" {
			continue
		}
		key := matchKey(carrier, k)
		list := r.early[key]
		kept := list[:0]
		for _, e := range list {
			if e.carrier != carrier || e.receipt.CarrierID != carrierID {
				kept = append(kept, e)
			}
		}
		r.earlies -= len(list) - len(kept)
		if len(kept) == 0 {
			delete(r.early, key)
		} else {
			r.early[key] = kept
		}
	}
}
