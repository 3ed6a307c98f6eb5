package look

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func get(path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	New().Assets().ServeHTTP(w, r)
	return w
}

// Assets are named by their contents, kept for good, packed where wanted, and
// nothing else is served; a style sheet names its font as it is served.
func TestAssets(t *testing.T) {
	path := New().Asset("app.css")
	plain, packed := get(path), get(path, "Accept-Encoding", "br, gzip")
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || string(body) != plain.Body.String() {
		t.Errorf("the packed body differs: %v", err)
	}
	if got := plain.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Error(got)
	}
	if !strings.Contains(string(body), New().Asset("schibsted-grotesk.woff2")) || strings.Contains(string(body), "asset:") {
		t.Error("the style sheet does not name the font as it is served")
	}
	for _, bad := range []string{"/assets/", "/assets/app.css", "/assets/../look.go", "/assets/css/1-tokens.css"} {
		if code := get(bad).Code; code != http.StatusNotFound {
			t.Errorf("%s: %d", bad, code)
		}
	}
}

// A signed-in page needs less than 50 KB on the wire on the first visit, font
// apart, and its own few kilobytes after it (look.md, Speed).
func TestWeight(t *testing.T) {
	first := 0
	for _, name := range []string{"app.css", "app.js", "htmx.js", "icons.svg"} {
		size := get(New().Asset(name), "Accept-Encoding", "gzip").Body.Len()
		t.Logf("%s: %d bytes packed", name, size)
		first += size
	}
	if first > 50_000 {
		t.Errorf("%d bytes on the first visit", first)
	}
}

// The switch keeps to this site whatever "back" says, and forgets on "system".
func TestSetTheme(t *testing.T) {
	for back, want := range map[string]string{"/profile": "/profile", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "/a\r\nX: y": "/", "": "/"} {
		r := httptest.NewRequest(http.MethodPost, "/theme", strings.NewReader(url.Values{"theme": {"dark"}, "back": {back}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		SetTheme(w, r)
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("back %q leads to %q", back, got)
		}
		if got := w.Result().Cookies()[0].Value; got != "dark" {
			t.Errorf("cookie %q", got)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(&http.Cookie{Name: themeCookie, Value: "darkest"})
	if got := ThemeOf(r); got != "" {
		t.Errorf("theme %q", got)
	}
}
