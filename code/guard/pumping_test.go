package guard_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/guard"
)

// answer gives the right code for the newest send to a number.
func (s *sender) answer(x guard.Send) {
	s.t.Helper()
	x.Challenge = fmt.Sprint("VE", s.n)
	x.Bucket = s.g.Bucket(x.Channel, "", x.To, false)
	if err := s.db.Write(context.Background(), func(tx *store.Tx) error { return s.g.Answered(tx, x) }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *sender) report(days int) (r guard.Report) {
	s.t.Helper()
	err := s.db.Read(context.Background(), func(tx *store.Tx) (err error) {
		r, err = guard.Read(tx, days)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func line(list []guard.Line, name string) guard.Line {
	for _, l := range list {
		if l.Name == name {
			return l
		}
	}
	return guard.Line{}
}

// Proves B1 with its full numbers, and B18: 2,000 sign-ups, 400 numbers in 4 prefixes of 3 countries (one of them not
// allowed), 200 addresses, no code entered, within a day; and meanwhile people with other numbers of an allowed country,
// of whom 70 % enter their code. At most 60 texts leave, each prefix is blocked within 20 sends, no person is refused, the
// operators are told, and what it cost and why the rest was refused is in the report.
func TestPumpingInFull(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &sender{t: t, db: db, g: newGuard("GB", "FR")}
		var alerts []string
		s.g.Alert = func(tx *store.Tx, kind, name string) error {
			tx.AfterCommit(func() { alerts = append(alerts, kind+" "+name) })
			return nil
		}
		now := time.UnixMicro(db.Now()).UTC()
		db.Clock().Advance(now.Truncate(24 * time.Hour).Add(25 * time.Hour).Sub(now)) // one in the morning
		prefixes := []struct{ country, prefix string }{{"GB", "4477001"}, {"GB", "4479112"}, {"FR", "3370003"}, {"CU", "5350004"}}
		sent, tries, blockedAt, reasons := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
		people := 0
		for i := range 2000 {
			p := prefixes[i%4]
			number := i / 4 % 100 // a hundred of each prefix
			_, no := s.try(guard.Send{Channel: guard.SMS, To: fmt.Sprintf("+%s%05d", p.prefix, number), Country: p.country, Prefix: p.prefix,
				Origin: from(fmt.Sprintf("10.9.%d.%d", i%200/100, i%100)), Cost: 100_000})
			tries[p.prefix]++
			switch {
			case no == nil:
				sent[p.prefix]++
			default:
				reasons[no.Code]++
				if blockedAt[p.prefix] == 0 {
					blockedAt[p.prefix] = tries[p.prefix]
				}
			}
			if i%25 == 0 { // eighty people in between
				x := text(fmt.Sprintf("+44750%d%06d", people%4, people), fmt.Sprintf("10.20.0.%d", people))
				if _, no := s.try(x); no != nil {
					t.Fatalf("person %d: %v", people, no)
				}
				if people%10 < 7 {
					s.answer(x)
				}
				people++
			}
			db.Clock().Advance(30 * time.Second)
		}
		total := 0
		for _, p := range prefixes {
			total += sent[p.prefix]
			if blockedAt[p.prefix] == 0 || blockedAt[p.prefix] > 20 {
				t.Errorf("%s was first refused at its try %d", p.prefix, blockedAt[p.prefix])
			}
		}
		t.Logf("%d texts left: %v; refused: %v", total, sent, reasons)
		if total > 60 || sent["5350004"] != 0 || reasons["country_not_allowed"] != 500 || reasons["prefix_limit"] == 0 {
			t.Errorf("%d texts left: %v; refused: %v", total, sent, reasons)
		}
		if got := fmt.Sprint(alerts); got != "[prefix_limit 4477001 prefix_limit 4479112 prefix_limit 3370003]" {
			t.Errorf("the operators were told %s", got)
		}
		r := s.report(1)
		for _, p := range prefixes {
			want := guard.Line{Name: p.prefix, Sends: int64(sent[p.prefix]), Refused: int64(500 - sent[p.prefix]), Cost: int64(sent[p.prefix]) * 100_000}
			want.Unanswered = want.Cost
			if got := line(r.Prefixes, p.prefix); got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
		if c := line(r.Countries, "CU"); c.Refused != 500 || c.Sends != 0 {
			t.Errorf("%+v", c)
		}
		pot := line(r.Pots, "unconfirmed")
		if pot.Sends != int64(total+people) || pot.Answered != int64(people*7/10) || pot.Cost != pot.Sends*100_000 || len(r.Days) != 1 {
			t.Errorf("%+v", r)
		}
		got := map[string]int{}
		for _, x := range r.Reasons {
			got[x.Reason] = int(x.Refused)
		}
		if fmt.Sprint(got) != fmt.Sprint(reasons) {
			t.Errorf("reasons %v, want %v", got, reasons)
		}
	})
}

// Proves B2 with its full numbers: 15 sends an hour to one prefix for five days, below every hourly limit, each to another
// number from another address: each day's budget trips at ten.
func TestSlowPumping(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &sender{t: t, db: db, g: newGuard("GB")}
		perDay := map[int64]int{}
		for i := range 5 * 24 * 15 {
			x := text(fmt.Sprintf("+447700%06d", i), fmt.Sprintf("10.%d.%d.%d", i/60000, i/250%250, i%250))
			x.Prefix = "4477009"
			if _, no := s.try(x); no == nil {
				perDay[db.Now()/(24*3600e6)]++
			} else if no.Code != "prefix_limit" {
				t.Fatal(no)
			}
			db.Clock().Advance(4 * time.Minute)
		}
		for day, n := range perDay {
			if n != 10 {
				t.Errorf("day %d: %d texts", day, n)
			}
		}
		if len(perDay) < 5 {
			t.Error(perDay)
		}
	})
}

// Proves decisions 19 and the row send.prefix of security.md part 3: a prefix whose people enter their codes may get a
// fifth of its best day in fourteen, and only of those.
func TestConversionWidensThePrefix(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &sender{t: t, db: db, g: newGuard("GB")}
		next := 0
		send := func() bool {
			next++
			x := text(fmt.Sprintf("+447700%06d", next), fmt.Sprintf("10.1.%d.%d", next/250, next%250))
			x.Prefix = "4477009"
			_, no := s.try(x)
			return no == nil
		}
		for range 100 {
			x := text(fmt.Sprintf("+447700%06d", next+1), fmt.Sprintf("10.1.%d.%d", (next+1)/250, (next+1)%250))
			x.Prefix = "4477009"
			if !send() {
				t.Fatal("refused")
			}
			s.answer(x)
		}
		for _, day := range []struct{ after, want int }{{1, 20}, {13, 20}, {1, 10}} {
			db.Clock().Advance(time.Duration(day.after) * 24 * time.Hour)
			n := 0
			for send() {
				n++
			}
			if n != day.want {
				t.Errorf("%d unanswered texts in a day, want %d", n, day.want)
			}
		}
	})
}

// Proves part 4 row 7 of security.md: a rule on trial refuses nothing and says what it would have refused and how much of
// it was answered; the same rule in force refuses, and its name is kept with the refusal.
func TestRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := &sender{t: t, db: db, g: newGuard("GB", "FR")}
		s.g.Settings.Rules = []guard.Rule{
			{Name: "few", DryRun: true, PrefixFloor: 3},
			{Name: "home", DryRun: true, Countries: []string{"GB"}},
			{Name: "never", DryRun: true, PrefixFloor: 1000, Address: guard.Limit{N: 1000, Window: time.Hour}, Destination: []guard.Limit{{N: 50, Window: time.Hour}}},
		}
		for i := range 6 {
			x := text(fmt.Sprintf("+44770090012%d", i), fmt.Sprintf("10.0.0.%d", i))
			if i == 5 {
				x.Country = "FR"
			}
			if _, no := s.try(x); no != nil {
				t.Fatal(no)
			}
			if i == 4 {
				s.answer(x)
			}
		}
		got := fmt.Sprintf("%+v", s.report(14).Trials)
		r := s.report(14)
		if len(r.Trials) != 2 || r.Trials[0].Rule != "few" || r.Trials[0].Would != 3 || r.Trials[0].Answered != 1 || r.Trials[0].Cost != 300_000 ||
			r.Trials[1].Rule != "home" || r.Trials[1].Reason != "country_not_allowed" || r.Trials[1].Would != 1 {
			t.Error(got)
		}
		db.Clock().Advance(15 * 24 * time.Hour)
		if n := len(s.report(14).Trials); n != 0 {
			t.Errorf("%d old trials are reported", n)
		}
		s.g.Settings.Rules = []guard.Rule{{Name: "few", PrefixFloor: 3}}
		refused := 0
		for i := range 6 {
			if _, no := s.try(text(fmt.Sprintf("+44770090034%d", i), fmt.Sprintf("10.0.1.%d", i))); no != nil && no.Code == "prefix_limit" {
				refused++
			}
		}
		db.Read(context.Background(), func(tx *store.Tx) error {
			list, err := guard.Refusals(tx, 0, 10)
			if err != nil || refused != 3 || len(list) != 3 || list[0].Rule != "few" {
				t.Errorf("%d refused, %+v %v", refused, list, err)
			}
			return nil
		})
		if r := s.report(1).Reasons; len(r) != 1 || r[0].Reason != "prefix_limit few" || r[0].Refused != 3 {
			t.Errorf("%+v", r)
		}
	})
}
