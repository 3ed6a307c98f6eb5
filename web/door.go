// Package web is the frame of Watchword's pages: what stands between the network and a page. It finds out who asks and
// from where, defends every form, writes the security headers, and turns every error into a page (or problem+json).
//
// A group of pages registers itself at a Door:
//
//	door.Get("/register", p.show)          // anybody
//	door.Post("/register", p.send)
//	door.GetIn("/profile", p.profile)      // people who are logged in; others are sent to /login
//	door.PostIn("/profile", p.save)
//
// A handler reads the input of its Request, calls one operation, and shows the answer; an error that it returns is
// answered by the one adapter in answer.go. Nothing changes by GET or HEAD (C51).
package web

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/signin/session"
	"watchword/web/look"
)

//go:embed templates/*.html
var files embed.FS

// Options put a Door together.
type Options struct {
	DB   *store.DB
	Look *look.Look
	Log  *slog.Logger
	// BaseURL is the address by which people reach Watchword, without a slash at the end: the only one used in links
	// (C52). With https cookies are __Host- and Secure; with http they are neither, for loopback only (decisions 29).
	BaseURL string
	// Proxies are the networks whose X-Forwarded-For is believed, from right to left (C54).
	Proxies []netip.Prefix
	// Sessions says whose session a token is.
	Sessions *session.Book
	// Country names the country of an address where the operator has a list of them; nil when not.
	Country func(netip.Addr) string
	// Ready says why requests should go elsewhere for now; nil error when they should come.
	Ready func(ctx context.Context) error
	// Body is how many octets a posted form may have; default 8 MiB. A field of a megabyte still reaches its operation, so
	// that the answer stands at that field and nothing else that was typed is lost.
	Body int64
	// Upload is how many octets a form with a file may have, the file included; default 4 GiB. Operations that take files
	// have their own limits.
	Upload int64
	// Strip is a line above every page, such as "Staging: times are simulated".
	Strip string
	// Looking says who looks into an organisation with an operator's cookie, and into which (SO12); nil where there is no
	// console. An actor that does not look is passed over.
	Looking func(ctx context.Context, token string, o access.Origin) (access.Actor, Looked, error)
}

// Handler answers one request for a page. Faults and problems that it does not show itself it returns.
type Handler func(q *Request) error

// Door serves the pages. Register all of them before the first request.
type Door struct {
	Options
	base     *url.URL
	secure   bool
	mux      *http.ServeMux
	next     http.Handler
	apart    map[string]http.Handler
	assets   http.Handler
	once     *onces
	kept     *keptForms
	explain  map[string]explainer
	problems *look.Page
	routes   []string
}

// New makes a door with the addresses that belong to no page: /assets/, /session, /theme, /healthz, /readyz. A
// BaseURL that is no http address is an error.
func New(o Options) (*Door, error) {
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || strings.Trim(base.Path, "/") != "" {
		return nil, fmt.Errorf("base URL %q: it should look like https://watchword.example", o.BaseURL)
	}
	if o.Look == nil {
		o.Look = look.New()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Body <= 0 {
		o.Body = 8 << 20
	}
	if o.Upload <= 0 {
		o.Upload = 4 << 30
	}
	o.BaseURL = base.Scheme + "://" + base.Host
	d := &Door{Options: o, base: base, secure: base.Scheme == "https", mux: http.NewServeMux(), apart: map[string]http.Handler{},
		assets: o.Look.Assets(), once: newOnces(), kept: newKeptForms(), explain: map[string]explainer{}}
	d.problems = o.Look.Page(files, "templates/problem.html")
	guard := http.NewCrossOriginProtection()
	if err := guard.AddTrustedOrigin(o.BaseURL); err != nil {
		return nil, err
	}
	guard.SetDenyHandler(d.handler(refuseForeign))
	d.next = guard.Handler(http.HandlerFunc(d.route))
	d.mux.Handle("GET /session", http.HandlerFunc(d.session)) // named for 405; served by ServeHTTP
	d.Post("/theme", d.theme)
	d.Raw("/healthz", http.HandlerFunc(d.healthy))
	d.Raw("/readyz", http.HandlerFunc(d.ready))
	return d, nil
}

// Get registers a page for anybody.
func (d *Door) Get(path string, h Handler) { d.register("GET "+path, h) }

// Post registers what a form of anybody does.
func (d *Door) Post(path string, h Handler) { d.register("POST "+path, formOnly(h)) }

// formOnly refuses what no form of a page sends: its fields would be taken for empty ones.
func formOnly(h Handler) Handler {
	return func(q *Request) error {
		if kind := q.R.Header.Get("Content-Type"); kind != "" && !q.forwarded() {
			if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/x-www-form-urlencoded" {
				return &notForm{}
			}
		}
		return h(q)
	}
}

func (d *Door) register(pattern string, h Handler) {
	d.mux.Handle(pattern, d.handler(h))
	d.routes = append(d.routes, pattern)
}

// Routes are the patterns of all pages, as "GET /login": for tests that look at every one of them.
func (d *Door) Routes() []string { return d.routes }

// GetIn registers a page for people who are logged in.
func (d *Door) GetIn(path string, h Handler) { d.Get(path, signedIn(h)) }

// PostIn registers what a form of people who are logged in does.
func (d *Door) PostIn(path string, h Handler) { d.Post(path, signedIn(h)) }

// Raw registers a handler at an exact path, outside the frame: no session, no defence of forms. For measurements and
// for programs only.
func (d *Door) Raw(path string, h http.Handler) { d.apart[path] = h }

func signedIn(h Handler) Handler {
	return func(q *Request) error {
		if q.Who.Looking {
			return q.look(h)
		}
		if err := q.Who.MustBePerson(); err != nil {
			return err
		}
		return h(q)
	}
}

// ServeHTTP answers everything. The check of a session has its own short path, because programs ask it for each of
// their own requests.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/session" && r.Method == http.MethodGet {
		d.session(w, r)
		return
	}
	if h, ok := d.apart[r.URL.Path]; ok {
		h.ServeHTTP(w, r)
		return
	}
	d.headers(w.Header())
	if strings.HasPrefix(r.URL.Path, "/assets/") && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		w.Header().Del("Cache-Control")
		d.assets.ServeHTTP(w, r)
		return
	}
	d.next.ServeHTTP(w, r)
}

// route finds the page; what no page is registered for gets a page too (404, 405).
func (d *Door) route(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Query().Has(answerParameter) {
		d.handler(showHeld).ServeHTTP(w, r)
		return
	}
	h, pattern := d.mux.Handler(r)
	if pattern != "" {
		d.mux.ServeHTTP(w, r)
		return
	}
	said := &silent{header: http.Header{}}
	h.ServeHTTP(said, r)
	if said.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", said.header.Get("Allow"))
		d.handler(wrongMethod).ServeHTTP(w, r)
		return
	}
	d.handler(nothingThere).ServeHTTP(w, r)
}

// silent takes an answer that nobody is to see.
type silent struct {
	header http.Header
	status int
}

func (s *silent) Header() http.Header         { return s.header }
func (s *silent) WriteHeader(status int)      { s.status = status }
func (s *silent) Write(b []byte) (int, error) { return len(b), nil }

func (d *Door) healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}

func (d *Door) ready(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if d.Ready != nil {
		if err := d.Ready(r.Context()); err != nil {
			d.Log.Warn("not ready", "error", err)
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte("not ready\n"))
			return
		}
	}
	_, _ = w.Write([]byte("ready\n"))
}

func (d *Door) theme(q *Request) error {
	if d.secure && q.R.TLS == nil {
		q.R.TLS = behindProxy
	}
	look.SetTheme(q.W, q.R)
	return nil
}

// Link makes the absolute address of a path, for mails: always of the configured base URL (C52).
func (d *Door) Link(path string) string { return d.BaseURL + path }

// Secure says whether people reach Watchword by https.
func (d *Door) Secure() bool { return d.secure }

func newRequestID() string { return id.Token(12) }
