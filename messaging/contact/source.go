package contact

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"watchword/base/problem"
)

// source is a file, opened.
type source struct {
	records
	format, encoding, separator string
}

// headSize is how much of a file is looked at to find out what it is.
const headSize = 64 << 10

// maxExcel bounds an Excel file in octets: the library holds the packed file in memory. Sheets over maxSheet are
// unpacked to the disk; maxUnpacked is the most, against bombs.
const (
	maxExcel    = 32 << 20
	maxSheet    = 4 << 20
	maxUnpacked = 1 << 30
)

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
		return nil, problem.AtField("file", "file_old_excel", "Save the file as .xlsx or CSV and choose it again: the old Excel format cannot be read.")
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
	return "Windows-1252"
}

// excelFile reads the first sheet of an .xlsx row by row.
type excelFile struct {
	file *excelize.File
	rows *excelize.Rows
	line int64
}

func openExcel(r io.Reader) (s *source, err error) {
	defer broken(&err)
	limited := &io.LimitedReader{R: r, N: maxExcel + 1}
	f, err := excelize.OpenReader(limited, excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxSheet, RawCellValue: true})
	if limited.N <= 0 {
		if f != nil {
			f.Close()
		}
		return nil, problem.AtField("file", "excel_too_large", "Save the file as CSV and choose that: an Excel file may have at most 32 MB, a CSV file many times as much.")
	}
	if err != nil {
		return nil, unreadableExcel(err)
	}
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		f.Close()
		return nil, unreadableExcel(io.ErrUnexpectedEOF)
	}
	rows, err := f.Rows(sheets[0])
	if err != nil {
		f.Close()
		return nil, unreadableExcel(err)
	}
	return &source{records: &excelFile{file: f, rows: rows}, format: "Excel", encoding: "UTF-8"}, nil
}

func unreadableExcel(cause error) error {
	if errors.Is(cause, syscall.ENOSPC) { // it is unpacked into the folder for temporary files
		return problem.Unavailable("disk_full", "There is too little room left on the disk of this server to unpack the file. Save it as CSV and choose that, or ask its operator to make room.",
			fmt.Errorf("%s has no room: %w", os.TempDir(), cause))
	}
	p := problem.AtField("file", "excel_unreadable", "This Excel file cannot be read: it is damaged, protected by a password, or unpacks to more than a gigabyte. Save it anew, or as CSV.")
	p.Cause = cause
	return p
}

// broken turns a panic of the library over a damaged file into the words for one.
func broken(err *error) {
	if r := recover(); r != nil {
		*err = unreadableExcel(fmt.Errorf("panic: %v", r))
	}
}

func (f *excelFile) next() (row fileRow, err error) {
	defer broken(&err)
	for f.rows.Next() {
		f.line++
		cells, err := f.rows.Columns()
		if err != nil {
			return fileRow{}, unreadableExcel(err)
		}
		for i, c := range cells {
			if len(c) > maxRecord {
				return fileRow{}, tooLongRow()
			}
			if !utf8.ValidString(c) {
				cells[i] = text([]byte(c))
			}
		}
		for _, c := range cells {
			if c != "" {
				return fileRow{cells: cells, line: f.line}, nil
			}
		}
	}
	if err := f.rows.Error(); err != nil {
		return fileRow{}, unreadableExcel(err)
	}
	return fileRow{}, io.EOF
}

func (f *excelFile) Close() error {
	f.rows.Close()
	return f.file.Close()
}
