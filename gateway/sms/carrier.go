// Package sms carries text messages: a durable outbox, the routes to the carriers, and what comes back
// (responses, receipts, inbound messages). It knows no customer and no purpose; who may send what is decided above it.
package sms

import (
	"context"
	"time"

	"watchword/gateway/sms/encoding"
)

// A Carrier is one route to the phone networks: an SMPP bind or an HTTP gateway.
//
// Send hands over one segment. It blocks while the carrier's window is full, its rate is spent or it is down, until
// ctx ends; then it calls done exactly once, from any goroutine, possibly before Send returns. A late response (after
// the response time-out made it Unknown) is reported through Events.Late.
//
// Run connects, keeps the connection alive and delivers what arrives to events, until ctx ends. On return nothing is
// in flight: every done has been called.
type Carrier interface {
	Name() string
	Run(ctx context.Context, events Events) error
	Send(ctx context.Context, s Segment, done func(Outcome))
	Health() Health
}

// Events receives what a carrier pushes. Both calls return quickly; ack must be called once the event is durable
// (true) or could not be stored (false), and only then is the carrier answered, so that a crash loses nothing.
type Events interface {
	Receipt(r Receipt, ack func(stored bool))
	Inbound(m Inbound, ack func(stored bool))
	Late(key string, o Outcome)
}

// Segment is what one submit_sm (or one HTTP request) carries.
type Segment struct {
	Key      string          // the outbox's own key, opaque to the carrier
	From     string          // sender: E.164 with +, a short code, or an alphanumeric sender of at most 11 characters
	To       string          // E.164 with +
	Coding   encoding.Coding // how Data is written
	Data     []byte          // GSM-7: one octet a septet, unpacked; UCS-2: big endian. No user data header
	Text     string          // the same as readable text
	Ref      uint16          // concatenation reference, the same for all parts of a message
	Part     int             // from 1
	Total    int             // 1 when not concatenated
	Validity time.Duration   // 0: the carrier's default
	Urgent   bool            // a code: highest priority flag
}

// OutcomeKind is what became of one submission.
type OutcomeKind int

const (
	// Accepted: the carrier took it and gave CarrierID.
	Accepted OutcomeKind = iota
	// Throttled: ESME_RTHROTTLED (SMPP 3.4 §5.1.3, 0x58) or HTTP 429. Not a failure: to be put back at the head.
	Throttled
	// QueueFull: ESME_RMSGQFUL (0x14). To be put back; the carrier pauses itself.
	QueueFull
	// Temporary: another passing error; to be retried later, on another route if there is one.
	Temporary
	// Rejected: permanent for this message.
	Rejected
	// NotSent: it never reached the wire (carrier down, ctx ended): safe to send again anywhere.
	NotSent
	// Unknown: it may have reached the carrier, but no response came in time or the line dropped. Never sent again by itself.
	Unknown
)

// Outcome is the carrier's answer to one segment.
type Outcome struct {
	Kind      OutcomeKind
	CarrierID string    // message_id as given, up to 65 octets, never altered
	Status    uint32    // SMPP command_status or HTTP status
	Reason    string    // a stable word, e.g. "throttled", "invalid_destination"
	At        time.Time // when the segment left on the wire (zero when it did not)
}

// ReceiptState is the final or interim state a receipt names (SMPP 3.4 §5.2.28, Appendix B).
type ReceiptState string

const (
	Delivered     ReceiptState = "delivered"
	Undelivered   ReceiptState = "undelivered"
	Expired       ReceiptState = "expired"
	Deleted       ReceiptState = "deleted"
	RejectedState ReceiptState = "rejected"
	UnknownState  ReceiptState = "unknown"
	Enroute       ReceiptState = "enroute"  // interim
	AcceptedState ReceiptState = "accepted" // interim
)

// Final says whether nothing more will be heard after this state.
func (s ReceiptState) Final() bool { return s != Enroute && s != AcceptedState && s != "" }

// Receipt is one delivery report.
type Receipt struct {
	CarrierID string // as sent by the carrier
	State     ReceiptState
	ErrorCode string // err: of the text, or network_error_code
	DoneAt    time.Time
	From, To  string
	Raw       string // the text as it came, for operators; never holds message text of ours beyond the carrier's own echo
}

// Inbound is one message from a phone; a concatenated one arrives as its parts.
type Inbound struct {
	From, To         string
	Text             string
	Ref              uint16
	Part, Total      int    // Total 1 when not concatenated
	CarrierID        string // the carrier's own id, when it gives one
	Network, Country string
}

// Health is a carrier's state for operators and for choosing routes.
type Health struct {
	Up        bool
	Since     time.Time // of the present state
	LastError string
	InFlight  int
	Window    int
	Rate      float64 // segments a second it is allowed now; 0 means no limit
	Sent      uint64
	Throttles uint64
	Fatal     bool // refused our credentials: waits for an operator
}
