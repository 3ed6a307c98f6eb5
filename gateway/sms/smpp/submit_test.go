package smpp

import (
	"strings"
	"testing"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp/pdu"
)

// Proves the address row: alphanumeric 5/0, short code 3/0, E.164 1/1 without plus, nothing that breaks the unit.
func TestAddresses(t *testing.T) {
	o := Options{}.withDefaults()
	for in, want := range map[string]pdu.Address{
		"+447700900123": {TON: 1, NPI: 1, Number: "447700900123"}, "12345": {TON: 3, NPI: 0, Number: "12345"},
		"Watchword": {TON: 5, NPI: 0, Number: "Watchword"}, "": {}, "+": {}, "Twelve chars": {}, "a\x00b": {}, "Café": {}, "+44x": {},
		"123456789012345678901": {},
	} {
		if got, _, ok := o.address(in); ok != (want.Number != "") || ok && got != want {
			t.Errorf("%q: %+v %v", in, got, ok)
		}
	}
	s := sms.Segment{From: "Acme", To: "Bob", Data: []byte("x"), Total: 1}
	if _, word := o.message(&s, nil); word != "invalid_destination" {
		t.Errorf("a name as destination: %q", word)
	}
}

// Proves the long-message row octet by octet.
func TestParts(t *testing.T) {
	s := sms.Segment{From: "Acme", To: "+447700900123", Data: []byte("hi"), Text: "hi", Ref: 0x122A, Part: 2, Total: 3}
	for name, c := range map[string]struct {
		o    Options
		want string
		esm  byte
		tlvs int
	}{
		"8 bit":  {Options{}, "\x05\x00\x03\x2a\x03\x02hi", 0x40, 0},
		"16 bit": {Options{Concat: UDH16}, "\x06\x08\x04\x12\x2a\x03\x02hi", 0x40, 0},
		"sar":    {Options{Concat: SAR}, "hi", 0, 3},
		// One fill bit after six octets: h=0x68, i=0x69 shifted by one.
		"packed": {Options{Packed: true}, "\x05\x00\x03\x2a\x03\x02\xd0\x69", 0x40, 0},
	} {
		o := c.o.withDefaults()
		m, word := o.message(&s, nil)
		if word != "" || string(m.ShortMessage) != c.want || m.ESMClass != c.esm || len(m.TLVs) != c.tlvs {
			t.Errorf("%s: %q %+v", name, word, m)
		}
	}
}

func TestWholeTextsGoAsPayload(t *testing.T) {
	o := Options{Concat: Payload}.withDefaults()
	for _, n := range []int{160, 161, 2000} {
		text := strings.Repeat("a", n)
		coding, parts := encoding.Split(text, o.TextOptions())
		m, word := o.message(&sms.Segment{From: "1", To: "+44", Coding: coding, Data: parts[0].Data, Text: text, Total: 1}, nil)
		payload, ok := m.TLVs.Get(pdu.TagMessagePayload)
		if word != "" || ok != (n > 160) || ok && (len(payload) != n || len(m.ShortMessage) > 0) {
			t.Errorf("%d: %q, %d in short_message, %d in message_payload", n, word, len(m.ShortMessage), len(payload))
		}
	}
}

// A text cut for a GSM route meets a Latin-1 route: rewritten, sent as UCS-2 when short, refused otherwise.
func TestTranscoding(t *testing.T) {
	o := Options{Alphabet: encoding.Latin1, DataCodings: map[encoding.Coding]byte{encoding.Latin1: 0}}.withDefaults()
	for _, c := range []struct {
		text, word string
		coding     byte
		want       string
	}{
		{"é@{", "", 0, "\xe9@{"},
		{"Ω", "", 8, "\x03\xa9"},
		{strings.Repeat("Ω", 71), "not_in_alphabet", 0, ""},
	} {
		data, _ := encoding.GSM7.Encode(c.text)
		m, word := o.message(&sms.Segment{From: "1", To: "+44", Data: data, Text: c.text, Total: 1}, nil)
		if word != c.word || word == "" && (m.DataCoding != c.coding || string(m.ShortMessage) != c.want) {
			t.Errorf("%q: %q %+v", c.text, word, m)
		}
	}
}

func TestValidity(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "", 10 * time.Minute: "000000001000000R", time.Millisecond: "000000000001000R",
		25*time.Hour + time.Second: "000001010001000R", 1000 * time.Hour: "000030000000000R",
	} {
		if got := relativeTime(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
