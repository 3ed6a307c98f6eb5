package simulator

import (
	"cmp"
	"time"

	"watchword/simulator/smsc"
)

// late is how long receipts are held back by {"receipts":"late"}.
const late = 10 * time.Second

func (s *Simulator) startSMSC() error {
	s.smsc = smsc.New(smsc.Options{SystemID: s.o.SystemID, Password: s.o.Password, Now: s.o.Clock.Now, Log: s.o.Log,
		OnMessage: func(m smsc.Message) {
			s.box.add(Message{Channel: "sms", From: m.From, To: m.To, Text: m.Text, Segments: m.Segments})
		}})
	var err error
	s.smppAddress, err = s.smsc.Listen(s.o.SMPP)
	return err
}

// SMPP is the SMSC's address (host:port).
func (s *Simulator) SMPP() string { return s.smppAddress.String() }

func (s *Simulator) binds() int { return s.smsc.Stats().Connections }

// inbound sends a text from a phone over SMPP to whoever is bound.
func (s *Simulator) inbound(in inbound) error { return s.smsc.Inbound(in.From, in.To, in.Text) }

// stats of the receipt words (SMPP 3.4 Appendix B).
var receiptWords = map[string]string{"delivered": "DELIVRD", "undelivered": "UNDELIV", "expired": "EXPIRED",
	"deleted": "DELETED", "rejected": "REJECTD", "unknown": "UNKNOWN"}

// misbehave puts the faults of texts in force.
func (s *Simulator) misbehave(f Faults) {
	g := smsc.Faults{
		Throttle: float64(f.Throttle), QueueFull: f.QueueFull, Status: f.Refuse, DropAfter: max(0, int(f.Drop)),
		DelayResponses: time.Duration(f.Delay) * time.Millisecond, DelayReceipts: time.Duration(f.ReceiptDelay) * time.Millisecond,
		LoseResponses: int(f.LoseResponses), ReceiptFirst: f.Receipts == "early", ReceiptTwice: f.Receipts == "twice",
		NoReceipts: f.Receipts == "never", ReceiptState: receiptWords[f.ReceiptState], IDs: smsc.IDForm(f.IDForm),
		ReceiptForm: smsc.ReceiptForm(f.ReceiptForm), ByteByByte: f.ByteByByte, Deaf: f.Deaf,
	}
	if f.Receipts == "late" {
		g.DelayReceipts = cmp.Or(g.DelayReceipts, late)
	}
	if f.RefuseBind {
		g.RefuseBind = 0x08 // ESME_RSYSERR: a carrier in trouble; on a refused password the client would wait for minutes
	}
	s.smsc.SetFaults(g)
	if f.RefuseBind || f.Drop == dropNow {
		s.smsc.DropLine()
	}
}

func (s *Simulator) stopSMSC() {
	if s.smsc != nil {
		s.smsc.Close()
	}
}
