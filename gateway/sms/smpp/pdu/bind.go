package pdu

// Version is interface_version 3.4 (§5.2.4).
const Version byte = 0x34

// Bind is the body of the three bind requests (§4.1).
type Bind struct {
	SystemID, Password, SystemType string
	Version                        byte
	TON, NPI                       byte
	AddressRange                   string
}

// Append writes a bind request of the given kind.
func (b Bind) Append(dst []byte, kind Command, sequence uint32) []byte {
	from := len(dst)
	dst = AppendHeader(dst, Header{Command: kind, Sequence: sequence})
	dst = appendText(dst, b.SystemID)
	dst = appendText(dst, b.Password)
	dst = appendText(dst, b.SystemType)
	dst = append(dst, b.Version, b.TON, b.NPI)
	return finish(appendText(dst, b.AddressRange), from)
}

// ParseBind reads a bind request's body. Lengths beyond the specification's are accepted up to 255 octets: carriers give
// out longer passwords than the nine it allows.
func ParseBind(body []byte) (Bind, error) {
	c := cursor{rest: body}
	b := Bind{SystemID: c.text(255), Password: c.text(255), SystemType: c.text(255)}
	b.Version, b.TON, b.NPI = c.octet(), c.octet(), c.octet()
	b.AddressRange = c.text(255)
	return b, c.err()
}

// AppendText writes a response whose body is one C-octet string: bind, submit_sm and data_sm responses, which carry the
// peer's name or the message_id.
func AppendText(dst []byte, h Header, text string, tlvs ...TLV) []byte {
	from := len(dst)
	dst = AppendHeader(dst, h)
	return finish(appendTLVs(appendText(dst, text), tlvs), from)
}

// ParseText reads such a body. A response that says an error, and some that do not, may have no body at all (§4.4.2
// note); then the text is empty.
func ParseText(body []byte) string {
	for i, b := range body {
		if b == 0 {
			return string(body[:i])
		}
	}
	return string(body)
}
