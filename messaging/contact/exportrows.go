package contact

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"watchword/base/store"
)

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

// line writes one contact as a row of the file.
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

// titles are what pages and files call the columns; the headings of an import know them.
var titles = map[Column]string{ColNumber: "Mobile number", ColFirst: "First name", ColLast: "Last name", ColName: "Name",
	ColEmail: "Email address", ColNotes: "Notes", ColLists: "Lists", ColOptOut: "Opted out", ColCreated: "Created", ColUpdated: "Updated"}

// Title is what a column is called, on pages and above it in a file; further fields go by their own names.
func Title(c Column) string {
	if t, ok := titles[c]; ok {
		return t
	}
	return strings.TrimPrefix(string(c), FieldPrefix)
}
