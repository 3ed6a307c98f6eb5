package house

import (
	"context"
	"testing"
	"time"

	"watchword/base/store"
)

// Proves SO1: what waits for 72 hours takes effect at once where the clock is moved, not when the next round comes.
func TestMovedClockEndsTheWait(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	var c store.Clock
	seen := c.Offset()
	time.AfterFunc(20*time.Millisecond, func() { c.Advance(73 * time.Hour) })
	start := time.Now()
	if !untilMoved(ctx, &c, seen, time.Hour) || time.Since(start) > 30*time.Second {
		t.Fatal("waited although the clock was moved")
	}
	if !untilMoved(ctx, &c, c.Offset(), time.Millisecond) {
		t.Fatal("no round without a move")
	}
	stop()
	if untilMoved(ctx, &c, c.Offset(), time.Hour) {
		t.Fatal("goes on after the end")
	}
}
