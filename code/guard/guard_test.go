package guard_test

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/guard"
)

func newGuard(countries ...string) *guard.Guard {
	s := guard.Defaults()
	s.Countries = countries
	return &guard.Guard{Settings: s, Ring: secret.NewRing()}
}

func from(ip string) access.Origin { return access.Origin{Address: netip.MustParseAddr(ip)} }

type sender struct {
	t  *testing.T
	db *store.DB
	g  *guard.Guard
	n  int

	profile string
}

func (s *sender) try(x guard.Send) (guard.Permit, *problem.Error) {
	s.t.Helper()
	var p guard.Permit
	var no *problem.Error
	s.n++
	if x.Challenge == "" {
		x.Challenge = fmt.Sprint("VE", s.n)
	}
	x.Message = id.Message(fmt.Sprint("SM", s.n))
	x.Bucket = s.g.Bucket(x.Channel, s.profile, x.To, x.Confirmed)
	err := s.db.Write(context.Background(), func(tx *store.Tx) (err error) {
		p, no, err = s.g.Allow(tx, x)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return p, no
}

func text(to, ip string) guard.Send {
	return guard.Send{Channel: guard.SMS, To: to, Country: "GB", Prefix: to[1:8], Origin: from(ip), Cost: 100000}
}

// Proves B3, LF9, C21: fifty strangers asking for one number get at most five texts in ten minutes, ten an hour and
// twenty a day, from whatever address, and the waits grow.
func TestOneNumberManyStrangers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &sender{t: t, db: db, g: newGuard("GB")}
		s.g.Settings.PrefixFloor = 1000
		sent := 0
		var waits []time.Duration
		for round := range 24 {
			for i := range 50 {
				now := db.Now()
				p, no := s.try(text("+447700900123", fmt.Sprintf("10.%d.%d.1", round, i)))
				if no != nil {
					continue
				}
				sent++
				if len(waits) < 3 {
					waits = append(waits, (time.Duration(p.NextAt-now) * time.Microsecond).Round(time.Second))
				}
			}
			if round == 0 && sent != 5 {
				t.Fatalf("%d in the first ten minutes", sent)
			}
			db.Clock().Advance(time.Hour)
		}
		if sent != 20 {
			t.Fatalf("%d in a day, want 20", sent)
		}
		if fmt.Sprint(waits) != "[30s 1m30s 3m30s]" {
			t.Fatalf("next send after %v", waits)
		}
	})
}

// Proves decisions 19: a person's own confirmed number has its own bucket, so strangers cannot use it up, and thirty
// people behind one address can log in.
func TestConfirmedNumbersStandApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &sender{t: t, db: db, g: newGuard("GB")}
		for range 8 {
			s.try(text("+447700900123", "10.0.0.1"))
		}
		if _, no := s.try(text("+447700900123", "10.0.0.2")); no == nil {
			t.Fatal("the common bucket should be used up")
		}
		for i := range 30 {
			x := text(fmt.Sprintf("+4477009001%02d", i), "10.0.0.1")
			x.Confirmed, s.profile = true, fmt.Sprint("PR", i)
			if _, no := s.try(x); no != nil {
				t.Fatalf("person %d: %v", i, no)
			}
		}
	})
}

// Proves decisions 19: a correct code returns its sends to every bucket and ends the cool-down.
func TestAnsweredSendsDoNotCount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &sender{t: t, db: db, g: newGuard("GB")}
		for i := range 40 {
			x := text("+447700900123", "10.0.0.1")
			x.Bucket = s.g.Bucket(x.Channel, "", x.To, false)
			x.Challenge = fmt.Sprint("VEx", i)
			p, no := s.try(x)
			if no != nil {
				t.Fatalf("send %d: %v", i, no)
			}
			if p.SendAt > db.Now() {
				t.Fatal("the cool-down was not ended")
			}
			err := db.Write(context.Background(), func(tx *store.Tx) error { return s.g.Answered(tx, x) })
			if err != nil {
				t.Fatal(err)
			}
		}
		db.Read(context.Background(), func(tx *store.Tx) error {
			d, err := guard.Today(tx, "unconfirmed")
			if err != nil || d.Sends != 40 || d.Answered != 40 || d.Cost != 4e6 {
				t.Errorf("%+v %v", d, err)
			}
			return nil
		})
	})
}

// Proves decisions 19: the pots are apart, and an empty one refuses.
func TestPots(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &sender{t: t, db: db, g: newGuard("GB")}
		s.g.Settings.UnconfirmedPot, s.g.Settings.ConfirmedPot, s.g.Settings.PrefixFloor = 300000, 500000, 1000
		var alerts []string
		s.g.Alert = func(tx *store.Tx, kind, name string) error { alerts = append(alerts, kind+" "+name); return nil }
		last := ""
		for i := range 4 {
			_, no := s.try(text(fmt.Sprintf("+44770090%04d", i), fmt.Sprintf("10.1.1.%d", i)))
			if no != nil {
				last = no.Code
			}
		}
		if last != "spend_ceiling" {
			t.Fatalf("fourth text: %q", last)
		}
		x := text("+447700900999", "10.1.1.1")
		x.Confirmed, s.profile = true, "PR1"
		for range 3 {
			if _, no := s.try(x); no != nil {
				t.Fatalf("the other pot was touched: %v", no)
			}
		}
		if fmt.Sprint(alerts) != "[pot_half unconfirmed pot_empty unconfirmed pot_half confirmed]" {
			t.Fatalf("alerts %v", alerts)
		}
	})
}

// Proves decisions 20 and B3: STOP blocks those who have not confirmed the number, and START undoes it.
func TestStop(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &sender{t: t, db: db, g: newGuard("GB")}
		write := func(f func(tx *store.Tx, n string) error) {
			if err := db.Write(context.Background(), func(tx *store.Tx) error { return f(tx, "+447700900123") }); err != nil {
				t.Fatal(err)
			}
		}
		write(s.g.Stop)
		if _, no := s.try(text("+447700900123", "10.0.0.1")); no == nil || no.Code != "number_stopped" {
			t.Fatalf("%v", no)
		}
		own := text("+447700900123", "10.0.0.1")
		own.Confirmed, s.profile = true, "PR1"
		if _, no := s.try(own); no != nil {
			t.Fatal(no)
		}
		write(s.g.Start)
		if _, no := s.try(text("+447700900123", "10.0.0.1")); no != nil {
			t.Fatal(no)
		}
	})
}

// Proves B15 for sends: fifty parallel requests for one number let exactly five through.
func TestParallelRequestsAreCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		g := newGuard("GB")
		var wg sync.WaitGroup
		allowed := make([]bool, 50)
		for i := range allowed {
			wg.Add(1)
			go func() {
				defer wg.Done()
				x := text("+447700900123", fmt.Sprintf("10.0.1.%d", i))
				x.Bucket = g.Bucket(x.Channel, "", x.To, false)
				x.Message, x.Challenge = id.Message(fmt.Sprint("SM", i)), fmt.Sprint(i)
				if err := db.Write(context.Background(), func(tx *store.Tx) error {
					_, no, err := g.Allow(tx, x)
					allowed[i] = no == nil
					return err
				}); err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		n := 0
		for _, a := range allowed {
			if a {
				n++
			}
		}
		if n != 5 {
			t.Fatalf("%d of 50 were allowed, want 5", n)
		}
	})
}
