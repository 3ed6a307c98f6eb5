// Package cli is the door for operators: it reads the command line, calls one operation and says what came of it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"watchword/base/config"
	"watchword/base/problem"
	"watchword/base/secret"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // something did not work; what and why was said
	exitUsage  = 2 // the command line, the configuration or the key ring is wrong: trying again changes nothing
)

// Terminal is where a command reads and writes.
type Terminal struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

func (t *Terminal) say(format string, args ...any) { fmt.Fprintf(t.Out, format+"\n", args...) }

// counted writes a number with its word: 1 operator, 2 operators.
func counted[N int | int64](n N, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprint(n) + " " + word
}

type commands struct {
	Demo         demoCommand         `cmd:"" help:"Try Watchword: sample people, phones and a mailbox, all on this machine."`
	Serve        serveCommand        `cmd:"" help:"Serve people, from a configuration file."`
	Simulator    simulatorCommand    `cmd:"" help:"Run the phones and the mailbox alone, for tests of your own."`
	Doctor       doctorCommand       `cmd:"" help:"Check configuration, keys, database, carriers, mail, clock and TLS, and say what to do."`
	Backup       backupCommand       `cmd:"" help:"Back up the database of a running or stopped server."`
	Restore      restoreCommand      `cmd:"" help:"Put a backup in place of the database of a stopped server."`
	Database     databaseCommand     `cmd:"" help:"Move to another kind of database."`
	Keys         keysCommand         `cmd:"" help:"The key ring that seals what nobody may read."`
	Operator     operatorCommand     `cmd:"" help:"The people who host this installation."`
	Organisation organisationCommand `cmd:"" help:"Organisations: list, show, suspend, restore, switch two-factor off."`
	Profile      profileCommand      `cmd:"" help:"A person: show, remove lost second factors."`
	Support      supportCommand      `cmd:"" help:"Requests for help."`
	Passwords    passwordsCommand    `cmd:"" help:"Lists of breached passwords."`
	Audit        auditCommand        `cmd:"" help:"The audit log."`
	Guard        guardCommand        `cmd:"" help:"What guards the money that texts cost."`
	Config       configCommand       `cmd:"" help:"Print a sample configuration, every key explained."`
	Version      versionCommand      `cmd:"" help:"Print the version."`
}

// model is what the command line is read into: the one command that the first word names, or all of them. Reading the tags
// of all of them would take a tenth of the time in which a server starts.
func model(args []string) any {
	if len(args) > 0 {
		all := reflect.TypeFor[commands]()
		for i := range all.NumField() {
			if f := all.Field(i); strings.ToLower(f.Name) == args[0] {
				return reflect.New(reflect.StructOf([]reflect.StructField{f})).Interface()
			}
		}
	}
	return new(commands)
}

// withConfig is a command that reads the configuration.
type withConfig struct {
	Config string `help:"Configuration file." default:"/etc/watchword/watchword.toml" env:"WATCHWORD_CONFIG" placeholder:"FILE" short:"c"`
}

func (w withConfig) load() (*config.Config, error) { return config.Load(w.Config) }

// Main runs one command and returns the exit code. An interrupt ends it in order; a second one at once.
func Main(args []string, t *Terminal) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // the next signal ends the program
	}()
	return run(ctx, args, t)
}

func run(ctx context.Context, args []string, t *Terminal) (code int) {
	exit := -1
	k, err := kong.New(model(args), kong.Name("watchword"),
		kong.Description("Messages and one-time codes from your own server. \"watchword demo\" shows it."),
		kong.Writers(t.Out, t.Err), kong.Exit(func(code int) { exit = code; panic(helped{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(t))
	if err != nil {
		fmt.Fprintln(t.Err, err)
		return exitFailed
	}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(helped); !ok {
				panic(r)
			}
			code = exit
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	chosen, err := k.Parse(args)
	if err != nil {
		fmt.Fprintf(t.Err, "watchword: %s\nwatchword --help lists the commands.\n", err)
		return exitUsage
	}
	return exitCode(chosen.Run(), t)
}

// helped unwinds after help was printed.
type helped struct{}

// failed is an outcome that was already told.
var failed = errors.New("failed")

func exitCode(err error, t *Terminal) int {
	var mistakes *config.Mistakes
	var ring *secret.Unusable
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, failed):
		return exitFailed
	case errors.As(err, &mistakes):
		fmt.Fprintln(t.Err, err)
		return exitUsage
	case errors.As(err, &ring):
		fmt.Fprintln(t.Err, "watchword: "+ring.Error())
		return exitUsage
	case problem.As(err) != nil:
		p := problem.As(err)
		if p.Kind == problem.KindUnavailable && p.Cause != nil && (strings.HasPrefix(p.Code, "database_") || strings.HasPrefix(p.Code, "disk_")) {
			fmt.Fprintf(t.Err, "watchword: nothing was saved: %s\n", p.Cause)
			return exitFailed
		}
		fmt.Fprintln(t.Err, "watchword: "+p.Message)
		if p.Cause != nil { // an operator reads this, and may know why
			fmt.Fprintln(t.Err, p.Cause)
		}
		return exitFailed
	}
	fmt.Fprintln(t.Err, "watchword: "+strings.TrimSpace(err.Error()))
	return exitFailed
}

type versionCommand struct{}

// Run prints the version that the build knows.
func (versionCommand) Run(t *Terminal) error {
	t.say("watchword %s", version())
	return nil
}

func version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	v, revision, changed := b.Main.Version, "", ""
	for _, s := range b.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			revision = " " + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " (changed)"
		}
	}
	if v == "" || v == "(devel)" {
		v = "development"
	}
	return v + revision + changed + ", " + b.GoVersion
}

type configCommand struct{}

// Run prints the sample.
func (configCommand) Run(t *Terminal) error {
	_, err := io.WriteString(t.Out, config.Sample)
	return err
}
