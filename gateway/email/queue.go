package email

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"strings"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

const topic = "email"

// Purposes of sealed values; both are bound to the mail's id.
const (
	sealHead = "email.to"
	sealBody = "email.body"
)

// head is what a row seals beside the content: nobody reads from the database who was written to.
type head struct {
	To, ToName, From, FromName, ReplyTo string
}

// Queue puts a mail into the outbox as part of the caller's transaction: it is sent if and only if that commits. The
// same id twice in a bucket is one mail. Addresses and subject with line breaks are refused.
func (o *Outbox) Queue(tx *store.Tx, m Outgoing) error {
	if err := m.check(); err != nil {
		return err
	}
	h, err := json.Marshal(head{m.To, m.ToName, m.From, m.FromName, m.ReplyTo})
	if err != nil {
		return err
	}
	var body []byte
	if m.Finished != nil {
		b, err := json.Marshal(m.Finished)
		if err != nil {
			return err
		}
		body = o.Ring.Seal(sealBody, string(m.ID), b)
	}
	n, err := tx.Exec(`INSERT INTO email_message (bucket, id, due, state, kind, ref, process, attempts, again, expires_at,
		queued_at, sent_at, done_at, reason, sealed_head, sealed_body)
		VALUES ($1, $2, $3, 'queued', $4, $5, '', 0, 0, $6, $7, 0, 0, '', $8, $9) ON CONFLICT (bucket, id) DO NOTHING`,
		string(m.Bucket), string(m.ID), startAt(m.NotBefore, tx.Now), m.Kind, m.Ref, m.ExpiresAt, tx.Now,
		o.Ring.Seal(sealHead, string(m.ID), h), body)
	if err != nil || n == 0 {
		return err
	}
	tx.AfterCommit(func() { o.count.queued.Add(1) })
	tx.Wake(topic)
	return nil
}

func (m *Outgoing) check() error {
	if !id.Valid("EM", string(m.ID)) || m.Bucket == "" {
		return fmt.Errorf("email: message %q of bucket %q: it needs an EM id and a bucket", m.ID, m.Bucket)
	}
	if (m.Ref == "") == (m.Finished == nil) {
		return fmt.Errorf("email: message %s takes either Ref or Finished", m.ID)
	}
	if !address(m.To) {
		return problem.AtField("to", "invalid_email", "Give an email address, like name@example.com.")
	}
	if m.From != "" && !address(m.From) || m.ReplyTo != "" && !address(m.ReplyTo) {
		return fmt.Errorf("email: message %s: sender or reply address is none", m.ID)
	}
	words := []string{m.ToName, m.FromName}
	if m.Finished != nil {
		words = append(words, m.Finished.Subject)
	}
	for _, w := range words {
		if strings.ContainsAny(w, "\r\n\x00") {
			return problem.AtField("subject", "line_break", "Remove the line breaks: names and subjects are one line.")
		}
	}
	return nil
}

// address accepts exactly one bare address of RFC 5322 §3.4.1, at most 254 octets, without any control character.
func address(s string) bool {
	if len(s) > 254 || strings.ContainsFunc(s, func(r rune) bool { return r < 0x21 || r == 0x7F }) {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == ""
}

// startAt is the due time of a row: 1 is at once, so that a clock stepped back does not hold up what was queued before.
func startAt(notBefore, now int64) int64 {
	if notBefore > now {
		return notBefore
	}
	return 1
}
