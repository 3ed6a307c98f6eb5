package contact

import (
	"bytes"
	"strings"
)

// separators in the order in which they are preferred.
var separators = []byte{',', ';', '\t', '|'}

// guessSeparator looks at the beginning of a file: the separator that gives most rows the same number of cells.
func guessSeparator(head []byte, whole bool) byte {
	best, bestScore := separators[0], 0
	for _, sep := range separators {
		f := newCSV(bytes.NewReader(head), sep)
		count, rows, same := 0, 0, 0
		for rows < 30 {
			row, err := f.next()
			if err != nil || !whole && f.eof && f.at == f.end {
				break
			}
			if rows == 0 {
				count = len(row.cells)
			}
			rows++
			if len(row.cells) == count {
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
