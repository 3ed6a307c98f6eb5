package console

import (
	"context"

	"watchword/account/operator"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
)

// Looking is what an operator's session looks into; Organisation is empty while it looks into none.
type Looking struct {
	Organisation id.Organisation
	Name         string
	Suspended    bool
	Until        int64 // micros
}

// Check says which operator a cookie belongs to and what he looks into; problem.SignedOut otherwise. While he looks, the
// actor carries the organisation and Looking: organisation.Enter opens it to him for reading, organisation.Act refuses.
func (m *Room) Check(ctx context.Context, db *store.DB, token string, o access.Origin) (access.Actor, operator.Operator, Looking, error) {
	who, op, err := m.Operators.Check(ctx, db, token, o)
	if err != nil {
		return who, op, Looking{}, err
	}
	var l Looking
	err = db.ReadOne(ctx, func(tx *store.Tx) error {
		l = Looking{}
		var suspended int64
		err := tx.QueryRow(`SELECT l.organisation_id, o.name, o.suspended_at, l.until FROM support_look l
			JOIN organisation o ON o.organisation_id = l.organisation_id
			WHERE l.session_id = $1 AND l.ended_at = 0 AND l.until > $2 AND o.deleted_at = 0 ORDER BY l.id DESC LIMIT 1`,
			who.Session, tx.Now).Scan(&l.Organisation, &l.Name, &suspended, &l.Until)
		l.Suspended = suspended > 0
		if store.IsNoRows(err) {
			return nil
		}
		return err
	})
	if l.Organisation != "" {
		who.Organisation, who.Looking = l.Organisation, true
	}
	return who, op, l, err
}

// Look begins to look into an organisation, read-only, for LookLife (SO12). It stands in the customer's audit log, its
// owners are told at once, and every page says so. Whatever the session looked into before ends.
func (m *Room) Look(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, reason string) error {
	if who.Kind != access.KindOperator || who.Operator == "" || who.Session == "" {
		return problem.SignedOut()
	}
	reason, err := why(reason)
	if err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		c, err := customer(tx, org)
		if err != nil {
			return err
		}
		if err := m.endLooks(tx, who, `session_id = $1 AND ended_at = 0`, string(who.Session), "ended"); err != nil {
			return err
		}
		until := tx.Now + store.Micros(LookLife)
		if _, err := tx.Exec(`INSERT INTO support_look (organisation_id, id, operator_id, session_id, reason, started_at, until, ended_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`, org, id.New("SL", tx.Now), who.Operator, who.Session, reason, tx.Now, until); err != nil {
			return err
		}
		if err := m.Log.Record(tx, who, audit.Event{Kind: "support.looked_in", Target: string(org), Detail: map[string]string{"name": c.Name, "why": reason}},
			audit.System, string(org), string(who.Operator)); err != nil {
			return err
		}
		return m.tell(tx, who, c, wording.SupportLookedIn, wording.Params{Detail: reason})
	})
}

// EndLook stops looking; stopping when nothing is looked into is no mistake.
func (m *Room) EndLook(ctx context.Context, db *store.DB, who access.Actor) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		return m.endLooks(tx, who, `session_id = $1 AND ended_at = 0`, string(who.Session), "ended")
	})
}

// EndOverdue writes down the end of what ended by itself.
func (m *Room) EndOverdue(ctx context.Context, db *store.DB) error {
	var n int
	err := db.ReadOne(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT COUNT(*) FROM support_look WHERE until <= $1 AND ended_at = 0`, tx.Now).Scan(&n)
	})
	if err != nil || n == 0 {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		return m.endLooks(tx, access.System("watchword"), `until <= $1 AND ended_at = 0`, tx.Now, "time")
	})
}

func (m *Room) endLooks(tx *store.Tx, who access.Actor, where string, arg any, why string) error {
	rows, err := tx.Query(`SELECT organisation_id, id, operator_id FROM support_look WHERE `+where+` ORDER BY organisation_id, id`+tx.ForUpdate(), arg)
	if err != nil {
		return err
	}
	defer rows.Close()
	type look struct {
		org id.Organisation
		id  string
		by  id.Operator
	}
	var all []look
	for rows.Next() {
		var l look
		if err := rows.Scan(&l.org, &l.id, &l.by); err != nil {
			return err
		}
		all = append(all, l)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	for _, l := range all {
		n, err := tx.Exec(`UPDATE support_look SET ended_at = $3 WHERE organisation_id = $1 AND id = $2 AND ended_at = 0`, l.org, l.id, tx.Now)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := m.Log.Record(tx, who, audit.Event{Kind: "support.look_ended", Target: string(l.org), Reason: why},
			audit.System, string(l.org), string(l.by)); err != nil {
			return err
		}
	}
	return nil
}

// Sweep deletes what ended before a time (micros).
func Sweep(tx *store.Tx, before int64) error {
	_, err := tx.Exec(`DELETE FROM support_look WHERE ended_at > 0 AND ended_at < $1`, before)
	return err
}
