package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"watchword/base/config"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/house"
	"watchword/simulator"
)

type demoCommand struct {
	Dir       string `help:"Folder for database, keys and log-ins." default:"./watchword-demo" type:"path" placeholder:"DIR"`
	Listen    string `help:"Address of Watchword." default:"127.0.0.1:8080"`
	Simulator string `help:"Address of the phones and the mailbox." default:"127.0.0.1:8081"`
	Database  string `help:"PostgreSQL instead of SQLite in the folder: postgres://…" env:"WATCHWORD_DEMO_DATABASE" placeholder:"URL"`
	TLS       bool   `help:"Serve https with a certificate made here." name:"tls"`
	Verbose   bool   `help:"Log what happens." short:"v"`
}

// Validate refuses an address that others reach without TLS.
func (d *demoCommand) Validate() error {
	host, port, err := net.SplitHostPort(d.Listen)
	if err != nil || port == "" {
		return fmt.Errorf("--listen is %q; it should be an address and a port, like 127.0.0.1:8080", d.Listen)
	}
	if !d.TLS && !config.Loopback(host) {
		return errors.New("the demo goes off this machine only with --tls: passwords would travel in the clear")
	}
	return nil
}

// demoCountries may be texted in the demo: the simulator costs nothing, and the allow-list is still seen to work.
var demoCountries = []string{"GB", "AU", "US", "CA", "NZ", "IE", "DE", "AT", "CH", "FR", "ES", "PT", "IT", "BR", "NL", "BE"}

// Run sets a demonstration up, prints how to use it, and serves until it is told to stop.
func (d *demoCommand) Run(ctx context.Context, t *Terminal) error {
	if err := os.MkdirAll(d.Dir, 0o700); err != nil {
		return fmt.Errorf("the folder cannot be made: %w", err)
	}
	unlock, err := lockFolder(d.Dir)
	if err != nil {
		return err
	}
	defer unlock()
	level := slog.LevelWarn
	if d.Verbose {
		level = slog.LevelInfo
	}
	log := house.NewLog(t.Err, config.Log{Level: level, Format: "text"})
	listeners, err := d.open(t)
	if err != nil {
		return err
	}
	c, err := d.config(listeners[0].Addr())
	if err != nil {
		return err
	}
	clock := &store.Clock{}
	var h *house.House
	sim, err := d.simulate(ctx, t, c, clock, &h, log)
	if err != nil {
		return err
	}
	defer sim.Close()
	if err := connect(c, sim); err != nil {
		return err
	}
	h, err = house.Open(ctx, c, house.Outside{Log: log, Clock: clock})
	if err != nil {
		return err
	}
	defer h.Close()
	h.Listen(listeners...)
	if err := d.people(ctx, t, h, c, sim); err != nil {
		return err
	}
	return h.Run(ctx)
}

// lockFolder keeps a second demo out of the folder.
func lockFolder(dir string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the folder cannot be written: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("another demo runs in %s; stop it, or name another folder with --dir", dir)
	}
	return func() { f.Close() }, nil
}

// open listens, on another port when the wanted one is taken, and on the same port of ::1, where some programs look
// for localhost first.
func (d *demoCommand) open(t *Terminal) ([]net.Listener, error) {
	l, err := elsewhere(t, "Watchword", d.Listen)
	if err != nil {
		return nil, err
	}
	out := []net.Listener{l}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	if host == "127.0.0.1" {
		if six, err := net.Listen("tcp", net.JoinHostPort("::1", port)); err == nil {
			out = append(out, six)
		}
	}
	return out, nil
}

// elsewhere listens on an address, or on a free port beside it, and says so.
func elsewhere(t *Terminal, what, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if !errors.Is(err, syscall.EADDRINUSE) {
		return l, err
	}
	host, _, _ := net.SplitHostPort(address)
	l, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err == nil {
		t.say("%s is taken, so %s is on %s.", address, what, l.Addr())
	}
	return l, err
}

// config is production's, with what only a demo may do.
func (d *demoCommand) config(address net.Addr) (*config.Config, error) {
	c := config.Default()
	c.Demo, c.Path, c.Data = true, "demo", d.Dir
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return nil, err
	}
	name := host
	if config.Loopback(host) {
		name = "localhost" // passkeys refuse an address (decisions 29)
	}
	c.Listen = address.String()
	c.BaseURL = "http://" + net.JoinHostPort(name, port)
	c.TLS = config.TLS{Mode: "none"}
	if d.TLS {
		c.BaseURL = "https://" + net.JoinHostPort(name, port)
		c.TLS = config.TLS{Mode: "files", Certificate: filepath.Join(d.Dir, "certificate.pem"), Key: filepath.Join(d.Dir, "certificate.key")}
		if err := makeCertificate(c.TLS.Certificate, c.TLS.Key, []string{name, host}); err != nil {
			return nil, err
		}
	}
	c.Database = "sqlite:" + filepath.Join(d.Dir, "watchword.db")
	if d.Database != "" {
		c.Database = d.Database
	}
	c.KeyRing = filepath.Join(d.Dir, "keys")
	if _, err := os.Stat(c.KeyRing); errors.Is(err, fs.ErrNotExist) {
		if _, err := secret.Create(c.KeyRing); err != nil {
			return nil, err
		}
	}
	c.Sending.Countries = demoCountries
	return c, nil
}

// simulate starts the phones and the mailbox; their clock is the demo's.
func (d *demoCommand) simulate(ctx context.Context, t *Terminal, c *config.Config, clock *store.Clock, h **house.House, log *slog.Logger) (*simulator.Simulator, error) {
	o := simulator.Options{HTTP: d.Simulator, SMPP: "127.0.0.1:0", SMTP: "127.0.0.1:0", Home: c.HomeCountry, Product: c.BaseURL, Log: log,
		Clock: &simulator.Clock{Now: clock.Now, Offset: clock.Offset, Advance: func(by time.Duration) {
			if *h == nil {
				return // still starting
			}
			if err := (*h).MoveClock(ctx, by); err != nil {
				log.Error("the clock was moved but not remembered", "error", err)
			}
		}}}
	sim, err := simulator.Start(o)
	if errors.Is(err, syscall.EADDRINUSE) {
		host, _, _ := net.SplitHostPort(d.Simulator)
		o.HTTP = net.JoinHostPort(host, "0")
		if sim, err = simulator.Start(o); err == nil {
			t.say("%s is taken, so the phones are on %s.", d.Simulator, sim.URL())
		}
	}
	return sim, err
}

// connect names the simulator as carrier and mail server, and checks the whole.
func connect(c *config.Config, sim *simulator.Simulator) error {
	host, port, err := net.SplitHostPort(sim.SMTP())
	if err != nil {
		return err
	}
	c.Mail.Host, c.Mail.TLS, c.Mail.From = host, "none", "watchword@localhost"
	if c.Mail.Port, err = strconv.Atoi(port); err != nil {
		return err
	}
	k := config.NewCarrier()
	k.Name, k.Address, k.SystemID, k.Sender = "simulator", sim.SMPP(), "watchword", "Watchword"
	c.Carriers = []config.Carrier{k}
	return c.Check()
}

// offLoopback says whether others can reach an address.
func offLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err != nil || !config.Loopback(strings.Trim(host, "[]"))
}
