package encoding

import "unicode/utf16"

func appendUTF16(dst []byte, r rune) []byte {
	if r < 0x10000 {
		if r < 0 || utf16.IsSurrogate(r) {
			r = '\uFFFD'
		}
		return append(dst, byte(r>>8), byte(r))
	}
	high, low := utf16.EncodeRune(r)
	return append(dst, byte(high>>8), byte(high), byte(low>>8), byte(low))
}

// decodeUTF16 reads big endian UTF-16. Half a pair becomes U+FFFD, so does a single octet at the end.
func decodeUTF16(data []byte) string {
	units := make([]uint16, len(data)/2, len(data)/2+1)
	for i := range units {
		units[i] = uint16(data[2*i])<<8 | uint16(data[2*i+1])
	}
	if len(data)%2 == 1 {
		units = append(units, 0xFFFD)
	}
	return string(utf16.Decode(units))
}
