package encoding

const carriageReturn = 0x0D

// Pack writes septets eight to seven octets, least significant bit first (3GPP TS 23.038 §6.1.2.1). fill zero bits
// (0 to 6) go in front: after a user data header the text starts on a septet boundary (FillBits). When seven bits are
// left over they hold a carriage return, so that the reader does not take them for '@' (§6.1.2.3.1).
func Pack(septets []byte, fill int) []byte {
	n := len(septets)
	bits := fill + 7*n
	out := make([]byte, (bits+7)/8)
	put := func(at int, septet byte) {
		out[at/8] |= septet << (at % 8)
		if at%8 > 1 && at/8+1 < len(out) {
			out[at/8+1] |= septet >> (8 - at%8)
		}
	}
	for i, s := range septets {
		put(fill+7*i, s&0x7F)
	}
	if len(out)*8-bits == 7 {
		put(bits, carriageReturn)
	}
	return out
}

// Unpack reads what Pack wrote, one octet a septet. SMPP does not say how many septets there are, so a carriage return
// that ends exactly on the last bit is taken for padding.
func Unpack(octets []byte, fill int) []byte {
	n := (len(octets)*8 - fill) / 7
	if n <= 0 {
		return nil
	}
	out := make([]byte, n)
	for i := range out {
		at := fill + 7*i
		v := uint16(octets[at/8])
		if at/8+1 < len(octets) {
			v |= uint16(octets[at/8+1]) << 8
		}
		out[i] = byte(v>>(at%8)) & 0x7F
	}
	if out[n-1] == carriageReturn && fill+7*n == len(octets)*8 {
		out = out[:n-1]
	}
	return out
}

// FillBits says how many bits stand between a header of so many octets (its length octet included) and the text.
func FillBits(headerOctets int) int { return (7 - headerOctets*8%7) % 7 }
