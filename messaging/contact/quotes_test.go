package contact_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/messaging/contact"
)

// lines writes n rows of three cells, each with a number.
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Name %d,07700900%03d,City\n", i, i%1000)
	}
	return b.String()
}

// Proves CL6, CL9: a quotation mark that is not closed damages the row it is in, and no other; cells of several lines and
// marks in the middle of a text stay what they are.
func TestUnclosedQuotes(t *testing.T) {
	const head = "Name,Mobile,City\n"
	long := strings.Repeat("a line of a long text, with commas\n", 6000)
	for name, c := range map[string]struct {
		file    string
		rows    int
		damaged []int // from 0
	}{
		"never closed":                     {head + lines(3) + "Bob,\"077,x\n" + lines(5000), 5005, []int{4}},
		"never closed, to the longest row": {head + "Bob,077,\"x\n" + lines(80_000), 80_002, []int{1}},
		"in the last row":                  {head + lines(3) + "Bob,077,\"x", 5, []int{4}},
		"in the last row, with line end":   {head + lines(3) + "Bob,077,\"x\r\n", 5, []int{4}},
		"in the first row":                 {"Name,\"Mobile,City\n" + lines(5), 6, []int{0}},
		"Windows line ends":                {strings.ReplaceAll(head+"Bob,\"077,x\n"+lines(50), "\n", "\r\n"), 52, []int{1}},
		"old line ends":                    {strings.ReplaceAll(head+"Bob,\"077,x\n"+lines(50), "\n", "\r"), 52, []int{1}},
		"every cell quoted":                {head + "\"Bob\",\"077\",\"London\n\"Ann\",\"078\",\"Paris\"\n\"Al\",\"079\",\"\"\n", 4, []int{1}},
		"before a quoted cell":             {head + "Bob,\"077,x\nAnn,\"078\",\"Smith, Jr\"\n", 3, []int{1}},
		"closed far below":                 {head + lines(3) + "Bob,\"077,x\n" + lines(9000) + "Al,Smith\",077\n" + lines(3), 9009, []int{4}},
		"closed far below, too wide":       {head + lines(3) + "Bob,\"077,x\n" + strings.Repeat("a,b\n", 50) + "Al,Smith\",077,x\n", 56, []int{4}},
		"closed far below, in one column":  {"Mobile\n\"07700900123\n" + strings.Repeat("07700900124\n", 20) + "07700900125\"\n", 23, []int{1}},
		"one mark in each row":             {strings.Repeat("Bob,077,\"x\n", 3000), 3000, nil},
		"nothing but marks":                {strings.Repeat("\"\"\"\n", 1001), 501, []int{500}},
		"several lines":                    {head + "Bob,077,\"a\nb\r\nc\"\n\"two\nlines\",077,\"x\ny\"\n", 3, []int{}},
		"several lines with pairs":         {head + "Bob,077,\"a\n\"\"b\"\"\n\"\"\"\n\"\"\"\n\"\"\",077,\n", 3, []int{}},
		"several lines, last cell empty":   {head + "Bob,077,\"a,\nb,\nc\nd,e,f\n\"\n", 2, []int{}},
		"a large cell":                     {head + "Bob,077,\"" + long + "\"\n" + lines(3), 5, []int{}},
		"a number between two such cells":  {head + "\"Bob\nSmith\",07700900123,\"a\nb\"\n", 2, []int{}},
		"marks in the middle":              {head + "5\" pipe,077,the \"man\n\"Nick\" Smith,077,x\n\"Nick \"the man\" Smith\",077,x\n", 4, []int{}},
		"a mark in the middle of a text":   {head + "Bob,077,\"a\nsays \"hi, there\n\"\n", 2, []int{}},
	} {
		rows, damaged, err := contact.CutCSV(c.file, ',', 1<<16, 1<<20)
		var at []int
		for i, d := range damaged {
			if d {
				at = append(at, i)
			}
		}
		if c.damaged == nil { // every row but perhaps the last
			c.damaged = at
			if len(at) < len(rows)-1 {
				t.Errorf("%s: only %d of %d", name, len(at), len(rows))
			}
		}
		if err != nil || len(rows) != c.rows || !slices.Equal(at, c.damaged) {
			t.Errorf("%s: %d rows, damaged %v, %v", name, len(rows), at, err)
		}
	}
}

// Proves CL9: the damaged row has its verdict, the rows around it theirs, and the page says beforehand what is wrong.
func TestImportsAroundUnclosedQuotes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db)
		k.work(t)
		im := k.upload(t, "people.csv", "Name,Mobile,City\n"+lines(200)+"Bob,\"07700901000,x\n"+lines(400)[len(lines(200)):]+"Al,Smith\",07700901001\n"+lines(410)[len(lines(400)):])
		if im.Rows != 412 || len(im.About.Notes) != 1 || !strings.Contains(im.About.Notes[0], "row 202") {
			t.Fatalf("%+v", im)
		}
		k.start(t, im)
		p := k.done(t, im.ID)
		if fmt.Sprint(p.Counts) != "map[imported:410 invalid:2 skipped:0 unsubscribed:0 updated:0]" {
			t.Errorf("%v", p.Counts)
		}
		report := k.report(t, im.ID)
		if len(report) != 412 || !strings.HasPrefix(report["202"], "invalid A quotation mark is opened and not closed") || !strings.HasPrefix(report["203"], "imported") {
			t.Errorf("%d rows, %q %q", len(report), report["202"], report["203"])
		}
	})
}

// A table that a program writes as it should is read as it was written, whatever its cells hold; rows of nothing but blanks are
// none.
func TestReadsWhatIsWritten(t *testing.T) {
	cell := rapid.StringOf(rapid.RuneFrom([]rune("ab,;\"\n é")))
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, 4).Draw(t, "width")
		want := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 1, 20).Draw(t, "rows")
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.WriteAll(want)
		want = slices.DeleteFunc(want, func(r []string) bool { return strings.TrimSpace(strings.Join(r, "")) == "" })
		rows, damaged, err := contact.CutCSV(b.String(), ',', rapid.IntRange(1, 100).Draw(t, "size"), 1<<20)
		if err != nil || slices.Contains(damaged, true) || len(rows) != len(want) || len(rows) > 0 && fmt.Sprintf("%q", rows) != fmt.Sprintf("%q", want) {
			t.Fatalf("%q\n%q\n%v %v", want, rows, damaged, err)
		}
	})
}

// Reading costs the same however a stranger sets the marks: nothing is gone over many times.
func TestMarksCostNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, piece := range []string{"\"a\n", "\"\"\"a\n", "\"a \"\n", "a,\"b\nc\",\"\n", "\"\n\n", "x\"\"\n\"y\n", strings.Repeat(",\"", 50) + "\n"} {
		var b strings.Builder
		for b.Len() < 4<<20 {
			b.WriteString(piece)
			if r.IntN(1000) == 0 {
				b.WriteByte('"')
			}
		}
		if _, _, err := contact.CutCSV(b.String(), ',', 4096, 1<<20); err != nil {
			t.Errorf("%q: %v", piece, err)
		}
	}
}

// FuzzCSV reads a stranger's file in reads of different sizes: always the same rows, no line in a damaged one, and each
// line of the file in exactly one row.
func FuzzCSV(f *testing.F) {
	f.Add("Name,Mobile\nBob,\"077\nAnn,078\n", byte(','), uint8(3), uint16(100))
	f.Add("a;\"b\r\nc\"\"d\";\r\"\n\"", byte(';'), uint8(1), uint16(20))
	f.Fuzz(func(t *testing.T, file string, sep byte, size uint8, most uint16) {
		if sep == '"' || sep == '\n' || sep == '\r' || most < 4 {
			return
		}
		rows, damaged, err := contact.CutCSV(file, sep, 1<<20, int(most))
		again, damagedAgain, e := contact.CutCSV(file, sep, int(size), int(most))
		if fmt.Sprintf("%q %v %v", rows, damaged, err) != fmt.Sprintf("%q %v %v", again, damagedAgain, e) {
			t.Fatalf("%q %v %v\n%q %v %v", rows, damaged, err, again, damagedAgain, e)
		}
		for i, r := range rows {
			if len(r) == 0 || damaged[i] && strings.ContainsAny(strings.Join(r, ""), "\r\n") {
				t.Fatalf("%q %v", r, damaged[i])
			}
		}
	})
}
