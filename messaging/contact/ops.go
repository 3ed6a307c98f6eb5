package contact

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
)

// ops are changes to the index that wait to be sorted. A change is kind, 0x01 and entry, which sorts by kind first. Entries
// of one word that come together, of rising ids, are one change with all the ids at its end: most words are those of many
// contacts. spread makes them single ones again.
type ops struct {
	text []byte
	list []opItem
}

// opItem is one change, or several of one key: where its text is, and the beginning of it as a number, for quick comparing.
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

// putMany adds entries of one key, with these ids one behind the other.
func (o *ops) putMany(kind, key string, ids []byte) {
	at := len(o.text)
	o.text = append(append(append(append(append(o.text, kind...), 1), key...), 0), ids...)
	o.place(false, at)
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

// spread gives single changes, in order, of changes that may be several.
type spread struct {
	from func() (op, bool, error)
	head op // read from there, and not among open yet
	has  bool
	over bool
	open []posting // of one key
}

// posting is what is left of a change that is several.
type posting struct{ key, ids string }

func (s *spread) next() (op, bool, error) {
	for !s.over {
		if !s.has {
			var err error
			if s.head, s.has, err = s.from(); err != nil {
				return op{}, false, err
			}
			s.over = !s.has
			continue
		}
		// Another change of the same key may have ids between those of an open one.
		if i := s.least(); i >= 0 && s.head.key > s.open[i].first() {
			return s.take(i), true, nil
		}
		x := s.head
		s.has = false
		key, ids, many := strings.Cut(x.key, "\x00")
		if len(ids) <= idSize || !many || !strings.HasPrefix(x.key, kindOther) || !x.add {
			return x, true, nil
		}
		if len(ids)%idSize != 0 {
			return op{}, false, errPiece
		}
		s.open = append(s.open, posting{key + "\x00", ids})
	}
	if i := s.least(); i >= 0 {
		return s.take(i), true, nil
	}
	return op{}, false, nil
}

func (p posting) first() string { return p.key + p.ids[:idSize] }

func (s *spread) least() int {
	best := -1
	for i := range s.open {
		if best < 0 || s.open[i].first() < s.open[best].first() {
			best = i
		}
	}
	return best
}

func (s *spread) take(i int) op {
	x := op{s.open[i].first(), true}
	if s.open[i].ids = s.open[i].ids[idSize:]; s.open[i].ids == "" {
		s.open = append(s.open[:i], s.open[i+1:]...)
	}
	return x
}
