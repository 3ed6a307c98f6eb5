package sms

import (
	"math/big"
	"strconv"
	"strings"
)

// rule is one way in which the message_id of a response and the id in its receipt are the same (messaging.md part 1).
type rule int

const (
	exact rule = iota
	folded
	zerosStripped
	hexToDec // hexadecimal in the response, decimal in the receipt
	decToHex // decimal in the response, hexadecimal in the receipt
	noRule
)

// family groups the rules that one carrier may mix: a carrier that strips zeros shows exact ids too, most of the time,
// but one that writes another number base always does. What is learnt per bind is therefore the family.
type family int

const (
	unlearnt family = iota
	textual         // exact, folded, zerosStripped
	toDec           // hexToDec
	toHex           // decToHex
	families
)

func (r rule) family() family {
	switch r {
	case exact, folded, zerosStripped:
		return textual
	case hexToDec:
		return toDec
	case decToHex:
		return toHex
	}
	return unlearnt
}

// idKey folds an id so that the textual rules find it by one look-up: lower case, no leading zeros. An id with dashes
// keeps its zeros: they are part of it.
func idKey(carrierID string) string {
	k := strings.ToLower(carrierID)
	if strings.IndexByte(k, '-') >= 0 {
		return k
	}
	if s := strings.TrimLeft(k, "0"); s != "" || k == "" {
		return s
	}
	return "0"
}

// candidates are the keys under which the response of a receipt's id may be stored, by family; "" for none. After
// learning, only the family's.
func candidates(receiptID string, learnt family) [families]string {
	var c [families]string
	k := idKey(receiptID)
	if learnt == unlearnt || learnt == textual {
		c[textual] = k
	}
	if learnt == unlearnt || learnt == toDec {
		c[toDec] = rebase(k, 10, 16)
	}
	if learnt == unlearnt || learnt == toHex {
		c[toHex] = rebase(k, 16, 10)
	}
	if learnt == unlearnt {
		for f := toDec; f < families; f++ {
			if c[f] == k {
				c[f] = "" // a single digit: both bases agree
			}
		}
	}
	return c
}

// rebase writes a number in another base, lower case, no leading zeros; "" for what is no such number. At most 65
// octets are read (SMPP 3.4 §5.2.23).
func rebase(k string, from, to int) string {
	if k == "" || len(k) > 65 {
		return ""
	}
	for i := 0; i < len(k); i++ {
		if c := k[i]; (c < '0' || c > '9') && (from != 16 || c < 'a' || c > 'f') {
			return ""
		}
	}
	if len(k) <= 15 {
		n, err := strconv.ParseUint(k, from, 64)
		if err != nil {
			return ""
		}
		return strconv.FormatUint(n, to)
	}
	n, ok := new(big.Int).SetString(k, from)
	if !ok {
		return ""
	}
	return n.Text(to)
}

// ruleOf says by which rule the two ids are the same, the first of the table; noRule when they are not.
func ruleOf(responseID, receiptID string) rule {
	switch {
	case responseID == "" || receiptID == "":
		return noRule
	case responseID == receiptID:
		return exact
	case strings.EqualFold(responseID, receiptID):
		return folded
	}
	a, b := idKey(responseID), idKey(receiptID)
	switch {
	case a == b:
		return zerosStripped
	case rebase(a, 16, 10) == b:
		return hexToDec
	case rebase(a, 10, 16) == b:
		return decToHex
	}
	return noRule
}

// matchKey is what a segment is found by: FNV-1a of carrier and folded id, the same in every process, never 0.
func matchKey(carrier, key string) int64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(carrier); i++ {
		h = (h ^ uint64(carrier[i])) * 1099511628211
	}
	h *= 1099511628211
	for i := 0; i < len(key); i++ {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	if h == 0 {
		return 1
	}
	return int64(h)
}

// sameNumber compares a receipt's source with the number a message went to: the last eight digits, because carriers
// drop or add prefixes. An empty or short one says nothing and agrees.
func sameNumber(a, b string) bool {
	a, b = lastDigits(a), lastDigits(b)
	return len(a) < 8 || len(b) < 8 || a == b
}

func lastDigits(s string) string {
	for i := 0; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && (i > 0 || s[i] != '+') {
			return ""
		}
	}
	return s[max(0, len(s)-8):]
}

// learning counts by which family a bind's receipts match. It belongs to whoever holds the recents' lock.
type learning struct {
	hits   [families]int
	misses int
	learnt family
}

const (
	learnAfter  = 20
	forgetAfter = 20
)

// hit notes a match that told the families apart.
func (l *learning) hit(f family) {
	l.misses = 0
	if l.learnt != unlearnt {
		return
	}
	if l.hits[f]++; l.hits[f] >= learnAfter {
		l.learnt = f
	}
}

// miss notes a receipt that nothing matched; many in a row mean that the carrier has changed its ways.
func (l *learning) miss() {
	if l.misses++; l.misses >= forgetAfter && l.learnt != unlearnt {
		*l = learning{}
	}
}
