package smpp

import (
	"math/big"
	"strings"
)

// MatchRule is one way in which the message_id of a response and the id in its receipt can be the same (messaging.md
// part 1). A carrier keeps to one: after a rule has matched often enough, only that one need be asked.
type MatchRule int

// The rules in the order they are tried.
const (
	Exact         MatchRule = iota // the same octets
	Folded                         // the same but for upper and lower case
	ZerosStripped                  // the same without leading zeros and case
	HexToDec                       // hexadecimal in the response, decimal in the receipt
	DecToHex                       // decimal in the response, hexadecimal in the receipt
	matchRules
)

var ruleNames = [matchRules]string{"exact", "folded", "zeros_stripped", "hex_to_dec", "dec_to_hex"}

// String is the name under which a learnt rule is stored.
func (r MatchRule) String() string {
	if r < 0 || r >= matchRules {
		return ""
	}
	return ruleNames[r]
}

// ParseMatchRule reads a name made by String.
func ParseMatchRule(name string) (MatchRule, bool) {
	for i, n := range ruleNames {
		if n == name {
			return MatchRule(i), true
		}
	}
	return 0, false
}

// IDKey folds an id so that Exact, Folded and ZerosStripped find it by one look-up: lower case, leading zeros gone. An
// id with dashes (a UUID) keeps its zeros: they are part of it. Store it beside the id as it was given.
func IDKey(id string) string {
	id = strings.ToLower(id)
	if strings.Contains(id, "-") {
		return id
	}
	if stripped := strings.TrimLeft(id, "0"); stripped != "" || id == "" {
		return stripped
	}
	return "0"
}

// Candidate is one form under which the id of a receipt may be stored: a response with IDKey(response id) == Key
// matches by Rule or, for the first candidate, by whichever of the first three FindRule says.
type Candidate struct {
	Rule MatchRule
	Key  string
}

// Candidates lists the keys to look for, most trusted first: the folded id, then the id read as the other number base.
func Candidates(receiptID string) []Candidate {
	key := IDKey(receiptID)
	out := []Candidate{{ZerosStripped, key}}
	if hex, ok := convert(key, 10, 16); ok && hex != key {
		out = append(out, Candidate{HexToDec, hex})
	}
	if dec, ok := convert(key, 16, 10); ok && dec != key {
		out = append(out, Candidate{DecToHex, dec})
	}
	return out
}

// Matches says whether a response's id and a receipt's id are the same by exactly this rule.
func (r MatchRule) Matches(responseID, receiptID string) bool {
	if responseID == "" || receiptID == "" {
		return false
	}
	switch r {
	case Exact:
		return responseID == receiptID
	case Folded:
		return strings.EqualFold(responseID, receiptID)
	case ZerosStripped:
		return IDKey(responseID) == IDKey(receiptID)
	case HexToDec:
		dec, ok := convert(IDKey(responseID), 16, 10)
		return ok && dec == IDKey(receiptID)
	case DecToHex:
		hex, ok := convert(IDKey(responseID), 10, 16)
		return ok && hex == IDKey(receiptID)
	}
	return false
}

// FindRule gives the first rule by which the two are the same.
func FindRule(responseID, receiptID string) (MatchRule, bool) {
	for r := Exact; r < matchRules; r++ {
		if r.Matches(responseID, receiptID) {
			return r, true
		}
	}
	return 0, false
}

// maxID is the longest message_id (SMPP 3.4 §5.2.23), its NUL included.
const maxID = 65

// convert writes a number in another base, lower case and without leading zeros. Not ok for what is no such number.
func convert(key string, from, to int) (string, bool) {
	if key == "" || len(key) > maxID {
		return "", false
	}
	for i := 0; i < len(key); i++ {
		b := key[i]
		if !(b >= '0' && b <= '9' || from == 16 && b >= 'a' && b <= 'f') {
			return "", false
		}
	}
	n, ok := new(big.Int).SetString(key, from)
	if !ok {
		return "", false
	}
	return n.Text(to), true
}
