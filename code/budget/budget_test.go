package budget_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/budget"
)

func fail(t *testing.T, db *store.DB, b budget.Book, f budget.Factor) (s budget.Status, refused bool) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *store.Tx) error {
		var err error
		refused = false
		s, err = b.Look(tx, id.System, "PR1", f)
		if err != nil || s.Off || s.NextAt > tx.Now {
			refused = true
			return err
		}
		s, err = b.Fail(tx, id.System, "PR1", s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, refused
}

// Proves C13, B6: waits begin after ten failures in a row and grow to an hour; the hundredth switches the factor off;
// success before that clears the row, afterwards only binding anew does; other factors are untouched (C15).
func TestWaitsThenOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := budget.Book{Settings: budget.Defaults()}
		var waits []int
		for n := 1; n <= 100; n++ {
			s, refused := fail(t, db, b, budget.SMS)
			if refused {
				t.Fatalf("failure %d was refused", n)
			}
			if s.NextAt > 0 {
				if n < 10 {
					t.Fatalf("wait after %d failures", n)
				}
				if _, refused := fail(t, db, b, budget.SMS); !refused {
					t.Fatalf("failure %d: no wait", n)
				}
				if len(waits) < 8 {
					waits = append(waits, int((s.NextAt-s.Last)/60e6))
				}
				db.Clock().Advance(time.Hour)
			}
			if s.Off != (n == 100) {
				t.Fatalf("off %v after %d", s.Off, n)
			}
		}
		if fmt.Sprint(waits) != "[1 2 4 8 16 32 60 60]" {
			t.Fatalf("waits in minutes: %v", waits)
		}
		db.Clock().Advance(1000 * time.Hour)
		if s, refused := fail(t, db, b, budget.SMS); !refused || !s.Off {
			t.Fatal("a factor that is off accepted a try")
		}
		if _, refused := fail(t, db, b, budget.TOTP); refused {
			t.Fatal("the other factor was touched")
		}
		succeed := func(f budget.Factor) (s budget.Status) {
			if err := db.Write(context.Background(), func(tx *store.Tx) error {
				var err error
				if s, err = b.Look(tx, id.System, "PR1", f); err != nil {
					return err
				}
				if err := b.Succeed(tx, id.System, "PR1", s); err != nil {
					return err
				}
				s, err = b.Of(tx, id.System, "PR1", f)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return s
		}
		if s := succeed(budget.SMS); !s.Off {
			t.Fatal("success switched a factor on again")
		}
		if s := succeed(budget.TOTP); s.Failures != 0 {
			t.Fatal("success did not clear the row")
		}
		if err := db.Write(context.Background(), func(tx *store.Tx) error {
			return b.Rebound(tx, id.System, "PR1", budget.SMS)
		}); err != nil {
			t.Fatal(err)
		}
		if _, refused := fail(t, db, b, budget.SMS); refused {
			t.Fatal("binding anew did not help")
		}
	})
}

// Proves B15: of fifty parallel failures none is lost.
func TestNoLostFailures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := budget.Book{Settings: budget.Settings{Free: 1000, MaxWait: time.Hour, Off: 1000}}
		var wg sync.WaitGroup
		for range 50 {
			wg.Add(1)
			go func() { defer wg.Done(); fail(t, db, b, budget.SMS) }()
		}
		wg.Wait()
		if s, _ := fail(t, db, b, budget.SMS); s.Failures != 51 {
			t.Fatalf("%d failures counted, want 51", s.Failures)
		}
	})
}
