package smsc

import (
	"time"

	"watchword/gateway/sms/smpp/pdu"
)

// Faults is how a server misbehaves. The zero value behaves. It may be changed while running.
type Faults struct {
	Throttle      float64 `json:"throttle"`       // segments a second of all connections; more get ESME_RTHROTTLED; 0: no limit
	ThrottleBurst int     `json:"throttle_burst"` // segments that may come at once; 0: a tenth of a second's worth
	QueueFull     bool    `json:"queue_full"`     // every submission gets ESME_RMSGQFUL
	Status        uint32  `json:"status"`         // every submission gets this command_status, without a body

	DropAfter int `json:"drop_after"` // the line drops at the n-th submission from now, which stays unanswered

	DelayResponses time.Duration `json:"delay_responses"`
	DelayReceipts  time.Duration `json:"delay_receipts"`
	LoseResponses  int           `json:"lose_responses"` // every n-th accepted submission stays unanswered; 1: all
	ReceiptFirst   bool          `json:"receipt_first"`  // the receipt is sent before the response
	ReceiptTwice   bool          `json:"receipt_twice"`
	NoReceipts     bool          `json:"no_receipts"`
	ReceiptState   string        `json:"receipt_state"` // the `stat:` word; "": DELIVRD
	ReceiptForm    ReceiptForm   `json:"receipt_form"`
	NoReceiptBit   bool          `json:"no_receipt_bit"` // esm_class 0 in receipts
	IDs            IDForm        `json:"ids"`

	ByteByByte bool   `json:"byte_by_byte"` // each octet is a write of its own
	RefuseBind uint32 `json:"refuse_bind"`  // every bind gets this command_status
	Deaf       bool   `json:"deaf"`         // nothing is answered, enquire_link neither
}

// ReceiptForm says where a receipt carries its id and state.
type ReceiptForm string

// The forms of a receipt; "" is TextAndTLV.
const (
	TextAndTLV ReceiptForm = "both"
	TLVOnly    ReceiptForm = "tlv"
	TextOnly   ReceiptForm = "text"
)

// SetFaults replaces all faults.
func (s *Server) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.faults.Load()
	if old == nil || old.Throttle != f.Throttle || old.ThrottleBurst != f.ThrottleBurst {
		s.limiter = newLimiter(f)
	}
	s.countdown.Store(int64(f.DropAfter))
	s.faults.Store(&f)
}

// Faults is the present misbehaviour.
func (s *Server) Faults() Faults { return *s.faults.Load() }

// limiter is a token bucket, refilled continuously.
type limiter struct {
	rate, size, tokens float64
	last               time.Time
}

func newLimiter(f Faults) limiter {
	size := float64(f.ThrottleBurst)
	if size <= 0 {
		size = max(1, f.Throttle/10)
	}
	return limiter{rate: f.Throttle, size: size, tokens: size, last: time.Now()}
}

func (l *limiter) allow(now time.Time) bool {
	l.tokens = min(l.size, l.tokens+l.rate*now.Sub(l.last).Seconds())
	l.last = now
	if l.tokens < 1 {
		return false
	}
	l.tokens--
	return true
}

// verdict is the command_status of the next submission; drop says that the line falls instead.
func (s *Server) verdict(f *Faults) (status pdu.Status, drop bool) {
	if f.DropAfter > 0 && s.countdown.Load() > 0 && s.countdown.Add(-1) == 0 {
		return 0, true
	}
	switch {
	case f.QueueFull:
		return pdu.MsgQueueFull, false
	case f.Status != 0:
		return pdu.Status(f.Status), false
	case f.Throttle > 0:
		s.mu.Lock()
		ok := s.limiter.allow(time.Now())
		s.mu.Unlock()
		if !ok {
			return pdu.Throttled, false
		}
	}
	return pdu.OK, false
}
