package operator

import (
	"context"

	"watchword/account/factor"
	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
)

// Setup reads what the page shows that binds an authenticator app; the seed stays the same while it is shown.
func (d *Desk) Setup(ctx context.Context, db *store.DB, ticket string) (o Operator, s factor.Setup, err error) {
	err = d.setup(ctx, db, ticket, func(tx *store.Tx, h held) (err error) {
		o = h.op
		s, err = d.Factors.BeginTOTP(tx, h.op.holder(), h.op.Username)
		return err
	})
	return o, s, err
}

func (d *Desk) setup(ctx context.Context, db *store.DB, ticket string, f func(*store.Tx, held) error) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		h, ok, err := d.find(tx, ticket, stateSetup)
		if err != nil {
			return err
		}
		if !ok {
			return problem.Conflict("setup_over", `That took too long, or was finished already. Log in, or make a new token with "watchword operator create".`)
		}
		return f(tx, h)
	})
}

// FinishTOTP binds the authenticator app, opens the first session and gives the recovery codes, shown once.
func (d *Desk) FinishTOTP(ctx context.Context, db *store.DB, who access.Actor, ticket, code string) (t Ticket, codes []string, refused *problem.Error, err error) {
	t, refused, err = d.prove(ctx, db, who, ticket, stateSetup, "totp", func(tx *store.Tx, h held) (*problem.Error, error) {
		s, err := d.Factors.BeginTOTP(tx, h.op.holder(), h.op.Username)
		if err != nil {
			return nil, err
		}
		_, refused, err := d.Factors.FinishTOTP(tx, who, h.op.holder(), s.ID, code, "")
		if refused != nil || err != nil {
			return refused, err
		}
		codes, err = d.Codes.Make(tx, who, h.op.holder())
		return nil, err
	})
	return t, codes, refused, err
}

// BeginFirstPasskey starts binding a passkey instead of an authenticator app.
func (d *Desk) BeginFirstPasskey(ctx context.Context, db *store.DB, ticket string) (c factor.Ceremony, err error) {
	err = d.setup(ctx, db, ticket, func(tx *store.Tx, h held) (err error) {
		c, err = d.Factors.BeginPasskey(tx, h.op.holder(), h.op.Username, h.op.Name)
		return err
	})
	return c, err
}

// FinishFirstPasskey binds the passkey, opens the first session and gives the recovery codes, shown once.
func (d *Desk) FinishFirstPasskey(ctx context.Context, db *store.DB, who access.Actor, ticket, ceremony string, response []byte, label string) (t Ticket, codes []string, refused *problem.Error, err error) {
	t, refused, err = d.prove(ctx, db, who, ticket, stateSetup, "passkey", func(tx *store.Tx, h held) (*problem.Error, error) {
		_, refused, err := d.Factors.FinishPasskey(tx, who, h.op.holder(), ceremony, response, label)
		if refused != nil || err != nil {
			return refused, err
		}
		codes, err = d.Codes.Make(tx, who, h.op.holder())
		return nil, err
	})
	return t, codes, refused, err
}
