package smpp

import "time"

// window counts over the last second in slots of 50 ms.
type window struct {
	slots [20]int
	first int64 // number of the newest slot
}

func (w *window) add(now time.Time) {
	w.turn(now)
	w.slots[w.first%int64(len(w.slots))]++
}

func (w *window) sum(now time.Time) int {
	w.turn(now)
	n := 0
	for _, s := range w.slots {
		n += s
	}
	return n
}

func (w *window) turn(now time.Time) {
	slot := now.UnixMilli() / 50
	if slot-w.first >= int64(len(w.slots)) {
		w.slots = [20]int{}
		w.first = slot
	}
	for w.first < slot {
		w.first++
		w.slots[w.first%int64(len(w.slots))] = 0
	}
}
