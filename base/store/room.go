package store

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"watchword/base/problem"
)

// mostReserve bounds what large amounts of data leave of the disk of a SQLite database, in octets: they leave an eighth of it.
// People can go on logging in then, and what was taken in can be removed again, which needs the log of writes to grow.
const mostReserve = 256 << 20

// mostLog is more than the log of writes ever holds under a steady load (checkpointMost), in octets.
const mostLog = 2 * checkpointMost * checkpointAfter * 4096

// Room says whether so many octets more may be kept. Whoever keeps a lot asks before each part of it: files that are brought
// in or taken out, and the rows of them. The error is problem.Unavailable with the code disk_nearly_full; its words say that
// nothing more is kept, and what to do. Pages that SQLite keeps free count as room. How much a PostgreSQL has is not known
// here.
func (tx *Tx) Room(octets int64) error {
	if tx.db.engine == Postgres {
		return nil
	}
	var disk syscall.Statfs_t
	if syscall.Statfs(filepath.Dir(tx.db.path), &disk) != nil {
		return nil // the writing itself will tell
	}
	left, reserve := int64(disk.Bavail)*int64(disk.Bsize), min(int64(disk.Blocks)*int64(disk.Bsize)/8, mostReserve)
	if left-octets-mostLog >= reserve {
		return nil // whatever SQLite says: an import asks hundreds of times a second
	}
	var pages, free, size int64
	if err := tx.QueryRow(`SELECT page_count, freelist_count, page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size`).Scan(&pages, &free, &size); err != nil {
		return err
	}
	// What is in the log of writes only will make the file longer.
	if file, err := os.Stat(tx.db.path); err == nil {
		left -= max(0, pages*size-file.Size())
	}
	// Free pages help what is to be kept, but the log needs the disk itself.
	if left >= reserve/2 && left+free*size-octets >= reserve {
		return nil
	}
	return problem.Unavailable("disk_nearly_full", "There is too little room left on the disk of this server for this. Nothing was changed: ask its operator to make room, then try again.",
		fmt.Errorf("the disk of %s has %d MB left, of which %d MB are kept free, and %d MB more are wanted: make room", tx.db.path, left>>20, reserve>>20, (octets+1<<20-1)>>20))
}
