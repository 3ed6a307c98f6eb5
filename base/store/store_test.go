package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Two hundred writers share few commits and every one of them is there afterwards; those that fail leave nothing.
func TestWriteKeepsEveryOperationApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		boom := errors.New("boom")
		var wg sync.WaitGroup
		errs := make([]error, 200)
		for i := range errs {
			wg.Add(1)
			go func() {
				defer wg.Done()
				errs[i] = db.Write(ctx, func(tx *store.Tx) error {
					if _, err := tx.Exec(`INSERT INTO store_setting (name, value) VALUES ($1, 'x')`, fmt.Sprintf("n%d", i)); err != nil {
						return err
					}
					switch i % 4 {
					case 1:
						return boom
					case 2:
						panic("oh")
					}
					return nil
				})
			}()
		}
		wg.Wait()
		for i, err := range errs {
			if want := i%4 == 1; want != errors.Is(err, boom) {
				t.Fatalf("writer %d: %v", i, err)
			}
			if i%4 == 2 && err == nil {
				t.Fatal("a panic was taken for success")
			}
		}
		var n int
		err := db.Read(ctx, func(tx *store.Tx) error {
			return tx.QueryRow(`SELECT COUNT(*) FROM store_setting`).Scan(&n)
		})
		if err != nil || n != 100 {
			t.Fatalf("%d rows, %v", n, err)
		}
	})
}

func TestAfterCommitRunsOnlyWhenDurable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		woken := db.Wait("topic")
		db.Write(ctx, func(tx *store.Tx) error { tx.Wake("topic"); return errors.New("no") })
		select {
		case <-woken:
			t.Fatal("woken by a rolled back operation")
		default:
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { tx.Wake("topic"); return nil }); err != nil {
			t.Fatal(err)
		}
		<-woken
	})
}

func TestJSONRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		err := db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO store_setting (name, value) SELECT r.name, r.value FROM `+
				tx.JSONRows(1, store.Col{Name: "name", Type: "text"}, store.Col{Name: "value", Type: "text"})+` AS r`,
				`[["a","1"],["b","é\""]]`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var v string
		db.Read(ctx, func(tx *store.Tx) error {
			return tx.QueryRow(`SELECT value FROM store_setting WHERE name = 'b'`).Scan(&v)
		})
		if v != `é"` {
			t.Fatalf("%q", v)
		}
	})
}

func TestCancelledBeforeStartDoesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := db.Write(ctx, func(tx *store.Tx) error { t.Error("ran"); return nil }); err == nil {
			t.Fatal("no error")
		}
	})
}
