package challenge

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/guard"
	"watchword/code/wording"
	"watchword/gateway/email"
	"watchword/gateway/sms"
)

// Look reads a challenge for its page, with the state of delivery. NotFound for another binding.
func (e *Engine) Look(tx *store.Tx, org id.Organisation, c id.Challenge, binding string) (Challenge, error) {
	r, err := load(tx, "", org, c)
	if store.IsNoRows(err) || err == nil && r.binding != binding {
		return Challenge{}, problem.NotFound("code")
	}
	if err != nil {
		return Challenge{}, err
	}
	if r.state == Pending && tx.Now >= r.expiresAt {
		r.state = Expired
	}
	s := e.show(r)
	s.Delivery, err = e.delivery(tx, r)
	return s, err
}

func (e *Engine) pending(tx *store.Tx, org id.Organisation, c id.Challenge, binding string) (row, error) {
	r, err := load(tx, tx.ForUpdate(), org, c)
	if store.IsNoRows(err) || err == nil && r.binding != binding {
		return r, problem.NotFound("code")
	}
	if err != nil {
		return r, err
	}
	if r.state != Pending || tx.Now >= r.expiresAt {
		return r, problem.Conflict("code_over", "That code no longer counts. Start again to get a new one.")
	}
	return r, e.reopen(&r)
}

func (e *Engine) delivery(tx *store.Tx, r row) (Delivery, error) {
	if r.channel == guard.SMS {
		s, err := e.SMS.Status(tx, r.org, r.message)
		return Delivery{string(s.State), s.QueuedAt, s.SentAt, s.DoneAt, s.Reason}, err
	}
	s, err := e.Email.Status(tx, r.org, r.message)
	return Delivery{string(s.State), s.QueuedAt, s.SentAt, s.DoneAt, s.Reason}, err
}

func (e *Engine) show(r row) Challenge {
	c := Challenge{ID: r.id, Organisation: r.org, Purpose: r.purpose, Action: r.action, Channel: r.channel, Subject: r.subject,
		Masked: r.masked, Country: r.country, State: r.state, TriesLeft: r.maxTries - r.tries, MaxTries: r.maxTries, Sends: r.sends, Version: r.version, Digits: r.digits, Zone: r.words.Zone,
		SendAt: r.sendAt, NextSendAt: r.nextSendAt, ExpiresAt: r.expiresAt, Delivery: Delivery{State: "queued", QueuedAt: r.createdAt}}
	return c
}

// over are the reasons for which a message that was queued is not sent after all.
const over = "challenge_over"

// Risky is the reason in Delivery of a text that was not sent because the number's SIM or carrier changed lately: the
// person is shown the other ways to prove it is them (B14, NIST SP 800-63B-4 §3.1.3.3).
const Risky = "number_risk"

// RenderTexts gives the SMS outbox the texts of its system rows at the moment of sending. A code whose challenge ended
// is not sent: a late code is worse than none.
func (e *Engine) RenderTexts(ctx context.Context, refs []string) (map[string]sms.Rendered, error) {
	out := make(map[string]sms.Rendered, len(refs))
	err := e.each(ctx, refs, func(ref string, r row, p wording.Params) {
		out[ref] = sms.Rendered{Text: wording.CodeText(r.language, r.purpose, p)}
	}, func(ref, why string) { out[ref] = sms.Rendered{Skip: why} })
	return out, err
}

// RenderMails is RenderTexts for the mail outbox.
func (e *Engine) RenderMails(ctx context.Context, refs []string) (map[string]email.RenderedBody, error) {
	out := make(map[string]email.RenderedBody, len(refs))
	err := e.each(ctx, refs, func(ref string, r row, p wording.Params) {
		m := wording.CodeMail(r.language, r.purpose, p)
		out[ref] = email.RenderedBody{Body: email.Body{Subject: m.Subject, Text: m.Text, HTML: m.HTML}}
	}, func(ref, why string) { out[ref] = email.RenderedBody{Skip: why} })
	return out, err
}

// each hands every challenge that still waits to send, outside any transaction, because the risk of a number may be
// asked of somebody else's server.
func (e *Engine) each(ctx context.Context, refs []string, send func(string, row, wording.Params), skip func(ref, why string)) error {
	rows := make(map[string]row, len(refs))
	read := e.DB.Read
	if len(refs) == 1 {
		read = e.DB.ReadOne // one query: nothing that it would have to agree with
	}
	err := read(ctx, func(tx *store.Tx) error {
		for _, ref := range refs {
			org, c, ok := strings.Cut(ref, ".")
			if !ok {
				return fmt.Errorf("message reference %q is not of a challenge", ref)
			}
			r, err := load(tx, "", id.Organisation(org), id.Challenge(c))
			if store.IsNoRows(err) || err == nil && (r.state != Pending || tx.Now >= r.expiresAt || !e.Ring.Has(r.key)) {
				continue
			}
			if err == nil && e.Risk != nil {
				err = e.reopen(&r)
			}
			if err != nil {
				return errors.Join(fmt.Errorf("challenge %s", c), err)
			}
			rows[ref] = r
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, ref := range refs {
		r, ok := rows[ref]
		if !ok {
			skip(ref, over)
			continue
		}
		if e.Risk != nil && r.channel == guard.SMS {
			risky, err := e.Risk(ctx, r.destination)
			if err != nil {
				continue // not sent while the risk is not known (C58); tried again until the code's life is over
			}
			if risky {
				skip(ref, Risky)
				continue
			}
		}
		p := e.params(r)
		p.Code = e.code(r)
		send(ref, r, p)
	}
	return nil
}
