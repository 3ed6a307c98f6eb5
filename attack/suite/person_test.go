package suite_test

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"watchword/attack/client"
)

// soon is how long a message may take to arrive, on a machine that does much else.
const soon = 20 * time.Second

const passphrase = "Nine quiet otters drink 4 teas"

// network keeps runs against one server apart; every browser has an address of its own.
var network, hosts = pick(1, 250), atomic.Uint32{}

func pick(from, to int64) int64 {
	n, err := rand.Int(rand.Reader, big.NewInt(to-from))
	if err != nil {
		panic(err)
	}
	return from + n.Int64()
}

func source() string {
	n := hosts.Add(1)
	return fmt.Sprintf("127.%d.%d.%d", network, n/250%250, 1+n%250)
}

func word() string {
	var b [5]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// mobile is a British number, likely in a prefix that no other shares: seven digits are one bucket. 0746 to 0749 hold
// no ranges of the islands, which are other countries.
func mobile() string { return fmt.Sprintf("+447%d%07d", pick(46, 50), pick(0, 10_000_000)) }

// actor is a person, or a stranger, with a browser.
type actor struct {
	t      *testing.T
	w      *world
	b      *client.Browser
	source string

	name, email, password string
	number, seed          string
	codes                 []string // recovery codes
}

// visitor is somebody of whom nothing is known.
func (w *world) visitor(t *testing.T) *actor {
	t.Helper()
	from := source()
	b, err := client.New(w.URL, from)
	must(t, err)
	return &actor{t: t, w: w, b: b, source: from, password: passphrase}
}

// again is the same person at another browser and address.
func (a *actor) again(t *testing.T) *actor {
	t.Helper()
	b := a.w.visitor(t)
	b.name, b.email, b.password, b.number, b.seed, b.codes = a.name, a.email, a.password, a.number, a.seed, a.codes
	return b
}

// in makes failures of a's operations failures of t.
func (a *actor) in(t *testing.T) *actor { c := *a; c.t = t; return &c }

func (a *actor) get(path string) *client.Page {
	a.t.Helper()
	p, err := a.b.Get(path)
	must(a.t, err)
	a.sane(p)
	return p
}

func (a *actor) submit(button string, fields map[string]string) *client.Page {
	a.t.Helper()
	p, err := a.b.Submit(button, fields)
	must(a.t, err)
	a.sane(p)
	return p
}

func (a *actor) post(path string, fields url.Values) *client.Page {
	a.t.Helper()
	p, err := a.b.Post(path, fields)
	must(a.t, err)
	a.sane(p)
	return p
}

// sane fails when the server itself failed.
func (a *actor) sane(p *client.Page) {
	a.t.Helper()
	if p.Status >= 500 {
		a.t.Errorf("%s answered %d: %s", p.URL, p.Status, p.Words())
	}
}

func (a *actor) at(path string) {
	a.t.Helper()
	if a.b.Page.Path() != path {
		a.t.Fatalf("at %s (%d), not at %s: %s", a.b.Page.URL, a.b.Page.Status, path, a.b.Page.Words())
	}
}

// signedIn asks the server whose session this browser has.
func (a *actor) signedIn() bool {
	a.t.Helper()
	p, err := a.b.Do("GET", "/session", nil)
	must(a.t, err)
	return p.Status == 200
}

// mark remembers what has arrived at number or address so far.
func (a *actor) mark(to string) string {
	a.t.Helper()
	m, err := a.w.Sim.Mark(to)
	must(a.t, err)
	return m
}

// arrives waits for a message that came after mark and holds these words.
func (a *actor) arrives(mark, to, words string) client.Message {
	a.t.Helper()
	for until := time.Now().Add(soon); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		for _, m := range a.since(mark, to) {
			if strings.Contains(strings.ToLower(m.Subject+" "+m.Text), strings.ToLower(words)) {
				return m
			}
		}
	}
	a.t.Fatalf("nothing about %q came to %s", words, to)
	return client.Message{}
}

// since lists what came to a number or address after mark, newest first.
func (a *actor) since(mark, to string) (out []client.Message) {
	a.t.Helper()
	all, err := a.w.Sim.Messages(to)
	must(a.t, err)
	for _, m := range all {
		if m.ID == mark {
			break
		}
		out = append(out, m)
	}
	return out
}

// code waits for a message with a code that came after mark.
func (a *actor) code(mark, to string) string {
	a.t.Helper()
	held := strings.Contains(a.b.Page.Words(), "We are about to send")
	for until := time.Now().Add(soon); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		for _, m := range a.since(mark, to) {
			if c := m.Code(); c != "" {
				return c
			}
		}
		if held { // starting again does not skip the cool-down: it leaves when that ends
			held = false
			must(a.t, a.w.Sim.Advance("125s"))
		}
	}
	a.t.Fatalf("no code came to %s; the page says: %s", to, a.b.Page.Words())
	return ""
}

// link waits for a mail with a link whose address holds these words.
func (a *actor) link(mark, to, path string) string {
	a.t.Helper()
	for until := time.Now().Add(soon); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		for _, m := range a.since(mark, to) {
			for _, l := range m.Links() {
				if strings.Contains(l, path) && strings.Contains(l, "token") {
					return l
				}
			}
		}
	}
	a.t.Fatalf("no link to %s came to %s", path, to)
	return ""
}

// signup sends the register form and leaves the link unopened.
func (a *actor) signup() (link string) {
	a.t.Helper()
	a.w.mu.Lock()
	a.w.signups++
	if a.w.signups%25 == 0 { // more would have to prove that they are no program
		must(a.t, a.w.Sim.Advance("11m"))
	}
	a.w.mu.Unlock()
	if a.name == "" {
		a.name = "p" + word()
		a.email = a.name + "@example.com"
	}
	mark := a.mark(a.email)
	a.get("/register")
	a.submit("Register", map[string]string{"Username": a.name, "Email address": a.email, "Password": a.password, "terms": "yes"})
	a.at("/register/waiting")
	return a.link(mark, a.email, "/register/")
}

// newcomer is somebody who registered, proved the address and is signed in.
func (w *world) newcomer(t *testing.T) *actor {
	t.Helper()
	a := w.visitor(t)
	a.get(a.signup())
	a.submit("Confirm", nil)
	if !a.signedIn() {
		t.Fatalf("not signed in after confirming: %s %s", a.b.Page.URL, a.b.Page.Words())
	}
	return a
}

// prove answers whatever /stepup asks until it leads away.
func (a *actor) prove() {
	a.t.Helper()
	for range 8 {
		p := a.b.Page
		if !strings.HasPrefix(p.Path(), "/stepup") {
			return
		}
		mails, texts := a.mark(a.email), ""
		if a.number != "" {
			texts = a.mark(a.number)
		}
		switch {
		case p.HasField("password"):
			a.submit("Continue", map[string]string{"Password": a.password})
			a.give(texts, mails)
		case p.HasField("code"):
			a.give("", "")
		default:
			a.submit("Continue", nil)
			a.give(texts, mails)
		}
	}
	a.t.Fatalf("the step-up does not end: %s %s", a.b.Page.URL, a.b.Page.Words())
}

// give enters the code that the page asks for, if it asks for one.
func (a *actor) give(texts, mails string) {
	a.t.Helper()
	p := a.b.Page
	switch {
	case !p.HasField("code"):
	case strings.HasSuffix(p.Path(), "/totp"):
		a.submit(a.button(), map[string]string{"code": a.totp()})
	case strings.HasSuffix(p.Path(), "/recovery"):
		a.submit(a.button(), map[string]string{"code": a.codes[0]})
		a.codes = a.codes[1:]
	case p.Says("by SMS to"):
		a.submit(a.button(), map[string]string{"code": a.code(texts, a.number)})
	default:
		a.submit(a.button(), map[string]string{"code": a.code(mails, a.email)})
	}
}

// button is the first button of the form that asks for a code.
func (a *actor) button() string {
	for _, f := range a.b.Page.Forms() {
		for _, x := range f.Fields {
			if x.Name == "code" && len(f.Buttons) > 0 {
				for _, b := range f.Buttons {
					if b.Action == "" {
						return b.Words
					}
				}
			}
		}
	}
	a.t.Fatalf("%s asks for no code: %s", a.b.Page.URL, a.b.Page.Words())
	return ""
}

// totp is what the app shows now. A code counts once, so each call moves the clock to the next step.
func (a *actor) totp() string {
	a.t.Helper()
	must(a.t, a.w.Sim.Advance("31s"))
	now, err := a.w.Sim.Now()
	must(a.t, err)
	c, err := client.TOTP(a.seed, now)
	must(a.t, err)
	return c
}

// addPhone binds a mobile number.
func (a *actor) addPhone(number string) {
	a.t.Helper()
	a.get("/profile/phone")
	mark := a.mark(number)
	a.submit("Send a code", map[string]string{"number": number})
	a.prove()
	if a.b.Page.HasButton("Send a code") { // the form came back with everything typed
		a.submit("Send a code", map[string]string{"number": number})
	}
	a.at("/profile/phone/code")
	a.submit("Confirm the number", map[string]string{"code": a.code(mark, number)})
	a.number = number
	a.keepCodes()
}

var recoveryCode = regexp.MustCompile(`\b[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{5}\b`)

// keepCodes notes recovery codes when the page shows them, and goes on.
func (a *actor) keepCodes() {
	a.t.Helper()
	p := a.b.Page
	if !p.HasField("saved") {
		return
	}
	a.codes = recoveryCode.FindAllString(p.Value("codes"), -1)
	a.submit("Continue", map[string]string{"saved": "yes"})
}

var typedKey = regexp.MustCompile(`secret=([A-Z2-7]+)`)

// addApp binds an authenticator app.
func (a *actor) addApp() {
	a.t.Helper()
	a.get("/profile/security/app")
	a.submit("Continue", nil)
	a.prove()
	if a.b.Page.HasButton("Continue") && !a.b.Page.HasField("code") {
		a.submit("Continue", nil)
	}
	m := typedKey.FindStringSubmatch(a.b.Page.Body)
	if m == nil {
		a.t.Fatalf("no key on %s: %s", a.b.Page.URL, a.b.Page.Words())
	}
	a.seed = m[1]
	a.submit("Confirm the app", map[string]string{"code": a.totp()})
	a.keepCodes()
}

// enter types name and password at the log-in page.
func (a *actor) enter(name, password string) *client.Page {
	a.t.Helper()
	a.get("/login")
	return a.submit("Log in", map[string]string{"Username": name, "Password": password})
}

// login goes through the whole log-in with whatever is asked for.
func (a *actor) login() {
	a.t.Helper()
	mails, texts := a.mark(a.email), ""
	if a.number != "" {
		texts = a.mark(a.number)
	}
	a.enter(a.name, a.password)
	a.give(texts, mails)
	if !a.signedIn() {
		a.t.Fatalf("not signed in: %s (%d) %s", a.b.Page.URL, a.b.Page.Status, a.b.Page.Words())
	}
}
