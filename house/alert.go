package house

import (
	"fmt"
	"time"

	"watchword/account/operator"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/config"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/guard"
	"watchword/code/wording"
	"watchword/gateway/email"
)

// notices are the alarms that have words for a mail; the others stand in the log and the audit log.
var notices = map[string]wording.Notice{"pot_half": wording.SpendHalf, "pot_empty": wording.SpendOut}

// alert tells the operators, inside the transaction in which the alarm arose: one line in the system's audit stream, and
// a mail to every operator with an address.
func (h *House) alert(tx *store.Tx, kind, name string) error {
	tx.AfterCommit(func() { h.Log.Warn("alarm", "kind", kind, "name", name) })
	if err := h.Audit.Record(tx, access.System("watchword"), audit.Event{Kind: "alarm." + kind, Target: name}, audit.System); err != nil {
		return err
	}
	n, ok := notices[kind]
	if !ok {
		return nil
	}
	detail, err := h.spent(tx, name)
	if err != nil {
		return err
	}
	m := wording.NoticeMail(wording.English, n, wording.Params{Product: h.Config.Name, Detail: detail, URL: h.Config.BaseURL + "/operator", When: store.Time(tx.Now), Zone: time.UTC})
	list, err := operator.List(tx)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.Email == "" || !o.Active {
			continue
		}
		if err := h.Mails.Queue(tx, email.Outgoing{ID: id.Message(id.New("EM", tx.Now)), Bucket: id.System, To: o.Email, ToName: o.Name,
			Finished: &email.Body{Subject: m.Subject, Text: m.Text, HTML: m.HTML}, Kind: string(n), ExpiresAt: tx.Now + store.Micros(24*time.Hour)}); err != nil {
			return err
		}
	}
	return nil
}

// spent is "100.00 of 200.00": of what was not answered, because only that counts.
func (h *House) spent(tx *store.Tx, pot string) (string, error) {
	d, err := guard.Today(tx, pot)
	limit := h.Config.Sending.ConfirmedPot
	if pot == "unconfirmed" {
		limit = h.Config.Sending.UnconfirmedPot
	}
	return fmt.Sprintf("%s of %s", config.Money(d.Cost-d.AnsweredCost), limit), err
}
