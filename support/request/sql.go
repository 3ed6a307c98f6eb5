package request

import (
	"fmt"
	"strings"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

const columns = `id, kind, state, typed_name, typed_email, typed_organisation, message, opened_by, opened_name, address, device,
	language, created_at, taken_by, taken_name, taken_at, profile_id, organisation_id, subject, started_by, started_name, started_at,
	identity_note, ticket, reason, due_at, ended_by, ended_name, ended_at, ended_why, answer`

func (r *Request) fields() []any {
	return []any{&r.ID, &r.Kind, &r.State, &r.TypedName, &r.TypedEmail, &r.TypedOrganisation, &r.Message, &r.OpenedBy, &r.OpenedName,
		&r.Address, &r.Device, &r.Language, &r.CreatedAt, &r.TakenBy, &r.TakenName, &r.TakenAt, &r.Profile, &r.Organisation, &r.Subject,
		&r.StartedBy, &r.StartedName, &r.StartedAt, &r.Identity, &r.Ticket, &r.Reason, &r.DueAt, &r.EndedBy, &r.EndedName, &r.EndedAt,
		&r.EndedWhy, &r.Answer}
}

var places = func() string {
	n := strings.Count(columns, ",") + 1
	p := make([]string, n)
	for i := range p {
		p[i] = fmt.Sprintf("$%d", i+1)
	}
	return strings.Join(p, ", ")
}()

func insert(tx *store.Tx, r Request) error {
	_, err := tx.Exec(`INSERT INTO support_request (`+columns+`) VALUES (`+places+`)`, r.fields()...)
	return err
}

func find(tx *store.Tx, i ID, lock string) (Request, error) {
	var r Request
	err := tx.QueryRow(`SELECT `+columns+` FROM support_request WHERE id = $1`+lock, i).Scan(r.fields()...)
	if store.IsNoRows(err) {
		return Request{}, problem.NotFound("request")
	}
	return r, err
}

func query(tx *store.Tx, where string, args ...any) ([]Request, error) {
	rows, err := tx.Query(`SELECT `+columns+` FROM support_request WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Request
	for rows.Next() {
		var r Request
		if err := rows.Scan(r.fields()...); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// begin stores whom a request is about and that it runs.
func begin(tx *store.Tx, r Request) error {
	_, err := tx.Exec(`UPDATE support_request SET state = $2, profile_id = $3, organisation_id = $4, subject = $5, started_by = $6,
		started_name = $7, started_at = $8, identity_note = $9, ticket = $10, reason = $11, due_at = $12 WHERE id = $1`,
		r.ID, r.State, r.Profile, r.Organisation, r.Subject, r.StartedBy, r.StartedName, r.StartedAt, r.Identity, r.Ticket, r.Reason, r.DueAt)
	return err
}

// end stores how a request ended; false when it was no longer in the state.
func end(tx *store.Tx, r Request, from State) (bool, error) {
	n, err := tx.Exec(`UPDATE support_request SET state = $2, ended_by = $3, ended_name = $4, ended_at = $5, ended_why = $6, answer = $7
		WHERE id = $1 AND state = $8`, r.ID, r.State, r.EndedBy, r.EndedName, r.EndedAt, r.EndedWhy, r.Answer, from)
	return n == 1, err
}

func take(tx *store.Tx, r Request) error {
	_, err := tx.Exec(`UPDATE support_request SET state = $2, taken_by = $3, taken_name = $4, taken_at = $5 WHERE id = $1`,
		r.ID, r.State, r.TakenBy, r.TakenName, r.TakenAt)
	return err
}

// running finds a started request of the kind about the same person or organisation.
func running(tx *store.Tx, k Kind, p id.Profile, o id.Organisation) (ID, error) {
	var i ID
	err := tx.QueryRow(`SELECT id FROM support_request WHERE state = 'started' AND kind = $1 AND profile_id = $2 AND organisation_id = $3`,
		k, p, o).Scan(&i)
	if store.IsNoRows(err) {
		return "", nil
	}
	return i, err
}

// Sweep deletes requests that ended long ago (micros to keep).
func (m *Room) Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM support_request WHERE ended_at > 0 AND ended_at < $1`, tx.Now-store.Micros(m.Settings.Keep))
	return err
}

func nameOf(tx *store.Tx, o id.Organisation) (name string, err error) {
	err = tx.QueryRow(`SELECT name FROM organisation WHERE organisation_id = $1`, o).Scan(&name)
	return name, err
}
