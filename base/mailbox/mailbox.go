// Package mailbox reads email addresses as people type them and keeps one key of each.
package mailbox

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"watchword/base/problem"
)

// maxAddress is the longest address that mail can carry, in octets (RFC 5321 §4.5.3.1.3 less the angle brackets).
const maxAddress = 254

// Address is an email address in its two forms.
type Address struct {
	Spelling string // as its owner wrote it, the domain in ASCII: mail goes there
	Key      string // lower case: two spellings of one key are one address (decisions 12)
}

// Parse reads an email address. field is the form field that a mistake points at.
func Parse(field, input string) (Address, *problem.Field) {
	bad := &problem.Field{Name: field, Code: "email_format", Message: "Enter an email address in the correct format, like name@example.com."}
	if len(input) > 4*maxAddress {
		return Address{}, &problem.Field{Name: field, Code: "email_too_long", Message: "Enter an email address of at most 254 characters."}
	}
	s := strings.TrimSpace(input)
	if s == "" {
		return Address{}, &problem.Field{Name: field, Code: "email_missing", Message: "Enter your email address."}
	}
	at := strings.LastIndexByte(s, '@')
	if !utf8.ValidString(s) || at < 1 || !localPart(s[:at]) {
		return Address{}, bad
	}
	domain, ok := asciiDomain(s[at+1:])
	if !ok {
		return Address{}, bad
	}
	a := Address{Spelling: s[:at] + "@" + domain}
	if len(a.Spelling) > maxAddress {
		return Address{}, &problem.Field{Name: field, Code: "email_too_long", Message: "Enter an email address of at most 254 characters."}
	}
	a.Key = strings.ToLower(a.Spelling)
	return a, nil
}

// localPart accepts a dot-atom (RFC 5322 §3.2.3): what mail providers hand out. Quoted forms are refused.
func localPart(s string) bool {
	if len(s) > 64 || strings.HasPrefix(s, ".") || strings.HasSuffix(s, ".") || strings.Contains(s, "..") {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", c) >= 0) {
			return false
		}
	}
	return true
}

func asciiDomain(s string) (string, bool) {
	if len(s) > 4*253 {
		return "", false
	}
	d, err := idna.Lookup.ToASCII(s)
	if err != nil || len(d) > 253 {
		return "", false
	}
	labels := strings.Split(d, ".")
	if len(labels) < 2 {
		return "", false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-") {
			return "", false
		}
	}
	top := labels[len(labels)-1]
	if strings.Trim(top, "0123456789") == "" { // an IP address is not a domain
		return "", false
	}
	return d, true
}
