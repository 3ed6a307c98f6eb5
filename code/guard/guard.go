// Package guard decides whether a code or link may be sent at all: country allow-list, limits per destination, per
// address and per number prefix, and a spend ceiling. It is on by default, counts in the database and fails closed:
// when it cannot count, nothing is sent (B1-B3, B7, B18, C21, C60; decisions 18-20).
package guard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
)

// Channel is how a code travels.
type Channel string

const (
	SMS   Channel = "sms"
	Email Channel = "email"
)

// Limit is at most N in Window.
type Limit struct {
	N      int64
	Window time.Duration
}

// Settings are the named limits of [sending]. Only unanswered sends count: a correct code returns its send.
type Settings struct {
	// Countries that texts may go to (ISO 3166-1 alpha-2). Empty refuses every text.
	Countries []string
	// Destination limits one number or address. Default 5 in 10 minutes, 10 an hour, 20 a day.
	Destination []Limit
	// Address limits one network address over all unconfirmed destinations. Default 10 an hour.
	Address Limit
	// CoolDowns are the waits after the first, second and later unanswered sends. Default 30, 60, 120 seconds.
	CoolDowns []time.Duration
	// CoolDownMemory is how long an unanswered send lengthens the next wait. Default 10 minutes.
	CoolDownMemory time.Duration
	// PrefixFloor is how many unanswered texts a day a number prefix (country code and next digits, seven in all) may
	// get at least. Default 10.
	PrefixFloor int64
	// PrefixShare is the part of the prefix's best day in 14 that it may get otherwise. Default 0.2.
	PrefixShare float64
	// UnconfirmedPot and ConfirmedPot are the daily spend ceilings for unanswered texts, in millionths of the
	// currency. Default 20 and 200. Exhausting one never touches the other.
	UnconfirmedPot, ConfirmedPot int64
}

// Defaults are those of security.md part 3 and decisions 19. Countries is left to the operator's home country.
func Defaults() Settings {
	return Settings{
		Destination:    []Limit{{5, 10 * time.Minute}, {10, time.Hour}, {20, 24 * time.Hour}},
		Address:        Limit{10, time.Hour},
		CoolDowns:      []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute},
		CoolDownMemory: 10 * time.Minute,
		PrefixFloor:    10, PrefixShare: 0.2,
		UnconfirmedPot: 20e6, ConfirmedPot: 200e6,
	}
}

// Send is one message that somebody wants sent.
type Send struct {
	Channel   Channel
	Bucket    string // from Guard.Bucket
	To        string // as it is sent to
	Confirmed bool   // confirmed by this very profile
	Country   string // texts only
	Prefix    string // texts only
	Origin    access.Origin
	Purpose   string
	Cost      int64 // millionths of the currency, all segments
	Challenge string
	Message   id.Message
}

// Permit says when the message may leave.
type Permit struct {
	SendAt int64 // micros; later than now while a cool-down runs
	NextAt int64 // micros; when the next one may leave
}

// Guard counts and decides.
type Guard struct {
	Settings Settings
	Ring     *secret.Ring
	// Alert is told, inside the transaction, when half of the confirmed pot is spent and when a pot is empty.
	Alert func(tx *store.Tx, kind, name string) error
}

// Allow decides on one send and counts it. A refusal is a verdict: it is recorded and the transaction should commit;
// show it to the person. Fault errors must stop the send (fail closed, C58).
func (g *Guard) Allow(tx *store.Tx, s Send) (Permit, *problem.Error, error) {
	bucket := s.Bucket
	for _, name := range []string{bucket, addressKey(s), "prefix " + s.Prefix} { // parallel requests see each other's sends
		if name == "" || name == "prefix " || s.Confirmed && name != bucket {
			continue
		}
		if err := tx.Lock("guard " + name); err != nil {
			return Permit{}, nil, err
		}
	}
	before, err := g.unanswered(tx, bucket)
	if err != nil {
		return Permit{}, nil, err
	}
	no, err := g.judge(tx, s, before)
	if err != nil {
		return Permit{}, nil, err
	}
	if no != nil {
		return Permit{}, no, g.refuse(tx, s, bucket, no.Code)
	}
	p := g.permit(tx.Now, before)
	return p, nil, g.count(tx, s, bucket, p.SendAt)
}

// sends are the times (micros, rising) of a destination's unanswered sends: at most as many as its limits allow.
type sends []int64

func (g *Guard) unanswered(tx *store.Tx, bucket string) (all sends, err error) {
	longest := g.Settings.CoolDownMemory
	for _, l := range g.Settings.Destination {
		longest = max(longest, l.Window)
	}
	rows, err := tx.Query(`SELECT at FROM code_guard_send WHERE organisation_id = $1 AND bucket = $2 AND at > $3 ORDER BY at`,
		id.System, bucket, tx.Now-store.Micros(longest))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var at int64
		if err := rows.Scan(&at); err != nil {
			return nil, err
		}
		all = append(all, at)
	}
	return all, rows.Err()
}

// within are those of the last while.
func (s sends) within(now int64, d time.Duration) sends {
	from, _ := slices.BinarySearch(s, now-store.Micros(d)+1)
	return s[from:]
}

// Bucket is where a destination's sends are counted: apart for the profile that confirmed it, common for everybody
// else, so that nobody learns whether a number is known (decisions 19). to is an E.164 number, or the limit key of an
// address (lower case, without +tag).
func (g *Guard) Bucket(ch Channel, profile, to string, confirmed bool) string {
	h := g.Ring.Hash("guard."+string(ch), to)
	if confirmed {
		return "own:" + profile + ":" + h
	}
	return "common:" + h
}

func (g *Guard) judge(tx *store.Tx, s Send, before sends) (*problem.Error, error) {
	if s.Channel == SMS {
		if !contains(g.Settings.Countries, s.Country) {
			return problem.Forbidden("country_not_allowed", "We do not send texts to this country. Choose an authenticator app or a passkey instead, or ask the operator to allow the country."), nil
		}
		if !s.Confirmed {
			stopped, err := g.Stopped(tx, s.To)
			if err != nil {
				return nil, err
			}
			if stopped {
				return problem.Forbidden("number_stopped", "This number answered STOP, so we send it no codes. Send START from that phone to allow them again."), nil
			}
		}
	}
	for _, l := range g.Settings.Destination {
		if in := before.within(tx.Now, l.Window); int64(len(in)) >= l.N {
			oldest := tx.Now
			if len(in) > 0 {
				oldest = in[0]
			}
			return tooMany("destination_limit", "Too many codes were asked for and not used.", tx.Now, oldest, l.Window), nil
		}
	}
	if !s.Confirmed {
		if p, err := g.address(tx, s); p != nil || err != nil {
			return p, err
		}
	}
	if s.Channel == SMS {
		return g.money(tx, s)
	}
	return nil, nil
}

func (g *Guard) address(tx *store.Tx, s Send) (*problem.Error, error) {
	if !s.Origin.Address.IsValid() {
		return nil, nil
	}
	l := g.Settings.Address
	var n, oldest int64
	err := tx.QueryRow(`SELECT COUNT(*), COALESCE(MIN(at), 0) FROM code_guard_send
		WHERE organisation_id = $1 AND address = $2 AND at > $3`, id.System, addressKey(s), tx.Now-store.Micros(l.Window)).Scan(&n, &oldest)
	if err != nil || n < l.N {
		return nil, err
	}
	return tooMany("address_limit", "Too many codes were asked for from your network and not used.", tx.Now, oldest, l.Window), nil
}

// addressKey keeps texts and mails of one network address apart, so that a flood of one does not stop the other.
func addressKey(s Send) string {
	if s.Confirmed || !s.Origin.Address.IsValid() {
		return ""
	}
	return string(s.Channel) + " " + s.Origin.Bucket()
}

func tooMany(code, why string, now, oldest int64, window time.Duration) *problem.Error {
	wait := time.Duration(oldest+store.Micros(window)-now) * time.Microsecond
	wait = max(wait, time.Second)
	return problem.TooMany(code, fmt.Sprintf("%s Try again in %s, or use another way to prove it is you.", why, Words(wait)), wait)
}

// permit finds when the next message to the destination may leave.
func (g *Guard) permit(now int64, before sends) Permit {
	in := before.within(now, g.Settings.CoolDownMemory)
	n := int64(len(in))
	p := Permit{SendAt: now}
	if n > 0 {
		// Sends that were held stand in the future, the last at most by the cool-downs before it. What lies beyond is left
		// from before the clock was stepped back, and makes nobody wait that long.
		furthest := now
		for i := range n - 1 {
			furthest += store.Micros(g.coolDown(i + 1))
		}
		p.SendAt = max(p.SendAt, min(in[n-1], furthest)+store.Micros(g.coolDown(n)))
	}
	p.NextAt = p.SendAt + store.Micros(g.coolDown(n+1))
	return p
}

func (g *Guard) coolDown(n int64) time.Duration {
	c := g.Settings.CoolDowns
	if len(c) == 0 {
		return 0
	}
	return c[min(int(n), len(c))-1]
}

func (g *Guard) count(tx *store.Tx, s Send, bucket string, at int64) error {
	_, err := tx.Exec(`INSERT INTO code_guard_send (organisation_id, bucket, at, message_id, challenge_id, address)
		VALUES ($1, $2, $3, $4, $5, $6)`, id.System, bucket, at, s.Message, s.Challenge, addressKey(s))
	if err != nil || s.Channel != SMS {
		return err
	}
	return g.addDay(tx, s, 1, 0)
}

// Answered returns every send of a challenge whose code was given correctly: it no longer counts anywhere, and the
// cool-down of the destination ends.
func (g *Guard) Answered(tx *store.Tx, s Send) error {
	n, err := tx.Exec(`DELETE FROM code_guard_send WHERE organisation_id = $1 AND bucket = $2 AND challenge_id = $3`,
		id.System, s.Bucket, s.Challenge)
	if err != nil || n == 0 || s.Channel != SMS {
		return err
	}
	return g.addDay(tx, s, 0, n)
}

// Withdraw takes back one send that never left.
func (g *Guard) Withdraw(tx *store.Tx, s Send) error {
	n, err := tx.Exec(`DELETE FROM code_guard_send WHERE organisation_id = $1 AND bucket = $2 AND message_id = $3`,
		id.System, s.Bucket, s.Message)
	if err != nil || n == 0 || s.Channel != SMS {
		return err
	}
	return g.addDay(tx, s, -1, 0)
}

func (g *Guard) refuse(tx *store.Tx, s Send, bucket, reason string) error {
	_, err := tx.Exec(`INSERT INTO code_guard_refusal (organisation_id, at, id, reason, channel, purpose, country, prefix, address, bucket)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id.System, tx.Now, id.New("RF", tx.Now), reason, s.Channel, s.Purpose, s.Country, s.Prefix, s.Origin.Bucket(), bucket)
	return err
}

// Words says a wait for a person: "0:24" below an hour, else in hours.
func Words(d time.Duration) string {
	d = d.Round(time.Second)
	if d < time.Hour {
		return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
	}
	h := int((d + time.Hour - 1) / time.Hour)
	if h == 1 {
		return "1 hour"
	}
	return fmt.Sprintf("%d hours", h)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}
