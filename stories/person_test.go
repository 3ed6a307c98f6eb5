package stories

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"watchword/attack/client"
)

// person is somebody with a browser, a phone and a mailbox.
type person struct {
	*client.Browser
	s                   *state
	name, email, secret string // secret is the password
	phone, seed         string
	recovery            []string
	kept                []string // organisations whose making was answered
	source              string
	key                 *device
	storms              int
	lastStep            int64
	answer              string // of the last GET /session
}

// at is where the person stands, as a story reads it from stdout.
func (p *person) where() string {
	if p.Page == nil {
		return "nowhere\n"
	}
	words := p.Page.Words()
	if len(words) > 600 {
		words = words[:600] + " …"
	}
	return fmt.Sprintf("%s %d\n%s\n%s\n", p.Page.Path(), p.Page.Status, p.Page.Title(), words)
}

// newBrowser forgets everything: another machine of the same person.
func (p *person) newBrowser() (err error) {
	p.Browser, err = client.New(p.s.base, p.source)
	if err == nil && p.s.listen != "" {
		p.Browser, err = client.New(p.s.base, "")
		if err == nil {
			p.HTTP.Transport = proxy{p.s.listen, "203.0.113." + strconv.Itoa(len(p.s.people)+1)}
		}
	}
	return err
}

// proxy stands where a TLS proxy would: it takes https and hands plain HTTP on, with the client's address.
type proxy struct{ listen, client string }

func (x proxy) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host = r.URL.Host
	r.URL.Scheme, r.URL.Host = "http", x.listen
	if r.Header.Get("X-Forwarded-For") == "" {
		r.Header.Set("X-Forwarded-For", x.client)
	}
	a, err := http.DefaultTransport.RoundTrip(r)
	if a != nil {
		a.Request.URL.Scheme, a.Request.URL.Host = "https", r.Host
	}
	return a, err
}

// personCommand: person NAME VERB [ARG ...]. stdout then holds where the person stands: path, status, heading, words.
func personCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("person NAME VERB ...")
	}
	s := of(ts)
	name, verb, rest := args[0], args[1], args[2:]
	if p := s.people[name]; verb == "keeps" && p != nil { // $SEED, $SESSION and $RECOVERY are the person's
		ts.Setenv("SEED", p.seed)
		ts.Setenv("SESSION", p.Cookie("session"))
		ts.Setenv("RECOVERY", p.recovery[0])
		return
	}
	if verb == "new" || verb == "sample" {
		p, err := s.newPerson(name, rest, verb == "sample")
		ts.Check(err)
		s.people[name] = p
		return
	}
	p := s.people[name]
	if p == nil {
		ts.Fatalf("nobody is called %s; begin with: person %s new", name, name)
	}
	act := verbs[verb]
	if act == nil {
		ts.Fatalf("people cannot %s", verb)
	}
	p.answer = ""
	err := act(p, rest)
	ts.Stdout().Write([]byte(p.where() + p.answer))
	if neg != (err != nil) {
		ts.Fatalf("%s %s: %v; stands at %s%s", name, verb, err, p.where(), s.logs())
	}
}

// newPerson: "new [username=…] [email=…] [phone=…] [password=…] [from=…]", or "sample" for one of the demo's people.
func (s *state) newPerson(name string, args []string, sample bool) (*person, error) {
	p := &person{s: s, name: name, email: name + "@example.com", secret: "plover sandbank tremolo 7",
		source: fmt.Sprintf("127.0.1.%d", len(s.people)+1)}
	if sample {
		if err := p.readSample(filepath.Join(s.dir, "demo", "logins.txt")); err != nil {
			return nil, err
		}
	}
	for _, a := range args {
		key, value, _ := strings.Cut(a, "=")
		switch key {
		case "username":
			p.name = value
		case "email":
			p.email = value
		case "phone":
			p.phone = value
		case "password":
			p.secret = value
		case "from":
			p.source = value
		case "seed":
			p.seed = value
		default:
			return nil, fmt.Errorf("people have no %s", key)
		}
	}
	return p, p.newBrowser()
}

var (
	sampleLine  = `(?m)^ +\S+ +%s +(\S+) +password (\S+)\n((?: {10,}.*\n?)*)`
	samplePhone = regexp.MustCompile(`SMS to (\S+)`)
	sampleSeed  = regexp.MustCompile(`seed (\S+)`)
)

func (p *person) readSample(file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	found := regexp.MustCompile(fmt.Sprintf(sampleLine, regexp.QuoteMeta(p.name))).FindStringSubmatch(string(b))
	if found == nil {
		return fmt.Errorf("%s is not in %s", p.name, file)
	}
	p.email, p.secret = found[1], found[2]
	if m := samplePhone.FindStringSubmatch(found[3]); m != nil {
		p.phone = m[1]
	}
	if m := sampleSeed.FindStringSubmatch(found[3]); m != nil {
		p.seed = m[1]
	}
	return nil
}

var verbs map[string]func(*person, []string) error

func init() {
	verbs = map[string]func(*person, []string) error{
		"get": (*person).get, "press": (*person).press, "follow": (*person).follow, "at": (*person).at, "says": (*person).says,
		"holds": (*person).holds, "problem": (*person).problem, "mail": (*person).mail, "code": (*person).code, "totp": (*person).totp,
		"recover": (*person).recover, "prove": (*person).prove, "session": (*person).session, "elsewhere": (*person).elsewhere,
		"register": (*person).register, "verify": (*person).verify, "login": (*person).login, "logout": (*person).logout,
		"add-phone": (*person).addPhone, "add-app": (*person).addApp, "add-passkey": (*person).addPasskey, "passkey": (*person).passkey,
		"save-codes": (*person).saveCodes, "password": (*person).password, "phone": (*person).number, "forget": (*person).forget, "scan": (*person).scan, "seed-of": (*person).seedOf, "peek": (*person).peek, "shows": (*person).shows, "arrives": (*person).arrives,
		"via": (*person).via, "wrong": (*person).wrong, "double": (*person).double, "guess": (*person).guess,
	}
}

// get PATH
func (p *person) get(a []string) error { _, err := p.Get(a[0]); return err }

// follow WORDS: the first link that contains them.
func (p *person) follow(a []string) error { _, err := p.Follow(a[0]); return err }

// press BUTTON [Label=value ...]: values may be @password, @email, @name, @phone or @totp.
func (p *person) press(a []string) error {
	fields := map[string]string{}
	for _, x := range a[1:] {
		label, value, _ := strings.Cut(x, "=")
		switch value {
		case "@password":
			value = p.secret
		case "@email":
			value = p.email
		case "@name":
			value = p.name
		case "@phone":
			value = p.phone
		case "@totp":
			var err error
			if value, err = p.appCode(); err != nil {
				return err
			}
		}
		fields[label] = value
	}
	_, err := p.Submit(a[0], fields)
	return err
}

// at PATH [STATUS]
func (p *person) at(a []string) error {
	want := 200
	if len(a) > 1 {
		want, _ = strconv.Atoi(a[1])
	}
	if p.Page.Path() != a[0] || p.Page.Status != want {
		return fmt.Errorf("not at %s with %d", a[0], want)
	}
	return nil
}

// says WORDS ...: each stands on the page.
func (p *person) says(a []string) error {
	for _, words := range a {
		if !p.Page.Says(words) {
			return fmt.Errorf("the page does not say %q", words)
		}
	}
	return nil
}

// shows REGEXP: the page, asked for again and again, comes to say this.
func (p *person) shows(a []string) error {
	want := regexp.MustCompile("(?i)" + a[0])
	for end := time.Now().Add(bound); !want.MatchString(p.Page.Words()); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			return fmt.Errorf("the page never showed %s", want)
		}
		if _, err := p.Get(p.Page.URL.String()); err != nil {
			return err
		}
	}
	return nil
}

// arrives: waits for a new code without using it.
func (p *person) arrives([]string) error {
	before, _ := p.s.used.Load(p.phone)
	_, err := p.newest(p.phone, client.Message.Code)
	if before == nil {
		before = ""
	}
	p.s.used.Store(p.phone, before)
	return err
}

// holds Label=value ...: what was typed still stands there.
func (p *person) holds(a []string) error {
	for _, x := range a {
		label, value, _ := strings.Cut(x, "=")
		if got := p.Page.Value(label); got != value {
			return fmt.Errorf("%s holds %q", label, got)
		}
	}
	return nil
}

// problem LABEL WORDS: what stands at a field.
func (p *person) problem(a []string) error {
	if got := p.Page.FieldProblem(a[0]); got == "" || len(a) > 1 && !strings.Contains(got, a[1]) {
		return fmt.Errorf("at %s stands %q", a[0], got)
	}
	return nil
}

// elsewhere: on with another browser that nobody has seen yet.
func (p *person) elsewhere([]string) error { return p.newBrowser() }

// password NEW: uses this password from now on.
func (p *person) password(a []string) error { p.secret = a[0]; return nil }

// phone NUMBER: has this number from now on.
func (p *person) number(a []string) error { p.phone = a[0]; return nil }

// session STATUS: what GET /session says.
func (p *person) session(a []string) error {
	page, err := p.Do(http.MethodGet, "/session", nil)
	if err != nil {
		return err
	}
	p.answer = page.Body
	if want, _ := strconv.Atoi(a[0]); page.Status != want {
		return fmt.Errorf("/session answers %d: %s", page.Status, page.Body)
	}
	return nil
}

// forget: what has arrived so far is not looked at again.
func (p *person) forget([]string) error {
	for _, to := range []string{p.phone, p.email} {
		if to == "" {
			continue
		}
		mark, err := p.s.sim.Mark(to)
		if err != nil {
			return err
		}
		p.s.used.Store(to, mark)
	}
	return nil
}

// newest waits for a message that came after the last used one and from which want reads something.
func (p *person) newest(to string, want func(client.Message) string) (string, error) {
	used := ""
	if v, ok := p.s.used.Load(to); ok {
		used = v.(string)
	}
	mark := used
	for end := time.Now().Add(bound); time.Now().Before(end); {
		all, err := p.s.sim.Messages(to)
		if err != nil {
			return "", err
		}
		for _, m := range all {
			if m.ID == used {
				break
			}
			if found := want(m); found != "" {
				p.s.used.Store(to, m.ID)
				return found, nil
			}
		}
		if len(all) > 0 {
			mark = all[0].ID
		}
		if _, err := p.s.sim.After(mark, to, 2*time.Second); err != nil && !strings.Contains(err.Error(), "nothing came") {
			return "", err
		}
	}
	return "", fmt.Errorf("nothing came to %s", to)
}
