package sms

import (
	"encoding/json"

	"watchword/base/store"
)

// lookup is what the transaction found for receipts that memory did not know.
type lookup struct {
	buckets map[string]*bucketPlan
	parked  []*event // kept as early
	again   []*event // early ones that still wait
	gone    []*event // early ones matched, or too old
	rules   []ruleSeen
	lost    uint64
	count   [5]uint64
}

type ruleSeen struct {
	carrier string
	rule    rule
}

// stored is a segment as the database knows it.
type stored struct {
	key                       int64
	bucket, id, carrier, rcID string
	to                        string
	part                      int
}

// lookUp finds the segments of receipts by all keys at once.
func (p *plan) lookUp(tx *store.Tx) (lookup, error) {
	var found lookup
	if len(p.unknown) == 0 {
		return found, nil
	}
	keys := make([][1]int64, 0, 2*len(p.unknown))
	for _, e := range p.unknown {
		for _, k := range candidates(e.receipt.CarrierID, p.l.o.recent.family(e.carrier)) {
			if k != "" {
				keys = append(keys, [1]int64{matchKey(e.carrier, k)})
			}
		}
	}
	rows, err := readStored(tx, keys)
	if err != nil {
		return found, err
	}
	found.buckets = map[string]*bucketPlan{}
	used := map[string]bool{}
	for _, e := range p.unknown {
		found.receipt(tx, p, e, rows, used)
	}
	return found, nil
}

func readStored(tx *store.Tx, keys [][1]int64) (map[int64][]stored, error) {
	j, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	k := tx.JSONRows(1, store.Col{Name: "match_key", Type: "bigint"})
	rs, err := tx.Query(`SELECT m.match_key, m.bucket, m.id, m.carrier, m.carrier_id, m.dest, 0 FROM `+k+` AS k
		JOIN sms_message m ON m.match_key = k.match_key WHERE m.match_key <> 0
		UNION ALL
		SELECT m.match_key, m.bucket, m.message, m.carrier, m.carrier_id, '', m.part FROM `+k+` AS k
		JOIN sms_part m ON m.match_key = k.match_key WHERE m.match_key <> 0`, string(j))
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	out := map[int64][]stored{}
	for rs.Next() {
		var s stored
		if err := rs.Scan(&s.key, &s.bucket, &s.id, &s.carrier, &s.rcID, &s.to, &s.part); err != nil {
			return nil, err
		}
		out[s.key] = append(out[s.key], s)
	}
	return out, rs.Err()
}

// receipt settles one: an update of what it matches, or a place among the early ones.
func (f *lookup) receipt(tx *store.Tx, p *plan, e *event, rows map[int64][]stored, used map[string]bool) {
	var best *stored
	bestRule := noRule
	for _, k := range candidates(e.receipt.CarrierID, p.l.o.recent.family(e.carrier)) {
		if k == "" {
			continue
		}
		list := rows[matchKey(e.carrier, k)]
		for i := range list {
			s := &list[i]
			ru := ruleOf(s.rcID, e.receipt.CarrierID)
			if ru == noRule || s.carrier != e.carrier || ru != exact && !sameNumber(s.to, e.receipt.From) {
				continue
			}
			better := sameNumber(s.to, e.receipt.From) && best != nil && !sameNumber(best.to, e.receipt.From)
			if best == nil || better || ru < bestRule && (sameNumber(s.to, e.receipt.From) || !sameNumber(best.to, e.receipt.From)) {
				best, bestRule = s, ru
			}
		}
	}
	if best == nil {
		f.unmatched(tx, p, e)
		return
	}
	f.rules = append(f.rules, ruleSeen{e.carrier, bestRule})
	if e.parked > 0 {
		f.gone = append(f.gone, e)
	}
	state, reason := outcomeOf(e.receipt)
	mark := best.bucket + best.id + string(rune(best.part))
	if used[mark] {
		f.count[nDuplicates]++
		return
	}
	f.count[nReceipts]++
	if state == "" {
		return
	}
	used[mark] = true
	b := f.buckets[best.bucket]
	if b == nil {
		b = &bucketPlan{}
		f.buckets[best.bucket] = b
	}
	r := &receiptRecord{id: best.id, part: best.part, state: state, reason: reason}
	if best.part > 0 {
		b.partReceipts = append(b.partReceipts, r)
		b.fold(best.id)
		return
	}
	b.receipts = append(b.receipts, r)
	switch state {
	case StateDelivered:
		f.count[nDelivered]++
	case StateUnknown:
		f.count[nUnknown]++
	default:
		f.count[nFailed]++
	}
}

func (f *lookup) unmatched(tx *store.Tx, p *plan, e *event) {
	keep := store.Micros(p.l.o.KeepEarly)
	switch {
	case e.parked > 0 && tx.Now-e.parked >= keep:
		f.gone = append(f.gone, e)
		f.lost++
	case e.parked > 0:
		f.again = append(f.again, e)
	case e.receipt.State.Final():
		f.parked = append(f.parked, e)
	default:
		f.count[nReceipts]++ // an interim state before the response says nothing
	}
}

// save writes what the look-up found.
func (f *lookup) save(tx *store.Tx, p *plan) error {
	for name, b := range f.buckets {
		if err := p.save(tx, name, b); err != nil {
			return err
		}
	}
	for _, e := range f.parked {
		r := e.receipt
		_, err := tx.Exec(`INSERT INTO sms_early (carrier, carrier_id, state, error_code, from_number, done_at, received_at, next_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (carrier, carrier_id, state) DO NOTHING`,
			e.carrier, r.CarrierID, string(r.State), r.ErrorCode, p.l.o.sealFrom(r), micros(r.DoneAt), tx.Now, tx.Now+1_000_000)
		if err != nil {
			return err
		}
	}
	for _, e := range f.again {
		// Each wait is half of the age: soon at first, a few times an hour later.
		next := tx.Now + max(1_000_000, (tx.Now-e.parked)/2)
		if _, err := tx.Exec(`UPDATE sms_early SET next_at = $4 WHERE carrier = $1 AND carrier_id = $2 AND state = $3`,
			e.carrier, e.receipt.CarrierID, string(e.receipt.State), next); err != nil {
			return err
		}
	}
	for _, e := range f.gone {
		if err := deleteEarly(tx, e.carrier, e.receipt.CarrierID); err != nil {
			return err
		}
	}
	for i, rc := range p.heard {
		if err := deleteEarly(tx, p.heardOf[i], rc.CarrierID); err != nil {
			return err
		}
	}
	return nil
}

func deleteEarly(tx *store.Tx, carrier, carrierID string) error {
	_, err := tx.Exec(`DELETE FROM sms_early WHERE carrier = $1 AND carrier_id = $2`, carrier, carrierID)
	return err
}

// settle brings memory up to date after the commit.
func (f *lookup) settle(o *Outbox) {
	for _, r := range f.rules {
		o.recent.note(r.carrier, r.rule)
	}
	for _, e := range f.parked {
		o.recent.note(e.carrier, noRule)
		o.recent.park(earlyReceipt{e.carrier, *e.receipt, o.DB.Now()})
	}
	for _, e := range f.gone {
		o.recent.dropEarly(e.carrier, e.receipt.CarrierID)
	}
	o.count.early.Add(uint64(len(f.parked)))
	o.count.unmatched.Add(f.lost)
}
