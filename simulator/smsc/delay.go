package smsc

import (
	"container/heap"
	"sync"
	"time"
)

// delayLine does things later, in the order they fall due; those due at the same time in the order they were put.
type delayLine struct {
	mu     sync.Mutex
	queue  delayHeap
	count  uint64
	wake   chan struct{}
	closed bool
}

type delayed struct {
	due   time.Time
	order uint64
	do    func()
}

// finest is where the runtime's timers, which wake by whole milliseconds, become too coarse.
const finest = 2 * time.Millisecond

func newDelayLine() *delayLine { return &delayLine{wake: make(chan struct{}, 1)} }

func (d *delayLine) after(wait time.Duration, do func()) {
	d.mu.Lock()
	d.count++
	heap.Push(&d.queue, delayed{time.Now().Add(wait), d.count, do})
	first := d.queue[0].order == d.count
	d.mu.Unlock()
	if first {
		d.poke()
	}
}

func (d *delayLine) poke() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// close drops what is still waiting.
func (d *delayLine) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.poke()
}

func (d *delayLine) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		d.mu.Lock()
		if d.closed {
			d.mu.Unlock()
			return
		}
		wait := time.Hour
		var do func()
		if len(d.queue) > 0 {
			if wait = time.Until(d.queue[0].due); wait <= 0 {
				do = heap.Pop(&d.queue).(delayed).do
			}
		}
		d.mu.Unlock()
		if do != nil {
			do()
			continue
		}
		if wait < finest {
			napFor(wait)
			continue
		}
		timer.Reset(wait - finest/2)
		select {
		case <-timer.C:
		case <-d.wake:
		}
	}
}

type delayHeap []delayed

func (h delayHeap) Len() int { return len(h) }
func (h delayHeap) Less(i, j int) bool {
	if h[i].due.Equal(h[j].due) {
		return h[i].order < h[j].order
	}
	return h[i].due.Before(h[j].due)
}
func (h delayHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *delayHeap) Push(x any)   { *h = append(*h, x.(delayed)) }
func (h *delayHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = delayed{}
	*h = old[:len(old)-1]
	return last
}
