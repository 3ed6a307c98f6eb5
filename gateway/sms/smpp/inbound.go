package smpp

import (
	"strconv"
	"strings"

	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp/pdu"
)

// interpret reads a deliver_sm or data_sm as a receipt or as a message from a phone; exactly one of the two is set.
func (o *Options) interpret(m *pdu.Message) (*sms.Receipt, *sms.Inbound) {
	kind := m.ESMClass & pdu.TypeMask
	_, named := m.TLVs.Get(pdu.TagReceiptedMessageID)
	if kind == pdu.TypeReceipt || kind == pdu.TypeInterim || named {
		r := o.receipt(m)
		if r.State == "" {
			r.State = sms.UnknownState
			if kind == pdu.TypeInterim {
				r.State = sms.Enroute
			}
		}
		return r, nil
	}
	if o.ReceiptsByContent {
		if r := o.receipt(m); r.CarrierID != "" && r.State != "" {
			return r, nil
		}
	}
	c, data, header := m.Concatenation()
	in := &sms.Inbound{
		From: number(m.Source), To: number(m.Dest), Text: o.text(m.DataCoding, data, header),
		Ref: c.Ref, Part: c.Part, Total: c.Total,
	}
	if c.Total == 0 {
		in.Part, in.Total = 1, 1
	}
	return nil, in
}

// receipt reads a delivery report: its text, then its parameters, which win. No State when neither names one.
func (o *Options) receipt(m *pdu.Message) *sms.Receipt {
	data := m.Payload()
	if m.ESMClass&pdu.HasUDH != 0 {
		_, data, _ = pdu.ParseUDH(data)
	}
	// Reports are written in ASCII whatever data_coding says, with one exception.
	raw := encoding.Latin1.Decode(data)
	if m.DataCoding == 8 {
		raw = encoding.UCS2.Decode(data)
	}
	fields := ParseReceipt(raw)
	r := &sms.Receipt{
		CarrierID: fields.ID, ErrorCode: fields.Error, From: number(m.Source), To: number(m.Dest), Raw: raw,
		DoneAt: parseDate(fields.DoneDate, o.ReceiptZone),
	}
	if fields.Stat != "" {
		r.State = o.state(fields.Stat)
	}
	if id, ok := m.TLVs.Text(pdu.TagReceiptedMessageID); ok && id != "" {
		r.CarrierID = id
	}
	if n, ok := m.TLVs.Number(pdu.TagMessageState); ok {
		if state, known := stateNumbers[n]; known {
			r.State = state
		}
	}
	if v, ok := m.TLVs.Get(pdu.TagNetworkErrorCode); ok && len(v) == 3 {
		if code := int(v[1])<<8 | int(v[2]); code != 0 || r.ErrorCode == "" {
			r.ErrorCode = strconv.Itoa(code)
		}
	}
	return r
}

// number writes an address in the product's form: E.164 with a plus when it is international. An unknown type of number
// counts as international from 11 digits on unless it begins with 0, since most SMSCs leave the type at 0.
func number(a pdu.Address) string {
	n := a.Number
	if n == "" || n[0] == '+' || strings.TrimLeft(n, "0123456789") != "" {
		return n
	}
	if a.TON == pdu.TONInternational || a.TON == pdu.TONUnknown && len(n) >= 11 && n[0] != '0' {
		return "+" + n
	}
	return n
}
