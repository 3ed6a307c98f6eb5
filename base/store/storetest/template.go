package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"watchword/base/store"
)

// Making all tables takes longer than most tests. On SQLite they are made once and the file is copied; on PostgreSQL a
// schema is emptied after a test and serves the next one.

var tables = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "watchword-tables-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "watchword.db")
	db, err := store.Open(context.Background(), store.Options{URL: "sqlite:" + path})
	if err != nil {
		return nil, err
	}
	db.Close() // brings everything into the one file
	return os.ReadFile(path)
})

func copySQLite(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "watchword.db")
	data, err := tables()
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// spare are the emptied schemas of this program.
var spare struct {
	sync.Mutex
	names []string
}

// usedPostgres is the address of a schema with all tables, empty. A test that fails keeps its schema from being used again.
func usedPostgres(t testing.TB) string {
	t.Helper()
	base := server(t)
	spare.Lock()
	schema := ""
	if n := len(spare.names); n > 0 {
		schema, spare.names = spare.names[n-1], spare.names[:n-1]
	}
	spare.Unlock()
	if schema == "" {
		forget(t, base)
		schema = fmt.Sprintf("%s%d_%s", spares, os.Getpid(), name("t"))
		do(t, base, "CREATE SCHEMA "+schema)
	}
	t.Cleanup(func() {
		if t.Failed() {
			do(t, base, "DROP SCHEMA "+schema+" CASCADE")
			return
		}
		empty(t, base, schema)
		spare.Lock()
		spare.names = append(spare.names, schema)
		spare.Unlock()
	})
	return address(t, func(_ *url.URL, q url.Values) { q.Set("search_path", schema) })
}

// spares begins the names of schemas that are used again; the number of their program follows.
const spares = "spare_"

func names(t testing.TB, base, query string, args ...any) (out []string) {
	t.Helper()
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		out = append(out, n)
	}
	return out
}

// empty removes all rows but the record of which migrations were run; migrations themselves add none.
func empty(t testing.TB, base, schema string) {
	t.Helper()
	var all strings.Builder
	for _, n := range names(t, base, "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> 'goose_db_version'", schema) {
		fmt.Fprintf(&all, "DELETE FROM %s.%s;", schema, n)
	}
	do(t, base, all.String())
}

// forget drops what programs that have ended left behind.
func forget(t testing.TB, base string) {
	t.Helper()
	for _, n := range names(t, base, "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1)", spares) {
		pid := 0
		fmt.Sscanf(strings.TrimPrefix(n, spares), "%d", &pid)
		if pid > 0 && syscall.Kill(pid, 0) == syscall.ESRCH {
			do(t, base, "DROP SCHEMA IF EXISTS "+n+" CASCADE")
		}
	}
}
