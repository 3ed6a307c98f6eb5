package store

import (
	"database/sql"
	"log/slog"
	"os"
	"sync"

	"modernc.org/sqlite"
)

// checkpointAfter is how many pages (of 4 KiB) are written to SQLite's log before they are brought into the file. When it
// has become so many times longer, writers wait for that.
const (
	checkpointAfter = 4000
	checkpointMost  = 8
)

// checkpointer brings SQLite's log of writes into the database file beside the writer, because copying thousands of
// pages inside a commit would make everybody wait for some ten milliseconds. What was written meanwhile, little, the
// writer brings in itself between two groups: only a log that is wholly brought in begins anew, and it must not grow
// without end under a steady load.
type checkpointer struct {
	path string
	log  *slog.Logger

	after int           // checkpointAfter
	done  int           // of the writer: pages written when the log was last brought in
	asked bool          // of the writer: the work is under way
	wake  chan struct{} // to begin copying
	over  chan struct{} // it is copied
	ended chan struct{}
}

func startCheckpointer(path string, log *slog.Logger) *checkpointer {
	c := &checkpointer{path: path, log: log, after: checkpointAfter, wake: make(chan struct{}, 1), over: make(chan struct{}, 1), ended: make(chan struct{})}
	go c.run()
	return c
}

func (c *checkpointer) run() {
	defer close(c.ended)
	var db *sql.DB
	for range c.wake {
		var err error
		if db == nil {
			if db, err = sql.Open("sqlite", sqliteDSN(c.path, false)); err == nil {
				db.SetMaxOpenConns(1)
			}
		}
		if err == nil {
			_, err = db.Exec("PRAGMA wal_checkpoint(PASSIVE)")
		}
		if err == nil {
			err = flush(c.path)
		}
		if err != nil {
			// Not lost: the log stands, and the writer tries next.
			c.log.Warn("database: the log of writes could not be brought into the file", "error", err)
		}
		c.over <- struct{}{}
	}
	if db != nil {
		db.Close()
	}
}

// flushed are the files that flush has open. They are never closed: closing any descriptor of a file drops all locks that
// the process holds on it, SQLite's too (fcntl(2)).
var flushed = struct {
	sync.Mutex
	files map[string]*os.File
}{files: map[string]*os.File{}}

// flush waits until what was copied into the file is on the disk. SQLite does so only when it has brought in everything,
// which under a steady load is the writer's last step: that one then finds nearly nothing left to wait for.
func flush(path string) error {
	flushed.Lock()
	defer flushed.Unlock()
	f := flushed.files[path]
	if f == nil {
		var err error
		if f, err = os.Open(path); err != nil {
			return err
		}
		flushed.files[path] = f
	}
	return f.Sync()
}

// stop ends it before the writer is closed, which must be the last.
func (c *checkpointer) stop() {
	close(c.wake)
	<-c.ended
}

// between is called by the writer between two groups.
func (c *checkpointer) between(p *preparing) {
	written := p.pagesWritten()
	if !c.asked && written-c.done >= c.after {
		c.asked = true
		c.wake <- struct{}{}
		return
	}
	if !c.asked {
		return
	}
	select {
	case <-c.over:
	default:
		if written-c.done < checkpointMost*c.after {
			return
		}
		<-c.over
	}
	if err := p.run("PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		c.log.Warn("database: the log of writes could not be brought into the file", "error", err)
	}
	c.asked, c.done = false, written
}

// pagesWritten is how many pages the connection has written to the log since it was opened; 0 when that is not known.
func (p *preparing) pagesWritten() (n int) {
	_ = p.conn.Raw(func(driver any) error {
		if s, ok := driver.(sqlite.DBStatus); ok {
			n, _, _ = s.Status(sqlite.DBStatusCacheWrite, false)
		}
		return nil
	})
	return n
}
