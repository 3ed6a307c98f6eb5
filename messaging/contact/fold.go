package contact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of what is kept for finding a name.
const (
	maxKey   = 48 // octets of a key
	maxWords = 6  // words of a name that can be found by their beginning
)

// fold makes names comparable as people compare them: no capitals, no accents, one space between words.
func fold(s string) string {
	if plain(s) {
		return s
	}
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return foldRunes(s)
		}
	}
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}

// plain says whether folding changes nothing, as for most searches.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' || c < ' ' || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

func foldRunes(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsSpace(r), unicode.IsControl(r):
			b.WriteByte(' ')
		case r == 'ß':
			b.WriteString("ss")
		case r == 'ø' || r == 'Ø':
			b.WriteByte('o')
		case r == 'ł' || r == 'Ł':
			b.WriteByte('l')
		case r == 'æ' || r == 'Æ':
			b.WriteString("ae")
		case r == 'œ' || r == 'Œ':
			b.WriteString("oe")
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// cut shortens a key to maxKey octets, at a character.
func cut(s string) string { return cutTo(s, maxKey) }

func cutTo(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// between says that a character of a folded text belongs to no word.
func between(r rune) bool {
	if r < utf8.RuneSelf {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}
	return !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// wordsIn appends the words of a folded text.
func wordsIn(to []string, s string) []string {
	from := -1
	for i, r := range s {
		switch {
		case between(r):
			if from >= 0 {
				to = append(to, s[from:i])
			}
			from = -1
		case from < 0:
			from = i
		}
	}
	if from >= 0 {
		to = append(to, s[from:])
	}
	return to
}

// begins says whether a word of a folded text begins with w, which may go on over several words.
func begins(s, w string) bool {
	for at := 0; ; at++ {
		k := strings.Index(s[at:], w)
		if k < 0 {
			return false
		}
		at += k
		if before, _ := utf8.DecodeLastRuneInString(s[:at]); at == 0 || between(before) {
			return true
		}
	}
}

// starts are the places in a folded name where a word begins, the first included.
func starts(name string) (at [maxWords]int, n int) {
	between := true
	for i := 0; i < len(name) && n < maxWords; i++ {
		gap := strings.IndexByte(" -'.,/&(", name[i]) >= 0
		if !gap && between {
			at[n] = i
			n++
		}
		between = gap
	}
	return at, n
}
