package signedout_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"watchword/account/accounttest"
	"watchword/base/store/storetest"
)

// Proves C53, C55 and C40 for every page there is: whatever it answers, the headers stand, nothing is cached, cookies
// are __Host-, Secure, HttpOnly, Lax, and no page loads anything from elsewhere or runs anything inline.
func TestEveryPage(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	h.Person(t, "maya")
	b := h.browser()
	b.Get("/login")
	b.Submit("Log in", fill("maya", accounttest.Password))
	b.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	half, none := b, h.browser()
	none.Client.CheckRedirect = b.Client.CheckRedirect
	for _, pattern := range h.door.Routes() {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.ReplaceAll(path, "{$}", "")
		for _, who := range []*struct{ jar http.CookieJar }{{half.Client.Jar}, {none.Client.Jar}} {
			r, err := http.NewRequest(method, accounttest.BaseURL+path, strings.NewReader(url.Values{"token": {"x"}}.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			client := &http.Client{Transport: b.Client.Transport, Jar: who.jar, CheckRedirect: b.Client.CheckRedirect}
			a, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(a.Body)
			a.Body.Close()
			if a.StatusCode >= 500 {
				t.Errorf("%s: %d", pattern, a.StatusCode)
			}
			wellHeaded(t, pattern, a, string(body))
		}
	}
}

func wellHeaded(t *testing.T, pattern string, a *http.Response, body string) {
	t.Helper()
	for name, want := range map[string]string{"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Strict-Transport-Security": "includeSubDomains", "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin", "Permissions-Policy": "camera=()"} {
		if !strings.Contains(a.Header.Get(name), want) {
			t.Errorf("%s: %s is %q", pattern, name, a.Header.Get(name))
		}
	}
	for _, c := range a.Cookies() {
		if !strings.HasPrefix(c.Name, host) && c.Name != "watchword_theme" || !c.Secure || c.Path != "/" || c.Name != "watchword_theme" && (!c.HttpOnly || c.SameSite != http.SameSiteLaxMode) {
			t.Errorf("%s: cookie %s", pattern, c.Raw)
		}
	}
	for _, bad := range []string{" style=", "<script>", " onclick=", "http://", "https://"} {
		if strings.Contains(strings.ToLower(body), bad) && a.StatusCode < 300 {
			t.Errorf("%s: the page contains %q", pattern, bad)
		}
	}
}

// Proves C51 for every form: another site's post does nothing and says so, and no form answers GET with an act.
func TestEveryFormIsGuarded(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	b := h.browser()
	b.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	b.Header.Set("Sec-Fetch-Site", "cross-site")
	n := 0
	for _, pattern := range h.door.Routes() {
		if method, path, _ := strings.Cut(pattern, " "); method == "POST" {
			n++
			if b.Post(path, url.Values{}); b.Page.Status != http.StatusForbidden {
				t.Errorf("%s from another site: %d", path, b.Page.Status)
			}
		}
	}
	if n < 25 {
		t.Errorf("only %d forms were looked at", n)
	}
}

// Proves C52: a poisoned Host or Forwarded header reaches no mail and no redirect.
func TestPoisonedHost(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	h.Person(t, "maya")
	send := func(path string, form url.Values) *http.Response {
		r, err := http.NewRequest(http.MethodPost, accounttest.BaseURL+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "evil.example"
		r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "X-Forwarded-Host": {"evil.example"}, "Forwarded": {"host=evil.example"}, "X-Forwarded-Proto": {"http"}}
		a, err := h.browser().Client.Transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		return a
	}
	a := send("/register", url.Values{"username": {"ana"}, "email": {"ana@example.com"}, "password": {accounttest.Password}, "terms": {"yes"}})
	if to := a.Header.Get("Location"); a.StatusCode != 303 || to != "/register/waiting" {
		t.Errorf("%d %s", a.StatusCode, to)
	}
	send("/forgot", url.Values{"username": {"maya@example.com"}})
	if err := h.Recovery.Answer(ctx, h.DB); err != nil {
		t.Fatal(err)
	}
	all := h.Mails(t)
	if len(all) != 2 {
		t.Errorf("%d mails", len(all))
	}
	for _, m := range all {
		if strings.Contains(m.Text, "evil") || !strings.Contains(m.Text, accounttest.BaseURL+"/") {
			t.Errorf("mail: %s", m.Text)
		}
	}
}

// Proves C54 at the log-in limits: a rotated X-Forwarded-For from nobody's proxy is still one address.
func TestRotatedForwardedFor(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	b := h.browser()
	limited := false
	for i := range 40 {
		b.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i))
		if b.Post("/login", url.Values{"username": {fmt.Sprint("nobody", i)}, "password": {"a wrong password " + fmt.Sprint(i)}}); b.Page.Status == 429 {
			limited = true
			if b.Page.Header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			break
		}
	}
	if !limited {
		t.Error("forty wrong log-ins from one address were never slowed down")
	}
}
