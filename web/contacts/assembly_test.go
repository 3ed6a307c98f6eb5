package contacts_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/device"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/guard"
	"watchword/messaging/contact"
	"watchword/organisation"
	"watchword/signin/change"
	"watchword/signin/entry"
	"watchword/signin/login"
	"watchword/signin/proof"
	"watchword/signin/reset"
	"watchword/signin/session"
	"watchword/signin/stepup"
	"watchword/web"
	"watchword/web/contacts"
	"watchword/web/person/frame"
	"watchword/web/signedout"
	"watchword/web/signedout/papers"
	"watchword/web/signedout/welcome"
	"watchword/web/webtest"
)

var ctx = context.Background()

// house is the pages of contacts with everything that a log-in and a code need, at their configured https address.
type house struct {
	*accounttest.Kit
	t             testing.TB
	codes         *challenge.Engine
	organisations *organisation.Rooms
	contacts      *contact.Room
	door          *web.Door
	server        *httptest.Server
}

func build(t testing.TB, db *store.DB) *house {
	t.Helper()
	k := accounttest.New(t, db)
	g := &guard.Guard{Settings: guard.Defaults(), Ring: k.Ring}
	g.Settings.Countries = []string{"GB"}
	h := &house{Kit: k, t: t, organisations: &organisation.Rooms{Log: k.Log}, codes: challenge.New(challenge.Options{DB: db, Ring: k.Ring, Log: k.Log, Budget: k.Budget, Guard: g,
		Price: func(string) int64 { return 100_000 }, Product: "Watchword", Host: "login.example.com", Home: "GB", Settings: challenge.Defaults()})}
	h.codes.SMS, h.codes.Email = k.Post.SMS, k.Post.Email
	h.contacts = contact.New(contact.Options{Ring: k.Ring, Log: k.Log, Post: k.Post, Product: "Watchword", Settings: contact.Defaults()})
	book := session.New(k.Ring, k.Log, session.Defaults(), nil)
	desk := &proof.Desk{Codes: h.codes, Factors: k.Factors, Recovery: k.Recovery, Post: k.Post}
	in := &login.Room{Ring: k.Ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Proofs: desk, Devices: &device.Room{Ring: k.Ring, Log: k.Log, Post: k.Post}, Sessions: book,
		Joining: k.Join, Captcha: k.Captcha, Links: k.Links, Post: k.Post, Settings: login.Defaults()}
	step := &stepup.Room{Log: k.Log, Hasher: k.Hasher, Proofs: desk, Sessions: book, Post: k.Post, Settings: stepup.Defaults()}
	changes := &change.Room{Ring: k.Ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Codes: h.codes, Factors: k.Factors, Recovery: k.Recovery,
		Links: k.Links, Post: k.Post, Organisations: h.organisations, Sessions: book, StepUp: step, Home: "GB", Settings: change.Defaults()}
	back := &reset.Room{Ring: k.Ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Recovery: k.Recovery, Proofs: desk, Sessions: book, Post: k.Post}
	door, err := web.New(web.Options{DB: db, BaseURL: accounttest.BaseURL, Sessions: book})
	if err != nil {
		t.Fatal(err)
	}
	signedout.Mount(door, signedout.Rooms{Join: k.Join, Login: in, Entry: &entry.Room{Ring: k.Ring, Proofs: desk, Change: changes}, StepUp: step, Reset: back, Change: changes, Operators: k.Operators,
		Texts: papers.Texts{}, Home: "GB", Welcome: welcome.Options{Phone: "/profile/phone", Authenticator: "/profile/security/app", Passkey: "/profile/security/passkey"}})
	contacts.Mount(door, frame.New(door), contacts.Rooms{Contacts: h.contacts, Home: "GB"})
	door.GetIn("/", func(q *web.Request) error { _, err := q.W.Write([]byte("<main>home</main>")); return err })
	h.door, h.server = door, httptest.NewTLSServer(door)
	working, stop := context.WithCancel(ctx)
	over := make(chan error, 1)
	go func() { over <- h.contacts.Run(working, db) }()
	t.Cleanup(func() {
		h.server.Close()
		stop()
		select {
		case err := <-over:
			if err != nil {
				t.Errorf("the worker ended with %v", err)
			}
		case <-time.After(90 * time.Second):
			t.Error("the worker does not end")
		}
		book.Wait()
	})
	return h
}

// browser opens a new person's browser at the configured address.
func (h *house) browser() *webtest.Browser {
	pool := x509.NewCertPool()
	pool.AddCert(h.server.Certificate())
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "example.com"},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", h.server.Listener.Addr().String())
		}}
	h.t.Cleanup(tr.CloseIdleConnections)
	b := webtest.New(h.t, accounttest.BaseURL)
	b.Client.Transport = tr
	return b
}

// team is an organisation with its owner.
func (h *house) team(owner, name string) (id.Organisation, profile.Profile) {
	h.t.Helper()
	p := h.Person(h.t, owner)
	o, err := h.organisations.Create(ctx, h.DB, access.Actor{Kind: access.KindPerson, Profile: p.ID}, organisation.Form{Name: name})
	if err != nil {
		h.t.Fatal(err)
	}
	return o.ID, p
}

// join makes another person a member who may do these things only.
func (h *house) join(org id.Organisation, name string, may ...organisation.Permission) profile.Profile {
	h.t.Helper()
	p := h.Person(h.t, name)
	h.Write(h.t, func(tx *store.Tx) error {
		return h.organisations.Add(tx, access.Actor{Kind: access.KindPerson, Profile: p.ID}, org, p.ID, organisation.Joining{Role: organisation.FullMember, May: append([]organisation.Permission{}, may...)})
	})
	return p
}

// in logs a person in, in a browser that is new and so needs a code by email.
func (h *house) in(name string) *webtest.Browser {
	h.t.Helper()
	b := h.browser()
	b.Get("/login")
	b.Submit("Log in", map[string]string{"Username": name, "Password": accounttest.Password})
	b.Submit("Continue", map[string]string{"Code": h.code()})
	b.Get("/")
	at(h.t, b, "/", 200)
	return b
}

// prove passes the step-up that the browser stands at; what was interrupted goes on by itself.
func (h *house) prove(b *webtest.Browser) {
	h.t.Helper()
	if !strings.HasPrefix(b.Page.URL.Path, "/stepup") {
		h.t.Fatalf("at %s with %d, want a step-up:\n%s", b.Page.URL, b.Page.Status, b.Page.Words())
	}
	for range 5 {
		switch {
		case !strings.HasPrefix(b.Page.URL.Path, "/stepup"):
			return
		case b.Page.Has("input[name=password]"):
			b.Submit("Continue", map[string]string{"Password": accounttest.Password})
		case b.Page.Has("input[name=code]"):
			b.Submit("Continue", map[string]string{"Code": h.code()})
		default:
			b.Submit("Continue", nil)
		}
		if b.Page.Status >= 400 && strings.HasPrefix(b.Page.URL.Path, "/stepup") {
			h.t.Fatalf("step-up at %s: %d\n%s", b.Page.URL, b.Page.Status, b.Page.Words())
		}
	}
	h.t.Fatalf("still at %s\n%s", b.Page.URL, b.Page.Words())
}

// message is the newest message with a code, as it would leave.
func (h *house) message() string {
	h.t.Helper()
	var org, c, channel string
	err := h.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT organisation_id, id, channel FROM code_challenge ORDER BY id DESC LIMIT 1`).Scan(&org, &c, &channel)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	ref := org + "." + c
	if guard.Channel(channel) == guard.SMS {
		out, err := h.codes.RenderTexts(ctx, []string{ref})
		if err != nil {
			h.t.Fatal(err)
		}
		return out[ref].Text
	}
	out, err := h.codes.RenderMails(ctx, []string{ref})
	if err != nil {
		h.t.Fatal(err)
	}
	return out[ref].Text
}

func (h *house) code() string {
	h.t.Helper()
	text := h.message()
	found := regexp.MustCompile(`\b\d{6}\b`).FindString(text)
	if found == "" {
		h.t.Fatalf("no code in %q", text)
	}
	return found
}

// until opens a page again and again until it is as wanted.
func until(t testing.TB, b *webtest.Browser, path string, done func(p *webtest.Page) bool) {
	t.Helper()
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if b.Get(path); done(b.Page) {
			return
		}
	}
	t.Fatalf("%s stays as it is:\n%s", path, b.Page.Words())
}

// at checks where a browser has come to.
func at(t testing.TB, b *webtest.Browser, path string, status int) {
	t.Helper()
	if b.Page.URL.Path != path || b.Page.Status != status {
		t.Fatalf("at %s with %d, want %s with %d:\n%s", b.Page.URL, b.Page.Status, path, status, b.Page.Words())
	}
}

func says(t testing.TB, b *webtest.Browser, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(b.Page.Words(), w) {
			t.Errorf("%s does not say %q:\n%s", b.Page.URL, w, b.Page.Words())
		}
	}
}
