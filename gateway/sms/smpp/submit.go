package smpp

import (
	"strings"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp/pdu"
)

// maxShort is the most octets short_message holds (SMPP 3.4 §5.2.22).
const maxShort = 254

// message builds the submit_sm of a segment. The word says why it cannot be sent, "" when it can.
func (o *Options) message(s *sms.Segment, scratch []byte) (pdu.Message, string) {
	m := pdu.Message{ServiceType: o.ServiceType, RegisteredDelivery: 1, Validity: relativeTime(s.Validity)}
	if o.NoReceipts {
		m.RegisteredDelivery = 0
	}
	if s.Urgent {
		m.Priority = o.UrgentPriority
	}
	var ok, name bool
	if m.Source, _, ok = o.address(s.From); !ok {
		return m, "invalid_source"
	}
	if m.Dest, name, ok = o.address(s.To); !ok || name {
		return m, "invalid_destination"
	}
	coding, data, ok := o.transcode(s)
	if !ok {
		return m, "not_in_alphabet"
	}
	m.DataCoding = o.DataCodings[coding]
	if s.Total > encoding.MaxParts {
		return m, "too_long"
	}
	return m, o.place(&m, s, coding, data, scratch)
}

// place puts the user data, with its concatenation, where the route wants it.
func (o *Options) place(m *pdu.Message, s *sms.Segment, coding encoding.Coding, data, scratch []byte) string {
	packed := o.Packed && coding == encoding.GSM7
	if s.Total <= 1 {
		limit := 140
		if coding != encoding.UCS2 && coding != encoding.Binary && !packed {
			limit = 160
		}
		if packed {
			data = encoding.Pack(data, 0)
		}
		if len(data) <= limit {
			m.ShortMessage = data
		} else {
			m.TLVs = pdu.TLVs{{Tag: pdu.TagMessagePayload, Value: data}}
		}
		if len(data) > pdu.MaxSize-1024 {
			return "too_long"
		}
		return ""
	}
	concat := pdu.Concat{Ref: s.Ref, Part: s.Part, Total: s.Total, Wide: o.Concat == UDH16}
	if o.Concat == SAR {
		if packed {
			data = encoding.Pack(data, 0)
		}
		m.ShortMessage, m.TLVs = data, concat.SAR()
	} else {
		m.ESMClass |= pdu.HasUDH
		out := pdu.AppendUDH(scratch[:0], concat)
		if packed {
			data = encoding.Pack(data, encoding.FillBits(len(out)))
		}
		m.ShortMessage = append(out, data...)
	}
	if len(m.ShortMessage) > maxShort {
		return "too_long"
	}
	return ""
}

// transcode writes GSM-7 in the route's own alphabet. A text that was cut for another route may not fit it: it goes as
// UCS-2 if it is short enough for that, and is refused otherwise, never altered.
func (o *Options) transcode(s *sms.Segment) (encoding.Coding, []byte, bool) {
	if s.Coding != encoding.GSM7 || o.Alphabet == encoding.GSM7 {
		return s.Coding, s.Data, true
	}
	text := s.Text
	if text == "" {
		text = s.Coding.Decode(s.Data)
	}
	if data, ok := o.Alphabet.Encode(text); ok {
		return o.Alphabet, data, true
	}
	data, _ := encoding.UCS2.Encode(text)
	single, part := encoding.Options{WideRef: o.Concat == UDH16}.Limits(encoding.UCS2)
	if s.Total > 1 {
		single = part
	}
	return encoding.UCS2, data, len(data) <= 2*single
}

// address sorts a number or a name into its kind. Not ok is what cannot stand in an address field: more than 20
// characters (11 for a name), anything but printable ASCII, or nothing.
func (o *Options) address(s string) (a pdu.Address, name, ok bool) {
	number, international := strings.CutPrefix(s, "+")
	for i := 0; i < len(number); i++ {
		if number[i] < ' ' || number[i] > '~' {
			return a, false, false
		}
		name = name || number[i] < '0' || number[i] > '9'
	}
	if number == "" || len(number) > 20 || name && (international || len(number) > 11) {
		return a, name, false
	}
	kind := o.ShortCode
	switch {
	case international:
		kind = o.International
	case name:
		kind = o.Alphanumeric
	}
	return pdu.Address{TON: kind.TON, NPI: kind.NPI, Number: number}, name, true
}

// relativeTime writes a validity period (SMPP 3.4 §7.1.1.2), rounded up to seconds and at most 30 days. "" for none.
func relativeTime(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	s := int((min(d, 30*24*time.Hour) + time.Second - 1) / time.Second)
	t := []byte("000000000000000R")
	for i, n := range [...]int{s / 86400, s / 3600 % 24, s / 60 % 60, s % 60} {
		t[4+2*i], t[5+2*i] = byte('0'+n/10), byte('0'+n%10)
	}
	return string(t)
}
