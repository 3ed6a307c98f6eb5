// Package guard decides whether a code or link may be sent at all: country allow-list, limits per destination, per
// address and per number prefix, and a spend ceiling. It is on by default, counts in the database and fails closed:
// when it cannot count, nothing is sent (B1-B3, B7, B18, C21, C60; decisions 18-20).
package guard

import (
	"fmt"
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

// Send is one message that somebody wants sent.
type Send struct {
	Channel   Channel
	Bucket    string // from Guard.Bucket
	To        string // as it is sent to
	Confirmed bool   // confirmed by this very profile
	Country   string // texts only
	Prefix    string // texts only; empty: the prefix has no say, because whoever sends limits it (an owner's texts to members)
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
	// Alert is told, inside the transaction, when half of a pot is spent ("pot_half"), when it is empty ("pot_empty"), and
	// when a prefix has used up its day ("prefix_limit"): once a day of each pot or prefix.
	Alert func(tx *store.Tx, kind, name string) error
}

// Allow decides on one send and counts it. A refusal is a verdict: it is recorded and the transaction should commit;
// show it to the person. Fault errors must stop the send (fail closed, C58).
func (g *Guard) Allow(tx *store.Tx, s Send) (Permit, *problem.Error, error) {
	for _, name := range []string{s.Bucket, addressKey(s), "prefix " + s.Prefix} { // parallel requests see each other's sends
		if name == "" || name == "prefix " || s.Confirmed && name != s.Bucket {
			continue
		}
		if err := tx.Lock("guard " + name); err != nil {
			return Permit{}, nil, err
		}
	}
	f, err := g.look(tx, s)
	if err != nil {
		return Permit{}, nil, err
	}
	no, rule, would, err := g.judge(tx, s, f)
	if err != nil {
		return Permit{}, nil, err
	}
	if no != nil {
		return Permit{}, no, g.refuse(tx, s, no.Code, rule)
	}
	p := g.permit(tx.Now, f.before)
	if err := g.count(tx, s, p.SendAt, would); err != nil {
		return Permit{}, nil, err
	}
	return p, nil, g.half(tx, s, f.spent)
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
