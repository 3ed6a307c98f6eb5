package main

import (
	"time"
)

// Goals of the house.
const (
	goalStart = 50.0  // ms, to the first answer on an existing data folder
	goalIdle  = 30.0  // MB
	goalAfter = 60.0  // MB, after 1,000 log-ins and a quiet time
	goalPeak  = 150.0 // MB, while 200 log in at once
)

func (b *bench) starts() error {
	p, err := b.place("start", "")
	if err != nil {
		return err
	}
	var all spread
	for i := range sized(b, 16, 6) {
		s, err := b.start(p)
		if err != nil {
			return err
		}
		s.stop()
		if i > 0 { // the first makes the tables
			all = append(all, s.took)
		}
	}
	b.report.section("Start (exec of the binary to the log-in page, existing data folder, SQLite, behind a proxy)")
	b.report.most("start to first answer, p50", "%.0f ms", all.at(0.5), goalStart)
	b.report.fact("start to first answer, fastest and slowest", "%.0f and %.0f ms", all.at(0), all.at(1))
	return nil
}

func (b *bench) idle() error {
	p, err := b.place("idle", "")
	if err != nil {
		return err
	}
	s, err := b.start(p)
	if err != nil {
		return err
	}
	defer s.stop()
	fresh := s.memory("VmRSS")
	wait := 60 * time.Second
	if err := b.wait(wait); err != nil {
		return err
	}
	r := &b.report
	r.section("Memory (resident, MB of 1,000,000 octets)")
	r.fact("serve right after its start", "%.1f MB", fresh)
	r.most("serve, "+wait.String()+" without a request", "%.1f MB", s.memory("VmRSS"), goalIdle)
	r.fact("  of which own memory, and pages of the binary", "%.1f and %.1f MB", s.memory("RssAnon"), s.memory("RssFile"))
	return nil
}

func (b *bench) wait(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-b.ctx.Done():
		return b.ctx.Err()
	}
}
