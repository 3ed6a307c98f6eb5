package contact

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"watchword/base/problem"
)

// maxExcel bounds an Excel file in octets: the library holds the packed file in memory. Sheets over maxSheet are
// unpacked to the disk; maxUnpacked is the most, against bombs.
const (
	maxExcel    = 32 << 20
	maxSheet    = 4 << 20
	maxUnpacked = 1 << 30
)

// excelFile reads the first sheet of an .xlsx row by row, twice side by side: as its cells are stored, and as a person sees
// them.
type excelFile struct {
	file  *excelize.File
	rows  *excelize.Rows // as stored
	shown *excelize.Rows
	line  int64
}

func openExcel(r io.Reader) (s *source, err error) {
	defer broken(&err)
	limited := &io.LimitedReader{R: r, N: maxExcel + 1}
	f, err := excelize.OpenReader(limited, excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxSheet,
		ShortDatePattern: "yyyy-mm-dd"})
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
	shown, err := f.Rows(sheets[0])
	if err != nil {
		rows.Close()
		f.Close()
		return nil, unreadableExcel(err)
	}
	s = &source{records: &excelFile{file: f, rows: rows, shown: shown}, format: "Excel", encoding: "UTF-8"}
	if len(sheets) > 1 {
		s.note = fmt.Sprintf("The file has %d sheets. Only the first one, “%s”, is read.", len(sheets), sheets[0])
	}
	return s, nil
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
		cells, err := f.rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return fileRow{}, unreadableExcel(err)
		}
		f.shown.Next()
		shown, err := f.shown.Columns()
		if err != nil {
			return fileRow{}, unreadableExcel(err)
		}
		for i, c := range cells {
			if i < len(shown) {
				cells[i] = asSeen(c, shown[i])
				c = cells[i]
			}
			if len(c) > maxRecord {
				return fileRow{}, tooLongRow(f.line)
			}
			if !utf8.ValidString(c) {
				cells[i] = text([]byte(c))
			}
		}
		for _, c := range cells {
			if strings.TrimSpace(c) != "" {
				return fileRow{cells: cells, line: f.line}, nil
			}
		}
	}
	if err := f.rows.Error(); err != nil {
		return fileRow{}, unreadableExcel(err)
	}
	return fileRow{}, io.EOF
}

// asSeen is what a cell says: a date rather than the number of its day, but all digits of what may be a phone number.
func asSeen(stored, shown string) string {
	if shown == "" || lostDigits(shown) || lostDigits(stored) {
		return stored
	}
	if whole, _ := unspread(stored); len(whole) > 6 && onlyDigits(whole) {
		return stored
	}
	return shown
}

func (f *excelFile) Close() error {
	f.rows.Close()
	f.shown.Close()
	return f.file.Close()
}
