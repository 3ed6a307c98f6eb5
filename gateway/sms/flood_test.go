package sms_test

import (
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp"
	"watchword/simulator/smsc"
)

// Proves messaging.md part 1, receipts: a campaign whose receipts come as fast as it is sent is recorded at the pace at
// which it is taken out. Without that the receipts pile up, the carrier has to keep them, and comes again and again.
func TestReceiptsKeepPace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		server := smsc.New(smsc.Options{Log: silent})
		defer server.Close()
		at, err := server.Listen("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		c := smpp.New(smpp.Options{Name: "sim", Address: at.String(), SystemID: "x", Password: "y", Window: 100, MaxUnacked: 2500, Log: silent})
		o := sms.New(sms.Options{DB: db, Ring: ring, Log: silent, Carriers: []sms.Route{{Carrier: c}}})
		const n = 8000
		for range n / 500 {
			var some []sms.Outgoing
			for range 500 {
				some = append(some, bulk(db, "+447700900001"))
			}
			queue(t, db, o, some...)
		}
		run(t, o)
		wait(t, func() bool { return o.Counts().Delivered == n }, func() string { return "not all are delivered" })
		if s := server.Stats(); s.NotStored > 0 {
			t.Errorf("the carrier was told %d times to keep a receipt", s.NotStored)
		}
	})
}
