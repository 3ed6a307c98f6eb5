package contact

import (
	"context"
	"encoding/binary"

	"watchword/base/store"
)

// cursor reads one run piece by piece.
type cursor[T any] struct {
	j     *importing
	kind  string
	run   int64
	piece int64
	c     cutter
	read  func(*cutter) T
	head  T
	over  bool
}

func (c *cursor[T]) next(ctx context.Context) error {
	for len(c.c.b) == 0 {
		var data []byte
		err := c.j.db.ReadOne(ctx, func(tx *store.Tx) (err error) {
			data, err = getPiece(tx, c.j.org, c.j.id, c.kind, c.run, c.piece)
			return err
		})
		if err != nil {
			return err
		}
		if data == nil {
			c.over = true
			return nil
		}
		c.piece++
		c.c = cutter{b: data}
	}
	c.head = c.read(&c.c)
	return c.c.err()
}

// merger reads several runs as one, in order: a heap of cursors.
type merger[T any] struct {
	heap []*cursor[T]
	less func(a, b *T) bool
}

func newMerger[T any](ctx context.Context, j *importing, kind string, runs int64, read func(*cutter) T, less func(a, b *T) bool) (*merger[T], error) {
	m := &merger[T]{less: less}
	for i := range runs {
		c := &cursor[T]{j: j, kind: kind, run: i, read: read}
		if err := c.next(ctx); err != nil {
			return nil, err
		}
		if !c.over {
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
	if err := m.heap[0].next(ctx); err != nil {
		return err
	}
	if m.heap[0].over {
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

func lessMergeItem(a, b *mergeItem) bool {
	return a.key < b.key || a.key == b.key && a.pos < b.pos
}
