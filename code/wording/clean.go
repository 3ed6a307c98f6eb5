package wording

import (
	"encoding/hex"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"watchword/gateway/sms/encoding"
)

// clean makes what a stranger typed fit for one line of a mail or text: no line breaks and other control characters
// (no header can be smuggled in), no invisible or direction-changing ones (nothing reads other than it is), at most
// limit characters.
func clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar || unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsControl(r) || unicode.IsSpace(r) || unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return cut(strings.Join(strings.Fields(s), " "), limit)
}

// cleanText makes free text fit for a mail: its paragraphs, each cleaned as one line, at most 4,000 characters in all.
func cleanText(s string) []string {
	var paragraphs []string
	for line := range strings.Lines(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(cut(s, 4000))) {
		if p := clean(line, 4000); p != "" {
			paragraphs = append(paragraphs, p)
		}
	}
	return paragraphs
}

// cut shortens to at most limit characters, the last of which is then an ellipsis.
func cut(s string, limit int) string {
	if r := []rune(s); len(r) > limit {
		return strings.TrimRight(string(r[:limit-1]), " .,") + "…"
	}
	return s
}

// asHost gives the host as "@host" of a text wants it: ASCII, lower case, no port (WICG sms-one-time-codes). Empty when
// it is no host.
func asHost(s string) string {
	s = strings.TrimSpace(s)
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	s, err := idna.Lookup.ToASCII(strings.TrimSuffix(strings.ToLower(s), "."))
	if err != nil {
		return ""
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '-' {
			return ""
		}
	}
	return s
}

// asURL gives an absolute http or https address in ASCII, or nothing.
func asURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil || host == "" {
		return ""
	}
	if host != u.Hostname() {
		u.Host = strings.Replace(u.Host, u.Hostname(), host, 1)
	}
	return u.String()
}

// asAddress keeps what is an IP address. A zone ("%eth0") means nothing to the reader.
func asAddress(s string) string {
	a, err := netip.ParseAddr(strings.TrimSpace(s))
	if err != nil {
		return ""
	}
	return a.Unmap().WithZone("").String()
}

// asHash keeps a hexadecimal hash of up to 64 bytes; anything else is none.
func asHash(s string) string {
	if b, err := hex.DecodeString(s); err != nil || len(b) > 64 {
		return ""
	}
	return s
}

// aPlace is what phones turn into a link; several digits together could pass for a code.
var aPlace = regexp.MustCompile(`[.:/@][^ ]|[0-9]{4}`)

// harmless leaves out what could be taken for a link or a code.
func harmless(s string) string {
	if aPlace.MatchString(s) {
		return ""
	}
	return s
}

// asCode keeps letters and digits, so that the last line of a text is what the browser expects.
func asCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}

// plain holds what stands in the phone alphabet for marks that the sentences and masked numbers use. "E'" is how
// Italian writes È where it cannot.
var plain = strings.NewReplacer("•", "*", "…", "...", "’", "'", "‘", "'", "“", `"`, "”", `"`, "„", `"`, "«", `"`,
	"»", `"`, "–", "-", "—", "-", "·", "-", "\u00a0", " ", "\u202f", " ", "œ", "oe", "Œ", "OE", "È", "E'", "ª", "a", "º", "o")

// fold writes text in the alphabet of phones (3GPP TS 23.038): one letter outside it would turn the whole text to UCS-2
// and halve what a segment holds. Accents it lacks are dropped (á becomes a), as is usual in texts. Letters of other
// scripts stay; fits says so.
func fold(s string) string {
	s = plain.Replace(s)
	if fits(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if one := string(r); fits(one) {
			b.WriteRune(r)
		} else if base, _ := utf8.DecodeRuneInString(norm.NFD.String(one)); unicode.IsLetter(r) && base < unicode.MaxASCII {
			b.WriteRune(base)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// fits says whether the phone alphabet can write it.
func fits(s string) bool {
	return encoding.Count(s, encoding.Options{}).Coding == encoding.GSM7
}
