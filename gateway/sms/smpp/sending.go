package smpp

import (
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp/pdu"
)

// longestSpree is how many submissions may follow each other before the owner looks at everything else.
const longestSpree = 64

// lanes says what may be submitted now: nothing while the window is full, the pace asks to wait, or those who are told
// outcomes have fallen far behind. Codes go before everything else.
func (s *session) lanes(stopping bool, resume *time.Timer) (urgent, bulk chan job) {
	c := s.c
	for range longestSpree {
		if stopping || !s.sends || s.ending != nil || len(s.flights) >= c.o.Window {
			return nil, nil
		}
		if c.notify.waiting.Load() > int64(4*c.o.Window+1000) {
			resume.Reset(time.Millisecond)
			return nil, nil
		}
		if wait := s.pace.wait(time.Now()); wait != 0 {
			if wait > 0 {
				resume.Reset(wait)
			}
			return nil, nil
		}
		select {
		case j := <-c.urgent:
			s.submit(j)
			continue
		default:
		}
		select {
		case j := <-c.bulk:
			s.submit(j)
		default:
			return c.urgent, c.bulk
		}
		select {
		case batch := <-s.in:
			s.take(batch)
		default:
		}
	}
	resume.Reset(0)
	return nil, nil
}

// submit puts a segment on the line.
func (s *session) submit(j job) {
	m, refusal := s.c.o.message(&j.segment, s.scratch)
	if refusal != "" {
		s.trace("text not submitted", "text", j.segment.Key, "reason", refusal)
		s.notices = append(s.notices, notice{done: j.done, outcome: sms.Outcome{Kind: sms.Rejected, Reason: refusal}})
		return
	}
	sequence := s.next()
	offset, ok := s.out.Add(func(dst []byte) []byte { return m.Append(dst, pdu.SubmitSM, sequence) })
	if !ok {
		s.notices = append(s.notices, notice{done: j.done, outcome: sms.Outcome{Kind: sms.NotSent, Reason: "disconnected"}})
		return
	}
	s.flights[sequence] = flight{key: j.segment.Key, done: j.done, at: time.Now(), offset: offset, epoch: s.pace.spend()}
	s.c.inFlight.Store(int64(len(s.flights)))
	s.c.sent.Add(1)
	if s.debug {
		s.trace("text submitted", "text", j.segment.Key, "sequence", sequence, "unanswered", len(s.flights))
	}
}

// next finds a sequence number that no open or late submission has.
func (s *session) next() uint32 {
	for {
		s.sequence = s.sequence%pdu.MaxSequence + 1
		_, open := s.flights[s.sequence]
		_, late := s.late[s.sequence]
		if !open && !late {
			return s.sequence
		}
	}
}

func (s *session) forget(sequence uint32) {
	delete(s.flights, sequence)
	s.c.inFlight.Store(int64(len(s.flights)))
}
