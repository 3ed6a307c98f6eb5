package suite_test

import (
	"strings"
	"testing"
)

func TestPasswords(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		refused := func(t *testing.T, password string) string {
			t.Helper()
			s := w.visitor(t)
			s.get("/register")
			name := "pw" + word()
			p := s.submit("Register", map[string]string{"Username": name, "Email address": name + "@example.com", "Password": password, "terms": ""})
			if strings.Contains(p.Body, password) && len(password) > 3 {
				t.Error("a password was sent back")
			}
			return p.FieldProblem("password")
		}
		w.row(t, "C1 C2 C3", "14 and 15 characters, 64, emoji, spaces, only small letters", func(t *testing.T) {
			for password, fine := range map[string]bool{"qzvmwrtkplhgbn": false, "qzvmwrtkplhgbnx": true, strings.Repeat("qzvmw rtkpl ", 6): true,
				"🦦🐙🦔🐝🦩🐢🦉🐡🦑🐌🦚🐠🦜🐬🦎": true, "sieben zahme Wölfe": true, strings.Repeat("qzvmwrtkpl", 103): false} {
				if words := refused(t, password); (words == "") != fine {
					t.Errorf("%d characters: %q", len([]rune(password)), words)
				}
			}
		})
		w.row(t, "C5", "common, repeated, keyboard, our own and the person's words", func(t *testing.T) {
			for _, password := range []string{"password12345678", "P@ssw0rd12345678", "qwertyuiopasdfgh", "aaaaaaaaaaaaaaaaaa", "123456789012345678", "watchword20262026", "abcabcabcabcabcabc"} {
				if refused(t, password) == "" {
					t.Errorf("%q was taken", password)
				}
			}
			s := w.visitor(t)
			s.get("/register")
			name := "quentinfoxglove"
			if p := s.submit("Register", map[string]string{"Username": name, "Email address": name + "@example.com", "Password": name + "2026", "terms": ""}); p.FieldProblem("password") == "" {
				t.Error("the own username with a year was taken")
			}
		})
		w.row(t, "C4", "letter 73 and the case of a long password", func(t *testing.T) {
			a := w.visitor(t)
			a.password = strings.Repeat("qz vmw rtkpl ", 6) + "Xylophone"
			a.get(a.signup())
			a.submit("Confirm", nil)
			for _, wrong := range []string{a.password[:72], a.password[:72] + "z" + a.password[73:], strings.ToLower(a.password), a.password + " ", " " + a.password} {
				s := a.again(t)
				if s.enter(a.name, wrong); s.b.Page.HasField("code") || s.signedIn() {
					t.Errorf("%q opened too", wrong)
				}
			}
			a.again(t).login()
		})
		w.row(t, "C2 NFC", "a password typed composed, then decomposed", func(t *testing.T) {
			a := w.visitor(t)
			a.password = "dreizehn müde Bären nähen"
			a.get(a.signup())
			a.submit("Confirm", nil)
			a.password = strings.NewReplacer("ü", "u\u0308", "ä", "a\u0308").Replace(a.password)
			a.again(t).login()
		})
	})
}
