// Package store is the database: SQLite inside, or PostgreSQL by its address. One SQL text serves both, with $1
// placeholders; the few fragments that differ stand in dialect.go. Writers on SQLite share one transaction and one
// fsync (group commit); readers have their own pool.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the "sqlite" driver

	"watchword/base/problem"
)

// Engine is the database behind the DB.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Options say where the database is and how to use it.
type Options struct {
	// URL is "sqlite:PATH" (a file; its folder is made) or "postgres://…".
	URL string
	// Clock gives the time of every transaction; nil means the system's.
	Clock *Clock
	Log   *slog.Logger
	// Connections bounds the PostgreSQL pool (default 4 per core, at least 8) and SQLite's readers (default cores + 2).
	Connections int
	// NoMigrate opens a database as it is (for doctor and backup).
	NoMigrate bool
}

// DB is an open database. Safe for concurrent use.
type DB struct {
	engine  Engine
	clock   *Clock
	log     *slog.Logger
	sqldb   *sql.DB // SQLite: readers; PostgreSQL: everything
	path    string  // SQLite only
	address string

	writer  *writer       // SQLite only
	readers *pool         // SQLite only
	pool    *pgxpool.Pool // PostgreSQL only

	wake    wakers
	commits atomic.Uint64
	writes  atomic.Uint64
	close   sync.Once
}

// Open opens the database, brings its tables up to date, and starts the writer. The error is *Unusable.
func Open(ctx context.Context, o Options) (*DB, error) {
	db := &DB{clock: o.Clock, log: o.Log, address: o.URL}
	if db.clock == nil {
		db.clock = &Clock{}
	}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	scheme, rest, _ := strings.Cut(o.URL, ":")
	switch scheme {
	case "sqlite":
		return db, Unused(o.URL, db.openSQLite(ctx, rest, o))
	case "postgres", "postgresql":
		return db, Unused(o.URL, db.openPostgres(ctx, o))
	}
	return nil, fmt.Errorf("database address %q: it should begin with sqlite: or postgres:", redact(o.URL))
}

func (db *DB) openSQLite(ctx context.Context, path string, o Options) error {
	db.engine, db.path = SQLite, path
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	// The file holds people's data: nobody but its owner reads it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	f.Close()
	readers := o.Connections
	if readers <= 0 {
		readers = runtime.GOMAXPROCS(0) + 2
	}
	wdb, err := sql.Open("sqlite", sqliteDSN(path, false))
	if err != nil {
		return err
	}
	wdb.SetMaxOpenConns(1)
	db.sqldb, err = sql.Open("sqlite", sqliteDSN(path, true))
	if err != nil {
		return err
	}
	db.sqldb.SetMaxOpenConns(readers)
	db.readers = newPool(db.sqldb, readers)
	defer db.firstReader()()
	if !o.NoMigrate {
		err := unfinished(ctx, wdb, SQLite)
		if err == nil {
			err = migrate(ctx, wdb, SQLite)
		}
		if err != nil {
			wdb.Close()
			return err
		}
	}
	w, err := startWriter(ctx, db, wdb)
	if err != nil {
		wdb.Close()
		return err
	}
	db.writer = w
	return nil
}

// firstReader opens a reader beside the writer, and gives how to wait for it: each connection reads the tables' definitions
// anew, which is a good part of the time in which a server starts.
func (db *DB) firstReader() (wait func()) {
	st, err := os.Stat(db.path)
	if err != nil || st.Size() == 0 {
		return func() {} // there is nothing to read before the tables are made
	}
	opened := make(chan struct{})
	go func() {
		defer close(opened)
		_ = db.ReadOne(context.Background(), func(tx *Tx) error { // whoever reads next meets the error, and tells it
			var n int
			return tx.QueryRow(`SELECT COUNT(*) FROM sqlite_master`).Scan(&n)
		})
	}()
	return func() { <-opened }
}

func sqliteDSN(path string, readOnly bool) string {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(10000)")
	q.Add("_pragma", "foreign_keys(1)")
	if readOnly {
		q.Add("_pragma", "query_only(1)")
		q.Add("_pragma", "cache_size(-2000)")
	} else {
		q.Add("_pragma", "journal_mode(WAL)")
		q.Add("_pragma", "synchronous(FULL)")
		q.Add("_pragma", "cache_size(-8000)")
		q.Add("_pragma", "wal_autocheckpoint(0)") // see checkpointer
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// connectTime bounds one connection to PostgreSQL, unless its address says connect_timeout.
const connectTime = 10 * time.Second

func (db *DB) openPostgres(ctx context.Context, o Options) error {
	db.engine = Postgres
	cfg, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), o.URL, redact(o.URL)))
	}
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = connectTime
	}
	cfg.MaxConns = int32(max(8, 4*runtime.NumCPU()))
	if o.Connections > 0 {
		cfg.MaxConns = int32(o.Connections)
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "watchword"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	db.pool, err = pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	db.sqldb = stdlib.OpenDBFromPool(db.pool)
	db.sqldb.SetMaxIdleConns(0) // the pool underneath keeps them
	if !o.NoMigrate {
		err := unfinished(ctx, db.sqldb, Postgres)
		if err == nil {
			err = migrate(ctx, db.sqldb, Postgres)
		}
		if err != nil {
			db.Close()
			return err
		}
	}
	return nil
}

// Close waits for accepted writes and closes the database.
func (db *DB) Close() error {
	db.close.Do(func() {
		// The readers first: only the writer, when it is the last to close, brings the log of writes into the file, which
		// is then whole by itself.
		if db.readers != nil {
			for range cap(db.readers.free) {
				p, _ := db.readers.take(context.Background()) // never ends
				p.close()
				defer db.readers.put(p) // whoever reads now is told that the database is closed
			}
			db.sqldb.Close()
		}
		if db.writer != nil {
			db.writer.stop()
		}
		if db.sqldb != nil {
			db.sqldb.Close()
		}
		if db.pool != nil {
			db.pool.Close()
		}
	})
	return nil
}

// Engine says which database it is.
func (db *DB) Engine() Engine { return db.engine }

// Path is the database file (SQLite only).
func (db *DB) Path() string { return db.path }

// Clock is the clock that transactions read.
func (db *DB) Clock() *Clock { return db.clock }

// Now is the present time in microseconds UTC, by the database's clock.
func (db *DB) Now() int64 { return db.clock.Now().UnixMicro() }

// Counts are durable commits and the operations that shared them, since the start.
func (db *DB) Counts() (commits, operations uint64) { return db.commits.Load(), db.writes.Load() }

// Ping reads one row and, on a writable database, makes one durable commit.
func (db *DB) Ping(ctx context.Context) error {
	return db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO store_ping (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at`, tx.Now)
		return err
	})
}

// redact hides the password of a database address.
func redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		scheme, _, _ := strings.Cut(raw, ":")
		return scheme + ":…"
	}
	return u.Redacted()
}

// explain turns what a driver says into a problem: people read that nothing was saved (C58: nothing of our inside is
// shown), the log and the command line read in Cause what to do about it. Other errors stay faults.
func explain(err error) error {
	if err == nil || problem.As(err) != nil {
		return err
	}
	s := err.Error()
	for _, k := range []struct{ has, code, advice string }{
		{"database or disk is full", "disk_full", "the disk is full: make room"},
		{"No space left on device", "disk_full", "the disk of the database is full: make room"}, // PostgreSQL's 53100
		{"no space left on device", "disk_full", "the disk is full: make room"},
		{"readonly database", "database_read_only", "the database is read-only: check the rights of its file and folder"},
		{"disk I/O error", "disk_error", "the disk reported an error: look at the system's log"},
		{"database is locked", "database_locked", "the database is held by another program: end it"},
		{"connection refused", "database_down", "the database does not answer: start it, or check its address"},
		{"too many clients", "database_full", "the database has no free connection: raise its limit or lower database_connections"},
	} {
		if strings.Contains(s, k.has) {
			p := problem.Unavailable(k.code, "Nothing was saved, because something of ours does not work at the moment. Try again in a minute.", fmt.Errorf("%s: %w", k.advice, err))
			p.RetryAfter = 5 * time.Second
			return p
		}
	}
	return err
}

// IsNoRows says that a query found nothing.
func IsNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }
