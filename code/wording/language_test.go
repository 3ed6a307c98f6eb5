package wording

import (
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for header, want := range map[string]Language{
		"":                                 English,
		"*":                                English,
		"ja":                               English,
		"de":                               German,
		"DE-at,en;q=0.5":                   German,
		"ja,fr-CA;q=0.8,es;q=0.9":          Spanish,
		"pt-BR, pt;q=0.9, en;q=0.8":        Portuguese,
		"en;q=0.1, it ; q=1":               Italian,
		"de;q=0, fr;q=0.1":                 French,
		"de;q=NaN":                         English,
		"de;q=7, fr;q=0.2":                 French,
		"es,it":                            Spanish,
		"deutsch":                          English,
		strings.Repeat("x,", 1<<20) + "de": English,
		"fr\x00;q=1, it;q=0.5":             Italian,
	} {
		if got := Parse(header); got != want {
			t.Errorf("%.40q: %s, want %s", header, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("de-CH, fr;q=0.9, *;q=0.1")
	f.Fuzz(func(t *testing.T, header string) {
		if l := Parse(header); !l.Known() {
			t.Fatalf("%q gives %q", header, l)
		}
	})
}

// A setting stored by a version that knew more languages must not stop a code.
func TestUnknownLanguageReadsEnglish(t *testing.T) {
	if got := CodeText("xx", Login, usual()); got != CodeText(English, Login, usual()) {
		t.Error(got)
	}
	if !strings.Contains(CodeMail("xx", Login, usual()).HTML, `<html lang="en">`) {
		t.Error("the page says another language than it has")
	}
}

func TestDatesAndNumbers(t *testing.T) {
	x := Params{When: time.Date(2026, 8, 31, 23, 5, 0, 0, time.UTC), Zone: time.FixedZone("", 2*3600)}
	for l, want := range map[Language]string{English: "1 September 2026, 01:05 UTC+0200", German: "1. September 2026, 01:05 Uhr UTC+0200",
		French: "1 septembre 2026 à 01:05 UTC+0200", Spanish: "1 de septiembre de 2026, 01:05 UTC+0200",
		Portuguese: "1 de setembro de 2026, 01:05 UTC+0200", Italian: "1 settembre 2026, 01:05 UTC+0200"} {
		if got := books[l].moment(books[l].date, x.When, x.Zone); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -123456: "-123,456"} {
		if got := books[English].number(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	for n, want := range map[int]string{1: "1 minute", 5: "5 minutes", 60: "1 hour", 90: "90 minutes", 1440: "24 hours"} {
		if got := books[English].life(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
