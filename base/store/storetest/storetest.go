// Package storetest runs a test on every engine.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver

	"watchword/base/store"
)

// Variable names the environment variable with a PostgreSQL address at which schemas may be made; see
// scripts/test-postgres.
const Variable = "WATCHWORD_TEST_POSTGRES"

// Each runs f once on a fresh SQLite file and once in a fresh PostgreSQL schema. Without a PostgreSQL that half is
// skipped and says so; where WATCHWORD_TEST_ALL is set (make test) it fails instead.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, OpenSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, open(t, usedPostgres(t))) })
}

func open(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// OpenSQLite opens a fresh SQLite database, for tests of what both engines share by construction.
func OpenSQLite(t testing.TB) *store.DB { return open(t, copySQLite(t)) }

// SQLite is the address of a SQLite database that is not there yet.
func SQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "watchword.db") }

// Postgres is the address of a fresh, empty PostgreSQL schema; the test is skipped when there is no server.
func Postgres(t testing.TB) string {
	t.Helper()
	schema := name("t")
	do(t, server(t), "CREATE SCHEMA "+schema)
	t.Cleanup(func() { do(t, server(t), "DROP SCHEMA "+schema+" CASCADE") })
	return address(t, func(u *url.URL, q url.Values) { q.Set("search_path", schema) })
}

// server is the address that Variable holds.
func server(t testing.TB) string {
	t.Helper()
	base := os.Getenv(Variable)
	if base == "" {
		if os.Getenv("WATCHWORD_TEST_ALL") != "" {
			t.Fatal("no PostgreSQL: " + Variable + " is not set")
		}
		t.Skip("left out: PostgreSQL (set " + Variable + ", or run make test)")
	}
	return base
}

func address(t testing.TB, change func(u *url.URL, q url.Values)) string {
	t.Helper()
	u, err := url.Parse(server(t))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	change(u, q)
	u.RawQuery = q.Encode()
	return u.String()
}

func name(letter string) string {
	var b [8]byte
	rand.Read(b[:])
	return letter + hex.EncodeToString(b[:])
}

func do(t testing.TB, address, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err == nil {
		_, err = db.Exec(statement)
		db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}
