package contact

import (
	"watchword/base/id"
	"watchword/base/store"
)

// walker goes through the entries of one kind that lie between from and to, both left out; to may be empty: to the end.
// Backwards it goes from to down to from.
type walker struct {
	tx        *store.Tx
	org       id.Organisation
	kind      string
	from, to  string
	backwards bool

	leaf leaf
	at   int // in leaf.entries, the next one
	open bool
	over bool
}

// next is the next entry.
func (w *walker) next() (e string, ok bool, err error) {
	for !w.over {
		if !w.open {
			if err := w.begin(); err != nil {
				return "", false, err
			}
			continue
		}
		if w.at >= 0 && w.at < len(w.leaf.entries) {
			e := w.leaf.entries[w.at]
			if w.backwards {
				w.at--
				if w.to != "" && e >= w.to {
					continue
				}
				if e <= w.from {
					break
				}
			} else {
				w.at++
				if e <= w.from {
					continue
				}
				if w.to != "" && e >= w.to {
					break
				}
			}
			return e, true, nil
		}
		if err := w.turn(); err != nil {
			return "", false, err
		}
	}
	w.over = true
	return "", false, nil
}

// last is above every entry: no key holds the octet 0xff, since keys are UTF-8.
const last = "\xff"

func (w *walker) begin() (err error) {
	w.open = true
	start := w.from
	if w.backwards {
		if start = w.to; start == "" {
			start = last
		}
	}
	w.leaf, err = leafAt(w.tx, w.org, w.kind, start)
	if store.IsNoRows(err) {
		w.over, err = true, nil
	}
	w.at = 0
	if w.backwards {
		w.at = len(w.leaf.entries) - 1
	}
	return err
}

// turn goes to the neighbouring leaf.
func (w *walker) turn() (err error) {
	if w.backwards {
		w.leaf, err = leafBefore(w.tx, w.org, w.kind, w.leaf.low)
		w.at = len(w.leaf.entries) - 1
	} else {
		w.leaf, err = leafAfter(w.tx, w.org, w.kind, w.leaf.low)
		w.at = 0
	}
	if store.IsNoRows(err) {
		w.over, err = true, nil
	}
	return err
}

// several merges walkers of the same direction.
type several struct {
	walkers []*walker
	heads   []string
	has     []bool
}

func (m *several) next() (p put, ok bool, err error) {
	if m.heads == nil {
		m.heads, m.has = make([]string, len(m.walkers)), make([]bool, len(m.walkers))
	}
	take := -1
	for i, w := range m.walkers {
		if !m.has[i] && !w.over {
			if m.heads[i], m.has[i], err = w.next(); err != nil {
				return put{}, false, err
			}
		}
		if m.has[i] && (take < 0 || m.heads[i] != m.heads[take] && (m.heads[i] < m.heads[take]) != w.backwards) {
			take = i
		}
	}
	if take < 0 {
		return put{}, false, nil
	}
	m.has[take] = false
	return put{m.walkers[take].kind, m.heads[take]}, true, nil
}
