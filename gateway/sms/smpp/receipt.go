package smpp

import (
	"strings"
	"time"

	"watchword/gateway/sms"
)

// ReceiptText is a delivery report as its text gives it (SMPP 3.4 Appendix B); nothing is altered.
type ReceiptText struct {
	ID, Submitted, Delivered, SubmitDate, DoneDate, Stat, Error, Text string
}

// key numbers the fields of a report.
type key int

const (
	noKey key = iota - 1
	keyID
	keySub
	keyDlvrd
	keySubmitDate
	keyDoneDate
	keyStat
	keyErr
	keyText
	keys
)

var receiptKeys = []struct {
	name string
	key  key
}{
	{"submit date", keySubmitDate},
	{"submit_date", keySubmitDate},
	{"done date", keyDoneDate},
	{"done_date", keyDoneDate},
	{"dlvrd", keyDlvrd},
	{"stat", keyStat},
	{"text", keyText},
	{"sub", keySub},
	{"err", keyErr},
	{"id", keyID},
}

func (r *ReceiptText) field(k key) *string {
	return [keys]*string{&r.ID, &r.Submitted, &r.Delivered, &r.SubmitDate, &r.DoneDate, &r.Stat, &r.Error, &r.Text}[k]
}

// ParseReceipt reads the text of a report: keys in any case and order, fields missing or empty. The first of each key
// counts, so what a message's own text holds after "text:" changes nothing that was said before it.
func ParseReceipt(s string) ReceiptText {
	var r ReceiptText
	var seen [keys]bool
	for at := 0; at < len(s); {
		k, value := keyAt(s, at)
		if k == noKey {
			at++
			continue
		}
		end := valueEnd(&seen, s, value, k == keyText)
		if !seen[k] {
			seen[k] = true
			*r.field(k) = strings.TrimSpace(strings.ReplaceAll(s[value:end], "\x00", ""))
		}
		at = end
	}
	return r
}

// keyAt finds a key with its colon at a position where a word begins, and where its value starts.
func keyAt(s string, at int) (key, int) {
	if at > 0 && isWord(s[at-1]) {
		return noKey, 0
	}
	for _, k := range receiptKeys {
		end := at + len(k.name)
		if end < len(s) && s[end] == ':' && strings.EqualFold(s[at:end], k.name) {
			return k.key, end + 1
		}
	}
	return noKey, 0
}

// valueEnd is where a value ends: a text at the next key that has not been seen, anything else after one word. Blanks
// after the colon are passed over, unless the next key follows: then the value is empty.
func valueEnd(seen *[keys]bool, s string, at int, text bool) int {
	if text {
		for i := at; i < len(s); i++ {
			if k, _ := keyAt(s, i); k != noKey && k != keyText && !seen[k] {
				return i
			}
		}
		return len(s)
	}
	for at < len(s) && isBlank(s[at]) {
		at++
	}
	if k, _ := keyAt(s, at); k != noKey {
		return at
	}
	for at < len(s) && !isBlank(s[at]) {
		at++
	}
	return at
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' || b == '\r' || b == '\n' }

func isWord(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_' || b == '-'
}

// parseDate reads YYMMDDhhmm, with seconds, or with a four-digit year. The zero time for anything else: several SMSCs
// fill the field with zeros.
func parseDate(s string, zone *time.Location) time.Time {
	layout, ok := map[int]string{10: "0601021504", 12: "060102150405", 14: "20060102150405"}[len(s)]
	if !ok {
		return time.Time{}
	}
	t, err := time.ParseInLocation(layout, s, zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// stateNumbers is message_state (SMPP 3.4 §5.2.28); 0, 9 and the rest are of other versions.
var stateNumbers = map[uint32]sms.ReceiptState{
	0: sms.Enroute, 1: sms.Enroute, 2: sms.Delivered, 3: sms.Expired, 4: sms.Deleted, 5: sms.Undelivered,
	6: sms.AcceptedState, 7: sms.UnknownState, 8: sms.RejectedState, 9: sms.RejectedState,
}

// stateWords are the seven of SMPP 3.4 Appendix B and those that carriers use beside them.
var stateWords = map[string]sms.ReceiptState{
	"DELIVRD": sms.Delivered, "DELIVERED": sms.Delivered, "DELIVRED": sms.Delivered,
	"EXPIRED": sms.Expired, "DELETED": sms.Deleted, "CANCELED": sms.Deleted, "CANCELLED": sms.Deleted,
	"UNDELIV": sms.Undelivered, "UNDELIVERED": sms.Undelivered, "UNDELIVERABLE": sms.Undelivered, "UNDELIVRD": sms.Undelivered,
	"FAILED": sms.Undelivered, "FAIL": sms.Undelivered, "ERROR": sms.Undelivered,
	"REJECTD": sms.RejectedState, "REJECTED": sms.RejectedState, "BLOCKED": sms.RejectedState, "BARRED": sms.RejectedState,
	"SKIPPED": sms.RejectedState, "SPAM": sms.RejectedState,
	"ACCEPTD": sms.AcceptedState, "ACCEPTED": sms.AcceptedState, "ENROUTE": sms.Enroute, "SCHEDULED": sms.Enroute,
	"BUFFRED": sms.Enroute, "BUFFERED": sms.Enroute, "PENDING": sms.Enroute, "QUEUED": sms.Enroute, "SENT": sms.Enroute,
	"UNKNOWN": sms.UnknownState,
}

// state maps a `stat:` word, by the route's table first. A word nobody knows is the final state "unknown"; the word
// itself stays in Receipt.Raw.
func (o *Options) state(word string) sms.ReceiptState {
	word = strings.ToUpper(word)
	if state, ok := o.ReceiptStates[word]; ok {
		return state
	}
	if state, ok := stateWords[word]; ok {
		return state
	}
	return sms.UnknownState
}
