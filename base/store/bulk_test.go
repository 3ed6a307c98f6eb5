package store_test

import (
	"context"
	"fmt"
	"testing"

	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Rows in bulk arrive as they were given, whole statements and the rest alike, all or none of them.
func TestInsertRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		cols := []store.Col{{Name: "name", Type: "text"}, {Name: "value", Type: "text"}}
		insert := func(from, to int) error {
			return db.WriteBulk(ctx, func(tx *store.Tx) error {
				var cells []any
				for i := from; i < to; i++ {
					cells = append(cells, fmt.Sprintf("n%03d", i), fmt.Sprintf(`"é%d`, i))
				}
				return tx.InsertRows("store_setting", cols, cells)
			})
		}
		if err := insert(0, 123); err != nil {
			t.Fatal(err)
		}
		if err := insert(122, 300); err == nil {
			t.Error("a row that is there was taken again")
		}
		var n int
		var v string
		err := db.Read(ctx, func(tx *store.Tx) error {
			if err := tx.QueryRow(`SELECT COUNT(*) FROM store_setting`).Scan(&n); err != nil {
				return err
			}
			return tx.QueryRow(`SELECT value FROM store_setting WHERE name = 'n122'`).Scan(&v)
		})
		if err != nil || n != 123 || v != `"é122` {
			t.Errorf("%d rows, %q, %v", n, v, err)
		}
	})
}
