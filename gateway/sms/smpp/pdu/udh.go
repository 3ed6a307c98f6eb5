package pdu

// Concat says which part of which message a short message is. Total 1 (or 0) is a message alone.
type Concat struct {
	Ref         uint16
	Part, Total int
	Wide        bool // the reference has 16 bits
}

// Information elements of a user data header (3GPP TS 23.040 §9.2.3.24).
const (
	elementConcat     = 0x00
	elementConcatWide = 0x08
)

// AppendUDH writes the user data header of one part: 05 00 03, or 06 08 04 with a 16-bit reference.
func AppendUDH(dst []byte, c Concat) []byte {
	if c.Wide {
		return append(dst, 6, elementConcatWide, 4, byte(c.Ref>>8), byte(c.Ref), byte(c.Total), byte(c.Part))
	}
	return append(dst, 5, elementConcat, 3, byte(c.Ref), byte(c.Total), byte(c.Part))
}

// ParseUDH splits user data into the concatenation named by its header and the text behind it. A header that is longer
// than the data, or elements that do not fit it, make it no header: the whole is returned as text. A concatenation of no
// parts, or of a part beyond the total, is ignored as TS 23.040 §9.2.3.24.1 asks.
func ParseUDH(data []byte) (c Concat, text []byte, header int) {
	if len(data) == 0 || int(data[0])+1 > len(data) {
		return Concat{}, data, 0
	}
	header = int(data[0]) + 1
	for rest := data[1:header]; len(rest) > 0; {
		if len(rest) < 2 || int(rest[1])+2 > len(rest) {
			return Concat{}, data, 0
		}
		value := rest[2 : 2+int(rest[1])]
		switch {
		case rest[0] == elementConcat && len(value) == 3:
			c = Concat{Ref: uint16(value[0]), Total: int(value[1]), Part: int(value[2])}
		case rest[0] == elementConcatWide && len(value) == 4:
			c = Concat{Ref: uint16(value[0])<<8 | uint16(value[1]), Total: int(value[2]), Part: int(value[3]), Wide: true}
		}
		rest = rest[2+int(rest[1]):]
	}
	return c.sane(), data[header:], header
}

func (c Concat) sane() Concat {
	if c.Part < 1 || c.Part > c.Total {
		return Concat{}
	}
	return c
}

// Concatenation finds how a message says that it is a part: header, or the three SAR parameters (§5.3.2.22 to 24).
// text is the user data without header, header its length in octets.
func (m *Message) Concatenation() (c Concat, text []byte, header int) {
	text = m.Payload()
	if m.ESMClass&HasUDH != 0 {
		c, text, header = ParseUDH(text)
	}
	if c.Total > 0 {
		return c, text, header
	}
	ref, ok1 := m.TLVs.Number(TagSarMsgRefNum)
	total, ok2 := m.TLVs.Number(TagSarTotalSegments)
	part, ok3 := m.TLVs.Number(TagSarSegmentSeqnum)
	if ok1 && ok2 && ok3 {
		c = Concat{Ref: uint16(ref), Total: int(total), Part: int(part), Wide: true}.sane()
	}
	return c, text, header
}

// SAR makes the three parameters.
func (c Concat) SAR() TLVs {
	return TLVs{
		NumberTLV(TagSarMsgRefNum, c.Ref, 2),
		NumberTLV(TagSarTotalSegments, uint16(c.Total), 1),
		NumberTLV(TagSarSegmentSeqnum, uint16(c.Part), 1),
	}
}
