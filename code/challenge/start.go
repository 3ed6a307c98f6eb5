package challenge

import (
	"fmt"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/guard"
	"watchword/code/wording"
	"watchword/gateway/email"
	"watchword/gateway/sms"
)

// Start makes a challenge and queues its message, in the caller's transaction. Older pending challenges of the same
// subject and purpose die (LF7). Inside the destination's cool-down the message waits and leaves by itself.
func (e *Engine) Start(tx *store.Tx, who access.Actor, q Request) (Started, error) {
	older, err := open(tx, q.Organisation, q.Subject, q.Purpose)
	if err != nil {
		return Started{}, err
	}
	for _, r := range older {
		if err := e.end(tx, r, Cancelled); err != nil {
			return Started{}, err
		}
	}
	r := e.prepare(tx, who, q)
	no, err := e.send(tx, who, &r)
	if err != nil || no != nil {
		return Started{Refused: no}, err
	}
	life := e.Settings.SMSLife
	if r.channel == guard.Email {
		life = e.Settings.EmailLife
	}
	r.expiresAt = r.sendAt + store.Micros(life)
	if err := e.queue(tx, r); err != nil {
		return Started{}, err
	}
	if err := insert(tx, r); err != nil {
		return Started{}, err
	}
	err = e.Log.Record(tx, who, audit.Event{Kind: "code.sent", Target: string(r.id), Detail: e.facts(r)}, streams(who, r.subject)...)
	return Started{Challenge: e.show(r)}, err
}

func (e *Engine) prepare(tx *store.Tx, who access.Actor, q Request) row {
	key := e.Ring.Current()
	c := id.Challenge(id.New("VE", tx.Now))
	r := row{org: q.Organisation, id: c, purpose: q.Purpose, action: q.Action, channel: q.Channel, subject: q.Subject,
		binding: q.Binding, confirmed: q.Confirmed, language: q.Language, key: key, digits: e.Settings.Digits, state: Pending,
		maxTries: e.Settings.Tries, version: q.Version, createdAt: tx.Now, destination: q.Address, address: who.Origin.Bucket(),
		words: words{Name: q.Name, Device: who.Origin.Device, Country: who.Origin.Country, Detail: q.Detail, Count: q.Count, Zone: q.Zone}}
	if who.Origin.Address.IsValid() {
		r.words.Address = who.Origin.Address.Unmap().String()
	}
	if n := q.Number; q.Channel == guard.SMS {
		r.destination, r.country, r.prefix = n.E164, n.Country, n.Prefix()
	}
	r.hash = e.Ring.Hash("destination", r.limitKey())
	r.sealed = e.Ring.Seal("challenge.to", string(c), []byte(r.destination))
	r.bucket = e.Guard.Bucket(r.channel, r.subject, r.limitKey(), r.confirmed)
	// What a check or a cancel needs is worked out once: those happen more often than starts.
	if r.channel == guard.Email {
		r.masked = MaskEmail(r.destination)
		return r
	}
	r.masked = q.Number.Masked(e.Home)
	r.segments = wording.CodeSegments(r.language, r.purpose, e.params(r))
	if e.Price != nil {
		r.cost = int64(r.segments) * e.Price(r.country)
	}
	return r
}

func (r row) limitKey() string {
	if r.channel == guard.Email {
		return LimitKey(r.destination)
	}
	return r.destination
}

// send asks the guard and sets the message's id and times; the refusal is written down.
func (e *Engine) send(tx *store.Tx, who access.Actor, r *row) (*problem.Error, error) {
	letters := "SM"
	if r.channel == guard.Email {
		letters = "EM"
	}
	r.message = id.Message(id.New(letters, tx.Now))
	permit, no, err := e.Guard.Allow(tx, guarded(*r, who.Origin))
	if err != nil {
		return nil, err
	}
	if no != nil {
		err := e.Log.Record(tx, who, audit.Event{Kind: "code.sent", Outcome: audit.Refused, Reason: no.Code, Target: string(r.id), Detail: e.facts(*r)}, streams(who, r.subject)...)
		return no, err
	}
	r.sends++
	r.nextSendAt = permit.NextAt
	if r.sends == 1 {
		r.sendAt = permit.SendAt
	}
	return nil, nil
}

func guarded(r row, o access.Origin) guard.Send {
	return guard.Send{Channel: r.channel, Bucket: r.bucket, To: r.destination, Confirmed: r.confirmed, Country: r.country,
		Prefix: r.prefix, Origin: o, Purpose: string(r.purpose), Cost: r.cost, Challenge: string(r.id), Message: r.message}
}

func (e *Engine) queue(tx *store.Tx, r row) error {
	ref := string(r.org) + "." + string(r.id)
	notBefore := r.sendAt
	if r.sends > 1 {
		notBefore = tx.Now
	}
	if r.channel == guard.SMS {
		return e.SMS.Queue(tx, sms.Outgoing{ID: r.message, Bucket: r.org, Lane: sms.System, To: r.destination, Ref: ref,
			Segments: r.segments, Country: r.country, NotBefore: notBefore, ExpiresAt: r.expiresAt})
	}
	return e.Email.Queue(tx, email.Outgoing{ID: r.message, Bucket: r.org, To: r.destination, ToName: r.words.Name, Ref: ref,
		Kind: "code." + string(r.purpose), NotBefore: notBefore, ExpiresAt: r.expiresAt})
}

// Resend sends the same code again. It extends neither the life of the code nor the tries (decisions 18); inside the
// cool-down and at the limits it is refused.
func (e *Engine) Resend(tx *store.Tx, who access.Actor, org id.Organisation, c id.Challenge, binding string) (Started, error) {
	r, err := e.pending(tx, org, c, binding)
	if err != nil {
		return Started{}, err
	}
	if r.nextSendAt > tx.Now {
		wait := store.Time(r.nextSendAt).Sub(store.Time(tx.Now))
		return Started{Challenge: e.show(r), Refused: problem.TooMany("too_soon",
			fmt.Sprintf("Wait until the code has had time to arrive. You can have it sent again in %s.", guard.Words(wait)), wait)}, nil
	}
	no, err := e.send(tx, who, &r)
	if err != nil || no != nil {
		return Started{Challenge: e.show(r), Refused: no}, err
	}
	if err := e.queue(tx, r); err != nil {
		return Started{}, err
	}
	if err := r.save(tx); err != nil {
		return Started{}, err
	}
	err = e.Log.Record(tx, who, audit.Event{Kind: "code.sent", Target: string(r.id), Detail: e.facts(r)}, streams(who, r.subject)...)
	return Started{Challenge: e.show(r)}, err
}

// Cancel ends a pending challenge; a message that still waits is not sent. It is no error when it ended already.
func (e *Engine) Cancel(tx *store.Tx, org id.Organisation, c id.Challenge, binding string) error {
	r, err := load(tx, tx.ForUpdate(), org, c)
	if store.IsNoRows(err) || err == nil && (r.binding != binding || r.state != Pending) {
		return nil
	}
	if err != nil {
		return err
	}
	return e.end(tx, r, Cancelled)
}

// end closes a challenge without success. A message that never left does not count as a send.
func (e *Engine) end(tx *store.Tx, r row, s State) error {
	if err := e.unsent(tx, r); err != nil {
		return err
	}
	r.state, r.decidedAt = s, tx.Now
	return r.save(tx)
}

func (e *Engine) unsent(tx *store.Tx, r row) error {
	d, err := e.delivery(tx, r)
	if err != nil || d.State != "held" {
		return err
	}
	if r.channel == guard.SMS {
		err = e.SMS.Cancel(tx, r.org, r.message)
	} else {
		err = e.Email.Cancel(tx, r.org, r.message)
	}
	if err != nil {
		return err
	}
	return e.Guard.Withdraw(tx, guarded(r, access.Origin{}))
}

// reopen reads the destination back into memory.
func (e *Engine) reopen(r *row) error {
	if r.destination != "" {
		return nil
	}
	b, err := e.Ring.Open("challenge.to", string(r.id), r.sealed)
	r.destination = string(b)
	return err
}

func (e *Engine) facts(r row) map[string]string {
	f := map[string]string{"purpose": string(r.purpose), "channel": string(r.channel), "to": r.masked}
	if r.action != "" {
		f["action"] = string(r.action)
	}
	if r.sends > 1 {
		f["again"] = fmt.Sprint(r.sends)
	}
	return f
}
