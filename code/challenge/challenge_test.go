package challenge_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/budget"
	"watchword/code/challenge"
	"watchword/code/guard"
	"watchword/code/wording"
	"watchword/gateway/email"
	"watchword/gateway/sms"
)

type rig struct {
	t  testing.TB
	db *store.DB
	e  *challenge.Engine
}

func newRig(t testing.TB, db *store.DB) rig {
	ring := secret.NewRing()
	g := &guard.Guard{Settings: guard.Defaults(), Ring: ring}
	g.Settings.Countries = []string{"GB", "AU"}
	e := challenge.New(challenge.Options{DB: db, Ring: ring, Log: &audit.Log{Ring: ring}, Budget: budget.Book{Settings: budget.Defaults()},
		Guard: g, Price: func(string) int64 { return 100000 }, Product: "Watchword", Host: "watchword.example", Home: "GB",
		Settings: challenge.Defaults()})
	e.SMS = sms.New(sms.Options{DB: db, Ring: ring, Render: e.RenderTexts})
	e.Email = email.New(email.Options{DB: db, Ring: ring, Render: e.RenderMails})
	return rig{t, db, e}
}

var who = access.Actor{Kind: access.KindVisitor, Name: "maya", Origin: access.Origin{Address: netip.MustParseAddr("192.0.2.7"), Device: "Firefox on Windows"}}

func (r rig) write(f func(tx *store.Tx) error) {
	r.t.Helper()
	if err := r.db.Write(context.Background(), f); err != nil {
		r.t.Fatal(err)
	}
}

func request(binding string) challenge.Request {
	return challenge.Request{Organisation: id.System, Purpose: wording.Login, Subject: "PR1", Binding: binding, Channel: guard.SMS,
		Number: phone.Number{E164: "+447700900123", Country: "GB"}, Confirmed: true, Language: "en", Zone: "Europe/London"}
}

func (r rig) start(q challenge.Request) challenge.Started {
	r.t.Helper()
	var s challenge.Started
	r.write(func(tx *store.Tx) (err error) { s, err = r.e.Start(tx, who, q); return err })
	return s
}

func (r rig) check(c challenge.Challenge, binding, code string) challenge.Verdict {
	r.t.Helper()
	var v challenge.Verdict
	r.write(func(tx *store.Tx) (err error) {
		v, err = r.e.Check(tx, who, id.System, c.ID, binding, code)
		return err
	})
	return v
}

// code reads the code the way a phone would: from the text that the outbox renders when it sends.
func (r rig) code(c challenge.Challenge) string {
	r.t.Helper()
	ref := string(id.System) + "." + string(c.ID)
	m, err := r.e.RenderTexts(context.Background(), []string{ref})
	if err != nil {
		r.t.Fatal(err)
	}
	text := m[ref].Text
	i := strings.LastIndex(text, "#")
	if i < 0 {
		r.t.Fatalf("no code in %q (%s)", text, m[ref].Skip)
	}
	return text[i+1:]
}

func wrong(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

// Proves LF8, C18, B15: of fifty parallel checks with the right code exactly one succeeds.
func TestRightCodeWorksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		s := r.start(request("LG1"))
		code := r.code(s.Challenge)
		var wg sync.WaitGroup
		ok := make([]bool, 50)
		for i := range ok {
			wg.Add(1)
			go func() { defer wg.Done(); ok[i] = r.check(s.Challenge, "LG1", code).OK }()
		}
		wg.Wait()
		n := 0
		for _, x := range ok {
			if x {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("%d successes", n)
		}
		if v := r.check(s.Challenge, "LG1", code); v.OK || v.Reason != challenge.Used {
			t.Fatalf("%+v", v)
		}
	})
}

// Proves LF8, B5: five tries, then even the right code is refused; and B15: parallel wrong tries are all counted.
func TestFiveTries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		s := r.start(request("LG1"))
		code := r.code(s.Challenge)
		var wg sync.WaitGroup
		for range 5 {
			wg.Add(1)
			go func() { defer wg.Done(); r.check(s.Challenge, "LG1", wrong(code)) }()
		}
		wg.Wait()
		if v := r.check(s.Challenge, "LG1", code); v.OK || v.Reason != challenge.Exhausted {
			t.Fatalf("%+v", v)
		}
		var b budget.Status
		db.Read(context.Background(), func(tx *store.Tx) (err error) {
			b, err = r.e.Budget.Of(tx, id.System, "PR1", budget.SMS)
			return err
		})
		if b.Failures != 5 {
			t.Fatalf("%d failures counted", b.Failures)
		}
	})
}

// Proves C14, B6: new codes, new log-ins and re-sends do not refill the account's budget; at a hundred failures in a
// row the factor is off, and the right code no longer helps.
func TestBudgetHoldsAcrossCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		r.e.Guard.Settings.Destination = nil
		failures, switched := 0, false
		for flow := 0; flow < 200 && !switched; flow++ {
			s := r.start(request(fmt.Sprint("LG", flow)))
			if s.Refused != nil {
				t.Fatal(s.Refused)
			}
			code := r.code(s.Challenge)
			for range 5 {
				v := r.check(s.Challenge, fmt.Sprint("LG", flow), wrong(code))
				if v.Reason == challenge.Wait || v.Reason == challenge.Late {
					break
				}
				failures++
				if v.JustSwitchedOff {
					switched = true
					if v := r.check(s.Challenge, fmt.Sprint("LG", flow), code); v.OK || v.Reason != challenge.SwitchedOff {
						t.Fatalf("after the switch: %+v", v)
					}
					break
				}
			}
			db.Clock().Advance(61 * time.Minute)
		}
		if !switched || failures != 100 {
			t.Fatalf("switched off %v after %d failures", switched, failures)
		}
	})
}

// Proves C19: a code fits only its own log-in, and LF7: a new log-in's code ends the earlier one.
func TestCodeIsBound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		a := r.start(request("LG1"))
		if v := r.check(a.Challenge, "LG2", r.code(a.Challenge)); v.OK || v.Reason != challenge.NoSuchCode {
			t.Fatalf("other log-in: %+v", v)
		}
		codeA := r.code(a.Challenge)
		b := r.start(request("LG2"))
		if v := r.check(a.Challenge, "LG1", codeA); v.OK || v.Reason != challenge.Replaced {
			t.Fatalf("earlier code: %+v", v)
		}
		if b.Challenge.SendAt <= db.Now() {
			t.Fatal("the second text should wait for the cool-down")
		}
		if v := r.check(b.Challenge, "LG2", r.code(b.Challenge)); !v.OK {
			t.Fatalf("%+v", v)
		}
	})
}

// Proves LF8, C17, C14: codes die after five minutes by SMS and ten by email, and sending again repeats the same code
// without a longer life or new tries; LF9: not inside the cool-down.
func TestResendRepeatsTheCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		s := r.start(request("LG1"))
		code := r.code(s.Challenge)
		again := func() (x challenge.Started) {
			r.write(func(tx *store.Tx) (err error) {
				x, err = r.e.Resend(tx, who, id.System, s.Challenge.ID, "LG1")
				return err
			})
			return x
		}
		if x := again(); x.Refused == nil || x.Refused.Code != "too_soon" {
			t.Fatalf("%+v", x)
		}
		r.check(s.Challenge, "LG1", wrong(code))
		db.Clock().Advance(31 * time.Second)
		x := again()
		if x.Refused != nil || x.Challenge.ExpiresAt != s.Challenge.ExpiresAt || x.Challenge.TriesLeft != 4 || r.code(x.Challenge) != code {
			t.Fatalf("%+v", x)
		}
		db.Clock().Advance(4*time.Minute + 30*time.Second)
		if v := r.check(s.Challenge, "LG1", code); v.OK || v.Reason != challenge.Late {
			t.Fatalf("%+v", v)
		}
		q := request("LG2")
		q.Channel, q.Address = guard.Email, "maya@example.com"
		m := r.start(q)
		if life := m.Challenge.ExpiresAt - m.Challenge.SendAt; life != 600e6 {
			t.Fatalf("life by email %d", life)
		}
	})
}

// Proves C16: a hundred thousand codes are uniform over the first digit and the last, leading zeros included.
func TestCodesAreUniform(t *testing.T) {
	ring := secret.NewRing()
	const n = 100000
	var first, last [10]float64
	for i := range n {
		c := ring.Digits(ring.Current(), "challenge", fmt.Sprint(i), 6)
		if len(c) != 6 {
			t.Fatal(c)
		}
		first[c[0]-'0']++
		last[c[5]-'0']++
	}
	for _, d := range [][10]float64{first, last} {
		chi := 0.0
		for _, x := range d {
			chi += (x - n/10) * (x - n/10) / (n / 10)
		}
		if chi > 33.7 { // 9 degrees of freedom, p = 0.0001
			t.Fatalf("chi-square %.1f: %v", chi, d)
		}
	}
}

// Proves C20: after a whole run no code stands anywhere in the database.
func TestNoCodeIsStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		s := r.start(request("LG1"))
		code := r.code(s.Challenge)
		r.check(s.Challenge, "LG1", wrong(code))
		r.check(s.Challenge, "LG1", code)
		db.Read(context.Background(), func(tx *store.Tx) error {
			for _, q := range []string{`SELECT words || state || binding || destination_hash FROM code_challenge`,
				`SELECT detail || target || reason FROM audit_event`} {
				rows, err := tx.Query(q)
				if err != nil {
					return err
				}
				for rows.Next() {
					var s string
					rows.Scan(&s)
					if strings.Contains(s, code) || strings.Contains(s, "+447700900123") {
						t.Errorf("%s holds %q", q, s)
					}
				}
				rows.Close()
			}
			return nil
		})
	})
}

// Proves LF8: codes typed with spaces, dashes or digits of other scripts are understood; anything else costs no try.
func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{"493017": "493017", " 493 017 ": "493017", "493-017": "493017", "٤٩٣٠١٧": "493017", "４９３０１７": "493017"} {
		if got, ok := challenge.Normalise(in, 6); !ok || got != want {
			t.Errorf("%q: %q %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "49301", "4930177", "49301a", "493017\x00", strings.Repeat("1", 1<<20), "-49301"} {
		if _, ok := challenge.Normalise(in, 6); ok {
			t.Errorf("%.20q accepted", in)
		}
	}
}

// Proves B14: a number that was swapped yesterday gets no code and says why; while the source of risks is down nothing
// is sent either.
func TestNumberRisk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		s := r.start(request("LG1"))
		ref := string(id.System) + "." + string(s.Challenge.ID)
		r.e.Risk = func(_ context.Context, number string) (bool, error) { return number == "+447700900123", nil }
		m, err := r.e.RenderTexts(context.Background(), []string{ref})
		if err != nil || m[ref].Skip != challenge.Risky || m[ref].Text != "" {
			t.Fatalf("%+v %v", m, err)
		}
		r.e.Risk = func(context.Context, string) (bool, error) { return false, errors.New("down") }
		if m, err = r.e.RenderTexts(context.Background(), []string{ref}); err != nil || len(m) != 0 {
			t.Fatalf("%+v %v", m, err)
		}
	})
}
