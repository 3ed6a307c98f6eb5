package smpp

import (
	"strings"

	xencoding "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"

	"watchword/gateway/sms/encoding"
)

// otherAlphabets are the values of data_coding (SMPP 3.4 §5.2.19) that need a table of their own.
var otherAlphabets = map[byte]xencoding.Encoding{
	5:  japanese.ShiftJIS, // JIS X 0208-1990, in practice sent as Shift JIS
	6:  charmap.ISO8859_5,
	7:  charmap.ISO8859_8,
	10: japanese.ISO2022JP,
	13: japanese.EUCJP, // Extended Kanji, JIS X 0212-1990
	14: korean.EUCKR,   // KS C 5601
}

// text decodes inbound user data; header is the length of the user data header before it.
func (o *Options) text(dataCoding byte, data []byte, header int) string {
	if other, ok := otherAlphabets[dataCoding]; ok {
		if decoded, err := other.NewDecoder().Bytes(data); err == nil {
			return strings.ToValidUTF8(string(decoded), "\uFFFD")
		}
		return encoding.Latin1.Decode(data)
	}
	c := o.coding(dataCoding)
	if c != encoding.GSM7 {
		return c.Decode(data)
	}
	if o.Packed {
		return c.Decode(encoding.Unpack(data, encoding.FillBits(header)))
	}
	for _, b := range data {
		if b > 0x7F { // no septet: the SMSC means Latin-1 whatever it promised
			return encoding.Latin1.Decode(data)
		}
	}
	return c.Decode(data)
}

// coding says what a data_coding value means on this route: first what the route itself sends by it, then SMPP's table,
// and from 0x10 the coding groups of 3GPP TS 23.038 §4.
func (o *Options) coding(dataCoding byte) encoding.Coding {
	if dataCoding == 0 {
		return o.Alphabet
	}
	for _, c := range []encoding.Coding{encoding.UCS2, encoding.GSM7, encoding.Latin1, encoding.ASCII, encoding.Binary} {
		if value, ok := o.DataCodings[c]; ok && value == dataCoding {
			return c
		}
	}
	switch {
	case dataCoding == 1:
		return encoding.ASCII
	case dataCoding == 3:
		return encoding.Latin1
	case dataCoding == 2 || dataCoding == 4 || dataCoding == 9:
		return encoding.Binary
	case dataCoding == 8 || dataCoding>>4 == 0xE:
		return encoding.UCS2
	case dataCoding>>4 == 0xF && dataCoding&4 != 0:
		return encoding.Binary
	case dataCoding >= 0x10 && dataCoding < 0x80 && dataCoding&0x0C == 8:
		return encoding.UCS2
	case dataCoding >= 0x10 && dataCoding < 0x80 && dataCoding&0x0C == 4:
		return encoding.Binary
	}
	return encoding.GSM7
}
