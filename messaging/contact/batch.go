package contact

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"time"

	"watchword/base/store"
)

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
	ops     *ops     // changes to the index for new contacts; a restart finds them again by their ids
	posts   [][]byte // ids of new contacts by word
	kept    ops      // those for contacts that were there before
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
	s.posts = make([][]byte, len(b.words))
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
	for i, ids := range s.posts {
		if len(ids) > 0 {
			s.ops.putMany(kindOther, b.words[i], ids)
		}
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
		at := len(s.ops.text)
		s.ops.text = append(append(append(append(s.ops.text, k.kind...), 1), k.entry...), 0)
		s.ops.text = appendID(s.ops.text, id)
		s.ops.place(false, at)
	}
	for _, w := range c.others {
		s.posts[w] = appendID(s.posts[w], id)
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
	if c.stop && (why == changed || why == unchanged) {
		why = unsubscribed
	}
	s.verdict(c.pos, why)
	return nil
}
