package suite_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"watchword/attack/client"
	"watchword/base/store/storetest"
)

// Addresses of a running demonstration; both or none.
var (
	givenURL       = os.Getenv("WATCHWORD_URL")
	givenSimulator = os.Getenv("WATCHWORD_SIMULATOR")
)

var built struct {
	once sync.Once
	dir  string
	path string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	if testing.Verbose() || givenURL != "" {
		printTable(os.Stdout)
	}
	os.Exit(code)
}

// binary builds the program once.
func binary(t *testing.T) string {
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "watchword-attack-"); built.err != nil {
			return
		}
		built.path = filepath.Join(built.dir, "watchword")
		if out, err := exec.Command("go", "build", "-o", built.path, "watchword/cmd/watchword").CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

// world is one Watchword with its simulator.
type world struct {
	URL    string
	Engine string
	Sim    *client.Simulator
	PID    int // 0: not ours
	Dir    string
	Out    *lockedBuffer // what it printed and logged

	mu      sync.Mutex
	signups int
}

// each runs f against a fresh demonstration on each engine, or against the one that was given.
func each(t *testing.T, f func(t *testing.T, w *world)) { eachWith(t, nil, f) }

func eachWith(t *testing.T, flags []string, f func(t *testing.T, w *world)) {
	t.Helper()
	if givenURL != "" {
		if givenSimulator == "" {
			t.Fatal("WATCHWORD_SIMULATOR is not set: say where the phones and the mailbox are")
		}
		if len(flags) > 0 {
			t.Skip("left out: it needs a demonstration started with " + strings.Join(flags, " "))
		}
		w := &world{URL: strings.TrimSuffix(givenURL, "/"), Engine: "given", Sim: client.NewSimulator(givenSimulator)}
		must(t, w.Sim.Faults(nil))
		f(t, w)
		return
	}
	if testing.Short() {
		t.Skip("left out: -short")
	}
	t.Run("sqlite", func(t *testing.T) { f(t, start(t, "sqlite", flags)) })
	t.Run("postgres", func(t *testing.T) {
		f(t, start(t, "postgres", append([]string{"--database", storetest.Postgres(t)}, flags...)))
	})
}

// once is each on SQLite alone, for what the database has no part in.
func onSQLite(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	if givenURL != "" {
		each(t, f)
		return
	}
	if testing.Short() {
		t.Skip("left out: -short")
	}
	f(t, start(t, "sqlite", nil))
}

var (
	atURL       = regexp.MustCompile(`(?m)^Watchword\s+(https?://\S+)`)
	atSimulator = regexp.MustCompile(`(?m)^Phones and mailbox\s+(http://\S+)`)
)

// lockedBuffer takes what a process writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func start(t *testing.T, engine string, flags []string) *world {
	t.Helper()
	dir := t.TempDir()
	args := append([]string{"demo", "--verbose", "--dir", dir, "--listen", "127.0.0.1:0", "--simulator", "127.0.0.1:0"}, flags...)
	cmd := exec.Command(binary(t), args...)
	out := &lockedBuffer{}
	cmd.Stdout, cmd.Stderr = out, out
	must(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(60 * time.Second):
			cmd.Process.Kill()
			t.Error("it did not stop within 20 seconds")
		}
		noted := out.String()
		if i := strings.Index(noted, "panic"); i >= 0 && !strings.Contains(noted[i:min(len(noted), i+400)], "SIGQUIT") {
			t.Errorf("it panicked:\n%s", noted[i:min(len(noted), i+4000)])
		}
	})
	for until := time.Now().Add(60 * time.Second); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		said := out.String()
		u, s := atURL.FindStringSubmatch(said), atSimulator.FindStringSubmatch(said)
		if u != nil && s != nil && strings.HasSuffix(u[0], u[1]) && strings.Contains(said, "Stop with") {
			w := &world{URL: u[1], Engine: engine, Sim: client.NewSimulator(s[1]), PID: cmd.Process.Pid, Dir: dir, Out: out}
			return w
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("it did not start: %v\n%s", err, said)
		default:
		}
	}
	t.Fatalf("it did not start within a minute:\n%s", out.String())
	return nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
