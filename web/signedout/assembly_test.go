package signedout_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"watchword/account/accept"
	"watchword/account/accounttest"
	"watchword/account/device"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/phone"
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
	"watchword/web/signedout"
	"watchword/web/signedout/papers"
	"watchword/web/signedout/welcome"
	"watchword/web/webtest"
)

var ctx = context.Background()

// house is the signed-out pages on real rooms, at their configured https address.
type house struct {
	*accounttest.Kit
	t      testing.TB
	codes  *challenge.Engine
	change *change.Room
	login  *login.Room
	door   *web.Door
	server *httptest.Server
	plain  bool // http on loopback, as in the demo
}

func build(t testing.TB, db *store.DB, changes ...func(*house)) *house {
	t.Helper()
	k := accounttest.New(t, db)
	g := &guard.Guard{Settings: guard.Defaults(), Ring: k.Ring}
	g.Settings.Countries = []string{"GB"}
	h := &house{Kit: k, t: t, codes: challenge.New(challenge.Options{DB: db, Ring: k.Ring, Log: k.Log, Budget: k.Budget, Guard: g,
		Price: func(string) int64 { return 100_000 }, Product: "Watchword", Host: "login.example.com", Home: "GB", Settings: challenge.Defaults()})}
	h.codes.SMS, h.codes.Email = k.Post.SMS, k.Post.Email
	book := session.New(k.Ring, k.Log, session.Defaults(), nil)
	desk := &proof.Desk{Codes: h.codes, Factors: k.Factors, Recovery: k.Recovery, Post: k.Post}
	h.login = &login.Room{Ring: k.Ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Proofs: desk, Sessions: book, Joining: k.Join, Captcha: k.Captcha,
		Devices: &device.Room{Ring: k.Ring, Log: k.Log, Post: k.Post}, Links: k.Links, Post: k.Post, Settings: login.Defaults()}
	step := &stepup.Room{Log: k.Log, Hasher: k.Hasher, Proofs: desk, Sessions: book, Post: k.Post, Settings: stepup.Defaults()}
	rooms := &organisation.Rooms{Log: k.Log}
	h.change = &change.Room{Ring: k.Ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Codes: h.codes, Factors: k.Factors, Recovery: k.Recovery,
		Links: k.Links, Post: k.Post, Organisations: rooms, Sessions: book, StepUp: step, Home: "GB", Settings: change.Defaults()}
	back := &reset.Room{Ring: k.Ring, Log: k.Log, Hasher: k.Hasher, Policy: k.Policy, Recovery: k.Recovery, Proofs: desk, Sessions: book, Post: k.Post}
	for _, c := range changes {
		c(h)
	}
	h.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.door.ServeHTTP(w, r) }))
	base := accounttest.BaseURL
	if h.plain {
		base = "http://localhost:" + strconv.Itoa(h.server.Listener.Addr().(*net.TCPAddr).Port)
	}
	var err error
	if h.door, err = web.New(web.Options{DB: db, BaseURL: base, Sessions: book}); err != nil {
		t.Fatal(err)
	}
	signedout.Mount(h.door, signedout.Rooms{Join: k.Join, Accept: &accept.Room{Ring: k.Ring, Log: k.Log, Organisations: rooms, Factors: k.Factors, Hasher: k.Hasher, Policy: k.Policy, Post: k.Post,
		Invitations: &invite.Room{Ring: k.Ring, Log: k.Log, Post: k.Post, BaseURL: base, Home: "GB", Settings: invite.Defaults()}, Home: "GB"}, Login: h.login, Entry: &entry.Room{Ring: k.Ring, Proofs: desk, Change: h.change}, StepUp: step, Reset: back, Change: h.change, Operators: k.Operators,
		Texts: papers.Texts{Support: "help@example.com"}, Home: "GB", Welcome: welcome.Options{Phone: "/profile/phone", Authenticator: "/profile/app", Passkey: "/profile/passkey"}})
	// What stands behind these pages, for the ways in to lead to.
	h.door.GetIn("/{$}", func(q *web.Request) error { return q.JSON(http.StatusOK, q.Who.Profile) })
	h.door.Get("/operator", func(q *web.Request) error {
		who, _, err := k.Operators.Check(q.Context(), db, q.Cookie(web.OperatorCookie), q.Origin())
		if err != nil {
			return q.Go("/operator/login")
		}
		return q.JSON(http.StatusOK, who.Name)
	})
	h.door.PostIn("/profile/username", func(q *web.Request) error {
		kept, err := h.change.Username(q.Context(), db, q.Who, q.Value("username"))
		if err != nil {
			return err
		}
		if kept.Session != nil {
			q.Begin(*kept.Session)
		}
		return q.Go("/")
	})
	if h.plain {
		h.server.Start()
	} else {
		h.server.StartTLS()
	}
	t.Cleanup(func() { h.server.Close(); book.Wait() })
	return h
}

// browser opens a new person's browser at the configured address.
func (h *house) browser(from ...func(*http.Transport)) *webtest.Browser {
	pool := x509.NewCertPool()
	pool.AddCert(h.server.Certificate())
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "example.com"},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", h.server.Listener.Addr().String())
		}}
	for _, f := range from {
		f(tr)
	}
	h.t.Cleanup(tr.CloseIdleConnections)
	b := webtest.New(h.t, accounttest.BaseURL)
	b.Client.Transport = tr
	return b
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

// number binds a mobile number to a person, as if proved, and gives recovery codes.
func (h *house) number(p profile.Profile, number string) (recovery []string) {
	h.t.Helper()
	n, err := phone.ParseMobile(number, "GB")
	if err != nil {
		h.t.Fatal(err)
	}
	who := access.Actor{Kind: access.KindPerson, Profile: p.ID, Name: p.Username, Origin: accounttest.From("192.0.2.1").Origin}
	h.Write(h.t, func(tx *store.Tx) error {
		if _, _, _, err := h.Factors.BindNumber(tx, who, p.ID, n); err != nil {
			return err
		}
		var err error
		recovery, err = h.Recovery.Make(tx, who, p.ID)
		return err
	})
	return recovery
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
