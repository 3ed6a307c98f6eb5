package watchword_test

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	_ "modernc.org/sqlite"             // the "sqlite" driver

	"watchword/base/store"
	"watchword/base/store/storetest"
)

// table is one line "table NAME OWNER KIND" of floors.txt.
type table struct{ owner, kind string }

func tables(t *testing.T) map[string]table {
	b, err := os.ReadFile("floors.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]table{}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 4 && f[0] == "table" {
			out[f[1]] = table{f[2], f[3]}
		}
	}
	return out
}

var (
	writes  = regexp.MustCompile(`(?i)\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z][a-z0-9_]*)`)
	created = regexp.MustCompile(`(?s)CREATE TABLE ([a-z0-9_]+) \((.*?)\n\);`)
	keyOf   = regexp.MustCompile(`PRIMARY KEY \(([a-z0-9_]+)`)
	keyHere = regexp.MustCompile(`(?m)^\s+([a-z0-9_]+) [^\n]*PRIMARY KEY`)
)

// A table has one owner: others may join it in a read, only the owner writes it (design.md).
func TestOnlyOwnersWrite(t *testing.T) {
	known, seen := tables(t), map[string]bool{}
	filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		for _, m := range writes.FindAllStringSubmatch(string(b), -1) {
			if owner, ok := known[m[1]]; ok {
				seen[m[1]] = true
				if owner.owner != pkg {
					t.Errorf("%s writes %s, which belongs to %s", path, m[1], owner.owner)
				}
			}
		}
		return nil
	})
	if len(seen) < len(known)/2 {
		t.Errorf("only %d of %d tables are seen to be written", len(seen), len(known))
	}
}

// Every table of the migrations is named, and its key begins as its kind says (decisions 8).
func TestTablesAreNamed(t *testing.T) {
	known := tables(t)
	files, err := filepath.Glob("base/store/migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range created.FindAllStringSubmatch(string(b), -1) {
			owner, ok := known[m[1]]
			if !ok {
				t.Errorf("%s makes %s, which floors.txt does not name", f, m[1])
				continue
			}
			key := keyOf.FindStringSubmatch(m[2])
			if key == nil {
				key = keyHere.FindStringSubmatch(m[2])
			}
			if key == nil {
				t.Errorf("%s has no primary key", m[1])
			} else if owner.kind == "tenant" && key[1] != "organisation_id" && key[1] != "bucket" {
				t.Errorf("%s: the key begins with %s, so it cannot be spread by organisation", m[1], key[1])
			}
			delete(known, m[1])
		}
	}
	for name := range known {
		t.Errorf("floors.txt names %s, which no migration makes", name)
	}
}

// Both engines have the same tables, columns, kinds of type, nullability and primary keys.
func TestEnginesAgree(t *testing.T) {
	ours := storetest.Postgres(t)
	lite := storetest.SQLite(t)
	for _, url := range []string{ours, lite} {
		db, err := store.Open(context.Background(), store.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
	}
	a := schema(t, "sqlite", strings.TrimPrefix(lite, "sqlite:"), `
		SELECT m.name, c.name, CASE c.type WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'octets' ELSE 'number' END, c."notnull" = 1 OR c.pk > 0, c.pk
		FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%'`)
	b := schema(t, "pgx", ours, `
		SELECT c.table_name, c.column_name, CASE c.data_type WHEN 'text' THEN 'text' WHEN 'bytea' THEN 'octets' ELSE 'number' END, c.is_nullable = 'NO',
			COALESCE((SELECT k.ordinal_position FROM information_schema.table_constraints t JOIN information_schema.key_column_usage k
				ON k.constraint_name = t.constraint_name AND k.table_schema = t.table_schema
				WHERE t.constraint_type = 'PRIMARY KEY' AND t.table_schema = c.table_schema AND t.table_name = c.table_name AND k.column_name = c.column_name), 0)
		FROM information_schema.columns c WHERE c.table_schema = current_schema() AND c.table_name NOT LIKE 'goose_%'`)
	if len(a) < 100 {
		t.Errorf("only %d columns", len(a))
	}
	for column, x := range a {
		if y, ok := b[column]; !ok || x != y {
			t.Errorf("%s: SQLite %s, PostgreSQL %s", column, x, y)
		}
	}
	for column := range b {
		if _, ok := a[column]; !ok {
			t.Errorf("%s is missing on SQLite", column)
		}
	}
	x, y := indexes(t, "sqlite", strings.TrimPrefix(lite, "sqlite:"), `SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT LIKE 'goose_%'`),
		indexes(t, "pgx", ours, `SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename NOT LIKE 'goose_%'
			AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname AND contype IN ('p', 'u'))`)
	if x != y {
		t.Errorf("indexes differ:\n%s\n%s", x, y)
	}
}

func schema(t *testing.T, driver, address, query string) map[string]string {
	t.Helper()
	out := map[string]string{}
	each(t, driver, address, query, func(rows *sql.Rows) error {
		var tab, column, kind string
		var required bool
		var key int
		err := rows.Scan(&tab, &column, &kind, &required, &key)
		out[tab+"."+column] = fmt.Sprintf("%s, required %v, key %d", kind, required, key)
		return err
	})
	return out
}

func indexes(t *testing.T, driver, address, query string) string {
	t.Helper()
	var out []string
	each(t, driver, address, query, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		out = append(out, name)
		return err
	})
	sort.Strings(out)
	return strings.Join(out, " ")
}

func each(t *testing.T, driver, address, query string, f func(*sql.Rows) error) {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
