package suite_test

import (
	"net/http"
	"strings"
	"testing"

	"watchword/attack/client"
)

var outside = []string{"/", "/login", "/register", "/forgot", "/help", "/terms", "/privacy", "/operator/login", "/no-such-page", "/register/confirm?token=x"}
var inside = []string{"/", "/profile", "/profile/security", "/profile/activity", "/profile/username", "/profile/email", "/profile/password", "/profile/phone",
	"/profile/security/app", "/profile/security/add", "/profile/security/recovery-codes", "/organisations", "/organisations/new", "/welcome/two-factor", "/session"}

func TestPages(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		a := w.newcomer(t)
		w.row(t, "C55 C53", "the headers of every page", func(t *testing.T) {
			s := w.visitor(t)
			for _, path := range outside {
				headers(t, s.get(path))
			}
			me := a.in(t)
			for _, path := range inside {
				p := me.get(path)
				headers(t, p)
				if !strings.Contains(p.Header.Get("Cache-Control"), "no-store") {
					t.Errorf("%s may be stored: %q", path, p.Header.Get("Cache-Control"))
				}
			}
		})
		w.row(t, "C51 B11", "a mail scanner fetches a link first, again and again", func(t *testing.T) { scanner(t, w) })
		w.row(t, "C51", "every page by GET and HEAD changes nothing; posts of another site are refused", func(t *testing.T) { crossSite(t, w, a.in(t)) })
		w.row(t, "C52", "links in mails after a request with other Host and Forwarded headers", func(t *testing.T) { poisoned(t, w) })
		w.row(t, "C6", "types and autocomplete of the fields", func(t *testing.T) {
			s := w.visitor(t)
			want := func(p *client.Page, name, kind, complete string) {
				t.Helper()
				for _, f := range p.Forms() {
					for _, x := range f.Fields {
						if x.Name == name && (x.Kind != kind || x.Autocomplete != complete) {
							t.Errorf("%s: %s is %q with autocomplete %q", p.URL, name, x.Kind, x.Autocomplete)
						}
					}
				}
				if strings.Contains(p.Body, "onpaste") {
					t.Errorf("%s minds pasting", p.URL)
				}
			}
			p := s.get("/register")
			want(p, "username", "text", "username")
			want(p, "email", "email", "email")
			want(p, "password", "password", "new-password")
			want(s.get("/login"), "password", "password", "current-password")
		})
		w.row(t, "C53 tokens", "a token in an address leaves by no referrer and loads nothing of others", func(t *testing.T) {
			b := w.visitor(t)
			p := b.get(b.signup())
			if p.Header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("referrer policy %q", p.Header.Get("Referrer-Policy"))
			}
			for _, at := range []string{`src="http`, `src="//`, `href="//`} {
				if strings.Contains(p.Body, at) {
					t.Errorf("the page of a token loads from elsewhere: %s", at)
				}
			}
		})
		w.row(t, "C20", "codes and tokens in audit pages", func(t *testing.T) {
			me := a.in(t)
			b := a.again(t)
			code := b.begin()
			b.submit(b.button(), map[string]string{"code": code})
			if p := me.get("/profile/activity"); strings.Contains(p.Words(), code) {
				t.Error("a code stands in the log")
			}
		})
	})
}

func headers(t *testing.T, p *client.Page) {
	t.Helper()
	h := p.Header
	csp := h.Get("Content-Security-Policy")
	if !strings.Contains(csp, "frame-ancestors") || !strings.Contains(csp, "default-src") || strings.Contains(csp, "unsafe-eval") || strings.Contains(csp, "script-src 'unsafe-inline'") {
		t.Errorf("%s: policy %q", p.URL, csp)
	}
	if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%s: nosniff %q, referrer %q", p.URL, h.Get("X-Content-Type-Options"), h.Get("Referrer-Policy"))
	}
	if p.URL.Scheme == "https" && !strings.Contains(h.Get("Strict-Transport-Security"), "max-age") {
		t.Errorf("%s: no HSTS", p.URL)
	}
	if p.Status >= 500 {
		t.Errorf("%s: %d", p.URL, p.Status)
	}
}

func scanner(t *testing.T, w *world) {
	b := w.visitor(t)
	link := b.signup()
	s := w.visitor(t)
	for range 5 {
		if p := s.get(link); p.Status != 200 || s.signedIn() || p.Header.Get("Set-Cookie") != "" && strings.Contains(p.Header.Get("Set-Cookie"), "session") {
			t.Errorf("a fetch was answered %d", p.Status)
		}
	}
	if p, err := s.b.Do(http.MethodHead, link, nil); err != nil || p.Status != 200 {
		t.Errorf("HEAD: %v %v", p, err)
	}
	b.get(link)
	b.submit("Confirm", nil)
	if !b.signedIn() {
		t.Errorf("the link was used up: %s", b.b.Page.Words())
	}
	if b.get(link); b.b.Page.HasButton("Confirm my") {
		t.Error("a used link still offers its act")
	}
	for _, bad := range []string{link[:len(link)-3], link + "x", strings.Split(link, "=")[0] + "=", strings.Split(link, "=")[0] + "=%00%ff"} {
		if p := s.get(bad); p.Status < 400 || p.Status >= 500 {
			t.Errorf("a broken token was answered %d", p.Status)
		}
	}
}

func crossSite(t *testing.T, w *world, a *actor) {
	for _, path := range append(append([]string{}, inside...), "/logout") {
		for _, method := range []string{"GET", "HEAD"} {
			_, err := a.b.Do(method, path, nil)
			must(t, err)
		}
	}
	if !a.signedIn() {
		t.Fatal("a fetch logged out")
	}
	for _, path := range []string{"/logout", "/organisations/new", "/profile", "/profile/username", "/register", "/login"} {
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
			r, err := http.NewRequest(http.MethodPost, a.b.Base+path, strings.NewReader("name=x&username=x&once=0123456789abcdef"))
			must(t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(name, value)
			p, err := a.b.Send(r)
			must(t, err)
			if p.Status != 403 {
				t.Errorf("%s with %s %s was answered %d", path, name, value, p.Status)
			}
		}
	}
	if !a.signedIn() {
		t.Error("another site logged the person out")
	}
}

func poisoned(t *testing.T, w *world) {
	b := w.newcomer(t)
	mark := b.mark(b.email)
	r, err := http.NewRequest(http.MethodPost, w.URL+"/forgot", strings.NewReader("username="+b.name))
	must(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, name := range []string{"X-Forwarded-Host", "X-Host", "X-Original-Host", "X-Forwarded-Server"} {
		r.Header.Set(name, "evil.example")
	}
	r.Header.Set("Forwarded", "host=evil.example;proto=https")
	r.Header.Set("X-Forwarded-Proto", "https")
	_, err = w.visitor(t).b.Send(r)
	must(t, err)
	m := b.arrives(mark, b.email, "password")
	if strings.Contains(m.Text+m.HTML, "evil.example") || !strings.HasPrefix(m.Link(), w.URL+"/") {
		t.Errorf("the mail links to %q", m.Link())
	}
	r, err = http.NewRequest(http.MethodGet, w.URL+"/login", nil)
	must(t, err)
	r.Host = "evil.example"
	p, err := w.visitor(t).b.Send(r)
	must(t, err)
	if strings.Contains(p.Body, "evil.example") {
		t.Error("the page repeats a foreign host")
	}
}

// Proves C40 over https: the demonstration with a certificate of its own.
func TestSecureCookies(t *testing.T) {
	if givenURL != "" && strings.HasPrefix(givenURL, "http:") {
		t.Skip("left out: the given address has no https")
	}
	if testing.Short() {
		t.Skip("left out: -short")
	}
	w := &world{}
	if givenURL != "" {
		w = &world{URL: givenURL, Engine: "given", Sim: client.NewSimulator(givenSimulator)}
	} else {
		w = start(t, "sqlite", []string{"--tls"})
	}
	w.row(t, "C40 C55 tls", "cookies over https; what a log-out clears", func(t *testing.T) {
		b := w.newcomer(t)
		for name := range b.b.Cookies() {
			if !strings.HasPrefix(name, "__Host-") {
				t.Errorf("cookie %s is not bound to the host", name)
			}
		}
		b = b.again(t)
		b.b.HTTP.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		b.get("/login")
		p := b.submit("Log in", map[string]string{"Username": b.name, "Password": b.password})
		lines := p.Header.Values("Set-Cookie")
		if len(lines) == 0 {
			t.Fatal("no cookie is set")
		}
		for _, c := range lines {
			for _, part := range []string{"Secure", "HttpOnly", "SameSite=", "Path=/"} {
				if !strings.Contains(c, part) {
					t.Errorf("%s is missing in %s", part, strings.SplitN(c, "=", 2)[0])
				}
			}
			if strings.Contains(c, "Domain=") {
				t.Errorf("a cookie for a whole domain: %s", strings.SplitN(c, "=", 2)[0])
			}
		}
		headers(t, p)
		c := w.newcomer(t)
		c.get("/logout")
		c.b.HTTP.CheckRedirect = b.b.HTTP.CheckRedirect
		if p := c.submit("Log out", nil); !strings.Contains(p.Header.Get("Clear-Site-Data"), "storage") {
			t.Errorf("Clear-Site-Data at the log-out: %q", p.Header.Get("Clear-Site-Data"))
		}
	})
}
