package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The log of writes begins anew again and again under a steady load, and the rows are in the file.
func TestLogBeginsAnew(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "w.db")
	db, err := Open(ctx, Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.writer.log.after = 100
	const rows, pages = 600, 10 // 60 times what is brought in at once
	long := strings.Repeat("x", pages*4096)
	for i := range rows {
		if err := db.Write(ctx, func(tx *Tx) error { return tx.SetSetting(fmt.Sprint("test", i), long) }); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if most := int64((checkpointMost + 1) * 100 * 5000); log.Size() > most {
		t.Errorf("the log has %d octets after %d were written, want at most %d", log.Size(), rows*len(long), most)
	}
	file, err := os.Stat(path)
	if err != nil || file.Size() < rows*pages*4096/2 {
		t.Errorf("the file has %d octets: little was brought in (%v)", file.Size(), err)
	}
	if err := db.Read(ctx, func(tx *Tx) error {
		v, err := tx.Setting("test0")
		if v != long {
			t.Error("a row is not what was written")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
