package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/config"
	"watchword/base/phone"
	"watchword/base/store"
	"watchword/house"
	"watchword/simulator/smsc"
)

// carrier is the simulator's SMSC, which hands the codes to whoever waits for them.
type carrier struct {
	smsc *smsc.Server
	at   net.Addr

	mu      sync.Mutex
	waiting map[string]chan string // by number
}

var bound = regexp.MustCompile(`(?m)^@\S+ #(\d{6})\s*$`)

func newCarrier() (*carrier, error) {
	c := &carrier{waiting: map[string]chan string{}}
	c.smsc = smsc.New(smsc.Options{Log: silent, OnMessage: func(m smsc.Message) {
		g := bound.FindStringSubmatch(m.Text)
		c.mu.Lock()
		w := c.waiting[m.To]
		delete(c.waiting, m.To)
		c.mu.Unlock()
		if w != nil && g != nil {
			w <- g[1]
		}
	}})
	var err error
	c.at, err = c.smsc.Listen("127.0.0.1:0")
	return c, err
}

// expect must be called before the code is asked for.
func (c *carrier) expect(number string) <-chan string {
	w := make(chan string, 1)
	c.mu.Lock()
	c.waiting[number] = w
	c.mu.Unlock()
	return w
}

// person is somebody who logs in from a browser of their own.
type person struct {
	name, number, from string
	browser            string // the recognising cookie, after the first log-in
	session            string
}

const (
	thePassword = "correct horse battery staple 19"
	crowd       = 1000
)

// settle makes the people of an installation: each with password and mobile number. They share one hash, made here,
// because making a thousand would take longer than the measurement; checking it costs the same.
func (b *bench) settle(p *place) ([]*person, error) {
	defer untuned()()
	h, err := open(b.ctx, p)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	hash, err := h.Rooms.Hasher.Hash(b.ctx, thePassword)
	if err != nil {
		return nil, err
	}
	people := make([]*person, crowd)
	for i := range people {
		people[i] = &person{name: fmt.Sprintf("person%d", i), number: fmt.Sprintf("+447700900%03d", i), from: fmt.Sprintf("198.51.%d.%d", 100+i/250, 1+i%250)}
	}
	for i := 0; i < crowd; i += 20 {
		err := h.DB.Write(b.ctx, func(tx *store.Tx) error {
			for _, x := range people[i : i+20] {
				if err := x.create(tx, h, hash); err != nil {
					return fmt.Errorf("%s: %w", x.name, err)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return people, nil
}

func (x *person) create(tx *store.Tx, h *house.House, hash string) error {
	p, err := profile.Create(tx, profile.New{Username: x.name, Email: x.name + "@example.com", Language: "en", Zone: "Europe/London",
		Country: "GB", TermsVersion: h.Rooms.Login.Settings.Terms, TermsAt: tx.Now})
	if err != nil {
		return err
	}
	if err := password.Set(tx, string(p.ID), hash, password.Count(thePassword)); err != nil {
		return err
	}
	n, err := phone.Parse(x.number, "")
	if err != nil {
		return err
	}
	_, _, _, err = h.Rooms.Factors.BindNumber(tx, access.System("bench"), p.ID, n)
	return err
}

// untuned gives what sets the runtime back to how it is now: opening an installation sets it for a server, which this
// process with its simulated carrier is not.
func untuned() func() {
	procs, limit := runtime.GOMAXPROCS(0), debug.SetMemoryLimit(-1)
	return func() { runtime.GOMAXPROCS(procs); debug.SetMemoryLimit(limit) }
}

// open opens the installation in this process.
func open(ctx context.Context, p *place) (*house.House, error) {
	c, err := config.Load(p.config)
	if err != nil {
		return nil, err
	}
	return house.Open(ctx, c, house.Outside{})
}

// Names of the cookies (decisions 29).
const (
	sessionCookie = "__Host-watchword_session"
	loginCookie   = "__Host-watchword_login"
	browserCookie = "__Host-watchword_browser"
)

// errBusy is Watchword saying that too many log in at this moment.
var errBusy = errors.New("refused as too busy")

// logIn goes the whole way over HTTP: the form, the password, the code page, the code from the carrier, the session.
// It returns the time from sending the password to holding the session; the empty form was loaded before, as people do.
func (x *person) logIn(c *raw, phones *carrier) (time.Duration, error) {
	a := &answer{}
	cookies := ""
	if x.browser != "" {
		cookies = browserCookie + "=" + x.browser
	}
	if err := c.ask(head("GET", "/login", host, cookies, x.from), nil, a); err != nil {
		return 0, err
	}
	text := phones.expect(x.number)
	form := url.Values{"username": {x.name}, "password": {thePassword}}
	began := time.Now()
	if err := c.ask(head("POST", "/login", host, cookies, x.from), []byte(form.Encode()), a); err != nil {
		return 0, err
	}
	if a.status == 503 || a.status == 429 {
		return 0, errBusy
	}
	pending := a.cookies[loginCookie]
	if a.status != 303 || pending == "" {
		return 0, fmt.Errorf("the password of %s was answered %d %s: %.2000s", x.name, a.status, a.location, a.body)
	}
	if v := a.cookies[browserCookie]; v != "" {
		x.browser = v
	}
	cookies = browserCookie + "=" + x.browser + "; " + loginCookie + "=" + pending
	if err := c.ask(head("GET", a.location, host, cookies, x.from), nil, a); err != nil {
		return 0, err
	}
	if a.status != 200 {
		return 0, fmt.Errorf("the code page was answered %d", a.status)
	}
	var code string
	select {
	case code = <-text:
	case <-time.After(20 * time.Second):
		return 0, fmt.Errorf("no code came to %s", x.number)
	}
	if err := c.ask(head("POST", "/login/code", host, cookies, x.from), []byte("code="+code), a); err != nil {
		return 0, err
	}
	took := time.Since(began)
	x.session = a.cookies[sessionCookie]
	if a.status != 303 || x.session == "" {
		return 0, fmt.Errorf("the code of %s was answered %d %s", x.name, a.status, a.location)
	}
	return took, nil
}

// town is an installation with people, running.
type town struct {
	*server
	place  *place
	people []*person
	phones *carrier
	busy   int // log-ins refused as too busy
}

func (b *bench) town(name string) (*town, error) {
	phones, err := newCarrier()
	if err != nil {
		return nil, err
	}
	p, err := b.place(name, phones.at.String())
	if err != nil {
		return nil, err
	}
	people, err := b.settle(p)
	if err != nil {
		return nil, err
	}
	s, err := b.start(p)
	if err != nil {
		return nil, err
	}
	t := &town{server: s, place: p, people: people, phones: phones}
	for phones.smsc.Stats().Connections == 0 {
		if err := b.wait(5 * time.Millisecond); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *town) close() {
	t.stop()
	t.phones.smsc.Close()
	os.RemoveAll(t.place.dir)
}
