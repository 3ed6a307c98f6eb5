package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"watchword/simulator/smsc"
)

// Faults are what goes wrong at will. POST /faults puts exactly the given ones in force; the rest is as it should be.
type Faults struct {
	// Throttle answers ESME_RTHROTTLED above so many submissions a second; true means one.
	Throttle Count `json:"throttle,omitempty"`
	// QueueFull answers ESME_RMSGQFUL.
	QueueFull bool `json:"queue_full,omitempty"`
	// Drop ends the SMPP connections: true once, now; a number at the n-th submission from now.
	Drop Drop `json:"drop,omitempty"`
	// Delay holds each response back, in milliseconds.
	Delay int `json:"delay_ms,omitempty"`
	// LoseResponses never answers every n-th submission, though it arrives; true means every one.
	LoseResponses Count `json:"lose_responses,omitempty"`
	// Refuse answers submissions with this command_status (SMPP 3.4 §5.1.3), e.g. 11 for an invalid destination.
	Refuse uint32 `json:"refuse,omitempty"`
	// RefuseBind refuses new binds and ends the present ones.
	RefuseBind bool `json:"refuse_bind,omitempty"`
	// Receipts come as usual (""), "early" (before the response), "twice", "never" or "late" (after ten seconds).
	Receipts string `json:"receipts,omitempty"`
	// ReceiptState is what receipts say: "delivered" (also ""), "undelivered", "expired", "deleted", "rejected", "unknown".
	ReceiptState string `json:"receipt_state,omitempty"`
	// ReceiptDelay holds receipts back, in milliseconds.
	ReceiptDelay int `json:"receipt_delay_ms,omitempty"`
	// ReceiptForm is where receipts name id and state: "both" (also ""), "tlv" or "text".
	ReceiptForm string `json:"receipt_form,omitempty"`
	// IDForm is how responses and receipts write message ids, see IDForms.
	IDForm string `json:"id_form,omitempty"`
	// Deaf answers nothing at all over SMPP, enquire_link neither.
	Deaf bool `json:"deaf,omitempty"`
	// ByteByByte writes every PDU one octet at a time.
	ByteByByte bool `json:"byte_by_byte,omitempty"`
	// RefuseMail refuses mails: "temporary" (451; also true), "permanent" (550), "connection" (hangs up), or "lose" (takes
	// the mail and hangs up before the answer).
	RefuseMail Mode `json:"refuse_mail,omitempty"`
	// MailDelay holds each mail up, in milliseconds.
	MailDelay int `json:"mail_delay_ms,omitempty"`
}

// IDForms are the ways to write message ids that real carriers have: the same in response and receipt (decimal, hex,
// uuid, long), or first so and then so.
var IDForms = []string{string(smsc.Decimal), string(smsc.Hex), string(smsc.HexDec), string(smsc.DecHex), string(smsc.UpperLower),
	string(smsc.LowerUpper), string(smsc.Zeros), string(smsc.ZerosLater), string(smsc.UUID), string(smsc.Long)}

// Count is a number in JSON, or true for one.
type Count int

func (c *Count) UnmarshalJSON(b []byte) error {
	switch s := string(b); s {
	case "true":
		*c = 1
	case "false", "null":
		*c = 0
	default:
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return errors.New("a whole number, true or false")
		}
		*c = Count(n)
	}
	return nil
}

// Drop is a number in JSON, or true for now.
type Drop int

func (d *Drop) UnmarshalJSON(b []byte) error {
	if string(b) == "true" {
		*d = dropNow
		return nil
	}
	return (*Count)(d).UnmarshalJSON(b)
}

const dropNow Drop = -1

// Mode is a word in JSON, or true for the usual one.
type Mode string

func (m *Mode) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true":
		*m = "temporary"
		return nil
	case "false", "null":
		*m = ""
		return nil
	}
	return json.Unmarshal(b, (*string)(m))
}

// check says what is wrong with faults that somebody asked for.
func (f Faults) check() error {
	for _, x := range []struct {
		name, value string
		known       []string
	}{
		{"receipts", f.Receipts, []string{"early", "twice", "never", "late"}},
		{"receipt_state", f.ReceiptState, []string{"delivered", "undelivered", "expired", "deleted", "rejected", "unknown"}},
		{"receipt_form", f.ReceiptForm, []string{"both", "tlv", "text"}},
		{"id_form", f.IDForm, IDForms},
		{"refuse_mail", string(f.RefuseMail), []string{"temporary", "permanent", "connection", "lose"}},
	} {
		if x.value != "" && !slices.Contains(x.known, x.value) {
			return fmt.Errorf("%s is %q; it should be one of %s", x.name, x.value, strings.Join(x.known, ", "))
		}
	}
	for _, x := range []struct {
		name string
		ms   int
	}{{"delay_ms", f.Delay}, {"receipt_delay_ms", f.ReceiptDelay}, {"mail_delay_ms", f.MailDelay}} {
		if x.ms < 0 || x.ms > 600_000 {
			return fmt.Errorf("%s is %d; it should lie between 0 and 600000 milliseconds", x.name, x.ms)
		}
	}
	return nil
}

// faults is what is in force.
type faults struct {
	s  *Simulator
	mu sync.Mutex
	f  Faults
}

func newFaults(s *Simulator) *faults { return &faults{s: s} }

func (x *faults) now() Faults {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.f
}

func (x *faults) set(f Faults) error {
	if err := f.check(); err != nil {
		return err
	}
	x.s.misbehave(f)
	if f.Drop == dropNow {
		f.Drop = 0
	}
	x.mu.Lock()
	x.f = f
	x.mu.Unlock()
	return nil
}

// Any says whether anything is wrong on purpose.
func (f Faults) Any() bool { return f != Faults{} }
