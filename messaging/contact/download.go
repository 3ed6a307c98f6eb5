package contact

import (
	"context"
	"io"
	"strconv"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
)

// File is an exported file about to be sent.
type File struct {
	Name   string
	Size   int64
	SHA256 string
	write  func(io.Writer) (int64, error)
}

// WriteTo sends the file, part by part.
func (f File) WriteTo(w io.Writer) (int64, error) { return f.write(w) }

// Download opens an exported file for the person who asked for it; it spends a grant bound to this file and its content
// (TD10, C47). To everybody else it is not there, whatever link they were given.
func (r *Room) Download(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, export string) (f File, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Act(tx, org, who, organisation.Exports); err != nil {
			return err
		}
		x, err := exportByID(tx, tx.ForUpdate(), org, export)
		if err != nil {
			return err
		}
		if x.By != who.Profile {
			return problem.NotFound("file")
		}
		p := x.public(who, tx.Now)
		if !p.Downloadable {
			if x.State == Waiting || x.State == Writing {
				return problem.Conflict("export_running", "The file is still being written. Try again in a moment.")
			}
			return problem.NotFound("file")
		}
		if err := grant.Must(tx, who, string(wording.ContactsExport), p.Digest); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE contact_export SET downloads = downloads + 1 WHERE organisation_id = $1 AND id = $2`, org, export); err != nil {
			return err
		}
		f = File{Name: p.FileName, Size: x.Size, SHA256: x.SHA256, write: func(w io.Writer) (int64, error) { return sendParts(ctx, db, org, export, w) }}
		return r.record(tx, who, org, "contact.export_downloaded", export, map[string]string{"rows": strconv.FormatInt(x.Rows, 10), "factor": factorOf(who), "sha256": x.SHA256})
	})
	return f, err
}

func sendParts(ctx context.Context, db *store.DB, org id.Organisation, export string, w io.Writer) (sent int64, err error) {
	for n := int64(0); ; n++ {
		var data []byte
		err := db.ReadOne(ctx, func(tx *store.Tx) error {
			return tx.QueryRow(`SELECT data FROM contact_export_part WHERE organisation_id = $1 AND export_id = $2 AND n = $3`, org, export, n).Scan(&data)
		})
		if store.IsNoRows(err) {
			return sent, nil
		}
		if err != nil {
			return sent, err
		}
		k, err := w.Write(data)
		if sent += int64(k); err != nil {
			return sent, err
		}
	}
}
