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
	t.Run("sqlite", func(t *testing.T) { f(t, open(t, SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { f(t, open(t, Postgres(t))) })
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
func OpenSQLite(t testing.TB) *store.DB { return open(t, SQLite(t)) }

// SQLite is the address of a fresh SQLite database.
func SQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "watchword.db") }

// Postgres is the address of a fresh PostgreSQL schema; the test is skipped when there is no server.
func Postgres(t testing.TB) string {
	t.Helper()
	base := os.Getenv(Variable)
	if base == "" {
		if os.Getenv("WATCHWORD_TEST_ALL") != "" {
			t.Fatal("no PostgreSQL: " + Variable + " is not set")
		}
		t.Skip("left out: PostgreSQL (set " + Variable + ", or run make test)")
	}
	var b [8]byte
	rand.Read(b[:])
	schema := "t" + hex.EncodeToString(b[:])
	admin, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec("CREATE SCHEMA " + schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin, err := sql.Open("pgx", base)
		if err != nil {
			return
		}
		defer admin.Close()
		admin.Exec("DROP SCHEMA " + schema + " CASCADE")
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}
