package contact

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// At its height an import takes about so many octets for each one of the file and for each row: sorted, as contacts, and in
// the index.
const (
	grownFile = 4
	grownRow  = 300
)

// Start begins an import in the background (CL12), unless there is too little room on the disk for all of it. Errors name the fields column-N (from 0), columns, duplicates, list,
// country and consent. Starting twice starts once.
func (r *Room) Start(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, im string, m Mapping) (out Import, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		rec, err := r.mine(tx, who, org, im)
		if err != nil {
			return err
		}
		if rec.state != Uploaded {
			if rec.state == Discarded || rec.state == Uploading {
				return problem.NotFound("file")
			}
			out = rec.public(false)
			return nil
		}
		if m, err = rec.check(tx, m); err != nil {
			return err
		}
		if err := tx.Room(grownFile*rec.pieces*int64(r.bounds.piece) + grownRow*rec.rows); err != nil {
			return err
		}
		rec.mapping, rec.state, rec.started, rec.next = m, Reading, tx.Now, tx.Now
		if m.Header {
			rec.rows--
		}
		if err := rec.save(tx); err != nil {
			return err
		}
		tx.Wake(topicImport)
		out = rec.public(false)
		return r.record(tx, who, org, "contact.import_started", im, map[string]string{"file": rec.name, "rows": strconv.FormatInt(rec.rows, 10),
			"duplicates": string(m.Duplicates), "consent": strconv.FormatBool(m.Consent)})
	})
	return out, err
}

func (r *Room) mine(tx *store.Tx, who access.Actor, org id.Organisation, im string) (record, error) {
	if _, err := organisation.Act(tx, org, who, organisation.Contacts); err != nil {
		return record{}, err
	}
	rec, err := scanRecord(tx.QueryRow(`SELECT `+recordColumns+` FROM contact_import WHERE organisation_id = $1 AND id = $2`+tx.ForUpdate(), org, im))
	if store.IsNoRows(err) {
		err = problem.NotFound("import")
	}
	return rec, err
}

// check completes a mapping or says what is wrong with it.
func (rec *record) check(tx *store.Tx, m Mapping) (Mapping, error) {
	bad := problem.Invalid("mapping_invalid", "Check how the file is to be read: something must be mended.")
	width := len(rec.about.Columns)
	m.Columns = append(slices.Clone(m.Columns[:min(len(m.Columns), width)]), make([]Column, width-min(len(m.Columns), width))...)
	seen := map[Column]bool{}
	fixed := []Column{Ignored, ColNumber, ColFirst, ColLast, ColName, ColEmail, ColNotes, ColOptOut}
	for i, c := range m.Columns {
		at := "column-" + strconv.Itoa(i)
		if name, ok := strings.CutPrefix(string(c), FieldPrefix); ok {
			name, code := cleanText(name, MaxFieldName, false)
			if code != "" || name == "" {
				bad.At(at, "field_name", "Give the field a name of at most 50 characters.")
			}
			m.Columns[i], c = Field(name), Field(name)
		} else if !slices.Contains(fixed, c) {
			bad.At(at, "column_unknown", "Choose what this column holds from the list.")
		}
		if c != Ignored && seen[c] {
			bad.At(at, "column_doubled", "Choose something else for this column: another one holds the same.")
		}
		seen[c] = true
	}
	if !seen[ColNumber] {
		bad.At("columns", "number_missing", "Choose which column holds the phone number.")
	}
	if m.Duplicates == "" {
		m.Duplicates = Skip
	}
	if m.Duplicates != Skip && m.Duplicates != Overwrite {
		bad.At("duplicates", "duplicates_unknown", "Choose what happens to numbers that are contacts already.")
	}
	m.Country = strings.ToUpper(m.Country)
	if m.Country != "" && phone.Calling(m.Country) == "" {
		bad.At("country", "country_unknown", "Choose a country from the list.")
	}
	if !m.Consent {
		bad.At("consent", "consent_missing", "Confirm that these people agreed to be written to.")
	}
	if m.List != "" {
		if _, err := listNumbers(tx, rec.org, []ListID{m.List}); err != nil {
			if !problem.Is(err, problem.KindNotFound) {
				return m, err
			}
			bad.At("list", "list_unknown", "Choose a list that is there.")
		}
	}
	return m, bad.OrNil()
}

// Discard drops a file that was not started.
func (r *Room) Discard(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, im string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		rec, err := r.mine(tx, who, org, im)
		if err != nil {
			return err
		}
		if rec.state == Discarded {
			return nil
		}
		if rec.state != Uploaded {
			return problem.Conflict("import_started", "This import has begun already and cannot be discarded.")
		}
		rec.state, rec.next = Discarded, tx.Now
		if err := rec.save(tx); err != nil {
			return err
		}
		tx.Wake(topicImport)
		return r.record(tx, who, org, "contact.import_discarded", im, nil)
	})
}

// Progress is where an import stands.
func (r *Room) Progress(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, im string) (out Import, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Contacts); err != nil {
			return err
		}
		rec, err := importByID(tx, org, im)
		if store.IsNoRows(err) || err == nil && rec.state == Discarded {
			return problem.NotFound("import")
		}
		if err != nil {
			return err
		}
		out = rec.public(true)
		return out.nameList(tx, org)
	})
	return out, err
}

func (im *Import) nameList(tx *store.Tx, org id.Organisation) error {
	if im.Mapping.List == "" {
		return nil
	}
	n, err := listNumber(org, im.Mapping.List)
	if err != nil {
		return err
	}
	l, err := listByNumber(tx, org, n)
	im.ListName = l.Name
	if store.IsNoRows(err) {
		err = nil
	}
	return err
}

// Imports are the newest first, at most 100, without samples.
func (r *Room) Imports(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (out []Import, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Contacts); err != nil {
			return err
		}
		out = nil
		rows, err := tx.Query(`SELECT `+recordColumns+` FROM contact_import WHERE organisation_id = $1 AND state NOT IN ('discarded', 'uploading')
			ORDER BY id DESC LIMIT 100`, org)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			rec, err := scanRecord(rows)
			if err != nil {
				return err
			}
			out = append(out, rec.public(false))
		}
		return rows.Err()
	})
	return out, err
}
