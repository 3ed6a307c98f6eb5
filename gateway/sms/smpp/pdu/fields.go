package pdu

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// ErrBody says that a mandatory field is missing, longer than the unit, or not closed by its NUL.
var ErrBody = errors.New("smpp: malformed body")

// cursor reads mandatory fields in their order; after a fault it gives zero values and keeps the fault.
type cursor struct {
	rest   []byte
	failed bool
}

func (c *cursor) octet() byte {
	if len(c.rest) == 0 {
		c.failed = true
		return 0
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b
}

// text reads a C-octet string of at most limit octets, its NUL not counted.
func (c *cursor) text(limit int) string {
	n := bytes.IndexByte(c.rest, 0)
	if n < 0 || n > limit {
		c.failed = true
		return ""
	}
	s := string(c.rest[:n])
	c.rest = c.rest[n+1:]
	return s
}

func (c *cursor) octets(n int) []byte {
	if n > len(c.rest) {
		c.failed = true
		return nil
	}
	b := c.rest[:n:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cursor) err() error {
	if c.failed {
		return ErrBody
	}
	return nil
}

// appendText writes a C-octet string. A NUL inside would shift every field behind it, so the text ends there.
func appendText(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == 0 {
			s = s[:i]
			break
		}
	}
	return append(append(dst, s...), 0)
}

// Tag names an optional parameter (§5.3.2).
type Tag uint16

// The optional parameters that are acted upon or sent.
const (
	TagReceiptedMessageID Tag = 0x001E
	TagUserMessageRef     Tag = 0x0204
	TagSarMsgRefNum       Tag = 0x020C
	TagSarTotalSegments   Tag = 0x020E
	TagSarSegmentSeqnum   Tag = 0x020F
	TagSCInterfaceVersion Tag = 0x0210
	TagNetworkErrorCode   Tag = 0x0423
	TagMessagePayload     Tag = 0x0424
	TagMessageState       Tag = 0x0427
)

// TLV is one optional parameter; unknown ones are kept as they came.
type TLV struct {
	Tag   Tag
	Value []byte
}

// TLVs are the optional parameters of a unit, in any order.
type TLVs []TLV

// Get returns the first parameter with the tag.
func (t TLVs) Get(tag Tag) ([]byte, bool) {
	for i := range t {
		if t[i].Tag == tag {
			return t[i].Value, true
		}
	}
	return nil, false
}

// Text returns a parameter that is a C-octet string; some senders leave the NUL away, some pad with several.
func (t TLVs) Text(tag Tag) (string, bool) {
	v, ok := t.Get(tag)
	if i := bytes.IndexByte(v, 0); i >= 0 {
		v = v[:i]
	}
	return string(v), ok
}

// Number returns an unsigned parameter of one to four octets, whatever size its sender chose.
func (t TLVs) Number(tag Tag) (uint32, bool) {
	v, ok := t.Get(tag)
	if !ok || len(v) == 0 || len(v) > 4 {
		return 0, false
	}
	n := uint32(0)
	for _, b := range v {
		n = n<<8 | uint32(b)
	}
	return n, true
}

// readTLVs reads the rest of a body. Octets at the end that cannot be a parameter are dropped: several gateways pad,
// and the mandatory part is complete by then.
func readTLVs(rest []byte) TLVs {
	var out TLVs
	for len(rest) >= 4 {
		tag, n := Tag(binary.BigEndian.Uint16(rest)), int(binary.BigEndian.Uint16(rest[2:]))
		if 4+n > len(rest) {
			break
		}
		out = append(out, TLV{tag, rest[4 : 4+n : 4+n]})
		rest = rest[4+n:]
	}
	return out
}

func appendTLVs(dst []byte, tlvs TLVs) []byte {
	for _, t := range tlvs {
		dst = binary.BigEndian.AppendUint16(dst, uint16(t.Tag))
		dst = binary.BigEndian.AppendUint16(dst, uint16(len(t.Value)))
		dst = append(dst, t.Value...)
	}
	return dst
}
