package contact

import (
	"context"
	"encoding/binary"
	"io"
	"strconv"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// close turns the verdicts, which are kept in the order of numbers, into the report in the order of the file: an octet a
// row, and the cells of the rows that were refused. Each piece of the file is replaced by one of the report.
func (j *importing) close(ctx context.Context) error {
	left := false
	err := j.db.ReadOne(ctx, func(tx *store.Tx) (err error) {
		left, err = hasPieces(tx, j.org, j.id, pieceFile)
		return err
	})
	if err != nil || !left {
		return err // the report was there before a restart, and what it was made of may be gone
	}
	total := j.rows
	if j.mapping.Header {
		total++
	}
	all := make([]reason, total)
	note := func(pos uint64, r reason) {
		if pos < uint64(len(all)) {
			all[pos] = r
		}
	}
	for run := range max(1, j.runs) {
		var data []byte
		err := j.db.ReadOne(ctx, func(tx *store.Tx) (err error) {
			data, err = getPiece(tx, j.org, j.id, pieceBad, run, 0)
			return err
		})
		if err != nil {
			return err
		}
		c := cutter{b: data}
		for len(c.b) > 0 {
			pos := c.uint()
			if len(c.b) == 0 {
				return errPiece
			}
			note(pos, reason(c.b[0]))
			c.b = c.b[1:]
		}
	}
	for n := range j.batches {
		if _, _, err := j.batchPiece(ctx, n, note); err != nil {
			return err
		}
	}
	for n := range j.pieces {
		var data []byte
		err := j.db.ReadOne(ctx, func(tx *store.Tx) (err error) {
			data, err = getPiece(tx, j.org, j.id, pieceFile, 0, n)
			return err
		})
		if err != nil {
			return err
		}
		if data == nil {
			continue // done before a restart
		}
		out, err := j.verdictPiece(data, all)
		if err != nil {
			return err
		}
		if err := j.bulk(ctx, func(tx *store.Tx, _ *record) error {
			if err := dropPiece(tx, j.org, j.id, pieceFile, 0, n); err != nil {
				return err
			}
			return putPiece(tx, j.org, j.id, pieceVerdict, 0, n, out)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (j *importing) verdictPiece(data []byte, all []reason) ([]byte, error) {
	p, err := openFilePiece(data)
	if err != nil {
		return nil, err
	}
	out := binary.AppendUvarint(nil, uint64(p.first))
	out = binary.AppendUvarint(out, uint64(p.line))
	out = binary.AppendUvarint(out, uint64(p.rows))
	var cells [][]byte
	for i := range p.rows {
		var below int64
		below, _, cells = p.record(cells)
		r := unknown
		if pos := p.first + i; pos < int64(len(all)) {
			r = all[pos]
		}
		out = binary.AppendUvarint(out, uint64(below))
		out = append(out, byte(r))
		if reasons[r].verdict == VerdictInvalid {
			out = binary.AppendUvarint(out, uint64(len(cells)))
			for _, c := range cells {
				out = appendBytes(out, c)
			}
		}
	}
	return out, p.err()
}

// Report writes what became of each row of a finished import, as CSV with a byte order mark: row of the file, result,
// reason, and the cells of the rows that were refused (CL9). Nothing is written when the error is a problem.
func (r *Room) Report(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, im string, w io.Writer) error {
	var rec record
	err := db.Read(ctx, func(tx *store.Tx) (err error) {
		if _, err := organisation.Enter(tx, org, who, organisation.Contacts); err != nil {
			return err
		}
		rec, err = importByID(tx, org, im)
		if store.IsNoRows(err) || err == nil && rec.state == Discarded {
			return problem.NotFound("import")
		}
		return err
	})
	if err != nil {
		return err
	}
	if rec.state != Done {
		return problem.Conflict("import_running", "The report is there when the import is done.")
	}
	out := []byte("\ufeffRow,Result,Reason")
	for _, c := range rec.about.Columns {
		out = appendCell(append(out, ','), c)
	}
	out = append(out, "\r\n"...)
	for n := range rec.pieces {
		var data []byte
		err := db.ReadOne(ctx, func(tx *store.Tx) (err error) {
			data, err = getPiece(tx, org, im, pieceVerdict, 0, n)
			return err
		})
		if err == nil {
			out, err = reportPiece(out, data, rec.mapping.Header)
		}
		if err != nil {
			return err
		}
		if _, err := w.Write(out); err != nil {
			return err
		}
		out = out[:0]
	}
	return nil
}

func reportPiece(out, data []byte, header bool) ([]byte, error) {
	p, err := openFilePiece(data)
	if err != nil {
		return nil, err
	}
	line := p.line
	for i := range p.rows {
		line += int64(p.uint())
		if len(p.b) == 0 {
			return nil, errPiece
		}
		r := reason(p.b[0])
		p.b = p.b[1:]
		if p.first+i == 0 && header {
			continue
		}
		about := reasons[r]
		out = strconv.AppendInt(out, line, 10)
		out = append(append(out, ','), about.verdict...)
		out = appendCell(append(out, ','), about.words)
		if about.verdict == VerdictInvalid {
			for range p.uint() {
				out = appendCell(append(out, ','), string(p.bytes()))
			}
		}
		out = append(out, "\r\n"...)
	}
	return out, p.err()
}
