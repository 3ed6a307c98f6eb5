package sms_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/sms"
)

func TestInbound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		refuse := true
		o := sms.New(sms.Options{DB: db, Ring: ring, Carriers: []sms.Route{{Carrier: c}}, InboundWait: time.Hour,
			OnInbound: func(tx *store.Tx, m sms.Inbound) error {
				if m.Text == "refused" && refuse {
					return errors.New("not now")
				}
				if m.Total != 1 {
					t.Errorf("%+v", m)
				}
				_, err := tx.Exec(`INSERT INTO store_setting (name, value) VALUES ($1, '') ON CONFLICT (name) DO NOTHING`, m.From+m.Text)
				return err
			}})
		run(t, o)
		<-c.ready
		in := func(m sms.Inbound) bool {
			ack := make(chan bool, 1)
			c.events.Inbound(m, func(ok bool) { ack <- ok })
			return <-ack
		}
		from, to := "+447700900001", "60300"
		stop := sms.Inbound{From: from, To: to, Text: "STOP", Part: 1, Total: 1}
		part := func(n int, text string) sms.Inbound {
			return sms.Inbound{From: from, To: to, Text: text, Ref: 7, Part: n, Total: 3}
		}
		for _, m := range []sms.Inbound{stop, stop, part(3, "c"), part(1, "a"), part(1, "a"), part(2, "b"), part(2, "b"),
			{From: from, To: to, Text: "x", Ref: 9, Part: 2, Total: 3}} {
			if !in(m) {
				t.Fatalf("not stored: %+v", m)
			}
		}
		refused := sms.Inbound{From: from, To: to, Text: "refused", Part: 1, Total: 1}
		if in(refused) {
			t.Fatal("acknowledged what was not stored")
		}
		refuse = false
		if !in(refused) {
			t.Fatal("not stored when delivered again")
		}
		list := func(after int64) (out []sms.Received) {
			db.Read(context.Background(), func(tx *store.Tx) (err error) {
				out, err = o.Inbounds(tx, after, 10)
				return err
			})
			return out
		}
		got := list(0)
		if len(got) != 3 || got[0].Text != "STOP" || got[1].Text != "abc" || got[1].Parts != 3 || got[1].Missing != 0 ||
			got[2].Text != "refused" || got[0].From != from || got[0].To != to || got[0].Carrier != "one" {
			t.Fatalf("%+v", got)
		}
		db.Clock().Advance(2 * time.Hour)
		last := got[2].Seq
		wait(t, func() bool { got = list(last); return len(got) == 1 }, func() string { return "the part does not show" })
		if got[0].Text != "…x…" || got[0].Missing != 2 {
			t.Fatalf("%+v", got)
		}
		if !in(stop) || len(list(last)) != 2 {
			t.Fatal("the same words much later are a new message")
		}
	})
}
