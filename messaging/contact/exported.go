package contact

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// exported is a row of contact_export.
type exported struct {
	org  id.Organisation
	next int64 // when a worker may take it; 0: nothing to do
	Export
	process, address, device string
	upTo                     int64 // ids from here on are left out
}

const exportColumns = `organisation_id, id, state, next_at, process, filter, fields, asked_by, asked_by_name, factor, address, device, up_to,
	row_count, size, sha256, receipt, created_at, done_at, expires_at, downloads, reason`

func (x *exported) insert(tx *store.Tx) error {
	filter, err1 := json.Marshal(x.Filter)
	fields, err2 := json.Marshal(x.Fields)
	if err1 != nil || err2 != nil {
		return errPiece
	}
	_, err := tx.Exec(`INSERT INTO contact_export (`+exportColumns+`)
		VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, '', '', $14, 0, 0, 0, '')`,
		x.org, x.ID, x.State, x.next, string(filter), string(fields), x.By, x.ByName, x.Factor, x.address, x.device, x.upTo, x.Rows, x.Created)
	return err
}

func scanExport(s interface{ Scan(...any) error }) (x exported, err error) {
	var filter, fields string
	err = s.Scan(&x.org, &x.ID, &x.State, &x.next, &x.process, &filter, &fields, &x.By, &x.ByName, &x.Factor, &x.address, &x.device, &x.upTo,
		&x.Rows, &x.Size, &x.SHA256, &x.Receipt, &x.Created, &x.Finished, &x.Expires, &x.Downloads, &x.Reason)
	if err == nil {
		err = json.Unmarshal([]byte(filter), &x.Filter)
	}
	if err == nil {
		err = json.Unmarshal([]byte(fields), &x.Fields)
	}
	return x, err
}

func exportByID(tx *store.Tx, lock string, org id.Organisation, export string) (exported, error) {
	x, err := scanExport(tx.QueryRow(`SELECT `+exportColumns+` FROM contact_export WHERE organisation_id = $1 AND id = $2`+lock, org, export))
	if store.IsNoRows(err) {
		err = problem.NotFound("export")
	}
	return x, err
}

// step says how far the work is, unless another worker has taken over.
func (x *exported) step(tx *store.Tx) error {
	n, err := tx.Exec(`UPDATE contact_export SET state = $4, next_at = $5, row_count = $6, size = $7, sha256 = $8, receipt = $9, done_at = $10, expires_at = $11, reason = $12
		WHERE organisation_id = $1 AND id = $2 AND process = $3`, x.org, x.ID, x.process, x.State, x.next, x.Rows, x.Size, x.SHA256, x.Receipt, x.Finished, x.Expires, x.Reason)
	if err == nil && n == 0 {
		err = errTaken
	}
	return err
}

// public is the export as an actor sees it.
func (x *exported) public(who access.Actor, now int64) Export {
	e := x.Export
	e.Mine = who.Profile != "" && who.Profile == x.By
	if e.State == Ready && now >= e.Expires {
		e.State = Gone
	}
	e.Downloadable = e.Mine && e.State == Ready
	e.FileName = "contacts-" + store.Time(e.Created).Format(time.DateOnly) + "-" + mark(e.ID) + ".csv"
	e.Digest = "file-" + short(e.ID+" "+e.SHA256)
	return e
}

// mark is the short name of an export: it stands in the file's name, in every row and on the receipt.
func mark(export string) string {
	if len(export) < 8 {
		return export
	}
	return "X" + export[len(export)-8:]
}

func isMark(s string) bool {
	return len(s) == 9 && s[0] == 'X' && strings.Trim(s[1:], hexDigits) == ""
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
