package sms_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/sms"
)

// Messages that are over go when their time has come, of both lanes and with their parts; younger ones, and what still
// waits to be sent, stay.
func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		c.after = delivered
		o := outbox(db, c)
		stop := run(t, o)
		var old []sms.Outgoing
		for i := range 600 {
			old = append(old, bulk(db, fmt.Sprintf("+4477009%05d", i)))
		}
		old[0].Text = fmt.Sprintf("%0400d", 7)
		queue(t, db, o, old...)
		code := sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System, To: "+447700900123", Finished: "Your password was changed."}
		queue(t, db, o, code)
		for _, m := range append(old, code) {
			become(t, db, o, m, sms.StateDelivered)
		}
		held := bulk(db, "+447700900999")
		held.NotBefore = db.Now() + store.Micros(1000*24*time.Hour)
		queue(t, db, o, held)
		stop()
		db.Clock().Advance(91 * 24 * time.Hour)
		young := bulk(db, "+447700900998")
		queue(t, db, o, young)
		if err := o.Sweep(context.Background(), 90*24*time.Hour); err != nil {
			t.Fatal(err)
		}
		db.Read(context.Background(), func(tx *store.Tx) error {
			var messages, parts int
			if err := tx.QueryRow(`SELECT COUNT(*) FROM sms_message`).Scan(&messages); err != nil {
				t.Error(err)
			}
			if err := tx.QueryRow(`SELECT COUNT(*) FROM sms_part`).Scan(&parts); err != nil {
				t.Error(err)
			}
			if messages != 2 || parts != 0 {
				t.Errorf("%d messages and %d parts are left, want the one that waits and the young one", messages, parts)
			}
			return nil
		})
	})
}
