package contact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"watchword/base/phone"
	"watchword/base/problem"
)

// Form is what a person fills in for one contact. Errors name the fields number, first_name, last_name, email, notes,
// field:NAME and lists.
type Form struct {
	Number  string
	Country string // two letters, of a number without a country code
	First   string
	Last    string
	Email   string
	Fields  map[string]string // those with an empty value are left out
	Notes   string
	Lists   []ListID
}

// clean makes a form what is stored, or says what must be mended.
func (f Form) clean() (number string, c card, err error) {
	bad := problem.Invalid("contact_invalid", "Check the contact: something must be mended.")
	n, err := phone.Parse(f.Number, f.Country)
	if p := problem.As(err); p != nil {
		for _, x := range p.Fields {
			bad.At("number", x.Code, x.Message)
		}
	} else if err != nil {
		return "", c, err
	}
	for _, x := range []struct {
		field, label, value string
		most                int
		lines               bool
		into                *string
	}{{"first_name", "first name", f.First, MaxName, false, &c.first}, {"last_name", "last name", f.Last, MaxName, false, &c.last},
		{"notes", "notes", f.Notes, MaxNotes, true, &c.notes}} {
		v, code := cleanText(x.value, x.most, x.lines)
		*x.into = v
		if code != "" {
			bad.At(x.field, code, mend(code, x.label))
		}
	}
	var code string
	if c.email, code = cleanEmail(f.Email); code != "" {
		bad.At("email", code, "Enter an email address like name@example.com, or leave it empty.")
	}
	for name, value := range f.Fields {
		k, code1 := cleanText(name, MaxFieldName, false)
		v, code2 := cleanText(value, MaxFieldValue, true)
		switch {
		case k == "" && v == "":
		case k == "" || code1 != "":
			bad.At(FieldPrefix+name, "field_name", "Give the field a name of at most 50 characters.")
		case code2 != "":
			bad.At(FieldPrefix+name, code2, mend(code2, k))
		case v != "":
			c.fields = append(c.fields, pair{k, v})
		}
	}
	c.sortFields()
	if len(c.fields) > MaxFields {
		bad.At("fields", "too_many_fields", "Leave out some fields: a contact has at most 30.")
	}
	return n.E164, c, bad.OrNil()
}

func (c *card) sortFields() {
	slices.SortFunc(c.fields, func(a, b pair) int { return strings.Compare(a.name, b.name) })
}

// mend is the sentence for a code of cleanText.
func mend(code, what string) string {
	if code == "too_long" {
		return "Shorten the " + what + "."
	}
	return "Retype the " + what + ": it holds characters that are no text."
}

// cleanText trims a text and refuses what cannot be stored or shown. The code is "", "too_long" or "not_text".
func cleanText(s string, most int, lines bool) (string, string) {
	simple := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f {
			simple = false
			break
		}
	}
	if simple {
		s = strings.Trim(s, " ")
		if len(s) > most {
			return s, "too_long"
		}
		return s, ""
	}
	if !utf8.ValidString(s) {
		return "", "not_text"
	}
	for _, r := range s {
		if r == '\n' || r == '\r' || r == '\t' {
			continue
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f' || r == utf8.RuneError || r == '\ufeff' {
			return "", "not_text"
		}
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	if !lines {
		s = strings.Join(strings.Fields(s), " ")
	}
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > most {
		return s, "too_long"
	}
	return s, ""
}

// cleanEmail takes an address as it is typed; empty is none. It is not sent to here, so only its shape counts
// (RFC 5321 §4.1.2 in outline).
func cleanEmail(s string) (string, string) {
	s, code := cleanText(s, MaxEmail, false)
	if s == "" || code != "" {
		return s, code
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || at == len(s)-1 || len(s) > MaxEmail || strings.IndexByte(s[at+1:], '.') < 1 || s[len(s)-1] == '.' || strings.ContainsAny(s, " ,;<>()[]\\\"") {
		return s, "email_invalid"
	}
	return s, ""
}
