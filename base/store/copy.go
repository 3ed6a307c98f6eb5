package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// CopyStep is what Copy tells of its work.
type CopyStep struct {
	Table    string
	Rows     int64  // so far
	Done     bool   // the table is finished
	Verified bool   // read back from both sides, with the same rows
	Sum      string // checksum of a verified table
}

// copyMark is the table that stands in a target until its copy was verified. Open refuses such a database.
const copyMark = "copy_unfinished"

// Copy moves a whole installation from one engine to the other: every table of the schema, row by row in a stream, then
// every table read back from both sides and compared by count and checksum. from and to are addresses as in Options; no
// server may run on either. The target must be empty, or hold an interrupted copy, which is begun anew; until all is
// verified it says so and no server starts on it. Key rings and files beside the database stay where they are.
func Copy(ctx context.Context, from, to string, tell func(CopyStep)) error {
	src, err := openSide(ctx, from, false)
	if err != nil {
		return err
	}
	defer src.close()
	if done, err := complete(ctx, src.db); err != nil {
		return Unused(from, err)
	} else if !done {
		return fmt.Errorf("the tables of %s are not those of this version: start this version's server on it once, stop it, and copy then", src.name)
	}
	if err := unfinished(ctx, src.db, src.engine); err != nil {
		return fmt.Errorf("%s cannot be copied: %w", src.name, err)
	}
	dst, err := openSide(ctx, to, true)
	if err != nil {
		return err
	}
	defer dst.close()
	if src.engine == dst.engine {
		return errors.New("both databases are of the same kind: make a backup of the one and restore it in the other")
	}
	tables, err := prepare(ctx, src, dst)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := t.copy(ctx, src, dst, tell); err != nil {
			return fmt.Errorf("copying the table %s: %w", t.name, err)
		}
	}
	for _, t := range tables {
		if err := t.compare(ctx, src, dst, tell); err != nil {
			return err
		}
	}
	if dst.engine == Postgres { // the planner knows nothing of new tables
		if _, err := dst.db.ExecContext(ctx, `ANALYZE`); err != nil {
			return err
		}
	}
	_, err = dst.db.ExecContext(ctx, `DROP TABLE `+copyMark)
	return err
}

// side is one of the two databases.
type side struct {
	name   string
	engine Engine
	db     *sql.DB
	pool   *pgxpool.Pool // PostgreSQL only
	lock   *sql.Conn     // PostgreSQL only
}

func openSide(ctx context.Context, address string, target bool) (*side, error) {
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		if _, err := os.Stat(path); err != nil && !target {
			return nil, Unused(address, err)
		}
		if target {
			f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
			if err != nil {
				return nil, Unused(address, err)
			}
			f.Close()
		}
		db, err := sql.Open("sqlite", sqliteDSN(path, !target))
		return &side{name: path, engine: SQLite, db: db}, err
	}
	db := &DB{clock: &Clock{}}
	if err := db.openPostgres(ctx, Options{URL: address, NoMigrate: true, Connections: 4}); err != nil {
		return nil, Unused(address, err)
	}
	s := &side{name: redact(address), engine: Postgres, db: db.sqldb, pool: db.pool}
	err := db.sqldb.PingContext(ctx)
	if err == nil && target { // two copies into one target would mix
		s.lock, err = db.sqldb.Conn(ctx)
		var mine bool
		if err == nil {
			err = s.lock.QueryRowContext(ctx, `SELECT pg_try_advisory_lock(hashtextextended('`+copyMark+` ' || current_schema(), 0))`).Scan(&mine)
		}
		if err == nil && !mine {
			err = errors.New("another copy into it is at work")
		}
	}
	if err != nil {
		s.close()
		return nil, Unused(address, err)
	}
	return s, nil
}

func (s *side) close() {
	if s.lock != nil {
		s.lock.Close()
	}
	s.db.Close()
	if s.pool != nil {
		s.pool.Close()
	}
}

// prepare makes the target ready: marked, with the tables of this version, all empty. It gives the tables, which both
// sides must have alike.
func prepare(ctx context.Context, src, dst *side) ([]tableCopy, error) {
	again, err := marked(ctx, dst.db, dst.engine)
	if err != nil {
		return nil, fmt.Errorf("the database at %s cannot be used: %w", dst.name, err)
	}
	if !again {
		there, err := columnsOf(ctx, dst)
		if err != nil {
			return nil, err
		}
		if name, err := firstFull(ctx, dst, there); err != nil || name != "" {
			if err == nil {
				err = fmt.Errorf("%s is not empty (its table %s holds rows): name an empty database", dst.name, name)
			}
			return nil, err
		}
		if _, err := dst.db.ExecContext(ctx, `CREATE TABLE `+copyMark+` (source text NOT NULL, started_at bigint NOT NULL)`); err != nil {
			return nil, explain(err)
		}
		if _, err := dst.db.ExecContext(ctx, `INSERT INTO `+copyMark+` (source, started_at) VALUES ($1, $2)`, src.name, time.Now().UnixMicro()); err != nil {
			return nil, explain(err)
		}
	}
	if err := migrate(ctx, dst.db, dst.engine); err != nil {
		return nil, err
	}
	a, err := columnsOf(ctx, src)
	if err != nil {
		return nil, err
	}
	b, err := columnsOf(ctx, dst)
	if err != nil {
		return nil, err
	}
	tables, err := paired(src, a, dst, b)
	if err != nil || !again {
		return tables, err
	}
	for _, t := range tables {
		if _, err := dst.db.ExecContext(ctx, `DELETE FROM `+quoted(t.name)); err != nil {
			return nil, err
		}
	}
	return tables, nil
}

// column is one of a table; kind is PostgreSQL's name of its type, "" on SQLite, which does not tell them all apart.
type column struct{ name, kind string }

// columnsOf reads the schema itself, so that a table of tomorrow is copied without a word here.
func columnsOf(ctx context.Context, s *side) (map[string][]column, error) {
	query := `SELECT m.name, c.name, '' FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`
	if s.engine == Postgres {
		query = `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
			JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
			WHERE c.table_schema = current_schema()`
	}
	rows, err := s.db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("the tables of %s cannot be read: %w", s.name, err)
	}
	defer rows.Close()
	out := map[string][]column{}
	for rows.Next() {
		var table string
		var c column
		if err := rows.Scan(&table, &c.name, &c.kind); err != nil {
			return nil, err
		}
		if !strings.HasPrefix(table, "goose_") && table != copyMark {
			out[table] = append(out[table], c)
		}
	}
	for _, c := range out {
		slices.SortFunc(c, func(a, b column) int { return strings.Compare(a.name, b.name) })
	}
	return out, rows.Err()
}

// paired lists the tables in the order of their names, with the types that PostgreSQL tells.
func paired(a *side, of map[string][]column, b *side, and map[string][]column) ([]tableCopy, error) {
	var out []tableCopy
	for name := range of {
		if and[name] == nil {
			return nil, fmt.Errorf("%s has a table %s, which is none of this version's", a.name, name)
		}
	}
	for name, columns := range and {
		typed, other := columns, of[name]
		if a.engine == Postgres {
			typed, other = of[name], columns
		}
		if !slices.EqualFunc(typed, other, func(x, y column) bool { return x.name == y.name }) {
			return nil, fmt.Errorf("the table %s has other columns in %s than in %s", name, a.name, b.name)
		}
		out = append(out, tableCopy{name: name, columns: typed})
	}
	slices.SortFunc(out, func(x, y tableCopy) int { return strings.Compare(x.name, y.name) })
	return out, nil
}

// firstFull names a table that holds a row, "" when none does.
func firstFull(ctx context.Context, s *side, tables map[string][]column) (string, error) {
	for name := range tables {
		var n int
		if err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM `+quoted(name)+` LIMIT 1) one`).Scan(&n); err != nil || n > 0 {
			return name, err
		}
	}
	return "", nil
}

// unfinished is an error when a copy into the database was begun and not verified.
func unfinished(ctx context.Context, db *sql.DB, engine Engine) error {
	found, err := marked(ctx, db, engine)
	if err != nil || !found {
		return err
	}
	var source string
	var at int64
	if err := db.QueryRowContext(ctx, `SELECT COALESCE(MAX(source), ''), COALESCE(MAX(started_at), 0) FROM `+copyMark).Scan(&source, &at); err != nil {
		return err
	}
	return fmt.Errorf("it holds a copy of %s that was begun on %s and not finished: run \"watchword database copy\" again, which begins it anew",
		source, Time(at).Format("2 January 2006 15:04 MST"))
}

func marked(ctx context.Context, db *sql.DB, engine Engine) (bool, error) {
	query := `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '` + copyMark + `'`
	if engine == Postgres {
		query = `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = '` + copyMark + `'`
	}
	var n int
	err := db.QueryRowContext(ctx, query).Scan(&n)
	return n > 0, err
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }
