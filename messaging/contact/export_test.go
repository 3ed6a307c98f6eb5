package contact

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"watchword/base/store"
)

// Small makes runs and pieces so small that few rows make many of them.
func (r *Room) Small() { r.bounds = bounds{100, 1 << 20, 100, 1 << 20, 3000} }

// For tests of the parts.
var (
	GuardCell = guardCell
	Unguard   = unguard
	Fold      = fold
)

// Quick reads a number the quick way.
func Quick(s, country string) (string, bool) { return quick(s, plansByCountry[country]) }

// Spread takes back what a spreadsheet made of a number.
func Spread(s string) (string, bool) { return unspread(s) }

// ReadAll reads a whole file as an upload does.
func ReadAll(r io.Reader) (rows [][]string, lines []int64, format, encoding, separator string, err error) {
	s, err := open(r)
	if err != nil {
		return nil, nil, "", "", "", err
	}
	defer s.Close()
	for {
		row, err := s.next()
		if err == io.EOF {
			return rows, lines, s.format, s.encoding, s.separator, nil
		}
		if err != nil {
			return nil, nil, "", "", "", err
		}
		rows, lines = append(rows, append([]string(nil), row.cells...)), append(lines, row.line)
	}
}

// Guess looks at the beginning of a file.
func Guess(r io.Reader) (About, error) {
	s, err := open(r)
	if err != nil {
		return About{}, err
	}
	defer s.Close()
	var l looker
	for range lookAt {
		row, err := s.next()
		if err != nil {
			break
		}
		l.see(row)
	}
	return l.about(s), nil
}

// CutCSV reads a CSV through reads of the given size, with rows of at most so many octets; damaged tells of each row.
func CutCSV(text string, sep byte, size, most int) (rows [][]string, damaged []bool, err error) {
	f := newCSV(iotest(strings.NewReader(text), size), sep)
	f.most = most
	f.buf = make([]byte, min(16, most))
	for {
		row, err := f.next()
		if err == io.EOF {
			return rows, damaged, nil
		}
		if err != nil {
			return nil, nil, err
		}
		rows, damaged = append(rows, append([]string(nil), row.cells...)), append(damaged, row.damaged)
	}
}

type slow struct {
	r    io.Reader
	size int
}

func (s slow) Read(b []byte) (int, error) { return s.r.Read(b[:min(len(b), s.size)]) }

func iotest(r io.Reader, size int) io.Reader { return slow{r, max(1, size)} }

// Coding writes and reads what a contact's row and a leaf of the index hold.
func Coding(first, last, email, notes string, fields []string, lists []int64, entries []string) error {
	r := row{number: "+1", id: 1, card: card{first: first, last: last, email: email, notes: notes}, lists: lists, created: 1, updated: 2}
	for i := 0; i+1 < len(fields); i += 2 {
		r.fields = append(r.fields, pair{fields[i], fields[i+1]})
	}
	data := r.encode(nil)
	if !json.Valid(data) {
		return fmt.Errorf("no JSON: %s", data)
	}
	var got row
	if err := got.decode(string(data)); err != nil {
		return fmt.Errorf("%w: %s", err, data)
	}
	if !got.same(r.card) || !slices.Equal(got.lists, lists) || got.created != 1 || got.updated != 2 {
		return fmt.Errorf("%+v became %+v", r, got)
	}
	back, err := decodeLeaf(encodeLeaf(nil, entries))
	if err != nil || !slices.Equal(back, entries) {
		return fmt.Errorf("%q became %q, %v", entries, back, err)
	}
	return nil
}

// Decode reads what may be broken: it must not panic.
func Decode(data []byte) {
	var r row
	_ = r.decode(string(data))
	_, _ = decodeLeaf(data)
	if p, err := openFilePiece(data); err == nil {
		var cells [][]byte
		for i := int64(0); i < p.rows && !p.bad; i++ {
			_, _, cells = p.record(cells)
		}
	}
	_, _ = reportPiece(nil, data, false)
}

// NumberKeys says how two numbers compare as keys of a run, and what becomes of the first.
func NumberKeys(a, b string) (order int, back string) {
	return cmp.Compare(numberKey(a), numberKey(b)), keyNumber(numberKey(a))
}

// SweepWords makes one turn of the sweep that gives contacts the entries an earlier version did not make.
func SweepWords(db *store.DB) (more bool, err error) {
	err = db.WriteBulk(context.Background(), func(tx *store.Tx) (err error) {
		more, err = sweepWords(tx)
		return err
	})
	return more, err
}
