package operator

import (
	"context"
	"strings"
	"time"

	"watchword/account/count"
	"watchword/account/factor"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/challenge"
)

// Login checks an operator's password; the ticket is for the second proof and opens nothing yet. An unknown name costs
// the same and is told the same (C11). Tries are counted per network address, so that a stranger keeps nobody out (C12).
func (d *Desk) Login(ctx context.Context, db *store.DB, who access.Actor, username, pw string) (t Ticket, refused *problem.Error, err error) {
	var o Operator
	var kept password.Kept
	bucket := "operator/" + who.Origin.Bucket()
	known := len(username) <= 4*profile.MaxUsername
	err = db.Write(ctx, func(tx *store.Tx) error {
		refused, kept = nil, password.Kept{}
		wait, err := count.Take(tx, bucket, count.Limit{Most: d.Settings.Tries, Within: 15 * time.Minute}, count.Limit{Most: d.Settings.TriesDay, Within: 24 * time.Hour})
		if err != nil {
			return err
		}
		if wait > 0 {
			refused = problem.TooMany("tries_many", "There were too many wrong passwords from your network. Try again later.", wait)
			return nil
		}
		if !known {
			return nil
		}
		o, err = scan(tx.QueryRow(`SELECT `+columns+` FROM account_operator WHERE key = $1 AND active AND removed_at = 0`, profile.NameKey(strings.TrimSpace(username))))
		if store.IsNoRows(err) {
			return nil
		}
		if err == nil {
			kept, err = password.Of(tx, string(o.ID))
		}
		return err
	})
	if refused != nil || err != nil {
		return t, refused, err
	}
	ok, _, err := d.Hasher.Verify(ctx, pw, kept.Hash)
	if err != nil {
		return t, nil, err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if !ok {
			refused = problem.AtField("username", "login_wrong", "The username or the password is not right.")
			if kept.Hash == "" {
				return d.Log.Unknown(tx, "operator.login", who.Origin)
			}
			return d.Log.Record(tx, who, audit.Event{Kind: "operator.password", Outcome: audit.Failed, Reason: "wrong"}, audit.System, string(o.ID))
		}
		if err := count.Return(tx, bucket); err != nil {
			return err
		}
		t, err = d.ticket(tx, who, o, statePending, d.Settings.PendingLife, 0)
		return err
	})
	return t, refused, err
}

// Ways lists how the holder of a ticket may prove it is them, strongest first; a recovery code always may too.
func (d *Desk) Ways(tx *store.Tx, ticket string) (Operator, []factor.Factor, error) {
	h, ok, err := d.find(tx, ticket, statePending)
	if err != nil || !ok {
		if err == nil {
			err = signedOut()
		}
		return Operator{}, nil, err
	}
	f, err := d.Factors.Usable(tx, h.op.holder())
	return h.op, f, err
}

// prove runs one proof for a ticket and opens the session when it was right.
func (d *Desk) prove(ctx context.Context, db *store.DB, who access.Actor, ticket, state, how string,
	check func(*store.Tx, held) (*problem.Error, error)) (t Ticket, refused *problem.Error, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		refused = nil
		h, ok, err := d.find(tx, ticket, state)
		if err != nil {
			return err
		}
		if !ok {
			refused = signedOut()
			return nil
		}
		if refused, err = check(tx, h); refused != nil || err != nil {
			return err
		}
		if t, ok, err = d.open(tx, who, h, how); err == nil && !ok {
			refused = signedOut()
		}
		return err
	})
	return t, refused, err
}

// LoginTOTP finishes a log-in with a code of the authenticator app.
func (d *Desk) LoginTOTP(ctx context.Context, db *store.DB, who access.Actor, ticket, code string) (Ticket, *problem.Error, error) {
	return d.prove(ctx, db, who, ticket, statePending, "totp", func(tx *store.Tx, h held) (*problem.Error, error) {
		v, err := d.Factors.CheckTOTP(tx, who, h.op.holder(), code)
		return verdict(v, tx.Now, factor.Problem), err
	})
}

// LoginRecovery finishes a log-in with a recovery code.
func (d *Desk) LoginRecovery(ctx context.Context, db *store.DB, who access.Actor, ticket, code string) (Ticket, *problem.Error, error) {
	return d.prove(ctx, db, who, ticket, statePending, byRecovery, func(tx *store.Tx, h held) (*problem.Error, error) {
		v, err := d.Codes.Use(tx, who, h.op.holder(), code)
		return verdict(v, tx.Now, recovery.Problem), err
	})
}

func verdict(v challenge.Verdict, now int64, words func(challenge.Verdict, int64) *problem.Error) *problem.Error {
	if v.OK {
		return nil
	}
	return words(v, now)
}

// BeginPasskey asks for a passkey of the ticket's operator.
func (d *Desk) BeginPasskey(ctx context.Context, db *store.DB, ticket string) (c factor.Ceremony, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		h, ok, err := d.find(tx, ticket, statePending)
		if err != nil || !ok {
			if err == nil {
				err = signedOut()
			}
			return err
		}
		c, err = d.Factors.BeginAssertion(tx, h.op.holder())
		return err
	})
	return c, err
}

// LoginPasskey finishes a log-in with a passkey.
func (d *Desk) LoginPasskey(ctx context.Context, db *store.DB, who access.Actor, ticket, ceremony string, response []byte) (Ticket, *problem.Error, error) {
	return d.prove(ctx, db, who, ticket, statePending, "passkey", func(tx *store.Tx, h held) (*problem.Error, error) {
		_, refused, err := d.Factors.FinishAssertion(tx, who, h.op.holder(), ceremony, response)
		return refused, err
	})
}
