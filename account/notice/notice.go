// Package notice writes to people: the mails that carry a link, and the notices of what happened to their profile, which
// go to every confirmed address (C34, C35). Mails are rows of the outbox, made in the caller's transaction, so that
// whether one is sent takes no visible time (C11).
package notice

import (
	"strings"
	"time"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/wording"
	"watchword/gateway/email"
	"watchword/gateway/sms"
)

// Post sends. Safe for concurrent use.
type Post struct {
	SMS     *sms.Outbox
	Email   *email.Outbox
	Product string // "Watchword"
	Host    string // of the log-in page, as people know it
	Site    string // the base URL, where mails without a code lead
	Home    string // country whose numbers are shown in national form
}

// life is how long a notice is worth sending.
const life = 3 * 24 * time.Hour

// Link sends a mail whose point is one link (x.URL), to one address, not before a time (micros; 0: at once).
func (p *Post) Link(tx *store.Tx, who access.Actor, l wording.Link, to string, lang wording.Language, zone *time.Location, x wording.Params, notBefore int64) error {
	x = p.fill(tx, who, x)
	x.Zone = zone
	m := wording.LinkMail(lang, l, x)
	expires := tx.Now + store.Micros(life)
	if x.Minutes > 0 {
		expires = max(tx.Now, notBefore) + int64(x.Minutes)*60e6
	}
	return p.mail(tx, to, string(l), m, notBefore, expires)
}

// Tell sends a notice to every confirmed address of a person.
func (p *Post) Tell(tx *store.Tx, who access.Actor, pr profile.Profile, n wording.Notice, x wording.Params) error {
	to, err := profile.Confirmed(tx, pr)
	if err != nil {
		return err
	}
	return p.TellAt(tx, who, pr, n, x, to...)
}

// TellAt sends a notice to the given addresses: to a former one, or to those of a profile that was just closed.
func (p *Post) TellAt(tx *store.Tx, who access.Actor, pr profile.Profile, n wording.Notice, x wording.Params, to ...string) error {
	x = p.of(tx, who, pr, x)
	m := wording.NoticeMail(wording.Language(pr.Language), n, x)
	for _, a := range to {
		if err := p.mail(tx, a, string(n), m, 0, tx.Now+store.Micros(life)); err != nil {
			return err
		}
	}
	return nil
}

// TellOperator sends a notice to an operator's address, in English and UTC: operators are no profiles and chose neither.
func (p *Post) TellOperator(tx *store.Tx, who access.Actor, n wording.Notice, x wording.Params, to string) error {
	x = p.fill(tx, who, x)
	x.Zone = time.UTC
	return p.mail(tx, to, string(n), wording.NoticeMail(wording.English, n, x), 0, tx.Now+store.Micros(life))
}

// Compose is the words of a notice by SMS, for a sender who limits and queues it.
func (p *Post) Compose(tx *store.Tx, who access.Actor, pr profile.Profile, n wording.Notice, x wording.Params) string {
	return wording.NoticeText(wording.Language(pr.Language), n, p.of(tx, who, pr, x))
}

// Text sends a notice by SMS: to the number that was replaced, for one (B12).
func (p *Post) Text(tx *store.Tx, who access.Actor, pr profile.Profile, n wording.Notice, x wording.Params, to phone.Number) error {
	x = p.of(tx, who, pr, x)
	return p.SMS.Queue(tx, sms.Outgoing{ID: id.Message(id.New("SM", tx.Now)), Bucket: id.System, Lane: sms.System, To: to.E164, Country: to.Country,
		Finished: wording.NoticeText(wording.Language(pr.Language), n, x), ExpiresAt: tx.Now + store.Micros(life)})
}

func (p *Post) of(tx *store.Tx, who access.Actor, pr profile.Profile, x wording.Params) wording.Params {
	x = p.fill(tx, who, x)
	if x.Person == "" {
		x.Person = pr.LoginName()
	}
	x.Zone = pr.Location()
	return x
}

func (p *Post) fill(tx *store.Tx, who access.Actor, x wording.Params) wording.Params {
	x.Product, x.Host, x.Site, x.When = p.Product, p.Host, p.Site, store.Time(tx.Now)
	x.Device, x.Country = who.Origin.Device, who.Origin.Country
	if who.Origin.Address.IsValid() {
		x.Address = who.Origin.Address.String()
	}
	return x
}

func (p *Post) mail(tx *store.Tx, to, kind string, m wording.Mail, notBefore, expires int64) error {
	return p.Email.Queue(tx, email.Outgoing{ID: id.Message(id.New("EM", tx.Now)), Bucket: id.System, To: to, Kind: kind,
		Finished: &email.Body{Subject: m.Subject, Text: m.Text, HTML: m.HTML}, NotBefore: notBefore, ExpiresAt: expires})
}

// Mask shows enough of an address for its owner: "m•••@example.com".
func Mask(address string) string { return challenge.MaskEmail(strings.TrimSpace(address)) }
