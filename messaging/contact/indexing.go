package contact

import (
	"context"
	"strings"
	"time"

	"watchword/base/store"
)

// recall finds the changes again that a process had in memory when it ended: those of the batches behind the last ones
// that were sorted and kept.
func (j *importing) recall(ctx context.Context) error {
	if j.recalled {
		return nil
	}
	if err := j.drop(ctx, pieceKeys, j.keyRuns); err != nil {
		return err
	}
	j.waiting.reset()
	for n := j.batchesSorted; n < j.batches; n++ {
		_, c, err := j.batchPiece(ctx, n, nil)
		if err != nil {
			return err
		}
		first, made := int64(c.uint()), int64(c.uint())
		for range c.uint() {
			o := readOp(c)
			at := len(j.waiting.text)
			j.waiting.text = append(j.waiting.text, o.key...)
			j.waiting.place(!o.add, at)
		}
		if err := c.err(); err != nil {
			return err
		}
		var rows []row
		err = j.db.ReadOne(ctx, func(tx *store.Tx) (err error) {
			rows, err = rowsOf(tx, `SELECT `+rowColumns+` FROM contact c WHERE c.organisation_id = $1 AND c.id >= $2 AND c.id < $3`, j.org, first, first+made)
			return err
		})
		if err != nil {
			return err
		}
		for i := range rows {
			for _, p := range rows[i].puts(nil) {
				j.waiting.put(false, p.kind, p.entry)
			}
		}
	}
	j.recalled = true
	return nil
}

// longRuns is how many rows of a file make its sorted runs longer by the length of one.
const longRuns = 8_000_000

// keepSorted keeps the changes that wait as a sorted run, once they are many. They are sorted beside the merging, and
// written when the next ones are many.
func (j *importing) keepSorted(ctx context.Context) error {
	// Many runs are read at once in the end, each with a piece in memory: a large file makes longer ones instead of more.
	times := 1 + int(j.rows/longRuns)
	if len(j.waiting.list) < times*j.room.bounds.sortOps && len(j.waiting.text) < times*j.room.bounds.sortOctets {
		return nil
	}
	if err := j.keepSorting(ctx); err != nil {
		return err
	}
	o := &ops{text: j.waiting.text, list: j.waiting.list}
	j.waiting = j.idle
	j.sorting, j.sortedTo = make(chan *ops, 1), j.batches
	go func(c chan *ops) { o.sort(); c <- o }(j.sorting)
	return nil
}

// keepSorting writes what is being sorted.
func (j *importing) keepSorting(ctx context.Context) error {
	if j.sorting == nil {
		return nil
	}
	o := <-j.sorting
	j.sorting = nil
	err := j.writeKeys(ctx, o, j.sortedTo)
	o.reset()
	j.idle = *o
	return err
}

// index makes the changes to the index that the batches noted, in order. Making a change twice is making it once.
func (j *importing) index(ctx context.Context) error {
	if err := j.recall(ctx); err != nil {
		return err
	}
	if err := j.keepSorting(ctx); err != nil {
		return err
	}
	if j.keyRuns == 0 {
		j.waiting.sort()
		list := j.waiting.list
		if err := j.applyAll(ctx, func() (op, bool, error) {
			if len(list) == 0 {
				return op{}, false, nil
			}
			x := list[0]
			list = list[1:]
			return op{string(j.waiting.of(x)), !x.removing}, true, nil
		}); err != nil {
			return err
		}
		return j.bulk(ctx, func(_ *store.Tx, m *record) error { m.state = Closing; return nil })
	}
	if len(j.waiting.list) > 0 {
		j.waiting.sort()
		if err := j.writeKeys(ctx, &j.waiting, j.batches); err != nil {
			return err
		}
	}
	j.waiting, j.idle = ops{}, ops{}
	var runs []cursor[op]
	for i := range j.keyRuns {
		runs = append(runs, pieces(j, pieceKeys, i, readOp))
	}
	m, err := newMerger(ctx, runs, lessOp)
	if err != nil {
		return err
	}
	if err := j.applyAll(ctx, func() (op, bool, error) {
		o, ok := m.peek()
		if !ok {
			return op{}, false, nil
		}
		out := *o
		return out, true, m.pop(ctx)
	}); err != nil {
		return err
	}
	return j.bulk(ctx, func(_ *store.Tx, m *record) error { m.state = Closing; return nil })
}

// batchPiece reads the verdicts of a batch, calling f for each; what it did follows in the cutter.
func (j *importing) batchPiece(ctx context.Context, n int64, f func(pos uint64, r reason)) (int, *cutter, error) {
	var data []byte
	err := j.db.ReadOne(ctx, func(tx *store.Tx) (err error) {
		data, err = getPiece(tx, j.org, j.id, pieceBatch, 0, n)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	c := &cutter{b: data}
	count := int(c.uint())
	for range count {
		pos := c.uint()
		if len(c.b) == 0 {
			return 0, nil, errPiece
		}
		if f != nil {
			f(pos, reason(c.b[0]))
		}
		c.b = c.b[1:]
	}
	return count, c, c.err()
}

// writeKeys keeps sorted changes; the last piece says that they are complete.
func (j *importing) writeKeys(ctx context.Context, o *ops, to int64) error {
	var n int64
	list := o.list
	for first := true; first || len(list) > 0; first = false {
		data := make([]byte, 0, j.room.bounds.piece+200)
		for len(list) > 0 && len(data) < j.room.bounds.piece {
			data = appendOp(data, list[0].removing, o.of(list[0]))
			list = list[1:]
		}
		at, end := n, len(list) == 0
		err := j.bulk(ctx, func(tx *store.Tx, m *record) error {
			if err := putPiece(tx, j.org, j.id, pieceKeys, m.keyRuns, at, data); err != nil {
				return err
			}
			if end {
				m.keyRuns++
				m.batchesSorted = to
			}
			return nil
		})
		if err != nil {
			return err
		}
		n++
	}
	return nil
}

// applyAll makes the changes that next gives, in order.
func (j *importing) applyAll(ctx context.Context, next func() (op, bool, error)) error {
	single := spread{from: next}
	size := newPace(j.db)
	size.n *= 4 // an entry costs far less than a contact
	skip := string(j.indexedTo)
	var some []op
	for {
		o, ok, err := single.next()
		if err != nil {
			return err
		}
		if ok && skip != "" && o.key <= skip {
			continue
		}
		if ok {
			some = append(some, o)
		}
		if ok && len(some) < size.n || len(some) == 0 {
			if !ok {
				return nil
			}
			continue
		}
		var took time.Duration
		err = j.bulk(ctx, func(tx *store.Tx, m *record) error {
			began := time.Now()
			m.indexedTo = []byte(some[len(some)-1].key)
			err := j.applySome(tx, some)
			took = time.Since(began)
			return err
		})
		if err != nil {
			return err
		}
		size.took(took)
		if some = some[:0]; !ok {
			return nil
		}
	}
}

func (j *importing) applySome(tx *store.Tx, ops []op) error {
	if _, err := lockBook(tx, j.org); err != nil {
		return err
	}
	still, err := j.stillBorne(tx, ops)
	if err != nil {
		return err
	}
	for len(ops) > 0 {
		kind, _, _ := strings.Cut(ops[0].key, "\x01")
		c, n := change{}, 0
		for n < len(ops) && len(ops[n].key) > len(kind) && ops[n].key[:len(kind)] == kind && ops[n].key[len(kind)] == 1 {
			o := ops[n]
			n++
			e := o.key[len(kind)+1:]
			into := &c.remove
			if o.add {
				into = &c.add
			} else if still[put{kind, e}] {
				continue
			}
			if k := len(*into); k == 0 || (*into)[k-1] != e {
				*into = append(*into, e)
			}
		}
		if n == 0 {
			return errPiece
		}
		if err := c.apply(tx, j.org, kind); err != nil {
			return err
		}
		ops = ops[n:]
	}
	return nil
}

// stillBorne finds entries that are to be removed but are right again, since somebody has changed the contact back in
// the meantime.
func (j *importing) stillBorne(tx *store.Tx, ops []op) (map[put]bool, error) {
	var ids []int64
	var all []put
	for _, o := range ops {
		if o.add {
			continue
		}
		kind, e, _ := strings.Cut(o.key, "\x01")
		if _, id, ok := parts(e); ok {
			ids, all = append(ids, id), append(all, put{kind, e})
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := byIDs(tx, j.org, ids)
	out := map[put]bool{}
	for i, p := range all {
		if x, ok := rows[ids[i]]; ok && x.bears(p) {
			out[p] = true
		}
	}
	return out, err
}
