package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"watchword/base/secret"
)

// build makes the binary as "make build" does.
func (b *bench) build() error {
	b.binary = binaryIn(b.dir)
	cmd := exec.CommandContext(b.ctx, "go", "build", "-ldflags", "-s -w", "-o", b.binary, "watchword/cmd/watchword")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

// place is a configured installation behind a proxy, on SQLite.
type place struct {
	dir, config, listen string
}

// host is the name by which people would reach it through the proxy.
const host = "bench.example"

// place writes a configuration. smpp is the simulated carrier's address, "" for none. The limits that would refuse the
// load are raised here and nowhere else.
func (b *bench) place(name, smpp string) (*place, error) {
	dir, err := b.folder(name)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &place{dir: dir, config: filepath.Join(dir, "watchword.toml"), listen: l.Addr().String()}
	l.Close()
	keys := filepath.Join(dir, "keys")
	if _, err := secret.Create(keys); err != nil {
		return nil, err
	}
	text := fmt.Sprintf(`base_url = "https://%s"
listen = %q
data = %q
key_ring = %q
trusted_proxies = ["127.0.0.1"]
[tls]
mode = "proxy"
[mail]
host = "127.0.0.1"
tls = "none"
from = "watchword@bench.example"
[log]
level = "warn"
[sending]
countries = ["GB"]
cool_downs = ["0s"]
per_destination = ["1000000/1h"]
per_address = "1000000/1h"
prefix_floor = 1000000
unconfirmed_pot = 1000000
confirmed_pot = 1000000
[limits]
login_failures_per_address = "1000000/1h"
`, host, p.listen, filepath.Join(dir, "data"), keys)
	if smpp != "" {
		text += fmt.Sprintf("[[carriers]]\nname = \"sim\"\naddress = %q\nsystem_id = \"bench\"\nsender = \"Watchword\"\nwindow = 100\n", smpp)
	}
	return p, os.WriteFile(p.config, []byte(text), 0o600)
}

// server is a running "watchword serve".
type server struct {
	cmd   *exec.Cmd
	said  *bytes.Buffer
	began time.Time // just before exec
	took  time.Duration
	ended chan error
}

// start runs it and waits for its first answer: the log-in page, which reads nothing but needs everything to be open.
func (b *bench) start(p *place) (*server, error) {
	s := &server{cmd: exec.Command(b.binary, "serve", "--config", p.config), said: &bytes.Buffer{}, ended: make(chan error, 1)}
	s.cmd.Stdout, s.cmd.Stderr = s.said, s.said
	s.cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GO") })
	s.began = time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { s.ended <- s.cmd.Wait() }()
	request := head("GET", "/login", host, "", "")
	for time.Since(s.began) < 60*time.Second {
		if c, err := dial(p.listen); err == nil {
			var a answer
			err = c.ask(request, nil, &a)
			s.took = time.Since(s.began)
			c.close()
			if err == nil && a.status == 200 {
				return s, nil
			}
			s.stop()
			return nil, fmt.Errorf("the first answer was %d %w", a.status, errors.Join(err, errShort))
		}
		select {
		case err := <-s.ended:
			return nil, fmt.Errorf("serve ended by itself (%v): %s", err, s.said)
		case <-time.After(500 * time.Microsecond):
		}
	}
	s.stop()
	return nil, errors.New("serve did not answer within a minute")
}

// stop ends it the way an operator does.
func (s *server) stop() {
	s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		s.cmd.Process.Kill()
		<-s.ended
	}
}

// cpu is the processor time that the server has used, to a hundredth of a second.
func (s *server) cpu() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:])) // from the state on: proc(5)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory reads a line of /proc/PID/status in MB: VmRSS (resident now), RssAnon, RssFile, VmHWM (the most so far).
func (s *server) memory(key string) float64 {
	kb, _, _ := strings.Cut(line(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid), key), " ")
	n, err := strconv.ParseFloat(kb, 64)
	if err != nil {
		return -1 // no Linux: shown as such
	}
	return n * 1024 / 1e6
}

// forgetPeak lets VmHWM begin anew (proc(5), clear_refs).
func (s *server) forgetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.cmd.Process.Pid), []byte("5"), 0o200)
}
