package operator

import (
	"context"

	"watchword/account/factor"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
)

// Operate is the class of action that needs a fresh proof of an operator: what takes something away from customers, or
// changes who operates.
const Operate = "operate"

// MustProve returns problem.NeedsCode unless the operator's authenticator app or passkey said within the last five
// minutes, at the log-in or since, that it is them (decisions 27). A recovery code never does: whoever has only those
// left binds a new factor with one first (Renew). The host needs none. now is the transaction's, in micros.
func MustProve(now int64, who access.Actor) error {
	if err := MustOperate(who); err != nil {
		return err
	}
	if who.Kind == access.KindSystem || now-who.ProvedAt <= store.Micros(grant.Life) {
		return nil
	}
	return problem.NeedsCode(Operate, "")
}

// Proofs lists the factors by which the operator of an open session may prove afresh that it is them, strongest first.
func (d *Desk) Proofs(ctx context.Context, db *store.DB, token string) (out []factor.Factor, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		h, ok, err := d.find(tx, token, stateOpen)
		if err != nil || !ok {
			return orSignedOut(err)
		}
		out, err = d.Factors.Usable(tx, h.op.holder())
		return err
	})
	return out, err
}

// ProveTOTP proves it with a code of the authenticator app. The session goes on under the token of the ticket (C38).
func (d *Desk) ProveTOTP(ctx context.Context, db *store.DB, who access.Actor, token, code string) (Ticket, *problem.Error, error) {
	return d.afresh(ctx, db, who, token, "totp", func(tx *store.Tx, h held) (*problem.Error, error) {
		v, err := d.Factors.CheckTOTP(tx, who, h.op.holder(), code)
		return verdict(v, tx.Now, factor.Problem), err
	})
}

// BeginProof asks for a passkey of the session's operator.
func (d *Desk) BeginProof(ctx context.Context, db *store.DB, token string) (c factor.Ceremony, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		h, ok, err := d.find(tx, token, stateOpen)
		if err != nil || !ok {
			return orSignedOut(err)
		}
		c, err = d.Factors.BeginAssertion(tx, h.op.holder())
		return err
	})
	return c, err
}

// ProvePasskey proves it with a passkey.
func (d *Desk) ProvePasskey(ctx context.Context, db *store.DB, who access.Actor, token, ceremony string, response []byte) (Ticket, *problem.Error, error) {
	return d.afresh(ctx, db, who, token, "passkey", func(tx *store.Tx, h held) (*problem.Error, error) {
		_, refused, err := d.Factors.FinishAssertion(tx, who, h.op.holder(), ceremony, response)
		return refused, err
	})
}

func (d *Desk) afresh(ctx context.Context, db *store.DB, who access.Actor, token, how string,
	check func(*store.Tx, held) (*problem.Error, error)) (t Ticket, refused *problem.Error, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		t, refused = Ticket{}, nil
		h, ok, err := d.find(tx, token, stateOpen)
		if err != nil || !ok {
			return orSignedOut(err)
		}
		if refused, err = check(tx, h); refused != nil || err != nil {
			return err
		}
		t = Ticket{Token: id.Token(32), Operator: h.op, ExpiresAt: h.ends}
		proved := tx.Now
		if how == byRecovery {
			proved = h.proved
		}
		n, err := tx.Exec(`UPDATE account_operator_session SET hash = $2, proved_at = $3 WHERE hash = $1`, h.hash,
			d.Ring.Hash("operator.session", t.Token), proved)
		if err != nil || n == 0 {
			return orSignedOut(err)
		}
		if how == byRecovery {
			if err := d.recovered(tx, actor(h, who.Origin), h.session); err != nil {
				return err
			}
		}
		return d.Log.Record(tx, actor(h, who.Origin), audit.Event{Kind: "operator.proved", Detail: map[string]string{"by": how}},
			audit.System, string(h.op.ID))
	})
	return t, refused, err
}

func orSignedOut(err error) error {
	if err == nil {
		err = signedOut()
	}
	return err
}
