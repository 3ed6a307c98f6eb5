package sms_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp"
	"watchword/simulator/smsc"
)

// Names of the variables that make this test binary a process to be killed.
const (
	childDatabase = "WATCHWORD_SMS_CHILD_DATABASE"
	childCarrier  = "WATCHWORD_SMS_CHILD_CARRIER"
)

func crashOutbox(db *store.DB, at string) *sms.Outbox {
	c := smpp.New(smpp.Options{Name: "sim", Address: at, SystemID: "w", Password: "w", Window: 20, Log: silent})
	return sms.New(sms.Options{DB: db, Ring: ring, Log: slog.New(slog.DiscardHandler), Lease: 600 * time.Millisecond,
		Poll: 50 * time.Millisecond, Carriers: []sms.Route{{Carrier: c}}})
}

func TestChild(t *testing.T) {
	url := os.Getenv(childDatabase)
	if url == "" {
		t.Skip("only a part of TestKilled")
	}
	db, err := store.Open(context.Background(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	crashOutbox(db, os.Getenv(childCarrier)).Run(context.Background())
}

// Proves the line "kill -9" of messaging.md part 4: nothing is lost, nothing goes out twice, and what was in hand is
// marked unknown.
func TestKilled(t *testing.T) {
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			url := fresh(t)
			var mu sync.Mutex
			seen := map[string]int{}
			server := smsc.New(smsc.Options{Log: silent, OnMessage: func(m smsc.Message) {
				mu.Lock()
				seen[m.To]++
				mu.Unlock()
			}})
			defer server.Close()
			at, err := server.Listen("127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			server.SetFaults(smsc.Faults{DelayResponses: 3 * time.Millisecond})
			count := func() int {
				mu.Lock()
				defer mu.Unlock()
				return len(seen)
			}
			open := func() *store.DB {
				db, err := store.Open(context.Background(), store.Options{URL: url})
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
			const total = 6000
			db := open()
			o := crashOutbox(db, at.String())
			for i := 0; i < total; i += 1000 {
				list := make([]sms.Outgoing, 1000)
				for k := range list {
					list[k] = bulk(db, fmt.Sprintf("+4477009%05d", i+k))
				}
				queue(t, db, o, list...)
			}
			db.Close()
			for round := 1; round <= 3; round++ {
				cmd := exec.Command(os.Args[0], "-test.run=^TestChild$")
				cmd.Env = append(os.Environ(), childDatabase+"="+url, childCarrier+"="+at.String())
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				before := count()
				for end := time.Now().Add(20 * time.Second); count() < min(before+400, total) && time.Now().Before(end); {
					time.Sleep(time.Millisecond)
				}
				cmd.Process.Kill()
				cmd.Wait()
			}
			db = open()
			defer db.Close()
			o = crashOutbox(db, at.String())
			stop := run(t, o)
			var open2 int
			wait(t, func() bool {
				open2 = dump(t, db, "state IN ('queued', 'sending')")
				return open2 == 0
			}, func() string { return fmt.Sprintf("%d messages have no state of their own: %+v", open2, o.Counts()) })
			stop()
			states := map[string]int{}
			for _, s := range []string{"sent", "delivered", "unknown"} {
				states[s] = dump(t, db, "state = '"+s+"'")
			}
			if states["sent"]+states["delivered"]+states["unknown"] != total {
				t.Fatal(states)
			}
			twice := 0
			mu.Lock()
			for _, n := range seen {
				if n > 1 {
					twice++
				}
			}
			reached := len(seen)
			mu.Unlock()
			if twice > 0 || reached+states["unknown"] < total {
				t.Fatalf("%d went out twice; %d reached the carrier: %v", twice, reached, states)
			}
			t.Logf("three kills: %v, %d of the unknown had reached the carrier", states, reached-(total-states["unknown"]))
		})
	}
}
