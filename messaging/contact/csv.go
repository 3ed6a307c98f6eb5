package contact

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"watchword/base/problem"
)

// Bounds of a file.
const (
	maxRecord  = 1 << 20 // octets of one row
	maxColumns = 200
)

// records gives the rows of a file one by one.
type records interface {
	// next is the next row and its place in the file, counted from 1, blank rows included. The cells are valid until the
	// following call. io.EOF: there are no more.
	next() (cells []string, line int64, err error)
	io.Closer
}

// csvFile reads comma separated values (RFC 4180) as generously as spreadsheets write them: any separator, line ends of
// any system, quotation marks in the middle of a cell, rows of any length.
type csvFile struct {
	r     io.Reader
	sep   byte
	buf   []byte
	at    int // first octet of the next row
	end   int // octets in buf
	eof   bool
	line  int64
	cells []string
	quote []byte
}

func newCSV(r io.Reader, sep byte) *csvFile {
	return &csvFile{r: r, sep: sep, buf: make([]byte, 128<<10)}
}

func (f *csvFile) Close() error { return nil }

func tooLongRow() error {
	return problem.AtField("file", "row_too_long", "A row of the file is longer than a million characters: perhaps a quotation mark is not closed. Mend the file and try again.")
}

// fill reads more. It fails with io.EOF when there is no more.
func (f *csvFile) fill() error {
	if f.eof {
		return io.EOF
	}
	if f.at > 0 {
		f.end = copy(f.buf, f.buf[f.at:f.end])
		f.at = 0
	}
	if f.end == len(f.buf) {
		if len(f.buf) >= maxRecord {
			return tooLongRow()
		}
		f.buf = append(f.buf, make([]byte, len(f.buf))...)
	}
	for range 100 {
		n, err := f.r.Read(f.buf[f.end:])
		f.end += n
		if err == io.EOF {
			f.eof = true
			if n == 0 {
				return io.EOF
			}
			return nil
		}
		if err != nil || n > 0 {
			return err
		}
	}
	return io.ErrNoProgress
}

func (f *csvFile) next() ([]string, int64, error) {
	for {
		n, err := f.record()
		if err != nil {
			return nil, 0, err
		}
		f.at += n
		f.line++
		for _, c := range f.cells {
			if c != "" {
				return f.cells, f.line, nil
			}
		}
	}
}

// record reads the row at f.at and says how many octets it took.
func (f *csvFile) record() (int, error) {
	for {
		if f.eof && f.at == f.end {
			return 0, io.EOF
		}
		if n, ok := f.try(); ok {
			return n, nil
		}
		if err := f.fill(); err == io.EOF {
			if f.at == f.end {
				return 0, io.EOF
			}
			n, _ := f.try() // the last row has no line end
			return n, nil
		} else if err != nil {
			return 0, err
		}
	}
}

// try reads a row as far as it is in memory; ok is false when its end is not. At the end of the file everything is.
func (f *csvFile) try() (int, bool) {
	f.cells = f.cells[:0]
	b := f.buf[f.at:f.end]
	i := 0
	for {
		var cell []byte
		var ok bool
		if i < len(b) && b[i] == '"' {
			cell, i, ok = f.quoted(b, i+1)
		} else {
			from := i
			for i < len(b) && b[i] != f.sep && b[i] != '\n' && b[i] != '\r' {
				i++
			}
			cell, ok = b[from:i], i < len(b)
		}
		if !ok && !f.eof {
			return 0, false
		}
		f.cells = append(f.cells, text(cell))
		switch {
		case i >= len(b):
			return i, true
		case b[i] == f.sep:
			i++
			if i == len(b) && f.eof {
				f.cells = append(f.cells, "")
				return i, true
			}
		case b[i] == '\r':
			if i+1 == len(b) && !f.eof {
				return 0, false // a line feed may follow
			}
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
			return i + 1, true
		default:
			return i + 1, true
		}
	}
}

// quoted reads a cell from behind its opening quotation mark. What stands behind the closing one belongs to the cell.
func (f *csvFile) quoted(b []byte, i int) (cell []byte, next int, ok bool) {
	from := i
	k := bytes.IndexByte(b[i:], '"')
	if k >= 0 {
		i += k
		if i+1 < len(b) && (b[i+1] == f.sep || b[i+1] == '\n' || b[i+1] == '\r') || i+1 == len(b) && f.eof {
			return b[from:i], i + 1, i+1 < len(b)
		}
	}
	f.quote = append(f.quote[:0], b[from:i]...)
	inside := true
	for ; i < len(b); i++ {
		c := b[i]
		switch {
		case c == '"' && inside && i+1 < len(b) && b[i+1] == '"':
			f.quote = append(f.quote, '"')
			i++
		case c == '"' && inside:
			if i+1 == len(b) && !f.eof {
				return nil, i, false // its twin may follow
			}
			inside = false
		case !inside && (c == f.sep || c == '\n' || c == '\r'):
			return f.quote, i, true
		default:
			f.quote = append(f.quote, c)
		}
	}
	return f.quote, i, false
}

// text makes a cell text. Octets that are no UTF-8 are what Windows writes (Windows-1252).
func text(cell []byte) string {
	if utf8.Valid(cell) {
		return string(cell)
	}
	s, err := charmap.Windows1252.NewDecoder().Bytes(cell)
	if err != nil {
		return string(cell)
	}
	return string(s)
}

// separators in the order in which they are preferred.
var separators = []byte{',', ';', '\t', '|'}

// guessSeparator looks at the beginning of a file: the separator that gives most rows the same number of cells.
func guessSeparator(head []byte, whole bool) byte {
	best, bestScore := separators[0], 0
	for _, sep := range separators {
		f := newCSV(bytes.NewReader(head), sep)
		count, rows, same := 0, 0, 0
		for rows < 30 {
			cells, _, err := f.next()
			if err != nil || !whole && f.eof && f.at == f.end {
				break
			}
			if rows == 0 {
				count = len(cells)
			}
			rows++
			if len(cells) == count {
				same++
			}
		}
		if count < 2 {
			continue
		}
		if score := 100*same/rows*10 + min(count, 9); score > bestScore {
			best, bestScore = sep, score
		}
	}
	return best
}

func separatorName(sep byte) string {
	if sep == '\t' {
		return "tab"
	}
	return string(sep)
}

// sepLine takes Excel's first line "sep=;" away.
func sepLine(head []byte) (sep byte, skip int) {
	line, _, ok := bytes.Cut(head, []byte("\n"))
	s := strings.TrimRight(string(line), "\r")
	s = strings.Trim(s, `"`)
	if ok && len(s) == 5 && strings.EqualFold(s[:4], "sep=") && bytes.IndexByte(separators, s[4]) >= 0 {
		return s[4], len(line) + 1
	}
	return 0, 0
}
