package sms_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/sms"
	"watchword/simulator/smsc"
)

// settled waits until every message is delivered.
func settled(t testing.TB, db *store.DB, o *sms.Outbox, want int) {
	t.Helper()
	var n int
	wait(t, func() bool { n = dump(t, db, "state = 'delivered'"); return n == want }, func() string {
		return fmt.Sprintf("%d of %d delivered: %+v", n, want, o.Counts())
	})
}

// The id and order matrix of messaging.md part 1, over a real link: every receipt is matched without a setting.
func TestReceiptMatrix(t *testing.T) {
	forms := map[string]smsc.Faults{"plain": {}, "receipt first": {ReceiptFirst: true}, "receipt twice": {ReceiptTwice: true},
		"receipts late": {DelayReceipts: 300 * time.Millisecond}, "responses late": {DelayResponses: 50 * time.Millisecond, ReceiptFirst: true},
		"tlv only": {ReceiptForm: smsc.TLVOnly}, "text only": {ReceiptForm: smsc.TextOnly}}
	for _, f := range []smsc.IDForm{smsc.Decimal, smsc.Hex, smsc.HexDec, smsc.DecHex, smsc.UpperLower, smsc.LowerUpper, smsc.Zeros,
		smsc.ZerosLater, smsc.UUID, smsc.Long} {
		forms["ids "+string(f)] = smsc.Faults{IDs: f}
		forms["ids "+string(f)+", receipt first"] = smsc.Faults{IDs: f, ReceiptFirst: true}
	}
	for name, f := range forms {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			db := storetest.OpenSQLite(t)
			o := link(t, db, 20, f, false, nil)
			var list []sms.Outgoing
			for i := range 200 {
				list = append(list, bulk(db, fmt.Sprintf("+4477009%05d", i)))
			}
			long := bulk(db, "+447700900999")
			long.Text = strings.Repeat("A long text. ", 40)
			notice := sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System, Sender: "W", To: "+447700900998", Finished: "Hello"}
			queue(t, db, o, append(list, long, notice)...)
			run(t, o)
			settled(t, db, o, 202)
			if n := dump(t, db, "match_key <> 0"); n != 0 {
				t.Fatalf("%d keys stay", n)
			}
			claimsAreClosed(t, db)
		})
	}
}

func TestReceiptsBeforeResponsesAndTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		c.before = func(c *carrier, s sms.Segment, o sms.Outcome) {
			r := sms.Receipt{CarrierID: o.CarrierID, State: sms.Delivered, From: s.To}
			c.receipt(r) // stored, though nothing is known of it yet
			c.receipt(r)
		}
		o := outbox(db, c)
		run(t, o)
		m := bulk(db, "+447700900001")
		notice := sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System, To: "+447700900125", Finished: "Hello"}
		queue(t, db, o, m, notice)
		become(t, db, o, m, sms.StateDelivered)
		become(t, db, o, notice, sms.StateDelivered)
		var left int
		wait(t, func() bool {
			db.Read(context.Background(), func(tx *store.Tx) error {
				return tx.QueryRow(`SELECT COUNT(*) FROM sms_early`).Scan(&left)
			})
			return left == 0
		}, func() string { return fmt.Sprintf("%d early receipts stay", left) })
		if n := o.Counts(); n.Early == 0 {
			t.Fatalf("%+v", n)
		}
	})
}

// A receipt that comes after a restart is found in the database, and the first final state stays.
func TestReceiptAfterRestart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		o := outbox(db, c)
		stop := run(t, o)
		m, long := bulk(db, "+447700900001"), bulk(db, "+447700900002")
		long.Text = strings.Repeat("A long text. ", 30)
		queue(t, db, o, m, long)
		become(t, db, o, m, sms.StateSent)
		become(t, db, o, long, sms.StateSent)
		stop()
		c2 := newCarrier("one")
		o2 := outbox(db, c2)
		run(t, o2)
		<-c2.ready
		ids := map[string][]string{}
		db.Read(context.Background(), func(tx *store.Tx) error {
			rows, err := tx.Query(`SELECT id, carrier_id FROM sms_message WHERE carrier_id <> '' UNION ALL SELECT message, carrier_id FROM sms_part`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var a, b string
				rows.Scan(&a, &b)
				ids[a] = append(ids[a], b)
			}
			return nil
		})
		if len(ids[string(long.ID)]) != 3 {
			t.Fatal(ids)
		}
		c2.receipt(sms.Receipt{CarrierID: strings.ToUpper(ids[string(m.ID)][0]), State: sms.Undelivered, ErrorCode: "012", From: m.To})
		if s := become(t, db, o2, m, sms.StateFailed); s.Reason != "undelivered:012" {
			t.Fatalf("%+v", s)
		}
		c2.receipt(sms.Receipt{CarrierID: ids[string(m.ID)][0], State: sms.Delivered, From: m.To})
		become(t, db, o2, m, sms.StateFailed)
		for i, carrierID := range ids[string(long.ID)] {
			become(t, db, o2, long, sms.StateSent)
			c2.receipt(sms.Receipt{CarrierID: carrierID, State: sms.Enroute, From: long.To})
			c2.receipt(sms.Receipt{CarrierID: carrierID, State: sms.Delivered, From: long.To})
			if i < 2 {
				become(t, db, o2, long, sms.StateSent)
			}
		}
		become(t, db, o2, long, sms.StateDelivered)
	})
}

// A response after its time-out, and its receipt, still count.
func TestLateResponse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		c.answer = func(sms.Segment) sms.Outcome {
			return sms.Outcome{Kind: sms.Unknown, Reason: "no_response", At: time.Now()}
		}
		o := outbox(db, c)
		run(t, o)
		m := bulk(db, "+447700900001")
		queue(t, db, o, m)
		become(t, db, o, m, sms.StateUnknown)
		c.events.Late(c.segments()[0].Key, sms.Outcome{Kind: sms.Accepted, CarrierID: "late1", At: time.Now()})
		become(t, db, o, m, sms.StateSent)
		c.receipt(sms.Receipt{CarrierID: "late1", State: sms.Delivered})
		become(t, db, o, m, sms.StateDelivered)
	})
}

// Parts that come back are sent again alone, by the same carrier, under the same reference; one that failed fails the whole.
func TestConcatenated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		tries := map[string]int{}
		c.answer = func(s sms.Segment) sms.Outcome {
			c.mu.Lock()
			defer c.mu.Unlock()
			tries[s.Key]++
			if s.Part == 2 && tries[s.Key] < 3 {
				return sms.Outcome{Kind: sms.Temporary, Reason: "system_error"}
			}
			return sms.Outcome{}
		}
		c.after = delivered
		o := outbox(db, c, newCarrier("two"))
		run(t, o)
		m := bulk(db, "+447700900001")
		m.Text = strings.Repeat("A long text. ", 30)
		queue(t, db, o, m)
		if s := become(t, db, o, m, sms.StateDelivered); s.Segments != 3 || s.Carrier != "one" {
			t.Fatalf("%+v", s)
		}
		refs, parts := map[uint16]bool{}, map[int]int{}
		for _, s := range c.segments() {
			refs[s.Ref] = true
			parts[s.Part]++
		}
		if len(refs) != 1 || parts[1] != 1 || parts[2] != 1 || parts[3] != 1 {
			t.Fatal(refs, parts)
		}
		c.change(func() {
			c.after = func(c *carrier, s sms.Segment, o sms.Outcome) {
				state := sms.Delivered
				if s.Part == 2 {
					state = sms.Expired
				}
				c.events.Receipt(sms.Receipt{CarrierID: o.CarrierID, State: state}, func(bool) {})
			}
		})
		n := m
		n.ID = newID(db)
		queue(t, db, o, n)
		if s := become(t, db, o, n, sms.StateFailed); s.Reason != "expired" {
			t.Fatalf("%+v", s)
		}
	})
}
