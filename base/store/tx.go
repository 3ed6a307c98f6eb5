package store

import (
	"context"
	"database/sql"
)

// Tx is one operation inside a transaction. Now is the transaction's single reading of the clock (microseconds UTC).
type Tx struct {
	Now int64

	ctx    context.Context
	db     *DB
	p      *preparing // SQLite: a connection with its prepared statements
	tx     *sql.Tx    // PostgreSQL
	before []func() error
	after  []func()
	keep   map[any]any
}

// Exec runs a statement and says how many rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	var res sql.Result
	var err error
	if tx.p != nil {
		var st *sql.Stmt
		if st, err = tx.p.stmt(query); err == nil {
			res, err = st.ExecContext(tx.ctx, args...)
		}
	} else {
		res, err = tx.tx.ExecContext(tx.ctx, query, args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query runs a query; close the rows.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	if tx.p == nil {
		return tx.tx.QueryContext(tx.ctx, query, args...)
	}
	st, err := tx.p.stmt(query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(tx.ctx, args...)
}

// Row is the single row of QueryRow.
type Row struct {
	row *sql.Row
	err error
}

// Scan reads the columns; sql.ErrNoRows (see IsNoRows) when there is no row.
func (r Row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.row.Scan(into...)
}

// QueryRow runs a query that gives at most one row.
func (tx *Tx) QueryRow(query string, args ...any) Row {
	if tx.p == nil {
		return Row{row: tx.tx.QueryRowContext(tx.ctx, query, args...)}
	}
	st, err := tx.p.stmt(query)
	if err != nil {
		return Row{err: err}
	}
	return Row{row: st.QueryRowContext(tx.ctx, args...)}
}

// AfterCommit runs f once the operation is durable: to wake a loop that waits for rows. Not run when it is rolled back.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// BeforeCommit runs f at the end of the operation, when all its own work is done; an error of f is the operation's. What f
// itself puts off runs after it.
func (tx *Tx) BeforeCommit(f func() error) { tx.before = append(tx.before, f) }

// Keep gives what the operation keeps under a key of the caller's own type, made by its first call.
func Keep[T any](tx *Tx, key any, first func() T) T {
	if v, ok := tx.keep[key]; ok {
		return v.(T)
	}
	if tx.keep == nil {
		tx.keep = map[any]any{}
	}
	v := first()
	tx.keep[key] = v
	return v
}

// Engine says which database it is, for the fragments of dialect.go.
func (tx *Tx) Engine() Engine { return tx.db.engine }

// preparing is one SQLite connection and the statements prepared on it.
type preparing struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func (p *preparing) open() error {
	if p.conn != nil {
		return nil
	}
	c, err := p.db.Conn(context.Background())
	if err != nil {
		return err
	}
	p.conn, p.stmts = c, map[string]*sql.Stmt{}
	return nil
}

func (p *preparing) stmt(query string) (*sql.Stmt, error) {
	if st, ok := p.stmts[query]; ok {
		return st, nil
	}
	st, err := p.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	p.stmts[query] = st
	return st, nil
}

func (p *preparing) run(query string) error {
	st, err := p.stmt(query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(context.Background())
	return err
}

func (p *preparing) close() {
	if p.conn == nil {
		return
	}
	for _, st := range p.stmts {
		st.Close()
	}
	p.conn.Close()
	p.conn, p.stmts = nil, nil
}
