package audit_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves C57 and OU18: parallel writers make one chain, and changing, removing or cutting off a line shows.
func TestChainShowsTampering(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		l := &audit.Log{Ring: secret.NewRing()}
		who := access.Actor{Kind: access.KindPerson, Profile: "PR1", Name: "eve\nok login.password"}
		var wg sync.WaitGroup
		for range 40 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				err := db.Write(ctx, func(tx *store.Tx) error {
					return l.Record(tx, who, audit.Event{Kind: "login.password", Outcome: audit.Failed, Reason: "wrong"}, "PR1", "AC1", "PR1", "")
				})
				if err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		for _, s := range []string{"AC1", "PR1"} {
			if n, err := l.Verify(ctx, db, s); n != 40 || err != nil {
				t.Fatalf("%s: %d lines, %v", s, n, err)
			}
		}
		db.Read(ctx, func(tx *store.Tx) error {
			rows, err := audit.List(tx, "PR1", audit.Filter{Kind: "login", Actor: "EVE"}, 100)
			if err != nil || len(rows) != 40 || strings.Contains(rows[0].ActorName, "\n") {
				t.Errorf("%d rows, %v", len(rows), err)
			}
			return nil
		})
		var changed audit.Broken
		db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE audit_event SET outcome = 'ok' WHERE stream = 'PR1' AND seq = 7`)
			return err
		})
		if _, err := l.Verify(ctx, db, "PR1"); !errors.As(err, &changed) || changed.Seq != 7 {
			t.Fatalf("changed line not noticed: %v", err)
		}
		db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(`DELETE FROM audit_event WHERE stream = 'PR1' AND seq = 7`)
			return err
		})
		if _, err := l.Verify(ctx, db, "PR1"); !errors.As(err, &changed) || changed.Seq != 7 {
			t.Fatalf("missing line not noticed: %v", err)
		}
		var cut audit.Broken
		db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(`DELETE FROM audit_event WHERE stream = 'AC1' AND seq > 30`)
			return err
		})
		if _, err := l.Verify(ctx, db, "AC1"); !errors.As(err, &cut) || cut.Seq != 31 {
			t.Fatalf("cut tail not noticed: %v", err)
		}
	})
}

// Proves C57: pruning leaves a signed checkpoint from which the rest verifies, and which cannot be forged.
func TestPruneLeavesCheckpoint(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		l := &audit.Log{Ring: secret.NewRing()}
		record := func() {
			if err := db.Write(ctx, func(tx *store.Tx) error {
				return l.Record(tx, access.System("test"), audit.Event{Kind: "a.b"}, audit.System)
			}); err != nil {
				t.Fatal(err)
			}
		}
		for range 5 {
			record()
		}
		db.Clock().Advance(1e9)
		before := db.Now()
		for range 3 {
			record()
		}
		err := db.Write(ctx, func(tx *store.Tx) error {
			n, err := l.Prune(tx, audit.System, before)
			if n != 5 {
				t.Errorf("pruned %d", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := l.Verify(ctx, db, audit.System); n != 3 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE audit_checkpoint SET seq = 6`)
			return err
		})
		if _, err := l.Verify(ctx, db, audit.System); err == nil {
			t.Fatal("a forged checkpoint was believed")
		}
	})
}

// Proves C56 and C57 for an operation of many events: all of them or, when it fails, none, each stream in the order in
// which they were recorded.
func TestOneOperationWritesAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		l := &audit.Log{Ring: secret.NewRing()}
		who := access.Actor{Kind: access.KindPerson, Profile: "PR1"}
		record := func(fail error) error {
			return db.Write(ctx, func(tx *store.Tx) error {
				for i := range 20 {
					if err := l.Record(tx, who, audit.Event{Kind: "test.event", Target: string(rune('a' + i))}, "PR1", []string{"AC1", "AC2"}[i%2]); err != nil {
						return err
					}
				}
				return fail
			})
		}
		lost := errors.New("lost")
		for _, fail := range []error{nil, lost, nil} {
			if err := record(fail); !errors.Is(err, fail) {
				t.Fatal(err)
			}
		}
		for s, want := range map[string]int64{"PR1": 40, "AC1": 20, "AC2": 20} {
			if n, err := l.Verify(ctx, db, s); n != want || err != nil {
				t.Errorf("%s: %d lines, %v", s, n, err)
			}
		}
		db.Read(ctx, func(tx *store.Tx) error {
			rows, err := audit.List(tx, "PR1", audit.Filter{}, 100)
			if err != nil || len(rows) != 40 {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			for i, r := range rows {
				if want := string(rune('a' + (39-i)%20)); r.Target != want {
					t.Fatalf("line %d is of %s, want %s", r.Seq, r.Target, want)
				}
			}
			return nil
		})
	})
}
