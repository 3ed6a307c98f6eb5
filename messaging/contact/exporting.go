package contact

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"

	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
)

// anExport claims an export and writes its file. The file is one state of the contacts, read in one transaction; a
// restart begins it anew.
func (w *worker) anExport(ctx context.Context) (bool, error) {
	var x exported
	found := false
	err := w.db.WriteBulk(ctx, func(tx *store.Tx) error {
		found = false
		var err error
		x, err = scanExport(tx.QueryRow(`SELECT `+exportColumns+` FROM contact_export WHERE next_at > 0 AND next_at <= $1 ORDER BY next_at LIMIT 1`+tx.SkipLocked(), tx.Now))
		if store.IsNoRows(err) {
			return nil
		}
		if err != nil {
			return err
		}
		found = true
		x.process, x.State, x.next, x.Size = w.process, Writing, tx.Now+store.Micros(lease), 0
		_, err = tx.Exec(`UPDATE contact_export SET process = $3, state = $4, next_at = $5 WHERE organisation_id = $1 AND id = $2`, x.org, x.ID, x.process, x.State, x.next)
		return err
	})
	if err != nil || !found {
		return false, err
	}
	j := &exporting{worker: w, exported: x, want: x, sum: sha256.New(), made: make(chan []byte, 4), spare: make(chan []byte, 8)}
	err = j.run(ctx)
	if problem.HasCode(err, "disk_nearly_full") {
		err = errors.Join(err, dropParts(ctx, w.db, x.org, x.ID)) // others need the room while this one waits
	}
	if err != nil {
		w.leave(ctx, err)
	}
	return true, err
}

// exporting is one export being worked on.
type exporting struct {
	*worker
	exported
	want  exported // as it was asked for; the other one changes while the file is kept
	sum   hash.Hash
	made  chan []byte // parts to be kept, in order
	spare chan []byte
	part  []byte
	rows  int64
	lists map[int64]string
	tail  string // the watermark, as it ends each row
}

func (j *exporting) bulk(ctx context.Context, f func(tx *store.Tx, x *exported) error) error {
	var after exported
	err := j.db.WriteBulk(ctx, func(tx *store.Tx) error {
		after = j.exported
		after.next, after.Reason = tx.Now+store.Micros(lease), ""
		if err := f(tx, &after); err != nil {
			return err
		}
		return after.step(tx)
	})
	if err == nil {
		j.exported = after
	}
	return err
}

func (j *exporting) run(ctx context.Context) error {
	if err := dropParts(ctx, j.db, j.org, j.ID); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	kept := make(chan error, 1)
	go func() {
		err := j.keep(ctx)
		if err != nil {
			cancel(err)
			for range j.made { // the reader may wait to hand over a part
			}
		}
		kept <- err
	}()
	err := j.db.Read(ctx, func(tx *store.Tx) error { return j.write(ctx, tx) })
	close(j.made)
	if e := <-kept; err == nil || e != nil {
		err = e
	}
	if err != nil {
		return err
	}
	return j.end(ctx)
}

// keep stores parts as they come, beside the reading.
func (j *exporting) keep(ctx context.Context) error {
	n := int64(0)
	for part := range j.made {
		j.sum.Write(part)
		err := j.bulk(ctx, func(tx *store.Tx, x *exported) error {
			if err := tx.Room(int64(len(part))); err != nil {
				return err
			}
			x.Size = j.Size + int64(len(part))
			return tx.InsertRows("contact_export_part", exportPartCols, []any{string(j.org), j.ID, n, part})
		})
		if err != nil {
			return err
		}
		n++
		select {
		case j.spare <- part[:0]:
		default:
		}
	}
	return nil
}

var exportPartCols = []store.Col{{Name: "organisation_id", Type: "text"}, {Name: "export_id", Type: "text"}, {Name: "n", Type: "bigint"}, {Name: "data", Type: "bytea"}}

func (j *exporting) write(ctx context.Context, tx *store.Tx) error {
	j.rows = 0
	j.part = make([]byte, 0, pieceSize+4096)
	j.part = append(j.part, "\ufeff"...)
	for _, c := range j.want.Fields {
		j.part = append(appendCell(j.part, Title(c)), ',')
	}
	j.part = append(j.part, Watermark+"\r\n"...)
	j.tail = "," + mark(j.want.ID) + "\r\n"
	if slices.Contains(j.want.Fields, ColLists) {
		if err := j.nameLists(tx); err != nil {
			return err
		}
	}
	if err := j.each(ctx, tx); err != nil {
		return err
	}
	if len(j.part) > 0 {
		j.made <- j.part
	}
	return nil
}

func (j *exporting) nameLists(tx *store.Tx) error {
	rows, err := tx.Query(`SELECT `+listColumns, j.want.org)
	if err != nil {
		return err
	}
	defer rows.Close()
	j.lists = map[int64]string{}
	for rows.Next() {
		l, n, err := scanList(rows, j.want.org)
		if err != nil {
			return err
		}
		j.lists[n] = l.Name
	}
	return rows.Err()
}

// end makes the file ready, signs its receipt and tells the owners (security.md part 4 row 6).
func (j *exporting) end(ctx context.Context) error {
	return j.bulk(ctx, func(tx *store.Tx, x *exported) error {
		x.State, x.next, x.Finished, x.Rows = Ready, 0, tx.Now, j.rows
		x.Expires = tx.Now + j.room.Settings.KeepFile
		x.SHA256 = hex.EncodeToString(j.sum.Sum(nil))
		x.Receipt = j.room.receipt(x)
		who := access.System("export")
		who.Origin.Device = x.device
		if err := j.room.tellOwners(tx, who, j.org, wording.Params{By: x.ByName, Member: x.ByName, Detail: x.Factor, Count: int(x.Rows), Hash: x.SHA256}); err != nil {
			return err
		}
		return j.room.record(tx, access.System("export"), j.org, "contact.exported", j.ID, map[string]string{"rows": fmt.Sprint(x.Rows), "sha256": x.SHA256,
			"factor": x.Factor, "by": x.ByName, "size": fmt.Sprint(x.Size)})
	})
}
