package profile

import (
	_ "embed"
	"encoding/binary"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// confusables is the map of look-alike characters of Unicode Technical Standard 39 (security data 17.0, Unicode
// Licence v3): a count, records of three octets of character, two of place and one of length, then the replacements in
// UTF-8. It is searched where it lies, so it costs nothing until a name is checked.
//
//go:embed confusables.bin
var confusables string

const recordSize = 6

// prototype is what a character looks like, or "" when it only looks like itself.
func prototype(r rune) string {
	n := int(binary.BigEndian.Uint32([]byte(confusables[:4])))
	at := func(i int) string { return confusables[4+i*recordSize : 4+(i+1)*recordSize] }
	char := func(i int) rune { s := at(i); return rune(s[0])<<16 | rune(s[1])<<8 | rune(s[2]) }
	i := sort.Search(n, func(i int) bool { return char(i) >= r })
	if i == n || char(i) != r {
		return ""
	}
	s := at(i)
	from := 4 + n*recordSize + int(s[3])<<8 + int(s[4])
	return confusables[from : from+int(s[5])]
}

// foldName is the NFKC case-fold of a name: what is equal under it is the same name.
func foldName(s string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
}

// skeleton is what a name looks like (UTS 39 §4), folded: two names of one skeleton could be mistaken for each other.
func skeleton(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(foldName(s)) {
		if invisible(r) {
			continue
		}
		if p := prototype(r); p != "" {
			b.WriteString(p)
		} else {
			b.WriteRune(r)
		}
	}
	// Folded again, because a prototype may be a capital (zero looks like a capital O).
	return cases.Fold().String(norm.NFD.String(b.String()))
}

// invisible characters are ignored when names are compared.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}
