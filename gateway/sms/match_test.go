package sms

import "testing"

// Proves the message_id row of messaging.md part 1: the order of the rules, zeros kept in ids with dashes, and that what a
// rule says is the same is also found by its key.
func TestMatchRules(t *testing.T) {
	for _, c := range []struct {
		response, receipt string
		rule              rule
	}{
		{"abc", "abc", exact}, {"ABC", "abc", folded}, {"000abc", "ABC", zerosStripped},
		{"7", "007", zerosStripped}, {"1f", "31", hexToDec}, {"0000001F", "31", hexToDec},
		{"31", "1F", decToHex}, {"31", "0000001f", decToHex},
		{"0a0b-1", "a0b-1", noRule}, {"0A0B-1", "0a0b-1", folded}, {"", "", noRule}, {"0", "000", zerosStripped},
		{"ffffffffffffffffffff", "1208925819614629174706175", hexToDec}, {"12", "13", noRule}, {"g1", "1", noRule},
	} {
		if got := ruleOf(c.response, c.receipt); got != c.rule {
			t.Errorf("%q and %q: %v, want %v", c.response, c.receipt, got, c.rule)
		}
		found := false
		for _, key := range candidates(c.receipt, unlearnt) {
			found = found || key != "" && key == idKey(c.response)
		}
		if found != (c.rule != noRule) {
			t.Errorf("%q and %q: candidates %q", c.response, c.receipt, candidates(c.receipt, unlearnt))
		}
	}
}
