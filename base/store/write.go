package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Write runs f in a transaction and returns when it is durable, or rolled back because f returned an error. On SQLite
// the operations that wait share one transaction and one fsync, a savepoint each; f may therefore run more than once
// and must be short (under 5 ms), rerunnable, and without effects outside the transaction. A context that ends before
// the start cancels; afterwards it does not (decisions 1).
func (db *DB) Write(ctx context.Context, f func(tx *Tx) error) error { return db.write(ctx, f, false) }

// WriteBulk is Write for background work in batches: it waits behind every operation of Write.
func (db *DB) WriteBulk(ctx context.Context, f func(tx *Tx) error) error {
	return db.write(ctx, f, true)
}

func (db *DB) write(ctx context.Context, f func(tx *Tx) error, bulk bool) error {
	db.writes.Add(1)
	if db.engine == Postgres {
		return explain(db.writePostgres(ctx, f))
	}
	return explain(db.writer.do(ctx, f, bulk))
}

var errClosed = errors.New("the database is closed")

// retries bounds how often a serialisation failure or deadlock is tried again on PostgreSQL.
const retries = 12

func (db *DB) writePostgres(ctx context.Context, f func(tx *Tx) error) error {
	for try := 1; ; try++ {
		err := db.writeOnce(ctx, f)
		var pg *pgconn.PgError
		if err == nil || try == retries || !errors.As(err, &pg) || pg.Code != "40001" && pg.Code != "40P01" {
			return err
		}
		time.Sleep(time.Duration(rand.Int64N(int64(time.Millisecond) << min(try, 6))))
	}
}

func (db *DB) writeOnce(ctx context.Context, f func(tx *Tx) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	stx, err := db.sqldb.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer stx.Rollback()
	tx := &Tx{Now: db.Now(), ctx: ctx, db: db, tx: stx}
	if err := guarded(f, tx); err != nil {
		return err
	}
	if err := stx.Commit(); err != nil {
		return err
	}
	db.commits.Add(1)
	for _, a := range tx.after {
		a()
	}
	return nil
}

// guarded turns a panic of an operation into its own error, so that the others of the group are not lost with it.
func guarded(f func(tx *Tx) error, tx *Tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in a transaction: %v\n%s", r, debug.Stack())
		}
	}()
	if err := f(tx); err != nil {
		return err
	}
	for i := 0; i < len(tx.before); i++ { // the list may grow
		if err := tx.before[i](); err != nil {
			return err
		}
	}
	return nil
}

// op is one waiting operation.
type op struct {
	ctx  context.Context
	f    func(tx *Tx) error
	done chan error
	err  error
	tx   *Tx
}

// writer is the one goroutine that writes to SQLite.
type writer struct {
	db     *DB
	sqldb  *sql.DB
	p      *preparing
	log    *checkpointer
	first  chan *op // operations somebody waits for
	bulk   chan *op // background batches
	mu     sync.RWMutex
	closed bool
	ended  chan struct{}
}

// A group is bounded so that nobody waits long for others' work.
const (
	maxGroup     = 256
	maxGroupTime = 8 * time.Millisecond
)

func startWriter(ctx context.Context, db *DB, sqldb *sql.DB) (*writer, error) {
	w := &writer{db: db, sqldb: sqldb, p: &preparing{db: sqldb}, first: make(chan *op, 1024), bulk: make(chan *op, 64), ended: make(chan struct{})}
	if err := w.p.open(); err != nil {
		return nil, err
	}
	// What is kept to undo one operation of a group goes to memory, not to a file. Not while tables are brought up to
	// date: sorting a large one for an index would take as much memory as it is large.
	if err := w.p.run("PRAGMA temp_store = MEMORY"); err != nil {
		return nil, err
	}
	w.log = startCheckpointer(db.path, db.log)
	go w.loop()
	return w, nil
}

func (w *writer) do(ctx context.Context, f func(tx *Tx) error, bulk bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	o := &op{ctx: ctx, f: f, done: make(chan error, 1)}
	queue := w.first
	if bulk {
		queue = w.bulk
	}
	w.mu.RLock()
	if w.closed {
		w.mu.RUnlock()
		return errClosed
	}
	queue <- o
	w.mu.RUnlock()
	return <-o.done
}

// stop lets the accepted operations finish.
func (w *writer) stop() {
	w.mu.Lock()
	already := w.closed
	w.closed = true
	w.mu.Unlock()
	if !already {
		close(w.first)
	}
	<-w.ended
	if !already {
		w.log.stop()
	}
	w.p.close()
	w.sqldb.Close()
}

func (w *writer) loop() {
	defer close(w.ended)
	group := make([]*op, 0, maxGroup)
	for {
		group = group[:0]
		select {
		case o, ok := <-w.first:
			if !ok {
				w.drain()
				return
			}
			group = append(group, o)
		default:
			select {
			case o, ok := <-w.first:
				if !ok {
					w.drain()
					return
				}
				group = append(group, o)
			case o := <-w.bulk:
				group = append(group, o)
			}
		}
		w.commit(group)
		w.log.between(w.p)
	}
}

// drain finishes the background batches that were accepted before the stop.
func (w *writer) drain() {
	for {
		select {
		case o := <-w.bulk:
			w.commit([]*op{o})
		default:
			return
		}
	}
}

// commit runs a group in one transaction, taking in what arrives meanwhile, and answers everybody after COMMIT.
func (w *writer) commit(group []*op) {
	if err := w.p.run("BEGIN IMMEDIATE"); err != nil {
		w.answer(group, err)
		return
	}
	start := time.Now()
	// Nothing was written before the first operation: should it fail, the whole transaction is undone, so it needs no
	// savepoint. Most groups are of one.
	if first := group[0]; !w.alone(first) {
		w.p.run("ROLLBACK")
		w.finish(first)
		return
	}
	group = w.more(group)
	for i := 1; i < len(group); i++ {
		if err := w.inSavepoint(group[i]); err != nil {
			// The transaction itself is gone (disk full, for one): everybody's work is undone, so run it again singly.
			w.p.run("ROLLBACK")
			w.singly(group)
			return
		}
		if i == len(group)-1 && len(group) < maxGroup && time.Since(start) < maxGroupTime {
			group = w.more(group)
		}
	}
	if err := w.p.run("COMMIT"); err != nil {
		w.p.run("ROLLBACK")
		w.singly(group)
		return
	}
	w.db.commits.Add(1)
	for _, o := range group {
		w.finish(o)
	}
}

// more takes what waits, the urgent ones only.
func (w *writer) more(group []*op) []*op {
	for len(group) < maxGroup {
		select {
		case o, ok := <-w.first:
			if !ok {
				return group
			}
			group = append(group, o)
		default:
			return group
		}
	}
	return group
}

// alone runs the first operation of a transaction and says whether it succeeded.
func (w *writer) alone(o *op) bool {
	if o.err = o.ctx.Err(); o.err == nil {
		o.tx = &Tx{Now: w.db.Now(), ctx: context.Background(), db: w.db, p: w.p}
		o.err = guarded(o.f, o.tx)
	}
	return o.err == nil
}

// inSavepoint runs one operation; the returned error means that the outer transaction is lost.
func (w *writer) inSavepoint(o *op) error {
	o.err = o.ctx.Err()
	if o.err != nil {
		return nil
	}
	if err := w.p.run("SAVEPOINT op"); err != nil {
		return err
	}
	o.tx = &Tx{Now: w.db.Now(), ctx: context.Background(), db: w.db, p: w.p}
	o.err = guarded(o.f, o.tx)
	if o.err != nil {
		if err := w.p.run("ROLLBACK TO op"); err != nil {
			return err
		}
	}
	return w.p.run("RELEASE op")
}

// singly runs each operation in a transaction of its own.
func (w *writer) singly(group []*op) {
	for _, o := range group {
		if err := w.p.run("BEGIN IMMEDIATE"); err != nil {
			w.answer([]*op{o}, err)
			continue
		}
		if w.alone(o) {
			o.err = w.p.run("COMMIT")
		}
		if o.err != nil {
			w.p.run("ROLLBACK")
		} else {
			w.db.commits.Add(1)
		}
		w.finish(o)
	}
}

func (w *writer) finish(o *op) {
	if o.err == nil && o.tx != nil {
		for _, a := range o.tx.after {
			a()
		}
	}
	o.done <- o.err
}

func (w *writer) answer(group []*op, err error) {
	for _, o := range group {
		o.done <- err
	}
}
