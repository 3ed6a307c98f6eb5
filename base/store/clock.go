package store

import (
	"sync/atomic"
	"time"
)

// Clock is the system's clock, moved by an offset. Only the demo, staging and tests move it. Waiting in the process
// (timers, time-outs) goes by real time; whatever is stored and compared goes by this clock.
type Clock struct{ offset atomic.Int64 }

// Now is the present time, UTC.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())).UTC() }

// Advance moves the clock; a negative duration steps it back.
func (c *Clock) Advance(d time.Duration) { c.offset.Add(int64(d)) }

// Offset is how far the clock was moved.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// SetOffset puts the clock at a fixed distance from the system's.
func (c *Clock) SetOffset(d time.Duration) { c.offset.Store(int64(d)) }
