package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/signin/session"
	"watchword/web"
	"watchword/web/webtest"
)

type site struct {
	*web.Door
	book   *session.Book
	server *httptest.Server
}

func open(t testing.TB, db *store.DB, change func(*web.Options)) *site {
	t.Helper()
	ring := secret.NewRing()
	s := &site{book: session.New(ring, &audit.Log{Ring: ring}, session.Defaults(), nil)}
	o := web.Options{DB: db, BaseURL: "http://localhost:8080", Sessions: s.book}
	if change != nil {
		change(&o)
	}
	d, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Door, s.server = d, httptest.NewServer(d)
	t.Cleanup(func() { s.server.Close(); s.book.Wait() })
	return s
}

func (s *site) person(t testing.TB, name string) (profile.Profile, session.Made) {
	t.Helper()
	var p profile.Profile
	var m session.Made
	err := s.DB.Write(context.Background(), func(tx *store.Tx) (err error) {
		if p, err = profile.Create(tx, profile.New{Username: name, Email: name + "@example.com", Language: "en", Zone: "UTC"}); err != nil {
			return err
		}
		m, err = s.book.Create(tx, access.Origin{Address: netip.MustParseAddr("192.0.2.1")},
			session.Proof{Profile: p.ID, Version: p.SecurityVersion, Level: access.LevelTwoFactor, Source: session.LogIn})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, m
}

func (s *site) do(t testing.TB, method, path string, form url.Values, header http.Header) *http.Response {
	t.Helper()
	r, err := http.NewRequest(method, s.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, values := range header {
		r.Header[name] = values
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

func cookie(m session.Made) http.Header {
	return http.Header{"Cookie": {"watchword_session=" + m.Token}}
}

// Proves decisions 22 and C42: who am I, as JSON, without extending the idle time, and revoked at once.
func TestSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db, nil)
		p, m := s.person(t, "ana")
		var got map[string]any
		a := s.do(t, "GET", "/session", nil, cookie(m))
		if err := json.NewDecoder(a.Body).Decode(&got); err != nil || a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/json" {
			t.Fatalf("%v %d %v", err, a.StatusCode, a.Header)
		}
		if got["profile"] != string(p.ID) || got["organisation"] != "" || got["level"] != 2.0 || len(got) != 4 {
			t.Errorf("answer %v", got)
		}
		if at, err := time.Parse(time.RFC3339, got["expires_at"].(string)); err != nil || time.Until(at) > time.Hour || time.Until(at) < 50*time.Minute {
			t.Errorf("expires %v %v", got["expires_at"], err)
		}
		if err := db.Write(context.Background(), func(tx *store.Tx) error { _, err := profile.Bump(tx, p.ID); return err }); err != nil {
			t.Fatal(err)
		}
		for name, h := range map[string]http.Header{"revoked": cookie(m), "none": nil, "other": {"Cookie": {"watchword_session=" + strings.Repeat("a", 43)}}} {
			a := s.do(t, "GET", "/session", nil, h)
			if a.StatusCode != 401 || a.Header.Get("Content-Type") != "application/problem+json" || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d %v", name, a.StatusCode, a.Header)
			}
		}
	})
}

// Proves C54: X-Forwarded-For counts only from configured proxies, read from right to left.
func TestClientAddress(t *testing.T) {
	s := open(t, storetest.OpenSQLite(t), func(o *web.Options) {
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48")}
	})
	var seen netip.Addr
	s.Get("/who", func(q *web.Request) error { seen = q.Origin().Address; return q.Go("/") })
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:1", "198.51.100.1", "203.0.113.9"},
		{"10.1.1.1:1", "198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:1", "1.2.3.4, 198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:1", "1.2.3.4, 198.51.100.1, 10.2.2.2", "198.51.100.1"},
		{"10.1.1.1:1", "1.2.3.4, rubbish, 10.2.2.2", "10.2.2.2"},
		{"10.1.1.1:1", "", "10.1.1.1"},
		{"[2001:db8:1::1]:1", "2001:db8:9::7", "2001:db8:9::7"},
		{"10.1.1.1:1", "[2001:db8:9::7]:4711", "2001:db8:9::7"},
		{"10.1.1.1:1", "::ffff:198.51.100.1", "198.51.100.1"},
	} {
		r := httptest.NewRequest("GET", "/who", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		s.ServeHTTP(httptest.NewRecorder(), r)
		if seen.String() != c.want {
			t.Errorf("%s forwarded %q: %s, want %s", c.peer, c.forwarded, seen, c.want)
		}
	}
}

// Proves C51: what another site sends changes nothing; a form of this site does; GET and HEAD never reach an act.
func TestForeignForms(t *testing.T) {
	s := open(t, storetest.OpenSQLite(t), nil)
	var acts atomic.Int32
	s.Post("/act", func(q *web.Request) error { acts.Add(1); return q.Go("/") })
	for _, c := range []struct {
		name   string
		header http.Header
		want   int
	}{
		{"cross-site", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		{"same-site", http.Header{"Sec-Fetch-Site": {"same-site"}}, 403},
		{"foreign origin", http.Header{"Origin": {"https://evil.example"}}, 403},
		{"null origin", http.Header{"Origin": {"null"}}, 403},
		{"same origin", http.Header{"Sec-Fetch-Site": {"same-origin"}}, 303},
		{"a program", nil, 303},
	} {
		before := acts.Load()
		a := s.do(t, "POST", "/act", url.Values{"x": {"1"}}, c.header)
		if a.StatusCode != c.want || (acts.Load() > before) != (c.want == 303) {
			t.Errorf("%s: %d, acted %v", c.name, a.StatusCode, acts.Load() > before)
		}
	}
	before := acts.Load()
	for _, method := range []string{"GET", "HEAD", "PUT", "DELETE"} {
		if a := s.do(t, method, "/act", nil, nil); a.StatusCode != 405 || a.Header.Get("Allow") != "POST" {
			t.Errorf("%s: %d, Allow %q", method, a.StatusCode, a.Header.Get("Allow"))
		}
	}
	if acts.Load() != before {
		t.Error("something other than POST acted")
	}
}

// Proves C55 and C53 for what the frame itself answers: pages, errors, assets, refusals.
func TestHeaders(t *testing.T) {
	s := open(t, storetest.OpenSQLite(t), func(o *web.Options) { o.BaseURL = "https://watchword.example" })
	s.Get("/fault", func(*web.Request) error { return errors.New("secret words of a driver") })
	s.Get("/panic", func(*web.Request) error { panic("secret words of a panic") })
	s.GetIn("/inside", func(q *web.Request) error { return nil })
	for path, status := range map[string]int{"/nowhere": 404, "/theme": 405, "/fault": 503, "/panic": 503, "/inside": 303,
		s.Look.Asset("app.css"): 200, "/assets/no.css": 404, "/session": 401} {
		a := s.do(t, "GET", path, nil, nil)
		if a.StatusCode != status {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
		for name, want := range map[string]string{"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "no-referrer", "Strict-Transport-Security": "max-age=31536000"} {
			if !strings.Contains(a.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, a.Header.Get(name))
			}
		}
		body, _ := io.ReadAll(a.Body)
		if strings.Contains(string(body), "secret") {
			t.Errorf("%s tells what went wrong inside", path)
		}
		if status == 503 && !strings.Contains(string(body), a.Header.Get("X-Request-Id")) {
			t.Errorf("%s does not name its request", path)
		}
		if cache := a.Header.Get("Cache-Control"); status != 200 && cache != "no-store" && path != "/assets/no.css" {
			t.Errorf("%s may be cached: %q", path, cache)
		}
	}
}

// Proves C40 and decisions 29: names and attributes follow the base URL.
func TestCookies(t *testing.T) {
	for base, want := range map[string]string{"https://watchword.example": "__Host-watchword_session=x; Path=/; HttpOnly; Secure; SameSite=Lax",
		"http://localhost:8080": "watchword_session=x; Path=/; HttpOnly; SameSite=Lax"} {
		s := open(t, storetest.OpenSQLite(t), func(o *web.Options) { o.BaseURL = base })
		s.Get("/give", func(q *web.Request) error { q.Begin(session.Made{Token: "x"}); return q.Go("/") })
		if got := s.do(t, "GET", "/give", nil, nil).Header.Get("Set-Cookie"); got != want {
			t.Errorf("%s: %s", base, got)
		}
	}
}

// A double press has one effect, and both presses show its answer. A form that came back with mistakes runs again.
func TestOnce(t *testing.T) { storetest.Each(t, testOnce) }

func testOnce(t *testing.T, db *store.DB) {
	s := open(t, db, nil)
	servers := []*site{s}
	if db.Engine() == store.Postgres { // several may share it
		servers = append(servers, open(t, db, func(o *web.Options) { o.Sessions = s.book }))
	}
	var acts atomic.Int32
	wait := make(chan struct{})
	answer := func(q *web.Request) error {
		<-wait
		if q.Value("bad") != "" {
			acts.Add(1)
			return problem.Invalid("bad", "Mend it")
		}
		q.SetCookie("made", "yes", 0)
		return q.Go("/made/" + string(rune('0'+acts.Add(1))))
	}
	for _, one := range servers {
		one.Post("/make", answer)
	}
	for _, bad := range []string{"", "yes"} {
		acts.Store(0)
		var places sync.Map
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				a := servers[i%len(servers)].do(t, "POST", "/make", url.Values{"once": {"0123456789abcdef" + bad}, "bad": {bad}}, nil)
				places.Store(a.Header.Get("Location")+a.Header.Get("Set-Cookie"), true)
			})
		}
		if bad == "" {
			close(wait)
		}
		all.Wait()
		n := 0
		places.Range(func(any, any) bool { n++; return true })
		want := int32(1)
		if bad != "" {
			want = 20
		}
		if acts.Load() != want || n != 1 {
			t.Errorf("bad %q: %d effects, %d answers", bad, acts.Load(), n)
		}
	}
}

// Redirects stay on this site, whatever an address asks for.
func TestLocal(t *testing.T) {
	for in, want := range map[string]string{"/profile?x=1": "/profile?x=1", "//evil.example": "/", `/\evil.example`: "/", "https://evil.example": "/",
		"javascript:alert(1)": "/", "": "/", "/\tevil": "/", "/a\r\nSet-Cookie: x": "/", "profile": "/"} {
		if got := web.Local(in, "/"); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// A form over the limit is answered in words, and programs get problem+json (RFC 9457).
func TestAnswers(t *testing.T) {
	s := open(t, storetest.OpenSQLite(t), nil)
	s.Post("/form", func(q *web.Request) error { return q.Go("/") })
	s.Get("/limit", func(q *web.Request) error { return problem.TooMany("slow", "Wait a minute.", 90*time.Second) })
	b := webtest.New(t, s.server.URL)
	if p := b.Post("/form", url.Values{"x": {strings.Repeat("a", 9<<20)}}); p.Status != 413 || p.Title() == "" {
		t.Errorf("large: %d %q", p.Status, p.Title())
	}
	for _, kind := range []string{"application/json", "multipart/form-data; boundary=x", "text/xml", "nonsense"} {
		if a := s.do(t, "POST", "/form", nil, http.Header{"Content-Type": {kind}}); a.StatusCode != 415 {
			t.Errorf("%s: %d", kind, a.StatusCode)
		}
	}
	if a := s.do(t, "POST", "/form", nil, http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}); a.StatusCode != 303 {
		t.Errorf("a form with its charset: %d", a.StatusCode)
	}
	if p := b.Get("/limit"); p.Status != 429 || p.Header.Get("Retry-After") != "90" || !strings.Contains(p.Words(), "Wait a minute.") {
		t.Errorf("limit: %d %q %q", p.Status, p.Header.Get("Retry-After"), p.Words())
	}
	a := s.do(t, "GET", "/limit", nil, http.Header{"Accept": {"application/json"}})
	var got struct {
		Status       int
		Code, Detail string
	}
	if err := json.NewDecoder(a.Body).Decode(&got); err != nil || got.Status != 429 || got.Code != "slow" || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("json: %+v %v %s", got, err, a.Header.Get("Content-Type"))
	}
}

// The theme cookie is as secure as the others, and leads back to a page of this site only.
func TestTheme(t *testing.T) {
	s := open(t, storetest.OpenSQLite(t), func(o *web.Options) { o.BaseURL = "https://watchword.example" })
	a := s.do(t, "POST", "/theme", url.Values{"theme": {"dark"}, "back": {"//evil.example"}}, nil)
	if a.StatusCode != 303 || a.Header.Get("Location") != "/" || !strings.Contains(a.Header.Get("Set-Cookie"), "Secure") {
		t.Errorf("%d %s %s", a.StatusCode, a.Header.Get("Location"), a.Header.Get("Set-Cookie"))
	}
}

func TestDevice(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                           "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":    "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1": "Safari on iPhone",
		"curl/8.5.0": "Curl", "": "Unknown browser", "x\x00\n": "Unknown browser",
	} {
		if got := web.Device(agent); got != want {
			t.Errorf("%q: %q", agent, got)
		}
	}
}

// Proves the speed path of GET /session; see docs/benchmarks.md for figures.
func BenchmarkSession(b *testing.B) {
	s := open(b, storetest.OpenSQLite(b), nil)
	_, m := s.person(b, "ana")
	r := httptest.NewRequest("GET", "/session", nil)
	r.Header.Set("Cookie", "watchword_session="+m.Token)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != 200 {
				b.Fatal(w.Code)
			}
		}
	})
}
