package pdu

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// A submit_sm as the specification lays it out (§4.4.1), octet by octet.
func TestSubmitLayout(t *testing.T) {
	m := Message{
		Source: Address{5, 0, "Acme"}, Dest: Address{1, 1, "447700900123"}, ESMClass: HasUDH, Validity: "000000001000000R",
		RegisteredDelivery: 1, DataCoding: 8, ShortMessage: []byte{0, 'a'}, TLVs: TLVs{NumberTLV(TagSarMsgRefNum, 7, 2)},
	}
	want := "\x00\x00\x00\x52\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x09" +
		"\x00" + "\x05\x00Acme\x00" + "\x01\x01447700900123\x00" + "\x40\x00\x00" + "\x00" + "000000001000000R\x00" +
		"\x01\x00\x08\x00\x02" + "\x00a" + "\x02\x0c\x00\x02\x00\x07"
	want = string(binary.BigEndian.AppendUint32(nil, uint32(len(want)))) + want[4:]
	if got := m.Append(nil, SubmitSM, 9); string(got) != want {
		t.Fatalf("\n%q\n%q", got, want)
	}
}

var octets = rapid.SliceOfN(rapid.Byte(), 0, 80)

func address(t *rapid.T, name string) Address {
	return Address{rapid.Byte().Draw(t, "ton"), rapid.Byte().Draw(t, "npi"), rapid.StringMatching(`[0-9A-Za-z]{0,20}`).Draw(t, name)}
}

// Every message comes back as it went, however the stream is cut.
func TestMessageThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]Command{SubmitSM, DeliverSM, DataSM}).Draw(t, "kind")
		m := Message{
			ServiceType: rapid.StringMatching(`[A-Z]{0,5}`).Draw(t, "service"), Source: address(t, "from"), Dest: address(t, "to"),
			ESMClass: rapid.Byte().Draw(t, "esm"), RegisteredDelivery: rapid.Byte().Draw(t, "registered"),
			DataCoding: rapid.Byte().Draw(t, "coding"),
		}
		if kind != DataSM {
			m.Validity = rapid.StringMatching(`[0-9]{0,15}R?`).Draw(t, "validity")
			m.Priority = rapid.Byte().Draw(t, "priority")
			m.ShortMessage = octets.Draw(t, "text")
		}
		for range rapid.IntRange(0, 4).Draw(t, "parameters") {
			m.TLVs = append(m.TLVs, TLV{Tag(rapid.Uint16().Draw(t, "tag")), octets.Draw(t, "value")})
		}
		stream := AppendHeader(nil, Header{Command: EnquireLink, Sequence: 1})
		if kind == DataSM {
			stream = m.AppendData(stream, 2)
		} else {
			stream = m.Append(stream, kind, 2)
		}
		stream = AppendText(stream, Header{Command: SubmitSMResp, Sequence: 3}, "id")
		r := NewReader(iotest.OneByteReader(bytes.NewReader(stream)))
		if rapid.Bool().Draw(t, "at once") {
			r = NewReader(bytes.NewReader(stream))
		}
		if h, _, err := r.Next(); err != nil || h.Command != EnquireLink {
			t.Fatal(h, err)
		}
		h, body, err := r.Next()
		if err != nil || h.Command != kind || h.Sequence != 2 {
			t.Fatal(h, err)
		}
		got, err := ParseMessage(kind, body)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.ShortMessage) == 0 {
			m.ShortMessage, got.ShortMessage = nil, nil
		}
		if !reflect.DeepEqual(got, m) {
			t.Fatalf("\n%+v\n%+v", got, m)
		}
		if h, body, err := r.Next(); err != nil || h.Sequence != 3 || ParseText(body) != "id" {
			t.Fatal(h, err)
		}
		if _, _, err := r.Next(); err != io.EOF {
			t.Fatal(err)
		}
	})
}

// Proves the framing row: impossible lengths are named, half a unit is not taken for an end.
func TestFraming(t *testing.T) {
	for _, n := range []uint32{0, 15, MaxSize + 1, 0xFFFFFFFF} {
		b := AppendHeader(nil, Header{Command: SubmitSM, Sequence: 5})
		binary.BigEndian.PutUint32(b, n)
		r := NewReader(bytes.NewReader(b))
		if h, _, err := r.Next(); !errors.Is(err, ErrLength) || h.Sequence != 5 {
			t.Errorf("%d: %v %v", n, h, err)
		}
	}
	whole := (&Message{ShortMessage: make([]byte, 200), TLVs: TLVs{{TagMessagePayload, make([]byte, 60_000)}}}).Append(nil, SubmitSM, 1)
	for _, cut := range []int{1, 15, 16, 17, 300, len(whole) - 1} {
		if _, _, err := NewReader(bytes.NewReader(whole[:cut])).Next(); err != io.ErrUnexpectedEOF {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
	if _, body, err := NewReader(bytes.NewReader(whole)).Next(); err != nil || len(body) != len(whole)-HeaderSize {
		t.Errorf("%d %v", len(body), err)
	}
}

// Proves: an error response without any body, and one without its NUL, are read.
func TestShortResponses(t *testing.T) {
	if ParseText(nil) != "" || ParseText([]byte("abc")) != "abc" || ParseText([]byte("abc\x00\x00")) != "abc" {
		t.Fail()
	}
}

func TestBindAndQueryThereAndBack(t *testing.T) {
	b := Bind{SystemID: "me", Password: "a longer password than nine", SystemType: "x", Version: Version, TON: 1, NPI: 1, AddressRange: "^44"}
	if got, err := ParseBind(b.Append(nil, BindReceiver, 1)[HeaderSize:]); err != nil || got != b {
		t.Errorf("%+v %v", got, err)
	}
	q := Query{ServiceType: "s", MessageID: "id", Source: Address{1, 1, "1"}, Dest: Address{1, 1, "2"}}
	if got, err := ParseQuery(CancelSM, q.Append(nil, CancelSM, 1)[HeaderSize:]); err != nil || got != q {
		t.Errorf("%+v %v", got, err)
	}
	a := QueryResult{MessageID: "id", FinalDate: "", State: 2, Error: 1}
	if got, err := ParseQueryResult(a.Append(nil, 1)[HeaderSize:]); err != nil || got != a {
		t.Errorf("%+v %v", got, err)
	}
}

func TestConcatenation(t *testing.T) {
	for name, c := range map[string]struct {
		m    Message
		want Concat
		text string
	}{
		"8 bit":               {Message{ESMClass: HasUDH, ShortMessage: []byte("\x05\x00\x03\x2a\x03\x02hi")}, Concat{0x2a, 2, 3, false}, "hi"},
		"16 bit":              {Message{ESMClass: HasUDH, ShortMessage: []byte("\x06\x08\x04\x01\x2a\x03\x02hi")}, Concat{0x12a, 2, 3, true}, "hi"},
		"behind port numbers": {Message{ESMClass: HasUDH, ShortMessage: []byte("\x0b\x05\x04\x00\x01\x00\x02\x00\x03\x07\x02\x01hi")}, Concat{7, 1, 2, false}, "hi"},
		"sar":                 {Message{ShortMessage: []byte("hi"), TLVs: Concat{Ref: 9, Part: 2, Total: 2}.SAR()}, Concat{9, 2, 2, true}, "hi"},
		"no header bit":       {Message{ShortMessage: []byte("\x05\x00\x03\x2a\x03\x02hi")}, Concat{}, "\x05\x00\x03\x2a\x03\x02hi"},
		"part beyond total":   {Message{ESMClass: HasUDH, ShortMessage: []byte("\x05\x00\x03\x2a\x03\x04hi")}, Concat{}, "hi"},
		"longer than data":    {Message{ESMClass: HasUDH, ShortMessage: []byte("\x50hi")}, Concat{}, "\x50hi"},
		"in the payload":      {Message{ESMClass: HasUDH, TLVs: TLVs{{TagMessagePayload, []byte("\x05\x00\x03\x01\x02\x01hi")}}}, Concat{1, 1, 2, false}, "hi"},
	} {
		if got, text, _ := c.m.Concatenation(); got != c.want || string(text) != c.text {
			t.Errorf("%s: %+v %q", name, got, text)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add((&Message{ShortMessage: []byte("x")}).Append(nil, SubmitSM, 1))
	f.Add(AppendHeader(nil, Header{Command: Unbind, Sequence: 1}))
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := NewReader(bytes.NewReader(stream))
		read := 0
		for {
			ready := r.Ready()
			h, body, err := r.Next()
			if err != nil {
				if ready && !errors.Is(err, ErrLength) {
					t.Fatalf("ready, but %v", err)
				}
				return
			}
			if read += HeaderSize + len(body); read > len(stream) {
				t.Fatal("more than there was")
			}
			ParseBind(body)
			ParseQuery(h.Command, body)
			ParseQueryResult(body)
			for _, kind := range []Command{SubmitSM, DataSM} {
				m, err := ParseMessage(kind, body)
				if err != nil {
					continue
				}
				again := m.Append(nil, SubmitSM, 1)
				if _, err := ParseMessage(SubmitSM, again[HeaderSize:]); err != nil {
					t.Fatalf("what was read cannot be read again: %v", err)
				}
			}
		}
	})
}

func FuzzUDH(f *testing.F) {
	f.Add([]byte("\x05\x00\x03\x2a\x03\x02hi"))
	f.Add([]byte("\x06\x08\x04\x01\x2a\x03\x02hi"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, text, header := ParseUDH(data)
		if header+len(text) != len(data) || c.Total > 0 && (c.Part < 1 || c.Part > c.Total) || c.Total > 255 {
			t.Fatalf("%+v, %d octets of header, %d of text, %d in all", c, header, len(text), len(data))
		}
	})
}
