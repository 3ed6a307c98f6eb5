package suite_test

import (
	"regexp"
	"strings"
	"testing"
)

// forgot asks for a reset link and returns it.
func (a *actor) forgot() string {
	a.t.Helper()
	mark := a.mark(a.email)
	a.get("/forgot")
	a.submit("Send me a link", map[string]string{"Username": a.name})
	return a.link(mark, a.email, "reset")
}

func TestRecovery(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.row(t, "C31", "an old link after a new request, a used one, an expired one, after the password changed", func(t *testing.T) { resetLinks(t, w) })
		w.row(t, "C32 C33", "a mailbox alone against two-factor", func(t *testing.T) { mailboxAlone(t, w) })
		w.row(t, "C34", "an unconfirmed recovery address", func(t *testing.T) {
			a := w.newcomer(t)
			second := "second" + word() + "@example.com"
			a.get("/profile/security/recovery-address")
			mark := a.mark(second)
			a.submit("Send the link", map[string]string{"Email address": second})
			a.prove()
			if a.b.Page.HasButton("Send the link") {
				a.submit("Send the link", map[string]string{"Email address": second})
			}
			a.link(mark, second, "/")
			before := a.mark(second)
			s := w.visitor(t)
			s.get("/forgot")
			s.submit("Send me a link", map[string]string{"Username": second})
			m := a.mark(a.email)
			s.get("/forgot")
			s.submit("Send me a link", map[string]string{"Username": a.name})
			a.link(m, a.email, "reset")
			for _, x := range a.since(before, second) {
				if strings.Contains(x.Text, "reset") {
					t.Error("an unconfirmed address got a reset link")
				}
			}
		})
		w.row(t, "C25 C46 B12", "a hijacked session changes the number; the old one takes it back", func(t *testing.T) { numberTakeover(t, w) })
		w.row(t, "C46 C26", "every change with a session that proved nothing lately", func(t *testing.T) { stepUps(t, w) })
		w.row(t, "C30", "how recovery codes are written", func(t *testing.T) {
			a := w.newcomer(t)
			a.addApp()
			if len(a.codes) != 10 {
				t.Fatalf("%d recovery codes", len(a.codes))
			}
			one := regexp.MustCompile(`^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{5}$`) // 13 of 32 signs: 65 bits
			seen := map[string]bool{}
			for _, c := range a.codes {
				if !one.MatchString(c) || seen[c] {
					t.Errorf("recovery code %q", c)
				}
				seen[c] = true
			}
		})
		w.row(t, "C35", "what is told to the person when security changes", func(t *testing.T) {
			a := w.newcomer(t)
			mark := a.mark(a.email)
			a.addApp()
			m := a.arrives(mark, a.email, "authenticator")
			if !strings.Contains(strings.ToLower(m.Text), "not you") && !strings.Contains(strings.ToLower(m.Text), "was not") {
				t.Errorf("the notice does not say what to do: %q", m.Text)
			}
		})
	})
}

func resetLinks(t *testing.T, w *world) {
	a := w.newcomer(t)
	first := a.again(t).forgot()
	must(t, w.Sim.Advance("3m"))
	second := a.again(t).forgot()
	s := w.visitor(t)
	if p := s.get(first); p.Status < 400 || p.HasField("password") {
		t.Errorf("the older link still works: %d", p.Status)
	}
	must(t, w.Sim.Advance("31m"))
	if p := s.get(second); p.Status < 400 || p.HasField("password") {
		t.Errorf("a link of 31 minutes works: %d", p.Status)
	}
	third := a.again(t).forgot()
	s = w.visitor(t)
	s.get(third)
	a.password = "Eleven odd geese read 2 maps"
	s.submit("Save the new password", map[string]string{"password": a.password})
	if s.signedIn() {
		t.Error("a reset logged in (C32)")
	}
	if p := w.visitor(t).get(third); p.Status < 400 {
		t.Error("a used link works")
	}
	if a.signedIn() {
		t.Error("a session outlived the reset")
	}
	a.again(t).login()
	must(t, w.Sim.Advance("3m"))
	// A change of password kills the link that was asked for before.
	b := w.newcomer(t)
	link := b.again(t).forgot()
	b.get("/profile/password")
	fields := map[string]string{"current": b.password, "password": "Eleven odd geese read 2 maps"}
	b.submit("Change password", fields)
	b.prove()
	if b.b.Page.HasButton("Change password") {
		b.submit("Change password", fields)
	}
	if p := w.visitor(t).get(link); p.Status < 400 {
		t.Error("a link outlived the change of password")
	}
}

func mailboxAlone(t *testing.T, w *world) {
	a := w.newcomer(t)
	a.addApp()
	thief := w.visitor(t)
	thief.name, thief.email = a.name, a.email
	thief.get(thief.forgot())
	p := thief.b.Page
	if p.HasField("password") {
		t.Fatal("the link alone lets choose a new password")
	}
	if p.HasButton("Code by email") {
		t.Error("the mailbox is offered as the second proof of itself")
	}
	thief.post("/reset-password/choose", map[string][]string{"way": {"email"}})
	if thief.b.Page.Says("by email to") {
		t.Error("a code by email was sent for a reset by email")
	}
	p = thief.post("/reset-password", map[string][]string{"password": {"Eleven odd geese read 2 maps"}})
	if p.Path() == "/login" {
		t.Error("posting past the proof saved a password")
	}
	a.again(t).login()
}

func numberTakeover(t *testing.T, w *world) {
	a := w.newcomer(t)
	old := mobile()
	a.addPhone(old)
	must(t, w.Sim.Advance("6m"))
	thief := a.b.Copy()
	p, err := thief.Do("POST", "/profile/phone", map[string][]string{"number": {mobile()}, "country": {"GB"}})
	must(t, err)
	if !strings.HasPrefix(p.Path(), "/stepup") {
		t.Fatalf("a plain session may change the number: %s", p.URL)
	}
	texts, mails, fresh := a.mark(old), a.mark(a.email), mobile()
	a.get("/profile/phone")
	mark := a.mark(fresh)
	a.submit("Send a code", map[string]string{"number": fresh})
	a.prove()
	if a.b.Page.HasButton("Send a code") {
		a.submit("Send a code", map[string]string{"number": fresh})
	}
	a.submit("Confirm the number", map[string]string{"code": a.code(mark, fresh)})
	m := a.arrives(texts, old, "number")
	for _, x := range a.since(texts, old) {
		if x.Code() == "" && len(x.Links()) > 0 {
			m = x
		}
	}
	a.arrives(mails, a.email, "number")
	a.number = fresh
	// The new number opens a log-in and no reset.
	b := a.again(t)
	b.get(b.forgot())
	if b.b.Page.HasButton("Code by SMS") { // to the number that was replaced
		to, too := b.mark(fresh), b.mark(old)
		if b.submit("Code by SMS", nil); b.b.Page.HasField("code") {
			b.code(too, old)
		}
		if got := b.since(to, fresh); len(got) > 0 {
			t.Errorf("a number of a few minutes gets codes for a reset: %q", got[0].Text)
		}
	}
	link := m.Link()
	if link == "" { // the mail has it too; the newest mail is the one for the reset by now
		link = a.link(mails, a.email, "/profile/number/cancel")
	}
	b.get(link)
	if !a.signedIn() {
		t.Error("opening the link did something")
	}
	twice := b.fill("Take it back", nil)
	b.submit("Take it back", nil)
	if p := b.post("/profile/number/cancel", twice.Values); p.Status != 200 || !p.Says("taken back") {
		t.Errorf("a double press: %d %s", p.Status, p.Words())
	}
	if a.signedIn() {
		t.Error("the session that changed the number lives")
	}
	a.number = old
	must(t, w.Sim.Advance("5m"))
	a.again(t).login()
}

// stepUps posts every change with a session whose proofs are old.
func stepUps(t *testing.T, w *world) {
	a := w.newcomer(t)
	a.addPhone(mobile())
	a.addApp()
	must(t, w.Sim.Advance("6m"))
	for path, fields := range map[string]map[string][]string{
		"/profile/username": {"username": {"x" + word()}}, "/profile/email": {"email": {"x" + word() + "@example.com"}},
		"/profile/password": {"current": {a.password}, "password": {"Eleven odd geese read 2 maps"}}, "/profile/phone": {"number": {mobile()}, "country": {"GB"}},
		"/profile/security/app": {}, "/profile/security/passkey": {"label": {"key"}}, "/profile/security/email": {}, "/profile/security/off": {},
		"/profile/security/recovery-codes": {}, "/profile/security/recovery-address": {"email": {"x" + word() + "@example.com"}},
		"/profile/security/sessions/end-others": {}, "/profile/close": {}, "/profile/security/remove": {"factor": {factorID(a)}},
	} {
		p, err := a.b.Do("POST", path, fields)
		must(t, err)
		if !strings.HasPrefix(p.Path(), "/stepup") {
			t.Errorf("%s did not ask for a fresh proof: %s (%d) %s", path, p.URL, p.Status, p.Words())
		}
	}
}

var factorOf = regexp.MustCompile(`remove\?factor=([A-Za-z0-9]+)`)

func factorID(a *actor) string {
	p := a.get("/profile/security/factors/totp")
	if m := factorOf.FindStringSubmatch(p.Body); m != nil {
		return m[1]
	}
	return "none"
}
