package encoding

import (
	"strings"
	"unicode/utf8"
)

// MaxParts is the most parts a concatenated message can have: its number is one octet (3GPP TS 23.040 §9.2.3.24.1).
const MaxParts = 255

// Options says how a route wants text. The zero value is the usual: GSM-7 where it fits, UCS-2 otherwise, cut for the
// header with an 8-bit reference.
type Options struct {
	// Alphabet for text that the GSM alphabet can hold: GSM7 (default), Latin1 or ASCII where the carrier translates.
	// Those still count as septets, because that is what the phone gets. UCS2 sends everything as UCS-2.
	Alphabet Coding
	// WideRef cuts for the header with a 16-bit reference: 152 and 66 units a part in place of 153 and 67.
	WideRef bool
	// Whole gives one part however long the text is, for routes where the carrier cuts (message_payload).
	// What Count says is not changed by it: the phone gets, and the carrier bills, the same segments.
	Whole bool
}

// Part is what one short message carries.
type Part struct {
	Data  []byte // in the coding that Split returned, unpacked, no header
	Text  string // the same as readable text
	Units int    // septets for GSM-7 (also when written as Latin-1 or ASCII), UTF-16 units for UCS-2
}

// Size is the extent of a text, as preview, limits, price and wire see it.
type Size struct {
	Coding     Coding
	Characters int    // code points
	Units      int    // septets or UTF-16 units in all
	Segments   int    // short messages, at least 1
	Offending  []rune // characters that force UCS-2, each once, in the order they first appear
}

// Limits gives the units that fit into a message alone and into each part of a concatenated one.
func (o Options) Limits(c Coding) (single, part int) {
	switch {
	case c == UCS2 && o.WideRef:
		return 70, 66
	case c == UCS2:
		return 70, 67
	case o.WideRef:
		return 160, 152
	}
	return 160, 153
}

// Split encodes text and cuts it into parts. Extension characters count two; neither their escape pair nor a surrogate
// pair is ever cut, so a part may hold a unit less than the limit. Invalid UTF-8 is read as U+FFFD. An empty text is
// one empty part. More than MaxParts parts are returned as they are: the caller refuses such a text.
func Split(text string, o Options) (Coding, []Part) {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	c, units := o.measure(text)
	single, limit := o.Limits(c)
	if o.Whole || units <= single {
		data, _ := c.Encode(text)
		return c, []Part{{Data: data, Text: text, Units: units}}
	}
	parts := make([]Part, 0, units/limit+1)
	data := make([]byte, 0, 2*units)
	textFrom, dataFrom, used := 0, 0, 0
	for at, r := range text {
		cost := unitsOf(c, r)
		if used+cost > limit {
			parts = append(parts, Part{Data: data[dataFrom:len(data):len(data)], Text: text[textFrom:at], Units: used})
			textFrom, dataFrom, used = at, len(data), 0
		}
		data, _ = c.appendRune(data, r)
		used += cost
	}
	return c, append(parts, Part{Data: data[dataFrom:], Text: text[textFrom:], Units: used})
}

// Count counts without encoding. Its Segments is always the number of parts that Split makes without Whole.
func Count(text string, o Options) Size {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	n := Size{Characters: utf8.RuneCountInString(text), Segments: 1}
	n.Coding, n.Units = o.measure(text)
	if n.Coding == UCS2 && o.Alphabet != UCS2 {
		seen := make(map[rune]bool)
		for _, r := range text {
			if !seen[r] && !o.fits(r) {
				seen[r] = true
				n.Offending = append(n.Offending, r)
			}
		}
	}
	single, limit := o.Limits(n.Coding)
	if n.Units <= single {
		return n
	}
	used := 0
	for _, r := range text {
		cost := unitsOf(n.Coding, r)
		if used+cost > limit {
			n.Segments++
			used = 0
		}
		used += cost
	}
	return n
}

// measure picks the coding and adds up its units.
func (o Options) measure(text string) (Coding, int) {
	if o.Alphabet != UCS2 {
		units := 0
		for _, r := range text {
			if !o.fits(r) {
				units = -1
				break
			}
			units += septets(r)
		}
		if units >= 0 {
			return o.Alphabet, units
		}
	}
	units := 0
	for _, r := range text {
		units += unitsOf(UCS2, r)
	}
	return UCS2, units
}

// fits says whether the route can carry a character without UCS-2: the phone's alphabet and the wire's must both have it.
func (o Options) fits(r rune) bool {
	switch o.Alphabet {
	case ASCII:
		return r <= 0x7F && septets(r) > 0
	case Latin1:
		return r <= 0xFF && septets(r) > 0
	}
	return septets(r) > 0
}

func unitsOf(c Coding, r rune) int {
	switch {
	case c != UCS2:
		return septets(r)
	case r > 0xFFFF:
		return 2
	}
	return 1
}
