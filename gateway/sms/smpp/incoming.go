package smpp

import (
	"errors"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp/pdu"
)

// arrival is a unit on its way from the reader to the owner.
type arrival struct {
	header pdu.Header
	text   string // of a response: the message_id
	event  notice // of a delivery
}

// maxBatch bounds how many units the reader gathers before the owner sees the first.
const maxBatch = 256

// read decodes units until the line ends, and answers by itself what needs no state.
func (s *session) read() error {
	var batch []arrival
	for {
		h, body, err := s.reader.Next()
		if err != nil {
			if errors.Is(err, pdu.ErrLength) {
				s.answer(pdu.Header{Command: pdu.GenericNack, Status: pdu.InvCmdLen, Sequence: h.Sequence})
			}
			return err
		}
		if a, ok := s.decode(h, body); ok {
			batch = append(batch, a)
		}
		if len(batch) == 0 || len(batch) < maxBatch && s.reader.Ready() {
			continue
		}
		select {
		case s.in <- batch:
		case <-s.quit:
			return nil
		}
		select {
		case batch = <-s.recycle:
		default:
			batch = make([]arrival, 0, 16)
		}
	}
}

func (s *session) decode(h pdu.Header, body []byte) (arrival, bool) {
	a := arrival{header: h}
	switch h.Command {
	case pdu.SubmitSMResp, pdu.DataSMResp:
		a.text = pdu.ParseText(body)
	case pdu.GenericNack, pdu.EnquireLinkResp, pdu.UnbindResp, pdu.AlertNotification, pdu.Outbind:
	case pdu.EnquireLink, pdu.Unbind:
		s.answer(pdu.Header{Command: h.Command.Response(), Sequence: h.Sequence})
	case pdu.DeliverSM, pdu.DataSM:
		return s.deliver(a, body)
	default:
		if h.Command.IsResponse() {
			return a, false
		}
		s.answer(pdu.Header{Command: pdu.GenericNack, Status: pdu.InvCmdID, Sequence: h.Sequence})
	}
	return a, true
}

// deliver reads a receipt or an inbound message; it is answered when it has been stored.
func (s *session) deliver(a arrival, body []byte) (arrival, bool) {
	h := a.header
	m, err := pdu.ParseMessage(h.Command, body)
	if err != nil {
		s.acknowledge(h, pdu.InvMsgLen)
		return a, true
	}
	if s.unacked.Load() >= int64(s.c.o.MaxUnacked) {
		s.acknowledge(h, pdu.TempAppError)
		return a, true
	}
	s.unacked.Add(1)
	a.event.ack = func(stored bool) {
		status := pdu.OK
		if !stored {
			status = pdu.TempAppError
		}
		s.acknowledge(h, status)
		s.unacked.Add(-1)
	}
	a.event.receipt, a.event.inbound = s.c.o.interpret(&m)
	return a, true
}

// acknowledge answers deliver_sm or data_sm, whose responses carry an empty message_id (§4.6.2).
func (s *session) acknowledge(h pdu.Header, status pdu.Status) {
	s.out.Add(func(dst []byte) []byte {
		return pdu.AppendText(dst, pdu.Header{Command: h.Command.Response(), Status: status, Sequence: h.Sequence}, "")
	})
}

func (s *session) answer(h pdu.Header) {
	s.out.Add(func(dst []byte) []byte { return pdu.AppendHeader(dst, h) })
}

// take applies a batch in the order of the wire.
func (s *session) take(batch []arrival) {
	now := time.Now()
	s.heard = now
	s.unanswered = 0
	for i := range batch {
		s.apply(&batch[i], now)
	}
	clear(batch)
	select {
	case s.recycle <- batch[:0]:
	default:
	}
}

func (s *session) apply(a *arrival, now time.Time) {
	switch a.header.Command {
	case pdu.SubmitSMResp, pdu.DataSMResp, pdu.GenericNack:
		s.response(a, now)
	case pdu.DeliverSM, pdu.DataSM:
		if a.event.ack != nil {
			if r := a.event.receipt; s.debug && r != nil {
				s.trace("receipt arrived", "sequence", a.header.Sequence, "state", string(r.State))
			} else if s.debug {
				s.trace("text arrived", "sequence", a.header.Sequence)
			}
			s.notices = append(s.notices, a.event)
		}
	case pdu.EnquireLinkResp:
		s.trace("carrier is there", "sequence", a.header.Sequence)
	case pdu.Unbind:
		s.ending = errUnbound
	case pdu.UnbindResp:
		s.ending = errNoLonger
	}
}

func (s *session) response(a *arrival, now time.Time) {
	status := a.header.Status
	if status == pdu.OK && a.header.Command == pdu.GenericNack {
		status = pdu.UnknownError
	}
	outcome := sms.Outcome{Kind: s.c.o.classify(status), CarrierID: a.text, Status: uint32(status)}
	if status != pdu.OK {
		outcome.Reason = status.String()
	}
	f, ok := s.flights[a.header.Sequence]
	if !ok {
		if l, ok := s.late[a.header.Sequence]; ok {
			delete(s.late, a.header.Sequence)
			outcome.At = l.at
			s.trace("text answered late", "text", l.key, "sequence", a.header.Sequence, "status", status.String(), "took", now.Sub(l.at).String())
			s.notices = append(s.notices, notice{key: l.key, outcome: outcome})
		}
		return
	}
	s.forget(a.header.Sequence)
	outcome.At = f.at
	if s.debug {
		s.trace("text answered", "text", f.key, "sequence", a.header.Sequence, "status", status.String(), "took", now.Sub(f.at).String())
	}
	switch outcome.Kind {
	case sms.Throttled:
		s.c.refused.Add(1)
		s.pace.throttled(now, f.epoch)
	case sms.QueueFull:
		s.pace.queueFull(now, f.epoch)
	default:
		s.pace.accepted(now, f.at, f.epoch)
	}
	if losesBind(status) {
		s.ending = errBindLost
	}
	s.notices = append(s.notices, notice{done: f.done, outcome: outcome})
}
