package house_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

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
