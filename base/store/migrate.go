package store

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables up to date; when they are, as at most starts, one query says so. The files are written
// once; the types are mapped for each engine: text, bigint, bytea and boolean mean text in byte order, 64-bit integer,
// octets and truth.
func migrate(ctx context.Context, db *sql.DB, engine Engine) error {
	done, err := complete(ctx, db)
	if err != nil || done {
		return err
	}
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if engine == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, db, mapped{sub, engine}, options...)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// complete says whether every migration was applied; a database whose table of versions is not there yet lacks them all.
// One that has more than this program knows is an error.
func complete(ctx context.Context, db *sql.DB) (bool, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return false, err
	}
	// The versions are the numbers of the files, 1 to n.
	var n, last int
	if db.QueryRowContext(ctx, `SELECT COUNT(DISTINCT version_id), COALESCE(MAX(version_id), 0) FROM goose_db_version
		WHERE is_applied AND version_id > 0`).Scan(&n, &last) != nil {
		return false, nil // whatever else is wrong shows when the migrations begin
	}
	if last > len(files) {
		return false, errNewer(int64(last), int64(len(files)))
	}
	return n == len(files) && last == n, nil
}

// Pending says how many migrations the database lacks (doctor). A copy that was not finished and tables of a newer
// version are errors; each is *Unusable.
func (db *DB) Pending(ctx context.Context) (int, error) {
	n, err := db.pending(ctx)
	return n, Unused(db.address, err)
}

func (db *DB) pending(ctx context.Context) (int, error) {
	if err := unfinished(ctx, db.sqldb, db.engine); err != nil {
		return 0, err
	}
	var have int64
	err := db.ReadOne(ctx, func(tx *Tx) error {
		return tx.QueryRow(`SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`).Scan(&have)
	})
	if err != nil {
		return 0, err
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err == nil && have > int64(len(files)) {
		err = errNewer(have, int64(len(files)))
	}
	return len(files) - int(have), err
}

// mapped reads the migrations with the types of one engine.
type mapped struct {
	fs     fs.FS
	engine Engine
}

func (m mapped) Open(name string) (fs.File, error) {
	f, err := m.fs.Open(name)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil || st.IsDir() {
		return f, err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return &mappedFile{Reader: bytes.NewReader([]byte(mapTypes(string(b), m.engine))), info: st}, nil
}

func (m mapped) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(m.fs, name) }

type mappedFile struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f *mappedFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *mappedFile) Close() error               { return nil }

var (
	typeWord = regexp.MustCompile(`(?m)^(\s+[a-z_0-9]+\s+)(text|bigint|bytea|boolean)\b`)
	tableEnd = regexp.MustCompile(`(?m)^\);`)
	// clustered tables keep their rows in the order of the primary key on SQLite: no second tree for it.
	clustered = regexp.MustCompile(`(?ms)^(CREATE TABLE [a-z_]+ \() -- clustered$(.*?)^\);`)
)

// mapTypes rewrites column definitions, one to a line, "  name type …", and makes SQLite's tables STRICT.
func mapTypes(s string, engine Engine) string {
	words := map[string]string{"text": `text COLLATE "C"`, "bigint": "bigint", "bytea": "bytea", "boolean": "boolean"}
	// What only PostgreSQL needs stands in comments.
	if engine == Postgres {
		s = strings.ReplaceAll(s, "-- postgres: ", "")
	}
	if engine == SQLite {
		words = map[string]string{"text": "TEXT", "bigint": "INTEGER", "bytea": "BLOB", "boolean": "INTEGER"}
		s = clustered.ReplaceAllString(s, "$1$2) STRICT, WITHOUT ROWID;")
		s = tableEnd.ReplaceAllString(s, ") STRICT;")
	}
	return typeWord.ReplaceAllStringFunc(s, func(m string) string {
		g := typeWord.FindStringSubmatch(m)
		return g[1] + words[g[2]]
	})
}
