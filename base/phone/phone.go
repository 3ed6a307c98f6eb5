// Package phone reads phone numbers as people write them and keeps one spelling of each: E.164 (ITU-T E.164, at most
// 15 digits after the plus sign). Limits and uniqueness are keyed on that spelling, so that twelve ways to write a
// number are one number (security.md B18).
package phone

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"watchword/base/problem"
)

// Field is the name of the form field that errors point at.
const Field = "phone"

// maxInput bounds what is looked at, in octets: the longest number with every sort of decoration is far below it.
const maxInput = 100

// Number is one phone number. The zero value is no number.
type Number struct {
	E164    string // "+447700900123"
	Country string // two letters (ISO 3166-1), or "001" for numbers of no country
}

// Parse reads a number written in the country's own way or internationally. country is two letters and says how to
// read a number without a country code; it may be empty. What could not exist is refused with a field error; numbers of
// ranges kept for fiction and of ranges newer than our tables are accepted.
func Parse(input, country string) (Number, error) {
	if len(input) > maxInput {
		return Number{}, refuse("too_long", "Enter a phone number of at most 15 digits.")
	}
	key := readKey{input, country}
	if n, ok := readBefore.get(key); ok {
		return n, nil
	}
	n, err := read(input, country)
	if err == nil {
		readBefore.put(key, n)
	}
	return n, err
}

func read(input, country string) (Number, error) {
	text, err := clean(input)
	if err != nil {
		return Number{}, err
	}
	country = strings.ToUpper(country)
	var possible *phonenumbers.PhoneNumber
	verdict := phonenumbers.INVALID_COUNTRY_CODE
	for i, c := range spellings(text, input) {
		n, err := phonenumbers.Parse(c, country)
		if err != nil {
			continue
		}
		v := phonenumbers.IsPossibleNumberWithReason(n)
		if v == phonenumbers.IS_POSSIBLE {
			// Valid is: of a region, and right for it. The region is the costly part, and it is needed afterwards.
			if region := phonenumbers.GetRegionCodeForNumber(n); region != "" && phonenumbers.IsValidNumberForRegion(n, region) {
				return remembered(n, region), nil
			}
		}
		if v == phonenumbers.IS_POSSIBLE && possible == nil {
			possible = n
		}
		if i == 0 {
			verdict = v
		}
	}
	if possible != nil {
		return remembered(possible, ""), nil
	}
	return Number{}, explain(text, country, verdict)
}

// ParseMobile is Parse for numbers that a code is to be sent to: lines that take no texts, or take them at a price
// that somebody else earns, are refused too (security.md B1).
func ParseMobile(input, country string) (Number, error) {
	n, err := Parse(input, country)
	if err != nil {
		return n, err
	}
	if !n.CanReceiveSMS() {
		return n, refuse("not_mobile", "Enter a mobile number: this one cannot receive our texts.")
	}
	return n, nil
}

// spellings are the ways to read the text, likeliest first. A leading space before a digit is a plus sign that a form
// or a URL decoded.
func spellings(text, raw string) []string {
	if strings.HasPrefix(text, "+") {
		return []string{text}
	}
	out := []string{text}
	if rest, ok := strings.CutPrefix(text, "00"); ok {
		out = append(out, "+"+rest)
	}
	plus := "+" + text
	if strings.HasPrefix(raw, " ") && len(text) >= 10 {
		return append([]string{plus}, out...)
	}
	return append(out, plus)
}

// clean keeps a leading plus sign and the digits, in whichever script they were written, and refuses everything that
// is neither a digit nor decoration.
func clean(input string) (string, error) {
	if !utf8.ValidString(input) {
		return "", refuse("not_a_number", "Enter a phone number in digits, like 07700 900 123 or +44 7700 900 123.")
	}
	var b strings.Builder
	for _, r := range input {
		switch {
		case unicode.Is(unicode.Nd, r):
			b.WriteByte(digit(r))
		case (r == '+' || r == '＋' || r == '﹢') && b.Len() == 0:
			b.WriteByte('+')
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), unicode.Is(unicode.Cf, r), strings.ContainsRune(".·•()[]（）/−~⁓∼～．", r):
		default:
			return "", refuse("not_a_number", "Enter a phone number in digits, like 07700 900 123 or +44 7700 900 123.")
		}
	}
	s := b.String()
	if s == "" || s == "+" {
		return "", refuse("missing", "Enter a phone number.")
	}
	// "+44 (0)7700…" and "+0044…": the trunk zero is the parser's business, a doubled prefix is ours.
	if rest, ok := strings.CutPrefix(s, "+00"); ok {
		s = "+" + rest
	}
	return s, nil
}

// digit is the value of a decimal digit of any script: they stand in runs of ten, zero first (Unicode Standard §4.6),
// and every range of the table is made of whole runs.
func digit(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	return '0'
}

func number(n *phonenumbers.PhoneNumber, country string) Number {
	if country == "" {
		country = phonenumbers.GetRegionCodeForNumber(n)
	}
	if country == "" { // a range that several countries might own: name the one the calling code belongs to first
		country = phonenumbers.GetRegionCodeForCountryCode(int(n.GetCountryCode()))
	}
	return Number{E164: phonenumbers.Format(n, phonenumbers.E164), Country: country}
}

// remembered is number, and keeps the library's form, because whoever reads a number mostly shows it next.
func remembered(p *phonenumbers.PhoneNumber, country string) Number {
	n := number(p, country)
	parsedBefore.put(n.E164, p)
	return n
}

// parsed is the library's form of a number that Parse made; nil when the value was made up otherwise.
func (n Number) parsed() *phonenumbers.PhoneNumber {
	if p, ok := parsedBefore.get(n.E164); ok {
		return p
	}
	p, err := phonenumbers.Parse(n.E164, "")
	if err != nil {
		return nil
	}
	return p
}

// CanReceiveSMS says whether a code may go there: mobile numbers, numbers of which nobody can say more (fiction, new
// ranges, North America), but no fixed, premium, free-phone, shared-cost, personal, pager or internet lines.
func (n Number) CanReceiveSMS() bool {
	p := n.parsed()
	if p == nil {
		return false
	}
	switch phonenumbers.GetNumberType(p) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE, phonenumbers.UNKNOWN:
		return true
	}
	return false
}

// Prefix is the country code and the next digits, seven in all, by which unanswered sends are limited (decisions 19).
func (n Number) Prefix() string {
	d := strings.TrimPrefix(n.E164, "+")
	return d[:min(7, len(d))]
}

func refuse(code, message string) error {
	return problem.AtField(Field, "phone_"+code, message)
}

func explain(text, country string, v phonenumbers.ValidationResult) error {
	switch v {
	case phonenumbers.TOO_SHORT, phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return refuse("too_short", "Check the phone number: some digits are missing.")
	case phonenumbers.TOO_LONG:
		return refuse("too_long", "Check the phone number: it has too many digits.")
	case phonenumbers.INVALID_LENGTH:
		return refuse("wrong_length", "Check the phone number: no number there has this many digits.")
	}
	if !strings.HasPrefix(text, "+") && !known(country) {
		return refuse("no_country", "Choose the country of the phone number, or begin it with + and the country code.")
	}
	return refuse("unknown_country", "Check the country code of the phone number: no country has it.")
}
