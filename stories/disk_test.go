package stories

import (
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"
)

// canMount says whether this user may mount a small disk.
var canMount = sync.OnceValue(func() bool {
	dir, err := os.MkdirTemp("", "watchword-mount-")
	if err != nil {
		return false
	}
	defer os.Remove(dir)
	if syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m") != nil {
		return false
	}
	return syscall.Unmount(dir, syscall.MNT_DETACH) == nil
})

// tmpfs DIR SIZE: mounts a small disk.
func tmpfs(ts *testscript.TestScript, neg bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	ts.Check(syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+args[1]+",mode=700"))
	s := of(ts)
	s.locks = append(s.locks, func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// fill FILE: writes until the disk is full.
func fillDisk(ts *testscript.TestScript, neg bool, args []string) {
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	block := make([]byte, 4096)
	for {
		if _, err := f.Write(block); err != nil {
			return
		}
	}
}

// hog FILE MB: writes until the disk has so much left.
func hog(ts *testscript.TestScript, neg bool, args []string) {
	left, err := strconv.Atoi(args[1])
	ts.Check(err)
	var disk syscall.Statfs_t
	ts.Check(syscall.Statfs(filepath.Dir(ts.MkAbs(args[0])), &disk))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), make([]byte, max(0, int64(disk.Bavail)*int64(disk.Bsize)-int64(left)<<20)), 0o600))
}

// lockdb FILE: another program holds SQLite's write lock, until unlockdb.
func lockDatabase(ts *testscript.TestScript, neg bool, args []string) {
	db, err := sql.Open("sqlite", "file:"+ts.MkAbs(args[0])+"?_pragma=busy_timeout(10000)")
	ts.Check(err)
	db.SetMaxOpenConns(1)
	_, err = db.Exec("BEGIN IMMEDIATE")
	ts.Check(err)
	s := of(ts)
	var once sync.Once
	s.locks = append(s.locks, func() { once.Do(func() { db.Exec("ROLLBACK"); db.Close() }) })
}

func unlockDatabase(ts *testscript.TestScript, neg bool, args []string) {
	s := of(ts)
	s.locks[len(s.locks)-1]()
}

// corrupt FILE [cut]: changes one octet in the middle of a file, or cuts it in half.
func corrupt(ts *testscript.TestScript, neg bool, args []string) {
	path := filepath.Clean(ts.MkAbs(args[0]))
	b, err := os.ReadFile(path)
	ts.Check(err)
	if len(args) > 1 && strings.HasPrefix(args[1], "cut") {
		b = b[:len(b)/2]
	} else {
		b[len(b)/2] ^= 0xFF
	}
	ts.Check(os.WriteFile(path, b, 0o600))
}

// readonly DIR: nothing below the folder can be written any more.
func readOnly(ts *testscript.TestScript, neg bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(syscall.Mount(dir, dir, "", syscall.MS_BIND, ""))
	s := of(ts)
	s.locks = append(s.locks, func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	ts.Check(syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
}
