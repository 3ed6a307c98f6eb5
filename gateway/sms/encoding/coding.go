// Package encoding writes text in the alphabets of the phone networks and cuts it into the parts that one short message
// holds. One function counts for everybody: what the preview shows, what is billed and what goes on the wire agree.
//
// Sources: 3GPP TS 23.038 (the GSM 7-bit alphabet, packing), 3GPP TS 23.040 §9.2.3.24 (user data header).
package encoding

import "fmt"

// Coding names an alphabet and the way its characters are written as octets.
type Coding uint8

const (
	// GSM7 is the GSM 7-bit default alphabet with its extension table, one octet a septet (unpacked).
	GSM7 Coding = iota
	// UCS2 is UTF-16, big endian. The name is the networks' own; surrogate pairs are used and understood by phones.
	UCS2
	// Latin1 is ISO 8859-1, for carriers that translate it into the GSM alphabet themselves.
	Latin1
	// ASCII is 7-bit ASCII (IA5), for carriers that translate it into the GSM alphabet themselves.
	ASCII
	// Binary is octets without an alphabet; as text each octet is read as Latin-1.
	Binary
)

var codingNames = [...]string{GSM7: "gsm7", UCS2: "ucs2", Latin1: "latin1", ASCII: "ascii", Binary: "binary"}

// String gives the stable name used in configuration and in the database.
func (c Coding) String() string {
	if int(c) < len(codingNames) {
		return codingNames[c]
	}
	return fmt.Sprintf("coding(%d)", uint8(c))
}

// ParseCoding reads a name made by String.
func ParseCoding(name string) (Coding, bool) {
	for i, n := range codingNames {
		if n == name {
			return Coding(i), true
		}
	}
	return 0, false
}

// Encode writes text in the coding. False when a character is not in its alphabet; nothing is replaced silently.
func (c Coding) Encode(text string) ([]byte, bool) {
	dst := make([]byte, 0, len(text)+8)
	for _, r := range text {
		var ok bool
		if dst, ok = c.appendRune(dst, r); !ok {
			return nil, false
		}
	}
	return dst, true
}

// Decode reads octets as text. It never fails: what has no meaning becomes U+FFFD.
func (c Coding) Decode(data []byte) string {
	switch c {
	case GSM7:
		return decodeGSM7(data)
	case UCS2:
		return decodeUTF16(data)
	case ASCII:
		return decodeOctets(data, 0x7F)
	default:
		return decodeOctets(data, 0xFF)
	}
}

func (c Coding) appendRune(dst []byte, r rune) ([]byte, bool) {
	switch c {
	case GSM7:
		return appendGSM7(dst, r)
	case UCS2:
		return appendUTF16(dst, r), true
	case ASCII:
		return append(dst, byte(r)), r >= 0 && r <= 0x7F
	default:
		return append(dst, byte(r)), r >= 0 && r <= 0xFF
	}
}

func decodeOctets(data []byte, highest byte) string {
	if isASCII(data) {
		return string(data)
	}
	out := make([]rune, len(data))
	for i, b := range data {
		out[i] = rune(b)
		if b > highest {
			out[i] = '\uFFFD'
		}
	}
	return string(out)
}

func isASCII(data []byte) bool {
	for _, b := range data {
		if b > 0x7F {
			return false
		}
	}
	return true
}
