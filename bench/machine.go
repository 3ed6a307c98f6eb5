package main

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// machine writes down what the figures were measured on.
func (b *bench) machine() {
	r := &b.report
	r.section("Machine")
	r.fact("date", "%s", time.Now().UTC().Format("2006-01-02 15:04 UTC"))
	r.fact("processor", "%d cores, %s", runtime.NumCPU(), line("/proc/cpuinfo", "model name"))
	r.fact("memory", "%s", line("/proc/meminfo", "MemTotal"))
	r.fact("kernel", "%s %s", runtime.GOOS+"/"+runtime.GOARCH, first("/proc/sys/kernel/osrelease"))
	r.fact("filesystem of the databases", "%s", filesystem(b.dir))
	r.fact("Go", "%s", runtime.Version())
	r.fact("load before (1, 5, 15 minutes)", "%s", strings.Join(strings.Fields(first("/proc/loadavg") + " - - -")[:3], " "))
	if st, err := os.Stat(b.binary); err == nil {
		r.fact("binary", "%.1f MB", float64(st.Size())/1e6)
	}
}

// line is the value of "key: value" in a file of /proc, "unknown" elsewhere.
func line(file, key string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for l := range strings.Lines(string(text)) {
		if k, v, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

func first(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(text))
}

func filesystem(dir string) string {
	out, err := exec.Command("stat", "-f", "-c", "%T", dir).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
