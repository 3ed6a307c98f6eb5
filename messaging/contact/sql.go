package contact

import (
	"encoding/json"
	"strconv"

	"watchword/base/id"
	"watchword/base/store"
)

// book is the row of contact_book.
type book struct{ nextID, nextList, contacts int64 }

// allSwept in contact_book.sweeping says that every contact has all its entries in contact_index. A smaller one is the id
// up to which sweepWords has seen to that; books of installations that found names and addresses only begin with 0.
const allSwept = 1 << 62

// lockBook makes or locks an organisation's book; whoever changes contacts does so first, and saves it last.
func lockBook(tx *store.Tx, org id.Organisation) (b book, err error) {
	err = tx.QueryRow(`INSERT INTO contact_book (organisation_id, next_id, next_list, contacts, sweeping) VALUES ($1, 1, 1, 0, $2)
		ON CONFLICT (organisation_id) DO UPDATE SET next_id = contact_book.next_id RETURNING next_id, next_list, contacts`,
		org, allSwept).Scan(&b.nextID, &b.nextList, &b.contacts)
	return b, err
}

func (b book) save(tx *store.Tx, org id.Organisation) error {
	_, err := tx.Exec(`UPDATE contact_book SET next_id = $2, next_list = $3, contacts = $4 WHERE organisation_id = $1`, org, b.nextID, b.nextList, b.contacts)
	return err
}

func readBook(tx *store.Tx, org id.Organisation) (b book, err error) {
	err = tx.QueryRow(`SELECT next_id, next_list, contacts FROM contact_book WHERE organisation_id = $1`, org).Scan(&b.nextID, &b.nextList, &b.contacts)
	if store.IsNoRows(err) {
		return book{nextID: 1, nextList: 1}, nil
	}
	return b, err
}

const rowColumns = `c.number, c.id, c.data`

func scanRow(s interface{ Scan(...any) error }, r *row) error {
	var data string
	if err := s.Scan(&r.number, &r.id, &data); err != nil {
		return err
	}
	return r.decode(data)
}

func byNumber(tx *store.Tx, org id.Organisation, number string) (r row, err error) {
	err = scanRow(tx.QueryRow(`SELECT `+rowColumns+` FROM contact c WHERE c.organisation_id = $1 AND c.number = $2`, org, number), &r)
	return r, err
}

func byID(tx *store.Tx, org id.Organisation, n int64) (r row, err error) {
	err = scanRow(tx.QueryRow(`SELECT `+rowColumns+` FROM contact c WHERE c.organisation_id = $1 AND c.id = $2`, org, n), &r)
	return r, err
}

// rowsOf reads the rows of a query with rowColumns.
func rowsOf(tx *store.Tx, query string, args ...any) ([]row, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []row
	for rows.Next() {
		var r row
		if err := scanRow(rows, &r); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// byIDs reads contacts; those that are gone are left out.
func byIDs(tx *store.Tx, org id.Organisation, ids []int64) (map[int64]row, error) {
	texts := make([]string, len(ids))
	for i, n := range ids {
		texts[i] = strconv.FormatInt(n, 10)
	}
	j, err := json.Marshal(texts)
	if err != nil {
		return nil, err
	}
	rows, err := rowsOf(tx, `SELECT `+rowColumns+` FROM `+tx.TextRows(2)+` AS r
		CROSS JOIN contact c WHERE c.organisation_id = $1 AND c.id = CAST(r.value AS BIGINT)`, org, string(j))
	out := make(map[int64]row, len(rows))
	for _, r := range rows {
		out[r.id] = r
	}
	return out, err
}

// byNumbers reads the contacts of these numbers.
func byNumbers(tx *store.Tx, org id.Organisation, numbers []string) (map[string]row, error) {
	j, err := json.Marshal(numbers)
	if err != nil {
		return nil, err
	}
	rows, err := rowsOf(tx, `SELECT `+rowColumns+` FROM `+tx.TextRows(2)+` AS r
		CROSS JOIN contact c WHERE c.organisation_id = $1 AND c.number = r.value`, org, string(j))
	out := make(map[string]row, len(rows))
	for _, r := range rows {
		out[r.number] = r
	}
	return out, err
}

var contactCols = []store.Col{{Name: "organisation_id", Type: "text"}, {Name: "number", Type: "text"}, {Name: "id", Type: "bigint"}, {Name: "data", Type: "text"}}

func insertRow(tx *store.Tx, org id.Organisation, r *row) error {
	_, err := tx.Exec(`INSERT INTO contact (organisation_id, number, id, data) VALUES ($1, $2, $3, $4)`, org, r.number, r.id, string(r.encode(nil)))
	return err
}

func updateRow(tx *store.Tx, org id.Organisation, r *row) error {
	_, err := tx.Exec(`UPDATE contact SET number = $3, data = $4 WHERE organisation_id = $1 AND id = $2`, org, r.id, r.number, string(r.encode(nil)))
	return err
}

// updateRows writes the data of many contacts.
func updateRows(tx *store.Tx, org id.Organisation, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	cells := make([][2]string, len(rows))
	for i := range rows {
		cells[i] = [2]string{rows[i].number, string(rows[i].encode(nil))}
	}
	j, err := json.Marshal(cells)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE contact SET data = r.data FROM `+tx.JSONRows(2, store.Col{Name: "number", Type: "text"}, store.Col{Name: "data", Type: "text"})+` AS r
		WHERE contact.organisation_id = $1 AND contact.number = r.number`, org, string(j))
	return err
}

func deleteRow(tx *store.Tx, org id.Organisation, n int64) error {
	_, err := tx.Exec(`DELETE FROM contact WHERE organisation_id = $1 AND id = $2`, org, n)
	return err
}

// addToCount changes how many contacts a list has.
func addToCount(tx *store.Tx, org id.Organisation, list, n int64) error {
	if n == 0 {
		return nil
	}
	_, err := tx.Exec(`UPDATE contact_list SET contacts = contacts + $3 WHERE organisation_id = $1 AND list = $2`, org, list, n)
	return err
}

const listColumns = `list, name, contacts, created_at FROM contact_list WHERE organisation_id = $1 AND deleted_at = 0`

func scanList(s interface{ Scan(...any) error }, org id.Organisation) (l List, n int64, err error) {
	err = s.Scan(&n, &l.Name, &l.Contacts, &l.Created)
	l.ID = listID(org, n)
	return l, n, err
}

func listByNumber(tx *store.Tx, org id.Organisation, n int64) (List, error) {
	l, _, err := scanList(tx.QueryRow(`SELECT `+listColumns+` AND list = $2`, org, n), org)
	return l, err
}

// living is which numbers of lists are those of lists that are there.
func living(tx *store.Tx, org id.Organisation) (map[int64]bool, error) {
	rows, err := tx.Query(`SELECT list FROM contact_list WHERE organisation_id = $1 AND deleted_at = 0`, org)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64]bool{}
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		out[n] = true
	}
	return out, rows.Err()
}
