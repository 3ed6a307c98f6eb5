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
)

func listKind(kind string, list int64) string { return kind + strconv.FormatInt(list, 10) }

// idSize is how many octets an id takes at the end of an entry, behind a NUL that no key contains.
const idSize = 6

// entry is a key and an id as one text that sorts by both.
func entry(key string, id int64) string {
	return key + string([]byte{0, byte(id >> 40), byte(id >> 32), byte(id >> 24), byte(id >> 16), byte(id >> 8), byte(id)})
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
func (r *row) puts(to []put) []put {
	name := fold(joined(r.first, r.last))
	byName := entry(cut(name), r.id)
	to = append(to, put{kindName, byName})
	at, n := starts(name)
	for i := 1; i < n; i++ {
		to = append(to, put{kindWord, entry(cut(name[at[i]:]), r.id)})
	}
	if r.email != "" {
		to = append(to, put{kindEmail, entry(emailKey(r.email), r.id)})
	}
	for _, l := range r.lists {
		to = append(to, put{listKind(kindList, l), entry("", r.id)}, put{listKind(kindName, l), byName})
	}
	return to
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
