package operator

import (
	"context"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// MustOperate returns SignedOut unless an operator acts, or the host (a command, the program itself).
func MustOperate(who access.Actor) error {
	if who.Kind == access.KindOperator && who.Operator != "" || who.Kind == access.KindSystem {
		return nil
	}
	return problem.SignedOut()
}

// Find reads one operator who was not removed; problem.NotFound when there is none.
func Find(tx *store.Tx, o id.Operator) (Operator, error) {
	x, err := scan(tx.QueryRow(`SELECT `+columns+` FROM account_operator WHERE id = $1 AND removed_at = 0`, o))
	if store.IsNoRows(err) {
		return Operator{}, problem.NotFound("operator")
	}
	return x, err
}

// Counts says whether the operator's confirmation of what another one started counts now (B20).
func (o Operator) Counts(now int64) bool { return o.Active && now >= o.CountsAt }

// Remove takes an operator away at once: sessions, factors and recovery codes end, the record stays. Nobody removes the
// last one who can log in, because nobody could mend that but the host. It needs a fresh proof.
func (d *Desk) Remove(tx *store.Tx, who access.Actor, o id.Operator) (Operator, error) {
	if err := MustOperate(who); err != nil {
		return Operator{}, err
	}
	if err := tx.Lock("account_operator"); err != nil { // two who remove each other
		return Operator{}, err
	}
	x, err := Find(tx, o)
	if err != nil {
		return x, err
	}
	var others int
	if err := tx.QueryRow(`SELECT COUNT(*) FROM account_operator WHERE active AND removed_at = 0 AND id <> $1`, o).Scan(&others); err != nil {
		return x, err
	}
	if x.Active && others == 0 {
		return x, problem.Conflict("last_operator", "This is the last operator who can log in. Invite another one first.")
	}
	if err := MustProve(tx.Now, who); err != nil {
		return x, err
	}
	if _, err := tx.Exec(`UPDATE account_operator SET removed_at = $2 WHERE id = $1`, o, tx.Now); err != nil {
		return x, err
	}
	for _, q := range []string{`DELETE FROM account_operator_session WHERE operator_id = $1`,
		`DELETE FROM account_operator_token WHERE made_by = $1`} {
		if _, err := tx.Exec(q, o); err != nil {
			return x, err
		}
	}
	if _, err := d.Factors.RemoveAll(tx, who, x.holder(), "removed"); err != nil {
		return x, err
	}
	if err := d.Codes.Forget(tx, who, x.holder()); err != nil {
		return x, err
	}
	return x, d.Log.Record(tx, who, audit.Event{Kind: "operator.removed", Target: string(o), Detail: map[string]string{"name": x.Username}},
		audit.System, string(o))
}

// All lists the operators for one of them.
func All(ctx context.Context, db *store.DB, who access.Actor) (out []Operator, now int64, err error) {
	if err := MustOperate(who); err != nil {
		return nil, 0, err
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now
		out, err = List(tx)
		return err
	})
	return out, now, err
}

// Session is one open log-in of an operator.
type Session struct {
	ID      id.Session
	Current bool
	Device  string // "Firefox on Windows"
	Address string
	SeenAt  int64 // micros, to the minute
}

// Sessions lists the actor's own open sessions, the newest first (C43).
func (d *Desk) Sessions(ctx context.Context, db *store.DB, who access.Actor) (out []Session, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(`SELECT id, device, address, seen_at FROM account_operator_session WHERE operator_id = $1 AND state = 'open'
			AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, id DESC`, who.Operator, tx.Now, tx.Now-store.Micros(d.Settings.Idle))
		if err != nil {
			return err
		}
		defer rows.Close()
		out = nil
		for rows.Next() {
			var s Session
			if err := rows.Scan(&s.ID, &s.Device, &s.Address, &s.SeenAt); err != nil {
				return err
			}
			s.Current = s.ID == who.Session
			out = append(out, s)
		}
		return rows.Err()
	})
	return out, err
}

// EndOthers ends the actor's own sessions but the acting one, and says how many (C43). It only takes away, so it needs no
// further proof: an operator's session has two factors already.
func (d *Desk) EndOthers(ctx context.Context, db *store.DB, who access.Actor) (n int64, err error) {
	if who.Operator == "" || who.Session == "" {
		return 0, problem.SignedOut()
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if n, err = tx.Exec(`DELETE FROM account_operator_session WHERE operator_id = $1 AND id <> $2`, who.Operator, who.Session); err != nil || n == 0 {
			return err
		}
		return d.Log.Record(tx, who, audit.Event{Kind: "operator.others_ended"}, audit.System, string(who.Operator))
	})
	return n, err
}
