package store

import (
	"context"
	"database/sql"
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
	defer func() { db.readers <- p }()
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
	defer func() { db.readers <- p }()
	return explain(f(&Tx{Now: db.Now(), ctx: context.Background(), db: db, p: p}))
}

func (db *DB) reader(ctx context.Context) (*preparing, error) {
	select {
	case p := <-db.readers:
		if err := p.open(); err != nil {
			db.readers <- p
			return nil, err
		}
		return p, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
