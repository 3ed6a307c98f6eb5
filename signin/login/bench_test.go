package login_test

import (
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/challenge"
	"watchword/code/guard"
	"watchword/code/wording"
	kit "watchword/signin/signintest"
)

func people(b *testing.B, k *kit.Kit, n int) []profile.Profile {
	b.Helper()
	out := make([]profile.Profile, n)
	for i := range out {
		out[i] = k.Person(b, fmt.Sprint("person", i))
		k.Number(b, out[i], fmt.Sprintf("+4477009%05d", i))
	}
	return out
}

// counted reports durable commits and processor time for each operation. Processor time is what can be
// compared on a machine that others use too.
func counted(b *testing.B, db *store.DB) func() {
	before, _ := db.Counts()
	spent := processorTime()
	return func() {
		now, _ := db.Counts()
		b.ReportMetric(float64(now-before)/float64(b.N), "commits/op")
		b.ReportMetric(float64((processorTime()-spent).Nanoseconds())/1e3/float64(b.N), "cpu-us/op")
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLogIn is a whole log-in with password and SMS code, dispatch and hash apart (the kit's hash costs next to
// nothing): what is left are three durable commits and our own work. Compare with BenchmarkCommit of the same run.
func BenchmarkLogIn(b *testing.B) {
	db := storetest.OpenSQLite(b)
	k := kit.New(b, db)
	people(b, k, 50)
	browsers := make([]string, 50)
	for i := range browsers {
		browsers[i] = kit.Browser()
		k.LogIn(b, fmt.Sprint("person", i), browsers[i])
	}
	done := counted(b, db)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		a := kit.Attempt(fmt.Sprint("person", i%50), browsers[i%50])
		r, err := k.Login.Begin(ctx, db, a)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		code := k.Code(b, r.Pending.Challenge)
		b.StartTimer()
		if _, err := k.Login.Enter(ctx, db, kit.Here, r.Pending.Token, r.Pending.Way, code); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	done()
}

// BenchmarkCode is one code through the engine, start and check.
func BenchmarkCode(b *testing.B) {
	for _, clients := range []int{1, 16} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			db := storetest.OpenSQLite(b)
			k := kit.New(b, db)
			var next atomic.Int64
			done := counted(b, db)
			b.ReportAllocs()
			b.SetParallelism(max(1, clients/2))
			b.ResetTimer()
			work := func() {
				n := next.Add(1)
				who := access.Actor{Kind: access.KindVisitor, Origin: kit.Here}
				q := challenge.Request{Organisation: id.System, Purpose: wording.Login, Subject: fmt.Sprint("PR", n), Binding: "LG", Channel: guard.SMS,
					Number: phone.Number{E164: fmt.Sprintf("+4477%08d", n%1e8), Country: "GB"}, Confirmed: true, Language: "en", Zone: "UTC"}
				var s challenge.Started
				err := db.Write(ctx, func(tx *store.Tx) (err error) { s, err = k.Codes.Start(tx, who, q); return err })
				if err != nil || s.Refused != nil {
					b.Error(err, s.Refused)
					return
				}
				code := k.Code(b, &s.Challenge)
				var v challenge.Verdict
				err = db.Write(ctx, func(tx *store.Tx) (err error) {
					v, err = k.Codes.Check(tx, who, id.System, s.Challenge.ID, "LG", code)
					return err
				})
				if err != nil || !v.OK {
					b.Error(err, v.Reason)
				}
			}
			if clients == 1 {
				for range b.N {
					work()
				}
			} else {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						work()
					}
				})
			}
			done()
		})
	}
}

// BenchmarkCommit is one durable commit of one row, for comparison.
func BenchmarkCommit(b *testing.B) {
	db := storetest.OpenSQLite(b)
	for range b.N {
		if err := db.Ping(ctx); err != nil {
			b.Fatal(err)
		}
	}
}
