package smsc

import (
	"bytes"
	"time"

	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp/pdu"
)

// submit takes one submit_sm or data_sm; false drops the line.
func (c *session) submit(f *Faults, h pdu.Header, body []byte) bool {
	s := c.server
	n := s.submitted.Add(1)
	if underway := c.underway.Add(1); underway > s.mostUnderway.Load() {
		s.mostUnderway.Store(underway)
	}
	if kind := pdu.Command(c.kind.Load()); kind != pdu.BindTransceiver && kind != pdu.BindTransmitter {
		c.refuse(f, h, pdu.InvBindStatus)
		return true
	}
	m, err := pdu.ParseMessage(h.Command, body)
	if err != nil {
		c.refuse(f, h, pdu.InvMsgLen)
		return true
	}
	status, drop := s.verdict(f)
	switch {
	case drop:
		c.conn.Close()
		return false
	case m.Dest.Number == "":
		c.refuse(f, h, pdu.InvDestAddr)
		return true
	case status != pdu.OK:
		c.refuse(f, h, status)
		return true
	}
	s.accepted.Add(1)
	response, receipt := s.ids.next(f.IDs)
	s.collect(&m, response)
	respond := func() { c.respond(f, h, response, n) }
	if f.DelayResponses > 0 {
		began := time.Now()
		respond = func() {
			c.respond(f, h, response, n)
			s.delayed.Add(1)
			s.residence.Add(int64(time.Since(began)))
		}
	}
	report := func() { c.report(f, &m, receipt) }
	if f.NoReceipts || m.RegisteredDelivery&3 == 0 {
		report = func() {}
	} else if f.DelayResponses > 0 || f.DelayReceipts > 0 {
		kept := m
		kept.ShortMessage, kept.TLVs = bytes.Clone(m.ShortMessage), nil
		report = func() { c.report(f, &kept, receipt) }
	}
	if f.ReceiptFirst {
		c.later(f.DelayReceipts, report)
		c.later(f.DelayReceipts+f.DelayResponses, respond)
	} else {
		c.later(f.DelayResponses, respond)
		c.later(f.DelayResponses+f.DelayReceipts, report)
	}
	return true
}

func (c *session) later(wait time.Duration, do func()) {
	if wait <= 0 {
		do()
		return
	}
	c.server.delay.after(wait, do)
}

// respond answers an accepted submission, unless this one is to be lost.
func (c *session) respond(f *Faults, h pdu.Header, id string, n uint64) {
	c.underway.Add(-1)
	if f.LoseResponses > 0 && n%uint64(f.LoseResponses) == 0 {
		return
	}
	c.answer(func(dst []byte) []byte {
		return pdu.AppendText(dst, pdu.Header{Command: h.Command.Response(), Sequence: h.Sequence}, id)
	})
}

// refuse answers with an error: a header alone, as many SMSCs do.
func (c *session) refuse(f *Faults, h pdu.Header, status pdu.Status) {
	if status == pdu.Throttled {
		c.server.throttled.Add(1)
	} else {
		c.server.refused.Add(1)
	}
	c.later(f.DelayResponses, func() {
		c.underway.Add(-1)
		c.answerHeader(pdu.Header{Command: h.Command.Response(), Status: status, Sequence: h.Sequence})
	})
}

// collect adds a segment to its message and tells OnMessage when that is complete.
func (s *Server) collect(m *pdu.Message, id string) {
	concat, data, _ := m.Concatenation()
	coding := s.coding(m.DataCoding)
	if concat.Total <= 1 {
		s.complete(Message{
			ID: id, From: number(m.Source), To: number(m.Dest), Text: coding.Decode(data), At: s.o.Now(), Segments: 1,
			Coding: coding, Priority: m.Priority, Validity: m.Validity, IDs: []string{id},
		})
		return
	}
	whole := s.gather.add(m, concat, data, id)
	if whole == nil {
		return
	}
	s.complete(Message{
		ID: whole.first, From: number(m.Source), To: number(m.Dest), Text: coding.Decode(bytes.Join(whole.parts, nil)),
		At: s.o.Now(), Segments: concat.Total, Coding: coding, Priority: m.Priority, Validity: m.Validity, IDs: whole.ids,
	})
}

func (s *Server) complete(m Message) {
	s.messages.Add(1)
	if s.o.OnMessage != nil {
		s.o.OnMessage(m)
	}
}

func (s *Server) coding(dataCoding byte) encoding.Coding {
	switch dataCoding {
	case 0:
		return s.o.Alphabet
	case 1:
		return encoding.ASCII
	case 3:
		return encoding.Latin1
	case 8:
		return encoding.UCS2
	case 2, 4:
		return encoding.Binary
	}
	return encoding.GSM7
}

// number shows an address the way people write it.
func number(a pdu.Address) string {
	if a.TON == pdu.TONInternational {
		return "+" + a.Number
	}
	return a.Number
}
