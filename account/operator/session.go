package operator

import (
	"context"
	"time"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

const (
	stateSetup   = "setup"
	statePending = "pending"
	stateOpen    = "open"
	byRecovery   = "recovery"
)

// ticket makes a cookie's secret in a state. provedAt is when a strong factor said who it is (micros), 0 if none did.
func (d *Desk) ticket(tx *store.Tx, who access.Actor, o Operator, state string, life time.Duration, provedAt int64) (Ticket, error) {
	t := Ticket{Token: id.Token(32), Operator: o, ExpiresAt: tx.Now + store.Micros(life), session: id.Session(id.New("SE", tx.Now))}
	address := ""
	if who.Origin.Address.IsValid() {
		address = who.Origin.Address.String()
	}
	_, err := tx.Exec(`INSERT INTO account_operator_session (hash, id, operator_id, state, created_at, seen_at, expires_at, address, device,
		proved_at) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)`, d.Ring.Hash("operator.session", t.Token), t.session, o.ID, state, tx.Now,
		t.ExpiresAt, address, who.Origin.Device, provedAt)
	return t, err
}

// held is a ticket as it is stored.
type held struct {
	hash    string
	session id.Session
	op      Operator
	seen    int64
	proved  int64
	ends    int64
}

// find reads a ticket in a state; ok is false when there is none that is still good.
func (d *Desk) find(tx *store.Tx, token, state string) (h held, ok bool, err error) {
	if len(token) != 43 {
		return h, false, nil
	}
	for _, hash := range d.Ring.Hashes("operator.session", token) {
		err = tx.QueryRow(`SELECT s.hash, s.id, s.seen_at, s.proved_at, s.expires_at, o.id, o.username, o.name, o.email, o.active, o.created_at, o.last_login_at, o.counts_at, o.invited_by
			FROM account_operator_session s JOIN account_operator o ON o.id = s.operator_id
			WHERE s.hash = $1 AND s.state = $2 AND s.expires_at > $3 AND s.seen_at > $4 AND o.removed_at = 0`,
			hash, state, tx.Now, tx.Now-store.Micros(d.Settings.Idle)).
			Scan(&h.hash, &h.session, &h.seen, &h.proved, &h.ends, &h.op.ID, &h.op.Username, &h.op.Name, &h.op.Email, &h.op.Active, &h.op.CreatedAt, &h.op.LastLoginAt,
				&h.op.CountsAt, &h.op.InvitedBy)
		if !store.IsNoRows(err) {
			return h, err == nil, err
		}
	}
	return h, false, nil
}

func signedOut() *problem.Error {
	p := problem.SignedOut()
	p.Message = "That took too long, or was finished already. Log in again."
	return p
}

// Check says which operator a cookie belongs to; problem.SignedOut otherwise. Use is noted at most once a minute.
func (d *Desk) Check(ctx context.Context, db *store.DB, token string, o access.Origin) (access.Actor, Operator, error) {
	var h held
	var ok, stale bool
	err := db.ReadOne(ctx, func(tx *store.Tx) (err error) {
		h, ok, err = d.find(tx, token, stateOpen)
		stale = tx.Now-h.seen > 60e6
		return err
	})
	if err != nil {
		return access.Actor{}, Operator{}, err
	}
	if !ok || !h.op.Active {
		return access.Actor{}, Operator{}, problem.SignedOut()
	}
	if stale {
		if err := db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE account_operator_session SET seen_at = $2 WHERE hash = $1 AND seen_at < $2`, h.hash, tx.Now)
			return err
		}); err != nil {
			return access.Actor{}, Operator{}, err
		}
	}
	return actor(h, o), h.op, nil
}

func actor(h held, o access.Origin) access.Actor {
	return access.Actor{Kind: access.KindOperator, Operator: h.op.ID, Session: h.session, Level: access.LevelTwoFactor, ProvedAt: h.proved,
		Name: h.op.Username, Origin: o}
}

// Logout ends a session; ending one that is over already is no mistake.
func (d *Desk) Logout(ctx context.Context, db *store.DB, who access.Actor, token string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		h, ok, err := d.find(tx, token, stateOpen)
		if err != nil || !ok {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM account_operator_session WHERE hash = $1`, h.hash); err != nil {
			return err
		}
		return d.Log.Record(tx, who, audit.Event{Kind: "operator.logout"}, string(h.op.ID))
	})
}

// open turns a ticket into a session with a new token; the ticket is spent (C38). Of parallel calls one succeeds.
func (d *Desk) open(tx *store.Tx, who access.Actor, h held, how string) (t Ticket, ok bool, err error) {
	n, err := tx.Exec(`DELETE FROM account_operator_session WHERE hash = $1`, h.hash)
	if err != nil || n == 0 {
		return t, false, err
	}
	if _, err := tx.Exec(`UPDATE account_operator SET active = $2, last_login_at = $3 WHERE id = $1`, h.op.ID, true, tx.Now); err != nil {
		return t, false, err
	}
	h.op.Active = true
	h.proved = tx.Now
	if how == byRecovery {
		h.proved = 0
	}
	if t, err = d.ticket(tx, who, h.op, stateOpen, d.Settings.Life, h.proved); err != nil {
		return t, false, err
	}
	if h.session = t.session; how == byRecovery {
		if err := d.recovered(tx, actor(h, who.Origin), h.session); err != nil {
			return t, false, err
		}
	}
	err = d.Log.Record(tx, actor(h, who.Origin), audit.Event{Kind: "operator.login", Detail: map[string]string{"by": how}}, audit.System, string(h.op.ID))
	return t, true, err
}

// Sweep forgets what is over: tickets, tokens, and operators who never bound a second factor.
func (d *Desk) Sweep(tx *store.Tx) error {
	for _, q := range []string{`DELETE FROM account_operator_session WHERE expires_at < $1`, `DELETE FROM account_operator_token WHERE expires_at < $1`} {
		if _, err := tx.Exec(q, tx.Now); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`DELETE FROM account_operator WHERE NOT active AND created_at < $1`, tx.Now-store.Micros(d.Settings.TokenLife))
	return err
}
