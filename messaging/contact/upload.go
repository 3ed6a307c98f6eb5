package contact

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// maxOpen is how many files of an organisation may wait or be worked on at once.
const maxOpen = 10

// Upload receives a file, CSV or Excel, without ever holding it in memory, and says what is in it. Nothing is imported
// until Start. Files that are no table, are too large, or hold no row are refused at the field "file", and nothing of
// them is kept.
func (r *Room) Upload(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, name string, file io.Reader) (Import, error) {
	im := record{org: org, id: id.New("IM", db.Now()), state: Uploading, name: fileName(name), by: who.Profile, byName: who.Name}
	err := db.Write(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Act(tx, org, who, organisation.Contacts); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(`SELECT COUNT(*) FROM contact_import WHERE organisation_id = $1 AND state IN ('uploading', 'uploaded', 'reading', 'merging', 'indexing', 'closing')`,
			org).Scan(&n); err != nil {
			return err
		}
		if n >= maxOpen {
			return problem.TooMany("too_many_imports", "Ten files are being imported or wait for it. Finish or discard one first.", 0)
		}
		im.created = tx.Now
		return im.insert(tx)
	})
	if err != nil {
		return Import{}, err
	}
	u := upload{db: db, room: r, im: &im, size: counted{r: file, most: r.Settings.MaxFile}}
	if err = u.receive(ctx); err == nil {
		err = db.Write(ctx, func(tx *store.Tx) error {
			if _, err := organisation.Act(tx, org, who, organisation.Contacts); err != nil {
				return err
			}
			im.state = Uploaded
			if err := im.save(tx); err != nil {
				return err
			}
			return r.record(tx, who, org, "contact.import_uploaded", im.id, map[string]string{"file": im.name})
		})
	}
	if err != nil {
		im.state, im.next = Discarded, db.Now() // a worker removes what was received
		if e := db.WriteBulk(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			tx.Wake(topicImport)
			return im.save(tx)
		}); e != nil {
			r.Faults.Error("an upload was not discarded", "import", im.id, "error", e)
		}
		return Import{}, err
	}
	return im.public(true), nil
}

// fileName is what people are shown of a file's name.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), `\`, "/"))
	s, code := cleanText(s, 200, false)
	if code != "" || s == "" || s == "." || s == "/" {
		return "contacts"
	}
	return s
}

// counted stops a file that is too large.
type counted struct {
	r       io.Reader
	n, most int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	if c.n += int64(n); c.n > c.most {
		return 0, tooLargeFile(c.most)
	}
	if err != nil && err != io.EOF && problem.As(err) == nil {
		err = problem.AtField("file", "file_incomplete", "Choose the file again: it did not arrive whole.")
	}
	return n, err
}

func tooLargeFile(most int64) error {
	words := fmt.Sprintf("%d MB", most>>20)
	if most >= 1<<30 && most%(1<<30) == 0 {
		words = fmt.Sprintf("%d GB", most>>30)
	}
	return problem.AtField("file", "file_too_large", "Cut the file into several: one may have at most "+words+". Nothing of it was kept.")
}

// Fits refuses, at the field "file", what is longer than a file may be, and what there is no room for on the disk, for
// doors that know the length before the file arrives.
func (r *Room) Fits(ctx context.Context, db *store.DB, octets int64) error {
	if octets > r.Settings.MaxFile {
		return tooLargeFile(r.Settings.MaxFile)
	}
	return db.ReadOne(ctx, func(tx *store.Tx) error { return tx.Room(max(0, octets)) })
}

type upload struct {
	db   *store.DB
	room *Room
	im   *record
	size counted
}

func (u *upload) receive(ctx context.Context) error {
	s, err := open(&u.size)
	if err != nil {
		return err
	}
	defer s.Close()
	var look looker
	var piece []byte
	var first, rows, line, before int64
	flush := func() error {
		if rows == 0 {
			return nil
		}
		data := binary.AppendUvarint(make([]byte, 0, len(piece)+30), uint64(first))
		data = binary.AppendUvarint(data, uint64(before))
		data = append(binary.AppendUvarint(data, uint64(rows)), piece...)
		n := u.im.pieces
		err := u.db.WriteBulk(ctx, func(tx *store.Tx) error {
			if err := tx.Room(int64(len(data))); err != nil {
				return err
			}
			return putPiece(tx, u.im.org, u.im.id, pieceFile, 0, n, data)
		})
		u.im.pieces++
		first, rows, before, piece = first+rows, 0, line, piece[:0]
		return err
	}
	for {
		row, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if len(row.cells) > maxColumns {
			row.cells = row.cells[:maxColumns+1] // one more tells that there were more
		}
		look.see(row)
		piece = appendRecord(piece, row.line-line, row)
		line = row.line
		rows++
		u.im.rows++
		if u.im.rows > u.room.Settings.MaxRows+1 {
			return problem.AtField("file", "too_many_rows", fmt.Sprintf("Cut the file into several: one may have at most %d rows.", u.room.Settings.MaxRows))
		}
		if len(piece) >= u.room.bounds.piece {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	if u.im.rows == 0 {
		return problem.AtField("file", "file_empty", "The file holds no rows. Choose another one.")
	}
	u.im.size = u.size.n
	u.im.about = look.about(s)
	if u.im.about.Guess.Header && u.im.rows == 1 {
		return problem.AtField("file", "file_empty", "The file holds only headings and no rows. Choose another one.")
	}
	return nil
}

// errTaken says that another worker has taken the work.
var errTaken = errors.New("another worker has taken over")
