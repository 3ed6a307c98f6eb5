package sms_test

import (
	"context"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/sms"
)

// Proves C57 for a stop that comes while messages are being taken out: each is sent or waits again, and none stays
// taken by a process that is gone.
func TestStopWhileTakingOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		c.setUp(false)
		o := sms.New(sms.Options{DB: db, Ring: ring, Carriers: []sms.Route{{Carrier: c}}})
		stop := run(t, o)
		<-c.ready
		var all []sms.Outgoing
		for range 10 {
			all = append(all, bulk(db, "+447700900001"), sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System,
				To: "+447700900125", Finished: "Your password was changed"})
		}
		queue(t, db, o, all...)
		held, release := make(chan struct{}), make(chan struct{})
		ended := make(chan error, 1)
		go func() {
			ended <- db.Write(context.Background(), func(tx *store.Tx) error {
				if db.Engine() != store.SQLite {
					if _, err := tx.Exec(`LOCK TABLE sms_message IN EXCLUSIVE MODE`); err != nil {
						return err
					}
				}
				close(held)
				<-release
				return nil
			})
		}()
		<-held
		c.setUp(true)
		time.Sleep(300 * time.Millisecond) // for both lines to ask for the database
		go func() {
			time.Sleep(50 * time.Millisecond)
			close(release)
		}()
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if s := status(t, db, o, m); s.State != sms.StateQueued && s.State != sms.StateSent {
				t.Errorf("a message of lane %v is %q after the stop", m.Lane, s.State)
			}
		}
	})
}
