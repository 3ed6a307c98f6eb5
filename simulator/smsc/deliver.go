package smsc

import (
	"errors"
	"strings"
	"time"

	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp/pdu"
)

// delivery is a deliver_sm on its way; it is kept until a receiver has acknowledged it.
type delivery struct {
	message pdu.Message
	receipt bool
}

// retryAfter is the wait after a receiver said that it could not store a delivery.
const retryAfter = time.Second

// Inbound sends a text from a phone to the bound receivers' owner: to every system_id that is bound, or that was and has
// gone, once. It waits for a receiver when none is bound. A long text goes out in parts with an 8-bit reference.
func (s *Server) Inbound(from, to, text string) error {
	coding, parts := encoding.Split(text, encoding.Options{})
	if len(parts) > encoding.MaxParts {
		return errors.New("the text is longer than 255 segments: send a shorter one")
	}
	source, dest := address(from), address(to)
	if source.Number == "" || dest.Number == "" || len(source.Number) > 20 || len(dest.Number) > 20 ||
		strings.ContainsRune(source.Number+dest.Number, 0) {
		return errors.New("an SMS needs a sender and a recipient of 1 to 20 characters")
	}
	ref := uint16(s.inboundRef.Add(1))
	owner := s.receiver()
	for i, p := range parts {
		m := pdu.Message{Source: source, Dest: dest, ShortMessage: p.Data}
		if coding == encoding.UCS2 {
			m.DataCoding = 8
		}
		if len(parts) > 1 {
			m.ESMClass = pdu.HasUDH
			m.ShortMessage = append(pdu.AppendUDH(nil, pdu.Concat{Ref: ref, Part: i + 1, Total: len(parts)}), p.Data...)
		}
		s.send(owner, nil, delivery{message: m})
	}
	return nil
}

// receiver is the system_id that inbound messages go to: one that is bound, or "" for the first to come.
func (s *Server) receiver() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.sessions {
		if receives(pdu.Command(c.kind.Load())) {
			return c.systemID
		}
	}
	return s.o.SystemID
}

// report sends the receipt of one segment back to its sender.
func (c *session) report(f *Faults, m *pdu.Message, id string) {
	d := delivery{message: c.server.receipt(f, m, id), receipt: true}
	c.server.send(c.systemID, c, d)
	if f.ReceiptTwice {
		c.server.send(c.systemID, c, d)
	}
}

var stateNumbers = map[string]byte{
	"ENROUTE": 1, "DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "ACCEPTD": 6, "UNKNOWN": 7, "REJECTD": 8,
}

// receipt writes a delivery report (SMPP 3.4 Appendix B). The message's own text is left out of it.
func (s *Server) receipt(f *Faults, m *pdu.Message, id string) pdu.Message {
	stat := strings.ToUpper(f.ReceiptState)
	if stat == "" {
		stat = "DELIVRD"
	}
	r := pdu.Message{Source: m.Dest, Dest: m.Source, ESMClass: pdu.TypeReceipt}
	if f.NoReceiptBit {
		r.ESMClass = 0
	}
	if f.ReceiptForm != TLVOnly {
		delivered, fault := "001", "000"
		if stat != "DELIVRD" {
			delivered, fault = "000", "001"
		}
		t := make([]byte, 0, 160)
		now := s.o.Now().UTC()
		t = append(append(t, "id:"...), id...)
		t = append(append(t, " sub:001 dlvrd:"...), delivered...)
		t = now.AppendFormat(append(t, " submit date:"...), "0601021504")
		t = now.AppendFormat(append(t, " done date:"...), "0601021504")
		t = append(append(t, " stat:"...), stat...)
		t = append(append(t, " err:"...), fault...)
		r.ShortMessage = append(t, " text:"...)
	}
	if f.ReceiptForm != TextOnly {
		number, ok := stateNumbers[stat]
		if !ok {
			number = 5
		}
		r.TLVs = pdu.TLVs{
			{Tag: pdu.TagReceiptedMessageID, Value: append([]byte(id), 0)},
			{Tag: pdu.TagMessageState, Value: []byte{number}},
		}
	}
	return r
}

// send gives a delivery to a receiver of that name, first to the session it belongs to, or keeps it until one binds.
func (s *Server) send(systemID string, first *session, d delivery) {
	if first != nil && receives(pdu.Command(first.kind.Load())) && first.deliver(d) {
		return
	}
	s.mu.Lock()
	var to []*session
	for c := range s.sessions {
		if receives(pdu.Command(c.kind.Load())) && (systemID == "" || c.systemID == systemID) {
			to = append(to, c)
		}
	}
	if len(to) == 0 {
		s.waiting[systemID] = append(s.waiting[systemID], d)
	}
	s.mu.Unlock()
	for _, c := range to {
		if c.deliver(d) {
			return
		}
	}
	if len(to) > 0 { // all of them went meanwhile
		s.mu.Lock()
		s.waiting[systemID] = append(s.waiting[systemID], d)
		s.mu.Unlock()
	}
}

// bound makes a session known as a receiver and hands it what has waited.
func (s *Server) bound(c *session, kind pdu.Command) {
	s.mu.Lock()
	c.kind.Store(uint32(kind))
	var waiting []delivery
	if receives(kind) {
		waiting = append(s.waiting[c.systemID], s.waiting[""]...)
		delete(s.waiting, c.systemID)
		delete(s.waiting, "")
	}
	s.mu.Unlock()
	for _, d := range waiting {
		s.send(c.systemID, c, d)
	}
}

// deliver puts a deliver_sm on the line; false when the session has ended.
func (c *session) deliver(d delivery) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return false
	}
	c.sequence = c.sequence%pdu.MaxSequence + 1
	sequence := c.sequence
	if _, ok := c.out.Add(func(dst []byte) []byte { return d.message.Append(dst, pdu.DeliverSM, sequence) }); !ok {
		return false
	}
	c.open[sequence] = d
	if d.receipt {
		c.server.receipts.Add(1)
	} else {
		c.server.inbound.Add(1)
	}
	return true
}

// acknowledged closes a delivery, or sends it again later when it could not be stored.
func (c *session) acknowledged(h pdu.Header) {
	c.mu.Lock()
	d, ok := c.open[h.Sequence]
	delete(c.open, h.Sequence)
	c.mu.Unlock()
	switch {
	case !ok:
	case h.Status == pdu.OK:
		c.server.acknowledged.Add(1)
	default:
		c.server.notStored.Add(1)
		c.server.delay.after(retryAfter, func() { c.server.send(c.systemID, c, d) })
	}
}

// address sorts what a person typed: E.164 with plus, a short code, or a name.
func address(s string) pdu.Address {
	number, international := strings.CutPrefix(s, "+")
	switch {
	case international:
		return pdu.Address{TON: pdu.TONInternational, NPI: pdu.NPIISDN, Number: number}
	case strings.Trim(number, "0123456789") != "":
		return pdu.Address{TON: pdu.TONAlphanumeric, Number: number}
	}
	return pdu.Address{TON: pdu.TONNetwork, Number: number}
}
