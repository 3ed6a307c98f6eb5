package smpp

import (
	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp/pdu"
)

// temporary lists the statuses of the specification that pass by themselves. What is in no list is permanent for the
// message: sending a refused text again and again helps nobody.
var temporary = map[pdu.Status]bool{
	pdu.InvBindStatus: true, pdu.AlreadyBound: true, pdu.SystemError: true, pdu.BindFailed: true,
	pdu.SubmitFailed: true, pdu.TempAppError: true, pdu.DeliveryFailure: true, pdu.UnknownError: true,
}

// classify turns a command_status into what the outbox has to do (SMPP 3.4 §5.1.3). 0x45, 0xFF and the vendors' own
// values mean something else with each carrier, hence the overrides; vendors' values without one count as passing.
func (o *Options) classify(s pdu.Status) sms.OutcomeKind {
	if kind, ok := o.Statuses[uint32(s)]; ok {
		return kind
	}
	switch {
	case s == pdu.OK:
		return sms.Accepted
	case s == pdu.Throttled:
		return sms.Throttled
	case s == pdu.MsgQueueFull:
		return sms.QueueFull
	case temporary[s] || s >= 0x400:
		return sms.Temporary
	}
	return sms.Rejected
}

// losesBind says that the session is no longer what we think it is, whatever becomes of the message.
func losesBind(s pdu.Status) bool { return s == pdu.InvBindStatus }

// refusesBind lists what an operator must mend: our credentials or our right to bind.
func refusesBind(s pdu.Status) bool {
	switch s {
	case pdu.InvBindStatus, pdu.AlreadyBound, pdu.BindFailed, pdu.InvPassword, pdu.InvSystemID, 0x53:
		return true
	}
	return false
}
