package contact

import (
	"bytes"
	"slices"
)

// An opening quotation mark that is never closed must not swallow the rest of a file. In a file as it should be, marks
// within a quoted cell stand in pairs (RFC 4180 §2.7), so a single one tells. A mark counts as not closed when
//
//   - none that closes a cell follows, to the end of the file or within the longest row, or
//   - one that opens a cell comes first, on a later line, or
//   - it is closed below, but what lies between are lines that are rows of the file themselves.
//
// The row then ends at its first line end, has a verdict of its own, and reading goes on with the next line. A row is
// gone over at most twice for that: what follows up to the mark that tells has no opening mark in it.

// ending says what was found of the closing quotation mark of a cell, or of the end of a row.
type ending int

const (
	closed ending = iota
	torn          // it is not in memory yet
	unclosed
)

// quoted reads a cell from behind its opening quotation mark. What stands behind the closing one belongs to the cell,
// when that is on the line of the opening one. last says that nothing follows b.
func (f *csvFile) quoted(b []byte, i int, last bool) (cell []byte, next int, found ending) {
	from := i
	if k := bytes.IndexByte(b[i:], '"'); k >= 0 && f.delimits(b, i+k+1, last) {
		f.spans = f.spans || lineEnd(b[i:i+k]) >= 0
		return b[from : i+k], i + k + 1, closed
	}
	f.quote = f.quote[:0]
	below := false // on a later line
	for {
		k := bytes.IndexByte(b[i:], '"')
		if k < 0 && !last {
			return nil, i, torn
		}
		if k < 0 {
			return nil, i, unclosed
		}
		below = below || lineEnd(b[i:i+k]) >= 0
		f.spans = f.spans || below
		f.quote = append(f.quote, b[i:i+k]...)
		i += k
		n := 1
		for i+n < len(b) && b[i+n] == '"' {
			n++
		}
		behind := i + n
		if behind == len(b) && !last {
			return nil, i, torn
		}
		f.quote = append(f.quote, b[i:i+n/2]...)
		switch {
		case n%2 == 0: // pairs
		case f.delimits(b, behind, last):
			return f.quote, behind, closed
		case !below:
			i = behind
			for i < len(b) && !f.delimits(b, i, last) {
				i++
			}
			return append(f.quote, b[behind:i]...), i, closed
		case f.delimits(b, i-1, last):
			return nil, i, unclosed
		default:
			f.quote = append(f.quote, '"') // in the middle of a text
		}
		i = behind
	}
}

// delimits says whether a cell ends at b[i].
func (f *csvFile) delimits(b []byte, i int, last bool) bool {
	if i == len(b) {
		return last
	}
	return b[i] == f.sep || b[i] == '\n' || b[i] == '\r'
}

// lineEnd is where the first line of b ends, or -1.
func lineEnd(b []byte) int {
	n := bytes.IndexByte(b, '\n')
	if n >= 0 {
		b = b[:n]
	}
	if r := bytes.IndexByte(b, '\r'); r >= 0 {
		return r
	}
	return n
}

func (f *csvFile) lineEnd() int { return lineEnd(f.buf[f.at:f.end]) }

// firstLine reads the row at f.at up to the end of its first line, or of the file, and says how many octets that are. The
// mark that is not closed is part of its cell.
func (f *csvFile) firstLine() int {
	b := f.buf[f.at:f.end]
	size := len(b)
	if n := lineEnd(b); n >= 0 {
		size = n + 1
		if b[n] == '\r' && size < len(b) && b[size] == '\n' {
			size++
		}
		b = b[:n]
	}
	f.cells = f.cells[:0]
	for i := 0; ; i++ {
		from := i
		cell, found := []byte(nil), unclosed
		if i < len(b) && b[i] == '"' {
			cell, i, found = f.quoted(b, i+1, true)
		}
		if found != closed {
			for i = from; i < len(b) && b[i] != f.sep; {
				i++
			}
			cell = b[from:i]
		}
		f.cells = append(f.cells, text(cell))
		if i >= len(b) {
			return size
		}
	}
}

// usual is how many cells most rows of a file have, as far as it was read.
type usual struct{ width, sure int }

func (u *usual) see(cells int) {
	switch {
	case cells == u.width:
		u.sure = min(u.sure+1, 50)
	case u.sure > 0:
		u.sure--
	default:
		u.width, u.sure = cells, 1
	}
}

// manyLines in one cell are odd when the row comes out too wide.
const manyLines = 10

// rowsWithin says that a row of several lines is several rows: at least half the lines between its first and its last
// have as many cells as rows of this file have, and among them a phone number; or it has many lines and more cells than
// it should, so that it could not be imported anyway.
func (f *csvFile) rowsWithin(b []byte) bool {
	b = bytes.TrimRight(b, "\r\n")
	lines, rows := 0, 0
	for at := lineEnd(b); at >= 0; {
		b = bytes.TrimPrefix(b[at:], []byte("\r"))
		b = bytes.TrimPrefix(b, []byte("\n"))
		if at = lineEnd(b); at >= 0 {
			if lines++; f.rowLike(b[:at]) {
				rows++
			}
		}
	}
	wide := f.usual.width > 0 && len(f.cells) > f.usual.width && slices.ContainsFunc(f.cells[f.usual.width:], func(c string) bool { return c != "" })
	return rows > 0 && 2*rows >= lines || lines > manyLines && wide
}

// rowLike says that a line could be a row of this file. One with quotation marks may be what stands between two cells.
func (f *csvFile) rowLike(line []byte) bool {
	sep := []byte{f.sep}
	if bytes.Count(line, sep)+1 != f.usual.width || bytes.IndexByte(line, '"') >= 0 {
		return false
	}
	for cell := range bytes.SplitSeq(line, sep) {
		if numeric(string(cell)) {
			return true
		}
	}
	return false
}
