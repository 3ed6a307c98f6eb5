package store

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// ForUpdate is the clause that locks the rows a SELECT finds until the transaction ends. SQLite has one writer and
// needs none.
func (tx *Tx) ForUpdate() string {
	if tx.db.engine == Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// SkipLocked is ForUpdate for queue claims: rows that another process holds are passed over.
func (tx *Tx) SkipLocked() string {
	if tx.db.engine == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// Lock holds everybody else who locks the same name until the transaction ends, on PostgreSQL; SQLite has one writer.
// For counts that no single row carries. Take several in a fixed order.
func (tx *Tx) Lock(name string) error {
	if tx.db.engine != Postgres {
		return nil
	}
	_, err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, name)
	return err
}

// Col is one column of JSONRows.
type Col struct {
	Name string
	Type string // text, bigint, boolean or bytea (as base64 text: decode in Go)
}

// JSONRows is a FROM fragment that turns parameter $n, a JSON array of arrays, into rows: bulk insert and update in
// one statement. Alias it.
func (tx *Tx) JSONRows(n int, cols ...Col) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		if tx.db.engine == Postgres {
			parts[i] = fmt.Sprintf("(e.value->>%d)::%s AS %s", i, c.Type, c.Name)
		} else {
			parts[i] = fmt.Sprintf("e.value->>%d AS %s", i, c.Name)
		}
	}
	if tx.db.engine == Postgres {
		return fmt.Sprintf("(SELECT %s FROM jsonb_array_elements($%d::jsonb) AS e(value))", strings.Join(parts, ", "), n)
	}
	return fmt.Sprintf("(SELECT %s FROM json_each($%d) AS e)", strings.Join(parts, ", "), n)
}

// TextRows is a FROM fragment that turns parameter $n, a JSON array of strings, into rows of one column, value. It costs
// SQLite a fifth of JSONRows: for hot paths, with fields of fixed width taken out by substr. Alias it.
func (tx *Tx) TextRows(n int) string {
	if tx.db.engine == Postgres {
		return fmt.Sprintf("(SELECT e.value FROM jsonb_array_elements_text($%d::jsonb) AS e(value))", n)
	}
	return fmt.Sprintf("(SELECT e.value AS value FROM json_each($%d) AS e)", n)
}

// wakers wake loops in this process when rows for them were committed.
type wakers struct {
	mu sync.Mutex
	on map[string][]chan struct{}
}

// Wait returns a channel that receives after a Wake of the same topic in this process. Other processes' rows are found
// by polling.
func (db *DB) Wait(topic string) <-chan struct{} {
	c := make(chan struct{}, 1)
	db.wake.mu.Lock()
	defer db.wake.mu.Unlock()
	if db.wake.on == nil {
		db.wake.on = map[string][]chan struct{}{}
	}
	db.wake.on[topic] = append(db.wake.on[topic], c)
	return c
}

// Wake wakes the loops that wait for the topic, once the operation is durable.
func (tx *Tx) Wake(topic string) { tx.AfterCommit(func() { tx.db.Wake(topic) }) }

// Wake wakes the loops of this process that wait for the topic.
func (db *DB) Wake(topic string) {
	db.wake.mu.Lock()
	defer db.wake.mu.Unlock()
	for _, c := range db.wake.on[topic] {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Micros turns a duration into the unit of stored times.
func Micros(d time.Duration) int64 { return d.Microseconds() }

// Time turns a stored time into a time.Time, UTC; 0 gives the zero time.
func Time(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}
