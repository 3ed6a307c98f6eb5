package contact

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"

	"watchword/base/access"
	"watchword/base/id"
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
	if err != nil {
		w.leave(ctx)
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
		after.next = tx.Now + store.Micros(lease)
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
		j.part = append(appendCell(j.part, title(c)), ',')
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

// each writes the rows of the filter: in the order of their numbers, or of a search.
func (j *exporting) each(ctx context.Context, tx *store.Tx) error {
	if j.want.Filter.Search != "" {
		var group []row
		err := eachMatch(tx, j.want.org, j.want.Filter, func(x row) error {
			if group = append(group, x); len(group) < MaxPage {
				return nil
			}
			err := j.put(ctx, group)
			group = group[:0]
			return err
		})
		if err != nil {
			return err
		}
		return j.put(ctx, group)
	}
	list := int64(0)
	if j.want.Filter.List != "" {
		var err error
		if list, err = listNumber(j.want.org, j.want.Filter.List); err != nil {
			return err
		}
	}
	read, done := make(chan []stored, 2), make(chan error, 1)
	go func() { done <- j.putAll(ctx, read, list) }()
	err := j.scan(ctx, tx, read)
	close(read)
	return errors.Join(err, <-done)
}

// stored is a row as it is in the table.
type stored struct {
	number, data string
	id           int64
}

// scan reads all contacts, some at a time.
func (j *exporting) scan(ctx context.Context, tx *store.Tx, into chan<- []stored) error {
	rows, err := tx.Query(`SELECT number, id, data FROM contact WHERE organisation_id = $1 ORDER BY number`, j.want.org)
	if err != nil {
		return err
	}
	defer rows.Close()
	some := make([]stored, 0, 256)
	for rows.Next() {
		some = some[:len(some)+1]
		x := &some[len(some)-1]
		if err := rows.Scan(&x.number, &x.id, &x.data); err != nil {
			return err
		}
		if len(some) == cap(some) {
			into <- some
			some = make([]stored, 0, 256)
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
	}
	into <- some
	return rows.Err()
}

// putAll writes what scan reads, beside it.
func (j *exporting) putAll(ctx context.Context, from <-chan []stored, list int64) (err error) {
	group := make([]row, 256)
	for some := range from {
		n := 0
		for i := range some {
			if err != nil {
				break
			}
			x := &group[n]
			x.number, x.id = some[i].number, some[i].id
			if err = x.decode(some[i].data); x.id < j.want.upTo && (list == 0 || slices.Contains(x.lists, list)) {
				n++
			}
		}
		if err == nil {
			err = j.put(ctx, group[:n])
		}
	}
	return err
}

// put writes some rows. Never more than the code named.
func (j *exporting) put(ctx context.Context, group []row) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	var stop map[string]bool
	if slices.Contains(j.want.Fields, ColOptOut) {
		numbers := make([]string, len(group))
		for i := range group {
			numbers[i] = group[i].number
		}
		err := j.db.ReadOne(ctx, func(tx *store.Tx) (err error) {
			stop, err = j.room.Optouts.Has(tx, j.want.org, numbers...)
			return err
		})
		if err != nil {
			return err
		}
	}
	for i := range group {
		if j.rows == j.want.Rows {
			return nil
		}
		j.rows++
		j.line(&group[i], stop)
		if len(j.part) >= j.room.bounds.piece {
			j.made <- j.part
			select {
			case j.part = <-j.spare:
			default:
				j.part = make([]byte, 0, pieceSize+4096)
			}
		}
	}
	return nil
}

func (j *exporting) line(x *row, stop map[string]bool) {
	b := j.part
	for i, c := range j.want.Fields {
		if i > 0 {
			b = append(b, ',')
		}
		switch c {
		case ColNumber:
			b = append(b, x.number...) // a plus sign and digits: harmless, and read back by everything
		case ColFirst:
			b = appendCell(b, x.first)
		case ColLast:
			b = appendCell(b, x.last)
		case ColEmail:
			b = appendCell(b, x.email)
		case ColNotes:
			b = appendCell(b, x.notes)
		case ColLists:
			var names []string
			for _, l := range x.lists {
				if n := j.lists[l]; n != "" {
					names = append(names, n)
				}
			}
			b = appendCell(b, strings.Join(names, "; "))
		case ColOptOut:
			if stop[x.number] {
				b = append(b, "yes"...)
			}
		case ColCreated:
			b = store.Time(x.created).AppendFormat(b, time.RFC3339)
		case ColUpdated:
			b = store.Time(x.updated).AppendFormat(b, time.RFC3339)
		default:
			name := strings.TrimPrefix(string(c), FieldPrefix)
			for _, f := range x.fields {
				if f.name == name {
					b = appendCell(b, f.value)
				}
			}
		}
	}
	j.part = append(b, j.tail...)
}

// title heads a column. The headings of an import know them.
func title(c Column) string {
	switch c {
	case ColNumber:
		return "Number"
	case ColFirst:
		return "First name"
	case ColLast:
		return "Last name"
	case ColEmail:
		return "Email"
	case ColNotes:
		return "Notes"
	case ColLists:
		return "Lists"
	case ColOptOut:
		return "Opted out"
	case ColCreated:
		return "Created"
	case ColUpdated:
		return "Changed"
	}
	return strings.TrimPrefix(string(c), FieldPrefix)
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

// dropParts removes what there is of a file, a little at a time.
func dropParts(ctx context.Context, db *store.DB, org id.Organisation, export string) error {
	for more := true; more; {
		err := db.WriteBulk(ctx, func(tx *store.Tx) (err error) {
			more, err = dropSomeParts(tx, org, export)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func dropSomeParts(tx *store.Tx, org id.Organisation, export string) (more bool, err error) {
	n, err := tx.Exec(`DELETE FROM contact_export_part WHERE organisation_id = $1 AND export_id = $2 AND n IN
		(SELECT n FROM contact_export_part WHERE organisation_id = $1 AND export_id = $2 ORDER BY n LIMIT 8)`, org, export)
	return n == 8, err
}
