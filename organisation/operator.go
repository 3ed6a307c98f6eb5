package organisation

import (
	"strings"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/store"
)

// Suspend closes an organisation for changing and sending; people can log in and read (decisions 28). For operators:
// whoever calls it has settled that the actor is one. reason stands in the customer's own audit log.
func (r *Rooms) Suspend(tx *store.Tx, who access.Actor, org id.Organisation, reason string) error {
	return r.suspend(tx, who, org, tx.Now, "organisation.suspended", reason)
}

// Restore ends a suspension.
func (r *Rooms) Restore(tx *store.Tx, who access.Actor, org id.Organisation, reason string) error {
	return r.suspend(tx, who, org, 0, "organisation.restored", reason)
}

func (r *Rooms) suspend(tx *store.Tx, who access.Actor, org id.Organisation, at int64, kind, reason string) error {
	if err := Lock(tx, org); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE organisation SET suspended_at = $2 WHERE organisation_id = $1 AND (suspended_at = 0) = $3`, org, at, at > 0)
	if err != nil || n == 0 {
		return err
	}
	return r.Log.Record(tx, who, audit.Event{Kind: kind, Target: string(org), Detail: map[string]string{"because": reason}}, string(org))
}

// Listed is an organisation as operators see it.
type Listed struct {
	Organisation
	Required  bool
	DeletedAt int64 // micros, 0 while it exists
	Members   int
	Owners    int
}

// DirectoryPage is how many lines Directory returns at most.
const DirectoryPage = 50

// Directory lists organisations for operators, newest first: those whose name, id or an owner's address contains the
// words, all for none. after is the id of the last line of the page before, or empty.
func Directory(tx *store.Tx, words string, after id.Organisation) ([]Listed, error) {
	like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(strings.TrimSpace(words))) + "%"
	if after == "" {
		after = "AD" // behind every id
	}
	rows, err := tx.Query(`SELECT o.organisation_id, o.name, o.suspended_at, o.created_at, o.required, o.deleted_at,
		(SELECT COUNT(*) FROM organisation_member m WHERE m.organisation_id = o.organisation_id),
		(SELECT COUNT(*) FROM organisation_member m WHERE m.organisation_id = o.organisation_id AND m.role = 'owner')
		FROM organisation o WHERE o.organisation_id < $1 AND (LOWER(o.name) LIKE $2 ESCAPE '\' OR LOWER(o.organisation_id) LIKE $2 ESCAPE '\'
			OR EXISTS (SELECT 1 FROM organisation_member m JOIN account_profile p ON p.id = m.profile_id
				WHERE m.organisation_id = o.organisation_id AND m.role = 'owner' AND p.email_key LIKE $2 ESCAPE '\'))
		ORDER BY o.organisation_id DESC LIMIT $3`, after, like, DirectoryPage)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Listed
	for rows.Next() {
		var l Listed
		var suspended int64
		if err := rows.Scan(&l.ID, &l.Name, &suspended, &l.CreatedAt, &l.Required, &l.DeletedAt, &l.Members, &l.Owners); err != nil {
			return nil, err
		}
		l.Suspended = suspended > 0
		out = append(out, l)
	}
	return out, rows.Err()
}
