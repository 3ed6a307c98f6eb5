package sms

import (
	"watchword/base/store"
)

// record is the answer to a message as its row takes it.
type record struct {
	id        string
	state     State
	due       int64
	attempts  int
	sentAt    int64
	key       int64
	carrier   string
	carrierID string
	reason    string
}

// partRecord is the answer to one part; receiptRecord what a receipt said of a message (part 0) or of a part.
type partRecord struct {
	record
	part, total int
}

type receiptRecord struct {
	id     string
	part   int
	state  State
	reason string
}

// bucketPlan is what one turn writes for one bucket, in the order of the fields.
type bucketPlan struct {
	records      []*record
	parts        []*partRecord
	receipts     []*receiptRecord
	partReceipts []*receiptRecord
	folds        map[string]bool
	due          int64 // earliest time of a bulk row that goes back
}

// plan is everything one turn records. It is made before the transaction, which may run more than once.
type plan struct {
	l       *line
	buckets map[string]*bucketPlan
	acks    []func(bool)
	unknown []*event   // receipts not matched in memory: looked up inside the transaction
	heard   []*Receipt // matched early receipts, whose rows go; their carriers beside them
	heardOf []string
	closed  []*claim
	count   [5]uint64 // delivered, failed, unknown, receipts, duplicates
	looked  lookup    // set by the transaction
}

const (
	nDelivered = iota
	nFailed
	nUnknown
	nReceipts
	nDuplicates
)

func (p *plan) bucket(name string) *bucketPlan {
	b := p.buckets[name]
	if b == nil {
		b = &bucketPlan{}
		p.buckets[name] = b
	}
	return b
}

func (b *bucketPlan) fold(id string) {
	if b.folds == nil {
		b.folds = map[string]bool{}
	}
	b.folds[id] = true
}

// plan sorts a turn's events: responses first, so that the receipts among them find theirs.
func (l *line) plan(events []event) *plan {
	p := &plan{l: l, buckets: map[string]*bucketPlan{}}
	for i := range events {
		e := &events[i]
		switch e.kind {
		case jobOver:
			p.job(e)
		case partOver:
			p.part(e)
		case lateCame:
			p.late(e)
		}
	}
	for i := range events {
		if events[i].kind == receiptCame {
			p.receiptEvent(&events[i])
		}
	}
	return p
}

func (p *plan) job(e *event) {
	j := e.job
	p.l.open--
	if j.claim.left--; j.claim.left == 0 {
		p.closed = append(p.closed, j.claim)
	}
	b := p.bucket(j.bucket)
	r := &record{id: j.id, state: e.state, due: e.due, attempts: j.attempts, sentAt: e.sentAt, carrier: e.carrier,
		carrierID: e.carrierID, reason: e.reason}
	b.records = append(b.records, r)
	if e.due > 0 && j.seq && (b.due == 0 || e.due < b.due) {
		b.due = e.due
	}
	if j.concat && e.due == 0 {
		b.fold(j.id)
	}
	p.tally(e.state)
	if e.entry != nil {
		r.key = matchKey(e.carrier, idKey(e.carrierID))
		e.entry.written(r, p.l.turns)
		p.early(r.key, e.entry, e.carrier)
	}
}

func (p *plan) tally(s State) {
	switch s {
	case StateDelivered:
		p.count[nDelivered]++
	case StateFailed:
		p.count[nFailed]++
	case StateUnknown:
		p.count[nUnknown]++
	}
}

func (p *plan) part(e *event) {
	b := p.bucket(e.job.bucket)
	r := &partRecord{part: e.part, total: len(e.job.parts), record: record{id: e.job.id, state: e.state, sentAt: e.sentAt,
		carrier: e.carrier, carrierID: e.carrierID, reason: e.reason}}
	if e.entry != nil {
		r.key = matchKey(e.carrier, idKey(e.carrierID))
		e.entry.written(&r.record, p.l.turns)
	}
	b.parts = append(b.parts, r)
	b.fold(e.job.id)
	if e.entry != nil {
		p.early(r.key, e.entry, e.carrier)
	}
}

// early applies the receipts that came before this response.
func (p *plan) early(key int64, e *entry, carrier string) {
	for _, x := range p.l.o.recent.unpark(key, e.carrierID, e.to) {
		p.receipt(&x.receipt, e)
		p.heard, p.heardOf = append(p.heard, &x.receipt), append(p.heardOf, carrier)
	}
}

func (p *plan) receiptEvent(e *event) {
	if e.entry == nil {
		e.entry = p.l.o.recent.find(e.carrier, e.receipt)
	}
	if e.entry != nil && e.entry.lane != p.l.lane {
		p.l.o.line(e.entry.lane).put(*e) // its response is, or will be, recorded there
		return
	}
	if e.ack != nil {
		p.acks = append(p.acks, e.ack)
	}
	// A segment is remembered a moment before its response is handed over. A receipt that comes in that moment is early
	// like any other: there may be no row yet that it could change.
	if e.entry == nil || !e.entry.answered {
		p.unknown = append(p.unknown, e)
		return
	}
	p.receipt(e.receipt, e.entry)
	if e.parked > 0 {
		p.heard, p.heardOf = append(p.heard, e.receipt), append(p.heardOf, e.carrier)
	}
}

// receipt takes in what a receipt says of a remembered segment: folded into the response when that is written in this
// very turn, as an update of its own otherwise. The first final state stays.
func (p *plan) receipt(rc *Receipt, e *entry) {
	if e.final {
		p.count[nDuplicates]++
		return
	}
	p.count[nReceipts]++
	state, reason := outcomeOf(rc)
	if state == "" {
		return
	}
	e.final = true
	if e.part == 0 {
		p.tally(state)
	}
	b := p.bucket(e.bucket)
	if e.rec != nil && e.turn == p.l.turns {
		e.rec.state, e.rec.reason, e.rec.key = state, reason, 0
		e.rec = nil
		return
	}
	e.rec = nil
	r := &receiptRecord{id: e.id, part: e.part, state: state, reason: reason}
	if e.part == 0 {
		b.receipts = append(b.receipts, r)
		return
	}
	b.partReceipts = append(b.partReceipts, r)
	b.fold(e.id)
}

// outcomeOf is what a receipt makes of a message; "" for interim ones.
func outcomeOf(rc *Receipt) (State, string) {
	if !rc.State.Final() {
		return "", ""
	}
	reason := string(rc.State)
	if rc.ErrorCode != "" && rc.ErrorCode != "000" && rc.ErrorCode != "0" {
		reason += ":" + rc.ErrorCode
	}
	switch rc.State {
	case Delivered:
		return StateDelivered, ""
	case UnknownState:
		return StateUnknown, "receipt_" + reason
	}
	return StateFailed, reason
}

// late is a response after its time-out: what was unknown becomes what it is.
func (p *plan) late(e *event) {
	_, bucket, id, part, ok := splitKey(e.key)
	if !ok {
		return
	}
	b := p.bucket(bucket)
	r := record{id: id, state: e.state, sentAt: e.sentAt, carrier: e.carrier, carrierID: e.carrierID, reason: e.reason}
	if e.entry != nil {
		r.key = matchKey(e.carrier, idKey(e.carrierID))
	}
	var rec *record
	if part == 0 {
		rec = &r
		r.attempts = -1 // as it was
		b.records = append(b.records, rec)
	} else {
		pr := &partRecord{record: r, part: part}
		rec = &pr.record
		b.parts = append(b.parts, pr)
		b.fold(id)
	}
	if e.entry != nil {
		e.entry.written(rec, p.l.turns)
		p.early(rec.key, e.entry, e.carrier)
	}
}

// finish answers those who wait for the commit.
func (p *plan) finish(stored bool) {
	o := p.l.o
	if stored {
		c := &o.count
		c.delivered.Add(p.count[nDelivered] + p.looked.count[nDelivered])
		c.failed.Add(p.count[nFailed] + p.looked.count[nFailed])
		c.unknown.Add(p.count[nUnknown] + p.looked.count[nUnknown])
		c.receipts.Add(p.count[nReceipts] + p.looked.count[nReceipts])
		c.duplicates.Add(p.count[nDuplicates] + p.looked.count[nDuplicates])
		p.looked.settle(o)
		for i, rc := range p.heard {
			o.recent.dropEarly(p.heardOf[i], rc.CarrierID)
		}
	}
	for _, ack := range p.acks {
		ack(stored)
	}
}

// apply writes the plan; it may run more than once.
func (p *plan) apply(tx *store.Tx) error {
	found, err := p.lookUp(tx)
	if err != nil {
		return err
	}
	p.looked = found
	for name, b := range p.buckets {
		if err := p.save(tx, name, b); err != nil {
			return err
		}
	}
	if err := found.save(tx, p); err != nil {
		return err
	}
	return p.closeClaims(tx)
}
