package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

const (
	// A batch of rows is one transaction on SQLite. Both bounds keep memory flat: many small rows, or a few of a
	// megabyte.
	copyBatchRows   = 5000
	copyBatchOctets = 16 << 20
	// copyTold is how often a long table tells where it is, in rows.
	copyTold = 100000
)

// tableCopy is one table on its way.
type tableCopy struct {
	name    string
	columns []column
}

// read streams the rows of one side. The values have the same Go types from both engines.
func (t *tableCopy) read(ctx context.Context, s *side) (*reading, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT `+t.list()+` FROM `+quoted(t.name))
	if err != nil {
		return nil, err
	}
	r := &reading{table: t, rows: rows, values: make([]any, len(t.columns)), into: make([]any, len(t.columns))}
	for i := range r.values {
		r.into[i] = &r.values[i]
	}
	return r, nil
}

func (t *tableCopy) list() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = quoted(c.name)
	}
	return strings.Join(names, ", ")
}

// reading is one pass over a table. It is also what pgx copies from.
type reading struct {
	table  *tableCopy
	rows   *sql.Rows
	values []any
	into   []any
	n      int64
	octets int // of the present row
	err    error
	tell   func(CopyStep)
}

// Next reads a row.
func (r *reading) Next() bool {
	if r.err != nil || !r.rows.Next() {
		return false
	}
	if r.err = r.rows.Scan(r.into...); r.err != nil {
		return false
	}
	r.octets = 0
	for i, c := range r.table.columns {
		if r.values[i], r.err = likened(c, r.values[i]); r.err != nil {
			return false
		}
		switch v := r.values[i].(type) {
		case string:
			r.octets += len(v)
		case []byte:
			r.octets += len(v)
		}
	}
	if r.n++; r.tell != nil && r.n%copyTold == 0 {
		r.tell(CopyStep{Table: r.table.name, Rows: r.n})
	}
	return true
}

// Values are the row.
func (r *reading) Values() ([]any, error) { return r.values, nil }

// Err is what ended the pass early.
func (r *reading) Err() error {
	if r.err != nil {
		return r.err
	}
	return r.rows.Err()
}

// likened gives a value the Go type of its column, whichever engine it is from: SQLite keeps truth as 0 and 1, and an
// empty octet string must not turn into NULL on the way.
func likened(c column, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch x := v.(type) {
	case string:
		if c.kind == "text" {
			return x, nil
		}
	case []byte:
		if c.kind == "bytea" {
			if x == nil {
				x = []byte{}
			}
			return x, nil
		}
	case int64:
		switch {
		case c.kind == "bigint":
			return x, nil
		case c.kind == "boolean" && (x == 0 || x == 1):
			return x == 1, nil
		}
	case bool:
		if c.kind == "boolean" {
			return x, nil
		}
	}
	return nil, fmt.Errorf("the column %s of type %s holds a %T", c.name, c.kind, v)
}

// copy streams the table into the target.
func (t *tableCopy) copy(ctx context.Context, src, dst *side, tell func(CopyStep)) error {
	from, err := t.read(ctx, src)
	if err != nil {
		return err
	}
	defer from.rows.Close()
	from.tell = tell
	if dst.engine == Postgres {
		err = t.intoPostgres(ctx, dst, from)
	} else {
		err = t.intoSQLite(ctx, dst, from)
	}
	if err == nil {
		err = from.Err()
	}
	if err == nil {
		tell(CopyStep{Table: t.name, Rows: from.n, Done: true})
	}
	return err
}

func (t *tableCopy) intoPostgres(ctx context.Context, dst *side, from *reading) error {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	_, err := dst.pool.CopyFrom(ctx, pgx.Identifier{t.name}, names, from)
	return err
}

func (t *tableCopy) intoSQLite(ctx context.Context, dst *side, from *reading) error {
	query := `INSERT INTO ` + quoted(t.name) + ` (` + t.list() + `) VALUES (?` + strings.Repeat(", ?", len(t.columns)-1) + `)`
	for more := true; more; {
		tx, err := dst.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if more, err = t.batch(ctx, tx, query, from); err != nil {
			tx.Rollback()
			return err
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// batch writes the rows of one transaction; more says that there may be further ones.
func (t *tableCopy) batch(ctx context.Context, tx *sql.Tx, query string, from *reading) (more bool, err error) {
	insert, err := tx.PrepareContext(ctx, query)
	if err != nil {
		return false, err
	}
	defer insert.Close()
	octets := 0
	for range copyBatchRows {
		if !from.Next() {
			return false, from.Err()
		}
		if _, err := insert.ExecContext(ctx, from.values...); err != nil {
			return false, err
		}
		if octets += from.octets; octets > copyBatchOctets {
			break
		}
	}
	return true, nil
}

// compare reads the table back from both sides.
func (t *tableCopy) compare(ctx context.Context, src, dst *side, tell func(CopyStep)) error {
	a, n, err := t.sum(ctx, src)
	if err != nil {
		return fmt.Errorf("reading the table %s back from %s: %w", t.name, src.name, err)
	}
	b, m, err := t.sum(ctx, dst)
	if err != nil {
		return fmt.Errorf("reading the table %s back from %s: %w", t.name, dst.name, err)
	}
	if n != m || a != b {
		return errors.Join(fmt.Errorf("the table %s differs: %d rows with checksum %s, and %d with %s in the copy", t.name, n, a, m, b),
			errors.New("nothing may write while it is copied: stop every server and run the copy again"))
	}
	tell(CopyStep{Table: t.name, Rows: n, Done: true, Verified: true, Sum: a})
	return nil
}

// sum is a checksum over all rows, in whatever order an engine gives them: the SHA-256 of each row's values, added up
// in four lanes of 64 bits.
func (t *tableCopy) sum(ctx context.Context, s *side) (string, int64, error) {
	r, err := t.read(ctx, s)
	if err != nil {
		return "", 0, err
	}
	defer r.rows.Close()
	var lanes [4]uint64
	var row []byte
	for r.Next() {
		row = row[:0]
		for _, v := range r.values {
			row = appendValue(row, v)
		}
		h := sha256.Sum256(row)
		for i := range lanes {
			lanes[i] += binary.BigEndian.Uint64(h[8*i:])
		}
	}
	if err := r.Err(); err != nil {
		return "", 0, err
	}
	var all []byte
	for _, lane := range lanes {
		all = binary.BigEndian.AppendUint64(all, lane)
	}
	return hex.EncodeToString(all), r.n, nil
}

// appendValue writes a value so that no two rows of different values read alike.
func appendValue(b []byte, v any) []byte {
	switch x := v.(type) {
	case string:
		return append(binary.AppendUvarint(append(b, 't'), uint64(len(x))), x...)
	case []byte:
		return append(binary.AppendUvarint(append(b, 'o'), uint64(len(x))), x...)
	case int64:
		return binary.BigEndian.AppendUint64(append(b, 'i'), uint64(x))
	case bool:
		if x {
			return append(b, 'y')
		}
		return append(b, 'n')
	}
	return append(b, 0)
}
