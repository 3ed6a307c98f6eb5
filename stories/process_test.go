package stories

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"watchword/attack/client"
)

// process is a running program; what it says stands in NAME.out and NAME.err of the story's folder.
type process struct {
	name     string
	cmd      *exec.Cmd
	ended    chan struct{}
	err      error
	out, log string // files
}

func (s *state) start(name string, env []string, args ...string) (*process, error) {
	if p := s.processes[name]; p != nil && p.running() {
		return nil, fmt.Errorf("%s runs already", name)
	}
	p := &process{name: name, ended: make(chan struct{}), out: filepath.Join(s.dir, name+".out"), log: filepath.Join(s.dir, name+".err")}
	out, err := os.Create(p.out)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd = exec.Command(binary, args...)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = s.dir, out, log
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "TMPDIR=" + s.dir}, env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { p.err = p.cmd.Wait(); close(p.ended) }()
	s.processes[name] = p
	return p, nil
}

func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// says waits until the file of a process holds a match, and returns its groups.
func (p *process) says(file string, want *regexp.Regexp) ([]string, error) {
	for end := time.Now().Add(bound); ; time.Sleep(10 * time.Millisecond) {
		gone := !p.running()
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if found := want.FindStringSubmatch(string(b)); found != nil {
			return found, nil
		}
		if gone || time.Now().After(end) {
			log, _ := os.ReadFile(p.log)
			return nil, fmt.Errorf("%s never said %s (ended: %v)\n%s\n%s", p.name, want, gone, b, log)
		}
	}
}

// logs are the last words of all processes, for a story that went wrong.
func (s *state) logs() string {
	var all strings.Builder
	for name, p := range s.processes {
		b, _ := os.ReadFile(p.log)
		fmt.Fprintf(&all, "\nlog of %s:\n%s", name, b[max(0, len(b)-3000):])
	}
	return all.String()
}

// end kills what still runs.
func (s *state) end() {
	for _, f := range s.locks {
		f()
	}
	for _, p := range s.processes {
		if p.running() {
			p.cmd.Process.Kill()
			<-p.ended
		}
	}
}

var (
	demoAddress = regexp.MustCompile(`Watchword +(\S+)`)
	simAddress  = regexp.MustCompile(`Phones and mailbox +(\S+)[\s\S]*Stop with`)
	smppAddress = regexp.MustCompile(`SMSC \(SMPP 3.4\) +(\S+)`)
	smtpAddress = regexp.MustCompile(`Mail server \(SMTP\) +\S+:(\d+)`)
)

// demo [args]: starts the demo in $WORK/demo and waits until it says where it is: $URL and $SIMULATOR. What it printed
// is in stdout.
func demo(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	all := append([]string{"demo", "--dir", filepath.Join(s.dir, "demo"), "--listen", "127.0.0.1:0", "--simulator", "127.0.0.1:0"}, args...)
	if s.postgres != "" {
		all = append(all, "--database", s.postgres)
	}
	p, err := s.start("demo", nil, all...)
	ts.Check(err)
	found, err := p.says(p.out, simAddress)
	ts.Check(err)
	s.sim = client.NewSimulator(found[1])
	base, err := p.says(p.out, demoAddress)
	ts.Check(err)
	s.base, s.listen = base[1], ""
	ts.Setenv("URL", s.base)
	ts.Setenv("SIMULATOR", s.sim.URL)
	b, err := os.ReadFile(p.out)
	ts.Check(err)
	ts.Stdout().Write(b)
}

// simulator [args]: starts the simulator alone: $SIMULATOR, $SMPP (host:port) and $SMTP_PORT.
func startSimulator(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	p, err := s.start("simulator", nil, append([]string{"simulator", "--listen", "127.0.0.1:0", "--smpp", "127.0.0.1:0", "--smtp", "127.0.0.1:0"}, args...)...)
	ts.Check(err)
	found, err := p.says(p.out, simAddress)
	ts.Check(err)
	s.sim = client.NewSimulator(found[1])
	ts.Setenv("SIMULATOR", found[1])
	for name, want := range map[string]*regexp.Regexp{"SMPP": smppAddress, "SMTP_PORT": smtpAddress} {
		found, err := p.says(p.out, want)
		ts.Check(err)
		ts.Setenv(name, found[1])
	}
}

// template is a configuration behind a TLS proxy that works with the simulator.
const template = `base_url = "https://watchword.example.test"
listen = "$LISTEN"
key_ring = "$KEYS"
data = "$DATA"
database = "$DATABASE"
trusted_proxies = ["127.0.0.1"]
log.format = "text"
tls.mode = "proxy"
mail.host = "127.0.0.1"
mail.port = $SMTP_PORT
mail.tls = "none"
mail.from = "watchword@watchword.example.test"
sending.countries = ["GB"]
[[carriers]]
name = "main"
address = "$SMPP"
system_id = "watchword"
sender = "Watchword"
`

// configure [LINE ...]: writes watchword.toml, in which each LINE ("mail.port = 1") takes the place of the line for its
// key, or is added; "KEY =" alone removes it. @FILE is appended. Variables of the story are filled in. A port is chosen once: $LISTEN.
func configure(ts *testscript.TestScript, neg bool, args []string) {
	if ts.Getenv("LISTEN") == "" {
		port(ts, false, []string{"LISTEN"})
	}
	lines := strings.Split(template, "\n")
	for _, a := range args {
		if file, ok := strings.CutPrefix(a, "@"); ok {
			lines = append(lines, ts.ReadFile(file))
			continue
		}
		key, value, _ := strings.Cut(a, "=")
		key = strings.TrimSpace(key)
		placed := false
		for i, l := range lines {
			if k, _, ok := strings.Cut(l, "="); ok && strings.TrimSpace(k) == key {
				lines[i], placed = a, true
				if strings.TrimSpace(value) == "" {
					lines[i] = ""
				}
				break
			}
		}
		if !placed {
			lines = append([]string{a}, lines...)
		}
	}
	text := os.Expand(strings.Join(lines, "\n"), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs("watchword.toml"), []byte(text), 0o600))
}

// port VARIABLE: chooses a free address.
func port(ts *testscript.TestScript, neg bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Check(l.Close())
	ts.Setenv(args[0], l.Addr().String())
}

// serve [args]: starts the server with watchword.toml and waits until it answers. What it printed is in stdout.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	s.base, s.listen = "https://watchword.example.test", ts.Getenv("LISTEN")
	p, err := s.start("serve", nil, append([]string{"serve", "--config", filepath.Join(s.dir, "watchword.toml")}, args...)...)
	ts.Check(err)
	for end := time.Now().Add(bound); ; time.Sleep(10 * time.Millisecond) {
		gone := !p.running()
		if answers("http://" + s.listen + "/healthz") {
			break
		}
		if gone || time.Now().After(end) {
			log, _ := os.ReadFile(p.log)
			ts.Fatalf("the server does not answer (ended: %v):\n%s", gone, log)
		}
	}
	b, err := os.ReadFile(p.out)
	ts.Check(err)
	ts.Stdout().Write(b)
}

func answers(url string) bool {
	a, err := (&http.Client{Timeout: time.Second}).Get(url)
	if err != nil {
		return false
	}
	a.Body.Close()
	return a.StatusCode == http.StatusOK
}

// halt NAME: ends a process as systemd does, and waits; it must end well, or badly with "!". Its log is in stderr.
// (It is not called stop: that is testscript's own, and ends the story.)
func halt(ts *testscript.TestScript, neg bool, args []string) {
	p := named(ts, args)
	ts.Check(p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-p.ended:
	case <-time.After(bound):
		ts.Fatalf("%s does not stop", p.name)
	}
	log, err := os.ReadFile(p.log)
	ts.Check(err)
	ts.Stderr().Write(log)
	if (p.err != nil) != neg {
		ts.Fatalf("%s ended with %v\n%s", p.name, p.err, log)
	}
	if bytes.Contains(log, []byte("DATA RACE")) || bytes.Contains(log, []byte("panic:")) {
		ts.Fatalf("%s stumbled:\n%s", p.name, log)
	}
}

// kill9 NAME: ends it in the middle of whatever it does.
func kill(ts *testscript.TestScript, neg bool, args []string) {
	p := named(ts, args)
	ts.Check(p.cmd.Process.Kill())
	<-p.ended
}

// alive NAME: the process still runs, and answers.
func alive(ts *testscript.TestScript, neg bool, args []string) {
	p, s := named(ts, args), of(ts)
	base := s.base
	if s.listen != "" {
		base = "http://" + s.listen
	}
	if !p.running() || !answers(base+"/healthz") {
		log, _ := os.ReadFile(p.log)
		ts.Fatalf("%s is not alive:\n%s", p.name, log)
	}
}

func named(ts *testscript.TestScript, args []string) *process {
	if len(args) != 1 || of(ts).processes[args[0]] == nil {
		ts.Fatalf("name a process: demo, simulator or serve")
	}
	return of(ts).processes[args[0]]
}
