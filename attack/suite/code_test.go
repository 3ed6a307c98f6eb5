package suite_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"watchword/attack/client"
)

func TestCodes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.row(t, "B5", "the right code after five wrong ones", func(t *testing.T) {
			b := w.newcomer(t)
			b.addPhone(mobile())
			b = b.again(t)
			right := b.begin()
			for i := range 5 {
				if p := b.submit(b.button(), map[string]string{"code": wrongCode(right, i)}); p.Status < 400 {
					t.Fatalf("guess %d was answered %d: %s", i+1, p.Status, p.Words())
				}
			}
			if b.b.Page.HasField("code") {
				b.submit(b.button(), map[string]string{"code": right})
			}
			if b.post("/login/code", map[string][]string{"code": {right}}); b.signedIn() {
				t.Error("the sixth guess opened")
			}
		})
		w.row(t, "C17", "a code after 5 minutes by SMS, 10 by email", func(t *testing.T) {
			b := w.newcomer(t)
			c := b.again(t)
			late := c.begin()
			must(t, w.Sim.Advance("10m30s"))
			if c.post("/login/code", map[string][]string{"code": {late}}); c.signedIn() {
				t.Error("an emailed code counted after more than 10 minutes")
			}
			b.addPhone(mobile())
			c = b.again(t)
			late = c.begin()
			must(t, w.Sim.Advance("5m30s"))
			if c.post("/login/code", map[string][]string{"code": {late}}); c.signedIn() {
				t.Error("a texted code counted after more than 5 minutes")
			}
		})
		w.row(t, "C19", "the code of another person, another log-in, another purpose", func(t *testing.T) { foreignCodes(t, w) })
		w.row(t, "C14 B6", "wrong codes over new log-ins and re-sends: the budget keeps falling", func(t *testing.T) { budgetFalls(t, w) })
		w.row(t, "C13 B6", "100 wrong authenticator codes over many log-ins: that factor is off, another still opens", func(t *testing.T) { hundred(t, w) })
		w.row(t, "C15", "wrong passwords leave the codes' budget alone", func(t *testing.T) {
			b := w.newcomer(t)
			b.addApp()
			s := w.visitor(t)
			for range 6 {
				s.enter(b.name, "wrong words for this one")
			}
			b.get("/profile/security")
			if b.b.Page.Says("6 wrong codes") {
				t.Error("wrong passwords were counted as codes")
			}
			b.again(t).login()
		})
		w.row(t, "C63 C64 C16 B17", "what the texts say", func(t *testing.T) { textsSay(t, w) })
	})
}

// begin types name and password, and returns the code that came.
func (a *actor) begin() string {
	a.t.Helper()
	texts, mails := "", a.mark(a.email)
	if a.number != "" {
		texts = a.mark(a.number)
	}
	a.enter(a.name, a.password)
	if a.b.Page.Says("by SMS to") {
		return a.code(texts, a.number)
	}
	return a.code(mails, a.email)
}

func foreignCodes(t *testing.T, w *world) {
	a, b := w.newcomer(t), w.newcomer(t)
	a.addPhone(mobile())
	b.addPhone(mobile())
	a2, b2 := a.again(t), b.again(t)
	codeA, codeB := a2.begin(), b2.begin()
	if codeA != codeB {
		if b2.submit(b2.button(), map[string]string{"code": codeA}); b2.signedIn() {
			t.Error("the code of one person opened the profile of another")
		}
	}
	// A second log-in of the same person, while the first waits.
	must(t, w.Sim.Advance("2m"))
	a3 := a.again(t)
	codeA3 := a3.begin()
	if codeA3 != codeA {
		if a3.submit(a3.button(), map[string]string{"code": codeA}); a3.signedIn() {
			t.Error("the code of one log-in opened another")
		}
		if a2.submit(a2.button(), map[string]string{"code": codeA3}); a2.signedIn() {
			t.Error("the code of a later log-in opened an earlier one")
		}
	}
	// The code of a log-in where a change wants its own.
	must(t, w.Sim.Advance("2m"))
	b3 := b.again(t)
	login := b3.begin()
	b.get("/profile/username")
	mark := b.mark(b.number)
	b.submit("Change username", map[string]string{"Username": "new" + word()})
	for range 3 {
		if b.b.Page.HasField("password") {
			b.submit("Continue", map[string]string{"Password": b.password})
		} else if !b.b.Page.HasField("code") {
			b.submit("Continue", nil)
		}
	}
	own := ""
	if b.b.Page.Says("by SMS to") {
		own = b.code(mark, b.number)
	}
	if login != own {
		b.submit(b.button(), map[string]string{"code": login})
		if !strings.HasPrefix(b.b.Page.Path(), "/stepup") {
			t.Errorf("the code of a log-in allowed a change: %s", b.b.Page.URL)
		}
	}
}

func budgetFalls(t *testing.T, w *world) {
	a := w.newcomer(t)
	a.addPhone(mobile())
	wrong := 0
	for flow := range 4 {
		b := a.again(t)
		mark := b.mark(b.number)
		b.enter(b.name, b.password)
		if !b.b.Page.HasField("code") || !b.b.Page.Says("by SMS") {
			break
		}
		right := b.code(mark, b.number)
		for i := range 5 {
			if i == 2 && flow == 0 {
				must(t, w.Sim.Advance("31s"))
				b.submit("Send the code again", nil)
			}
			if !b.b.Page.HasField("code") {
				break
			}
			p := b.submit(b.button(), map[string]string{"code": wrongCode(right, i)})
			if p.Status == 422 {
				wrong++
			}
		}
		must(t, w.Sim.Advance("2m5s")) // past the cool-down, within the wait after ten
	}
	if wrong > 12 {
		t.Errorf("%d guesses were looked at without a wait", wrong)
	}
	if wrong < 10 {
		t.Errorf("only %d guesses were looked at before it waited: fewer than promised", wrong)
	}
	a.get("/profile/security")
	if !a.b.Page.Says("10 wrong codes") && !a.b.Page.Says("11 wrong codes") && !a.b.Page.Says("12 wrong codes") {
		t.Errorf("the security page does not tell of the wrong codes: %s", a.b.Page.Words())
	}
}

// hundred guesses authenticator codes until nothing is looked at any more.
func hundred(t *testing.T, w *world) {
	a := w.newcomer(t)
	a.addPhone(mobile())
	a.addApp()
	mark := a.mark(a.email)
	looked, off := 0, false
	for flow := 0; flow < 130 && !off; flow++ {
		b := a.again(t)
		if p := b.enter(b.name, b.password); p.Status >= 400 {
			t.Fatalf("log-in %d: %d %s", flow, p.Status, p.Words())
		}
		b.get("/login/totp")
		if b.b.Page.Path() != "/login/totp" || !b.b.Page.HasField("code") {
			off = true
			break
		}
		now, err := w.Sim.Now()
		must(t, err)
		right, err := client.TOTP(a.seed, now)
		must(t, err)
		for i := range 5 {
			if !b.b.Page.HasField("code") {
				break
			}
			p := b.submit(b.button(), map[string]string{"code": wrongCode(right, 20+i)})
			if p.Status == 422 {
				looked++
			} else {
				break
			}
		}
		must(t, w.Sim.Advance("61m"))
	}
	if !off || looked > 100 || looked < 95 { // the last one is told that it is off
		t.Errorf("after %d guesses that were looked at the factor is off: %v", looked, off)
	}
	a.in(t).arrives(mark, a.email, "wrong")
	a.seed = ""
	must(t, w.Sim.Advance("25h")) // each of these log-ins had sent a text, too
	a.again(t).login()            // by SMS
}

var originLine = regexp.MustCompile(`(?m)^@localhost #(\d{6})$`)

func textsSay(t *testing.T, w *world) {
	a := w.newcomer(t)
	a.addPhone(mobile())
	check := func(purpose string, m client.Message) {
		t.Helper()
		if all := originLine.FindStringSubmatch(m.Text); all == nil || !strings.HasSuffix(strings.TrimRight(m.Text, "\n"), all[0]) {
			t.Errorf("the last line of a text is not bound to the place: %q", m.Text)
		}
		if len(m.Links()) > 0 || strings.Contains(m.Text, "://") {
			t.Errorf("a text with a code carries a link: %q", m.Text)
		}
		if !strings.Contains(strings.ToLower(m.Text), purpose) {
			t.Errorf("a text does not say that it is for %q: %q", purpose, m.Text)
		}
		if low := strings.ToLower(m.Text); !strings.Contains(low, "never") && !strings.Contains(low, "do not") && !strings.Contains(low, "don't") {
			t.Errorf("a text does not warn of telling the code: %q", m.Text)
		}
	}
	all, err := w.Sim.Messages(a.number)
	must(t, err)
	check("number", all[0])
	mark := a.mark(a.number)
	b := a.again(t)
	b.enter(b.name, b.password)
	b.code(mark, b.number)
	check("log", b.since(mark, b.number)[0])
	for _, f := range b.b.Page.Forms() {
		for _, x := range f.Fields {
			if x.Name == "code" && (x.Autocomplete != "one-time-code" || x.InputMode != "numeric") {
				t.Errorf("the field of the code has autocomplete %q and inputmode %q", x.Autocomplete, x.InputMode)
			}
		}
	}
	must(t, w.Sim.Advance("2m5s"))
	a.get("/profile/username")
	mark = a.mark(a.number)
	a.submit("Change username", map[string]string{"Username": "new" + word()})
	for until := time.Now().Add(soon); len(a.since(mark, a.number)) == 0 && time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if a.b.Page.HasField("password") {
			a.submit("Continue", map[string]string{"Password": a.password})
		} else if !a.b.Page.HasField("code") {
			a.submit("Continue", nil)
		}
	}
	if got := a.since(mark, a.number); len(got) == 0 {
		t.Errorf("no text for the change of a username: %s", a.b.Page.Words())
	} else {
		check("username", got[0])
	}
}
