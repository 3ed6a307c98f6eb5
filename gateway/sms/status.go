package sms

import (
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// State is where a message stands. Delivered, Failed, Expired and Cancelled are final; Unknown becomes Sent,
// Delivered or Failed when the carrier is heard after all.
type State string

const (
	StateQueued    State = "queued"
	StateHeld      State = "held"    // waits for NotBefore
	StateSending   State = "sending" // taken out, no answer recorded yet
	StateSent      State = "sent"    // every segment accepted by the carrier
	StateDelivered State = "delivered"
	StateFailed    State = "failed"
	StateUnknown   State = "unknown" // no response came, or the program died with the message in hand
	StateExpired   State = "expired" // its time was over before it was sent
	StateCancelled State = "cancelled"
)

// Final says whether the state can still change.
func (s State) Final() bool {
	return s == StateDelivered || s == StateFailed || s == StateExpired || s == StateCancelled
}

// Status is what a sender may know of a message. Times are microseconds UTC, 0 when not yet.
type Status struct {
	State    State
	QueuedAt int64
	SentAt   int64
	DoneAt   int64
	Reason   string // a stable word when failed, unknown, expired or cancelled
	Carrier  string
	Segments int
}

// Reasons of the outbox itself; the others are the carriers' words.
const (
	reasonTooLate  = "too_late"       // ExpiresAt passed before it was sent
	reasonCrashed  = "process_ended"  // the process died with the message in hand
	reasonNoRoute  = "no_route"       // no route up that reaches the number
	reasonAttempts = "too_many_tries" // passing errors until Attempts was reached
	reasonText     = "text_too_long"  // more than 255 parts
)

// Status reads one message; problem not_found when there is none in the bucket.
func (o *Outbox) Status(tx *store.Tx, bucket id.Organisation, m id.Message) (Status, error) {
	var s Status
	var seq, due, head, expires, attempts int64
	err := tx.QueryRow(`SELECT m.state, m.queued_at, m.sent_at, m.done_at, m.reason, m.carrier, m.segments, m.seq, m.due,
		m.expires_at, m.attempts, COALESCE((SELECT q.head FROM sms_queue q WHERE q.bucket = m.bucket), 0)
		FROM sms_message m WHERE m.bucket = $1 AND m.id = $2`, string(bucket), string(m)).
		Scan(&s.State, &s.QueuedAt, &s.SentAt, &s.DoneAt, &s.Reason, &s.Carrier, &s.Segments, &seq, &due, &expires, &attempts, &head)
	if store.IsNoRows(err) {
		return s, problem.NotFound("message")
	}
	if err != nil {
		return s, err
	}
	switch {
	case s.State != StateQueued:
	case due == 0 && seq > 0 && seq <= head:
		s.State = StateSending // claimed with a range: the rows themselves are not touched
	case expires > 0 && expires <= tx.Now:
		s.State, s.Reason = StateExpired, reasonTooLate
	case due > tx.Now && attempts == 0 && s.Reason == "":
		s.State = StateHeld
	}
	return s, nil
}

// Cancel takes back a message that is still queued or held; conflict "already_sent" when it was taken out.
func (o *Outbox) Cancel(tx *store.Tx, bucket id.Organisation, m id.Message) error {
	// The queue's row is locked first, as a claim does, so that head cannot move meanwhile.
	var head int64
	err := tx.QueryRow(`SELECT head FROM sms_queue WHERE bucket = $1`+tx.ForUpdate(), string(bucket)).Scan(&head)
	if err != nil && !store.IsNoRows(err) {
		return err
	}
	n, err := tx.Exec(`UPDATE sms_message SET state = 'cancelled', due = 0, done_at = $3, reason = 'cancelled',
		sealed_to = NULL, sealed_body = NULL
		WHERE bucket = $1 AND id = $2 AND state = 'queued' AND (due > 0 OR seq > $4)`, string(bucket), string(m), tx.Now, head)
	if err != nil {
		return err
	}
	if n == 1 {
		tx.AfterCommit(func() { o.count.cancelled.Add(1) })
		return nil
	}
	if _, err := o.Status(tx, bucket, m); err != nil {
		return err
	}
	return problem.Conflict("already_sent", "The message is on its way or over and cannot be taken back.")
}
