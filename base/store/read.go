package store

import (
	"context"
	"database/sql"
	"sync"
)

// Read runs f on one consistent state of the database. f must not write.
func (db *DB) Read(ctx context.Context, f func(tx *Tx) error) error {
	if db.engine == Postgres {
		stx, err := db.sqldb.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
		if err != nil {
			return explain(err)
		}
		defer stx.Rollback()
		return explain(f(&Tx{Now: db.Now(), ctx: ctx, db: db, tx: stx}))
	}
	p, err := db.reader(ctx)
	if err != nil {
		return explain(err)
	}
	defer db.readers.put(p)
	if err := p.run("BEGIN"); err != nil {
		return explain(err)
	}
	// An expired context must not interrupt SQLite in the middle (decisions 1); reads are short.
	err = f(&Tx{Now: db.Now(), ctx: context.Background(), db: db, p: p})
	if e := p.run("ROLLBACK"); e != nil {
		p.close() // a connection in an unknown state is not used again
	}
	return explain(err)
}

// ReadOne runs f with each statement on its own state: for operations of a single query that must be quick.
func (db *DB) ReadOne(ctx context.Context, f func(tx *Tx) error) error {
	if db.engine == Postgres {
		return db.Read(ctx, f)
	}
	p, err := db.reader(ctx)
	if err != nil {
		return explain(err)
	}
	defer db.readers.put(p)
	return explain(f(&Tx{Now: db.Now(), ctx: context.Background(), db: db, p: p}))
}

func (db *DB) reader(ctx context.Context) (*preparing, error) {
	p, err := db.readers.take(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.open(); err != nil {
		db.readers.put(p)
		return nil, err
	}
	return p, nil
}

// pool hands out readers, the one that was used last first: opening one means reading all of the schema, so that as few
// as the load needs are ever opened.
type pool struct {
	free chan struct{} // one for each that is idle
	mu   sync.Mutex
	idle []*preparing
}

func newPool(db *sql.DB, n int) *pool {
	r := &pool{free: make(chan struct{}, n)}
	for range n {
		r.put(&preparing{db: db})
	}
	return r
}

func (r *pool) take(ctx context.Context) (*preparing, error) {
	select {
	case <-r.free:
	default:
		select {
		case <-r.free:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	last := len(r.idle) - 1
	p := r.idle[last]
	r.idle = r.idle[:last]
	return p, nil
}

func (r *pool) put(p *preparing) {
	r.mu.Lock()
	r.idle = append(r.idle, p)
	r.mu.Unlock()
	r.free <- struct{}{}
}
