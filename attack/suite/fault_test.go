package suite_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestFaults(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.row(t, "C58 carrier", "log-ins while the carrier refuses, is deaf, and comes back", func(t *testing.T) {
			a := w.newcomer(t)
			a.addPhone(mobile())
			must(t, w.Sim.Advance("2m"))
			for _, fault := range []map[string]any{{"refuse": 11}, {"refuse_bind": true}, {"deaf": true}} {
				must(t, w.Sim.Faults(fault))
				b := a.again(t)
				if b.enter(b.name, b.password); b.signedIn() {
					t.Fatalf("%v: in without a second factor", fault)
				}
				for _, path := range []string{"/", "/profile", "/login/code", "/login/ways", "/organisations/choose"} {
					if b.get(path); b.signedIn() {
						t.Fatalf("%v: in without a second factor by %s", fault, path)
					}
				}
				must(t, w.Sim.Faults(nil))
				must(t, w.Sim.Advance("6m"))
			}
			ready(t, w)
			a.again(t).login()
		})
		w.row(t, "C58 mail", "registering and forgetting while the mail server refuses: nothing fails, mail comes later", func(t *testing.T) {
			must(t, w.Sim.Faults(map[string]any{"refuse_mail": "temporary"}))
			defer w.Sim.Faults(nil)
			s := w.visitor(t)
			s.name = "p" + word()
			s.email = s.name + "@example.com"
			s.get("/register")
			s.submit("Register", map[string]string{"Username": s.name, "Email address": s.email, "Password": s.password, "terms": "yes"})
			s.at("/register/waiting")
			must(t, w.Sim.Faults(nil))
			must(t, w.Sim.Advance("10m"))
			s.get(s.link("", s.email, "/register/"))
			s.submit("Confirm", nil)
			if !s.signedIn() {
				t.Errorf("not signed in: %s", s.b.Page.Words())
			}
		})
		w.row(t, "C10", "200 log-ins at once: memory stays in its bound, everybody gets an answer", func(t *testing.T) { exhaust(t, w) })
		w.row(t, "C59", "no account that was not made here", func(t *testing.T) {
			for _, name := range []string{"admin", "root", "administrator", "operator", "watchword", "test", "demo"} {
				for _, password := range []string{name, "admin", "password", "changeme"} {
					s := w.visitor(t)
					if s.enter(name, password); s.b.Page.HasField("code") || s.signedIn() {
						t.Errorf("%s with %s opens", name, password)
					}
				}
			}
			s := w.visitor(t)
			for _, token := range []string{"", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\x00", strings.Repeat("a", 5000)} {
				s.get("/setup")
				p := s.submit("Create the operator", map[string]string{"Token": token, "Username": "op" + word(), "Password": passphrase})
				if p.Status < 400 || s.b.Cookie("operator") != "" {
					t.Errorf("/setup took the token %.20q: %d %s", token, p.Status, p.Words())
				}
			}
		})
		w.row(t, "C20 C29 C39 C57", "the database and the log after a full run", func(t *testing.T) { atRest(t, w) })
	})
}

func ready(t *testing.T, w *world) {
	t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		p, err := w.visitor(t).b.Do("GET", "/readyz", nil)
		must(t, err)
		if p.Status == 200 {
			return
		}
	}
	t.Log("not ready again within a minute")
}

var resident = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// exhaust posts 200 log-ins at once. decisions.md 30 bounds the memory.
func exhaust(t *testing.T, w *world) {
	const mostMiB = 150
	gate, done := make(chan struct{}), make(chan struct{})
	most := 0
	go func() {
		defer close(done)
		for {
			select {
			case <-gate:
				return
			case <-time.After(10 * time.Millisecond):
			}
			if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.PID)); err == nil && w.PID > 0 {
				if m := resident.FindSubmatch(b); m != nil {
					n, _ := strconv.Atoi(string(m[1]))
					most = max(most, n/1024)
				}
			}
		}
	}()
	var wait sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 200 {
		s := w.visitor(t)
		wait.Go(func() {
			p, err := s.b.Do(http.MethodPost, "/login", map[string][]string{"username": {"n" + word()}, "password": {"wrong words for this one"}})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("no answer: %v", err)
				return
			}
			statuses[p.Status]++
		})
	}
	wait.Wait()
	close(gate)
	<-done
	for status, n := range statuses {
		if status >= 500 && status != 503 {
			t.Errorf("%d answers %d", n, status)
		}
	}
	if w.PID == 0 {
		t.Log("the memory of this one is not seen from here")
	}
	t.Logf("answers %v; at most %d MiB resident", statuses, most)
	if most > mostMiB {
		t.Errorf("%d MiB resident, more than %d", most, mostMiB)
	}
	must(t, w.Sim.Advance("61m"))
}

// atRest looks for what went through the product in its files.
func atRest(t *testing.T, w *world) {
	if w.PID == 0 || w.Engine != "sqlite" {
		t.Skip("left out: the files of this one are not at hand")
	}
	a := w.newcomer(t)
	number := mobile()
	a.addPhone(number)
	a.addApp()
	b := a.again(t)
	mark := b.mark(number)
	b.enter(b.name, b.password)
	b.bySMS()
	code := b.code(mark, number)
	b.submit(b.button(), map[string]string{"code": code})
	secrets := map[string]string{"the password": a.password, "the number": strings.TrimPrefix(number, "+"), "the seed": a.seed, "a recovery code": a.codes[0],
		"the session": b.b.Cookie("session"), "the browser": b.b.Cookie("browser"), "a text": "@localhost #" + code}
	files, err := filepath.Glob(filepath.Join(w.Dir, "watchword.db*"))
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no database found")
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		must(t, err)
		for what, s := range secrets {
			if s == "" || strings.Contains(string(raw), s) {
				at := max(0, strings.Index(string(raw), s))
				t.Errorf("%s stands in %s (or was never seen: %v): %q", what, filepath.Base(f), s == "", raw[max(0, at-150):min(len(raw), at+40)])
			}
		}
	}
	for what, s := range secrets {
		if strings.Contains(w.Out.String(), s) {
			t.Errorf("%s stands in the log", what)
		}
	}
}
