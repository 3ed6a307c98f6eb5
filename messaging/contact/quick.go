package contact

import (
	"strings"

	"watchword/base/phone"
	"watchword/base/problem"
)

// plan is what quick knows of a country: mobile numbers of these beginnings and lengths are what they look like, and no
// table needs to be asked (ITU-T E.164 national plans). Everything else goes to phone.Parse, which gives the same
// answer for these, only later.
type plan struct {
	country, code, trunk string
	least, most          int      // digits after the country code
	begin                []string // of those digits
}

var plans = []plan{
	{"GB", "44", "0", 10, 10, []string{"71", "72", "73", "74", "75", "77", "78", "79"}},
	{"US", "1", "", 10, 10, []string{"2", "3", "4", "5", "6", "7", "8", "9"}},
	{"CA", "1", "", 10, 10, []string{"2", "3", "4", "5", "6", "7", "8", "9"}},
	{"AU", "61", "0", 9, 9, []string{"4"}},
	{"NZ", "64", "0", 8, 9, []string{"21", "22", "27"}},
	{"IE", "353", "0", 9, 9, []string{"83", "85", "86", "87", "89"}},
	{"DE", "49", "0", 10, 11, []string{"151", "152", "157", "159", "160", "162", "163", "170", "171", "172", "173", "174", "175", "176", "177", "178", "179"}},
	{"AT", "43", "0", 10, 11, []string{"650", "660", "664", "676", "680", "681", "688", "699"}},
	{"CH", "41", "0", 9, 9, []string{"75", "76", "77", "78", "79"}},
	{"FR", "33", "0", 9, 9, []string{"6", "7"}},
	{"BE", "32", "0", 9, 9, []string{"46", "47", "48", "49"}},
	{"NL", "31", "0", 9, 9, []string{"61", "62", "63", "64", "65", "68"}},
	{"ES", "34", "", 9, 9, []string{"6"}},
	{"PT", "351", "", 9, 9, []string{"91", "92", "93", "96"}},
	{"IT", "39", "", 10, 10, []string{"32", "33", "34", "35", "36", "37", "38", "39"}},
	{"IN", "91", "0", 10, 10, []string{"7", "8", "9"}},
	{"ZA", "27", "0", 9, 9, []string{"6", "7", "8"}},
}

// plansBy finds plans by the first digit of the calling code and by country.
var plansByDigit, plansByCountry = func() (d [10][]*plan, c map[string]*plan) {
	c = map[string]*plan{}
	for i := range plans {
		p := &plans[i]
		if p.country != "CA" {
			d[p.code[0]-'0'] = append(d[p.code[0]-'0'], p)
		}
		c[p.country] = p
	}
	return d, c
}()

func (p *plan) fits(digits string) bool {
	if len(digits) < p.least || len(digits) > p.most {
		return false
	}
	for _, b := range p.begin {
		if strings.HasPrefix(digits, b) {
			// North America: the exchange begins with 2 to 9 too.
			return p.code != "1" || digits[3] >= '2'
		}
	}
	return false
}

// quick reads the commonest spellings of the commonest numbers.
func quick(s string, home *plan) (string, bool) {
	var b [20]byte
	n, plus := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if n == len(b) {
				return "", false
			}
			b[n] = c
			n++
		case c == '+' && i == 0:
			plus = true
		case (c == ' ' || c == '-' || c == '.') && n > 0:
		default:
			return "", false
		}
	}
	digits := string(b[:n])
	// Australia and North America dial abroad with other digits.
	if !plus && home != nil && home.code != "61" && home.code != "1" && strings.HasPrefix(digits, "00") {
		plus, digits = true, digits[2:]
	}
	if plus {
		if digits == "" {
			return "", false
		}
		for _, p := range plansByDigit[digits[0]-'0'] {
			if rest, ok := strings.CutPrefix(digits, p.code); ok && p.fits(rest) {
				return "+" + digits, true
			}
		}
		return "", false
	}
	if home == nil {
		return "", false
	}
	if home.trunk != "" {
		if rest, ok := strings.CutPrefix(digits, home.trunk); ok && home.fits(rest) {
			return "+" + home.code + rest, true
		}
	}
	// Where all numbers are of one length, a longer one that begins with the country's code can be nothing else.
	if rest, ok := strings.CutPrefix(digits, home.code); ok && home.trunk != "" && home.least == home.most && home.fits(rest) {
		return "+" + digits, true
	}
	return "", false
}

// reader of numbers of one file.
type numbers struct {
	country string
	home    *plan
}

func newNumbers(country string) numbers {
	return numbers{country, plansByCountry[country]}
}

// read makes a cell E.164, or says what is wrong with it.
func (n numbers) read(cell string) (string, reason) {
	if e, ok := quick(cell, n.home); ok {
		return e, fine
	}
	s := strings.TrimSpace(cell)
	// A spreadsheet's mark of text, and our own guard against formulas.
	s = strings.TrimPrefix(s, "'")
	if len(s) > 3 && s[0] == '=' && s[1] == '"' && s[len(s)-1] == '"' {
		s = s[2 : len(s)-1]
	}
	s, lost := unspread(s)
	if lost {
		return "", shortened
	}
	if s == "" {
		return "", noNumber
	}
	if e, ok := quick(s, n.home); ok {
		return e, fine
	}
	p, err := phone.Parse(s, n.country)
	if err == nil {
		return p.E164, fine
	}
	switch {
	case problem.HasCode(err, "phone_too_short"):
		return "", tooShort
	case problem.HasCode(err, "phone_too_long"):
		return "", tooLong
	case problem.HasCode(err, "phone_wrong_length"):
		return "", wrongLength
	case problem.HasCode(err, "phone_no_country"):
		return "", noCountry
	case problem.HasCode(err, "phone_unknown_country"):
		return "", unknownCountry
	}
	return "", noDigits
}

// unspread takes back what a spreadsheet made of a long number: "447700900123.0", or "4.47700900123E+11" when all digits
// are there. lost says that some are not, as in "4.477E+11".
func unspread(s string) (out string, lost bool) {
	for _, zero := range []string{".0", ".00", ",0", ",00"} {
		if rest, ok := strings.CutSuffix(s, zero); ok && len(rest) > 6 && onlyDigits(rest) {
			return rest, false
		}
	}
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E")
	if !ok {
		return s, false
	}
	mantissa, exponent = strings.TrimPrefix(mantissa, "+"), strings.TrimPrefix(exponent, "+")
	whole, rest, point := strings.Cut(strings.Replace(mantissa, ",", ".", 1), ".")
	if !onlyDigits(exponent) || len(exponent) > 2 || !onlyDigits(whole) || point && !onlyDigits(rest) {
		return s, false
	}
	power := 0
	for _, c := range exponent {
		power = power*10 + int(c-'0')
	}
	if len(whole) != 1 || len(rest) != power {
		return s, true
	}
	return whole + rest, false
}

func onlyDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
