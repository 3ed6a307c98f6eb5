package house_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchword/base/store/storetest"
	"watchword/house"
)

// A database file has one server: a second one, which would take what the first has in hand for lost, does not start, and
// nothing is restored over it. Servers share PostgreSQL.
func TestOneServerForEachFile(t *testing.T) {
	ctx := context.Background()
	c, _ := settings(t, storetest.SQLite(t))
	first := open(t, c)
	backup := filepath.Join(t.TempDir(), "backup")
	if _, err := house.Backup(ctx, c, backup); err != nil {
		t.Fatal("beside a running server:", err)
	}
	if _, err := house.Open(ctx, c, house.Outside{}); err == nil || !strings.Contains(err.Error(), "another server") {
		t.Errorf("a second server: %v", err)
	}
	if _, err := house.Restore(ctx, c, backup, true); err == nil || !strings.Contains(err.Error(), "another server") {
		t.Errorf("restored under a running server: %v", err)
	}
	first.Close()
	if _, err := house.Restore(ctx, c, backup, true); err != nil {
		t.Error(err)
	}
	open(t, c)

	shared, _ := settings(t, storetest.Postgres(t))
	open(t, shared)
	open(t, shared)
}

// A database that another program holds makes the server unready, and it is ready again afterwards; a probe that hung up
// does neither.
func TestReadinessOfHeldDatabase(t *testing.T) {
	c, _ := settings(t, storetest.SQLite(t))
	h := open(t, c)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if r := h.Readiness(gone); r.Database != "ok" {
		t.Errorf("after a probe that hung up: %+v", r)
	}
	other, err := sql.Open("sqlite", "file:"+h.DB.Path()+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	hold, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	until(t, h, "cannot be written")
	if err := hold.Rollback(); err != nil {
		t.Fatal(err)
	}
	until(t, h, "ok")
}

func until(t *testing.T, h *house.House, want string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); h.Readiness(context.Background()).Database != want; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the database never became %q", want)
		}
	}
}
