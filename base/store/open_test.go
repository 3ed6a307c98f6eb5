package store_test

import (
	"context"
	"os"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
)

// A closed database is one file: whoever copies it alone has everything.
func TestClosedDatabaseIsWhole(t *testing.T) {
	db := storetest.OpenSQLite(t)
	ctx := context.Background()
	for range 20 {
		if err := db.Ping(ctx); err != nil {
			t.Fatal(err)
		}
		if err := db.Read(ctx, func(tx *store.Tx) error { return tx.QueryRow(`SELECT 1`).Scan(new(int)) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(db.Path() + "-wal"); err == nil && st.Size() > 0 {
		t.Errorf("%d octets stand beside the file", st.Size())
	}
	if err := db.Read(ctx, func(*store.Tx) error { return nil }); err == nil {
		t.Error("a closed database was read")
	}
}
