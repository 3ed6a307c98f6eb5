package operator_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"watchword/account/accounttest"
	"watchword/base/access"
	"watchword/base/store"
	"watchword/organisation"
	"watchword/signin/signintest"
	"watchword/support/console"
	"watchword/support/request"
	"watchword/web"
	"watchword/web/operator"
	"watchword/web/person/frame"
	"watchword/web/signedout/operators"
	"watchword/web/signedout/support"
	"watchword/web/webtest"
)

var ctx = context.Background()

// house is the console, the support page and one page of an organisation, on real rooms.
type house struct {
	*signintest.Kit
	t        testing.TB
	requests *request.Room
	console  *console.Room
	door     *web.Door
	server   *httptest.Server
	seeds    map[string]string // of the operators' authenticator apps
	changed  int               // how often the page of the organisation was posted to
}

func build(t testing.TB, db *store.DB) *house {
	t.Helper()
	k := signintest.New(t, db)
	h := &house{Kit: k, t: t, seeds: map[string]string{}}
	h.requests = &request.Room{Log: k.Log, Links: k.Links, Post: k.Post, Factors: k.Factors, Recovery: k.Recovery, Organisations: k.Organisations,
		Login: k.Login, Settings: request.Defaults()}
	h.console = &console.Room{Log: k.Log, Post: k.Post, Operators: k.Operators, Organisations: k.Organisations, Factors: k.Factors,
		Recovery: k.Recovery, Requests: h.requests}
	var err error
	h.door, err = web.New(web.Options{DB: db, BaseURL: accounttest.BaseURL, Sessions: k.Sessions,
		Looking: func(ctx context.Context, token string, o access.Origin) (access.Actor, web.Looked, error) {
			who, _, l, err := h.console.Check(ctx, db, token, o)
			return who, web.Looked{Name: l.Name, Suspended: l.Suspended, Until: l.Until}, err
		}})
	if err != nil {
		t.Fatal(err)
	}
	operators.Mount(h.door, k.Operators)
	support.Mount(h.door, h.requests)
	operator.Mount(h.door, operator.Rooms{Console: h.console, Requests: h.requests, Desk: k.Operators})
	h.organisationPages()
	h.server = httptest.NewTLSServer(h.door)
	t.Cleanup(func() { h.server.Close(); k.Sessions.Wait() })
	return h
}

// organisationPages stand for those of an organisation and of a person.
func (h *house) organisationPages() {
	desk := frame.New(h.door)
	page := func(title string) web.Handler {
		return frame.With(func(f *frame.Page) error {
			return desk.ShowParts(f, f.Frame(title, frame.Settings), "Members of "+f.Mine[0].Name)
		})
	}
	h.door.GetIn("/settings/organisation", page("Organisation"))
	h.door.GetIn("/contacts/export", page("Export"))
	h.door.GetIn("/profile", page("Profile"))
	for _, path := range []string{"/settings/organisation", "/contacts/export", "/profile"} {
		h.door.PostIn(path, func(q *web.Request) error { h.changed++; return q.Go("/") })
		h.door.Post(path+"/open", func(q *web.Request) error { h.changed++; return q.Go("/") })
	}
}

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

// operator makes an operator with a token of the host and leaves their browser in the console.
func (h *house) operator(name string) *webtest.Browser {
	h.t.Helper()
	token, err := h.Operators.Token(ctx, h.DB, access.System("serve"))
	if err != nil {
		h.t.Fatal(err)
	}
	return h.setUp(name, token)
}

func (h *house) setUp(name, token string) *webtest.Browser {
	h.t.Helper()
	b := h.browser()
	b.Get("/setup")
	b.Submit("Create the operator", map[string]string{"Token": token, "Username": name, "Password": accounttest.Password})
	h.seeds[name] = strings.ReplaceAll(b.Page.TextOf("#qr-key"), " ", "")
	code, err := totp.GenerateCode(h.seeds[name], h.DB.Clock().Now())
	if err != nil {
		h.t.Fatal(err)
	}
	b.Submit("Continue", map[string]string{"Code": code})
	b.Follow("I have saved them")
	at(h.t, b, "/operator", 200)
	return b
}

// team makes an organisation that requires two-factor, with its owner and a member.
func (h *house) team() organisation.Organisation {
	h.t.Helper()
	maya, ben := h.Person(h.t, "maya"), h.Person(h.t, "ben")
	h.Number(h.t, maya, signintest.Mobile)
	h.Number(h.t, ben, signintest.Other)
	who := access.Actor{Kind: access.KindPerson, Profile: maya.ID, Name: "maya"}
	o, err := h.Organisations.Create(ctx, h.DB, who, organisation.Form{Name: "Harbour Dental"})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Write(h.t, func(tx *store.Tx) error {
		if err := h.Organisations.Add(tx, who, o.ID, ben.ID, organisation.Joining{Role: organisation.FullMember}); err != nil {
			return err
		}
		return h.Organisations.SetRequired(tx, who, o.ID, true, 0)
	})
	return o
}

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

// who is the operator of a session.
func (h *house) who(token string) access.Actor {
	h.t.Helper()
	who, _, _, err := h.console.Check(ctx, h.DB, token, signintest.Here)
	if err != nil {
		h.t.Fatal(err)
	}
	return who
}
