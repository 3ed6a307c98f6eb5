package contact

import (
	"context"
	"slices"
	"strings"
	"time"

	"watchword/base/store"
)

// op is a change to the index. key is kind, 0x01 and entry, which sorts by kind first.
type op struct {
	key string
	add bool
}

func lessOp(a, b *op) bool { return a.key < b.key }

func readOp(c *cutter) (o op) {
	if len(c.b) == 0 {
		c.bad = true
		return o
	}
	o.add = c.b[0] == 1
	c.b = c.b[1:]
	o.key = string(c.bytes())
	return o
}

// index sorts the changes that the batches noted, by key, and makes them. Making a change twice is making it once, so a
// restart may begin a little earlier than it ended.
func (j *importing) index(ctx context.Context) error {
	if err := j.drop(ctx, pieceKeys, j.keyRuns); err != nil {
		return err
	}
	for j.batchesSorted < j.batches {
		ops, to, err := j.someOps(ctx)
		if err != nil {
			return err
		}
		slices.SortFunc(ops, func(a, b op) int { return strings.Compare(a.key, b.key) })
		if j.keyRuns == 0 && to == j.batches {
			if err := j.applyAll(ctx, func() (op, bool, error) {
				if len(ops) == 0 {
					return op{}, false, nil
				}
				o := ops[0]
				ops = ops[1:]
				return o, true, nil
			}); err != nil {
				return err
			}
			return j.bulk(ctx, func(_ *store.Tx, m *record) error { m.batchesSorted, m.state = to, Closing; return nil })
		}
		if err := j.writeKeys(ctx, ops, to); err != nil {
			return err
		}
	}
	m, err := newMerger(ctx, j, pieceKeys, j.keyRuns, readOp, lessOp)
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

// someOps reads the changes of as many batches as can be sorted at once, and says up to which.
func (j *importing) someOps(ctx context.Context) (ops []op, to int64, err error) {
	octets := 0
	for to = j.batchesSorted; to < j.batches && len(ops) < j.room.bounds.sortOps && octets < j.room.bounds.sortOctets; to++ {
		_, c, err := j.batchPiece(ctx, to, nil)
		if err != nil {
			return nil, 0, err
		}
		for range c.uint() {
			if len(c.b) == 0 {
				return nil, 0, errPiece
			}
			add := c.b[0] == 1
			c.b = c.b[1:]
			kind, entry := c.bytes(), c.bytes()
			key := make([]byte, 0, len(kind)+1+len(entry))
			key = append(append(append(key, kind...), 1), entry...)
			octets += len(key)
			ops = append(ops, op{string(key), add})
		}
		if err := c.err(); err != nil {
			return nil, 0, err
		}
	}
	return ops, to, nil
}

// batchPiece reads the verdicts of a batch, calling f for each; the changes to the index follow in the cutter.
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
func (j *importing) writeKeys(ctx context.Context, ops []op, to int64) error {
	var n int64
	for first := true; first || len(ops) > 0; first = false {
		data := make([]byte, 0, pieceSize+1024)
		for len(ops) > 0 && len(data) < j.room.bounds.piece {
			flag := byte(0)
			if ops[0].add {
				flag = 1
			}
			data = append(data, flag)
			data = appendBytes(data, ops[0].key)
			ops = ops[1:]
		}
		at, end := n, len(ops) == 0
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
	size := newPace(j.db)
	size.n *= 4 // an entry costs far less than a contact
	skip := string(j.indexedTo)
	var some []op
	for {
		o, ok, err := next()
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
