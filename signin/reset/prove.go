package reset

import (
	"context"

	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/signin/proof"
)

// act runs one step in a transaction of its own. What f returns as problem is a verdict: it commits.
func (r *Room) act(ctx context.Context, db *store.DB, o access.Origin, token string, f func(tx *store.Tx, who access.Actor, l *row, open recovery.Reset) (notice, refused *problem.Error, err error)) (Result, error) {
	var out Result
	var refused *problem.Error
	err := db.Write(ctx, func(tx *store.Tx) error {
		out, refused = Result{}, nil
		l, open, err := r.under(tx, tx.ForUpdate(), token)
		if err != nil {
			return err
		}
		who := access.Actor{Kind: access.KindVisitor, Profile: open.Profile.ID, Name: open.Profile.LoginName(), Origin: o}
		if out.Notice, refused, err = f(tx, who, &l, open); err != nil {
			return err
		}
		out.State, err = r.state(tx, l, open)
		return err
	})
	if err == nil && refused != nil {
		err = refused
	}
	if err != nil {
		return Result{}, unavailable(err)
	}
	return out, nil
}

func notOffered(field string) *problem.Error {
	return problem.AtField(field, "way_not_offered", "Choose one of the ways on the page: this one cannot be used here.")
}

// Choose takes a way of proof and starts it; a code goes out for SMS. A number that was bound less than 72 hours ago is
// not offered, the one it replaced is (B12, decisions 35).
func (r *Room) Choose(ctx context.Context, db *store.DB, o access.Origin, token string, w proof.Way) (Result, error) {
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l *row, open recovery.Reset) (*problem.Error, *problem.Error, error) {
		ways, _, err := r.Proofs.AtReset(tx, open.Profile)
		if err != nil {
			return nil, nil, err
		}
		option, ok := ways.Find(w)
		if !ok {
			return notOffered("way"), nil, nil
		}
		c, no, err := r.Proofs.Start(tx, who, open.Profile, l.occasion(), option)
		if err != nil || no != nil {
			return no, nil, err
		}
		l.way = w
		if c != "" {
			l.challenge = c
		}
		return nil, nil, l.save(tx, open)
	})
}

// Resend sends the same code again.
func (r *Room) Resend(ctx context.Context, db *store.DB, o access.Origin, token string) (Result, error) {
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l *row, open recovery.Reset) (*problem.Error, *problem.Error, error) {
		no, err := r.Proofs.Resend(tx, who, l.occasion(), l.challenge)
		if problem.Is(err, problem.KindConflict) { // the code is over: a verdict, not a fault
			no, err = problem.As(err), nil
		}
		return no, nil, err
	})
}

// Enter takes a code of any way but the passkey. A recovery code is used up by it.
func (r *Room) Enter(ctx context.Context, db *store.DB, o access.Origin, token string, w proof.Way, code string) (Result, error) {
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l *row, open recovery.Reset) (*problem.Error, *problem.Error, error) {
		if l.proved != "" { // a second post of the same form
			return nil, nil, nil
		}
		ways, _, err := r.Proofs.AtReset(tx, open.Profile)
		if err != nil {
			return nil, nil, err
		}
		option, ok := ways.Find(w)
		if !ok {
			return nil, notOffered("code"), nil
		}
		v, err := r.Proofs.Check(tx, who, open.Profile, l.occasion(), option, l.challenge, code)
		if err != nil || !v.OK {
			return nil, v.Problem, err
		}
		l.proved = v.Way
		return nil, nil, l.save(tx, open)
	})
}

// PasskeyOptions begins a passkey ceremony.
func (r *Room) PasskeyOptions(ctx context.Context, db *store.DB, o access.Origin, token string) (options []byte, ceremony string, err error) {
	_, err = r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l *row, open recovery.Reset) (*problem.Error, *problem.Error, error) {
		options, ceremony, err = r.Proofs.PasskeyOptions(tx, open.Profile.ID)
		return nil, nil, err
	})
	return options, ceremony, err
}

// Passkey finishes the ceremony with the browser's answer (JSON).
func (r *Room) Passkey(ctx context.Context, db *store.DB, o access.Origin, token, ceremony string, answer []byte) (Result, error) {
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l *row, open recovery.Reset) (*problem.Error, *problem.Error, error) {
		_, v, err := r.Proofs.Passkey(tx, who, open.Profile.ID, ceremony, answer)
		if err != nil || !v.OK {
			return nil, v.Problem, err
		}
		l.proved = v.Way
		return nil, nil, l.save(tx, open)
	})
}
