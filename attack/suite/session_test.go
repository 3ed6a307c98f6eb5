package suite_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.newcomer(t)
		a.addApp()
		w.row(t, "C38 B9", "a session planted before the log-in", func(t *testing.T) { fixation(t, w, a.in(t)) })
		w.row(t, "C39 C40", "what the cookies hold", func(t *testing.T) {
			b := a.again(t)
			b.login()
			token := b.b.Cookie("session")
			if len(token) < 22 { // 128 bits in base64
				t.Errorf("a session of %d characters", len(token))
			}
			for name, v := range b.b.Cookies() {
				if strings.Contains(v, b.name) || strings.Contains(v, "@") {
					t.Errorf("cookie %s holds personal data", name)
				}
			}
		})
		w.row(t, "C41", "a session after an hour of silence, and after a day of use", func(t *testing.T) { ends(t, w, a.in(t)) })
		w.row(t, "C42 B16", "a stolen cookie after the log-out", func(t *testing.T) {
			b := a.again(t)
			b.login()
			thief := b.b.Copy()
			b.get("/logout")
			p := b.submit("Log out", nil)
			if p, err := thief.Do("GET", "/session", nil); err != nil || p.Status != 401 {
				t.Errorf("the session lives after the log-out: %v %v", p, err)
			}
			if b.signedIn() {
				t.Error("still signed in")
			}
			_ = p
		})
		w.row(t, "B16 C46", "a grant of a step-up after the log-out, in another session, and for another action", func(t *testing.T) { grants(t, w, a.in(t)) })
		w.row(t, "C51 C64 links", "a link to a step-up that names another post, and words for the text", func(t *testing.T) { crafted(t, w) })
		w.row(t, "C42 C7", "other sessions after the password changed; a change without or with a wrong password", func(t *testing.T) { changePassword(t, w) })
		w.row(t, "C43", "ending another session asks for a fresh proof, and ends it at once", func(t *testing.T) {
			a := w.newcomer(t)
			b := a.again(t)
			b.login()
			must(t, w.Sim.Advance("6m"))
			a.get("/profile/security")
			p := a.submit("Log out everywhere else", nil)
			if !strings.HasPrefix(p.Path(), "/stepup") {
				t.Errorf("sessions end without a proof: %s", p.URL)
			}
			a.prove()
			if a.b.Page.HasButton("Log out everywhere else") {
				a.submit("Log out everywhere else", nil)
			}
			if b.signedIn() {
				t.Error("the other session lives")
			}
			if !a.signedIn() {
				t.Error("the acting session ended too")
			}
		})
		w.row(t, "C56 C57", "failed and right log-ins stand in the person's own log", func(t *testing.T) {
			b := w.newcomer(t)
			count := func() int {
				return strings.Count(strings.ToLower(b.get("/profile/activity").Words()), "wrong failed")
			}
			before := count()
			w.visitor(t).enter(b.name, "wrong words for this one\r\nforged: line")
			if n := count(); n != before+1 {
				t.Errorf("one failure is told %d times: %s", n-before, b.b.Page.Words())
			}
		})
	})
}

func fixation(t *testing.T, w *world, a *actor) {
	b := a.again(t)
	planted := strings.Repeat("A", 43)
	b.b.SetCookie(b.b.CookieName("session"), planted)
	b.b.SetCookie(b.b.CookieName("login"), planted)
	b.login()
	if got := b.b.Cookie("session"); got == planted {
		t.Fatal("the planted session was taken over")
	}
	first := b.b.Cookie("session")
	old := b.b.Copy()
	b.get("/profile/username")
	b.submit("Change username", map[string]string{"Username": b.name})
	b.prove()
	if b.b.Cookie("session") == first {
		t.Error("the session kept its name over a step-up")
	}
	if p, err := old.Do("GET", "/session", nil); err != nil || p.Status != 401 {
		t.Error("the session from before the step-up lives")
	}
	// An earlier session of the same browser dies when it logs in anew.
	c := a.again(t)
	c.login()
	before := c.b.Copy()
	for n := range c.b.Cookies() {
		if strings.HasSuffix(n, "session") {
			before.SetCookie(n, c.b.Cookie("session"))
		}
	}
	c.get("/logout")
	c.submit("Log out", nil)
	c.login()
	if p, err := before.Do("GET", "/session", nil); err != nil || p.Status != 401 {
		t.Error("the earlier session lives after logging in again")
	}
}

func ends(t *testing.T, w *world, a *actor) {
	b := a.again(t)
	b.login()
	must(t, w.Sim.Advance("58m"))
	b.get("/profile")
	if !b.signedIn() {
		t.Error("ended after 58 minutes of silence")
	}
	must(t, w.Sim.Advance("62m"))
	if b.signedIn() {
		t.Error("alive after 62 minutes of silence")
	}
	c := a.again(t)
	c.login()
	for range 30 {
		must(t, w.Sim.Advance("50m"))
		p, err := c.b.Get("/profile")
		must(t, err)
		if p.Path() == "/login" {
			break
		}
	}
	if c.signedIn() {
		t.Error("alive after 25 hours of use")
	}
}

// grants proves for one action and tries to spend it elsewhere.
func grants(t *testing.T, w *world, a *actor) {
	b := a.again(t)
	b.login()
	b.get("/profile/username")
	b.submit("Change username", map[string]string{"Username": "x" + word()})
	b.prove()
	// Another action wants its own proof.
	b.get("/profile/security/recovery-codes")
	if p := b.submit("Make", nil); !strings.HasPrefix(p.Path(), "/stepup") {
		t.Errorf("the proof for a username made recovery codes: %s %s", p.URL, p.Words())
	}
	// Another session of the same person as well.
	c := a.again(t)
	c.name = a.email
	c.login()
	must(t, w.Sim.Advance("6m"))
	c.get("/profile/username")
	if p := c.submit("Change username", map[string]string{"Username": "y" + word()}); !strings.HasPrefix(p.Path(), "/stepup") {
		t.Errorf("the proof of one session served another: %s", p.URL)
	}
	c.prove()
	thief := c.b.Copy()
	c.get("/logout")
	c.submit("Log out", nil)
	p, err := thief.Do(http.MethodPost, "/profile/username", map[string][]string{"username": {"z" + word()}})
	must(t, err)
	if p.Path() != "/login" && p.Status != 401 && p.Status != 403 {
		t.Errorf("a grant outlived the log-out: %s %d", p.URL, p.Status)
	}
}

func changePassword(t *testing.T, w *world) {
	a := w.newcomer(t)
	other := a.again(t)
	other.login()
	fresh := "Seven calm whales sing 3 songs"
	for _, current := range []string{"", "wrong words for this one"} {
		a.get("/profile/password")
		a.submit("Change password", map[string]string{"current": current, "password": fresh})
		a.prove()
		if a.b.Page.HasButton("Change password") && a.b.Page.FieldProblem("current") == "" {
			a.submit("Change password", map[string]string{"current": current, "password": fresh})
		}
		if a.b.Page.FieldProblem("current") == "" {
			t.Errorf("no words at the current password: %s %s", a.b.Page.URL, a.b.Page.Words())
		}
	}
	mark := a.mark(a.email)
	a.get("/profile/password")
	a.submit("Change password", map[string]string{"current": a.password, "password": fresh})
	a.prove()
	if a.b.Page.HasButton("Change password") {
		a.submit("Change password", map[string]string{"current": a.password, "password": fresh})
	}
	a.arrives(mark, a.email, "password")
	if other.signedIn() {
		t.Error("another session lives after the password changed")
	}
	if !a.signedIn() {
		t.Error("the acting session ended")
	}
	s := a.again(t)
	if s.enter(a.name, a.password); s.b.Page.HasField("code") {
		t.Error("the old password still opens")
	}
	a.password = fresh
	a.again(t).login()
}

// crafted follows a link that somebody else made: proving must lead to no post that the person did not make, and the
// text must say nothing that the link said.
func crafted(t *testing.T, w *world) {
	a := w.newcomer(t)
	a.addPhone(mobile())
	must(t, w.Sim.Advance("6m"))
	mark := a.mark(a.number)
	a.get("/stepup?action=change_username&next=/&post=/logout&kept=AAAAAAAAAAAAAAAAAAAAAA&detail=tell+it+to+our+desk")
	a.prove()
	if !a.signedIn() {
		t.Error("the link logged the person out")
	}
	for _, m := range a.since(mark, a.number) {
		if strings.Contains(m.Text, "our desk") {
			t.Errorf("words of a link stand in a text: %q", m.Text)
		}
	}
	for _, next := range []string{"//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"} {
		must(t, w.Sim.Advance("6m"))
		a.get("/stepup?action=change_username&next=" + url.QueryEscape(next))
		a.prove()
		if a.b.Page.URL.Host != strings.TrimPrefix(strings.TrimPrefix(w.URL, "https://"), "http://") {
			t.Fatalf("%q led to %s", next, a.b.Page.URL)
		}
	}
}
