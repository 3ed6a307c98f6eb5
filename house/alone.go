package house

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"watchword/base/store"
)

// alone keeps a second process from serving or replacing a SQLite database: whoever starts takes everything in hand for
// what a dead predecessor left. The kernel ends the lock with the process, so a crash leaves nothing to clear away.
// PostgreSQL is shared by leases instead.
func alone(database string) (release func(), err error) {
	path, sqlite := strings.CutPrefix(database, "sqlite:")
	if !sqlite {
		return func() {}, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, store.Unused(database, err)
	}
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, store.Unused(database, err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("another server runs on %s; stop it first, or use PostgreSQL, which several servers can share", path)
		}
		return nil, fmt.Errorf("%s.lock cannot be locked: %w", path, err)
	}
	return func() { f.Close() }, nil
}
