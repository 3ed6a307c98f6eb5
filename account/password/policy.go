package password

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"watchword/base/problem"
)

// Policy says which passwords are refused (C1-C5, decisions 14). There are no rules about kinds of characters.
type Policy struct {
	// Min is the least number of code points where the password may be the only proof. Default 15, never under Floor.
	Min int
	// Words are our own: the product, the host's name. A password made of one of them is refused.
	Words []string
	// Breached is an imported list, or nil.
	Breached *Breached
}

// Floor is the least length ever allowed (NIST SP 800-63B-4 §3.1.1.2).
const Floor = 8

// DefaultMin is the least length by default.
const DefaultMin = 15

// Least is the length in force.
func (p Policy) Least() int {
	if p.Min == 0 {
		return DefaultMin
	}
	return max(p.Min, Floor)
}

// Check says what is wrong with a password, at the field "password", or nil. own are words of the person: username,
// address, name, organisation.
func (p Policy) Check(password string, own ...string) *problem.Field {
	bad := func(code, message string) *problem.Field {
		return &problem.Field{Name: "password", Code: "password_" + code, Message: message}
	}
	switch {
	case password == "":
		return bad("missing", "Enter a password.")
	case len(password) > maxOctets || Count(password) > Max:
		return bad("too_long", "Shorten your password to 1,024 characters or fewer.")
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return bad("characters", "Remove the characters from your password that are not text.")
	case Count(password) < p.Least():
		return bad("too_short", "Enter a password of at least "+strconv.Itoa(p.Least())+" characters. Three or four unrelated words are easy to remember.")
	}
	n := simplify(password)
	if weak := p.weakness(n, own); weak != nil {
		return weak
	}
	if p.Breached != nil {
		if found, err := p.Breached.Has(norm.NFC.String(password)); err == nil && found {
			return bad("breached", "Choose another password: this one is on a list of stolen passwords.")
		}
	}
	return nil
}

func (p Policy) weakness(n string, own []string) *problem.Field {
	bad := func(code, message string) *problem.Field {
		return &problem.Field{Name: "password", Code: "password_" + code, Message: message}
	}
	const common = "Choose another password: this one is easy to guess, because many people use it or its parts."
	u := unit(n)
	if u != n && utf8.RuneCountInString(u) < Floor {
		return bad("repeats", "Choose another password: this one repeats itself.")
	}
	words := ownWords(p.Words, own)
	// With the spaces and signs left out too: "i love you i love you" is what is listed, said twice.
	joined := strings.Join(pieces(n), "")
	for _, s := range []string{n, u, unleet(n), unleet(u), joined, unit(joined)} {
		if listed(s) {
			return bad("common", common)
		}
		core := unit(trimmed(s))
		if own := ownWord(core, words); own {
			return bad("own_word", "Choose another password: this one is made of your name, your address or our name.")
		}
		if core != "" && listed(core) {
			return bad("common", common)
		}
	}
	switch few := distinct(n); {
	case len(few) > 0 && !slices.ContainsFunc(few, func(w string) bool { return !ownWord(w, words) }):
		return bad("own_word", "Choose another password: this one is made of your name, your address or our name.")
	case len(few) == 1 && listed(few[0]):
		return bad("common", common)
	}
	if rest(n) < 6 {
		return bad("run", "Choose another password: this one follows the keyboard, the alphabet or a row of numbers.")
	}
	return nil
}

// simplify is the form in which passwords are compared with lists: composed, lower case.
func simplify(s string) string { return strings.ToLower(norm.NFC.String(s)) }

// pieces are the words and numbers between spaces and signs.
func pieces(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// distinct are the different words of a password, without what is added at their ends: "walker Walker1 2024" has one.
func distinct(n string) (out []string) {
	for _, w := range pieces(n) {
		if w = unit(trimmed(unleet(w))); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// unit is the shortest piece that a text is made of by repetition ("abcabc" gives "abc").
func unit(s string) string {
	r := []rune(s)
	// The longest proper prefix that is also a suffix, for each length (Knuth-Morris-Pratt).
	fail := make([]int, len(r)+1)
	for i, k := 1, 0; i < len(r); i++ {
		for k > 0 && r[i] != r[k] {
			k = fail[k]
		}
		if r[i] == r[k] {
			k++
		}
		fail[i+1] = k
	}
	if p := len(r) - fail[len(r)]; len(r) > 0 && len(r)%p == 0 {
		return string(r[:p])
	}
	return s
}

// trimmed takes digits, symbols and spaces off both ends: what people add to please a meter.
func trimmed(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

var leet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b", "9", "g", "@", "a", "$", "s", "!", "i", "+", "t", "|", "l")

// unleet undoes digits that stand for letters, but leaves those at the ends, which are rather years and counts.
func unleet(s string) string {
	core := strings.TrimRightFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	return leet.Replace(core) + s[len(core):]
}

// ownWords splits what belongs to the person and to us into words of at least three letters, and their joined forms.
func ownWords(groups ...[]string) []string {
	var out []string
	for _, g := range groups {
		for _, w := range g {
			w = simplify(w)
			if len(w) > 1024 {
				continue
			}
			parts := pieces(w)
			out = append(out, w, strings.Join(parts, ""))
			out = append(out, parts...)
			if local, _, ok := strings.Cut(w, "@"); ok {
				out = append(out, local)
			}
		}
	}
	return out
}

func ownWord(core string, words []string) bool {
	for _, w := range words {
		if t := trimmed(w); utf8.RuneCountInString(t) >= 3 && (core == t || core == unit(t)) {
			return true
		}
	}
	return false
}
