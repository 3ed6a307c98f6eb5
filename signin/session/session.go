// Package session keeps who is logged in: opaque tokens of which only a keyed hash is stored, compared with the
// profile's security version at every check, so that whatever ends sessions ends them on the next request (C38-C43).
package session

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/organisation"
)

// Settings bound a session's life.
type Settings struct {
	Idle     time.Duration // without a request, default 1 hour (C41)
	Absolute time.Duration // since the log-in, default 24 hours (C41)
	// SeenEvery is how often the time of the last request is written, default 1 minute. Idle may be up to this much
	// shorter than set, never longer.
	SeenEvery time.Duration
}

// Defaults are those of security.md part 3.
func Defaults() Settings {
	return Settings{Idle: time.Hour, Absolute: 24 * time.Hour, SeenEvery: time.Minute}
}

// Book makes, checks and ends sessions. Safe for concurrent use; make it with New.
type Book struct {
	Ring     *secret.Ring
	Log      *audit.Log
	Settings Settings
	Faults   *slog.Logger

	seeing  sync.Map // sessions whose last request is being written
	running sync.WaitGroup
}

// New makes a book; faults of background writes go to log, which may be nil.
func New(ring *secret.Ring, events *audit.Log, s Settings, log *slog.Logger) *Book {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Book{Ring: ring, Log: events, Settings: s, Faults: log}
}

// Source is how a session began.
type Source string

const (
	LogIn        Source = "login"
	Registration Source = "registration" // the link of the registration, opened in the registering browser
)

// Proof is what a new session rests on.
type Proof struct {
	Profile id.Profile
	Version int64 // the profile's security version when it was proved
	Level   access.Level
	Methods []string // "password", "sms", "email", "totp", "passkey", "recovery"
	Source  Source
}

// Made is a new or renewed session. Token goes into the cookie and nowhere else.
type Made struct {
	Token  string
	ID     id.Session
	EndsAt int64 // micros
}

// Info is what a session knows, beside the actor.
type Info struct {
	ID           id.Session
	Profile      id.Profile
	Username     string // may be empty for people who were invited
	Email        string
	Language     string
	Zone         string
	Level        access.Level
	Methods      []string
	Source       Source
	Organisation id.Organisation // switched to; empty for none
	OrgName      string
	OrgSuspended bool
	Role         organisation.Role
	CreatedAt    int64 // micros
	ProvedAt     int64 // micros; the newest log-in or step-up
	IdleEndsAt   int64 // micros
	EndsAt       int64 // micros; the earlier of idle and absolute end
}

// purpose of the keyed hash of tokens.
const purpose = "session"

// Create makes a session with a fresh token of 256 bits (C38, C39) in the organisation the person was last in. It
// belongs at the end of a transaction that has proved the person.
func (b *Book) Create(tx *store.Tx, o access.Origin, p Proof) (Made, error) {
	m := Made{Token: id.Token(32), ID: id.Session(id.New("SE", tx.Now)), EndsAt: tx.Now + store.Micros(b.Settings.Absolute)}
	org, version, err := place(tx, p.Profile)
	if err != nil {
		return Made{}, err
	}
	r := row{Info: Info{ID: m.ID, Profile: p.Profile, Level: p.Level, Methods: p.Methods, Source: p.Source, Organisation: org,
		CreatedAt: tx.Now, ProvedAt: tx.Now, EndsAt: m.EndsAt}, version: p.Version, member: version, seenAt: tx.Now, origin: o}
	return m, insert(tx, r, b.Ring.Hash(purpose, m.Token))
}

// Check says whose session a token is, or SignedOut. One query; the time of the request is written at most once a
// minute, beside the request (C41).
func (b *Book) Check(ctx context.Context, db *store.DB, token string, o access.Origin) (access.Actor, Info, error) {
	r, now, err := b.living(ctx, db, token, byHash)
	if err != nil {
		return access.Actor{}, Info{}, err
	}
	if now-r.seenAt >= store.Micros(b.Settings.SeenEvery) {
		b.see(db, r.ID, o)
	}
	return r.actor(o), r.Info, nil
}

// Glance is what a program is told of a session.
type Glance struct {
	Profile      id.Profile
	Organisation id.Organisation // switched to; empty for none
	Level        access.Level
	EndsAt       int64 // micros; the earlier of idle and absolute end
}

// Look is Check for programs: it reads less, and does not extend the idle time (decisions 22: GET /session). It is the
// hot path.
func (b *Book) Look(ctx context.Context, db *store.DB, token string) (Glance, error) {
	r, _, err := b.living(ctx, db, token, glance)
	return Glance{Profile: r.Profile, Organisation: r.Organisation, Level: r.Level, EndsAt: r.EndsAt}, err
}

// living reads a session that is alive, by its token.
func (b *Book) living(ctx context.Context, db *store.DB, token string, by func(*store.Tx, string) (row, error)) (r row, now int64, err error) {
	if len(token) != tokenLength {
		return row{}, 0, problem.SignedOut()
	}
	err = db.ReadOne(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now
		r, err = b.find(tx, token, by)
		return err
	})
	if store.IsNoRows(err) || err == nil && !r.alive(now, b.Settings) {
		return row{}, 0, problem.SignedOut()
	}
	if err != nil {
		return row{}, 0, err
	}
	r.IdleEndsAt = r.seenAt + store.Micros(b.Settings.Idle)
	r.EndsAt = min(r.EndsAt, r.IdleEndsAt)
	return r, now, nil
}

const tokenLength = 43 // 32 octets in base64url

// find reads by the hash under the current key, then under older ones.
func (b *Book) find(tx *store.Tx, token string, by func(*store.Tx, string) (row, error)) (r row, err error) {
	r, err = by(tx, b.Ring.Hash(purpose, token))
	if !store.IsNoRows(err) {
		return r, err
	}
	for _, h := range b.Ring.Hashes(purpose, token)[1:] {
		if r, err = by(tx, h); !store.IsNoRows(err) {
			return r, err
		}
	}
	return r, err
}

func (r row) alive(now int64, s Settings) bool {
	return !r.closed && r.version == r.current && r.place == r.Organisation && now < r.EndsAt && now < r.seenAt+store.Micros(s.Idle)
}

func (r row) actor(o access.Origin) access.Actor {
	name := r.Username
	if name == "" {
		name = r.Email
	}
	return access.Actor{Kind: access.KindPerson, Profile: r.Profile, Session: r.ID, Organisation: r.Organisation,
		Level: r.Level, Methods: r.Methods, ProvedAt: r.ProvedAt, Name: name, Origin: o}
}

// see writes the time of a request in the background, one write at a time for each session.
func (b *Book) see(db *store.DB, s id.Session, o access.Origin) {
	if _, busy := b.seeing.LoadOrStore(s, true); busy {
		return
	}
	b.running.Add(1)
	go func() {
		defer b.running.Done()
		defer b.seeing.Delete(s)
		err := db.Write(context.Background(), func(tx *store.Tx) error { return seen(tx, s, o) })
		if err != nil {
			b.Faults.Warn("the time of a session's last request was not written", "session", s, "error", err)
		}
	}()
}

// Wait returns when no write of Check is under way: before the database is closed.
func (b *Book) Wait() { b.running.Wait() }

func split(methods string) []string {
	return strings.FieldsFunc(methods, func(r rune) bool { return r == ' ' })
}
