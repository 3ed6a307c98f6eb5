// Package smpp connects to a carrier's SMSC by SMPP 3.4 and implements sms.Carrier.
//
// Each bind has one goroutine that owns its state (session), one that writes and one that reads; nothing is shared
// between them but a buffer. What happened is told by one more goroutine for the whole carrier, in the order of the
// wire, so that a slow listener never holds up the line.
package smpp

import (
	"crypto/tls"
	"log/slog"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp/pdu"
)

// BindKind says which sessions a carrier wants.
type BindKind int

const (
	// Transceiver is one session for both directions, the default.
	Transceiver BindKind = iota
	// Pair is a transmitter and a receiver, for SMSCs without transceivers.
	Pair
)

// ConcatMode says how the parts of a long message are marked.
type ConcatMode int

const (
	// UDH8 is a user data header with an 8-bit reference, the default: every SMSC understands it.
	UDH8 ConcatMode = iota
	// UDH16 is a user data header with a 16-bit reference.
	UDH16
	// SAR uses sar_msg_ref_num, sar_total_segments and sar_segment_seqnum.
	SAR
	// Payload hands the whole text over in message_payload; the SMSC cuts it.
	Payload
)

// Numbering is the type of number and numbering plan of one kind of address.
type Numbering struct{ TON, NPI byte }

// Options configures one carrier. Zero values take the default named beside each field.
type Options struct {
	Name     string
	Address  string      // host:port
	TLS      *tls.Config // nil: plain TCP
	Kind     BindKind
	SystemID string
	Password string // at most 8 octets by the specification; longer ones are sent as they are

	SystemType   string
	AddressRange string // receivers only

	Window int     // unanswered submissions of the bind; 10
	Rate   float64 // segments a second that the carrier allows; 0: find out

	ConnectTimeout  time.Duration // TCP, TLS and bind together; 10 s
	WriteTimeout    time.Duration // a write that takes longer ends the connection; 10 s
	ResponseTimeout time.Duration // then a submission is Unknown; 30 s
	LateFor         time.Duration // how long a late response is still told to Events.Late; 10 min
	EnquireInterval time.Duration // silence before enquire_link; 30 s
	EnquireAlways   bool          // ask at that interval under load too
	DrainTimeout    time.Duration // wait for responses when stopping; 5 s

	ReconnectMin time.Duration // full jitter between 0 and a bound that doubles from here; 1 s
	ReconnectMax time.Duration // 60 s
	RefusedRetry time.Duration // after a refused bind (password, system_id); 5 min
	QueueFullMin time.Duration // pause after ESME_RMSGQFUL, doubling; 1 s
	QueueFullMax time.Duration // 60 s

	Concat      ConcatMode
	Alphabet    encoding.Coding          // how text in the GSM alphabet is written: GSM7 (default), Latin1 or ASCII
	Packed      bool                     // GSM7 packed, eight septets in seven octets
	DataCodings map[encoding.Coding]byte // overrides of GSM7 0, ASCII 1, Latin1 3, Binary 4, UCS2 8

	International Numbering // +…; 1/1
	ShortCode     Numbering // digits without +; 3/0
	Alphanumeric  Numbering // 5/0

	ServiceType    string
	NoReceipts     bool // registered_delivery 0
	UrgentPriority byte // priority_flag of codes; 3

	ReceiptsByContent bool                        // take a deliver_sm without a type bit for a receipt when it reads like one
	ReceiptZone       *time.Location              // of the dates in receipts; UTC
	ReceiptStates     map[string]sms.ReceiptState // overrides for `stat:` words, upper case
	Statuses          map[uint32]sms.OutcomeKind  // overrides for command_status values

	MaxUnacked int // events waiting to be stored; beyond it the SMSC is asked to come again later; 10 000

	Log *slog.Logger // slog.Default()
}

// TextOptions tells a dispatcher how to cut text for this carrier (encoding.Split).
func (o Options) TextOptions() encoding.Options {
	return encoding.Options{Alphabet: o.Alphabet, WideRef: o.Concat == UDH16, Whole: o.Concat == Payload}
}

func (o Options) withDefaults() Options {
	or := func(d *time.Duration, value time.Duration) {
		if *d <= 0 {
			*d = value
		}
	}
	or(&o.ConnectTimeout, 10*time.Second)
	or(&o.WriteTimeout, 10*time.Second)
	or(&o.ResponseTimeout, 30*time.Second)
	or(&o.LateFor, 10*time.Minute)
	or(&o.EnquireInterval, 30*time.Second)
	or(&o.DrainTimeout, 5*time.Second)
	or(&o.ReconnectMin, time.Second)
	or(&o.ReconnectMax, time.Minute)
	or(&o.RefusedRetry, 5*time.Minute)
	or(&o.QueueFullMin, time.Second)
	or(&o.QueueFullMax, time.Minute)
	if o.Window <= 0 {
		o.Window = 10
	}
	if o.MaxUnacked <= 0 {
		o.MaxUnacked = 10_000
	}
	if o.UrgentPriority == 0 {
		o.UrgentPriority = 3
	}
	if o.ReceiptZone == nil {
		o.ReceiptZone = time.UTC
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	none := Numbering{}
	if o.International == none {
		o.International = Numbering{pdu.TONInternational, pdu.NPIISDN}
	}
	if o.ShortCode == none {
		o.ShortCode = Numbering{pdu.TONNetwork, pdu.NPIUnknown}
	}
	if o.Alphanumeric == none {
		o.Alphanumeric = Numbering{pdu.TONAlphanumeric, pdu.NPIUnknown}
	}
	o.DataCodings = withCodings(o.DataCodings)
	return o
}

func withCodings(overrides map[encoding.Coding]byte) map[encoding.Coding]byte {
	all := map[encoding.Coding]byte{
		encoding.GSM7: 0, encoding.ASCII: 1, encoding.Latin1: 3, encoding.Binary: 4, encoding.UCS2: 8,
	}
	for c, value := range overrides {
		all[c] = value
	}
	return all
}
