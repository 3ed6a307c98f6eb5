package person_test

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

	"watchword/account/accept"
	"watchword/account/accounttest"
	"watchword/account/device"
	"watchword/account/require"
	members "watchword/account/team"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/guard"
	"watchword/organisation"
	"watchword/organisation/invite"
	"watchword/signin/change"
	"watchword/signin/entry"
	"watchword/signin/login"
	"watchword/signin/proof"
	"watchword/signin/reset"
	"watchword/signin/session"
	"watchword/signin/stepup"
	"watchword/web"
	"watchword/web/person"
	"watchword/web/person/activity"
	"watchword/web/person/frame"
	"watchword/web/signedout"
	"watchword/web/signedout/papers"
	"watchword/web/signedout/welcome"
	"watchword/web/team"
	"watchword/web/webtest"
)

var ctx = context.Background()

// house is all pages of people on real rooms, at their configured https address.
type house struct {
	*accounttest.Kit
	t             testing.TB
	codes         *challenge.Engine
	organisations *organisation.Rooms
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
	book := session.New(k.Ring, k.Log, session.Defaults(), nil)
	desk := &proof.Desk{Codes: h.codes, Factors: k.Factors, Recovery: k.Recovery, Post: k.Post}
	trusted := &device.Room{Ring: k.Ring, Log: k.Log, Post: k.Post}
	in := &login.Room{Ring: k.Ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Proofs: desk, Devices: trusted, Sessions: book, Joining: k.Join, Captcha: k.Captcha,
		Links: k.Links, Post: k.Post, Settings: login.Defaults()}
	step := &stepup.Room{Log: k.Log, Hasher: k.Hasher, Proofs: desk, Sessions: book, Post: k.Post, Settings: stepup.Defaults()}
	changes := &change.Room{Ring: k.Ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Codes: h.codes, Factors: k.Factors, Recovery: k.Recovery,
		Links: k.Links, Post: k.Post, Organisations: h.organisations, Sessions: book, StepUp: step, Home: "GB", Settings: change.Defaults()}
	back := &reset.Room{Ring: k.Ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Recovery: k.Recovery, Proofs: desk, Sessions: book, Post: k.Post}
	invitations := &invite.Room{Ring: k.Ring, Log: k.Log, Post: k.Post, BaseURL: accounttest.BaseURL, Home: "GB", Settings: invite.Defaults()}
	gate := &entry.Room{Ring: k.Ring, Proofs: desk, Change: changes}
	door, err := web.New(web.Options{DB: db, BaseURL: accounttest.BaseURL, Sessions: book})
	if err != nil {
		t.Fatal(err)
	}
	signedout.Mount(door, signedout.Rooms{Join: k.Join, Login: in, Entry: gate, Accept: &accept.Room{Ring: k.Ring, Log: k.Log, Organisations: h.organisations,
		Invitations: invitations, Factors: k.Factors, Hasher: k.Hasher, Policy: k.Policy, Post: k.Post, Home: "GB"}, StepUp: step, Reset: back, Change: changes, Operators: k.Operators,
		Texts: papers.Texts{}, Home: "GB", Welcome: welcome.Options{Phone: "/profile/phone", Authenticator: "/profile/security/app", Passkey: "/profile/security/passkey"}})
	pages, list := frame.New(door), activity.Template(door)
	person.Mount(door, pages, list, person.Rooms{Change: changes, Factors: k.Factors, Devices: trusted, Sessions: book, Login: in, Policy: k.Policy, Home: "GB"})
	team.Mount(door, pages, list, team.Rooms{Organisations: h.organisations, Sessions: book, Entry: gate, Log: k.Log, Devices: trusted,
		Team:        &members.Room{Organisations: h.organisations, Factors: k.Factors, Post: k.Post},
		Invitations: invitations,
		Require:     &require.Room{Ring: k.Ring, Organisations: h.organisations, Factors: k.Factors, Post: k.Post, Guard: g, Home: "GB", Settings: require.Defaults()}, Home: "GB"})
	h.server = httptest.NewTLSServer(door)
	t.Cleanup(func() { h.server.Close(); book.Wait() })
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

// in makes a person and logs them in, in a browser that is new and so needs a code by email.
func (h *house) in(name string) *webtest.Browser {
	h.t.Helper()
	h.Person(h.t, name)
	b := h.browser()
	b.Get("/login")
	b.Submit("Log in", map[string]string{"Username": name, "Password": accounttest.Password})
	b.Submit("Continue", map[string]string{"Code": h.code()})
	if b.Page.URL.Path == "/organisations/choose" || b.Page.URL.Path == "/welcome/two-factor" {
		b.Get("/")
	}
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

// code is the newest code that was sent, read from the text or mail as it would leave.
func (h *house) code() string {
	h.t.Helper()
	var org, c, channel string
	err := h.DB.Read(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT organisation_id, id, channel FROM code_challenge ORDER BY id DESC LIMIT 1`).Scan(&org, &c, &channel)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	ref, text := org+"."+c, ""
	if guard.Channel(channel) == guard.SMS {
		out, err := h.codes.RenderTexts(ctx, []string{ref})
		if err != nil {
			h.t.Fatal(err)
		}
		text = out[ref].Text
	} else {
		out, err := h.codes.RenderMails(ctx, []string{ref})
		if err != nil {
			h.t.Fatal(err)
		}
		text = out[ref].Text
	}
	found := regexp.MustCompile(`\b\d{6}\b`).FindString(text)
	if found == "" {
		h.t.Fatalf("no code in %q", text)
	}
	return found
}

// other is a code of the same form that is not right.
func other(code string) string { return string('0'+(code[0]-'0'+1)%10) + code[1:] }

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
