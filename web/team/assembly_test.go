package team_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"watchword/account/accept"
	"watchword/account/accounttest"
	"watchword/account/profile"
	members "watchword/account/team"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/organisation"
	"watchword/organisation/invite"
	"watchword/signin/signintest"
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

// house is all pages of people and teams on real rooms, at their configured https address.
type house struct {
	*signintest.Kit
	t       testing.TB
	door    *web.Door
	invites *invite.Room
	server  *httptest.Server
}

func build(t testing.TB, db *store.DB) *house {
	t.Helper()
	k := signintest.New(t, db)
	h := &house{Kit: k, t: t, invites: &invite.Room{Ring: k.Ring, Log: k.Log, Post: k.Post, BaseURL: accounttest.BaseURL, Home: "GB", Settings: invite.Defaults()}}
	joining := &accept.Room{Ring: k.Ring, Log: k.Log, Organisations: k.Organisations, Invitations: h.invites, Factors: k.Factors, Hasher: k.Hasher, Policy: k.Policy, Post: k.Post, Terms: "1", Home: "GB"}
	door, err := web.New(web.Options{DB: db, BaseURL: accounttest.BaseURL, Sessions: k.Sessions})
	if err != nil {
		t.Fatal(err)
	}
	h.door = door
	signedout.Mount(door, signedout.Rooms{Join: k.Kit.Join, Accept: joining, Login: k.Login, Entry: k.Entry, StepUp: k.StepUp, Reset: k.Reset, Change: k.Change, Operators: k.Operators,
		Texts: papers.Texts{}, Home: "GB", Welcome: welcome.Options{Phone: "/profile/phone", Authenticator: "/profile/security/app", Passkey: "/profile/security/passkey"}})
	pages, list := frame.New(door), activity.Template(door)
	person.Mount(door, pages, list, person.Rooms{Change: k.Change, Factors: k.Factors, Devices: k.Devices, Sessions: k.Sessions, Login: k.Login, Policy: k.Policy, Home: "GB"})
	team.Mount(door, pages, list, team.Rooms{Organisations: k.Organisations, Team: &members.Room{Organisations: k.Organisations, Factors: k.Factors, Post: k.Post},
		Invitations: h.invites, Require: k.Require, Devices: k.Devices, Sessions: k.Sessions, Entry: k.Entry, Log: k.Log, Home: "GB"})
	h.server = httptest.NewTLSServer(door)
	t.Cleanup(func() { h.server.Close(); k.Sessions.Wait() })
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

// in makes a person and logs them in.
func (h *house) in(name string) (*webtest.Browser, profile.Profile) {
	h.t.Helper()
	p := h.Person(h.t, name)
	b := h.browser()
	h.login(b, name)
	return b, p
}

// login logs a person in; whatever the log-in leads to afterwards stands in the browser.
func (h *house) login(b *webtest.Browser, name string) {
	h.t.Helper()
	if b.Get("/logout"); b.Page.URL.Path == "/logout" {
		b.Submit("Log out", nil)
	}
	b.Get("/login")
	b.Submit("Log in", map[string]string{"Username": name, "Password": accounttest.Password})
	if b.Page.Has("input[name=code]") {
		b.Submit("Continue", map[string]string{"code": h.code()})
	}
	if strings.HasPrefix(b.Page.URL.Path, "/login") {
		h.t.Fatalf("%s is not logged in: at %s\n%s", name, b.Page.URL, b.Page.Words())
	}
}

// owner makes a person with a number and an organisation, and goes into it.
func (h *house) owner(name, organisation string) (*webtest.Browser, profile.Profile, id.Organisation) {
	h.t.Helper()
	b, p := h.in(name)
	b.Get("/organisations/new")
	b.Submit("Create organisation", map[string]string{"Name": organisation})
	at(h.t, b, "/", 200)
	b.Get("/settings/organisation")
	return b, p, id.Organisation(b.Page.Attr("input[name=organisation]", "value"))
}

// joins makes somebody a member without the pages of an invitation.
func (h *house) joins(p profile.Profile, org id.Organisation) {
	h.t.Helper()
	h.Write(h.t, func(tx *store.Tx) error {
		return h.Organisations.Add(tx, access.System("test"), org, p.ID, organisation.Joining{Role: organisation.FullMember, May: organisation.Permissions()})
	})
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
			b.Submit("Continue", map[string]string{"code": h.code()})
		default:
			b.Submit("Continue", nil)
		}
	}
	h.t.Fatalf("still at %s\n%s", b.Page.URL, b.Page.Words())
}

// code is the newest code that was sent, read from the text or mail as it would leave.
func (h *house) code() string {
	h.t.Helper()
	var c challenge.Challenge
	h.Write(h.t, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT id, channel FROM code_challenge ORDER BY id DESC LIMIT 1`).Scan(&c.ID, &c.Channel)
	})
	return h.Code(h.t, &c)
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
