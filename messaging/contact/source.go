package contact

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"watchword/base/problem"
)

// source is a file, opened.
type source struct {
	records
	format, encoding, separator string
	note                        string // what a person should know of it
}

// headSize is how much of a file is looked at to find out what it is.
const headSize = 64 << 10

// open finds out what a file is.
func open(r io.Reader) (*source, error) {
	in := bufio.NewReaderSize(r, headSize)
	head, err := in.Peek(headSize)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case len(head) == 0:
		return nil, problem.AtField("file", "file_empty", "The file is empty. Choose another one.")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return openExcel(in)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return nil, problem.AtField("file", "file_old_excel", "Save the file as .xlsx without a password, or as CSV, and choose it again: the old Excel format, and files protected by a password, cannot be read.")
	case marksUp(head):
		return nil, problem.AtField("file", "file_marked_up", "Open the file in a spreadsheet, save it as .xlsx or CSV and choose that: this one holds a web page, XML or JSON, whatever its name says.")
	case bytes.HasPrefix(head, []byte("%PDF")) || bytes.HasPrefix(head, []byte("\x89PNG")) || bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return nil, notATable()
	}
	s := &source{format: "CSV", encoding: "UTF-8"}
	var plain io.Reader = in
	switch kind := encodingOf(head, err == io.EOF); kind {
	case "UTF-8 BOM":
		in.Discard(3)
	case "UTF-16LE", "UTF-16BE":
		order := unicode.LittleEndian
		if kind == "UTF-16BE" {
			order = unicode.BigEndian
		}
		s.encoding = "UTF-16"
		plain = transform.NewReader(in, unicode.UTF16(order, unicode.UseBOM).NewDecoder())
	case "Windows-1252":
		s.encoding = kind
		plain = transform.NewReader(in, charmap.Windows1252.NewDecoder())
	case "":
		return nil, notATable()
	}
	text := bufio.NewReaderSize(plain, headSize)
	head, err = text.Peek(headSize)
	if err != nil && err != io.EOF {
		return nil, err
	}
	sep, skip := sepLine(head)
	if sep == 0 {
		sep = guessSeparator(head, err == io.EOF)
	}
	text.Discard(skip)
	s.separator = separatorName(sep)
	c := newCSV(text, sep)
	if skip > 0 {
		c.line = 1
	}
	s.records = c
	return s, nil
}

// marksUp says that a text is HTML, XML or JSON rather than a table.
func marksUp(head []byte) bool {
	s := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	for _, begin := range []string{"<!doctype", "<html", "<table", "<?xml", "{\"", "[{", "[\""} {
		if bytes.HasPrefix(s, []byte(begin)) {
			return true
		}
	}
	return false
}

func notATable() error {
	return problem.AtField("file", "file_unknown", "Choose a CSV or Excel file (.csv, .txt, .xlsx): this one is something else.")
}

// encodingOf names the encoding of a text by its beginning; "" for what is no text.
func encodingOf(head []byte, whole bool) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return "UTF-8 BOM"
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return "UTF-16LE"
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "UTF-16BE"
	}
	// Without a mark, western text in UTF-16 is every other octet NUL.
	var zero [2]int
	for i, c := range head {
		if c == 0 {
			zero[i%2]++
		}
	}
	switch n := len(head) / 2; {
	case n > 0 && zero[1] > n/2 && zero[0] < n/20:
		return "UTF-16LE"
	case n > 0 && zero[0] > n/2 && zero[1] < n/20:
		return "UTF-16BE"
	case zero[0]+zero[1] > n/10:
		return ""
	}
	cut := head
	if !whole { // the last character may be torn
		for i := 0; i < utf8.UTFMax && len(cut) > 0 && !utf8.Valid(cut); i++ {
			cut = cut[:len(cut)-1]
		}
	}
	if utf8.Valid(cut) {
		return "UTF-8"
	}
	odd := 0 // octets that are no letter in Windows-1252
	for _, c := range head {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f || bytes.IndexByte([]byte("\x81\x8d\x8f\x90\x9d"), c) >= 0 {
			odd++
		}
	}
	if odd > 3 && odd > len(head)/100 {
		return ""
	}
	return "Windows-1252"
}
