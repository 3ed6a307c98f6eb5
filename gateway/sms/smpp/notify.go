package smpp

import (
	"sync"
	"sync/atomic"

	"watchword/gateway/sms"
)

// notice is one thing to tell: an outcome to its sender, or an event.
type notice struct {
	done    func(sms.Outcome)
	key     string // of a late outcome
	outcome sms.Outcome
	receipt *sms.Receipt
	inbound *sms.Inbound
	ack     func(stored bool)
}

// notifier tells notices one after the other in the order they were put.
type notifier struct {
	events  sms.Events
	mu      sync.Mutex
	queue   []notice
	closed  bool
	waiting atomic.Int64
	wake    chan struct{}
}

func newNotifier(events sms.Events) *notifier {
	return &notifier{events: events, wake: make(chan struct{}, 1)}
}

func (n *notifier) put(batch ...notice) {
	if len(batch) == 0 {
		return
	}
	n.waiting.Add(int64(len(batch)))
	n.mu.Lock()
	n.queue = append(n.queue, batch...)
	n.mu.Unlock()
	n.poke()
}

func (n *notifier) poke() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// close lets run return when all has been told.
func (n *notifier) close() {
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	n.poke()
}

func (n *notifier) run() {
	var batch []notice
	for {
		n.mu.Lock()
		batch, n.queue = n.queue, batch[:0]
		closed := n.closed
		n.mu.Unlock()
		for i := range batch {
			n.tell(&batch[i])
			n.waiting.Add(-1)
		}
		if len(batch) > 0 {
			clear(batch)
			continue
		}
		if closed {
			return
		}
		<-n.wake
	}
}

func (n *notifier) tell(x *notice) {
	switch {
	case x.done != nil:
		x.done(x.outcome)
	case x.receipt != nil:
		n.events.Receipt(*x.receipt, x.ack)
	case x.inbound != nil:
		n.events.Inbound(*x.inbound, x.ack)
	default:
		n.events.Late(x.key, x.outcome)
	}
}
