package sms

import "sync/atomic"

// Counts is a snapshot of what this process did since it started, for metrics. Messages count once each; Segments
// counts submissions that carriers accepted.
type Counts struct {
	Queued       uint64 // handed to the outbox (counted when durable)
	Claimed      uint64 // messages taken out for sending
	Segments     uint64 // segments accepted by carriers
	Delivered    uint64
	Failed       uint64
	Unknown      uint64 // no response, or the process died with the message in hand
	Expired      uint64
	Cancelled    uint64
	Retried      uint64 // passing errors tried again
	PutBack      uint64 // throttled, queue full or not sent: no attempt counted
	Receipts     uint64 // receipts that were matched
	Duplicates   uint64 // receipts that said nothing new
	Early        uint64 // receipts kept because their response was not there yet
	Unmatched    uint64 // receipts given up after KeepEarly
	Inbound      uint64 // messages from phones, stored
	InboundAgain uint64 // repeated deliveries of them
	Waiting      int64  // bulk messages not yet claimed, as last seen
}

type counters struct {
	queued, claimed, segments, delivered, failed, unknown, expired, cancelled atomic.Uint64
	retried, putBack, receipts, duplicates, early, unmatched                  atomic.Uint64
	inbound, inboundAgain                                                     atomic.Uint64
	waiting                                                                   atomic.Int64
}

// Counts takes the snapshot.
func (o *Outbox) Counts() Counts {
	c := &o.count
	return Counts{
		Queued: c.queued.Load(), Claimed: c.claimed.Load(), Segments: c.segments.Load(),
		Delivered: c.delivered.Load(), Failed: c.failed.Load(), Unknown: c.unknown.Load(),
		Expired: c.expired.Load(), Cancelled: c.cancelled.Load(), Retried: c.retried.Load(),
		PutBack: c.putBack.Load(), Receipts: c.receipts.Load(), Duplicates: c.duplicates.Load(),
		Early: c.early.Load(), Unmatched: c.unmatched.Load(), Inbound: c.inbound.Load(),
		InboundAgain: c.inboundAgain.Load(), Waiting: c.waiting.Load(),
	}
}
