package person_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// demo is the real program with its simulator.
type demo struct {
	t               *testing.T
	base, simulator string
	logins          string
	seen            map[string]bool // messages that were read
}

// startDemo builds the program and starts its demo on free ports.
func startDemo(t *testing.T) *demo {
	t.Helper()
	folder := t.TempDir()
	program := filepath.Join(folder, "watchword")
	if out, err := exec.Command("go", "build", "-o", program, "watchword/cmd/watchword").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	run := exec.Command(program, "demo", "--dir", filepath.Join(folder, "data"), "--listen", "127.0.0.1:0", "--simulator", "127.0.0.1:0")
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	run.Stderr = os.Stderr
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		run.Process.Signal(syscall.SIGTERM)
		run.Wait()
	})
	d := &demo{t: t, seen: map[string]bool{}}
	lines := bufio.NewScanner(out)
	for lines.Scan() && d.simulator == "" {
		d.logins += lines.Text() + "\n"
		switch fields := strings.Fields(lines.Text()); {
		case len(fields) == 2 && fields[0] == "Watchword":
			d.base = fields[1]
		case len(fields) == 4 && fields[0] == "Phones":
			d.simulator = fields[3]
		}
	}
	if d.base == "" || d.simulator == "" {
		t.Fatalf("the demo did not start:\n%s", d.logins)
	}
	go io.Copy(io.Discard, out)
	return d
}

// until waits for a text or mail that was not read before and holds what is looked for: notices arrive between codes.
func (d *demo) until(to, pattern string) string {
	d.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		r, err := http.Get(d.simulator + "/messages?to=" + url.QueryEscape(to))
		if err != nil {
			d.t.Fatal(err)
		}
		var all []struct{ ID, Text string }
		err = json.NewDecoder(r.Body).Decode(&all)
		r.Body.Close()
		if err != nil {
			d.t.Fatal(err)
		}
		for i, m := range all {
			found := regexp.MustCompile(pattern).FindStringSubmatch(m.Text)
			if found == nil || d.seen[m.ID] {
				continue
			}
			for _, older := range all[i:] {
				d.seen[older.ID] = true
			}
			return found[len(found)-1]
		}
	}
	d.t.Fatalf("nothing like %s to %s", pattern, to)
	return ""
}

const aCode = `\b(\d{6})\b`

const aLink = `(https?://\S+token=\S+)`

// later moves the demo's clock and says what time it is there.
func (d *demo) later(by string) time.Time {
	d.t.Helper()
	if by != "" {
		r, err := http.Post(d.simulator+"/clock", "application/json", strings.NewReader(`{"advance":"`+by+`"}`))
		if err != nil {
			d.t.Fatal(err)
		}
		r.Body.Close()
	}
	r, err := http.Get(d.simulator + "/clock")
	if err != nil {
		d.t.Fatal(err)
	}
	defer r.Body.Close()
	var c struct{ Now time.Time }
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		d.t.Fatal(err)
	}
	return c.Now
}

const (
	walkPassword  = "gravel lantern otter 42"
	walkPassword2 = "velvet harbour thimble 9"
	walkMail      = "nadia@walk.example"
	walkNumber    = "+447700900777"
)

// The whole story in a real browser against the real program: register, prove the address, add a number, an app and a
// passkey, log in with each, two organisations, end sessions, change everything, turn two-factor off, close the profile
// (RP1-RP17, LF1-LF24, OU1, OU12, OU18).
func TestWalkInChromium(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: starts Chromium and the demo")
	}
	d := startDemo(t)
	w := newWalker(t, d.base)
	s := &story{walker: w, demo: d, name: "nadia", password: walkPassword, mail: walkMail}
	s.authenticator()
	for _, chapter := range []struct {
		name string
		f    func()
	}{{"register", s.register}, {"number", s.number}, {"log in by SMS", s.bySMS}, {"organisations", s.organisations}, {"app", s.app}, {"passkey", s.passkey},
		{"recovery code", s.byRecovery}, {"sessions", s.sessions}, {"changes", s.changes}, {"pages", s.pages}, {"off", s.twoFactorOff}, {"close", s.close}, {"sample owner", s.sampleOwner}} {
		done := false
		t.Run(chapter.name, func(t *testing.T) { w.t, d.t = t, t; chapter.f(); done = true })
		if !done {
			return
		}
	}
}
