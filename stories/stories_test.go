// Package stories runs the real program from outside: people with browsers, operators with commands, carriers and
// mail servers that fail, machines that stop. Each story is a script (*.txtar) for rogpeppe's testscript; the commands
// beside the usual ones are explained where they are made:
//
//	demo, simulator, serve, configure, port, halt, kill9, alive   process_test.go
//	person                                                 person_test.go
//	messages, arrived, atmost, faults, clock, inbound, get, until,
//	count, take                                            world_test.go
//	crowd, storm                                           crowd_test.go
//	schema, halfway, node, queue, killmid, settled         several_test.go
//	people                                                 transfer_test.go
//	tmpfs, fill, hog, readonly, lockdb, unlockdb, corrupt  disk_test.go
//
// A story never waits for time to pass, only for a condition, with a bound that a healthy machine does not come near.
package stories

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"watchword/attack/client"
	"watchword/base/store/storetest"
)

// bound is how long a story waits for what must happen.
const bound = 30 * time.Second

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "watchword-stories-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "watchword")
	build := exec.Command("go", "build", "-o", binary, "watchword/cmd/watchword")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "the program does not build:", err)
		return 1
	}
	return m.Run()
}

// state is what a story keeps between its commands.
type state struct {
	dir       string
	postgres  string // address of a fresh schema; "" for SQLite
	processes map[string]*process
	people    map[string]*person
	used      sync.Map // newest message that somebody used, by destination
	sim       *client.Simulator
	base      string            // what people type
	listen    string            // where connections are really taken, behind a proxy; "" for the same
	nodes     map[string]string // where the servers of several listen, by name
	queue     []queued
	locks     []func()
}

type stateKey struct{}

func of(ts *testscript.TestScript) *state { return ts.Value(stateKey{}).(*state) }

func params(postgres string) testscript.Params {
	return testscript.Params{
		RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			s := &state{dir: e.WorkDir, postgres: postgres, processes: map[string]*process{}, people: map[string]*person{}}
			e.Values[stateKey{}] = s
			e.Setenv("PATH", filepath.Dir(binary)+string(filepath.ListSeparator)+e.Getenv("PATH"))
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("DATABASE", postgres)
			e.Setenv("KEYS", filepath.Join(e.WorkDir, "keys"))
			e.Setenv("DATA", filepath.Join(e.WorkDir, "data"))
			e.Defer(s.end)
			return nil
		},
		Condition: func(name string) (bool, error) { return condition(name, postgres) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"demo": demo, "simulator": startSimulator, "serve": serve, "configure": configure, "port": port, "halt": halt, "kill9": kill, "alive": alive,
			"person": personCommand, "crowd": crowd, "storm": storm, "atmost": atMost,
			"messages": messages, "arrived": arrived, "faults": faults, "clock": clock, "inbound": inbound, "get": get, "until": until, "count": count, "take": take,
			"people": people, "schema": schema, "halfway": halfway, "node": node, "queue": queue, "killmid": killMid, "settled": settled,
			"tmpfs": tmpfs, "fill": fillDisk, "hog": hog, "readonly": readOnly, "lockdb": lockDatabase, "unlockdb": unlockDatabase, "corrupt": corrupt,
		},
	}
}

// condition knows "postgres", the engine of this run, "server", whether there is a PostgreSQL for stories that need one
// of their own, and "mount", whether file systems can be mounted.
func condition(name, postgres string) (bool, error) {
	switch name {
	case "postgres":
		return postgres != "", nil
	case "server":
		return hasServer()
	case "mount":
		return canMount(), nil
	}
	return false, fmt.Errorf("unknown condition %q", name)
}

// TestStories runs every story on SQLite.
func TestStories(t *testing.T) {
	p := params("")
	p.Dir = "."
	testscript.Run(t, p)
}

// onBoth are the stories that are told on PostgreSQL too: those in which the engine could make a difference.
var onBoth = []string{"main.txtar", "crash.txtar", "backup.txtar", "contacts.txtar", "team.txtar", "protection.txtar", "stricter.txtar"}

// TestStoriesPostgres runs those of onBoth, each in a schema of its own.
func TestStoriesPostgres(t *testing.T) {
	for _, file := range onBoth {
		t.Run(file, func(t *testing.T) {
			p := params(storetest.Postgres(t))
			p.Files = []string{file}
			testscript.Run(t, p)
		})
	}
}
