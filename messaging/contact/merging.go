package contact

import (
	"context"
	"slices"

	"watchword/base/store"
)

// candidate is a number of the file that may become a contact.
type candidate struct {
	number string
	pos    uint32
	data   []byte // card.encode
	card
	keys   []put    // its entries, without the id and without those of other words
	others []uint32 // its other words, in batch.words
	stop   bool     // it said STOP
}

// batch is what one step merges: whole numbers, in order.
type batch struct {
	candidates []candidate
	repeated   []uint32 // places of further rows with a number
	words      []string // other words, each once
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
	v := vocabulary{known: map[string]uint32{}, free: make([]uint32, 0, 4*n)}
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
			r := row{number: c.number, card: c.card}
			if list > 0 {
				r.lists = []int64{list}
			}
			c.keys = r.mainKeys(make([]put, 0, 5))
			c.others = v.number(r.others(v.room[:0]))
			b.candidates = append(b.candidates, c)
			at = x.key
		}
		if b.err = m.pop(ctx); b.err != nil {
			return b
		}
	}
	b.words = v.words
	b.err = j.stops(ctx, b.candidates)
	return b
}

// vocabulary numbers the words of a batch.
type vocabulary struct {
	words []string
	known map[string]uint32
	room  []string
	free  []uint32
}

func (v *vocabulary) number(words []string) []uint32 {
	v.room = words
	out := v.free
	for _, w := range words {
		n, is := v.known[w]
		if !is {
			n = uint32(len(v.words))
			v.known[w] = n
			v.words = append(v.words, w)
		}
		out = append(out, n)
	}
	v.free = out[len(out):]
	return out
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
