package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// shared is what the processes of one run know of each other, in a file of the scratch.
type shared struct {
	Limits         limits
	Goals, Reached int
}

func (b *bench) share(s shared) error {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.dir, "shared.json"), data, 0o600)
}

func (b *bench) learn() (s shared, err error) {
	data, err := os.ReadFile(filepath.Join(b.dir, "shared.json"))
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(data, &s)
}

// apart measures a group in a process of its own: what an earlier one left, in memory and in the collector's mind, would
// make the next one slower.
func (b *bench) apart(group string) error {
	if err := b.share(shared{Limits: b.limits}); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(b.ctx, self, "--apart", group, "--dir", b.dir, fmt.Sprintf("--quick=%v", b.quick), fmt.Sprintf("--long=%v", b.long))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) } // it ends what it has started
	if err := cmd.Run(); err != nil {
		return err
	}
	s, err := b.learn()
	b.report.goals, b.report.reached = b.report.goals+s.Goals, b.report.reached+s.Reached
	return err
}

// runApart is the other side of apart.
func (b *bench) runApart(name, dir string) error {
	b.dir, b.binary = dir, binaryIn(dir)
	s, err := b.learn()
	if err != nil {
		return err
	}
	b.limits = s.Limits
	for _, g := range groups {
		if g.name != name {
			continue
		}
		err := g.run(b)
		b.report.flush(os.Stdout)
		if err != nil {
			return err
		}
	}
	s.Goals, s.Reached = b.report.goals, b.report.reached
	return b.share(s)
}

// binaryIn is where the measured binary is built.
func binaryIn(dir string) string { return filepath.Join(dir, "watchword") }
