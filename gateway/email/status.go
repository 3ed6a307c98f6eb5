package email

import (
	"sync/atomic"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// State is where a mail stands. All but Queued, Held and Sending are final.
type State string

const (
	StateQueued    State = "queued"
	StateHeld      State = "held" // waits for NotBefore
	StateSending   State = "sending"
	StateSent      State = "sent"    // the mail server took it
	StateFailed    State = "failed"  // refused for good ("bounced"), or too many tries
	StateUnknown   State = "unknown" // it may have been taken twice over: not tried again
	StateExpired   State = "expired"
	StateCancelled State = "cancelled"
)

// Status is what a sender may know of a mail. Times are microseconds UTC, 0 when not yet.
type Status struct {
	State    State
	QueuedAt int64
	SentAt   int64
	DoneAt   int64
	Reason   string // a stable word and what the mail server said
	Attempts int
}

// Status reads one mail; problem not_found when there is none in the bucket.
func (o *Outbox) Status(tx *store.Tx, bucket id.Organisation, m id.Message) (Status, error) {
	var s Status
	var due, expires int64
	err := tx.QueryRow(`SELECT state, queued_at, sent_at, done_at, reason, attempts, due, expires_at FROM email_message
		WHERE bucket = $1 AND id = $2`, string(bucket), string(m)).
		Scan(&s.State, &s.QueuedAt, &s.SentAt, &s.DoneAt, &s.Reason, &s.Attempts, &due, &expires)
	if store.IsNoRows(err) {
		return s, problem.NotFound("mail")
	}
	if err != nil {
		return s, err
	}
	if s.State == StateQueued && expires > 0 && expires <= tx.Now {
		s.State, s.Reason = StateExpired, reasonTooLate
	} else if s.State == StateQueued && due > tx.Now && s.Attempts == 0 {
		s.State = StateHeld
	}
	return s, nil
}

// Cancel takes back a mail that is still queued or held; conflict "already_sent" when it was taken out.
func (o *Outbox) Cancel(tx *store.Tx, bucket id.Organisation, m id.Message) error {
	n, err := tx.Exec(`UPDATE email_message SET state = 'cancelled', due = 0, done_at = $3, reason = 'cancelled',
		sealed_head = NULL, sealed_body = NULL WHERE bucket = $1 AND id = $2 AND state = 'queued'`,
		string(bucket), string(m), tx.Now)
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
	return problem.Conflict("already_sent", "The mail is on its way or over and cannot be taken back.")
}

const reasonTooLate = "too_late"

// Counts is a snapshot of what this process did since it started, for metrics.
type Counts struct {
	Queued, Sent, Failed, Retried, Unknown, Expired, Cancelled uint64
	Connections                                                uint64 // opened
}

type counters struct {
	queued, sent, failed, retried, unknown, expired, cancelled, connections atomic.Uint64
}

// Counts takes the snapshot.
func (o *Outbox) Counts() Counts {
	c := &o.count
	return Counts{Queued: c.queued.Load(), Sent: c.sent.Load(), Failed: c.failed.Load(), Retried: c.retried.Load(),
		Unknown: c.unknown.Load(), Expired: c.expired.Load(), Cancelled: c.cancelled.Load(), Connections: c.connections.Load()}
}
