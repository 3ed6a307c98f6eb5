package contact

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/organisation"
)

// Lists are the organisation's, by name, with their counts, and how many contacts there are in all (CL4).
func (r *Room) Lists(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) (lists []List, all int64, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Enter(tx, org, who, organisation.Contacts); err != nil {
			return err
		}
		b, err := readBook(tx, org)
		if err != nil {
			return err
		}
		lists, all = nil, b.contacts
		rows, err := tx.Query(`SELECT `+listColumns+` ORDER BY name_key`, org)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			l, _, err := scanList(rows, org)
			if err != nil {
				return err
			}
			lists = append(lists, l)
		}
		return rows.Err()
	})
	return lists, all, err
}

func cleanListName(name string) (string, error) {
	name, code := cleanText(name, MaxName, false)
	switch {
	case code != "":
		return "", problem.AtField("name", "list_name_"+code, mend(code, "name"))
	case name == "":
		return "", problem.AtField("name", "list_name_missing", "Give the list a name.")
	}
	return name, nil
}

func listTaken() error {
	return problem.AtField("name", "list_name_taken", "Choose another name: there is a list with this one already.")
}

// CreateList makes a list; two of one name are refused, whatever their capitals.
func (r *Room) CreateList(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, name string) (out List, err error) {
	name, bad := cleanListName(name)
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
		alive, err := living(tx, org)
		if err != nil {
			return err
		}
		if len(alive) >= MaxNumberOfLists {
			return problem.Conflict("too_many_lists", "There are 1,000 lists already. Delete one that is not needed any more.")
		}
		n, err := tx.Exec(`INSERT INTO contact_list (organisation_id, list, name, name_key, contacts, created_at, deleted_at) VALUES ($1, $2, $3, $4, 0, $5, 0)
			ON CONFLICT (organisation_id, name_key) DO NOTHING`, org, b.nextList, name, strings.ToLower(name), tx.Now)
		if err != nil {
			return err
		}
		if n == 0 {
			return listTaken()
		}
		out = List{ID: listID(org, b.nextList), Name: name, Created: tx.Now}
		b.nextList++
		if err := b.save(tx, org); err != nil {
			return err
		}
		return r.record(tx, who, org, "contact.list_created", string(out.ID), map[string]string{"name": name})
	})
	return out, err
}

// changeList finds a list for whoever changes it, with the book locked.
func (r *Room) changeList(tx *store.Tx, who access.Actor, org id.Organisation, l ListID) (int64, error) {
	if _, err := organisation.Act(tx, org, who, organisation.Contacts); err != nil {
		return 0, err
	}
	n, err := listNumber(org, l)
	if err != nil {
		return 0, err
	}
	if _, err := lockBook(tx, org); err != nil {
		return 0, err
	}
	_, err = listByNumber(tx, org, n)
	if store.IsNoRows(err) {
		err = problem.NotFound("list")
	}
	return n, err
}

// RenameList gives a list another name.
func (r *Room) RenameList(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, l ListID, name string) error {
	name, bad := cleanListName(name)
	return db.Write(ctx, func(tx *store.Tx) error {
		n, err := r.changeList(tx, who, org, l)
		if err != nil {
			return err
		}
		if bad != nil {
			return bad
		}
		var other int64
		err = tx.QueryRow(`SELECT list FROM contact_list WHERE organisation_id = $1 AND name_key = $2`, org, strings.ToLower(name)).Scan(&other)
		if err == nil && other != n {
			return listTaken()
		}
		if err != nil && !store.IsNoRows(err) {
			return err
		}
		if _, err := tx.Exec(`UPDATE contact_list SET name = $3, name_key = $4 WHERE organisation_id = $1 AND list = $2`, org, n, name, strings.ToLower(name)); err != nil {
			return err
		}
		return r.record(tx, who, org, "contact.list_renamed", string(l), map[string]string{"name": name})
	})
}

// DeleteList removes a list at once; its contacts stay.
func (r *Room) DeleteList(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, l ListID) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		n, err := r.changeList(tx, who, org, l)
		if err != nil {
			return err
		}
		// The name is free again; no name holds a control character. Sweep removes what was kept for the list.
		if _, err := tx.Exec(`UPDATE contact_list SET deleted_at = $3, name_key = $4, contacts = 0 WHERE organisation_id = $1 AND list = $2`,
			org, n, tx.Now, "\x01"+strconv.FormatInt(n, 10)); err != nil {
			return err
		}
		return r.record(tx, who, org, "contact.list_deleted", string(l), nil)
	})
}

// listNumbers are the numbers behind ids of lists, rising; all must be there.
func listNumbers(tx *store.Tx, org id.Organisation, lists []ListID) ([]int64, error) {
	if len(lists) == 0 {
		return nil, nil
	}
	alive, err := living(tx, org)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, l := range lists {
		n, err := listNumber(org, l)
		if err != nil || !alive[n] {
			return nil, problem.NotFound("list")
		}
		out = append(out, n)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > MaxListsOf {
		return nil, problem.AtField("lists", "too_many_lists", "Choose at most "+strconv.Itoa(MaxListsOf)+" lists.")
	}
	return out, nil
}

// AddTo puts contacts into a list, at most MaxAtOnce, and says how many were not in it before (CL5).
func (r *Room) AddTo(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, l ListID, c ...ID) (int, error) {
	return r.relist(ctx, db, who, org, "", l, c)
}

// RemoveFrom takes contacts out of a list; they stay contacts.
func (r *Room) RemoveFrom(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, l ListID, c ...ID) (int, error) {
	return r.relist(ctx, db, who, org, l, "", c)
}

// Move takes contacts out of one list and puts them into another.
func (r *Room) Move(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, from, to ListID, c ...ID) (int, error) {
	return r.relist(ctx, db, who, org, from, to, c)
}

func (r *Room) relist(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, from, to ListID, c []ID) (int, error) {
	return inTurns(ctx, db, who, org, c, func(tx *store.Tx, rows []row) (int, error) {
		var of [2]int64
		for i, l := range []ListID{from, to} {
			if l == "" {
				continue
			}
			n, err := listNumbers(tx, org, []ListID{l})
			if err != nil {
				return 0, err
			}
			of[i] = n[0]
		}
		changed := 0
		for _, old := range rows {
			x := old
			x.lists = slices.DeleteFunc(slices.Clone(old.lists), func(l int64) bool { return l == of[0] && of[0] > 0 })
			if at, has := slices.BinarySearch(x.lists, of[1]); !has && of[1] > 0 {
				if len(x.lists) >= MaxListsOf {
					return 0, problem.Conflict("too_many_lists", "One of the contacts is in "+strconv.Itoa(MaxListsOf)+" lists already.")
				}
				x.lists = slices.Insert(x.lists, at, of[1])
			}
			if slices.Equal(x.lists, old.lists) {
				continue
			}
			changed++
			x.updated = tx.Now
			if err := replace(tx, org, old, x); err != nil {
				return 0, err
			}
		}
		if changed == 0 {
			return 0, nil
		}
		return changed, r.record(tx, who, org, "contact.lists_changed", "", map[string]string{"from": string(from), "to": string(to), "contacts": strconv.Itoa(changed)})
	})
}
