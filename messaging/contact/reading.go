package contact

import (
	"context"
	"encoding/binary"
	"runtime"
	"slices"
	"strings"
	"sync"

	"watchword/base/store"
)

// item is one row of a run: its number, its place in the file, and where its card is.
type item struct {
	key      uint64
	pos      uint32
	from, to uint32
}

// numberKey packs an E.164 number so that keys sort as the texts do: four bits a digit, from the left.
func numberKey(e164 string) (k uint64) {
	for i := 1; i < len(e164) && i < 17; i++ {
		k |= uint64(e164[i]-'0'+1) << (64 - 4*i)
	}
	return k
}

func keyNumber(k uint64) string {
	var b [17]byte
	b[0] = '+'
	n := 1
	for ; k != 0; k <<= 4 {
		b[n] = '0' + byte(k>>60) - 1
		n++
	}
	return string(b[:n])
}

// sorted is a run being put together.
type sorted struct {
	items []item
	cards []byte
	bad   []byte // places and reasons
	bads  map[reason]int64
	stops []string // numbers whose rows say that they opted out
}

func (s *sorted) refuse(pos int64, r reason) {
	s.bad = append(binary.AppendUvarint(s.bad, uint64(pos)), byte(r))
	s.bads[r]++
}

// read turns the file into runs sorted by number. A restart begins with the first piece that is in no complete run.
func (j *importing) read(ctx context.Context) error {
	for _, kind := range []string{pieceRun, pieceBad} {
		if err := j.drop(ctx, kind, j.runs); err != nil {
			return err
		}
	}
	for j.piecesRead < j.pieces {
		s, n, err := j.readRun(ctx, j.piecesRead)
		if err != nil {
			return err
		}
		if err := j.optOut(ctx, s.stops); err != nil {
			return err
		}
		if j.piecesRead == 0 && n == j.pieces {
			return j.keepOnly(ctx, s)
		}
		if err := j.writeRun(ctx, s, n); err != nil {
			return err
		}
		j.spare = s
	}
	j.spare = nil
	return j.bulk(ctx, func(_ *store.Tx, m *record) error { m.state = Merging; return nil })
}

// readRun reads pieces of the file until they make a run, and says up to which.
func (j *importing) readRun(ctx context.Context, from int64) (s *sorted, to int64, err error) {
	s, to = j.spare, from
	if s == nil {
		s = &sorted{}
	}
	j.spare = nil
	s.items, s.cards, s.bad, s.bads = s.items[:0], s.cards[:0], s.bad[:0], map[reason]int64{}
	s.stops = s.stops[:0]
	for to < j.pieces && len(s.items) < j.room.bounds.runRows && len(s.cards) < j.room.bounds.runOctets {
		some := min(int64(runtime.NumCPU()), j.pieces-to)
		if err := j.readPieces(ctx, to, some, s); err != nil {
			return nil, 0, err
		}
		to += some
	}
	slices.SortFunc(s.items, func(a, b item) int {
		if a.key != b.key {
			if a.key < b.key {
				return -1
			}
			return 1
		}
		return int(a.pos) - int(b.pos)
	})
	return s, to, nil
}

// inMemory is the number of runs of a file that is small enough to be one.
const inMemory = -1

// keepOnly goes on with the only run of a small file, without writing it down: a restart reads it again.
func (j *importing) keepOnly(ctx context.Context, s *sorted) error {
	err := j.bulk(ctx, func(tx *store.Tx, m *record) error {
		m.runs, m.piecesRead, m.state = inMemory, m.pieces, Merging
		return j.putBad(tx, m, 0, s)
	})
	j.only = s
	return err
}

// putBad keeps the rows of a run that were refused.
func (j *importing) putBad(tx *store.Tx, m *record, run int64, s *sorted) error {
	for r, k := range s.bads {
		m.count(r, k)
	}
	if len(s.bad) == 0 {
		return nil
	}
	return putPiece(tx, j.org, j.id, pieceBad, run, 0, s.bad)
}

// readPieces reads pieces beside each other and adds them to a run in order.
func (j *importing) readPieces(ctx context.Context, from, n int64, into *sorted) error {
	parts, errs := make([]*sorted, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			var data []byte
			errs[i] = j.db.ReadOne(ctx, func(tx *store.Tx) (err error) {
				data, err = getPiece(tx, j.org, j.id, pieceFile, 0, from+i)
				return err
			})
			if errs[i] == nil {
				parts[i], errs[i] = j.readPiece(data)
			}
		})
	}
	all.Wait()
	for i, p := range parts {
		if errs[i] != nil {
			return errs[i]
		}
		base := uint32(len(into.cards))
		for _, x := range p.items {
			x.from, x.to = x.from+base, x.to+base
			into.items = append(into.items, x)
		}
		into.cards = append(into.cards, p.cards...)
		into.bad = append(into.bad, p.bad...)
		into.stops = append(into.stops, p.stops...)
		for r, k := range p.bads {
			into.bads[r] += k
		}
	}
	return nil
}

func (j *importing) readPiece(data []byte) (*sorted, error) {
	p, err := openFilePiece(data)
	if err != nil {
		return nil, err
	}
	s := &sorted{items: make([]item, 0, p.rows), cards: make([]byte, 0, len(data)+int(p.rows)*12), bads: map[reason]int64{}}
	in := newRowReader(j.mapping)
	var cells [][]byte
	for i := range p.rows {
		var damaged bool
		_, damaged, cells = p.record(cells)
		pos := p.first + i
		if pos == 0 && j.mapping.Header {
			continue
		}
		number, why := in.read(cells)
		if damaged {
			why = openQuote
		}
		if why != fine {
			s.refuse(pos, why)
			continue
		}
		if in.stop {
			s.stops = append(s.stops, number)
		}
		from := len(s.cards)
		s.cards = in.card.encode(s.cards)
		s.items = append(s.items, item{numberKey(number), uint32(pos), uint32(from), uint32(len(s.cards))})
	}
	return s, p.err()
}

// writeRun keeps a run; its last piece says that it is complete.
func (j *importing) writeRun(ctx context.Context, s *sorted, piecesRead int64) error {
	var piece []byte
	var n int64
	put := func(end bool) error {
		data := piece
		at := n
		err := j.bulk(ctx, func(tx *store.Tx, m *record) error {
			if len(data) > 0 {
				if err := putPiece(tx, j.org, j.id, pieceRun, m.runs, at, data); err != nil {
					return err
				}
			}
			if !end {
				return nil
			}
			if err := j.putBad(tx, m, m.runs, s); err != nil {
				return err
			}
			m.runs++
			m.piecesRead = piecesRead
			return nil
		})
		n++
		piece = nil
		return err
	}
	for _, x := range s.items {
		if len(piece) >= j.room.bounds.piece {
			if err := put(false); err != nil {
				return err
			}
		}
		if piece == nil {
			piece = make([]byte, 0, pieceSize+1024)
		}
		piece = binary.BigEndian.AppendUint64(piece, x.key)
		piece = binary.AppendUvarint(piece, uint64(x.pos))
		piece = appendBytes(piece, s.cards[x.from:x.to])
	}
	return put(true)
}

// rowReader makes a number and a card of the cells of a row.
type rowReader struct {
	columns []Column
	numbers numbers
	card    card
	stop    bool // the row says that it opted out
}

func newRowReader(m Mapping) *rowReader {
	return &rowReader{columns: m.Columns, numbers: newNumbers(m.Country)}
}

func (in *rowReader) read(cells [][]byte) (number string, why reason) {
	in.card, in.stop = card{fields: in.card.fields[:0]}, false
	why = noNumber
	for i, cell := range cells {
		if i >= len(in.columns) {
			if len(cell) > 0 {
				return "", manyCells
			}
			continue
		}
		if len(cell) == 0 || in.columns[i] == Ignored {
			continue
		}
		if in.columns[i] == ColNumber {
			if number, why = in.numbers.read(string(cell)); why != fine {
				return "", why
			}
		} else if r := in.cell(in.columns[i], unguard(string(cell))); r != fine {
			return "", r
		}
	}
	if len(in.card.fields) > MaxFields {
		return "", manyFields
	}
	if why == fine {
		in.card.sortFields()
	}
	return number, why
}

func (in *rowReader) cell(c Column, s string) reason {
	var code string
	switch c {
	case ColFirst:
		in.card.first, code = cleanText(s, MaxName, false)
	case ColLast:
		in.card.last, code = cleanText(s, MaxName, false)
	case ColName:
		if s, code = cleanText(s, 2*MaxName, false); code == "" {
			first, last := splitName(s)
			if in.card.first, code = cleanText(first, MaxName, false); code == "" {
				in.card.last, code = cleanText(last, MaxName, false)
			}
		}
	case ColEmail:
		in.card.email, code = cleanEmail(s)
	case ColNotes:
		in.card.notes, code = cleanText(s, MaxNotes, true)
	case ColOptOut:
		known := false
		if in.stop, known = yes[fold(s)]; !known {
			return neither
		}
	default:
		var v string
		if v, code = cleanText(s, MaxFieldValue, true); v != "" && code == "" {
			in.card.fields = append(in.card.fields, pair{strings.TrimPrefix(string(c), FieldPrefix), v})
		}
	}
	switch code {
	case "":
		return fine
	case "too_long":
		return longText
	case "email_invalid":
		return badEmail
	}
	return badText
}

// splitName cuts "Ana Maria Silva" before the last word and "Silva, Ana Maria" at the comma.
func splitName(s string) (first, last string) {
	if l, f, ok := strings.Cut(s, ","); ok && strings.TrimSpace(f) != "" && strings.TrimSpace(l) != "" {
		return f, l
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}
