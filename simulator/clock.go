package simulator

import (
	"sync/atomic"
	"time"
)

// Clock is the clock that the simulator tells and moves. Staging follows Offset.
type Clock struct {
	Now     func() time.Time
	Advance func(time.Duration)
	Offset  func() time.Duration
}

// OwnClock is a clock of the simulator's own: the system's, moved by what was asked for.
func OwnClock() *Clock {
	var offset atomic.Int64
	return &Clock{
		Now:     func() time.Time { return time.Now().Add(time.Duration(offset.Load())).UTC() },
		Advance: func(d time.Duration) { offset.Add(int64(d)) },
		Offset:  func() time.Duration { return time.Duration(offset.Load()) },
	}
}
