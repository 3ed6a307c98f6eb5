package operator

import (
	"context"

	"watchword/account/factor"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/code/wording"
)

// Renew is the class of action in which an operator changes the own second factors: a recovery code proves enough for it,
// as it does for people who lost their phone (decisions 35), and for nothing else.
const Renew = "operator_factors"

// mayRenew returns problem.NeedsCode unless the operator proved within the last five minutes, by a strong factor or by a
// recovery code, that it is them. strong says that it was not the recovery code.
func (d *Desk) mayRenew(tx *store.Tx, who access.Actor) (strong bool, err error) {
	if who.Operator == "" {
		return false, problem.SignedOut()
	}
	if err = MustProve(tx.Now, who); !problem.Is(err, problem.KindNeedsCode) {
		return err == nil, err
	}
	switch ok, err := grant.Has(tx, who, Renew, ""); {
	case err != nil:
		return false, err
	case ok:
		return false, nil
	}
	return false, problem.NeedsCode(Renew, "")
}

// Own is what an operator proves by.
type Own struct {
	Factors []factor.Factor // strongest first
	Codes   recovery.Codes
	Email   string // confirmed, for alerts; may be empty
	Waiting string // an address whose link was not opened yet; may be empty
}

// Own reads the actor's own.
func (d *Desk) Own(ctx context.Context, db *store.DB, who access.Actor) (o Own, err error) {
	if who.Operator == "" {
		return o, problem.SignedOut()
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		x, err := Find(tx, who.Operator)
		if err != nil {
			return err
		}
		o = Own{Email: x.Email}
		if o.Factors, err = d.Factors.List(tx, x.holder()); err != nil {
			return err
		}
		if o.Codes, err = d.Codes.Codes(tx, x.holder()); err != nil {
			return err
		}
		o.Waiting, err = d.waiting(tx, x)
		return err
	})
	return o, err
}

// renew runs one change of the actor's own factors: with proof, written down, the other sessions ended (C42), and told.
// What f returns as refused is a verdict and changes nothing.
func (d *Desk) renew(ctx context.Context, db *store.DB, who access.Actor, kind, what string, f func(tx *store.Tx, o Operator) (*problem.Error, error)) (refused *problem.Error, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		refused = nil
		if err := tx.Lock("account_operator"); err != nil { // two who take away each other's last factor
			return err
		}
		strong, err := d.mayRenew(tx, who)
		if err != nil {
			return err
		}
		o, err := Find(tx, who.Operator)
		if err != nil {
			return err
		}
		if refused, err = f(tx, o); refused != nil || err != nil {
			return err
		}
		if !strong {
			// Whoever has somebody's password and one of their codes is nobody's second person for a while (B20).
			if _, err := tx.Exec(`UPDATE account_operator SET counts_at = $2 WHERE id = $1 AND counts_at < $2`, o.ID,
				tx.Now+store.Micros(d.Settings.YoungFor)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(`DELETE FROM account_operator_session WHERE operator_id = $1 AND id <> $2`, o.ID, who.Session); err != nil {
			return err
		}
		by := "recovery"
		if strong {
			by = "proof"
		}
		if err := d.Log.Record(tx, who, audit.Event{Kind: kind, Target: string(o.ID), Detail: map[string]string{"kind": what, "by": by}}, audit.System, string(o.ID)); err != nil {
			return err
		}
		return d.tell(tx, who, wording.OperatorProofs, what)
	})
	return refused, err
}

// tell mails every operator who has an address: about the acting one.
func (d *Desk) tell(tx *store.Tx, who access.Actor, n wording.Notice, what string) error {
	all, err := List(tx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Email == "" || !o.Active && o.ID != who.Operator {
			continue
		}
		if err := d.Post.TellOperator(tx, who, n, wording.Params{By: who.Name, Detail: what, URL: d.Links.BaseURL + "/operator/operators"}, o.Email); err != nil {
			return err
		}
	}
	return nil
}

// BeginApp gives the seed of another authenticator app; the same one while it is not bound.
func (d *Desk) BeginApp(ctx context.Context, db *store.DB, who access.Actor) (s factor.Setup, err error) {
	err = d.begin(ctx, db, who, func(tx *store.Tx, o Operator) (err error) {
		s, err = d.Factors.BeginTOTP(tx, o.holder(), o.Username)
		return err
	})
	return s, err
}

// AddApp binds it by its first code.
func (d *Desk) AddApp(ctx context.Context, db *store.DB, who access.Actor, f id.Factor, code, label string) (*problem.Error, error) {
	return d.renew(ctx, db, who, "operator.factor_added", string(factor.TOTP), func(tx *store.Tx, o Operator) (*problem.Error, error) {
		_, refused, err := d.Factors.FinishTOTP(tx, who, o.holder(), f, code, label)
		return refused, err
	})
}

// BeginKey starts binding another passkey.
func (d *Desk) BeginKey(ctx context.Context, db *store.DB, who access.Actor) (c factor.Ceremony, err error) {
	err = d.begin(ctx, db, who, func(tx *store.Tx, o Operator) (err error) {
		c, err = d.Factors.BeginPasskey(tx, o.holder(), o.Username, o.Name)
		return err
	})
	return c, err
}

// AddKey binds it with the browser's answer.
func (d *Desk) AddKey(ctx context.Context, db *store.DB, who access.Actor, ceremony string, response []byte, label string) (*problem.Error, error) {
	return d.renew(ctx, db, who, "operator.factor_added", string(factor.Passkey), func(tx *store.Tx, o Operator) (*problem.Error, error) {
		_, refused, err := d.Factors.FinishPasskey(tx, who, o.holder(), ceremony, response, label)
		return refused, err
	})
}

func (d *Desk) begin(ctx context.Context, db *store.DB, who access.Actor, f func(tx *store.Tx, o Operator) error) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		if _, err := d.mayRenew(tx, who); err != nil {
			return err
		}
		o, err := Find(tx, who.Operator)
		if err != nil {
			return err
		}
		return f(tx, o)
	})
}

// RemoveFactor takes one of the actor's factors away. One that can be used remains, whatever recovery codes there are: a
// password alone opens nothing (decisions 34).
func (d *Desk) RemoveFactor(ctx context.Context, db *store.DB, who access.Actor, f id.Factor) error {
	var kind string
	err := db.Read(ctx, func(tx *store.Tx) error {
		x, err := d.Factors.Find(tx, id.Profile(who.Operator), f)
		kind = string(x.Kind)
		return err
	})
	if err != nil {
		return err
	}
	_, err = d.renew(ctx, db, who, "operator.factor_removed", kind, func(tx *store.Tx, o Operator) (*problem.Error, error) {
		if _, err := d.Factors.Remove(tx, who, o.holder(), f); err != nil {
			return nil, err
		}
		left, err := d.Factors.Usable(tx, o.holder())
		if err == nil && len(left) == 0 {
			err = problem.Conflict("last_factor", "This is the last second factor that you can use. Add another one first.")
		}
		return nil, err
	})
	return err
}

// NewCodes replaces the actor's recovery codes by ten new ones, shown once.
func (d *Desk) NewCodes(ctx context.Context, db *store.DB, who access.Actor) (codes []string, err error) {
	_, err = d.renew(ctx, db, who, "operator.codes_made", "recovery", func(tx *store.Tx, o Operator) (_ *problem.Error, err error) {
		codes, err = d.Codes.Make(tx, who, o.holder())
		return nil, err
	})
	return codes, err
}

// ProveRecovery proves by a recovery code, in an open session, that it is them: for Renew only. The session goes on under
// the token of the ticket (C38).
func (d *Desk) ProveRecovery(ctx context.Context, db *store.DB, who access.Actor, token, code string) (Ticket, *problem.Error, error) {
	return d.afresh(ctx, db, who, token, byRecovery, func(tx *store.Tx, h held) (*problem.Error, error) {
		v, err := d.Codes.Use(tx, who, h.op.holder(), code)
		return verdict(v, tx.Now, recovery.Problem), err
	})
}

// recovered notes that a session was proved by a recovery code, and tells the operators.
func (d *Desk) recovered(tx *store.Tx, who access.Actor, session id.Session) error {
	if err := grant.Give(tx, session, Renew); err != nil {
		return err
	}
	return d.tell(tx, who, wording.OperatorRecovery, "")
}
