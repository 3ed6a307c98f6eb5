package email_test

import (
	"context"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/email"
)

// Mails that are over go when their time has come, of every bucket and in more than one turn; younger ones, and what
// still waits to be sent, stay.
func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := email.New(email.Options{DB: db, Ring: ring})
		cancelled := func(l email.Outgoing) {
			queue(t, db, o, l)
			if err := db.Write(context.Background(), func(tx *store.Tx) error { return o.Cancel(tx, l.Bucket, l.ID) }); err != nil {
				t.Fatal(err)
			}
		}
		for range 300 {
			cancelled(letter(db, "old@example.com"))
		}
		other := letter(db, "old@example.com")
		other.Bucket = id.Organisation(id.New("AC", db.Now()))
		cancelled(other)
		waits := letter(db, "waits@example.com")
		waits.NotBefore = db.Now() + store.Micros(1000*24*time.Hour)
		queue(t, db, o, waits)
		db.Clock().Advance(29 * 24 * time.Hour)
		left := func(want int) {
			t.Helper()
			if err := o.Sweep(context.Background(), 30*24*time.Hour); err != nil {
				t.Fatal(err)
			}
			var n int
			db.Read(context.Background(), func(tx *store.Tx) error {
				return tx.QueryRow(`SELECT COUNT(*) FROM email_message`).Scan(&n)
			})
			if n != want {
				t.Errorf("%d mails are left, want %d", n, want)
			}
		}
		left(302)
		db.Clock().Advance(25 * time.Hour)
		cancelled(letter(db, "young@example.com"))
		left(2)
	})
}
