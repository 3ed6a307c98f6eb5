package suite_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"

	"watchword/attack/client"
)

const abreast = 50

// storm sends the same press fifty times at once, each from a browser with the same cookies as b at this moment and,
// where the server would join the posts of one form by its nonce, as forms of their own. It returns the answers.
func storm(t *testing.T, b *client.Browser, f client.Filled) (all []*client.Page, after []*client.Browser) {
	t.Helper()
	f.Values = clone(f.Values)
	f.Values.Del("once")
	all, after = make([]*client.Page, abreast), make([]*client.Browser, abreast)
	gate := make(chan struct{})
	var wait sync.WaitGroup
	for i := range abreast {
		after[i] = b.Copy()
		wait.Go(func() {
			<-gate
			p, err := after[i].Do(f.Method, f.Action, f.Values)
			if err != nil {
				t.Errorf("press %d: %v", i, err)
				return
			}
			all[i] = p
			if p.Status >= 500 {
				t.Errorf("press %d: %d %s", i, p.Status, p.Words())
			}
		})
	}
	close(gate)
	wait.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return all, after
}

func clone(v url.Values) url.Values {
	out := url.Values{}
	for name, values := range v {
		out[name] = append([]string{}, values...)
	}
	return out
}

// fill prepares a press on the page that a sees.
func (a *actor) fill(button string, fields map[string]string) client.Filled {
	a.t.Helper()
	f, err := a.b.Page.Fill(button, fields)
	must(a.t, err)
	return f
}

// sessions counts the different sessions that browsers hold and the server believes.
func sessions(t *testing.T, all []*client.Browser) int {
	t.Helper()
	alive := map[string]bool{}
	for _, b := range all {
		c := b.Cookie("session")
		if c == "" || alive[c] {
			continue
		}
		p, err := b.Do("GET", "/session", nil)
		must(t, err)
		if p.Status == 200 {
			alive[c] = true
		}
	}
	return len(alive)
}

func TestRaces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.newcomer(t)
		a.addPhone(mobile())
		a.addApp()
		w.row(t, "B15 C18 code", "50 right codes of one log-in at once", func(t *testing.T) {
			b := a.again(t)
			mark := b.mark(b.number)
			b.enter(b.name, b.password)
			b.bySMS()
			_, after := storm(t, b.b, b.fill(b.button(), map[string]string{"code": b.code(mark, b.number)}))
			if n := sessions(t, after); n != 1 {
				t.Errorf("%d sessions came of one code", n)
			}
		})
		w.row(t, "B15 B16 totp", "50 posts of one authenticator code, and once more later", func(t *testing.T) {
			b := a.again(t)
			b.enter(b.name, b.password)
			b.byApp()
			code := b.totp()
			_, after := storm(t, b.b, b.fill(b.button(), map[string]string{"code": code}))
			if n := sessions(t, after); n != 1 {
				t.Errorf("%d sessions came of one code", n)
			}
			c := a.again(t)
			c.enter(c.name, c.password)
			c.byApp()
			if c.submit(c.button(), map[string]string{"code": code}); c.signedIn() {
				t.Error("the same code opened a second log-in")
			}
		})
		w.row(t, "B15 C30 recovery", "50 posts of one recovery code, and once more later", func(t *testing.T) {
			code := a.codes[0]
			a.codes = a.codes[1:]
			mark := a.mark(a.email)
			b := a.again(t)
			b.enter(b.name, b.password)
			b.get("/login/recovery")
			_, after := storm(t, b.b, b.fill(b.button(), map[string]string{"code": code}))
			if n := sessions(t, after); n != 1 {
				t.Errorf("%d sessions came of one code", n)
			}
			a.in(t).arrives(mark, a.email, "recovery code")
			c := a.again(t)
			c.enter(c.name, c.password)
			c.get("/login/recovery")
			if c.submit(c.button(), map[string]string{"code": code}); c.signedIn() {
				t.Error("the same recovery code opened a second log-in")
			}
		})
		w.row(t, "B15 wrong codes", "50 wrong codes at once: five count, none is lost", func(t *testing.T) { wrongAtOnce(t, w) })
		w.row(t, "B15 C31 reset link", "50 posts of one reset link", func(t *testing.T) { resetAtOnce(t, w) })
		w.row(t, "B15 confirm link", "50 presses of one link that proves an address", func(t *testing.T) {
			b := w.visitor(t)
			b.get(b.signup())
			_, after := storm(t, b.b, b.fill("Confirm", nil))
			if n := sessions(t, after); n != 1 {
				t.Errorf("%d sessions came of one link", n)
			}
		})
		w.row(t, "B15 username", "50 people ask for one username at once", func(t *testing.T) { oneUsername(t, w) })
		w.row(t, "B15 double click", "a form pressed twice as a browser does it: one effect, one page", func(t *testing.T) { doubleClick(t, w) })
		w.row(t, "B15 organisation", "50 presses of one form that makes an organisation", func(t *testing.T) {
			b := w.newcomer(t)
			b.get("/organisations/new")
			name := "Harbour " + word()
			storm(t, b.b, b.fill("Create organisation", map[string]string{"Name": name}))
			b.get("/organisations")
			if n := strings.Count(b.b.Page.Body, `value="OR`); n > 1 || !b.b.Page.Says("1 organisation") {
				t.Errorf("not exactly one organisation: %s", b.b.Page.Words())
			}
		})
	})
}

// bySMS and byApp choose the way at a log-in, when another is asked for.
func (a *actor) bySMS() {
	a.t.Helper()
	if a.b.Page.Path() == "/login/code" && a.b.Page.Says("by SMS") {
		return
	}
	a.submit("Code by SMS", nil)
}

func (a *actor) byApp() {
	a.t.Helper()
	a.get("/login/totp")
	a.at("/login/totp")
}

func wrongAtOnce(t *testing.T, w *world) {
	a := w.newcomer(t)
	a.addPhone(mobile())
	b := a.again(t)
	mark := b.mark(b.number)
	b.enter(b.name, b.password)
	right := b.code(mark, b.number)
	pages, after := storm(t, b.b, b.fill(b.button(), map[string]string{"code": wrongCode(right, 1)}))
	if n := sessions(t, after); n != 0 {
		t.Errorf("%d sessions came of wrong codes", n)
	}
	answers := map[int]int{}
	for _, p := range pages {
		if p.Status == 200 {
			t.Errorf("a wrong code was answered %d: %s", p.Status, p.Words())
		}
		answers[p.Status]++
	}
	t.Logf("answers %v", answers)
	if b.submit(b.button(), map[string]string{"code": right}); b.signedIn() {
		t.Error("the right code counted after five wrong ones")
	}
	// The person sees exactly five: none lost, none counted that was not looked at.
	mine := a.in(t)
	mine.get("/profile/security")
	if !mine.b.Page.Says("5 wrong codes") {
		t.Errorf("the security page does not tell of five wrong codes: %s", mine.b.Page.Words())
	}
}

// wrongCode is a code that is not this one.
func wrongCode(right string, by int) string {
	b := []byte(right)
	b[len(b)-1] = '0' + (b[len(b)-1]-'0'+byte(by%9)+1)%10
	if by >= 9 {
		b[0] = '0' + (b[0]-'0'+byte(by/9))%10
	}
	return string(b)
}

func resetAtOnce(t *testing.T, w *world) {
	a := w.newcomer(t)
	b := a.again(t)
	mark := b.mark(b.email)
	b.get("/forgot")
	b.submit(firstButton(b.b.Page), map[string]string{"username": b.name})
	b.get(b.link(mark, b.email, "/"))
	changed := b.mark(b.email)
	b.password = "Five slow herons eat 7 figs"
	pages, after := storm(t, b.b, b.fill(formButton(b.b.Page, "password"), map[string]string{"password": b.password}))
	if n := sessions(t, after); n != 0 {
		t.Errorf("a reset signed %d browsers in (C32)", n)
	}
	good := 0
	for _, p := range pages {
		if p.Status == 200 {
			good++
		}
	}
	if good != 1 {
		t.Errorf("%d of 50 were told that it worked", good)
	}
	b.arrives(changed, b.email, "password")
	b.login()
	told := 0
	for _, m := range b.since(changed, b.email) {
		if m.Code() == "" {
			told++
		}
	}
	if told > 2 {
		t.Errorf("%d notices of one reset", told)
	}
}

// firstButton is the first button of the page's main form.
func firstButton(p *client.Page) string {
	for _, f := range p.Forms() {
		for _, x := range f.Fields {
			if x.Kind != "hidden" && len(f.Buttons) > 0 {
				return f.Buttons[0].Words
			}
		}
	}
	return ""
}

// formButton is the button of the form with this field.
func formButton(p *client.Page, field string) string {
	for _, f := range p.Forms() {
		for _, x := range f.Fields {
			if x.Name == field && len(f.Buttons) > 0 {
				return f.Buttons[0].Words
			}
		}
	}
	return ""
}

func oneUsername(t *testing.T, w *world) {
	name := "solo" + word()
	var wait sync.WaitGroup
	people := make([]*actor, abreast)
	forms := make([]client.Filled, abreast)
	for i := range people {
		people[i] = w.visitor(t)
		people[i].get("/register")
		forms[i] = people[i].fill("Register", map[string]string{"Username": name, "Email address": "solo" + word() + "@example.com", "Password": passphrase, "terms": "yes"})
	}
	must(t, w.Sim.Advance("11m")) // so that none is asked to prove that it is no program
	gate := make(chan struct{})
	won := make([]bool, abreast)
	for i := range people {
		wait.Go(func() {
			<-gate
			p, err := people[i].b.Do(forms[i].Method, forms[i].Action, forms[i].Values)
			if err != nil {
				t.Errorf("press %d: %v", i, err)
				return
			}
			won[i] = p.Path() == "/register/waiting"
			if p.Status >= 500 || !won[i] && p.FieldProblem("username") == "" && !p.Says("person") {
				t.Errorf("press %d: %d without words at the username: %s", i, p.Status, p.Words())
			}
		})
	}
	close(gate)
	wait.Wait()
	n := 0
	for _, x := range won {
		if x {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d of 50 got one username", n)
	}
	must(t, w.Sim.Advance("11m"))
}

// doubleClick presses forms twice at once with everything that the form holds.
func doubleClick(t *testing.T, w *world) {
	twice := func(a *actor, f client.Filled) (paths [2]string) {
		t.Helper()
		var wait sync.WaitGroup
		for i, b := range []*client.Browser{a.b, a.b} {
			wait.Go(func() {
				p, err := b.Do(f.Method, f.Action, f.Values)
				if err != nil {
					t.Error(err)
					return
				}
				a.sane(p)
				paths[i] = p.Path()
			})
		}
		wait.Wait()
		return paths
	}
	a := w.visitor(t)
	a.name = "p" + word()
	a.email = a.name + "@example.com"
	a.get("/register")
	if got := twice(a, a.fill("Register", map[string]string{"Username": a.name, "Email address": a.email, "Password": a.password, "terms": "yes"})); got != [2]string{"/register/waiting", "/register/waiting"} {
		t.Errorf("registering led to %q", got)
	}
	a.get(a.link("", a.email, "/register/"))
	if got := twice(a, a.fill("Confirm", nil)); got[0] != got[1] || !a.signedIn() {
		t.Errorf("confirming led to %q", got)
	}
	if all := a.since("", a.email); len(all) != 1 {
		t.Errorf("%d mails for one registration", len(all))
	}
	b := a.again(t)
	mark := b.mark(b.email)
	b.get("/login")
	if got := twice(b, b.fill("Log in", map[string]string{"Username": b.name, "Password": b.password})); got[0] != got[1] {
		t.Errorf("the log-in led to %q", got)
	}
	code := b.code(mark, b.email)
	b.get("/login/code")
	if got := twice(b, b.fill(b.button(), map[string]string{"code": code})); got[0] != got[1] || !b.signedIn() {
		t.Errorf("the code led to %q", got)
	}
	if all := b.since(mark, b.email); len(all) > 2 { // the code, and a notice of a new browser
		t.Errorf("%d mails for one log-in", len(all))
	}
}
