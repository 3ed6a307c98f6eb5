package phone_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"watchword/base/phone"
	"watchword/base/problem"
)

// Proves B18: the spellings of one number are one number.
func TestSpellingsOfOneNumber(t *testing.T) {
	for _, s := range []string{
		"07700 900123", "07700900123", "+447700900123", "+44 7700 900 123", " 447700900123", "00447700900123",
		"0044 (0)7700-900-123", "+44 (0) 7700 900123", "(07700) 900.123", "07700–900–123", "٠٧٧٠٠ ٩٠٠١٢٣",
		"０７７００　９００１２３", "＋４４７７００９００１２３", "447700900123", "7700900123", "\u202a+44 7700\u00a0900123\u202c", "+0044 7700 900123",
		"𝟎𝟕𝟕𝟎𝟎 𝟗𝟎𝟎𝟏𝟐𝟑",
	} {
		n, err := phone.Parse(s, "GB")
		if err != nil || n.E164 != "+447700900123" || n.Country != "GB" || !n.CanReceiveSMS() {
			t.Errorf("%q: %+v, %v", s, n, err)
		}
	}
}

func TestNumbersFromElsewhere(t *testing.T) {
	for _, c := range []struct{ in, country, want string }{
		{"+61491570006", "GB", "+61491570006"},
		{" 61491570006", "GB", "+61491570006"},
		{"0491 570 156", "AU", "+61491570156"},
		{"0011 44 7700 900123", "AU", "+447700900123"},
		{"0044 7700 900123", "US", "+447700900123"},
		{"(555) 555-0123", "us", "+15555550123"},
		{"+1 212 555 0100", "", "+12125550100"},
		{"01512 3456789", "DE", "+4915123456789"},
		{"+39 347 1234567", "GB", "+393471234567"},
	} {
		n, err := phone.Parse(c.in, c.country)
		if err != nil || n.E164 != c.want {
			t.Errorf("%q in %s: %+v, %v", c.in, c.country, n, err)
		}
		again, err := phone.Parse(n.E164, "")
		if err != nil || again != n {
			t.Errorf("%s does not read back: %+v, %v", n.E164, again, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct{ in, country, code string }{
		{"", "GB", "phone_missing"}, {"+", "GB", "phone_missing"}, {" () ", "GB", "phone_missing"},
		{"0770", "GB", "phone_too_short"}, {"0770090012345", "GB", "phone_too_long"},
		{"+999 1234 5678", "GB", "phone_unknown_country"}, {"07700 900123", "", "phone_no_country"},
		{"0800FLOWERS", "GB", "phone_not_a_number"}, {"07700\x00900123", "GB", "phone_not_a_number"}, {"07700 900123;ext=5", "GB", "phone_not_a_number"},
		{"\xff", "GB", "phone_not_a_number"}, {"📱", "GB", "phone_not_a_number"}, {strings.Repeat("1", 1<<20), "GB", "phone_too_long"},
	} {
		_, err := phone.Parse(c.in, c.country)
		if !problem.HasCode(err, c.code) {
			t.Errorf("%.30q: %v, want %s", c.in, err, c.code)
		}
	}
}

// Proves B1 in part: codes go to lines that take them and that nobody earns by.
func TestLinesThatTakeNoCodes(t *testing.T) {
	for _, s := range []string{"020 7946 0018", "0909 879 0000", "0800 001 066", "+49 30 901820", "070 1234 5678"} {
		if _, err := phone.Parse(s, "GB"); err != nil {
			t.Errorf("%s is a number: %v", s, err)
		}
		if _, err := phone.ParseMobile(s, "GB"); !problem.HasCode(err, "phone_not_mobile") {
			t.Errorf("%s may get codes: %v", s, err)
		}
	}
	for _, s := range []string{"07700 900999", "+61 491 570 110", "+1 212 555 0199", "+1 555 555 0100"} {
		if _, err := phone.ParseMobile(s, "GB"); err != nil {
			t.Errorf("%s may get no codes: %v", s, err)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ e164, home, format, masked string }{
		{"+447700900123", "GB", "07700 900 123", "07700 ••• 123"},
		{"+447700900123", "AU", "+44 7700 900 123", "+44 7700 ••• 123"},
		{"+61491570006", "GB", "+61 491 570 006", "+61 491 ••• 006"},
		{"+12125550100", "US", "(212) 555 0100", "(212) ••• 100"},
		{"+4520123456", "DK", "20 12 34 56", "20 ••• 456"},
	} {
		n, err := phone.Parse(c.e164, "")
		if err != nil || n.Format(c.home) != c.format || n.Masked(c.home) != c.masked {
			t.Errorf("%s: %q %q, %v", c.e164, n.Format(c.home), n.Masked(c.home), err)
		}
	}
	n, _ := phone.Parse("+447700900123", "")
	if n.Prefix() != "4477009" {
		t.Error(n.Prefix())
	}
	if l := phone.Countries(); len(l) < 200 || l[0].Name != "Afghanistan" {
		t.Error(len(l), l[0])
	}
	if phone.CountryName("HK") != "Hong Kong" || phone.Calling("GB") != "44" || phone.Calling("ZZ") != "" {
		t.Error("names of countries")
	}
}

// Decoration never changes which number it is, and a mask never shows it.
func TestDecorationIsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e164 := "+4477009" + rapid.StringMatching(`00[0-9]{3}`).Draw(t, "digits")
		var b strings.Builder
		for i, r := range e164 {
			b.WriteRune(r)
			if i > 0 {
				b.WriteString(rapid.SampledFrom([]string{"", " ", "-", ".", "\u00a0", "\u200b", "–"}).Draw(t, "between"))
			}
		}
		n, err := phone.Parse(b.String(), rapid.SampledFrom([]string{"GB", "US", "DE", ""}).Draw(t, "country"))
		if err != nil || n.E164 != e164 {
			t.Fatalf("%q: %+v, %v", b.String(), n, err)
		}
		if strings.Contains(strings.ReplaceAll(n.Masked("GB"), " ", ""), e164[3:]) {
			t.Fatal("mask shows the number")
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"07700 900123", "+44 (0)7700", " 61491570006", "00", "+", "٠٧", "\x00", "+1 (555) 01"} {
		f.Add(s, "GB")
	}
	f.Fuzz(func(t *testing.T, in, country string) {
		n, err := phone.Parse(in, country)
		if err != nil {
			if problem.As(err) == nil {
				t.Fatal("a fault, not a refusal", err)
			}
			return
		}
		if len(n.E164) < 4 || len(n.E164) > 18 || n.E164[0] != '+' || n.Prefix() == "" {
			t.Fatalf("%q: %+v", in, n)
		}
		n.Masked(country)
		n.Format(country)
	})
}
