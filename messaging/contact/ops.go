package contact

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// ops are changes to the index that wait to be sorted. A change is kind, 0x01 and entry, which sorts by kind first.
type ops struct {
	text []byte
	list []opItem
}

// opItem is one change: where its text is, and the beginning of it as a number, for quick comparing.
type opItem struct {
	head     uint64
	at       uint32
	size     uint16
	removing bool
}

func (o *ops) put(removing bool, kind, entry string) {
	at := len(o.text)
	o.text = append(append(append(o.text, kind...), 1), entry...)
	o.place(removing, at)
}

func (o *ops) place(removing bool, at int) {
	var b [8]byte
	copy(b[:], o.text[at:])
	o.list = append(o.list, opItem{binary.BigEndian.Uint64(b[:]), uint32(at), uint16(len(o.text) - at), removing})
}

// add takes over changes of another list.
func (o *ops) add(p *ops) {
	base := uint32(len(o.text))
	o.text = append(o.text, p.text...)
	for _, x := range p.list {
		x.at += base
		o.list = append(o.list, x)
	}
}

func (o *ops) reset() { o.text, o.list = o.text[:0], o.list[:0] }

func (o *ops) of(x opItem) []byte { return o.text[x.at : x.at+uint32(x.size)] }

func (o *ops) sort() {
	slices.SortFunc(o.list, func(a, b opItem) int {
		if a.head != b.head {
			if a.head < b.head {
				return -1
			}
			return 1
		}
		return bytes.Compare(o.of(a), o.of(b))
	})
}

// op is one change, on its own.
type op struct {
	key string
	add bool
}

func lessOp(a, b *op) bool { return a.key < b.key }

// appendOp writes a change; readOp reads it.
func appendOp(b []byte, removing bool, key []byte) []byte {
	flag := byte(1)
	if removing {
		flag = 0
	}
	return appendBytes(append(b, flag), key)
}

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
