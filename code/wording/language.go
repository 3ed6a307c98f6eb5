package wording

import (
	"strconv"
	"strings"
)

// Language is one of the six that texts and mails are written in.
type Language string

const (
	English    Language = "en"
	German     Language = "de"
	French     Language = "fr"
	Spanish    Language = "es"
	Portuguese Language = "pt"
	Italian    Language = "it"
)

// Choice is a language as a page offers it.
type Choice struct {
	Code Language
	Name string // in the language itself
}

// Languages lists the choices, English first.
func Languages() []Choice {
	all := make([]Choice, 0, len(order))
	for _, l := range order {
		all = append(all, Choice{l, books[l].name})
	}
	return all
}

// order is that of the page; a map has none.
var order = []Language{English, German, French, Spanish, Portuguese, Italian}

// Known says whether texts exist in the language, for a stored setting or a form field.
func (l Language) Known() bool { _, ok := books[l]; return ok }

// longestHeader bounds what a stranger can make us read. Browsers send under 100 bytes.
const longestHeader = 1000

// Parse picks the language from an Accept-Language header (RFC 9110 §12.5.4): the highest weight among the six, the
// earlier one on a tie, English when none is wanted.
func Parse(acceptLanguage string) Language {
	best, weight := English, 0.0
	for item := range strings.SplitSeq(acceptLanguage[:min(len(acceptLanguage), longestHeader)], ",") {
		tag, options, _ := strings.Cut(item, ";")
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		l := Language(strings.ToLower(primary))
		if !l.Known() {
			continue
		}
		q := 1.0
		if name, value, found := strings.Cut(strings.TrimSpace(options), "="); found && strings.EqualFold(name, "q") {
			parsed, err := strconv.ParseFloat(value, 64)
			if err != nil || !(parsed >= 0 && parsed <= 1) {
				continue
			}
			q = parsed
		}
		if q > weight {
			best, weight = l, q
		}
	}
	return best
}

// in gives the book of a language; a stored value that is no language reads English.
func in(l Language) *book {
	if b, ok := books[l]; ok {
		return b
	}
	return books[English]
}
