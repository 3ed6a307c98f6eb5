// Package audit is the log of who did what: append-only, failures and refusals included, one HMAC chain for each
// stream (organisation, profile, operator or "system"), so that a changed or missing line shows (C56, C57, OU18).
package audit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/secret"
	"watchword/base/store"
)

// System is the stream of what concerns the whole installation.
const System = "system"

// Outcome of an event.
type Outcome string

const (
	OK      Outcome = "ok"
	Failed  Outcome = "failed"  // tried and wrong: a bad password, a wrong code
	Refused Outcome = "refused" // not allowed, or a limit reached
)

// Event is one line. Kind is "room.act", e.g. "login.password", "factor.added". Detail holds plain facts, never a
// secret, a code, a password or a token.
type Event struct {
	Kind    string
	Outcome Outcome // empty means OK
	Reason  string  // stable word, for failures and refusals
	Target  string  // id or name of what it was done to
	Detail  map[string]string
}

// Log writes events with the installation's key ring.
type Log struct {
	Ring *secret.Ring
	// Observe, when set, is told of each event once it is durable, for metrics.
	Observe func(kind string, outcome Outcome)
}

// Record appends one event to each of the streams, at the end of the caller's operation and as part of it.
func (l *Log) Record(tx *store.Tx, who access.Actor, e Event, streams ...string) error {
	if e.Outcome == "" {
		e.Outcome = OK
	}
	if l.Observe != nil {
		tx.AfterCommit(func() { l.Observe(e.Kind, e.Outcome) })
	}
	r := Row{At: tx.Now, Kind: e.Kind, Outcome: e.Outcome, Reason: e.Reason,
		ActorKind: string(who.Kind), ActorID: actorID(who), ActorName: clean(who.Name, 100), Target: clean(e.Target, 200),
		Device: clean(who.Origin.Device, 200), Detail: detail(e.Detail)}
	if who.Origin.Address.IsValid() {
		r.Address = who.Origin.Address.String()
	}
	w := l.waiting(tx)
	for i, s := range streams {
		if s == "" || slices.Contains(streams[:i], s) {
			continue
		}
		r.Stream, r.ID = s, id.New("AU", tx.Now)
		w.streams[s] = append(w.streams[s], r)
	}
	return nil
}

// Unknown counts a failure that belongs to nobody (an unknown name) by minute and address (decisions 6).
func (l *Log) Unknown(tx *store.Tx, kind string, o access.Origin) error {
	_, err := tx.Exec(`INSERT INTO audit_unknown (minute, kind, address, count) VALUES ($1, $2, $3, 1)
		ON CONFLICT (minute, kind, address) DO UPDATE SET count = audit_unknown.count + 1`,
		tx.Now/60e6, kind, o.Bucket())
	return err
}

func (l *Log) mac(key uint32, previous string, r Row) string {
	// Length-prefixed, so that no two different lines give the same text.
	b := make([]byte, 0, 512)
	for _, s := range [...]string{previous, r.Stream, strconv.FormatInt(r.Seq, 10), r.ID, strconv.FormatInt(r.At, 10), r.Kind,
		string(r.Outcome), r.Reason, r.ActorKind, r.ActorID, r.ActorName, r.Target, r.Address, r.Device, r.Detail} {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(append(b, ':'), s...)
	}
	return fmt.Sprintf("%08x.%x", key, l.Ring.MAC(key, "audit", string(b)))
}

func actorID(a access.Actor) string {
	switch a.Kind {
	case access.KindPerson:
		return string(a.Profile)
	case access.KindOperator:
		return string(a.Operator)
	}
	return ""
}

func detail(m map[string]string) string {
	if len(m) == 0 {
		return "{}"
	}
	c := make(map[string]string, len(m))
	for k, v := range m {
		c[k] = clean(v, 500)
	}
	b, _ := json.Marshal(c) // a map of strings always encodes, keys sorted
	return string(b)
}

// clean encodes what could forge a line in a log or a terminal (C57): control and bidirectional characters.
func clean(s string, limit int) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	var b strings.Builder
	for _, r := range s {
		if b.Len() >= limit {
			b.WriteRune('…')
			break
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			fmt.Fprintf(&b, "\\u%04x", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
