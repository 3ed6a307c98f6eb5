package contact

import (
	"slices"
	"strconv"
	"strings"
)

// Kinds of keys in contact_index. Those of a list have its number behind: "l7", "n7".
const (
	kindName  = "n" // the folded name: the order of names, and the beginning of its first word
	kindWord  = "w" // the folded name from its second, third … word on
	kindEmail = "e" // the address in small letters
	kindList  = "l" // an empty key: everybody in a list, in the order of ids
	kindOther = "o" // the folded beginning of any other word: of the address, further fields and notes
	kindTail  = "r" // the last digits of the number, backwards
)

// Bounds of what is kept for finding other things than names.
const (
	maxOther  = 12  // octets of a key; the row tells whether the word goes on as it should
	maxOthers = 100 // words of one contact
	tail      = 7   // digits
)

func listKind(kind string, list int64) string { return kind + strconv.FormatInt(list, 10) }

// idSize is how many octets an id takes at the end of an entry, behind a NUL that no key contains.
const idSize = 6

// entry is a key and an id as one text that sorts by both.
func entry(key string, id int64) string {
	var room [maxKey + 1 + idSize]byte
	return string(appendID(append(append(room[:0], key...), 0), id))
}

func appendID(b []byte, id int64) []byte {
	return append(b, byte(id>>40), byte(id>>32), byte(id>>24), byte(id>>16), byte(id>>8), byte(id))
}

// parts takes an entry apart; ok is false for anything else.
func parts(e string) (key string, id int64, ok bool) {
	k := len(e) - idSize - 1
	if k < 0 || e[k] != 0 {
		return "", 0, false
	}
	for i := k + 1; i < len(e); i++ {
		id = id<<8 | int64(e[i])
	}
	return e[:k], id, true
}

// put is one entry of one kind.
type put struct{ kind, entry string }

// nameKey is what a contact is sorted by.
func (c *card) nameKey() string { return cut(fold(joined(c.first, c.last))) }

func emailKey(email string) string { return cut(strings.ToLower(email)) }

// puts lists the entries that make a contact findable.
func (r *row) puts(to []put) []put { return r.wordPuts(r.mainPuts(to)) }

// mainPuts lists those but for other words.
func (r *row) mainPuts(to []put) []put {
	from := len(to)
	to = r.mainKeys(to)
	for i := range to[from:] {
		to[from+i].entry = entry(to[from+i].entry, r.id)
	}
	return to
}

// mainKeys lists them without the id.
func (r *row) mainKeys(to []put) []put {
	name := fold(joined(r.first, r.last))
	to = append(to, put{kindName, cut(name)})
	at, n := starts(name)
	for i := 1; i < n; i++ {
		to = append(to, put{kindWord, cut(name[at[i]:])})
	}
	if r.email != "" {
		to = append(to, put{kindEmail, emailKey(r.email)})
	}
	for _, l := range r.lists {
		to = append(to, put{listKind(kindList, l), ""}, put{listKind(kindName, l), cut(name)})
	}
	return append(to, put{kindTail, tailKey(r.number)})
}

func (r *row) tailPut() put { return put{kindTail, entry(tailKey(r.number), r.id)} }

// wordPuts lists the entries of other words.
func (r *row) wordPuts(to []put) []put {
	var room [16]string
	for _, w := range r.others(room[:0]) {
		to = append(to, put{kindOther, entry(w, r.id)})
	}
	return to
}

// tailKey is the last digits of a number or of a part of one, the last one first.
func tailKey(number string) string {
	var b [tail]byte
	n := 0
	for i := len(number) - 1; i >= 0 && n < tail && number[i] >= '0' && number[i] <= '9'; i-- {
		b[n] = number[i]
		n++
	}
	return string(b[:n])
}

// others are the keys of all words but those of the name and the first one of the address, each once. Of a domain the
// last part is left out: it tells next to nothing.
func (r *row) others(to []string) []string {
	if r.email != "" {
		email := fold(r.email)
		if end := strings.LastIndexByte(email, '.'); end > strings.LastIndexByte(email, '@') {
			email = email[:end]
		}
		if first := strings.IndexFunc(email, between); first > 0 {
			to = wordsIn(to, email[first:])
		}
	}
	for _, f := range r.fields {
		to = wordsIn(to, fold(f.value))
	}
	to = wordsIn(to, fold(r.notes))
	to = to[:min(len(to), maxOthers)]
	for i, w := range to {
		to[i] = cutTo(w, maxOther)
	}
	slices.Sort(to)
	return slices.Compact(to)
}

// bears says whether a contact's row bears out an entry of the index.
func (r *row) bears(p put) bool {
	key, id, ok := parts(p.entry)
	if !ok || id != r.id || p.kind == "" {
		return false
	}
	list := int64(0)
	if len(p.kind) > 1 {
		list, _ = strconv.ParseInt(p.kind[1:], 10, 64)
		if !slices.Contains(r.lists, list) {
			return false
		}
	}
	switch p.kind[:1] {
	case kindName:
		return key == r.nameKey()
	case kindList:
		return key == "" && list > 0
	case kindEmail:
		return list == 0 && r.email != "" && key == emailKey(r.email)
	case kindTail:
		return list == 0 && key == tailKey(r.number)
	case kindOther:
		return list == 0 && slices.Contains(r.others(nil), key)
	}
	name := fold(joined(r.first, r.last))
	at, n := starts(name)
	for i := 1; i < n; i++ {
		if p.kind == kindWord && cut(name[at[i]:]) == key {
			return true
		}
	}
	return false
}
