package main

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"watchword/account/password"
	"watchword/base/secret"
	"watchword/base/store"
)

// limits is what the machine can do at best; most goals are shares or multiples of these.
type limits struct {
	Hashes float64 // argon2id a second, on all cores
	Hash   float64 // one alone, ms
	Kept   float64 // a second, on all cores, in memory that is kept as account/password does
	Commit spread  // one row through base/store, SQLite synchronous=FULL
}

// durable is the usual durable commit, in ms.
func (l limits) durable() float64 { return l.Commit.at(0.5) }

// Parameters of argon2id (RFC 9106): those that Watchword uses by default.
const (
	argonMemory = 19 * 1024 // KiB
	argonPasses = 2
)

func hashOnce(salt []byte) {
	argon2.IDKey([]byte("correct horse battery staple"), salt, argonPasses, argonMemory, 1, 32)
}

func (b *bench) measureLimits() error {
	b.argon()
	if err := b.commits(); err != nil {
		return err
	}
	l, r := &b.limits, &b.report
	r.section("Limits of the machine, measured in this run")
	r.fact("argon2id 19 MiB t=2 p=1, all cores", "%.1f a second", l.Hashes)
	r.fact("argon2id, one alone, p50", "%.2f ms", l.Hash)
	r.fact("  the same in kept memory, as Watchword hashes, all cores", "%.1f a second", l.Kept)
	r.fact("durable commit of one row (SQLite FULL), p50", "%.2f ms", l.Commit.at(0.5))
	r.fact("durable commit of one row, p99", "%.2f ms", l.Commit.at(0.99))
	return b.fsyncs()
}

func (b *bench) argon() {
	salt := []byte("0123456789abcdef")
	hashOnce(salt) // the first one also fetches its memory from the system
	var one spread
	for range sized(b, 40, 15) {
		at := time.Now()
		hashOnce(salt)
		one = append(one, time.Since(at))
	}
	b.limits.Hash = one.at(0.5)
	long := sized(b, 6*time.Second, 2*time.Second)
	b.limits.Hashes = crowdedCores(long, func() { hashOnce(salt) })
	h := password.NewHasher(secret.NewRing(), password.Settings{Memory: argonMemory, Passes: argonPasses})
	b.limits.Kept = crowdedCores(long, func() { h.Hash(b.ctx, "correct horse battery staple") })
}

// crowdedCores is how often f ends in a second when every core runs it.
func crowdedCores(long time.Duration, f func()) float64 {
	var n atomic.Int64
	var work sync.WaitGroup
	begin := time.Now()
	for range runtime.NumCPU() {
		work.Go(func() {
			for time.Since(begin) < long {
				f()
				n.Add(1)
			}
		})
	}
	work.Wait()
	return float64(n.Load()) / time.Since(begin).Seconds()
}

func (b *bench) commits() error {
	dir, err := b.folder("commit")
	if err != nil {
		return err
	}
	db, err := store.Open(b.ctx, store.Options{URL: "sqlite:" + filepath.Join(dir, "watchword.db")})
	if err != nil {
		return err
	}
	defer db.Close()
	for range sized(b, 1000, 300) {
		at := time.Now()
		if err := db.Ping(b.ctx); err != nil {
			return err
		}
		b.limits.Commit = append(b.limits.Commit, time.Since(at))
	}
	return nil
}

// fsyncs appends a page to a file and waits for the disk: what lies below every durable commit.
func (b *bench) fsyncs() error {
	f, err := os.Create(filepath.Join(b.dir, "fsync"))
	if err != nil {
		return err
	}
	defer f.Close()
	page := make([]byte, 4096)
	var all spread
	for range sized(b, 500, 150) {
		at := time.Now()
		if _, err := f.Write(page); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
		all = append(all, time.Since(at))
	}
	b.report.fact("write of 4 KiB and fsync, p50 and p99", "%.2f and %.2f ms", all.at(0.5), all.at(0.99))
	return nil
}
