package contacts_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/web/webtest"
)

// workbook is an Excel file as people keep them: a number as a number, a date, a formula, a truth, and a second sheet.
func workbook(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	set := func(cell string, v any) {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for cell, v := range map[string]any{"A1": "Mobile", "B1": "First name", "C1": "Last visit", "D1": "Visits", "E1": "Paid", "F1": "Code", "G1": "At", "H1": "Price",
		"A2": 447700900123, "B2": "Ana", "C2": time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC), "D2": 12, "E2": true, "F2": 2, "G2": time.Date(2025, 10, 2, 14, 30, 0, 0, time.UTC), "H2": 0.1 + 0.2} {
		set(cell, v)
	}
	if err := f.SetCellFormula("Sheet1", "F2", "=1+1"); err != nil {
		t.Fatal(err)
	}
	f.NewSheet("Others")
	f.SetCellValue("Others", "A1", "+447700900124")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a workbook whose sheet unpacks to more than a gigabyte.
func bomb(t testing.TB) []byte {
	t.Helper()
	book := workbook(t)
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	out.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, f := range in.File {
		if f.Name != "xl/worksheets/sheet1.xml" {
			if err := out.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		w, _ := out.Create(f.Name)
		w.Write([]byte(`<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`))
		some := bytes.Repeat([]byte(`<row><c t="inlineStr"><is><t>07700900123</t></is></c></row>`), 20000)
		for range 1200 {
			w.Write(some)
		}
	}
	out.Close()
	return b.Bytes()
}

// zipped is a ZIP file of something else.
func zipped(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("a.txt")
	if err == nil {
		_, err = w.Write([]byte("x"))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Proves CL6, CL7, CL9: what people and strangers bring is either refused at its field, in words that say what to do, or
// read, with what is odd said beforehand and a reason for each row that was not taken. By plain posts.
func TestBadFiles(t *testing.T) {
	book, large := string(workbook(t)), string(bomb(t))
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := build(t, db)
		h.team("maya", "Harbour Dental")
		b := h.in("maya")
		for name, c := range map[string]struct{ file, words string }{
			"nothing.csv": {"", "The file is empty"},
			"blank.csv":   {"\n\n , \n", "The file holds no rows"},
			"heads.csv":   {"Phone,Name\n", "only headings and no rows"},
			"nul.csv":     {strings.Repeat("\x00", 5000), "this one is something else"},
			"photo.jpg":   {"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + strings.Repeat("\x8a\x01\x99\xe2\x13", 3000), "this one is something else"},
			"page.xls":    {"<!DOCTYPE html><html><body><table><tr><td>07700900212</td></tr></table></body></html>\n", "this one holds a web page"},
			"data.json":   {"{\"a\": [1,2,3]}\n", "this one holds a web page, XML or JSON"},
			"old.xls":     {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "Save the file as .xlsx without a password, or as CSV"},
			"long.csv":    {"Phone,Notes\n07700900209," + strings.Repeat("x", 2<<20) + "\n", "Row 2 of the file is longer than a million characters"},
			"cut.xlsx":    {book[:3000], "This Excel file cannot be read"},
			"other.xlsx":  {zipped(t), "This Excel file cannot be read"},
			"bomb.xlsx":   {large, "unpacks to more than a gigabyte"},
		} {
			b.Get("/contacts/import")
			b.Upload("Upload and look", name, []byte(c.file))
			if got := b.Page.TextOf("#file-error"); b.Page.Status != 422 || !strings.Contains(got, c.words) {
				t.Errorf("%s: %d %q", name, b.Page.Status, got)
			}
		}
		if b.Get("/contacts/import"); b.Page.Has("#imports") {
			t.Errorf("kept: %s", b.Page.TextOf("#imports"))
		}
		for name, c := range map[string]struct {
			file, words, counts string
			report              []string
		}{
			"windows.csv":   {"Vorname;Handy\nJ\xfcrgen;07700900201\n", "Windows-1252, separated by “;”", "New:1", nil},
			"utf16.csv":     {"\xff\xfeP\x00h\x00o\x00n\x00e\x00\n\x000\x007\x007\x000\x000\x009\x000\x000\x002\x000\x002\x00\n\x00", "UTF-16", "New:1", nil},
			"doubled.csv":   {"Phone,Phone,,City,City\n07700900203,07700900204,x,Porto,Lisbon\n", "More than one column is called “Phone”", "New:1", nil},
			"bare.csv":      {"07700900205\n7700900206\n6.14E+10\n", "A spreadsheet has shortened numbers", "New:2 Not valid:1", []string{"3,invalid,\"A spreadsheet has shortened"}},
			"nul.csv":       {"Phone,Name\n07700900207,A\x00na\n07700900208,Ok\n", "2 rows", "New:1 Not valid:1", []string{"2,invalid,The row holds characters"}},
			"large.csv":     {"Phone,Notes\n07700900209," + strings.Repeat("x", 1<<20-20) + "\n07700900210,ok\n", "2 rows", "New:1 Not valid:1", []string{"2,invalid,\"A cell is too long. A name"}},
			"none.csv":      {"Name,City\nAna,Porto\n", "No column looks like mobile numbers", "", nil},
			"formula.csv":   {"Phone,City\n07700900212,\"=HYPERLINK(\"\"http://x\"\")\"\n12,=1+1\n", "2 rows", "New:1 Not valid:1", []string{"3,invalid,The number is too short: digits are missing.,12,'=1+1"}},
			"workbook.xlsx": {book, "The file has 2 sheets. Only the first one, “Sheet1”, is read. ", "New:1", nil},
		} {
			b.Get("/contacts/import")
			b.Upload("Upload and look", name, []byte(c.file))
			here := b.Page.URL.Path
			says(t, b, c.words, "Nothing is imported yet.")
			if name == "workbook.xlsx" {
				if got := b.Page.TextOf("#sample tbody"); got != "447700900123 Ana 2025-10-02 12 TRUE 2 2025-10-02 14:30 0.3" {
					t.Errorf("%s holds %q", name, got)
				}
			}
			b.Submit("Import", map[string]string{"consent": "on", "country": "GB"})
			if c.counts == "" {
				if b.Page.Status != 422 || len(b.Page.Errors()) != 1 {
					t.Errorf("%s: %d %q", name, b.Page.Status, b.Page.Errors())
				}
				b.Submit("Discard the file", nil)
				continue
			}
			until(t, b, here, func(p *webtest.Page) bool { return strings.Contains(p.Words(), "Done") })
			_, parts := sum(t, b.Page)
			for what, n := range parts {
				if n == 0 {
					delete(parts, what)
				}
			}
			if got := fmt.Sprint(parts); got != "map["+c.counts+"]" {
				t.Errorf("%s: %s", name, got)
			}
			b.Get(here + "/report.csv")
			for _, line := range c.report {
				if !strings.Contains(b.Page.Text, "\n"+line) {
					t.Errorf("%s: no %s in the report\n%.2000s", name, line, b.Page.Text)
				}
			}
		}
	})
}
