package suite_test

import "testing"

// The ground under all attacks: what must work, works.
func TestStory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.newcomer(t)
		a.addPhone(mobile())
		a.again(t).login()
		b := w.newcomer(t)
		b.addApp()
		b.again(t).login()
	})
}
