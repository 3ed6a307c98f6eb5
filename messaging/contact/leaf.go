package contact

import (
	"encoding/binary"
	"errors"
	"slices"
	"sort"

	"watchword/base/id"
	"watchword/base/store"
)

// maxLeaf is how many octets a row of contact_index holds: below what PostgreSQL would store out of line.
const maxLeaf = 1800

// leaf is one row of contact_index: entries in order. The first leaf of a kind has the low "", so that every entry has
// its leaf.
type leaf struct {
	low     string
	entries []string
}

// encodeLeaf writes entries, each as the number of octets it shares with the one before and the rest.
func encodeLeaf(b []byte, entries []string) []byte {
	before := ""
	for _, e := range entries {
		n := shared(before, e)
		b = binary.AppendUvarint(b, uint64(n))
		b = binary.AppendUvarint(b, uint64(len(e)-n))
		b = append(b, e[n:]...)
		before = e
	}
	return b
}

func shared(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

var errLeaf = errors.New("contact_index.data is not what it should be")

func decodeLeaf(data []byte) ([]string, error) {
	var out []string
	var before []byte
	for len(data) > 0 {
		n, a := binary.Uvarint(data)
		m, b := binary.Uvarint(data[max(a, 0):])
		if a <= 0 || b <= 0 || n > uint64(len(before)) || m > uint64(len(data)-a-b) {
			return nil, errLeaf
		}
		before = append(before[:n:n], data[a+b:a+b+int(m)]...)
		data = data[a+b+int(m):]
		out = append(out, string(before))
	}
	return out, nil
}

// leafAt reads the leaf that an entry belongs to; IsNoRows when the kind has none yet.
func leafAt(tx *store.Tx, org id.Organisation, kind, e string) (leaf, error) {
	return scanLeaf(tx.QueryRow(`SELECT low, data FROM contact_index WHERE organisation_id = $1 AND kind = $2 AND low <= $3
		ORDER BY low DESC LIMIT 1`, org, kind, []byte(e)))
}

func leafAfter(tx *store.Tx, org id.Organisation, kind, low string) (leaf, error) {
	return scanLeaf(tx.QueryRow(`SELECT low, data FROM contact_index WHERE organisation_id = $1 AND kind = $2 AND low > $3
		ORDER BY low LIMIT 1`, org, kind, []byte(low)))
}

func leafBefore(tx *store.Tx, org id.Organisation, kind, low string) (leaf, error) {
	return scanLeaf(tx.QueryRow(`SELECT low, data FROM contact_index WHERE organisation_id = $1 AND kind = $2 AND low < $3
		ORDER BY low DESC LIMIT 1`, org, kind, []byte(low)))
}

func scanLeaf(r store.Row) (l leaf, err error) {
	var low, data []byte
	if err = r.Scan(&low, &data); err != nil {
		return l, err
	}
	l.low = string(low)
	l.entries, err = decodeLeaf(data)
	return l, err
}

// change is what is to be done to the entries of one kind: both lists are in order, without repeats.
type change struct{ remove, add []string }

// apply brings the index of one kind up to date. What is there already is not added again, what is not there is not
// removed: applying twice is applying once. The organisation's book must be locked.
func (c change) apply(tx *store.Tx, org id.Organisation, kind string) error {
	w := leafWriter{tx: tx, org: org, kind: kind}
	for len(c.remove) > 0 || len(c.add) > 0 {
		first := c.first()
		l, err := leafAt(tx, org, kind, first)
		fresh := store.IsNoRows(err)
		if err != nil && !fresh {
			return err
		}
		here := c
		if !fresh {
			// What belongs to later leaves waits for its turn.
			var next []byte
			err := tx.QueryRow(`SELECT low FROM contact_index WHERE organisation_id = $1 AND kind = $2 AND low > $3 ORDER BY low LIMIT 1`,
				org, kind, []byte(l.low)).Scan(&next)
			if err != nil && !store.IsNoRows(err) {
				return err
			}
			if err == nil {
				here = change{c.remove[:sort.SearchStrings(c.remove, string(next))], c.add[:sort.SearchStrings(c.add, string(next))]}
			}
		}
		if err := w.put(l.low, fresh, l.entries, here.merged(l.entries)); err != nil {
			return err
		}
		c = change{c.remove[len(here.remove):], c.add[len(here.add):]}
	}
	return w.flush()
}

func (c change) first() string {
	if len(c.remove) == 0 || len(c.add) > 0 && c.add[0] < c.remove[0] {
		return c.add[0]
	}
	return c.remove[0]
}

// merged is the entries with the change made.
func (c change) merged(entries []string) []string {
	out := make([]string, 0, len(entries)+len(c.add))
	i := 0
	keep := func(e string) {
		for len(c.remove) > 0 && c.remove[0] < e {
			c.remove = c.remove[1:]
		}
		if len(c.remove) > 0 && c.remove[0] == e {
			return
		}
		out = append(out, e)
	}
	for _, a := range c.add {
		for ; i < len(entries) && entries[i] < a; i++ {
			keep(entries[i])
		}
		if i < len(entries) && entries[i] == a {
			i++
		}
		out = append(out, a)
	}
	for ; i < len(entries); i++ {
		keep(entries[i])
	}
	return out
}

// leafWriter writes leaves: the ones that are there one by one, new ones together at the end.
type leafWriter struct {
	tx    *store.Tx
	org   id.Organisation
	kind  string
	cells []any
}

var leafCols = []store.Col{{Name: "organisation_id", Type: "text"}, {Name: "kind", Type: "text"}, {Name: "low", Type: "bytea"},
	{Name: "entries", Type: "bigint"}, {Name: "data", Type: "bytea"}}

func (w *leafWriter) put(low string, fresh bool, before, entries []string) error {
	if !fresh && slices.Equal(before, entries) {
		return nil
	}
	if len(entries) == 0 && low != "" {
		_, err := w.tx.Exec(`DELETE FROM contact_index WHERE organisation_id = $1 AND kind = $2 AND low = $3`, w.org, w.kind, []byte(low))
		return err
	}
	for first := true; first || len(entries) > 0; first = false {
		n := w.fits(entries)
		data := encodeLeaf([]byte{}, entries[:n])
		if first && !fresh {
			if _, err := w.tx.Exec(`UPDATE contact_index SET entries = $4, data = $5 WHERE organisation_id = $1 AND kind = $2 AND low = $3`,
				w.org, w.kind, []byte(low), n, data); err != nil {
				return err
			}
		} else {
			w.cells = append(w.cells, string(w.org), w.kind, []byte(low), int64(n), data)
		}
		entries = entries[n:]
		if len(entries) > 0 {
			low = entries[0]
		}
	}
	// The next leaf is looked for in the table, so nothing may wait here that comes before it.
	return w.flush()
}

// fits is how many of the entries the next leaf takes. A leaf that is too full is cut in the middle, a long row of
// entries into leaves with a little room each.
func (w *leafWriter) fits(entries []string) int {
	size, half := 0, 0
	before := ""
	for i, e := range entries {
		size += 2 + len(e) - shared(before, e)
		before = e
		if half == 0 && size > maxLeaf/2 {
			half = i + 1
		}
		if size > maxLeaf*9/10 && i > 0 {
			if rest := len(entries) - i; rest < half && half > 0 {
				return half
			}
			return i
		}
	}
	return len(entries)
}

func (w *leafWriter) flush() error {
	cells := w.cells
	w.cells = nil
	return w.tx.InsertRows("contact_index", leafCols, cells)
}

// reindex removes and adds entries of any kinds.
func reindex(tx *store.Tx, org id.Organisation, remove, add []put) error {
	byKind := map[string]*change{}
	of := func(kind string) *change {
		c := byKind[kind]
		if c == nil {
			c = &change{}
			byKind[kind] = c
		}
		return c
	}
	keep := make(map[put]bool, len(add))
	for _, p := range add {
		keep[p] = true
		c := of(p.kind)
		c.add = append(c.add, p.entry)
	}
	for _, p := range remove {
		if !keep[p] {
			c := of(p.kind)
			c.remove = append(c.remove, p.entry)
		}
	}
	for kind, c := range byKind {
		slices.Sort(c.add)
		slices.Sort(c.remove)
		c.add, c.remove = slices.Compact(c.add), slices.Compact(c.remove)
		if err := c.apply(tx, org, kind); err != nil {
			return err
		}
	}
	return nil
}
