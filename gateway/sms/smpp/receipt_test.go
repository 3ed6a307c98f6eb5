package smpp

import (
	"testing"
	"time"
	"unicode/utf8"

	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp/pdu"
)

// Proves the row "receipt text" of messaging.md part 1.
func TestReceiptText(t *testing.T) {
	standard := "id:0123456789 sub:001 dlvrd:001 submit date:2607010930 done date:2607010931 stat:DELIVRD err:000 text:Hello"
	for in, want := range map[string]ReceiptText{
		standard: {"0123456789", "001", "001", "2607010930", "2607010931", "DELIVRD", "000", "Hello"},
		"ID:ab-1 SUB:1 DLVRD:1 Submit Date:260701093000 Done Date:260701093100 STAT:delivrd ERR:0 Text:": {
			"ab-1", "1", "1", "260701093000", "260701093100", "delivrd", "0", ""},
		"stat:FAILED id:77 err:  done date:0000000000": {ID: "77", Stat: "FAILED", DoneDate: "0000000000"},
		"id:1 stat:UNDELIV text:id:2 stat:DELIVRD":     {ID: "1", Stat: "UNDELIV", Text: "id:2 stat:DELIVRD"},
		"text:my words id:5 stat:EXPIRED":              {ID: "5", Stat: "EXPIRED", Text: "my words"},
		"id: 9 stat: REJECTD err: 12":                  {ID: "9", Stat: "REJECTD", Error: "12"},
		"id:a\x00 stat:DELIVRD":                        {ID: "a", Stat: "DELIVRD"},
		"paid:5 restat:x":                              {},
		"":                                             {},
	} {
		if got := ParseReceipt(in); got != want {
			t.Errorf("%q:\n got %+v\nwant %+v", in, got, want)
		}
	}
}

func TestReceiptDates(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	for in, want := range map[string]string{
		"2607010931": "2026-07-01T09:31:00+02:00", "260701093107": "2026-07-01T09:31:07+02:00",
		"20260701093107": "2026-07-01T09:31:07+02:00", "0000000000": "", "": "", "26070109": "", "notadate..": "",
	} {
		got := parseDate(in, zone)
		if want == "" && !got.IsZero() || want != "" && got.Format(time.RFC3339) != want {
			t.Errorf("%q: %v, want %q", in, got, want)
		}
	}
}

// Proves: parameters win over text, NULs are stripped, type bits and content, the words outside the specification.
func TestInterpretReceipts(t *testing.T) {
	text := "id:77 sub:001 dlvrd:000 stat:ENROUTE err:005 text:"
	o := Options{ReceiptStates: map[string]sms.ReceiptState{"ODD": sms.RejectedState}}.withDefaults()
	byContent := o
	byContent.ReceiptsByContent = true
	tlvs := pdu.TLVs{
		{Tag: 0x1400, Value: []byte("vendor")}, {Tag: pdu.TagMessageState, Value: []byte{2}},
		{Tag: pdu.TagNetworkErrorCode, Value: []byte{3, 0, 9}}, {Tag: pdu.TagReceiptedMessageID, Value: []byte("AB\x00")},
	}
	for name, c := range map[string]struct {
		o     Options
		m     pdu.Message
		id    string
		state sms.ReceiptState
		code  string
	}{
		"text":               {o, pdu.Message{ESMClass: 4, ShortMessage: []byte(text)}, "77", sms.Enroute, "005"},
		"parameters win":     {o, pdu.Message{ESMClass: 4, ShortMessage: []byte(text), TLVs: tlvs}, "AB", sms.Delivered, "9"},
		"parameters alone":   {o, pdu.Message{ESMClass: 4, TLVs: tlvs}, "AB", sms.Delivered, "9"},
		"parameters, no bit": {o, pdu.Message{TLVs: tlvs}, "AB", sms.Delivered, "9"},
		"intermediate":       {o, pdu.Message{ESMClass: 0x20, ShortMessage: []byte("id:1")}, "1", sms.Enroute, ""},
		"in the payload":     {o, pdu.Message{ESMClass: 4, TLVs: pdu.TLVs{{Tag: pdu.TagMessagePayload, Value: []byte(text)}}}, "77", sms.Enroute, "005"},
		"failed":             {o, pdu.Message{ESMClass: 4, ShortMessage: []byte("id:1 stat:FAILED")}, "1", sms.Undelivered, ""},
		"a word of its own":  {o, pdu.Message{ESMClass: 4, ShortMessage: []byte("id:1 stat:odd")}, "1", sms.RejectedState, ""},
		"a word unheard of":  {o, pdu.Message{ESMClass: 4, ShortMessage: []byte("id:1 stat:WHAT")}, "1", sms.UnknownState, ""},
		"by content":         {byContent, pdu.Message{ShortMessage: []byte(text)}, "77", sms.Enroute, "005"},
		"UCS-2":              {o, pdu.Message{ESMClass: 4, DataCoding: 8, ShortMessage: []byte("\x00i\x00d\x00:\x001")}, "1", sms.UnknownState, ""},
	} {
		r, in := c.o.interpret(&c.m)
		if in != nil || r == nil || r.CarrierID != c.id || r.State != c.state || r.ErrorCode != c.code {
			t.Errorf("%s: %+v %+v", name, r, in)
		}
	}
	for _, o := range []Options{o, byContent} {
		if _, in := o.interpret(&pdu.Message{ShortMessage: []byte("my id:5 please")}); in == nil {
			t.Error("a text that is no report was taken for one")
		}
	}
	if _, in := o.interpret(&pdu.Message{ShortMessage: []byte(text)}); in == nil {
		t.Error("a phone can forge reports on a route that marks its own")
	}
}

// Proves "every alphabet" of inbound texts.
func TestInboundAlphabets(t *testing.T) {
	o := Options{}.withDefaults()
	packed := Options{Packed: true}.withDefaults()
	for name, c := range map[string]struct {
		o    Options
		m    pdu.Message
		want string
	}{
		"GSM":                  {o, pdu.Message{ShortMessage: []byte("\x00\x1b\x65")}, "@€"},
		"Latin-1 as default":   {o, pdu.Message{ShortMessage: []byte("caf\xe9 @")}, "café @"},
		"ASCII":                {o, pdu.Message{DataCoding: 1, ShortMessage: []byte("a@$")}, "a@$"},
		"Latin-1":              {o, pdu.Message{DataCoding: 3, ShortMessage: []byte("\xe7")}, "ç"},
		"Cyrillic":             {o, pdu.Message{DataCoding: 6, ShortMessage: []byte("\xb4\xd0")}, "Да"},
		"Hebrew":               {o, pdu.Message{DataCoding: 7, ShortMessage: []byte("\xf9")}, "ש"},
		"Japanese":             {o, pdu.Message{DataCoding: 5, ShortMessage: []byte("\x93\xfa")}, "日"},
		"Korean":               {o, pdu.Message{DataCoding: 14, ShortMessage: []byte("\xc7\xd1")}, "한"},
		"UCS-2":                {o, pdu.Message{DataCoding: 8, ShortMessage: []byte("\x04\x14\xd8\x3d\xde\x00")}, "Д😀"},
		"class 0, GSM":         {o, pdu.Message{DataCoding: 0xF0, ShortMessage: []byte("\x00")}, "@"},
		"class 1, 8 bit":       {o, pdu.Message{DataCoding: 0xF5, ShortMessage: []byte("\xe9")}, "é"},
		"class 1, UCS-2":       {o, pdu.Message{DataCoding: 0x19, ShortMessage: []byte("\x04\x14")}, "Д"},
		"packed":               {packed, pdu.Message{ShortMessage: []byte("\xe8\x32\x9b\xfd\x46\x97\xd9\xec\x37")}, "hellohello"},
		"data_sm, the payload": {o, pdu.Message{TLVs: pdu.TLVs{{Tag: pdu.TagMessagePayload, Value: []byte("hi")}}}, "hi"},
	} {
		_, in := c.o.interpret(&c.m)
		if in == nil || in.Text != c.want || in.Part != 1 || in.Total != 1 {
			t.Errorf("%s: %+v, want %q", name, in, c.want)
		}
	}
}

func FuzzReceipt(f *testing.F) {
	f.Add("id:1 sub:001 dlvrd:001 submit date:2607010930 done date:2607010931 stat:DELIVRD err:000 text:x", byte(4), byte(0))
	f.Add("text:id:stat:", byte(0), byte(8))
	f.Fuzz(func(t *testing.T, text string, esm, coding byte) {
		ParseReceipt(text)
		o := Options{ReceiptsByContent: esm&1 == 0}.withDefaults()
		r, in := o.interpret(&pdu.Message{ESMClass: esm, DataCoding: coding, ShortMessage: []byte(text)})
		if (r == nil) == (in == nil) {
			t.Fatalf("%+v %+v", r, in)
		}
		if in != nil && !utf8.ValidString(in.Text) || r != nil && !utf8.ValidString(r.Raw) {
			t.Fatal("invalid UTF-8")
		}
	})
}
