package contact

import (
	"encoding/binary"
	"errors"

	"watchword/base/id"
	"watchword/base/store"
)

// Kinds of pieces that an import keeps. Each is a list of rows, cut so that writing one stays far below 5 ms.
const (
	pieceFile    = "file"    // rows of the file, decoded; run 0
	pieceRun     = "run"     // rows to be merged, by number; many to a run
	pieceBad     = "bad"     // places and reasons of rows that were refused at reading; one to a run
	pieceBatch   = "batch"   // places and reasons of a batch, and its changes to the index; run 0
	pieceKeys    = "keys"    // changes to the index, in order; many to a run
	pieceVerdict = "verdict" // reasons of the rows of a piece of the file, and the rows that were not taken; run 0
)

// pieceSize is about how many octets a piece has.
const pieceSize = 64 << 10

var pieceCols = []store.Col{{Name: "organisation_id", Type: "text"}, {Name: "import_id", Type: "text"}, {Name: "kind", Type: "text"},
	{Name: "run", Type: "bigint"}, {Name: "n", Type: "bigint"}, {Name: "data", Type: "bytea"}}

func putPiece(tx *store.Tx, org id.Organisation, im, kind string, run, n int64, data []byte) error {
	return tx.InsertRows("contact_import_part", pieceCols, []any{string(org), im, kind, run, n, data})
}

// getPiece reads a piece; nil when there is none.
func getPiece(tx *store.Tx, org id.Organisation, im, kind string, run, n int64) (data []byte, err error) {
	err = tx.QueryRow(`SELECT data FROM contact_import_part WHERE organisation_id = $1 AND import_id = $2 AND kind = $3 AND run = $4 AND n = $5`,
		org, im, kind, run, n).Scan(&data)
	if store.IsNoRows(err) {
		return nil, nil
	}
	return data, err
}

// hasPieces says whether there is any piece of a kind.
func hasPieces(tx *store.Tx, org id.Organisation, im, kind string) (bool, error) {
	var one int
	err := tx.QueryRow(`SELECT 1 FROM contact_import_part WHERE organisation_id = $1 AND import_id = $2 AND kind = $3 LIMIT 1`, org, im, kind).Scan(&one)
	if store.IsNoRows(err) {
		return false, nil
	}
	return err == nil, err
}

// dropPieces removes the first few pieces of a kind from a run on, and says whether any may be left.
func dropPieces(tx *store.Tx, org id.Organisation, im, kind string, run int64, few int) (more bool, err error) {
	rows, err := tx.Query(`SELECT run, n FROM contact_import_part WHERE organisation_id = $1 AND import_id = $2 AND kind = $3 AND run >= $4
		ORDER BY run, n LIMIT $5`, org, im, kind, run, few)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	var which [][2]int64
	for rows.Next() {
		var w [2]int64
		if err := rows.Scan(&w[0], &w[1]); err != nil {
			return false, err
		}
		which = append(which, w)
	}
	rows.Close()
	for _, w := range which {
		if err := dropPiece(tx, org, im, kind, w[0], w[1]); err != nil {
			return false, err
		}
	}
	return len(which) == few, rows.Err()
}

func dropPiece(tx *store.Tx, org id.Organisation, im, kind string, run, n int64) error {
	_, err := tx.Exec(`DELETE FROM contact_import_part WHERE organisation_id = $1 AND import_id = $2 AND kind = $3 AND run = $4 AND n = $5`,
		org, im, kind, run, n)
	return err
}

var errPiece = errors.New("a piece of the import is not what it should be")

// cutter reads what was appended with binary.AppendUvarint and appendBytes.
type cutter struct {
	b   []byte
	bad bool
}

func appendBytes[T string | []byte](b []byte, v T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(v))), v...)
}

func (c *cutter) uint() uint64 {
	v, n := binary.Uvarint(c.b)
	if n <= 0 {
		c.bad, c.b = true, nil
		return 0
	}
	c.b = c.b[n:]
	return v
}

func (c *cutter) bytes() []byte {
	n := c.uint()
	if n > uint64(len(c.b)) {
		c.bad, c.b = true, nil
		return nil
	}
	v := c.b[:n:n]
	c.b = c.b[n:]
	return v
}

func (c *cutter) err() error {
	if c.bad {
		return errPiece
	}
	return nil
}

// isDamaged stands in front of the number of cells of a damaged row: no row has as many.
const isDamaged = maxColumns + 2

// appendRecord writes one row of the file: how far it stands below the one before, and its cells.
func appendRecord(b []byte, below int64, row fileRow) []byte {
	b = binary.AppendUvarint(b, uint64(below))
	if row.damaged {
		b = binary.AppendUvarint(b, isDamaged)
	}
	b = binary.AppendUvarint(b, uint64(len(row.cells)))
	for _, c := range row.cells {
		b = appendBytes(b, c)
	}
	return b
}

// record is one row of the file; cells are reused by the next call.
func (c *cutter) record(cells [][]byte) (below int64, damaged bool, _ [][]byte) {
	below = int64(c.uint())
	n := c.uint()
	if damaged = n == isDamaged; damaged {
		n = c.uint()
	}
	if n > uint64(len(c.b)) {
		c.bad, c.b = true, nil
		return below, damaged, nil
	}
	cells = cells[:0]
	for range n {
		cells = append(cells, c.bytes())
	}
	return below, damaged, cells
}

// filePiece begins with the number of its first row among the rows, from 0, the line of the row before that in the file,
// and how many rows there are.
type filePiece struct {
	first, line, rows int64
	cutter
}

func openFilePiece(data []byte) (p filePiece, err error) {
	p.b = data
	p.first, p.line, p.rows = int64(p.uint()), int64(p.uint()), int64(p.uint())
	return p, p.err()
}
