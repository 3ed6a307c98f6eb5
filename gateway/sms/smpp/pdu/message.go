package pdu

import "encoding/binary"

// Address is a source or destination: digits or an alphanumeric name, never with a plus.
type Address struct {
	TON, NPI byte
	Number   string
}

// Message is the body of submit_sm and deliver_sm (§4.4.1, §4.6.1), and as far as its fields go of data_sm (§4.7.1).
type Message struct {
	ServiceType        string
	Source, Dest       Address
	ESMClass           byte
	ProtocolID         byte
	Priority           byte
	Schedule, Validity string
	RegisteredDelivery byte
	ReplaceIfPresent   byte
	DataCoding         byte
	DefaultMessageID   byte
	ShortMessage       []byte // at most 254 octets; longer ones go as TagMessagePayload
	TLVs               TLVs
}

const (
	addressLimit = 65 // 20 for SMS, 64 for data_sm; some senders do not keep to it
	timeLimit    = 17
	serviceLimit = 63
)

// Append writes submit_sm or deliver_sm. ShortMessage must not exceed 254 octets.
func (m *Message) Append(dst []byte, kind Command, sequence uint32) []byte {
	from := len(dst)
	dst = AppendHeader(dst, Header{Command: kind, Sequence: sequence})
	dst = appendText(dst, m.ServiceType)
	dst = appendAddress(dst, m.Source)
	dst = appendAddress(dst, m.Dest)
	dst = append(dst, m.ESMClass, m.ProtocolID, m.Priority)
	dst = appendText(dst, m.Schedule)
	dst = appendText(dst, m.Validity)
	dst = append(dst, m.RegisteredDelivery, m.ReplaceIfPresent, m.DataCoding, m.DefaultMessageID, byte(len(m.ShortMessage)))
	dst = append(dst, m.ShortMessage...)
	return finish(appendTLVs(dst, m.TLVs), from)
}

// AppendData writes data_sm, whose text is always TagMessagePayload.
func (m *Message) AppendData(dst []byte, sequence uint32) []byte {
	from := len(dst)
	dst = AppendHeader(dst, Header{Command: DataSM, Sequence: sequence})
	dst = appendText(dst, m.ServiceType)
	dst = appendAddress(dst, m.Source)
	dst = appendAddress(dst, m.Dest)
	dst = append(dst, m.ESMClass, m.RegisteredDelivery, m.DataCoding)
	return finish(appendTLVs(dst, m.TLVs), from)
}

// ParseMessage reads submit_sm, deliver_sm or data_sm. Octets of the result alias body.
func ParseMessage(kind Command, body []byte) (Message, error) {
	c := cursor{rest: body}
	m := Message{ServiceType: c.text(serviceLimit)}
	m.Source, m.Dest = c.address(), c.address()
	m.ESMClass = c.octet()
	if kind == DataSM {
		m.RegisteredDelivery, m.DataCoding = c.octet(), c.octet()
	} else {
		m.ProtocolID, m.Priority = c.octet(), c.octet()
		m.Schedule, m.Validity = c.text(timeLimit), c.text(timeLimit)
		m.RegisteredDelivery, m.ReplaceIfPresent = c.octet(), c.octet()
		m.DataCoding, m.DefaultMessageID = c.octet(), c.octet()
		m.ShortMessage = c.octets(int(c.octet()))
	}
	if c.failed {
		return Message{}, ErrBody
	}
	m.TLVs = readTLVs(c.rest)
	return m, nil
}

// Payload is the user data wherever it stands: message_payload, or else short_message (§5.3.2.32).
func (m *Message) Payload() []byte {
	if len(m.ShortMessage) == 0 {
		if v, ok := m.TLVs.Get(TagMessagePayload); ok {
			return v
		}
	}
	return m.ShortMessage
}

func appendAddress(dst []byte, a Address) []byte {
	return appendText(append(dst, a.TON, a.NPI), a.Number)
}

func (c *cursor) address() Address {
	return Address{TON: c.octet(), NPI: c.octet(), Number: c.text(addressLimit)}
}

// Query is the body of query_sm (§4.8.1) and, with Dest, of cancel_sm (§4.9.1).
type Query struct {
	ServiceType  string // cancel_sm only
	MessageID    string
	Source, Dest Address // Dest in cancel_sm only
}

// Append writes query_sm or cancel_sm.
func (q Query) Append(dst []byte, kind Command, sequence uint32) []byte {
	from := len(dst)
	dst = AppendHeader(dst, Header{Command: kind, Sequence: sequence})
	if kind == CancelSM {
		dst = appendText(dst, q.ServiceType)
	}
	dst = appendAddress(appendText(dst, q.MessageID), q.Source)
	if kind == CancelSM {
		dst = appendAddress(dst, q.Dest)
	}
	return finish(dst, from)
}

// ParseQuery reads query_sm or cancel_sm.
func ParseQuery(kind Command, body []byte) (Query, error) {
	c := cursor{rest: body}
	var q Query
	if kind == CancelSM {
		q.ServiceType = c.text(serviceLimit)
	}
	q.MessageID, q.Source = c.text(addressLimit), c.address()
	if kind == CancelSM {
		q.Dest = c.address()
	}
	return q, c.err()
}

// QueryResult is the body of query_sm_resp (§4.8.2).
type QueryResult struct {
	MessageID string
	FinalDate string
	State     byte // message_state, §5.2.28
	Error     byte
}

// Append writes query_sm_resp.
func (q QueryResult) Append(dst []byte, sequence uint32) []byte {
	from := len(dst)
	dst = AppendHeader(dst, Header{Command: QuerySMResp, Sequence: sequence})
	dst = appendText(appendText(dst, q.MessageID), q.FinalDate)
	return finish(append(dst, q.State, q.Error), from)
}

// ParseQueryResult reads query_sm_resp.
func ParseQueryResult(body []byte) (QueryResult, error) {
	c := cursor{rest: body}
	q := QueryResult{MessageID: c.text(addressLimit), FinalDate: c.text(timeLimit)}
	q.State, q.Error = c.octet(), c.octet()
	return q, c.err()
}

// NumberTLV makes an optional parameter of one or two octets.
func NumberTLV(tag Tag, value uint16, octets int) TLV {
	if octets == 1 {
		return TLV{tag, []byte{byte(value)}}
	}
	return TLV{tag, binary.BigEndian.AppendUint16(nil, value)}
}
