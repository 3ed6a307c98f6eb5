package suite_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"watchword/attack/client"
)

// nasty are the ways in which a field may be filled by accident or on purpose. None is long enough for a password, except
// the one that is too long.
var nasty = []struct{ name, value string }{
	{"nothing", ""}, {"blanks", "   "}, {"a megabyte", strings.Repeat("a", 1<<20)}, {"NUL", "a\x00b"}, {"invalid UTF-8", "a\xff\xfeb"},
	{"emoji", "🦦🐙"}, {"right to left", "a\u202egpj.x"}, {"look-alikes", "pаypаl"}, {"lines", "a\r\nBcc: x@y"}, {"markup", `"><b>x</b>`},
	{"many marks", "z" + strings.Repeat("\u0301", 60)}, {"a statement", `';DROP--`}, {"a format", "%s%n{{.}}"},
}

// leave are forms whose press would end what the crawl stands on.
var leave = []string{"/logout", "/profile/close", "/profile/security/off", "/profile/security/sessions/end-others", "/operator/logout"}

// Proves the bad input of the story: every field of every form, found by looking at the pages.
func TestInput(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.row(t, "input outside", "every field of the forms for strangers with 13 sorts of nonsense", func(t *testing.T) {
			for _, path := range []string{"/register", "/login", "/forgot", "/operator/login", "/setup"} {
				for i := range w.visitor(t).get(path).Forms() {
					form(t, func() *actor { return w.visitor(t) }, path, i)
				}
			}
		})
		w.row(t, "input inside", "every field of the forms for people with 13 sorts of nonsense", func(t *testing.T) {
			a := w.newcomer(t)
			a.addApp()
			a.get("/organisations/new")
			a.submit("Create organisation", map[string]string{"Name": "Harbour " + word()})
			for _, path := range []string{"/profile", "/profile/username", "/profile/email", "/profile/password", "/profile/phone", "/profile/security", "/profile/security/app",
				"/profile/security/passkey", "/profile/security/recovery-address", "/profile/security/factors/totp", "/profile/activity", "/organisations", "/organisations/new",
				"/settings/organisation", "/settings/users", "/settings/audit"} {
				p := a.get(path)
				if p.Status == 404 {
					continue
				}
				for i := range p.Forms() {
					form(t, func() *actor { return a.in(t) }, path, i)
				}
			}
			if !a.signedIn() {
				t.Error("the nonsense ended the session")
			}
		})
		w.row(t, "input tokens", "links with empty, cut, foreign, broken and enormous tokens, by GET and POST", func(t *testing.T) { tokens(t, w) })
		w.row(t, "input requests", "methods, bodies and addresses that no browser sends", func(t *testing.T) { odd(t, w) })
	})
}

// form fills each field of one form with each sort of nonsense.
func form(t *testing.T, who func() *actor, path string, index int) {
	t.Helper()
	forms := who().get(path).Forms()
	if index >= len(forms) {
		return
	}
	for _, field := range forms[index].Fields {
		if field.Name == "once" || field.ReadOnly || forms[index].Method != http.MethodPost && field.Kind == "hidden" {
			continue
		}
		for _, bad := range nasty {
			a := who()
			p := a.get(path)
			if index >= len(p.Forms()) {
				return
			}
			f := p.Forms()[index]
			action, err := url.Parse(f.Action)
			must(t, err)
			for _, l := range leave {
				if action.Path == l {
					return
				}
			}
			v := f.Standing()
			for _, x := range f.Fields {
				if filler := plausible(a, x); filler != "" {
					v.Set(x.Name, filler)
				}
			}
			v.Set(field.Name, bad.value)
			judge(t, a, f, field, bad.name, v)
		}
	}
}

func plausible(a *actor, x client.Field) string {
	switch {
	case x.Kind == "hidden" || x.Value != "" || x.Name == "code" || x.Name == "altcha":
		return ""
	case x.Name == "username", x.Name == "name":
		return "Kept words"
	case x.Kind == "email":
		return "kept@"
	case x.Name == "password":
		return "short"
	}
	return ""
}

// judge sends one filled form and looks at the answer.
func judge(t *testing.T, a *actor, f client.Form, field client.Field, what string, v url.Values) {
	t.Helper()
	action := f.Action
	if f.Method == http.MethodGet {
		action = strings.SplitN(action, "?", 2)[0] + "?" + v.Encode()
		if len(action) > 60_000 {
			return // browsers and servers refuse such addresses by themselves
		}
	}
	p, err := a.b.Do(f.Method, action, v)
	if err != nil {
		t.Errorf("%s with %s as %s: %v", f.Action, what, field.Name, err)
		return
	}
	a.b.Page = p
	if strings.HasPrefix(p.Path(), "/stepup") {
		a.prove()
		p = a.b.Page
	}
	switch {
	case p.Status >= 500:
		t.Errorf("%s with %s as %s: %d %s", f.Action, what, field.Name, p.Status, p.Words())
	case strings.Contains(p.Body, "<b>x</b>"):
		t.Errorf("%s with %s as %s: markup came through", f.Action, what, field.Name)
	case p.Status == 422 && len(p.Problems()) == 0 && p.Words() == "":
		t.Errorf("%s with %s as %s: refused without words", f.Action, what, field.Name)
	case p.Status == 422:
		kept(t, p, f, field, what, v)
	case p.Status == 413 && what != "a megabyte":
		t.Errorf("%s with %s as %s: %d", f.Action, what, field.Name, p.Status)
	}
}

// kept looks whether what was typed still stands in the other fields, and words at a field that is wrong.
func kept(t *testing.T, p *client.Page, f client.Form, field client.Field, what string, v url.Values) {
	t.Helper()
	words := false
	for _, x := range f.Fields {
		words = words || p.FieldProblem(x.Name) != ""
		if x.Kind == "hidden" || x.ReadOnly || x.Kind == "password" || x.Name == "code" || x.Kind == "checkbox" || x.Kind == "radio" || x.Kind == "select" || !p.HasField(x.Name) || x.Name == field.Name {
			continue
		}
		if got := p.Value(x.Name); got != v.Get(x.Name) {
			t.Errorf("%s with %s as %s: %q typed as %s is lost: %.60q", f.Action, what, field.Name, v.Get(x.Name), x.Name, got)
		}
	}
	if !words && len(p.Problems()) == 0 {
		t.Errorf("%s with %s as %s: no words at any field: %s", f.Action, what, field.Name, p.Words())
	}
	if typed := v.Get(field.Name); (what == "emoji" || what == "look-alikes") && field.Kind != "hidden" && field.Kind != "password" && field.Name != "code" &&
		field.Kind != "select" && field.Kind != "checkbox" && field.Kind != "radio" && p.HasField(field.Name) && p.Value(field.Name) != typed {
		t.Errorf("%s: %s typed as %s is lost: %.60q", f.Action, what, field.Name, p.Value(field.Name))
	}
}

func tokens(t *testing.T, w *world) {
	a := w.visitor(t)
	foreign := a.signup()
	u, err := url.Parse(foreign)
	must(t, err)
	real := u.Query().Get("token")
	for _, path := range []string{"/register/confirm", "/register/disown", "/reset-password", "/profile/email/confirm", "/profile/recovery-address/confirm", "/profile/number/cancel", "/login/unlock", "/login/wake"} {
		for _, token := range []string{"", "x", real, real[:len(real)-1], real + "A", "\x00", "\xff", strings.Repeat("A", 43), strings.Repeat("A", 1<<20), "../../etc/passwd", "🦦"} {
			s := w.visitor(t)
			if path == "/register/confirm" && token == real || path == "/register/disown" && token == real {
				continue
			}
			if len(token) < 10_000 {
				p := s.get(path + "?" + url.Values{"token": {token}}.Encode())
				if p.Status < 300 && p.HasField("password") {
					t.Errorf("%s took the token %.20q", path, token)
				}
			}
			p := s.post(path, url.Values{"token": {token}, "password": {passphrase}})
			if s.signedIn() || p.Says("is changed") {
				t.Errorf("%s took the token %.20q: %s", path, token, p.Words())
			}
		}
	}
	a.get(foreign) // the real one is as good as before
	if a.submit("Confirm", nil); !a.signedIn() {
		t.Error("the nonsense used a real token up")
	}
}

func odd(t *testing.T, w *world) {
	s := w.visitor(t)
	for _, method := range []string{"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "PROPFIND"} {
		for _, path := range []string{"/login", "/register", "/profile", "/session", "/"} {
			p, err := s.b.Do(method, path, nil)
			must(t, err)
			s.sane(p)
		}
	}
	for _, path := range []string{"//evil.example", "/login?next=//evil.example", "/login?next=https://evil.example", "/%00", "/%ff", "/..%2f..%2fetc/passwd", "/login/../../x", "/profile/security/factors/%00",
		"/login?next=/" + strings.Repeat("a", 9000), "/stepup?action=%00&next=//evil", "/assets/../../keys"} {
		r, err := http.NewRequest(http.MethodGet, w.URL, nil)
		must(t, err)
		r.URL.Opaque = "//" + r.URL.Host + path
		p, err := s.b.Send(r)
		if err != nil {
			continue // refused below the pages
		}
		s.sane(p)
		if p.URL.Host != r.URL.Host && p.URL.Host != "" {
			t.Errorf("%s led to %s", path, p.URL.Host)
		}
	}
	for kind, body := range map[string]string{"application/json": `{"username":1}`, "multipart/form-data; boundary=x": "--x\r\n", "text/plain": "a=b", "application/x-www-form-urlencoded": "a=%zz;&;=&==%"} {
		for _, path := range []string{"/login", "/register", "/forgot", "/login/first", "/login/first/options", "/theme"} {
			r, err := http.NewRequest(http.MethodPost, w.URL+path, strings.NewReader(body))
			must(t, err)
			r.Header.Set("Content-Type", kind)
			p, err := s.b.Send(r)
			must(t, err)
			s.sane(p)
		}
	}
	big, err := s.b.Do(http.MethodPost, "/login", url.Values{"username": {strings.Repeat("a", 20<<20)}})
	if err == nil && big.Status != 413 {
		t.Errorf("20 MiB were answered %d", big.Status)
	}
}
