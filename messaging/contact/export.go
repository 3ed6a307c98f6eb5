package contact

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
)

// ExportState is where an export stands.
type ExportState string

const (
	Waiting ExportState = "waiting"
	Writing ExportState = "writing"
	Ready   ExportState = "ready"
	Gone    ExportState = "gone" // its 30 days are over; the receipt stays
)

// Filter says which contacts. Both empty: all of them.
type Filter struct {
	List    ListID
	Search  string // as in Query
	Country string // as in Query
}

// Columns that can be taken out beside those that come in.
const (
	ColLists   Column = "lists"
	ColCreated Column = "created"
	ColUpdated Column = "updated"
)

// Quote is what an export would hold, for the page that asks for the code.
type Quote struct {
	Rows   int64
	Digest string // what the code is bound to: organisation, filter, fields and rows; the grant is the session's
	Words  string // "12,400 contacts": the Detail of the step-up
}

// Export is one file taken out (CL15).
type Export struct {
	ID           string
	State        ExportState
	Filter       Filter
	ListName     string // of Filter.List; empty when there is none, or no longer
	Fields       []Column
	By           id.Profile
	ByName       string
	Factor       string // how the person proved to be one: "sms", "email" …
	Rows         int64
	Size         int64  // octets
	SHA256       string // of the file, hexadecimal
	Reason       string // what it waits for, when it is not as usual
	Receipt      string // the signed record, lines of text
	Created      int64  // micros
	Finished     int64
	Expires      int64
	Downloads    int64
	FileName     string
	Mine         bool   // asked for by the actor; nobody else may download it (TD10)
	Downloadable bool   // Ready, Mine and not expired
	Digest       string // what the code of a download is bound to
}

// exportable are the fixed columns, in the order of the page.
var exportable = []Column{ColNumber, ColFirst, ColLast, ColEmail, ColNotes, ColLists, ColOptOut, ColCreated, ColUpdated}

// ExportFields are the columns that can be taken out: the fixed ones, then the further fields that fieldNames finds.
func (r *Room) ExportFields(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (out []Column, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Exports); err != nil {
			return err
		}
		names, err := fieldNames(tx, org)
		out = slices.Clone(exportable)
		for _, n := range names {
			out = append(out, Field(n))
		}
		return err
	})
	return out, err
}

// fieldNames are the further fields of the newest and oldest contacts and of the newest imports, 500, 500 and 100 of them:
// all there are, but for those that were only ever typed in by hand and long ago.
func fieldNames(tx *store.Tx, org id.Organisation) (out []string, err error) {
	for _, order := range []string{"DESC", "ASC"} {
		rows, err := rowsOf(tx, `SELECT `+rowColumns+` FROM contact c WHERE c.organisation_id = $1 ORDER BY c.id `+order+` LIMIT 500`, org)
		if err != nil {
			return nil, err
		}
		for _, x := range rows {
			for _, f := range x.fields {
				out = append(out, f.name)
			}
		}
	}
	rows, err := tx.Query(`SELECT `+recordColumns+` FROM contact_import WHERE organisation_id = $1 AND started_at > 0 ORDER BY id DESC LIMIT 100`, org)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		m, err := scanRecord(rows)
		if err != nil {
			return nil, err
		}
		for _, c := range m.mapping.Columns {
			if name, further := strings.CutPrefix(string(c), FieldPrefix); further {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), rows.Err()
}

// Quote counts what an export would hold.
func (r *Room) Quote(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, f Filter, fields []Column) (q Quote, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		q, err = r.quote(tx, who, org, f, fields, organisation.Enter)
		return err
	})
	return q, err
}

type door func(*store.Tx, id.Organisation, access.Actor, organisation.Permission) (organisation.Member, error)

func (r *Room) quote(tx *store.Tx, who access.Actor, org id.Organisation, f Filter, fields []Column, enter door) (q Quote, err error) {
	m, err := enter(tx, org, who, organisation.Exports)
	if err != nil {
		return q, err
	}
	if !m.Demand.Policy.EmailExport && !m.Looking && !strong(who.Methods) {
		return q, problem.Forbidden("export_needs_factor", m.OrgName+" lets only people with a second factor take contacts out. Add one on the page Security, then log in with it.")
	}
	if err := checkFields(fields); err != nil {
		return q, err
	}
	if q.Rows, err = countRows(tx, org, f); err != nil {
		return q, err
	}
	texts := []string{string(org), string(f.List), f.Search, f.Country, strconv.FormatInt(q.Rows, 10)}
	for _, c := range fields {
		texts = append(texts, string(c))
	}
	q.Digest = "export-" + short(strings.Join(texts, "\x00"))
	q.Words = words(q.Rows)
	return q, nil
}

// strong says whether a session was proved by more than password and mailbox.
func strong(methods []string) bool {
	return slices.ContainsFunc(methods, func(m string) bool { return m == "sms" || m == "totp" || m == "passkey" || m == "recovery" })
}

func words(n int64) string {
	if n == 1 {
		return "1 contact"
	}
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s + " contacts"
}

func checkFields(fields []Column) error {
	seen := map[Column]bool{}
	for _, c := range fields {
		name, further := strings.CutPrefix(string(c), FieldPrefix)
		if seen[c] || !further && !slices.Contains(exportable, c) || further && (name == "" || len(name) > 4*MaxFieldName) {
			return problem.AtField("fields", "field_unknown", "Choose the fields from the list, each once.")
		}
		seen[c] = true
	}
	if len(fields) == 0 {
		return problem.AtField("fields", "fields_missing", "Choose at least one field.")
	}
	if len(fields) >= maxColumns { // the watermark is one more
		return problem.AtField("fields", "fields_too_many", "Choose fewer fields: a file has at most 199.")
	}
	return nil
}

// countRows is how many contacts pass a filter.
func countRows(tx *store.Tx, org id.Organisation, f Filter) (n int64, err error) {
	if f.Search != "" {
		err = eachMatch(tx, org, f, func(row) error { n++; return nil })
		return n, err
	}
	p, err := newPager(tx, org, Query{List: f.List})
	if err != nil {
		return 0, err
	}
	return p.total, nil
}

// eachMatch calls f for every contact that a search finds.
func eachMatch(tx *store.Tx, org id.Organisation, f Filter, do func(row) error) error {
	q := Query{List: f.List, Search: f.Search, Country: f.Country, Limit: MaxPage}
	for {
		p, err := newPager(tx, org, q)
		if err != nil {
			return err
		}
		rows, err := p.read()
		if err != nil {
			return err
		}
		for _, x := range rows {
			if err := do(x); err != nil {
				return err
			}
		}
		if p.after == "" {
			return nil
		}
		q.After = p.after
	}
}

// wide is about how many octets a contact takes in a file.
const wide = 150

// Ask asks for a file of contacts (CL15). It spends a grant for exactly these: session, filter, fields and number of rows
// (decisions 27, TD8, TD9); without one it answers problem.NeedsCode with the action "contacts_export" and the digest of
// Quote. The file is written in the background. It never holds more rows than the code named: contacts made after this
// moment are left out.
func (r *Room) Ask(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, f Filter, fields []Column) (out Export, err error) {
	// A search is counted before the writing, since that may take longer than a writer's turn.
	q, err := r.Quote(ctx, db, who, org, f, fields)
	if err != nil {
		return out, err
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		m, err := organisation.Act(tx, org, who, organisation.Exports)
		if err != nil {
			return err
		}
		if f.Search == "" {
			if q, err = r.quote(tx, who, org, f, fields, organisation.Act); err != nil {
				return err
			}
		}
		if q.Rows == 0 {
			return problem.Conflict("nothing_to_export", "There is no contact to export.")
		}
		if err := tx.Room(q.Rows * wide); err != nil {
			return err
		}
		if err := grant.Must(tx, who, string(wording.ContactsExport), q.Digest); err != nil {
			return err
		}
		b, err := readBook(tx, org)
		if err != nil {
			return err
		}
		x := exported{org: org, Export: Export{ID: id.New("EX", tx.Now), State: Waiting, Filter: f, Fields: fields, By: who.Profile, ByName: who.Name,
			Factor: factorOf(who), Rows: q.Rows, Created: tx.Now}, next: tx.Now, address: who.Origin.Address.String(), device: who.Origin.Device, upTo: b.nextID}
		if err := x.insert(tx); err != nil {
			return err
		}
		tx.Wake(topicExport)
		out = x.public(who, tx.Now)
		return r.record(tx, who, org, "contact.export_asked", x.ID, map[string]string{"rows": strconv.FormatInt(q.Rows, 10), "factor": x.Factor,
			"list": string(f.List), "search": f.Search, "fields": fmt.Sprint(fields), "organisation": m.OrgName})
	})
	return out, err
}

// factorOf is the last way in which a session was proved.
func factorOf(who access.Actor) string {
	for i := len(who.Methods) - 1; i >= 0; i-- {
		if m := who.Methods[i]; m != "password" && m != "device" {
			return m
		}
	}
	return "email"
}

// Exports are the organisation's, newest first, at most 100.
func (r *Room) Exports(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (out []Export, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Exports); err != nil {
			return err
		}
		out = nil
		rows, err := tx.Query(`SELECT `+exportColumns+` FROM contact_export WHERE organisation_id = $1 ORDER BY id DESC LIMIT 100`, org)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			x, err := scanExport(rows)
			if err != nil {
				return err
			}
			out = append(out, x.public(who, tx.Now))
		}
		return rows.Err()
	})
	return out, err
}

// ExportOf is one export. People other than who asked see that it was made, but not its file.
func (r *Room) ExportOf(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, export string) (out Export, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Exports); err != nil {
			return err
		}
		x, err := exportByID(tx, "", org, export)
		if err != nil {
			return err
		}
		out = x.public(who, tx.Now)
		if x.Filter.List == "" {
			return nil
		}
		n, err := listNumber(org, x.Filter.List)
		if err == nil {
			var l List
			l, err = listByNumber(tx, org, n)
			out.ListName = l.Name
		}
		if store.IsNoRows(err) {
			err = nil
		}
		return err
	})
	return out, err
}
