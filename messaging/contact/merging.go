package contact

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"time"

	"watchword/base/store"
)

// candidate is a number of the file that may become a contact.
type candidate struct {
	number string
	pos    uint32
	data   []byte // card.encode
	card
	keys []put // its entries, without the id
	stop bool  // it said STOP
}

// batch is what one step merges: whole numbers, in order.
type batch struct {
	candidates []candidate
	repeated   []uint32 // places of further rows with a number
	err        error
}

// merge makes contacts of the runs, batch by batch. Each batch commits with its verdicts and with the number it reached,
// so that a restart goes on behind it. The next batch is prepared while one is being written.
func (j *importing) merge(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	list := int64(0)
	if j.mapping.List != "" {
		var err error
		if list, err = listNumber(j.org, j.mapping.List); err != nil {
			return err
		}
	}
	// What reads ahead has its own record: the other one changes with every batch that is made.
	ahead := *j
	runs, err := ahead.openRuns(ctx)
	if err != nil {
		return err
	}
	m, err := newMerger(ctx, runs, lessMergeItem)
	if err != nil {
		return err
	}
	done := uint64(0)
	if j.mergedTo != "" {
		done = numberKey(j.mergedTo)
	}
	for x, ok := m.peek(); ok && x.key <= done; x, ok = m.peek() {
		if err := m.pop(ctx); err != nil {
			return err
		}
	}
	if err := j.recall(ctx); err != nil {
		return err
	}
	sizes, ready := make(chan int, 1), make(chan batch, 1)
	sizes <- j.size.n
	go func() {
		defer close(ready)
		for n := range sizes {
			b := ahead.prepare(ctx, m, n, list)
			ready <- b
			if b.err != nil || len(b.candidates) == 0 {
				return
			}
		}
	}()
	for b := range ready {
		if b.err != nil {
			close(sizes)
			return b.err
		}
		if len(b.candidates) == 0 {
			break
		}
		sizes <- j.size.n
		if err := j.mergeBatch(ctx, b, list); err != nil {
			cancel()
			close(sizes)
			for range ready { // the reader of runs ends before another begins
			}
			return err
		}
	}
	close(sizes)
	j.only = nil
	return j.bulk(ctx, func(_ *store.Tx, m *record) error { m.state = Indexing; return nil })
}

// openRuns opens the runs that were kept, or the only one that is in memory; after a restart it is read again.
func (j *importing) openRuns(ctx context.Context) ([]cursor[mergeItem], error) {
	if j.runs != inMemory {
		var runs []cursor[mergeItem]
		for i := range j.runs {
			runs = append(runs, pieces(j, pieceRun, i, readMergeItem))
		}
		return runs, nil
	}
	if j.only == nil {
		s, _, err := j.readRun(ctx, 0)
		if err != nil {
			return nil, err
		}
		j.only = s
	}
	return []cursor[mergeItem]{j.only.run()}, nil
}

// prepare reads n numbers from the runs.
func (j *importing) prepare(ctx context.Context, m *merger[mergeItem], n int, list int64) (b batch) {
	b.candidates = make([]candidate, 0, n)
	var at uint64
	for {
		x, ok := m.peek()
		if !ok || x.key != at && len(b.candidates) >= n {
			break
		}
		if x.key == at {
			b.repeated = append(b.repeated, x.pos)
		} else {
			c := candidate{number: keyNumber(x.key), pos: x.pos, data: x.card}
			if c.card, b.err = decodeCard(string(x.card)); b.err != nil {
				b.err = errPiece
				return b
			}
			r := row{card: c.card}
			if list > 0 {
				r.lists = []int64{list}
			}
			c.keys = r.puts(make([]put, 0, 6))
			b.candidates = append(b.candidates, c)
			at = x.key
		}
		if b.err = m.pop(ctx); b.err != nil {
			return b
		}
	}
	b.err = j.stops(ctx, b.candidates)
	return b
}

// stops finds who said STOP. Sending asks again, so a STOP that comes this very moment is not lost.
func (j *importing) stops(ctx context.Context, c []candidate) error {
	return j.db.ReadOne(ctx, func(tx *store.Tx) error {
		any, err := j.room.Optouts.Any(tx, j.org)
		if err != nil || !any {
			return err
		}
		numbers := make([]string, len(c))
		for i := range c {
			numbers[i] = c[i].number
		}
		has, err := j.room.Optouts.Has(tx, j.org, numbers...)
		for i := range c {
			c[i].stop = has[c[i].number]
		}
		return err
	})
}

// mergeStep is the making of one batch inside its transaction.
type mergeStep struct {
	j       *importing
	tx      *store.Tx
	m       *record
	list    int64
	book    book
	cells   []any
	updates []row
	listed  int64
	counts  map[reason]int64
	places  []byte // verdicts: uvarint place, octet reason
	n       uint64
	made    int64
	ops     *ops // changes to the index for new contacts; a restart finds them again by their ids
	kept    ops  // those for contacts that were there before
}

func (j *importing) mergeBatch(ctx context.Context, b batch, list int64) error {
	var took time.Duration
	err := j.bulk(ctx, func(tx *store.Tx, m *record) error {
		began := time.Now()
		j.fresh.reset()
		s := mergeStep{j: j, tx: tx, m: m, list: list, ops: &j.fresh, counts: map[reason]int64{}, cells: make([]any, 0, 4*len(b.candidates))}
		err := s.run(b)
		took = time.Since(began)
		return err
	})
	if err != nil {
		return err
	}
	j.size.took(took)
	j.waiting.add(&j.fresh)
	return j.keepSorted(ctx)
}

func (s *mergeStep) run(b batch) (err error) {
	if s.book, err = lockBook(s.tx, s.j.org); err != nil {
		return err
	}
	have, rows, err := s.existing(b.candidates)
	if err != nil {
		return err
	}
	firstID := s.book.nextID
	for i := range b.candidates {
		c := &b.candidates[i]
		if _, is := slices.BinarySearch(have, c.number); is {
			if err := s.known(c, rows[c.number]); err != nil {
				return err
			}
			continue
		}
		s.insert(c)
	}
	for _, pos := range b.repeated {
		s.verdict(pos, repeated)
	}
	if err := s.tx.InsertRows("contact", contactCols, s.cells); err != nil {
		return err
	}
	if err := updateRows(s.tx, s.j.org, s.updates); err != nil {
		return err
	}
	if err := addToCount(s.tx, s.j.org, s.list, s.listed); err != nil {
		return err
	}
	s.book.contacts += s.made
	if err := s.book.save(s.tx, s.j.org); err != nil {
		return err
	}
	data := binary.AppendUvarint(make([]byte, 0, len(s.places)+len(s.kept.text)+50), s.n)
	data = append(data, s.places...)
	data = binary.AppendUvarint(data, uint64(firstID))
	data = binary.AppendUvarint(data, uint64(s.made))
	data = binary.AppendUvarint(data, uint64(len(s.kept.list)))
	for _, x := range s.kept.list {
		data = appendOp(data, x.removing, s.kept.of(x))
	}
	s.ops.add(&s.kept)
	if err := putPiece(s.tx, s.j.org, s.j.id, pieceBatch, 0, s.m.batches, data); err != nil {
		return err
	}
	for r, n := range s.counts {
		s.m.count(r, n)
	}
	s.m.batches++
	s.m.mergedTo = b.candidates[len(b.candidates)-1].number
	return nil
}

// existing is which of the numbers are contacts, in order, and their rows where those are needed.
func (s *mergeStep) existing(c []candidate) (have []string, rows map[string]row, err error) {
	// Most batches cover a stretch with few contacts in it: one look at the stretch is cheaper than one at each number.
	limit := 2*len(c) + 100
	found, err := s.texts(`SELECT number FROM contact WHERE organisation_id = $1 AND number >= $2 AND number <= $3 ORDER BY number LIMIT $4`,
		s.j.org, c[0].number, c[len(c)-1].number, limit)
	if err != nil || len(found) == 0 {
		return nil, nil, err
	}
	if len(found) == limit {
		numbers := make([]string, len(c))
		for i := range c {
			numbers[i] = c[i].number
		}
		t, err := json.Marshal(numbers)
		if err != nil {
			return nil, nil, err
		}
		if found, err = s.texts(`SELECT c.number FROM `+s.tx.TextRows(2)+` AS r CROSS JOIN contact c WHERE c.organisation_id = $1 AND c.number = r.value`,
			s.j.org, string(t)); err != nil {
			return nil, nil, err
		}
		slices.Sort(found)
	}
	if s.j.mapping.Duplicates == Skip && s.list == 0 {
		return found, nil, nil
	}
	var need []string
	for i := range c {
		if _, is := slices.BinarySearch(found, c[i].number); is {
			need = append(need, c[i].number)
		}
	}
	rows, err = byNumbers(s.tx, s.j.org, need)
	return found, rows, err
}

func (s *mergeStep) texts(query string, args ...any) (out []string, err error) {
	rows, err := s.tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t string
		if err := rows.Scan(&t); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

func (s *mergeStep) verdict(pos uint32, r reason) {
	s.places = append(binary.AppendUvarint(s.places, uint64(pos)), byte(r))
	s.n++
	s.counts[r]++
}

func (s *mergeStep) insert(c *candidate) {
	id := s.book.nextID
	s.book.nextID++
	s.made++
	var lists []int64
	if s.list > 0 {
		lists = []int64{s.list}
		s.listed++
	}
	data := appendTail(append(make([]byte, 0, len(c.data)+50), c.data...), lists, s.tx.Now, s.tx.Now)
	s.cells = append(s.cells, string(s.j.org), c.number, id, string(data))
	for _, k := range c.keys {
		// The entry was prepared with the id 0, which stands at its end.
		at := len(s.ops.text)
		s.ops.text = append(append(append(s.ops.text, k.kind...), 1), k.entry[:len(k.entry)-idSize]...)
		s.ops.text = append(s.ops.text, byte(id>>40), byte(id>>32), byte(id>>24), byte(id>>16), byte(id>>8), byte(id))
		s.ops.place(false, at)
	}
	if c.stop {
		s.verdict(c.pos, unsubscribed)
	} else {
		s.verdict(c.pos, fine)
	}
}

// known handles a number that is a contact already.
func (s *mergeStep) known(c *candidate, old row) error {
	if s.j.mapping.Duplicates == Skip && s.list == 0 {
		s.verdict(c.pos, exists)
		return nil
	}
	x, why := old, exists
	if s.j.mapping.Duplicates == Overwrite {
		x.card = overwrite(old.card, c.card)
		why = unchanged
		if len(x.fields) > MaxFields {
			s.verdict(c.pos, manyFields)
			return nil
		}
	}
	if at, in := slices.BinarySearch(old.lists, s.list); s.list > 0 && !in {
		if len(old.lists) >= MaxListsOf {
			s.verdict(c.pos, tooFull)
			return nil
		}
		x.lists = slices.Insert(slices.Clone(old.lists), at, s.list)
		s.listed++
		why = existsListed
	}
	if !x.same(old.card) {
		why = changed
	}
	if why == changed || why == existsListed {
		x.updated = s.tx.Now
		s.updates = append(s.updates, x)
		remove, add := differ(old.puts(nil), x.puts(nil))
		for _, p := range remove {
			s.kept.put(true, p.kind, p.entry)
		}
		for _, p := range add {
			s.kept.put(false, p.kind, p.entry)
		}
	}
	if c.stop && why == changed {
		why = unsubscribed
	}
	s.verdict(c.pos, why)
	return nil
}

// overwrite puts what a row says over what was known; a blank cell keeps the old value (CL11).
func overwrite(old, by card) card {
	out := old
	for _, x := range [...]struct {
		into *string
		by   string
	}{{&out.first, by.first}, {&out.last, by.last}, {&out.email, by.email}, {&out.notes, by.notes}} {
		if x.by != "" {
			*x.into = x.by
		}
	}
	out.fields = slices.Clone(old.fields)
	for _, f := range by.fields {
		i := slices.IndexFunc(out.fields, func(p pair) bool { return p.name == f.name })
		if i < 0 {
			out.fields = append(out.fields, f)
		} else {
			out.fields[i] = f
		}
	}
	out.sortFields()
	return out
}
