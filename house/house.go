// Package house puts the rooms together: it opens the database and the keys, gives every room what it needs, and runs
// listeners and loops until it is told to stop. It has no rules of its own.
package house

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"watchword/base/audit"
	"watchword/base/config"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/code/budget"
	"watchword/code/challenge"
	"watchword/code/guard"
	"watchword/gateway/email"
	"watchword/gateway/sms"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/look"
)

// House is Watchword, put together.
type House struct {
	Config   *config.Config
	Log      *slog.Logger
	DB       *store.DB
	Ring     *secret.Ring
	Audit    *audit.Log
	Texts    *sms.Outbox
	Mails    *email.Outbox
	Guard    *guard.Guard
	Codes    *challenge.Engine
	Sessions *session.Book
	Door     *web.Door
	Rooms    Rooms

	listeners []net.Listener // opened before, instead of the configured address
	opened    func() error
	release   func()
	meter     meter
	events    events
	idle      idle
	state     readiness
}

// Outside is what a house does not make itself. Zero values: nothing is logged, the system's clock.
type Outside struct {
	Log   *slog.Logger
	Clock *store.Clock
}

// Open opens everything but the network. The configuration must have been checked.
func Open(ctx context.Context, c *config.Config, o Outside) (*House, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	tune(c)
	go func() { look.New().Warm() }() // beside the database: the first page is quicker for it
	h := &House{Config: c, Log: o.Log}
	var err error
	if h.Ring, err = openRing(c); err != nil {
		return nil, err
	}
	if h.release, err = alone(c.Database); err != nil {
		return nil, err
	}
	h.DB, err = store.Open(ctx, store.Options{URL: c.Database, Clock: o.Clock, Log: o.Log, Connections: c.DatabaseConns})
	if err != nil {
		h.release()
		return nil, err
	}
	if err = h.settle(ctx); err == nil {
		err = knowKeys(ctx, h.DB, h.Ring, c)
	}
	if err == nil {
		err = h.furnish()
	}
	if err != nil {
		h.DB.Close()
		h.release()
		if problem.As(err) != nil { // a write that the database refused: there are no people to comfort yet
			err = store.Unused(c.Database, err)
		}
		return nil, err
	}
	return h, nil
}

// Settings of the installation that belong to no room.
const (
	settingKind   = "kind"   // "production", "staging" or "demo": set once, so that no real database follows a simulator
	settingOffset = "offset" // demo: how far the clock was moved, so that a restart does not step it back
)

// settle makes sure that a database is used for what it was made for (decisions 29).
func (h *House) settle(ctx context.Context) error {
	want := "production"
	switch {
	case h.Config.Demo:
		want = "demo"
	case h.Config.Staging:
		want = "staging"
	}
	var have, offset string
	err := h.DB.Read(ctx, func(tx *store.Tx) (err error) {
		if have, err = tx.Setting(settingKind); err == nil {
			offset, err = tx.Setting(settingOffset)
		}
		return err
	})
	if err == nil && have == "" {
		have = want
		err = h.DB.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(settingKind, want) })
	}
	if err != nil {
		return err
	}
	if have != want {
		return h.Config.Mistake("database", "this database was made for "+have+" and is opened for "+want, "use another database, or start it the way it was made")
	}
	if d, err := time.ParseDuration(offset); err == nil && h.Config.Demo {
		h.DB.Clock().SetOffset(d)
	}
	return nil
}

// MoveClock moves the clock of a demo and remembers it.
func (h *House) MoveClock(ctx context.Context, by time.Duration) error {
	if !h.Config.Demo {
		return errors.New("only the demo's clock can be moved")
	}
	h.DB.Clock().Advance(by)
	return h.DB.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(settingOffset, h.DB.Clock().Offset().String()) })
}

// openRing reads the configured key ring. The error is a mistake of the configuration.
func openRing(c *config.Config) (*secret.Ring, error) {
	path := c.KeyRing
	ring, err := secret.Load(path)
	var bad *secret.Unusable
	if errors.As(err, &bad) {
		return nil, c.Mistake("key_ring", bad.Wrong, bad.Right)
	}
	if st, err := os.Stat(path); err == nil && st.Mode().Perm()&0o007 != 0 {
		return nil, c.Mistake("key_ring", fmt.Sprintf("%s can be read by everybody on this machine (mode %04o)", path, st.Mode().Perm()),
			fmt.Sprintf("run \"chmod 600 %s\", and \"watchword keys rotate\" if others use the machine", path))
	}
	return ring, err
}

// memoryGoal is what the collector aims for, in octets; argon2's slots come on top. It is a goal, not a wall.
const memoryGoal = 56 << 20

// tune sets what the runtime needs to know: hashing gets processors of its own, so that it does not hold up the rest
// (decisions 10), and memory is given back early (decisions 30).
func tune(c *config.Config) {
	cores := runtime.NumCPU()
	slots := c.Password.Slots
	if slots <= 0 {
		slots = cores
	}
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(cores + slots)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal + int64(slots)*int64(c.Password.MemoryKiB)<<10)
	}
}

// furnish gives every room what it needs, from the ground up.
func (h *House) furnish() error {
	c := h.Config
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return err
	}
	carriers, err := routes(c, h.Log)
	if err != nil {
		return err
	}
	server, err := mailServer(c, base.Hostname())
	if err != nil {
		return c.Mistake("mail", err.Error(), "see password_file and password_env")
	}
	h.Audit = &audit.Log{Ring: h.Ring, Observe: h.events.observe}
	h.Guard = &guard.Guard{Settings: sending(c.Sending), Ring: h.Ring, Alert: h.alert}
	h.Codes = challenge.New(challenge.Options{
		DB: h.DB, Ring: h.Ring, Log: h.Audit, Guard: h.Guard, Product: c.Name, Host: base.Hostname(), Home: c.HomeCountry,
		Budget:   budget.Book{Settings: budget.Settings{Free: int64(c.Limits.FactorFree), MaxWait: c.Limits.FactorMaxWait, Off: int64(c.Limits.FactorOff)}},
		Settings: challenge.Settings{Digits: 6, SMSLife: c.Codes.SMSLife, EmailLife: c.Codes.EmailLife, Tries: c.Codes.Tries},
	})
	h.Texts = sms.New(sms.Options{DB: h.DB, Ring: h.Ring, Log: h.Log, Carriers: carriers, Render: h.Codes.RenderTexts,
		OnInbound: h.inbound, DefaultPrice: int64(c.Sending.PricePerSegment)})
	h.Mails = email.New(email.Options{DB: h.DB, Ring: h.Ring, Log: h.Log, SMTP: server, Render: h.Codes.RenderMails, Connections: c.Mail.Connections})
	h.Codes.SMS, h.Codes.Email, h.Codes.Price = h.Texts, h.Mails, h.Texts.Price
	h.Codes.Risk = numberRisk(c.Sending.NumberRisk)
	h.Sessions = session.New(h.Ring, h.Audit, session.Settings{Idle: c.Session.Idle, Absolute: c.Session.Life, SeenEvery: time.Minute}, h.Log)
	if err := h.rooms(base); err != nil {
		return err
	}
	if err := h.open(); err != nil {
		return err
	}
	h.hooks(carriers)
	return nil
}

// open makes the door.
func (h *House) open() error {
	c := h.Config
	var proxies []netip.Prefix
	for _, p := range c.Proxies {
		prefix, err := config.Prefix(p)
		if err != nil {
			return err
		}
		proxies = append(proxies, prefix)
	}
	country, err := places(c.PlacesFile)
	if err != nil {
		return c.Mistake("mmdb_file", c.PlacesFile+" cannot be used: "+err.Error(), "name a country file in MaxMind's format, or remove the key")
	}
	strip := ""
	if c.Staging {
		strip = "Staging: the simulator moves the clock here. Nothing on these pages is real."
	}
	h.Door, err = web.New(web.Options{DB: h.DB, Log: h.Log, BaseURL: c.BaseURL, Proxies: proxies, Sessions: h.Sessions,
		Country: country, Ready: h.ready, Strip: strip, Looking: h.looking})
	if err != nil {
		return err
	}
	h.pages()
	return nil
}

func sending(s config.Sending) guard.Settings {
	g := guard.Settings{
		Countries: s.Countries, Address: guard.Limit{N: s.PerAddress.N, Window: s.PerAddress.Window},
		CoolDowns: s.CoolDowns, CoolDownMemory: s.CoolDownMemory, PrefixFloor: int64(s.PrefixFloor), PrefixShare: s.PrefixShare,
		UnconfirmedPot: int64(s.UnconfirmedPot), ConfirmedPot: int64(s.ConfirmedPot),
	}
	for _, l := range s.PerDestination {
		g.Destination = append(g.Destination, guard.Limit{N: l.N, Window: l.Window})
	}
	for _, r := range s.Rules {
		rule := guard.Rule{Name: r.Name, DryRun: r.DryRun, Countries: r.Countries, Address: guard.Limit{N: r.PerAddress.N, Window: r.PerAddress.Window},
			PrefixFloor: int64(r.PrefixFloor), PrefixShare: r.PrefixShare, UnconfirmedPot: int64(r.UnconfirmedPot)}
		for _, l := range r.PerDestination {
			rule.Destination = append(rule.Destination, guard.Limit{N: l.N, Window: l.Window})
		}
		g.Rules = append(g.Rules, rule)
	}
	return g
}

// Close waits for writes in the background and closes the database. Run has ended before.
func (h *House) Close() error {
	h.Sessions.Wait()
	defer h.release()
	return h.DB.Close()
}
