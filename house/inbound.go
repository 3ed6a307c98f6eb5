package house

import (
	"strings"

	"watchword/base/store"
	"watchword/gateway/sms"
)

// Words that a phone may send to the security sender (decisions 20); capitals and final marks do not matter.
var (
	stopWords  = map[string]bool{"stop": true, "stopall": true, "arret": true, "arrêt": true, "unsubscribe": true, "cancel": true, "end": true, "quit": true, "stopp": true, "parar": true, "basta": true}
	startWords = map[string]bool{"start": true, "unstop": true}
)

// inbound obeys STOP and START in the transaction that stores the message: STOP as the first word of any text.
func (h *House) inbound(tx *store.Tx, m sms.Inbound) error {
	first, _, _ := strings.Cut(strings.TrimSpace(m.Text), " ")
	first = strings.ToLower(strings.Trim(first, ".,!\"'\r\n\t"))
	switch {
	case stopWords[first]:
		return h.stopped(tx, m.From)
	case startWords[first]:
		return h.Guard.Start(tx, m.From)
	}
	return nil
}

// stopped notes the wish of a number.
func (h *House) stopped(tx *store.Tx, number string) error { return h.Guard.Stop(tx, number) }
