package suite_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// ask asks for a code to a number, however it is written, and says whether the page shows that one is on its way.
func (a *actor) ask(number string) bool {
	a.t.Helper()
	a.get("/profile/phone")
	fields := map[string]string{"number": number, "country": "GB"}
	a.submit("Send a code", fields)
	a.prove()
	if a.b.Page.Path() == "/profile/phone" && len(a.b.Page.Problems()) == 0 && a.b.Page.HasButton("Send a code") {
		a.submit("Send a code", fields)
	}
	if a.b.Page.Path() == "/profile/phone" && a.b.Page.FieldProblem("number") == "" && len(a.b.Page.Problems()) == 0 {
		a.t.Errorf("refused without words: %s", a.b.Page.Words())
	}
	return a.b.Page.Path() == "/profile/phone/code"
}

// texts counts what arrived at a number, after what is on its way had time to.
func texts(t *testing.T, w *world, number string) int {
	t.Helper()
	n := -1
	for range 40 {
		all, err := w.Sim.Messages(number)
		must(t, err)
		if len(all) == n {
			return n
		}
		n = len(all)
		time.Sleep(150 * time.Millisecond)
	}
	return n
}

func TestNumbers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.row(t, "B18 numbers", "twelve spellings of one number by twelve people: one bucket", func(t *testing.T) {
			n := mobile() // +447…
			d := n[3:]
			on := 0
			for _, spelling := range []string{n, "0044" + d, "0" + d, "+44 (0)" + d, " 44" + d, "+44-" + d[:4] + "-" + d[4:], "0" + d[:4] + " " + d[4:], "٠" + d, "+44." + d, "＋44" + d, "(0" + d[:4] + ") " + d[4:], "00 44 " + d} {
				if w.newcomer(t).ask(spelling) {
					on++
				}
			}
			if got := texts(t, w, n); got > 5 || got == 0 {
				t.Errorf("%d texts to one number within minutes; %d pages promised one", got, on)
			}
		})
		w.row(t, "B3", "26 people ask for one number over half a day; then it answers STOP", func(t *testing.T) { bombing(t, w) })
		w.row(t, "C21", "re-sends of one code in a row", func(t *testing.T) {
			a := w.newcomer(t)
			n := mobile()
			a.ask(n)
			for range 12 {
				a.submit("Send the code again", nil)
				a.get("/profile/phone/code")
			}
			if got := texts(t, w, n); got > 2 {
				t.Errorf("%d texts within seconds", got)
			}
		})
		w.row(t, "C22 C23", "numbers that take no codes; what is offered beside SMS; email is called weak", func(t *testing.T) {
			a := w.newcomer(t)
			for _, bad := range []string{"+442079460123", "+12345", "999", "+882161234567", "+2250707123456", "+447700900123456789", "0909 879 0123"} {
				if a.ask(bad) {
					t.Errorf("%q was taken", bad)
				}
			}
			for _, path := range []string{"/welcome/two-factor", "/profile/security/add"} {
				p := a.get(path)
				for _, words := range []string{"Mobile number", "Authenticator app", "Passkey"} {
					if !p.Says(words) {
						t.Errorf("%s does not offer %q", path, words)
					}
				}
			}
			if p := a.get("/profile/security/add"); !p.Says("weak") {
				t.Error("email is not called weak")
			}
		})
		w.row(t, "C60", "sign-ups in a row from one address", func(t *testing.T) {
			s := w.visitor(t)
			asked := false
			for range 6 {
				name := "f" + word()
				s.get("/register?change=1")
				if !s.b.Page.HasButton("Register") {
					s.b.Page = s.get("/register")
				}
				p, err := s.b.Do("POST", "/register", map[string][]string{"username": {name}, "email": {name + "@example.com"}, "password": {passphrase}, "terms": {"yes"}})
				must(t, err)
				asked = asked || strings.Contains(p.Body, "altcha") || p.Says("did not show that you are a person") || p.Status == 403 || p.Status == 429
			}
			if !asked {
				t.Error("nothing held six sign-ups from one address up")
			}
		})
	})
}

func bombing(t *testing.T, w *world) {
	n := mobile()
	promised := 0
	for range 26 {
		if w.newcomer(t).ask(n) {
			promised++
		}
		must(t, w.Sim.Advance("31m"))
	}
	got := texts(t, w, n)
	t.Logf("26 people asked: %d pages promised a text, %d came", promised, got)
	if got > 20 || got == 0 {
		t.Errorf("%d texts to one number in a day", got)
	}
	all, err := w.Sim.Messages(n)
	must(t, err)
	must(t, w.Sim.Advance("25h"))
	must(t, w.Sim.Inbound(n, all[0].From, "STOP"))
	time.Sleep(2 * time.Second) // nothing outside shows that it was heard
	before := texts(t, w, n)
	for i := range 3 {
		if w.newcomer(t).ask(n) && i == 2 {
			t.Logf("the page after STOP: %s", w.URL)
		}
		must(t, w.Sim.Advance("5m"))
	}
	if after := texts(t, w, n); after > before {
		t.Error(fmt.Sprint(after-before, " texts after STOP"))
	}
}
