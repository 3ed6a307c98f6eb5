package contact

import (
	"fmt"
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

// fileRow is a row of a file. Its cells are valid until the next one is read.
type fileRow struct {
	cells   []string
	line    int64 // its place in the file, counted from 1, blank rows included
	damaged bool  // a quotation mark is opened and not closed in it
}

// records gives the rows of a file one by one; io.EOF: there are no more.
type records interface {
	next() (fileRow, error)
	io.Closer
}

// csvFile reads comma separated values (RFC 4180) as generously as spreadsheets write them: any separator, line ends of
// any system, quotation marks in the middle of a cell, rows of any length up to most. quotes.go says what becomes of a
// mark that is not closed.
type csvFile struct {
	r     io.Reader
	sep   byte
	most  int // octets of one row
	buf   []byte
	at    int // first octet of the next row
	end   int // octets in buf
	eof   bool
	line  int64
	cells []string
	quote []byte
	spans bool // a cell of the row being read holds a line end
	usual usual
}

func newCSV(r io.Reader, sep byte) *csvFile {
	return &csvFile{r: r, sep: sep, most: maxRecord, buf: make([]byte, 128<<10)}
}

func (f *csvFile) Close() error { return nil }

func tooLongRow(line int64) error {
	return problem.AtField("file", "row_too_long", fmt.Sprintf("Row %d of the file is longer than a million characters: perhaps it is no table, or a quotation mark is missing there. Mend the file and try again.", line))
}

// fill reads on until there is twice as much of the row as before, so that a long one is not gone over too often. It fails
// with io.EOF when there is no more.
func (f *csvFile) fill() error {
	if f.eof {
		return io.EOF
	}
	if f.at > 0 {
		f.end = copy(f.buf, f.buf[f.at:f.end])
		f.at = 0
	}
	if f.end == len(f.buf) {
		if len(f.buf) >= f.most {
			return tooLongRow(f.line + 1)
		}
		f.buf = append(f.buf, make([]byte, min(len(f.buf), f.most-len(f.buf)))...)
	}
	enough, idle := min(max(1, 2*f.end), len(f.buf)), 0
	for f.end < enough && !f.eof {
		n, err := f.r.Read(f.buf[f.end:])
		f.end += n
		if idle++; n > 0 {
			idle = 0
		}
		switch {
		case err == io.EOF:
			f.eof = true
		case err != nil:
			return err
		case idle > 100:
			return io.ErrNoProgress
		}
	}
	return nil
}

func (f *csvFile) next() (fileRow, error) {
	for {
		n, damaged, err := f.record()
		if err != nil {
			return fileRow{}, err
		}
		f.at += n
		f.line++
		for _, c := range f.cells {
			if strings.TrimSpace(c) != "" {
				return fileRow{f.cells, f.line, damaged}, nil
			}
		}
	}
}

// record reads the row at f.at and says how many octets it took.
func (f *csvFile) record() (n int, damaged bool, err error) {
	for {
		if f.eof && f.at == f.end {
			return 0, false, io.EOF
		}
		n, found := f.try()
		if found == closed && (!f.spans || !f.rowsWithin(f.buf[f.at:f.at+n])) {
			f.usual.see(len(f.cells))
			return n, false, nil
		}
		if found == torn {
			if err := f.fill(); err == nil || err == io.EOF {
				continue
			} else if f.end < f.most || f.lineEnd() < 0 {
				return 0, false, err
			}
		}
		return f.firstLine(), true, nil
	}
}

// try reads a row as far as it is in memory: torn says that its end is not. At the end of the file everything is.
func (f *csvFile) try() (n int, found ending) {
	f.cells, f.spans = f.cells[:0], false
	b := f.buf[f.at:f.end]
	i := 0
	for {
		var cell []byte
		if i < len(b) && b[i] == '"' {
			if cell, i, found = f.quoted(b, i+1, f.eof); found != closed {
				return 0, found
			}
		} else {
			from := i
			for i < len(b) && b[i] != f.sep && b[i] != '\n' && b[i] != '\r' {
				i++
			}
			cell = b[from:i]
		}
		if i == len(b) && !f.eof {
			return 0, torn
		}
		f.cells = append(f.cells, text(cell))
		switch {
		case i >= len(b):
			return i, closed
		case b[i] == f.sep:
			i++
			if i == len(b) && f.eof {
				f.cells = append(f.cells, "")
				return i, closed
			}
		case b[i] == '\r':
			if i+1 == len(b) && !f.eof {
				return 0, torn // a line feed may follow
			}
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
			return i + 1, closed
		default:
			return i + 1, closed
		}
	}
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
