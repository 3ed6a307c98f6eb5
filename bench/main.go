// Command bench measures Watchword on this machine and prints one table: the machine, its limits (argon2id, durable
// commits), and every figure beside what it is to reach. The load generator runs on the same cores as Watchword.
//
//	go run ./bench                 everything, about five minutes
//	go run ./bench --quick         shorter samples and waits
//	go run ./bench --long          the waits for memory in full length
//	go run ./bench --only login    groups, with commas between: start, memory, session, login, code, wire, outbox, contacts
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

var silent = slog.New(slog.DiscardHandler)

// bench is one run.
type bench struct {
	ctx         context.Context
	dir         string // scratch, removed at the end
	binary      string // built from this very source
	quick, long bool
	limits      limits
	report      report
}

// sized picks a size: of a full run, or of a quick one.
func sized[T int | time.Duration](b *bench, full, quick T) T {
	if b.quick {
		return quick
	}
	return full
}

type group struct {
	name string
	run  func(*bench) error
}

var groups = []group{
	{"start", (*bench).starts}, {"memory", (*bench).idle}, {"session", (*bench).sessions}, {"login", (*bench).logins},
	{"code", (*bench).codes}, {"wire", (*bench).wire}, {"outbox", (*bench).outbox}, {"contacts", (*bench).contacts},
}

func main() {
	b := &bench{}
	only := flag.String("only", "", "groups, with commas between: start, memory, session, login, code, wire, outbox, contacts")
	apart := flag.String("apart", "", "what the bench calls itself with: one group, in a folder that is prepared")
	scratch := flag.String("dir", "", "where to put the databases (default: the system's folder for temporary files)")
	flag.BoolVar(&b.quick, "quick", false, "shorter samples and waits")
	flag.BoolVar(&b.long, "long", false, "wait five minutes, not one, after the log-ins before reading the memory")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b.ctx = ctx
	work := func() error { return b.run(*only, *scratch) }
	if *apart != "" {
		work = func() error { return b.runApart(*apart, *scratch) }
	}
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) run(only, scratch string) (err error) {
	var chosen []group
	names := strings.Split(only, ",")
	for _, g := range groups {
		i := slices.Index(names, g.name)
		if i >= 0 {
			names = slices.Delete(names, i, i+1)
		}
		if only == "" || i >= 0 {
			chosen = append(chosen, g)
		}
	}
	if only != "" && len(names) > 0 {
		return fmt.Errorf("there is no group %q; --help lists them", names[0])
	}
	if b.dir, err = os.MkdirTemp(scratch, "watchword-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	b.say("building")
	if err := b.build(); err != nil {
		return err
	}
	b.machine()
	b.say("limits of the machine")
	if err := b.measureLimits(); err != nil {
		return err
	}
	b.report.flush(os.Stdout)
	for _, g := range chosen {
		b.say(g.name)
		if err := b.apart(g.name); err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		if err := b.ctx.Err(); err != nil {
			return err
		}
	}
	b.report.close(os.Stdout)
	return nil
}

// say tells on standard error what is being measured; the table alone goes to standard output.
func (b *bench) say(what string) { fmt.Fprintln(os.Stderr, "bench:", what) }

// folder makes a folder in the scratch.
func (b *bench) folder(name string) (string, error) {
	d := filepath.Join(b.dir, name)
	return d, os.MkdirAll(d, 0o700)
}
