package house

import (
	"strings"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
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

// stopped notes the wish of a number. For people who have confirmed it nothing changes but that they are told
// (decisions 20).
func (h *House) stopped(tx *store.Tx, number string) error {
	if err := h.Guard.Stop(tx, number); err != nil {
		return err
	}
	holders, err := h.Rooms.Factors.Holders(tx, number)
	if err != nil {
		return err
	}
	masked := number
	if n, err := phone.Parse(number, h.Config.HomeCountry); err == nil {
		masked = n.Masked(h.Config.HomeCountry)
	}
	for _, holder := range holders {
		p, err := profile.ByID(tx, holder)
		if problem.Is(err, problem.KindNotFound) {
			continue // an operator's
		}
		if err != nil {
			return err
		}
		if err := h.Rooms.Post.Tell(tx, access.System("phone"), p, wording.StopReceived, wording.Params{Detail: masked}); err != nil {
			return err
		}
	}
	return nil
}
