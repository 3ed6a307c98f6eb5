package contact_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"watchword/base/phone"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/messaging/contact"
)

func utf16Of(s string, big, mark bool) string {
	var b []byte
	if mark {
		s = "\ufeff" + s
	}
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func excel(t testing.TB, rows [][]any) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Proves CL6: every encoding, separator and line end that spreadsheets write gives the same rows.
func TestReadsEveryKindOfFile(t *testing.T) {
	want := [][]string{{"Prénom", "Téléphone", "Notes"}, {"Émile", "+447700900123", "a, b; \"c\"\nd"}, {"Zoë", "07700 900124", ""}}
	plain := "Prénom,Téléphone,Notes\r\nÉmile,+447700900123,\"a, b; \"\"c\"\"\nd\"\r\nZoë,07700 900124,"
	semi := strings.NewReplacer("Prénom,Téléphone,Notes", "Prénom;Téléphone;Notes", "Émile,+447700900123,", "Émile;+447700900123;", "Zoë,07700 900124,", "Zoë;07700 900124;").Replace(plain)
	windows := strings.NewReplacer("é", "\xe9", "É", "\xc9", "ë", "\xeb").Replace(semi)
	for name, c := range map[string]struct{ file, format, encoding, separator string }{
		"plain":         {plain, "CSV", "UTF-8", ","},
		"mark":          {"\ufeff" + plain, "CSV", "UTF-8", ","},
		"semicolons":    {semi, "CSV", "UTF-8", ";"},
		"tabs":          {strings.NewReplacer(";\"", "\t\"", "Prénom;Téléphone;", "Prénom\tTéléphone\t", "Émile;", "Émile\t", "Zoë;", "Zoë\t", "0124;", "0124\t").Replace(semi), "CSV", "UTF-8", "tab"},
		"bars":          {strings.NewReplacer(";\"", "|\"", "Prénom;Téléphone;", "Prénom|Téléphone|", "Émile;", "Émile|", "Zoë;", "Zoë|", "0124;", "0124|").Replace(semi), "CSV", "UTF-8", "|"},
		"said":          {"sep=;\r\n" + semi, "CSV", "UTF-8", ";"},
		"old line ends": {strings.ReplaceAll(plain, "\r\n", "\r"), "CSV", "UTF-8", ","},
		"little end":    {utf16Of(semi, false, true), "CSV", "UTF-16", ";"},
		"big end":       {utf16Of(semi, true, true), "CSV", "UTF-16", ";"},
		"little, bare":  {utf16Of(semi, false, false), "CSV", "UTF-16", ";"},
		"Windows":       {windows, "CSV", "Windows-1252", ";"},
		"Excel":         {excel(t, [][]any{{"Prénom", "Téléphone", "Notes"}, {"Émile", "+447700900123", "a, b; \"c\"\nd"}, {}, {"Zoë", "07700 900124", ""}}), "Excel", "UTF-8", ""},
	} {
		rows, lines, format, encoding, separator, err := contact.ReadAll(strings.NewReader(c.file))
		for i := range rows {
			for len(rows[i]) < 3 {
				rows[i] = append(rows[i], "")
			}
		}
		if err != nil || fmt.Sprintf("%q", rows) != fmt.Sprintf("%q", want) || format != c.format || encoding != c.encoding || separator != c.separator {
			t.Errorf("%s: %q %s %s %q %v", name, rows, format, encoding, separator, err)
		}
		if name == "Excel" && fmt.Sprint(lines) != "[1 2 4]" || name == "said" && fmt.Sprint(lines) != "[2 3 4]" {
			t.Errorf("%s: lines %v", name, lines)
		}
	}
	// A letter of Windows that comes late is read as one.
	late, _, _, _, _, err := contact.ReadAll(strings.NewReader(strings.Repeat("a;b;c\n", 30000) + windows))
	if err != nil || len(late) != 30003 || late[30001][0] != "Émile" {
		t.Errorf("%d rows, %v", len(late), err)
	}
	// Whatever the size of the reads, the rows are the same.
	for size := range 7 {
		rows, _, err := contact.CutCSV(plain, ',', size, 1<<20)
		if err != nil || fmt.Sprintf("%q", rows) != fmt.Sprintf("%q", want) {
			t.Errorf("%d: %q %v", size, rows, err)
		}
	}
}

// Proves CL6: numbers as Excel keeps them are numbers again.
func TestExcelNumbers(t *testing.T) {
	rows, _, _, _, _, err := contact.ReadAll(strings.NewReader(excel(t, [][]any{{"Mobile"}, {447700900123}, {float64(7700900123)}, {6.14e10}})))
	if err != nil || len(rows) != 4 {
		t.Fatal(rows, err)
	}
	for i, want := range []string{"447700900123", "7700900123"} {
		if s, lost := contact.Spread(rows[i+1][0]); s != want || lost {
			t.Errorf("%q became %q", rows[i+1][0], s)
		}
	}
}

// Proves CL6, CL7: files that are none, are too large or broken are refused in words, and nothing of them is kept.
func TestRefusesOtherFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKit(t, db, func(s *contact.Settings) { s.MaxFile, s.MaxRows = 1<<20, 1000 })
		good := excel(t, [][]any{{"Mobile"}, {"+447700900123"}})
		for code, file := range map[string]io.Reader{
			"file_empty":       strings.NewReader(""),
			"file_unknown":     strings.NewReader("%PDF-1.7 and more"),
			"file_old_excel":   strings.NewReader("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"),
			"excel_unreadable": strings.NewReader(good[:len(good)/2]),
			"file_too_large":   io.LimitReader(endless("Mobile\n+447700900123,"+strings.Repeat("x", 5000)+"\n"), 1<<31),
			"too_many_rows":    io.LimitReader(endless("+447700900123\n"), 1<<19),
			"file_incomplete":  io.MultiReader(strings.NewReader("Mobile\n+447700900123\n"), failing{}),
			"row_too_long":     strings.NewReader("Mobile\n\"+447700900123" + strings.Repeat("x", 1<<20-100)),
		} {
			_, err := k.room.Upload(ctx, db, k.ana, k.org, "x", file)
			if code == "row_too_long" && err == nil {
				continue // just short enough
			}
			is(t, err, code)
		}
		_, err := k.room.Upload(ctx, db, k.ana, k.org, "x", strings.NewReader("\n\n ,\n"[:2]))
		is(t, err, "file_empty")
		list, err := k.room.Imports(ctx, db, k.ana, k.org)
		if err != nil || len(list) > 1 {
			t.Fatal(len(list), err)
		}
	})
}

type endless string

func (e endless) Read(b []byte) (int, error) { return copy(b, e), nil }

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// Proves CL7: headings in six languages, doubled and missing ones, and files without any.
func TestGuessesColumns(t *testing.T) {
	for head, want := range map[string]string{
		"First Name,Surname,Mobile,E-mail":         "[first_name last_name number email]",
		"Vorname;Nachname;Handynummer;E-Mail":      "[first_name last_name number email]",
		"Prénom;Nom;N° tél;Téléphone portable":     "[first_name last_name field:N° tél number]",
		"Nombre;Apellidos;Móvil;Correo":            "[first_name last_name number email]",
		"Nome;Cognome;Cellulare;Posta elettronica": "[first_name last_name number email]",
		"Nome;Apelido;Telemóvel;Notas":             "[first_name last_name number notes]",
		"Phone,Phone,Name,Export":                  "[number field:Phone name ]",
	} {
		a, err := contact.Guess(strings.NewReader(head + "\nAna,07700900123\n"))
		if err != nil || fmt.Sprint(a.Guess.Columns) != want || !a.Guess.Header {
			t.Errorf("%s: %q %v", head, a.Guess.Columns, err)
		}
	}
	a, err := contact.Guess(strings.NewReader("Ana,+447700900123,ana@example.com\nBob,6.14E+10,bob@example.com\n"))
	if err != nil || a.Guess.Header || fmt.Sprint(a.Guess.Columns) != "[ number email]" || len(a.Notes) != 1 || len(a.Sample) != 2 {
		t.Errorf("%+v %v", a, err)
	}
}

// Whatever is read the quick way is what the full tables say; and the keys of runs sort as the numbers do.
func TestQuickNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	countries := []string{"GB", "US", "CA", "AU", "NZ", "IE", "DE", "AT", "CH", "FR", "BE", "NL", "ES", "PT", "IT", "IN", "ZA", "", "BR"}
	codes := []string{"44", "1", "61", "64", "353", "49", "43", "41", "33", "32", "31", "34", "351", "39", "91", "27"}
	mobiles := []string{"44 7", "61 4", "49 151", "49 17", "33 6", "34 6", "351 91", "39 33", "1 2", "1 7", "27 8", "91 9", "31 61", "32 47", "41 79", "43 664", "353 87", "64 21"}
	took := 0
	for range 30_000 {
		country := countries[r.IntN(len(countries))]
		digits := fmt.Sprintf("%d", 1_000_000+r.Int64N(100_000_000_000))
		s := []string{"+" + codes[r.IntN(len(codes))] + digits, "0" + digits, digits, "00" + codes[r.IntN(len(codes))] + digits, codes[r.IntN(len(codes))] + digits}[r.IntN(5)]
		if r.IntN(2) == 0 {
			code, begin, _ := strings.Cut(mobiles[r.IntN(len(mobiles))], " ")
			digits = begin + fmt.Sprint(100_000_000_000 + r.Int64N(100_000_000_000))[1:][:5+r.IntN(5)]
			s = []string{"+" + code + digits, "0" + digits, digits, "00" + code + digits, code + digits}[r.IntN(5)]
		}
		if r.IntN(3) == 0 {
			s = s[:4] + " " + s[4:]
		}
		q, ok := contact.Quick(s, country)
		if !ok {
			continue
		}
		took++
		full, err := phone.Parse(s, country)
		if err != nil || full.E164 != q {
			t.Errorf("%q in %q: quick %s, full %s %v", s, country, q, full.E164, err)
		}
	}
	if took < 1000 {
		t.Errorf("only %d numbers were quick", took)
	}
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`\+[1-9][0-9]{6,14}`)
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		if order, back := contact.NumberKeys(a, b); order != strings.Compare(a, b) || back != a {
			t.Fatalf("%s %s: %d %s", a, b, order, back)
		}
	})
}

// What is stored is read back, whatever it is; and a cell that was guarded comes back as it was, and is no formula.
func TestCoding(t *testing.T) {
	text := rapid.StringOf(rapid.RuneFrom([]rune("aé\"\\\n\t,'=+-@\x01\u2028𝄞 ")))
	rapid.Check(t, func(t *rapid.T) {
		var entries []string
		for _, e := range rapid.SliceOf(rapid.String()).Draw(t, "entries") {
			entries = append(entries, e)
		}
		slices.Sort(entries)
		if err := contact.Coding(text.Draw(t, "first"), text.Draw(t, "last"), text.Draw(t, "email"), text.Draw(t, "notes"),
			rapid.SliceOf(text).Draw(t, "fields"), rapid.SliceOf(rapid.Int64Range(1, 1<<50)).Draw(t, "lists"), entries); err != nil {
			t.Fatal(err)
		}
		s := text.Draw(t, "cell")
		g := contact.GuardCell(s)
		if contact.Unguard(g) != s || g != "" && strings.ContainsRune("=+-@\t\r\n", rune(g[0])) {
			t.Fatalf("%q became %q", s, g)
		}
	})
}

// Strangers' files: no panic, no row without cells, every cell text, and nothing read twice.
func FuzzFile(f *testing.F) {
	f.Add([]byte("Mobile;Name\n07700900123;\"Ana\nSilva\"\n"))
	f.Add([]byte("\xff\xfeM\x00o\x00\n\x00"))
	f.Add([]byte("sep=|\na|b\n\"c\"\"d|e"))
	f.Add([]byte("PK\x03\x04 not really"))
	f.Add([]byte("a\xe9,b\x00\r\r\n\"\"\""))
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<16 {
			return
		}
		rows, lines, format, _, _, err := contact.ReadAll(bytes.NewReader(file))
		if err != nil {
			return
		}
		for i, r := range rows {
			if len(r) == 0 || i > 0 && lines[i] <= lines[i-1] {
				t.Fatal(r, lines)
			}
			for _, c := range r {
				if !utf8.ValidString(c) {
					t.Fatalf("%q in %s", c, format)
				}
			}
		}
		if _, err := contact.Guess(bytes.NewReader(file)); err != nil {
			t.Fatal(err)
		}
	})
}

// What is kept of an import may be damaged: it is refused, not run over.
func FuzzPieces(f *testing.F) {
	f.Add([]byte(`["a","b","c","d",["e","f"],[1,2],3,4]`))
	f.Add([]byte{0, 0, 2, 1, 1, 3, 'a', 'b', 'c'})
	f.Fuzz(func(t *testing.T, data []byte) { contact.Decode(data) })
}
