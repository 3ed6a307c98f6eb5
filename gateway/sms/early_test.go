package sms

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves "receipt before response" of messaging.md part 1 for the narrowest case: a receipt that comes after its segment
// was remembered and is recorded before the response of its part is.
func TestReceiptRecordedBeforeItsResponse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		o := New(Options{DB: db, Ring: secret.NewRing()})
		o.bulk, o.system = newLine(o, Bulk), newLine(o, System)
		m := Outgoing{ID: id.Message(id.New("SM", db.Now())), Bucket: "ORacme", Lane: Bulk, Sender: "ACME", To: "+447700900001", Text: strings.Repeat("A long text. ", 20)}
		var jobs []*job
		l := o.bulk
		l.active = []string{"ORacme"}
		for _, f := range []func(tx *store.Tx) error{
			func(tx *store.Tx) error { return o.QueueBulk(tx, []Outgoing{m}) },
			func(tx *store.Tx) (err error) { jobs, err = l.claim(tx, 1); return err },
		} {
			if err := db.WriteBulk(ctx, f); err != nil {
				t.Fatal(err)
			}
		}
		j, r := jobs[0], &route{name: "one"}
		j.concat, j.parts = true, make([]part, 2)
		entries := make([]*entry, 2)
		receipt := func(n int) {
			rc := &Receipt{CarrierID: fmt.Sprint("id", n), State: Delivered, From: m.To}
			l.put(event{kind: receiptCame, receipt: rc, carrier: "one", entry: o.recent.find("one", rc)})
		}
		for i := range j.parts {
			j.parts[i].outcome = Outcome{Kind: Accepted, CarrierID: fmt.Sprint("id", i+1), At: time.Now()}
			entries[i] = o.remember(j, i+1, r)
		}
		receipt(1)
		l.turn(ctx)
		for i := range j.parts {
			l.put(event{kind: partOver, job: j, part: i + 1, carrier: "one", state: StateSent, carrierID: fmt.Sprint("id", i+1), entry: entries[i]})
		}
		l.put(event{kind: jobOver, job: j, carrier: "one", state: StateSent})
		l.turn(ctx)
		receipt(2)
		l.turn(ctx)
		var s Status
		if err := db.Read(ctx, func(tx *store.Tx) (err error) { s, err = o.Status(tx, "ORacme", m.ID); return err }); err != nil {
			t.Fatal(err)
		}
		if s.State != StateDelivered {
			t.Fatalf("the message is %q, want delivered", s.State)
		}
	})
}
