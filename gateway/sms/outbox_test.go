package sms_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/sms"
)

func outbox(db *store.DB, c ...*carrier) *sms.Outbox {
	o := sms.Options{DB: db, Ring: ring, Poll: 50 * time.Millisecond, FirstRetry: 20 * time.Millisecond, SystemWait: 100 * time.Millisecond}
	for i, x := range c {
		o.Carriers = append(o.Carriers, sms.Route{Carrier: x, Priority: i})
	}
	return sms.New(o)
}

func TestQueuedTextsAreSentAndDelivered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		c.after = delivered
		o := outbox(db, c)
		run(t, o)
		var m []sms.Outgoing
		for i := range 500 {
			m = append(m, bulk(db, fmt.Sprintf("+4477009%05d", i)))
		}
		queue(t, db, o, m...)
		for _, x := range m {
			s := become(t, db, o, x, sms.StateDelivered)
			if s.Carrier != "one" || s.SentAt == 0 || s.DoneAt == 0 || s.QueuedAt == 0 || s.Segments != 1 {
				t.Fatalf("%+v", s)
			}
		}
		if n := len(c.segments()); n != 500 {
			t.Fatalf("%d submissions", n)
		}
		if got := c.segments()[0]; got.From != "ACME" || got.Text != "Hello from Acme" || got.Total != 1 || got.Urgent {
			t.Fatalf("%+v", got)
		}
		wait(t, func() bool {
			n := o.Counts()
			return n.Delivered == 500 && n.Queued == 500 && n.Segments == 500 && n.Receipts == 500
		}, func() string { return fmt.Sprintf("%+v", o.Counts()) })
		claimsAreClosed(t, db)
	})
}

func claimsAreClosed(t testing.TB, db *store.DB) {
	t.Helper()
	n := -1
	wait(t, func() bool {
		db.Read(context.Background(), func(tx *store.Tx) error {
			return tx.QueryRow(`SELECT COUNT(*) FROM sms_claim`).Scan(&n)
		})
		return n == 0
	}, func() string { return fmt.Sprintf("%d claims stay open", n) })
}

// Proves decisions 4: no number and no text of a code in the database, and nothing sealed after the hand-over.
func TestSystemLaneHoldsNoSecrets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		c.after = delivered
		hold := make(chan struct{})
		o := sms.New(sms.Options{DB: db, Ring: ring, Carriers: []sms.Route{{Carrier: c, Sender: "Watchword"}},
			Render: func(ctx context.Context, refs []string) (map[string]sms.Rendered, error) {
				<-hold
				out := map[string]sms.Rendered{}
				for _, r := range refs {
					if strings.HasSuffix(r, "over") {
						out[r] = sms.Rendered{Skip: "challenge_over"}
					} else {
						out[r] = sms.Rendered{Text: "123456 is your code for " + r}
					}
				}
				return out, nil
			}})
		run(t, o)
		code := sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System, To: "+447700900123", Ref: "VEone"}
		over := sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System, To: "+447700900124", Ref: "VEover"}
		notice := sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System, To: "+447700900125", Finished: "Your password was changed"}
		queue(t, db, o, code, over, notice)
		if dump(t, db, "sealed_to IS NOT NULL") != 3 {
			t.Fatal("numbers are not sealed")
		}
		var found int
		db.Read(context.Background(), func(tx *store.Tx) error {
			return tx.QueryRow(`SELECT COUNT(*) FROM sms_message WHERE dest <> '' OR body <> '' OR sender LIKE '%77009%'`).Scan(&found)
		})
		if found != 0 {
			t.Fatal("a number or text is readable")
		}
		close(hold)
		become(t, db, o, code, sms.StateDelivered)
		become(t, db, o, notice, sms.StateDelivered)
		if s := become(t, db, o, over, sms.StateCancelled); s.Reason != "challenge_over" {
			t.Fatalf("%+v", s)
		}
		for _, s := range c.segments() {
			if !s.Urgent || s.From != "Watchword" || s.Text != "123456 is your code for VEone" && s.Text != "Your password was changed" {
				t.Fatalf("%+v", s)
			}
		}
		if dump(t, db, "sealed_to IS NOT NULL OR sealed_body IS NOT NULL") != 0 {
			t.Fatal("something sealed stays after the hand-over")
		}
		claimsAreClosed(t, db)
	})
}

func dump(t testing.TB, db *store.DB, where string) (n int) {
	t.Helper()
	err := db.Read(context.Background(), func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT COUNT(*) FROM sms_message WHERE ` + where).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestHeldCancelledAndExpired(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		o := outbox(db, c)
		held, gone, late := bulk(db, "+447700900001"), bulk(db, "+447700900002"), bulk(db, "+447700900003")
		held.NotBefore = db.Now() + store.Micros(time.Hour)
		late.ExpiresAt = db.Now() - 1
		notice := sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System, To: "+447700900125", Finished: "Too late", ExpiresAt: db.Now() - 1}
		queue(t, db, o, held, gone, late, notice)
		cancel := func(m sms.Outgoing) error {
			return db.Write(context.Background(), func(tx *store.Tx) error { return o.Cancel(tx, m.Bucket, m.ID) })
		}
		if err := cancel(gone); err != nil {
			t.Fatal(err)
		}
		run(t, o)
		become(t, db, o, held, sms.StateHeld)
		become(t, db, o, late, sms.StateExpired)
		become(t, db, o, notice, sms.StateExpired)
		wait(t, func() bool { return dump(t, db, "state = 'expired'") == 2 }, func() string { return "expired rows are not settled" })
		become(t, db, o, gone, sms.StateCancelled)
		db.Clock().Advance(2 * time.Hour)
		become(t, db, o, held, sms.StateSent)
		if err := cancel(held); !problem.HasCode(err, "already_sent") {
			t.Fatal(err)
		}
		if err := cancel(bulk(db, "+447700900009")); !problem.Is(err, problem.KindNotFound) {
			t.Fatal(err)
		}
		if n := len(c.segments()); n != 1 {
			t.Fatalf("%d submissions", n)
		}
	})
}

func TestPassingErrorsAreRetriedAndFinalOnesFail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		tries := map[string]int{}
		c.answer = func(s sms.Segment) sms.Outcome {
			c.mu.Lock()
			defer c.mu.Unlock()
			tries[s.To]++
			switch {
			case s.To == "+447700900001":
				return sms.Outcome{Kind: sms.Rejected, Reason: "invalid_destination"}
			case s.To == "+447700900002" && tries[s.To] < 3:
				return sms.Outcome{Kind: sms.Temporary, Reason: "system_error"}
			case s.To == "+447700900003" && tries[s.To] < 12:
				return sms.Outcome{Kind: sms.Throttled, Reason: "throttled"}
			case s.To == "+447700900004":
				return sms.Outcome{Kind: sms.Temporary, Reason: "system_error"}
			case s.To == "+447700900005":
				return sms.Outcome{Kind: sms.Unknown, Reason: "no_response"}
			}
			return sms.Outcome{}
		}
		o := outbox(db, c)
		run(t, o)
		var m []sms.Outgoing
		for i := 1; i <= 5; i++ {
			m = append(m, bulk(db, fmt.Sprintf("+44770090000%d", i)))
		}
		queue(t, db, o, m...)
		if s := become(t, db, o, m[0], sms.StateFailed); s.Reason != "invalid_destination" || s.SentAt != 0 { // refused is not sent
			t.Fatalf("%+v", s)
		}
		become(t, db, o, m[1], sms.StateSent)
		become(t, db, o, m[2], sms.StateSent) // throttled more often than Attempts: no attempt is counted
		if s := become(t, db, o, m[3], sms.StateFailed); s.Reason != "too_many_tries:system_error" {
			t.Fatalf("%+v", s)
		}
		if s := become(t, db, o, m[4], sms.StateUnknown); s.Reason != "no_response" {
			t.Fatalf("%+v", s)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if tries["+447700900002"] != 3 || tries["+447700900003"] != 12 || tries["+447700900005"] != 1 || tries["+447700900004"] != 8 {
			t.Fatal(tries)
		}
	})
}

// Two routes: the second takes over when the first is down or refuses for reasons of its own; each serves its countries.
func TestRoutesFailOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		one, two, three := newCarrier("one"), newCarrier("two"), newCarrier("three")
		o := sms.New(sms.Options{DB: db, Ring: ring, Poll: 50 * time.Millisecond, SystemWait: 50 * time.Millisecond, Carriers: []sms.Route{
			{Carrier: one, Countries: []string{"+44"}}, {Carrier: two, Priority: 1, Countries: []string{"GB"}, Price: 30_000},
			{Carrier: three, Countries: []string{"FR"}, Price: 70_000, Lanes: []sms.Lane{sms.Bulk}}}})
		run(t, o)
		french := bulk(db, "+33639980001")
		queue(t, db, o, french)
		if s := become(t, db, o, french, sms.StateSent); s.Carrier != "three" {
			t.Fatalf("%+v", s)
		}
		wait(t, func() bool { // the second route may be up first
			first := bulk(db, "+447700900001")
			queue(t, db, o, first)
			return become(t, db, o, first, sms.StateSent).Carrier == "one"
		}, func() string { return "the first route is never used" })
		one.change(func() {
			one.answer = func(sms.Segment) sms.Outcome { return sms.Outcome{Kind: sms.Rejected, Reason: "invalid_source"} }
		})
		refused := bulk(db, "+447700900002")
		notice := sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System, To: "+447700900125", Finished: "Hello"}
		queue(t, db, o, refused, notice)
		for _, m := range []sms.Outgoing{refused, notice} {
			if s := become(t, db, o, m, sms.StateSent); s.Carrier != "two" {
				t.Fatalf("%+v", s)
			}
		}
		one.setUp(false)
		wait(t, func() bool { return !o.Health()[0].Up }, func() string { return "still up" })
		down := bulk(db, "+447700900003")
		queue(t, db, o, down)
		if s := become(t, db, o, down, sms.StateSent); s.Carrier != "two" {
			t.Fatalf("%+v", s)
		}
		if o.Price("GB") != 30_000 || o.Price("US") != 100_000 {
			t.Fatal(o.Price("GB"), o.Price("US"))
		}
	})
}

func TestSameIDTwiceIsOneMessage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCarrier("one")
		o := outbox(db, c)
		m := bulk(db, "+447700900001")
		n := sms.Outgoing{ID: newID(db), Bucket: id.System, Lane: sms.System, To: "+447700900125", Finished: "Hello"}
		queue(t, db, o, m, n)
		queue(t, db, o, m, n)
		run(t, o)
		become(t, db, o, m, sms.StateSent)
		become(t, db, o, n, sms.StateSent)
		last := bulk(db, "+447700900002")
		queue(t, db, o, last)
		become(t, db, o, last, sms.StateSent)
		if k := len(c.segments()); k != 3 {
			t.Fatalf("%d submissions", k)
		}
	})
}
