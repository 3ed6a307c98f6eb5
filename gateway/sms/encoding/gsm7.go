package encoding

import "unicode/utf8"

// escape leads to the extension table (3GPP TS 23.038 §6.2.1.1).
const escape = 0x1B

// defaultAlphabet is the table of 3GPP TS 23.038 §6.2.1 in code order; the escape's place holds U+FFFD.
var defaultAlphabet = [128]rune([]rune("" +
	"@£$¥èéùìòÇ\nØø\rÅå" +
	"Δ_ΦΓΛΩΠΨΣΘΞ\uFFFDÆæßÉ" +
	" !\"#¤%&'()*+,-./" +
	"0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNO" +
	"PQRSTUVWXYZÄÖÑÜ§" +
	"¿abcdefghijklmno" +
	"pqrstuvwxyzäöñüà"))

// extensionTable is 3GPP TS 23.038 §6.2.1.1: each of these costs two septets.
var extensionTable = map[byte]rune{
	0x0A: '\f', 0x14: '^', 0x28: '{', 0x29: '}', 0x2F: '\\', 0x3C: '[', 0x3D: '~', 0x3E: ']', 0x40: '|', 0x65: '€',
}

// A septet of 0 is '@', so the tables by rune hold the code with a mark that says what it is.
const (
	inDefault   = 0x100
	inExtension = 0x200
)

var (
	septetOfLow   [256]uint16     // U+0000 to U+00FF, almost everything that is ever sent
	septetOfOther map[rune]uint16 // the Greek capitals and the euro
)

func init() {
	septetOfOther = make(map[rune]uint16)
	put := func(r rune, code uint16) {
		if r < 256 {
			septetOfLow[r] = code
		} else {
			septetOfOther[r] = code
		}
	}
	for code, r := range defaultAlphabet {
		if code != escape {
			put(r, inDefault|uint16(code))
		}
	}
	for code, r := range extensionTable {
		put(r, inExtension|uint16(code))
	}
}

func septetOf(r rune) uint16 {
	if r >= 0 && r < 256 {
		return septetOfLow[r]
	}
	return septetOfOther[r]
}

// septets says how many septets a character costs: 1, 2 for the extension table, 0 when GSM-7 cannot write it.
func septets(r rune) int {
	switch code := septetOf(r); {
	case code&inDefault != 0:
		return 1
	case code&inExtension != 0:
		return 2
	}
	return 0
}

func appendGSM7(dst []byte, r rune) ([]byte, bool) {
	switch code := septetOf(r); {
	case code&inDefault != 0:
		return append(dst, byte(code)), true
	case code&inExtension != 0:
		return append(dst, escape, byte(code)), true
	}
	return dst, false
}

// decodeGSM7 reads unpacked septets. After an escape, a code that the extension table lacks is read from the default
// table, and an escape at the end or before another one is a space, as 3GPP TS 23.038 §6.2.1 and its note 1 ask.
func decodeGSM7(data []byte) string {
	out := make([]byte, 0, len(data)+8)
	for i := 0; i < len(data); i++ {
		b := data[i]
		switch {
		case b > 0x7F:
			out = utf8.AppendRune(out, '\uFFFD')
		case b != escape:
			out = utf8.AppendRune(out, defaultAlphabet[b])
		case i+1 == len(data) || data[i+1] == escape:
			out = append(out, ' ')
			i++
		default:
			i++
			r, ok := extensionTable[data[i]]
			switch {
			case ok:
				out = utf8.AppendRune(out, r)
			case data[i] < 0x80:
				out = utf8.AppendRune(out, defaultAlphabet[data[i]])
			default:
				out = utf8.AppendRune(out, '\uFFFD')
			}
		}
	}
	return string(out)
}
