package store

import (
	"fmt"
	"strings"
)

// bulkRows is how many rows one statement of InsertRows takes on SQLite; more gain nothing.
const bulkRows = 50

// InsertRows adds many rows of a table: values are its cells, row after row. It is the quickest way in: SQLite binds by
// position (by name it searches for each), PostgreSQL takes one array a column. A row that is there already is an
// error. Cells of a text column are strings, of bigint int64, of boolean bool, of bytea []byte.
func (tx *Tx) InsertRows(table string, cols []Col, values []any) error {
	if len(values)%len(cols) != 0 {
		return fmt.Errorf("InsertRows: %d values for %d columns", len(values), len(cols))
	}
	if len(values) == 0 {
		return nil
	}
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.Name
	}
	head := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") "
	if tx.db.engine == Postgres {
		return tx.insertArrays(head, cols, values)
	}
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(cols)), ",") + ")"
	full := head + "VALUES " + strings.TrimSuffix(strings.Repeat(one+",", bulkRows), ",")
	step := bulkRows * len(cols)
	for ; len(values) >= step; values = values[step:] {
		if _, err := tx.Exec(full, values[:step]...); err != nil {
			return err
		}
	}
	for ; len(values) > 0; values = values[len(cols):] {
		if _, err := tx.Exec(head+"VALUES "+one, values[:len(cols)]...); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) insertArrays(head string, cols []Col, values []any) error {
	arrays, types := make([]any, len(cols)), make([]string, len(cols))
	for i, c := range cols {
		types[i] = fmt.Sprintf("$%d::%s[]", i+1, c.Type)
		switch c.Type {
		case "bigint":
			arrays[i] = cellsOf[int64](values, i, len(cols))
		case "boolean":
			arrays[i] = cellsOf[bool](values, i, len(cols))
		case "bytea":
			arrays[i] = cellsOf[[]byte](values, i, len(cols))
		default:
			arrays[i] = cellsOf[string](values, i, len(cols))
		}
	}
	_, err := tx.Exec(head+"SELECT * FROM unnest("+strings.Join(types, ", ")+")", arrays...)
	return err
}

func cellsOf[T any](values []any, i, n int) []T {
	out := make([]T, 0, len(values)/n)
	for ; i < len(values); i += n {
		v, _ := values[i].(T)
		out = append(out, v)
	}
	return out
}

// Known lets PostgreSQL look at tables that a lot was put into, so that it plans for what is there now; by itself it looks a
// minute later. SQLite plans by the indexes alone.
func (tx *Tx) Known(tables ...string) error {
	if tx.db.engine != Postgres {
		return nil
	}
	_, err := tx.Exec("ANALYZE " + strings.Join(tables, ", "))
	return err
}
