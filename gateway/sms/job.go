package sms

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"watchword/base/store"
	"watchword/gateway/sms/encoding"
)

// job is one message that was taken out.
type job struct {
	lane                 Lane
	bucket               string
	id                   string
	seq                  bool // bulk
	claim                *claim
	attempts             int
	segments             int
	expires              int64
	pinned               string // the carrier that was tried last, or has part of it already
	reason               string
	sender               string
	country              string
	to                   string
	text                 string
	ref                  string
	sealedTo, sealedBody []byte
	answered             []int // parts that need no sending

	tried  map[*route]bool
	route  *route
	concat bool
	one    [1]part
	parts  []part
	left   int // parts without an outcome; guarded by the route's or the waiter's lock
}

// part is one segment of a job.
type part struct {
	segment Segment
	outcome Outcome
	over    bool // needs no sending any more
}

// cut splits the text for a route. A message of which some parts were answered is cut again the same way, for the same
// route, with the same reference.
func (j *job) cut(r *route, now int64) bool {
	coding, parts := encoding.Split(j.text, r.Text)
	if len(parts) > encoding.MaxParts {
		return false
	}
	j.route, j.concat = r, len(parts) > 1
	if j.concat {
		j.parts = make([]part, len(parts))
	} else {
		j.one = [1]part{}
		j.parts = j.one[:]
	}
	from := j.sender
	if from == "" {
		from = r.Sender
	}
	var validity time.Duration
	if j.expires > 0 {
		validity = time.Duration(j.expires-now) * time.Microsecond
	}
	var ref uint16
	if j.concat {
		h := fnv.New32a()
		h.Write([]byte(j.id))
		ref = uint16(h.Sum32())
	}
	prefix := "b"
	if j.lane == System {
		prefix = "s"
	}
	prefix += j.bucket + "/" + j.id + "/"
	for i, p := range parts {
		n := 0
		if j.concat {
			n = i + 1
		}
		j.parts[i].segment = Segment{Key: prefix + strconv.Itoa(n), From: from, To: j.to, Coding: coding, Data: p.Data,
			Text: p.Text, Ref: ref, Part: i + 1, Total: len(parts), Validity: validity, Urgent: j.lane == System}
		j.parts[i].over = j.concat && slices.Contains(j.answered, i+1)
	}
	return true
}

// splitKey reverses the key of a segment.
func splitKey(key string) (lane Lane, bucket, id string, part int, ok bool) {
	f := strings.Split(key, "/")
	if len(f) != 3 || f[0] == "" {
		return "", "", "", 0, false
	}
	n, err := strconv.Atoi(f[2])
	lane = Bulk
	if f[0][0] == 's' {
		lane = System
	}
	return lane, f[0][1:], f[1], n, err == nil
}

// due says whether the message may still be sent.
func (j *job) inTime(now int64) bool { return j.expires == 0 || now < j.expires }

// over ends a job without an answer of a carrier, or puts it back when due is set.
func (o *Outbox) over(j *job, s State, due int64, reason string) {
	switch {
	case s == StateExpired:
		o.count.expired.Add(1)
	case s == StateCancelled:
		o.count.cancelled.Add(1)
	}
	carrier := j.pinned
	if j.route != nil && j.begun() {
		carrier = j.route.name // it has part of the message: the rest must follow there, and only the rest
	}
	o.line(j.lane).put(event{kind: jobOver, job: j, state: s, due: due, reason: reason, carrier: carrier})
}

// backoff is the wait after a number of passing errors.
func (o *Outbox) backoff(j *job) int64 {
	first := o.FirstRetry
	if j.lane == System {
		first /= 4
	}
	d := min(o.LongestRetry, first<<min(max(j.attempts-1, 0), 20))
	const step = 10_000 // rows that go back together share one statement
	return (o.DB.Now() + store.Micros(d)) / step * step
}

// answer judges what the carrier said to all parts of a job: recorded, tried again, or put back.
func (o *Outbox) answer(j *job, r *route) {
	var rejected, temporary, again, unknown *Outcome
	done := 0
	for i := range j.parts {
		p := &j.parts[i]
		if p.over && p.outcome.Kind == Accepted {
			done++
			continue
		}
		switch p.outcome.Kind {
		case Rejected:
			rejected = &p.outcome
		case Temporary:
			temporary = &p.outcome
		case Throttled, QueueFull, NotSent:
			again = &p.outcome
		case Unknown:
			unknown = &p.outcome
			if !p.over {
				temporary = nil
			}
		}
	}
	l := o.line(j.lane)
	e := event{kind: jobOver, job: j, carrier: r.name, state: StateSent, sentAt: o.sentAt(j)}
	switch {
	case rejected != nil && done == 0 && unknown == nil && slices.Contains(r.NextOn, rejected.Reason) && o.elsewhere(j, r):
		o.again(j, r)
		return
	case rejected != nil:
		e.state, e.reason = StateFailed, rejected.Reason
	case temporary != nil:
		j.attempts++
		if j.attempts >= o.Attempts {
			e.state, e.reason = StateFailed, reasonAttempts+":"+temporary.Reason
			break
		}
		o.count.retried.Add(1)
		e.state, e.due, e.reason = StateQueued, o.backoff(j), temporary.Reason
	case again != nil:
		o.count.putBack.Add(1)
		e.state, e.due, e.reason = StateQueued, 1, again.Reason
		if done == 0 && unknown == nil {
			e.carrier = "" // nothing of it is there: any route may take it
		}
	case unknown != nil && r.Requeue && j.lane == Bulk && j.attempts+1 < o.Attempts:
		j.attempts++
		o.count.retried.Add(1)
		e.state, e.due, e.reason = StateQueued, 1, unknown.Reason
	case unknown != nil:
		e.state, e.reason = StateUnknown, unknown.Reason
	}
	if unknown == nil && !slices.ContainsFunc(j.parts, func(p part) bool { return p.outcome.Kind == Accepted }) {
		e.sentAt = 0 // no carrier took any of it
	}
	if !j.concat && e.state == StateSent {
		e.carrierID, e.entry = j.parts[0].outcome.CarrierID, o.remember(j, 0, r)
	}
	l.put(e)
}

// remember notes an accepted segment for its receipt; nil when the carrier gave no id.
func (o *Outbox) remember(j *job, n int, r *route) *entry {
	i := max(n-1, 0)
	carrierID := j.parts[i].outcome.CarrierID
	o.count.segments.Add(1)
	if carrierID == "" {
		return nil
	}
	e := &entry{lane: j.lane, bucket: j.bucket, id: j.id, part: n, carrierID: carrierID, to: j.to}
	o.recent.add(matchKey(r.name, idKey(carrierID)), e)
	return e
}

// sentAt is when the last part left, by the database's clock.
func (o *Outbox) sentAt(j *job) int64 {
	var at time.Time
	for i := range j.parts {
		if t := j.parts[i].outcome.At; t.After(at) {
			at = t
		}
	}
	if at.IsZero() {
		return 0
	}
	return at.Add(o.DB.Clock().Offset()).UnixMicro()
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
