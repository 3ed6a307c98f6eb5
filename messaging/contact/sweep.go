package contact

import (
	"context"
	"time"

	"watchword/base/id"
	"watchword/base/store"
	"watchword/messaging/optout"
)

// sweepEvery is how often the room is swept.
const sweepEvery = 10 * time.Minute

// sweeping removes what has served its time until ctx ends: counts of former days, files that were never started,
// exported files whose time is over, reports of imports after the same time, what was kept for deleted lists, and
// everything of organisations that were deleted. And it makes findable what an earlier version did not.
func (r *Room) sweeping(ctx context.Context, db *store.DB) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := r.Sweep(ctx, db); err != nil && ctx.Err() == nil {
			r.Faults.Error("sweeping contacts failed", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Sweep does it once, in small turns of the background lane.
func (r *Room) Sweep(ctx context.Context, db *store.DB) error {
	for _, f := range []func(*store.Tx) (bool, error){sweepReads, r.sweepUploads, r.sweepExports, sweepLists, sweepOrganisations, sweepWords} {
		for more := true; more; {
			err := db.WriteBulk(ctx, func(tx *store.Tx) (err error) {
				more, err = f(tx)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func sweepReads(tx *store.Tx) (bool, error) {
	_, err := tx.Exec(`DELETE FROM contact_read WHERE day < $1`, day(tx.Now)-1)
	return false, err
}

// sweepUploads discards files that nobody started, and those whose upload broke off; a worker removes them. The report
// of an import goes when an exported file of that day would.
func (r *Room) sweepUploads(tx *store.Tx) (bool, error) {
	if _, err := tx.Exec(`UPDATE contact_import SET state = 'discarded', next_at = $1 WHERE state IN ('uploading', 'uploaded') AND created_at < $2`,
		tx.Now, tx.Now-r.Settings.KeepAsked); err != nil {
		return false, err
	}
	_, err := tx.Exec(`UPDATE contact_import SET state = 'discarded', next_at = $1 WHERE state IN ('done', 'broken') AND created_at < $2`,
		tx.Now, tx.Now-r.Settings.KeepFile)
	return false, err
}

func (r *Room) sweepExports(tx *store.Tx) (bool, error) {
	var org id.Organisation
	var export string
	err := tx.QueryRow(`SELECT organisation_id, id FROM contact_export WHERE state = 'ready' AND expires_at <= $1 LIMIT 1`, tx.Now).Scan(&org, &export)
	if store.IsNoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	more, err := dropSomeParts(tx, org, export)
	if err != nil || more {
		return more, err
	}
	_, err = tx.Exec(`UPDATE contact_export SET state = 'gone' WHERE organisation_id = $1 AND id = $2`, org, export)
	return true, err
}

// sweepTurn is how many rows go in one turn.
const sweepTurn = 200

func sweepLists(tx *store.Tx) (bool, error) {
	var org id.Organisation
	var list int64
	err := tx.QueryRow(`SELECT organisation_id, list FROM contact_list WHERE deleted_at > 0 LIMIT 1`).Scan(&org, &list)
	if store.IsNoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, kind := range []string{listKind(kindList, list), listKind(kindName, list)} {
		n, err := tx.Exec(`DELETE FROM contact_index WHERE organisation_id = $1 AND kind = $2 AND low IN
			(SELECT low FROM contact_index WHERE organisation_id = $1 AND kind = $2 ORDER BY low LIMIT $3)`, org, kind, sweepTurn)
		if err != nil || n == sweepTurn {
			return true, err
		}
	}
	_, err = tx.Exec(`DELETE FROM contact_list WHERE organisation_id = $1 AND list = $2`, org, list)
	return true, err
}

// sweepWords gives contacts that were made before other words and ends of numbers could be found their entries, a few at a
// time, and goes on where it stood after a restart. Making an entry twice is making it once.
func sweepWords(tx *store.Tx) (bool, error) {
	var org id.Organisation
	err := tx.QueryRow(`SELECT organisation_id FROM contact_book WHERE sweeping < $1 LIMIT 1`, int64(allSwept)).Scan(&org)
	if store.IsNoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := lockBook(tx, org); err != nil {
		return false, err
	}
	var done int64
	if err := tx.QueryRow(`SELECT sweeping FROM contact_book WHERE organisation_id = $1`, org).Scan(&done); err != nil {
		return false, err
	}
	rows, err := rowsOf(tx, `SELECT `+rowColumns+` FROM contact c WHERE c.organisation_id = $1 AND c.id > $2 ORDER BY c.id LIMIT $3`, org, done, turn)
	if err != nil {
		return false, err
	}
	var add []put
	for i := range rows {
		add, done = rows[i].wordPuts(append(add, rows[i].tailPut())), max(done, rows[i].id)
	}
	if len(rows) < turn {
		done = allSwept
	}
	if err := reindex(tx, org, nil, add); err != nil {
		return false, err
	}
	_, err = tx.Exec(`UPDATE contact_book SET sweeping = $2 WHERE organisation_id = $1`, org, done)
	return true, err
}

// sweepOrganisations removes what belonged to an organisation that was deleted; the tables are those that can be long
// first, and the book last, by which it is found.
func sweepOrganisations(tx *store.Tx) (bool, error) {
	var org id.Organisation
	err := tx.QueryRow(`SELECT b.organisation_id FROM organisation o JOIN contact_book b ON b.organisation_id = o.organisation_id
		WHERE o.deleted_at > 0 LIMIT 1`).Scan(&org)
	if store.IsNoRows(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := lockBook(tx, org); err != nil {
		return false, err
	}
	if _, err := tx.Exec(`UPDATE contact_import SET next_at = 0, process = '' WHERE organisation_id = $1 AND next_at > 0`, org); err != nil {
		return false, err
	}
	if _, err := tx.Exec(`UPDATE contact_export SET next_at = 0, process = '' WHERE organisation_id = $1 AND next_at > 0`, org); err != nil {
		return false, err
	}
	for _, remove := range []string{
		`DELETE FROM contact WHERE organisation_id = $1 AND number IN (SELECT number FROM contact WHERE organisation_id = $1 ORDER BY number LIMIT $2)`,
		`DELETE FROM contact_index WHERE organisation_id = $1 AND (kind, low) IN (SELECT kind, low FROM contact_index WHERE organisation_id = $1 ORDER BY kind, low LIMIT $2)`,
		`DELETE FROM contact_import_part WHERE organisation_id = $1 AND (import_id, kind, run, n) IN
			(SELECT import_id, kind, run, n FROM contact_import_part WHERE organisation_id = $1 ORDER BY import_id, kind, run, n LIMIT $2 / 25)`,
		`DELETE FROM contact_export_part WHERE organisation_id = $1 AND (export_id, n) IN
			(SELECT export_id, n FROM contact_export_part WHERE organisation_id = $1 ORDER BY export_id, n LIMIT $2 / 25)`,
	} {
		if n, err := tx.Exec(remove, org, sweepTurn); err != nil || n > 0 {
			return true, err
		}
	}
	if n, err := optout.Sweep(tx, org, sweepTurn); err != nil || n > 0 {
		return true, err
	}
	for _, remove := range []string{`DELETE FROM contact_list WHERE organisation_id = $1`, `DELETE FROM contact_read WHERE organisation_id = $1`,
		`DELETE FROM contact_import WHERE organisation_id = $1`, `DELETE FROM contact_export WHERE organisation_id = $1`,
		`DELETE FROM contact_book WHERE organisation_id = $1`} {
		if _, err := tx.Exec(remove, org); err != nil {
			return true, err
		}
	}
	return true, nil
}
