package house_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/config"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/house"
	"watchword/simulator"
)

// settings is a configuration of a demo against a simulator, on a database.
func settings(t *testing.T, database string) (*config.Config, *simulator.Simulator) {
	t.Helper()
	sim, err := simulator.Start(simulator.Options{HTTP: "127.0.0.1:0", SMPP: "127.0.0.1:0", SMTP: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sim.Close() })
	c := config.Default()
	dir := t.TempDir()
	c.Demo, c.Data, c.Database, c.BaseURL, c.TLS = true, dir, database, "http://localhost:1", config.TLS{Mode: "none"}
	c.KeyRing = filepath.Join(dir, "keys")
	if _, err := secret.Create(c.KeyRing); err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(sim.SMTP())
	c.Mail.Host, c.Mail.TLS, c.Mail.From = host, "none", "watchword@localhost"
	c.Mail.Port, _ = strconv.Atoi(port)
	c.Password.MemoryKiB, c.Password.Passes = 19456, 1
	k := config.NewCarrier()
	k.Name, k.Address, k.SystemID = "simulator", sim.SMPP(), "watchword"
	c.Carriers = []config.Carrier{k}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return c, sim
}

func onEach(t *testing.T, f func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, storetest.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, storetest.Postgres(t)) })
}

func open(t *testing.T, c *config.Config) *house.House {
	t.Helper()
	h, err := house.Open(context.Background(), c, house.Outside{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

func record(t *testing.T, h *house.House, kind string) {
	t.Helper()
	err := h.DB.Write(context.Background(), func(tx *store.Tx) error {
		return h.Audit.Record(tx, access.System("test"), audit.Event{Kind: kind}, audit.System)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func lines(t *testing.T, h *house.House) int64 {
	t.Helper()
	n, err := h.Audit.Verify(context.Background(), h.DB, audit.System)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Proves decisions 5: a backup of a running installation comes back whole, without the key ring and only with it.
func TestBackupOfRunningServerComesBack(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		ctx := context.Background()
		c, _ := settings(t, database)
		h := open(t, c)
		record(t, h, "before.backup")
		before := lines(t, h)
		file := filepath.Join(t.TempDir(), "backup")
		m, err := house.Backup(ctx, c, file)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := os.ReadFile(file)
		keys, _ := os.ReadFile(c.KeyRing)
		if bytes.Contains(b, keys[len(keys)-45:]) {
			t.Error("the key is inside")
		}
		if _, err := house.Backup(ctx, c, file); err == nil {
			t.Error("a backup was overwritten")
		}
		record(t, h, "after.backup")
		h.Close()
		if _, err := house.Restore(ctx, c, file, false); err == nil || !strings.Contains(err.Error(), "--replace") {
			t.Errorf("overwritten without being told: %v", err)
		}
		other := *c
		other.KeyRing = filepath.Join(t.TempDir(), "keys")
		if _, err := house.Restore(ctx, &other, file, true); err == nil {
			t.Error("restored without a key ring")
		}
		if _, err := secret.Create(other.KeyRing); err != nil {
			t.Fatal(err)
		}
		if _, err := house.Restore(ctx, &other, file, true); err == nil || !strings.Contains(err.Error(), m.Key) {
			t.Errorf("restored with another key ring: %v", err)
		}
		if _, err := house.Restore(ctx, c, file, true); err != nil {
			t.Fatal(err)
		}
		if again := open(t, c); lines(t, again) != before {
			t.Errorf("%d lines before, %d after", before, lines(t, again))
		}
	})
}

func TestDamagedBackupIsRefused(t *testing.T) {
	ctx := context.Background()
	c, _ := settings(t, storetest.SQLite(t))
	h := open(t, c)
	record(t, h, "before.backup")
	file := filepath.Join(t.TempDir(), "backup")
	if _, err := house.Backup(ctx, c, file); err != nil {
		t.Fatal(err)
	}
	h.Close()
	whole, _ := os.ReadFile(file)
	for name, b := range map[string][]byte{"cut": whole[:len(whole)/2], "bit": flip(whole, len(whole)/2), "empty": nil, "else": []byte("hello")} {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := house.Restore(ctx, c, file, true); err == nil {
			t.Errorf("%s: restored", name)
		}
	}
	if lines(t, open(t, c)) != 1 {
		t.Error("the database suffered")
	}
}

func flip(b []byte, at int) []byte {
	out := bytes.Clone(b)
	out[at] ^= 1
	return out
}

func examine(c *config.Config) (out []house.Finding, worst house.Verdict) {
	worst = house.OK
	house.Examine(context.Background(), c, func(f house.Finding) {
		out = append(out, f)
		if f.Verdict == house.Fail {
			worst = house.Fail
		}
	})
	return out, worst
}

func TestDoctorFindsWhatIsWrong(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		c, sim := settings(t, database)
		open(t, c).Close()
		if list, worst := examine(c); worst == house.Fail {
			t.Errorf("%+v", list)
		}
		broken := *c
		broken.Carriers = append([]config.Carrier(nil), c.Carriers...)
		broken.Carriers[0].Address, broken.Mail.Port = "127.0.0.1:1", 1
		os.Chmod(c.KeyRing, 0o644)
		broken.Mail.PasswordFile = filepath.Join(t.TempDir(), "mail")
		os.WriteFile(broken.Mail.PasswordFile, []byte("secret"), 0o644)
		sim.Close()
		list, _ := examine(&broken)
		bad := map[string]bool{}
		for _, f := range list {
			if f.Verdict != house.OK {
				bad[f.What] = true
				if f.Do == "" {
					t.Errorf("%s: nothing is said about what to do", f.What)
				}
			}
		}
		for _, want := range []string{"key ring", "carrier simulator", "mail", "secrets"} {
			if !bad[want] {
				t.Errorf("%s was not noticed: %+v", want, list)
			}
		}
	})
}

// A command with the key ring of another installation changes nothing: its lines in the audit log would break the chains,
// and its backup would demand the wrong ring. Nor does one make a database.
func TestCommandsDemandTheKeyRingOfTheDatabase(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		ctx := context.Background()
		c, _ := settings(t, database)
		if _, err := house.OpenHost(ctx, c); err == nil || !strings.Contains(err.Error(), "watchword serve") {
			t.Errorf("before the first start: %v", err)
		}
		h := open(t, c)
		other := *c
		other.KeyRing = filepath.Join(t.TempDir(), "keys")
		if _, err := secret.Create(other.KeyRing); err != nil {
			t.Fatal(err)
		}
		_, host := house.OpenHost(ctx, &other)
		_, _, existing := house.OpenExisting(ctx, &other)
		_, backup := house.Backup(ctx, &other, filepath.Join(t.TempDir(), "backup"))
		for what, err := range map[string]error{"host": host, "audit": existing, "backup": backup} {
			if err == nil || !strings.Contains(err.Error(), h.Ring.CurrentID()) || !strings.Contains(err.Error(), other.KeyRing) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if list, worst := examine(&other); worst != house.Fail {
			t.Errorf("the doctor: %+v", list)
		}
		right, err := house.OpenHost(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		right.Close()
	})
}

// A request in hand when the stop begins is answered; afterwards nobody is served.
func TestStopsInOrder(t *testing.T) {
	c, _ := settings(t, storetest.SQLite(t))
	h := open(t, c)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.Listen(l)
	entered, release := make(chan bool), make(chan bool)
	h.Door.Raw("/slow", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-release
		io.WriteString(w, "done")
	}))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + l.Addr().String() + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		answer <- string(b)
	}()
	<-entered
	stop()
	for h.Readiness(context.Background()).Database != "stopping" {
		time.Sleep(time.Millisecond)
	}
	close(release)
	if got := <-answer; got != "done" {
		t.Error(got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := http.Get("http://" + l.Addr().String() + "/healthz"); err == nil {
		t.Error("still served")
	}
}

func TestReadinessAndMetrics(t *testing.T) {
	c, _ := settings(t, storetest.SQLite(t))
	h := open(t, c)
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	h.Listen(l)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	defer func() { stop(); <-ended }()
	for end := time.Now().Add(60 * time.Second); !h.Readiness(ctx).Ready; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%+v", h.Readiness(ctx))
		}
	}
	record(t, h, "test.event")
	http.Get("http://" + l.Addr().String() + "/healthz")
	w := &answer{header: http.Header{}}
	r, _ := http.NewRequest("GET", "/metrics", nil)
	h.Metrics().ServeHTTP(w, r)
	for _, want := range []string{"watchword_database_commits_total", `watchword_carrier_up{carrier="simulator"} 1`,
		`watchword_events_total{kind="test.event",outcome="ok"} 1`, `watchword_http_requests_total{class="2xx"}`, "watchword_texts_total", "watchword_mails_total", "watchword_support_requests_waiting 0"} {
		if !strings.Contains(w.String(), want) {
			t.Errorf("missing: %s", want)
		}
	}
}

type answer struct {
	bytes.Buffer
	header http.Header
}

func (a *answer) Header() http.Header { return a.header }
func (a *answer) WriteHeader(int)     {}

// A database keeps to what it was made for (decisions 29): no simulator ever moves the clock of a real one.
func TestDatabasesKeepTheirKind(t *testing.T) {
	c, _ := settings(t, storetest.SQLite(t))
	open(t, c).Close()
	real := *c
	real.Demo = false
	if _, err := house.Open(context.Background(), &real, house.Outside{}); err == nil || !strings.Contains(err.Error(), "made for demo") {
		t.Fatal(err)
	}
	d, err := house.Open(context.Background(), c, house.Outside{Log: slog.New(slog.DiscardHandler), Clock: &store.Clock{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.MoveClock(context.Background(), time.Hour); err != nil {
		t.Fatal(err)
	}
	d.Close()
	if off := open(t, c).DB.Clock().Offset(); off != time.Hour {
		t.Errorf("after a restart the clock is moved by %s", off)
	}
}

// The demo's people are made once, and their passwords stand nowhere in the database.
func TestSamplesAreMadeOnce(t *testing.T) {
	onEach(t, func(t *testing.T, database string) {
		c, _ := settings(t, database)
		h := open(t, c)
		list, made, err := h.Samples(context.Background())
		if err != nil || !made || len(list) != 6 {
			t.Fatal(len(list), made, err)
		}
		for _, s := range list {
			if len(s.Password) < 20 {
				t.Errorf("%+v", s)
			}
		}
		if _, made, err := h.Samples(context.Background()); made || err != nil {
			t.Error("made again", err)
		}
	})
}
