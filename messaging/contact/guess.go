package contact

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// headings are what columns are called in six languages, folded.
var headings = func() map[string]Column {
	m := map[string]Column{}
	for c, list := range map[Column]string{
		ColNumber: "number,phone,phone number,mobile,mobile number,mobile phone,cell,cell phone,telephone,tel,msisdn,sms,whatsapp,contact number,phone 1 - value," +
			"nummer,telefon,telefonnummer,handy,handynummer,mobil,mobilnummer,mobiltelefon,rufnummer," +
			"numero,numero de telephone,telephone portable,portable,numero de portable,mobile portable,tel portable," +
			"telefono,movil,telefono movil,numero de telefono,celular,numero de movil," +
			"cellulare,numero di telefono,telefono cellulare,numero cellulare," +
			"telemovel,numero de telemovel,telefone,numero de telefone,n.o de telemovel",
		ColFirst:  "first name,firstname,first,given name,forename,fname,vorname,prenom,nombre,nome,nome proprio,primeiro nome",
		ColLast:   "last name,lastname,last,surname,family name,lname,nachname,familienname,nom,nom de famille,apellido,apellidos,cognome,apelido,sobrenome,ultimo nome",
		ColName:   "name,full name,fullname,contact,contact name,display name,nom complet,nombre completo,nome completo,nome e cognome,vollstandiger name",
		ColEmail:  "email,e-mail,mail,email address,e-mail address,e-mail-adresse,mailadresse,adresse e-mail,adresse mail,courriel,correo,correo electronico,indirizzo email,indirizzo e-mail,posta elettronica,endereco de email,endereco de e-mail,correio eletronico",
		ColOptOut: "opted out,opted-out,opt-out,opt out,opted_out,optout,unsubscribed,abgemeldet,desabonne,desinscrit,dado de baja,disiscritto,cancelou a subscricao",
		ColNotes:  "notes,note,comment,comments,remarks,notizen,notiz,bemerkung,kommentar,remarque,remarques,commentaire,notas,observaciones,comentario,osservazioni,observacoes",
	} {
		for h := range strings.SplitSeq(list, ",") {
			m[h] = c
		}
	}
	for _, c := range outOnly {
		m[fold(Title(c))] = c
	}
	return m
}()

// titled are what an export calls its columns, folded.
var titled = func() map[string]Column {
	m := map[string]Column{}
	for _, c := range exportable {
		m[fold(Title(c))] = c
	}
	return m
}()

// outOnly are columns of an export that cannot come in.
var outOnly = []Column{ColLists, ColCreated, ColUpdated}

// Watermark heads the last column of an export, which says in every row which export it was.
const Watermark = "Export"

// marked says whether the file was taken out here, as it was written.
func (l *looker) marked() bool {
	end := len(l.rows[0]) - 1
	if end < 1 || l.rows[0][end] != Watermark {
		return false
	}
	bear := func(mark bool) bool {
		return slices.ContainsFunc(l.rows[1:], func(r []string) bool { return len(r) > end && isMark(r[end]) == mark })
	}
	return bear(true) && !bear(false)
}

// byHeading finds what the first row says; each thing is held by one column. A further field may be called like anything
// else, so in a file taken out here only our own titles count, where they first stand.
func (l *looker) byHeading(columns []Column) {
	known := headings
	if l.marked() {
		known = titled
	}
	for i, c := range l.rows[0][:min(len(l.rows[0]), len(columns))] {
		if h, ok := known[fold(c)]; ok && !slices.Contains(columns, h) {
			columns[i] = h
		}
	}
}

// further makes further fields of the columns that nothing is known of. Each has its own name, or that of the column when
// another one has it already.
func (l *looker) further(columns []Column, names []string) {
	for i, c := range columns {
		if c != Ignored || i >= len(l.rows[0]) || l.rows[0][i] == Watermark && (i == len(l.rows[0])-1 || !l.marked()) {
			continue
		}
		own, code := cleanText(unguard(l.rows[0][i]), MaxFieldName, false)
		if code != "" || own == "" {
			continue
		}
		for _, name := range []string{own, names[i]} {
			if f := Field(name); utf8.RuneCountInString(name) <= MaxFieldName && !slices.Contains(columns, f) {
				columns[i] = f
				break
			}
		}
	}
}

// leaveOut takes away what an export writes and an import cannot set, and says so.
func leaveOut(columns []Column) (notes []string) {
	var names []string
	for i, c := range columns {
		if slices.Contains(outOnly, c) {
			columns[i] = Ignored
			names = append(names, "“"+Title(c)+"”")
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []string{"Left out, since an import cannot set them: " + strings.Join(names, ", ") + ". Choose below which list everybody joins."}
}

// looker sees the rows of a file and guesses from the first ones what its columns are.
type looker struct {
	rows    [][]string
	damaged int64
	first   int64 // line of the first damaged row
}

const lookAt = 50 // rows

func (l *looker) see(row fileRow) {
	if row.damaged {
		if l.damaged++; l.damaged == 1 {
			l.first = row.line
		}
		if len(l.rows) > 0 {
			return // its cells may be cut at any place
		}
	}
	if len(l.rows) < lookAt {
		l.rows = append(l.rows, append([]string(nil), row.cells...))
	}
}

// about is what there is to say of a file.
func (l *looker) about(s *source) About {
	a := About{Format: s.format, Encoding: s.encoding, Separator: s.separator, Guess: Mapping{Duplicates: Skip}}
	if len(l.rows) == 0 {
		return a
	}
	a.Guess.Header = l.header()
	body, width := l.rows, 0
	if a.Guess.Header {
		body, width = l.rows[1:], len(l.rows[0]) // a row with more cells is a mistake, told for that row
	}
	for _, r := range body {
		if !a.Guess.Header {
			width = max(width, len(r))
		}
	}
	width = min(width, maxColumns)
	a.Columns, a.Notes = l.names(width, a.Guess.Header)
	a.Guess.Columns = make([]Column, width)
	if a.Guess.Header {
		l.byHeading(a.Guess.Columns)
	}
	l.byContent(a.Guess.Columns, body)
	if a.Guess.Header {
		l.further(a.Guess.Columns, a.Columns)
	}
	a.Notes = append(a.Notes, leaveOut(a.Guess.Columns)...)
	if s.note != "" {
		a.Notes = append(a.Notes, s.note)
	}
	if !slices.Contains(a.Guess.Columns, ColNumber) {
		a.Notes = append(a.Notes, "No column looks like mobile numbers. Choose which one holds them; without one nothing can be imported.")
	}
	if slices.ContainsFunc(body, func(r []string) bool { return slices.ContainsFunc(r, lostDigits) }) {
		a.Notes = append(a.Notes, "A spreadsheet has shortened numbers, like 6.14E+10: those rows cannot be imported. Format the column as text and save the file anew.")
	}
	switch {
	case l.damaged == 1:
		a.Notes = append(a.Notes, fmt.Sprintf("A quotation mark is opened and not closed in row %d. That row cannot be imported, the others can.", l.first))
	case l.damaged > 1:
		a.Notes = append(a.Notes, fmt.Sprintf("A quotation mark is opened and not closed in %d rows, first in row %d. Those rows cannot be imported, the others can.", l.damaged, l.first))
	}
	a.Sample = make([][]string, 0, SampleRows)
	for _, r := range body[:min(SampleRows, len(body))] {
		row := make([]string, width)
		for i, c := range r[:min(len(r), width)] {
			if row[i] = c; len(c) > 200 {
				row[i] = strings.ToValidUTF8(c[:200], "") + "…"
			}
		}
		a.Sample = append(a.Sample, row)
	}
	return a
}

func lostDigits(cell string) bool {
	_, lost := unspread(strings.TrimSpace(cell))
	return lost
}

// numeric says that a cell looks like a phone number.
func numeric(cell string) bool {
	digits := 0
	for _, r := range strings.TrimPrefix(strings.TrimSpace(cell), "'") {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+ -./()\u00a0", r):
			return lostDigits(cell)
		}
	}
	return digits >= 7 && digits <= 17
}

// header says whether the first row names the columns: it holds a known heading, or nothing that only rows hold while
// others do.
func (l *looker) header() bool {
	if l.marked() {
		return true
	}
	for _, c := range l.rows[0] {
		if numeric(c) || strings.Contains(c, "@") {
			return false
		}
	}
	for _, c := range l.rows[0] {
		if _, ok := headings[fold(c)]; ok {
			return true
		}
	}
	return slices.ContainsFunc(l.rows[1:], func(r []string) bool { return slices.ContainsFunc(r, numeric) })
}

// names calls every column something, no two the same.
func (l *looker) names(width int, header bool) (out, notes []string) {
	seen := map[string]int{}
	for i := range width {
		name := ""
		if header && i < len(l.rows[0]) {
			name, _ = cleanText(unguard(l.rows[0][i]), 200, false)
		}
		if name == "" {
			name = "Column " + letters(i)
		}
		seen[name]++
		if n := seen[name]; n > 1 {
			notes = append(notes, fmt.Sprintf("More than one column is called “%s”. Look which one is meant.", name))
			name = fmt.Sprintf("%s %d", name, n)
			seen[name]++
		}
		out = append(out, name)
	}
	return out, slices.Compact(notes)
}

// letters name a column as spreadsheets do.
func letters(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return letters(i/26-1) + string(rune('A'+i%26))
}

// byContent finds the number and the address where no heading told.
func (l *looker) byContent(columns []Column, body [][]string) {
	for _, want := range []struct {
		column Column
		looks  func(string) bool
	}{{ColNumber, numeric}, {ColEmail, func(c string) bool {
		_, code := cleanEmail(c)
		return c != "" && code == "" && strings.Contains(c, "@")
	}}} {
		if slices.Contains(columns, want.column) {
			continue
		}
		best, most := -1, 0
		for i := range columns {
			n := 0
			for _, r := range body {
				if columns[i] == Ignored && i < len(r) && want.looks(r[i]) {
					n++
				}
			}
			if n > most {
				best, most = i, n
			}
		}
		if best >= 0 && most*2 > len(body) {
			columns[best] = want.column
		}
	}
}
