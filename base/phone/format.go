package phone

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Format writes the number for people: in the national way when home is its country ("07700 900 123"), else
// internationally ("+44 7700 900 123").
func (n Number) Format(home string) string { return strings.Join(n.groups(home), " ") }

// Masked is Format with the middle hidden: "07700 ••• 123" or "+44 7700 ••• 123". At least three digits are hidden.
func (n Number) Masked(home string) string {
	groups := n.groups(home)
	if len(groups) == 0 {
		return "•••"
	}
	code := ""
	if strings.HasPrefix(groups[0], "+") {
		code, groups = groups[0]+" ", groups[1:]
	}
	digits := onlyDigits(strings.Join(groups, ""))
	if len(digits) < 6 {
		return code + "•••"
	}
	tail := digits[len(digits)-3:]
	if len(groups) < 2 || len(onlyDigits(groups[0]))+6 > len(digits) {
		return code + "••• " + tail
	}
	return code + groups[0] + " ••• " + tail
}

// groups is the number as written, cut where people pause; the first group is "+44" when it is written
// internationally.
func (n Number) groups(home string) []string {
	key := groupKey{n, home}
	g, ok := groupedBefore.get(key)
	if !ok {
		g = n.cut(home)
		groupedBefore.put(key, g)
	}
	return g
}

func (n Number) cut(home string) []string {
	p := n.parsed()
	if p == nil {
		return strings.Fields(n.E164)
	}
	how := phonenumbers.INTERNATIONAL
	if home != "" && strings.EqualFold(home, n.Country) {
		how = phonenumbers.NATIONAL
	}
	g := strings.FieldsFunc(phonenumbers.Format(p, how), func(r rune) bool { return r == ' ' || r == '-' || r == '/' })
	if len(g) == 0 {
		return []string{n.E164}
	}
	if last := g[len(g)-1]; len(last) >= 6 && onlyDigits(last) == last {
		cut := len(last) / 2
		g = append(g[:len(g)-1], last[:cut], last[cut:])
	}
	return g
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// Country is one entry of the select beside a phone field.
type Country struct {
	Code    string // two letters, "GB"
	Name    string // in English, "United Kingdom"
	Calling string // calling code without plus, "44"
}

// Countries lists every country with a calling code, by name.
func Countries() []Country { return countries() }

var countries = sync.OnceValue(func() []Country {
	var out []Country
	for r := range phonenumbers.GetSupportedRegions() {
		out = append(out, Country{r, CountryName(r), strconv.Itoa(phonenumbers.GetCountryCodeForRegion(r))})
	}
	slices.SortFunc(out, func(a, b Country) int { return cmp.Compare(a.Name, b.Name) })
	return out
})

// Calling is the calling code of a country without plus, or "" when there is no such country.
func Calling(country string) string {
	if c := phonenumbers.GetCountryCodeForRegion(strings.ToUpper(country)); c != 0 {
		return strconv.Itoa(c)
	}
	return ""
}

func known(country string) bool { return Calling(country) != "" }

// CountryName is the English name of a country given by two letters, or the letters when there is none.
func CountryName(code string) string {
	r, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	name := display.English.Regions().Name(r)
	if name == "" {
		return code
	}
	return strings.TrimSuffix(name, " SAR China")
}
