package count_test

import (
	"context"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/count"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves C21, C60, B15: a limit holds under fifty parallel takers, says when to come back, and frees itself.
func TestTake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		take := func() (wait time.Duration) {
			if err := db.Write(context.Background(), func(tx *store.Tx) (err error) {
				wait, err = count.Take(tx, "b", count.Limit{Most: 3, Within: time.Hour}, count.Limit{Most: 4, Within: 24 * time.Hour})
				return err
			}); err != nil {
				t.Error(err)
			}
			return wait
		}
		if won := accounttest.Race(50, func() bool { return take() == 0 }); won != 3 {
			t.Fatal(won)
		}
		if w := take(); w <= 0 || w > time.Hour {
			t.Fatal(w)
		}
		db.Clock().Advance(time.Hour)
		if w := take(); w != 0 {
			t.Fatal(w)
		}
		if w := take(); w <= 22*time.Hour || w > 24*time.Hour {
			t.Fatal("the day's limit:", w)
		}
		if err := db.Write(context.Background(), func(tx *store.Tx) error { return count.Return(tx, "b") }); err != nil {
			t.Fatal(err)
		}
		if w := take(); w != 0 {
			t.Fatal("one was given back:", w)
		}
	})
}

// Things queued are spaced: never more than the most within the time.
func TestQueue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var at []int64
		for range 5 {
			var next int64
			if err := db.Write(context.Background(), func(tx *store.Tx) (err error) {
				next, err = count.Queue(tx, "q", 2, time.Hour)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			at = append(at, next)
		}
		for i := 2; i < 5; i++ {
			if at[i] < at[i-2]+store.Micros(time.Hour) {
				t.Fatal(at)
			}
		}
	})
}
