package require

import (
	"time"

	"watchword/account/count"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/store"
	"watchword/code/guard"
	"watchword/code/wording"
	"watchword/gateway/sms"
	"watchword/gateway/sms/encoding"
	"watchword/organisation"
)

// textLife is how long a confirming text is worth sending.
const textLife = 72 * time.Hour

// again is when a text is tried again whose refusal does not say when: the country list or a STOP may have changed.
const again = 24 * time.Hour

// suggest keeps a typed number and sends it the confirming text, which has no code and no link.
func (r *Room) suggest(tx *store.Tx, who access.Actor, m organisation.Member, p profile.Profile, n phone.Number, masked string, x wording.Params) error {
	x.Detail = masked
	sealed := organisation.SealNumber(r.Ring, m.Organisation, m.Profile, n)
	if err := r.Organisations.SuggestNumber(tx, m.Organisation, m.Profile, sealed, masked, ""); err != nil {
		return err
	}
	if _, err := r.announce(tx, who, m, p, n, x); err != nil {
		return err
	}
	return r.Organisations.Log.Record(tx, who, audit.Event{Kind: "member.number_suggested", Target: string(m.Profile),
		Detail: map[string]string{"to": masked}}, string(m.Organisation), string(m.Profile))
}

// held stands before the reason for which a confirming text did not leave, in the place of its id.
const held = "held:"

// announce queues the confirming text, or keeps why it is held and when it is tried again. It counts to the organisation,
// to the country list and to the spend ceiling, not to an address or a prefix; what is held never keeps the window from
// being saved (decisions 25). why says what holds it.
func (r *Room) announce(tx *store.Tx, who access.Actor, m organisation.Member, p profile.Profile, n phone.Number, x wording.Params) (why string, err error) {
	body := r.Post.Compose(tx, who, p, wording.NumberSuggested, x)
	out := sms.Outgoing{ID: id.Message(id.New("SM", tx.Now)), Bucket: id.System, Lane: sms.System, To: n.E164, Country: n.Country, Finished: body,
		Segments: encoding.Count(body, encoding.Options{}).Segments, ExpiresAt: tx.Now + store.Micros(textLife)}
	s := guard.Send{Channel: guard.SMS, Bucket: "confirming:" + string(m.Organisation) + ":" + r.Guard.Bucket(guard.SMS, "", n.E164, false), To: n.E164,
		Country: n.Country, Purpose: string(wording.NumberSuggested), Message: out.ID}
	if r.Price != nil {
		s.Cost = int64(out.Segments) * r.Price(n.Country)
	}
	bucket := "confirming/" + string(m.Organisation)
	wait, err := count.Take(tx, bucket, count.Limit{Most: r.Settings.Texts, Within: 24 * time.Hour})
	if err != nil {
		return "", err
	}
	if wait > 0 {
		return r.hold(tx, m, "organisation_limit", wait)
	}
	permit, no, err := r.Guard.Allow(tx, s)
	if err != nil {
		return "", err
	}
	if no != nil {
		if err := count.Return(tx, bucket); err != nil {
			return "", err
		}
		return r.hold(tx, m, no.Code, no.RetryAfter)
	}
	out.NotBefore = permit.SendAt
	if err := r.Post.SMS.Queue(tx, out); err != nil {
		return "", err
	}
	return "", r.Organisations.AnnounceNumber(tx, m.Organisation, m.Profile, string(out.ID), 0)
}

func (r *Room) hold(tx *store.Tx, m organisation.Member, why string, wait time.Duration) (string, error) {
	if wait <= 0 {
		wait = again
	}
	return why, r.Organisations.AnnounceNumber(tx, m.Organisation, m.Profile, held+why, tx.Now+store.Micros(wait))
}
