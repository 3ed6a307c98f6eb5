package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves SO11 in both directions: every table that the migrations make, whichever they are, arrives with every row and
// every value, however odd. The tables are read from the schema, so a new one is covered here without a line.
func TestCopyMovesEveryTable(t *testing.T) {
	ctx := context.Background()
	lite, ours, back := storetest.SQLite(t), storetest.Postgres(t), storetest.SQLite(t)
	made(t, lite)
	const rows = 7
	columns := fill(t, lite, rows)
	first := copied(t, lite, ours)
	second := copied(t, ours, back)
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations", err)
	}
	n := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`CREATE TABLE ([a-z0-9_]+)`).FindAllStringSubmatch(string(b), -1) {
			n++
			if got := first[m[1]]; got.Rows != rows || got.Sum == "" || second[m[1]] != got {
				t.Errorf("%s: %+v there, %+v back", m[1], got, second[m[1]])
			}
		}
	}
	if n < 40 || len(first) != n {
		t.Errorf("%d tables are made, %d copied", n, len(first))
	}
	for table, names := range columns {
		query := "SELECT " + strings.Join(names, ", ") + " FROM " + table + " ORDER BY 1, 2"
		if a, b := dump(t, lite, query, len(names)), dump(t, back, query, len(names)); a != b {
			t.Errorf("%s:\n%s\n%s", table, a, b)
		}
	}
	// Both are whole: a server may start on either.
	for _, url := range []string{ours, back} {
		db, err := store.Open(ctx, store.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := db.Pending(ctx); n != 0 || err != nil {
			t.Error(n, err)
		}
		db.Close()
	}
}

// Proves SO11: nothing is overwritten; a copy that was interrupted says so, no server starts on it, and the same
// command begins it anew.
func TestCopyRefusesAndBeginsAnew(t *testing.T) {
	ctx := context.Background()
	lite, ours := storetest.SQLite(t), storetest.Postgres(t)
	quiet := func(store.CopyStep) {}
	if err := store.Copy(ctx, lite, ours, quiet); err == nil || !strings.Contains(err.Error(), "there is no such file") {
		t.Error("a source that is not there:", err)
	}
	made(t, lite)
	fill(t, lite, 3)
	full := storetest.Postgres(t)
	made(t, full)
	ping(t, full)
	err := store.Copy(ctx, lite, full, quiet)
	if err == nil || !strings.Contains(err.Error(), "is not empty (its table store_ping holds rows)") {
		t.Error("a target with rows:", err)
	}
	if err := store.Copy(ctx, full, ours, quiet); err == nil || !strings.Contains(err.Error(), "same kind") {
		t.Error("PostgreSQL to PostgreSQL:", err)
	}
	broken, cancel := context.WithCancel(ctx)
	err = store.Copy(broken, lite, ours, func(s store.CopyStep) {
		if s.Table == "email_message" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for what, f := range map[string]func() error{
		"a server starts": func() error { _, err := store.Open(ctx, store.Options{URL: ours}); return err },
		"it is a source":  func() error { return store.Copy(ctx, ours, storetest.SQLite(t), quiet) },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), "not finished") {
			t.Errorf("%s on half a copy: %v", what, err)
		}
	}
	if got := copied(t, lite, ours); got["audit_event"].Rows != 3 || got["store_ping"].Rows != 3 {
		t.Errorf("%+v", got)
	}
	db, err := store.Open(ctx, store.Options{URL: ours})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
}

// A row that changes behind the copy's back is found, and the target goes on saying that it is not whole.
func TestCopyFindsWhatDiffers(t *testing.T) {
	ctx := context.Background()
	ours, lite := storetest.Postgres(t), storetest.SQLite(t)
	made(t, ours)
	ping(t, ours)
	err := store.Copy(ctx, ours, lite, func(s store.CopyStep) {
		if s.Table == "store_ping" && !s.Verified {
			if _, err := raw(t, lite).Exec(`UPDATE store_ping SET at = at + 1`); err != nil {
				t.Error(err)
			}
		}
	})
	if err == nil || !strings.Contains(err.Error(), "the table store_ping differs") {
		t.Error(err)
	}
	if _, err := store.Open(ctx, store.Options{URL: lite}); err == nil || !strings.Contains(err.Error(), "not finished") {
		t.Error(err)
	}
}

func copied(t *testing.T, from, to string) map[string]store.CopyStep {
	t.Helper()
	verified := map[string]store.CopyStep{}
	err := store.Copy(context.Background(), from, to, func(s store.CopyStep) {
		if s.Verified {
			verified[s.Table] = s
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return verified
}

// made brings a database's tables up to date.
func made(t *testing.T, url string) {
	t.Helper()
	db, err := store.Open(context.Background(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
}

func ping(t *testing.T, url string) {
	t.Helper()
	db, err := store.Open(context.Background(), store.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Ping(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// fill writes rows into every table of a SQLite database, each value at an edge of its type and no two alike where a
// key could want that. It gives the columns of each table.
func fill(t *testing.T, url string, rows int) map[string][]string {
	t.Helper()
	db := raw(t, url)
	// Truth is INTEGER on SQLite: the migrations say which columns are meant.
	truth := map[string]bool{}
	files, _ := filepath.Glob("migrations/*.sql")
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\s+([a-z_0-9]+)\s+boolean\b`).FindAllStringSubmatch(string(b), -1) {
			truth[m[1]] = true
		}
	}
	type col struct {
		name, kind string
		required   bool
	}
	tables := map[string][]col{}
	found, err := db.Query(`SELECT m.name, c.name, c.type, c."notnull" = 1 OR c.pk > 0 FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var table string
		var c col
		if err := found.Scan(&table, &c.name, &c.kind, &c.required); err != nil {
			t.Fatal(err)
		}
		tables[table] = append(tables[table], c)
	}
	names := map[string][]string{}
	for table, cols := range tables {
		for _, c := range cols {
			names[table] = append(names[table], c.name)
		}
		for i := range rows {
			var values []any
			for _, c := range cols {
				values = append(values, odd(c.kind, truth[c.name], c.required, i))
			}
			if _, err := db.Exec("INSERT INTO "+table+" ("+strings.Join(names[table], ", ")+") VALUES (?"+strings.Repeat(", ?", len(cols)-1)+")", values...); err != nil {
				t.Fatal(table, err)
			}
		}
	}
	return names
}

func odd(kind string, truth, required bool, i int) any {
	switch {
	case !required && i == 1:
		return nil
	case truth:
		return i % 2
	case kind == "TEXT":
		return []string{"", "O'Brien \"x\" \\N \\.", "Zoë\t\r\n€ 漢字 🦊", "{\"a\": null}", "$1 %s", " ", "Ω"}[i]
	case kind == "BLOB":
		return [][]byte{{}, {0}, {0xff, 0xfe, 0}, []byte("\\x00"), make([]byte, 70000), []byte("text"), {0x80}}[i]
	}
	return []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 1 << 53, 7}[i]
}

func dump(t *testing.T, url, query string, n int) string {
	t.Helper()
	rows, err := raw(t, url).Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all strings.Builder
	for rows.Next() {
		values, into := make([]any, n), make([]any, n)
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%q\n", values)
	}
	return all.String()
}

func raw(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
