package contact

import (
	"context"
	"slices"
	"strconv"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

func taken() error {
	return problem.AtField("number", "number_taken", "Enter another number: there is a contact with this one already.")
}

// Create makes a contact. A number that is one already is refused at its field (CL2). Whoever said STOP stays
// unsubscribed, also when the contact had been deleted meanwhile (CL10).
func (r *Room) Create(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, f Form) (out Contact, err error) {
	number, c, bad := f.clean()
	err = db.Write(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Act(tx, org, who, organisation.Contacts); err != nil {
			return err
		}
		if bad != nil {
			return bad
		}
		b, err := lockBook(tx, org)
		if err != nil {
			return err
		}
		lists, err := listNumbers(tx, org, f.Lists)
		if err != nil {
			return err
		}
		if _, err := byNumber(tx, org, number); !store.IsNoRows(err) {
			if err == nil {
				err = taken()
			}
			return err
		}
		x := row{number: number, id: b.nextID, card: c, lists: lists, created: tx.Now, updated: tx.Now}
		b.nextID, b.contacts = b.nextID+1, b.contacts+1
		if err := insertRow(tx, org, &x); err != nil {
			return err
		}
		for _, l := range lists {
			if err := addToCount(tx, org, l, 1); err != nil {
				return err
			}
		}
		if err := reindex(tx, org, nil, x.puts(nil)); err != nil {
			return err
		}
		if err := b.save(tx, org); err != nil {
			return err
		}
		if out, err = r.complete(tx, org, x); err != nil {
			return err
		}
		return r.record(tx, who, org, "contact.created", string(out.ID), nil)
	})
	return out, err
}

// Update replaces everything that the form holds.
func (r *Room) Update(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, c ID, f Form) (out Contact, err error) {
	number, card, bad := f.clean()
	err = db.Write(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Act(tx, org, who, organisation.Contacts); err != nil {
			return err
		}
		n, err := contactNumber(org, c)
		if err != nil {
			return err
		}
		if _, err := lockBook(tx, org); err != nil {
			return err
		}
		old, err := byID(tx, org, n)
		if store.IsNoRows(err) {
			return problem.NotFound("contact")
		}
		if err != nil {
			return err
		}
		if bad != nil {
			return bad
		}
		x := old
		x.number, x.card, x.updated = number, card, tx.Now
		if x.lists, err = listNumbers(tx, org, f.Lists); err != nil {
			return err
		}
		if number != old.number {
			if _, err := byNumber(tx, org, number); !store.IsNoRows(err) {
				if err == nil {
					err = taken()
				}
				return err
			}
		}
		if err := replace(tx, org, old, x); err != nil {
			return err
		}
		if out, err = r.complete(tx, org, x); err != nil {
			return err
		}
		return r.record(tx, who, org, "contact.changed", string(c), nil)
	})
	return out, err
}

// replace writes a changed contact, its entries and the counts of its lists.
func replace(tx *store.Tx, org id.Organisation, old, x row) error {
	if err := updateRow(tx, org, &x); err != nil {
		return err
	}
	for _, l := range old.lists {
		if !slices.Contains(x.lists, l) {
			if err := addToCount(tx, org, l, -1); err != nil {
				return err
			}
		}
	}
	for _, l := range x.lists {
		if !slices.Contains(old.lists, l) {
			if err := addToCount(tx, org, l, 1); err != nil {
				return err
			}
		}
	}
	remove, add := differ(old.puts(nil), x.puts(nil))
	return reindex(tx, org, remove, add)
}

// differ is what to remove and to add to come from one set to another.
func differ(before, after []put) (remove, add []put) {
	for _, p := range before {
		if !slices.Contains(after, p) {
			remove = append(remove, p)
		}
	}
	for _, p := range after {
		if !slices.Contains(before, p) {
			add = append(add, p)
		}
	}
	return remove, add
}

// turn is how many contacts one operation of a longer work touches, so that it stays below 5 ms.
const turn = 20

// inTurns does something to many contacts, a few at a time, each time behind the door again.
func inTurns(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, c []ID, f func(tx *store.Tx, rows []row) (int, error)) (int, error) {
	if len(c) > MaxAtOnce {
		return 0, problem.Invalid("too_many", "Choose at most "+strconv.Itoa(MaxAtOnce)+" contacts at once.")
	}
	done := 0
	for first := true; first || len(c) > 0; first = false {
		some := c[:min(turn, len(c))]
		c = c[len(some):]
		n := 0
		err := db.Write(ctx, func(tx *store.Tx) error {
			n = 0
			if _, err := organisation.Act(tx, org, who, organisation.Contacts); err != nil {
				return err
			}
			var ids []int64
			for _, x := range some {
				k, err := contactNumber(org, x)
				if err != nil {
					return err
				}
				if !slices.Contains(ids, k) {
					ids = append(ids, k)
				}
			}
			if _, err := lockBook(tx, org); err != nil {
				return err
			}
			found, err := byIDs(tx, org, ids)
			if err != nil {
				return err
			}
			rows := make([]row, 0, len(found))
			for _, k := range ids {
				if x, ok := found[k]; ok {
					rows = append(rows, x)
				}
			}
			n, err = f(tx, rows)
			return err
		})
		if err != nil {
			return done, err
		}
		done += n
	}
	return done, nil
}

// Delete removes contacts, at most MaxAtOnce, and says how many. Those that are gone already are passed over.
func (r *Room) Delete(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, c ...ID) (int, error) {
	return inTurns(ctx, db, who, org, c, func(tx *store.Tx, rows []row) (int, error) {
		var gone []put
		for _, x := range rows {
			if err := deleteRow(tx, org, x.id); err != nil {
				return 0, err
			}
			for _, l := range x.lists {
				if err := addToCount(tx, org, l, -1); err != nil {
					return 0, err
				}
			}
			gone = x.puts(gone)
		}
		if len(rows) == 0 {
			return 0, nil
		}
		if err := reindex(tx, org, gone, nil); err != nil {
			return 0, err
		}
		if _, err := tx.Exec(`UPDATE contact_book SET contacts = contacts - $2 WHERE organisation_id = $1`, org, len(rows)); err != nil {
			return 0, err
		}
		return len(rows), r.record(tx, who, org, "contact.deleted", "", map[string]string{"contacts": strconv.Itoa(len(rows))})
	})
}

// complete is a stored contact for people: its lists that are there, and whether it opted out.
func (r *Room) complete(tx *store.Tx, org id.Organisation, x row) (Contact, error) {
	all, err := r.completeAll(tx, org, []row{x})
	if err != nil {
		return Contact{}, err
	}
	return all[0], nil
}

func (r *Room) completeAll(tx *store.Tx, org id.Organisation, rows []row) ([]Contact, error) {
	numbers := make([]string, len(rows))
	var lists map[int64]bool
	for i, x := range rows {
		numbers[i] = x.number
		if len(x.lists) > 0 && lists == nil {
			var err error
			if lists, err = living(tx, org); err != nil {
				return nil, err
			}
		}
	}
	out := make([]Contact, len(rows))
	stop, err := r.Optouts.Has(tx, org, numbers...)
	for i, x := range rows {
		x.lists = slices.DeleteFunc(slices.Clone(x.lists), func(l int64) bool { return !lists[l] })
		out[i] = x.contact(org)
		out[i].OptedOut = stop[x.number]
	}
	return out, err
}

func (r *Room) record(tx *store.Tx, who access.Actor, org id.Organisation, kind, target string, detail map[string]string) error {
	return r.Log.Record(tx, who, audit.Event{Kind: kind, Target: target, Detail: detail}, string(org))
}
