package request

import (
	"context"

	"watchword/account/operator"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// Page is how many requests List returns at most.
const Page = 50

// List gives requests for operators, newest first: those that wait for somebody (open, taken, started), or all. before is
// the last id of the page before, or empty; next is that of the following page, empty at the end.
func (m *Room) List(ctx context.Context, db *store.DB, who access.Actor, all bool, before ID) (out []Request, next ID, err error) {
	if err := operator.MustOperate(who); err != nil {
		return nil, "", err
	}
	if before == "" {
		before = "SS" // behind every id
	}
	where := `id < $1 AND state IN ('open', 'taken', 'started') ORDER BY id DESC LIMIT $2`
	if all {
		where = `id < $1 ORDER BY id DESC LIMIT $2`
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = query(tx, where, before, Page+1)
		return err
	})
	if len(out) > Page {
		out = out[:Page]
		next = out[Page-1].ID
	}
	return out, next, err
}

// Waiting counts the requests that nobody has taken yet and those that wait for a second operator.
func Waiting(tx *store.Tx) (n int, err error) {
	err = tx.QueryRow(`SELECT COUNT(*) FROM support_request WHERE state IN ('open', 'started')`).Scan(&n)
	return n, err
}

// Mine lists what a person asked for while logged in, newest first (SO8).
func (m *Room) Mine(ctx context.Context, db *store.DB, who access.Actor) (out []Request, err error) {
	if err := who.MustBePerson(); err != nil {
		return nil, err
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = query(tx, `opened_by = $1 ORDER BY id DESC LIMIT 20`, string(who.Profile))
		return err
	})
	return out, err
}

// Detail is one request for an operator, with what helps to judge it.
type Detail struct {
	Request
	// Asker is whose name or address was typed; a claim until the operator made sure. Nil when nobody is known.
	Asker *profile.Profile
	// Named are organisations that fit what was typed, or that the asker is in.
	Named []organisation.Membership
	// MayNot says why the operator cannot confirm it; nil when he can, or there is nothing to confirm.
	MayNot *problem.Error
	Now    int64 // micros
}

// Get reads one request.
func (m *Room) Get(ctx context.Context, db *store.DB, who access.Actor, i ID) (d Detail, err error) {
	if err := operator.MustOperate(who); err != nil {
		return d, err
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		d = Detail{Now: tx.Now}
		if d.Request, err = find(tx, i, ""); err != nil {
			return err
		}
		p, known, err := asker(tx, d.Request)
		if err != nil {
			return err
		}
		if known {
			d.Asker = &p
			if d.Named, err = organisation.Of(tx, p.ID); err != nil {
				return err
			}
		}
		if d.State == Started {
			d.MayNot, err = judge(tx, who, d.Request)
		}
		return err
	})
	return d, err
}

// OfOrganisation lists the requests about an organisation, newest first.
func OfOrganisation(tx *store.Tx, org id.Organisation) ([]Request, error) {
	return query(tx, `organisation_id = $1 ORDER BY id DESC LIMIT 20`, org)
}

// OfPerson lists the requests about a person, newest first.
func OfPerson(tx *store.Tx, p id.Profile) ([]Request, error) {
	return query(tx, `profile_id = $1 ORDER BY id DESC LIMIT 20`, p)
}
