package contact

import (
	"context"
	"encoding/binary"

	"watchword/base/store"
)

// cursor reads one run; advance gives its next item, or false at its end.
type cursor[T any] struct {
	advance func(context.Context) (T, bool, error)
	head    T
}

// pieces reads a run that was kept, piece by piece.
func pieces[T any](j *importing, kind string, run int64, read func(*cutter) T) cursor[T] {
	var c cutter
	n := int64(0)
	return cursor[T]{advance: func(ctx context.Context) (x T, ok bool, err error) {
		for len(c.b) == 0 {
			var data []byte
			err := j.db.ReadOne(ctx, func(tx *store.Tx) (err error) {
				data, err = getPiece(tx, j.org, j.id, kind, run, n)
				return err
			})
			if err != nil || data == nil {
				return x, false, err
			}
			n++
			c.b = data
		}
		x = read(&c)
		return x, true, c.err()
	}}
}

// merger reads several runs as one, in order: a heap of cursors.
type merger[T any] struct {
	heap []cursor[T]
	less func(a, b *T) bool
}

func newMerger[T any](ctx context.Context, runs []cursor[T], less func(a, b *T) bool) (*merger[T], error) {
	m := &merger[T]{less: less}
	for _, c := range runs {
		x, ok, err := c.advance(ctx)
		if err != nil {
			return nil, err
		}
		if c.head = x; ok {
			m.heap = append(m.heap, c)
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.down(i)
	}
	return m, nil
}

func (m *merger[T]) down(i int) {
	for {
		k := 2*i + 1
		if k >= len(m.heap) {
			return
		}
		if k+1 < len(m.heap) && m.less(&m.heap[k+1].head, &m.heap[k].head) {
			k++
		}
		if !m.less(&m.heap[k].head, &m.heap[i].head) {
			return
		}
		m.heap[i], m.heap[k] = m.heap[k], m.heap[i]
		i = k
	}
}

// peek is the first of what is left.
func (m *merger[T]) peek() (*T, bool) {
	if len(m.heap) == 0 {
		return nil, false
	}
	return &m.heap[0].head, true
}

func (m *merger[T]) pop(ctx context.Context) error {
	x, ok, err := m.heap[0].advance(ctx)
	if err != nil {
		return err
	}
	if m.heap[0].head = x; !ok {
		last := len(m.heap) - 1
		m.heap[0] = m.heap[last]
		m.heap = m.heap[:last]
	}
	m.down(0)
	return nil
}

// mergeItem is a row of a run.
type mergeItem struct {
	key  uint64
	pos  uint32
	card []byte
}

func readMergeItem(c *cutter) (x mergeItem) {
	if len(c.b) < 8 {
		c.bad = true
		return x
	}
	x.key = binary.BigEndian.Uint64(c.b)
	c.b = c.b[8:]
	x.pos = uint32(c.uint())
	x.card = c.bytes()
	return x
}

// run gives the items of a run that is in memory.
func (s *sorted) run() cursor[mergeItem] {
	i := 0
	return cursor[mergeItem]{advance: func(context.Context) (mergeItem, bool, error) {
		if i == len(s.items) {
			return mergeItem{}, false, nil
		}
		x := s.items[i]
		i++
		return mergeItem{x.key, x.pos, s.cards[x.from:x.to]}, true, nil
	}}
}

func lessMergeItem(a, b *mergeItem) bool {
	return a.key < b.key || a.key == b.key && a.pos < b.pos
}
