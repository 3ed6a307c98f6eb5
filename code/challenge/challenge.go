// Package challenge is the engine of one-time codes: start, send again, check, cancel. Log-in, step-up and the proof of
// a number use it now; it knows no person, only a subject, so that Verify can use it for strangers' phones.
//
// A code is not stored. It is derived from a key of the ring and the challenge's id, purpose, binding and destination,
// so that sending again repeats the same code and a code fits only what it was made for (LF7, LF8, C16-C20).
package challenge

import (
	"context"
	"strings"
	"sync"
	"time"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/code/budget"
	"watchword/code/guard"
	"watchword/code/wording"
	"watchword/gateway/email"
	"watchword/gateway/sms"
)

// State of a challenge. Pending is the only one that can change.
type State string

const (
	Pending   State = "pending"
	Approved  State = "approved"
	Failed    State = "failed" // all tries were used
	Expired   State = "expired"
	Cancelled State = "cancelled"
)

// Settings of codes.
type Settings struct {
	Digits    int           // 4 to 10, default 6 (C16)
	SMSLife   time.Duration // default 5 minutes
	EmailLife time.Duration // default 10 minutes (C17)
	Tries     int           // per code, default 5 (B5)
}

// Defaults are those of LF8.
func Defaults() Settings {
	return Settings{Digits: 6, SMSLife: 5 * time.Minute, EmailLife: 10 * time.Minute, Tries: 5}
}

// Options put an engine together.
type Options struct {
	DB     *store.DB
	Ring   *secret.Ring
	Log    *audit.Log
	Budget budget.Book
	Guard  *guard.Guard
	SMS    *sms.Outbox
	Email  *email.Outbox
	Price  func(country string) int64 // of one segment, in millionths of the currency
	// Risk is asked before each text whether the number was swapped or ported lately; nil asks nobody. While it
	// fails nothing is sent.
	Risk     func(ctx context.Context, number string) (risky bool, err error)
	Product  string // "Watchword"
	Host     string // of the log-in page, for the last line of a text (C63)
	Home     string // country whose numbers are shown in national form
	Settings Settings
}

// Engine starts and checks codes. Safe for concurrent use.
type Engine struct{ Options }

// New makes an engine. SMS and Email may be set afterwards, because the outboxes render through the engine.
func New(o Options) *Engine { return &Engine{o} }

// Request asks for one code.
type Request struct {
	Organisation id.Organisation // id.System for the product's own
	Purpose      wording.Purpose
	Action       wording.Action // for a step-up
	Subject      string         // whose failures these are: a profile id; empty for a stranger
	Binding      string         // what the code belongs to: a pending log-in, or a session and an action (C19)
	Channel      guard.Channel
	Number       phone.Number // for SMS; read before the transaction, since reading a number is costly
	Address      string       // for email, as stored
	Confirmed    bool         // confirmed by this very subject
	Language     wording.Language
	Zone         string // IANA name, for times in mails
	Name         string // how the mail greets
	Detail       string // named in the text, in brackets
	Count        int    // named with the action: "export 12,400 contacts"; 0 for none
	Version      int64  // the subject's version when it was asked for; compared by the caller
}

// Challenge is one request for a code as pages show it. It never holds the code.
type Challenge struct {
	ID           id.Challenge
	Organisation id.Organisation
	Purpose      wording.Purpose
	Action       wording.Action
	Channel      guard.Channel
	Subject      string
	Masked       string // "07700 ••• 123", "m•••@example.com"
	Country      string // of a number
	State        State
	TriesLeft    int
	MaxTries     int
	Sends        int
	Version      int64
	Digits       int
	Zone         string // IANA name, of whom it is for
	SendAt       int64  // micros; later than now while a cool-down runs
	NextSendAt   int64  // micros; when it may be sent again
	ExpiresAt    int64  // micros
	Delivery     Delivery
}

// Delivery is where the newest message of a challenge is.
type Delivery struct {
	State    string // queued held sending sent delivered failed unknown expired cancelled
	QueuedAt int64
	SentAt   int64
	DoneAt   int64
	Reason   string
}

// Started is the result of Start and Resend. Refused is a verdict of the sending guard: commit, then show it.
type Started struct {
	Challenge Challenge
	Refused   *problem.Error
}

// words are the facts a text names; none is secret.
type words struct {
	Name    string `json:"n,omitempty"`
	Device  string `json:"d,omitempty"`
	Address string `json:"a,omitempty"`
	Country string `json:"c,omitempty"`
	Detail  string `json:"x,omitempty"`
	Count   int    `json:"k,omitempty"`
	Zone    string `json:"z,omitempty"`
}

func (e *Engine) params(r row) wording.Params {
	return wording.Params{Product: e.Product, Host: e.Host, Minutes: int((r.expiresAt - r.sendAt) / 60e6), Person: r.words.Name,
		Device: r.words.Device, Address: r.words.Address, Country: r.words.Country, Action: r.action, Detail: r.words.Detail, Count: r.words.Count,
		When: store.Time(r.createdAt), Zone: zone(r.words.Zone)}
}

// zones are those that were asked for before: reading one means reading a file. There are some six hundred names.
var zones sync.Map

func zone(name string) *time.Location {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, z)
	return z
}

// MaskEmail is "m•••@example.com".
func MaskEmail(a string) string {
	local, domain, ok := strings.Cut(a, "@")
	if !ok || local == "" {
		return "•••"
	}
	first := []rune(local)[0]
	return string(first) + "•••@" + domain
}

// LimitKey is the key under which an email address is limited: lower case, without a +tag (decisions 12, B18).
func LimitKey(address string) string {
	a := strings.ToLower(address)
	at := strings.LastIndexByte(a, '@')
	if at < 0 {
		return a
	}
	local, domain := a[:at], a[at:]
	if plus := strings.IndexByte(local, '+'); plus > 0 {
		local = local[:plus]
	}
	return local + domain
}

func factorOf(ch guard.Channel) budget.Factor {
	if ch == guard.SMS {
		return budget.SMS
	}
	return budget.Email
}

func streams(who access.Actor, subject string) []string {
	if subject != "" {
		return []string{subject}
	}
	return []string{audit.System}
}
