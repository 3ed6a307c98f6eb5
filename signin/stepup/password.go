package stepup

import (
	"context"
	"time"

	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/guard"
)

// Password takes the password of a full re-authentication (C46); when it is right the code of the preferred way goes out.
func (r *Room) Password(ctx context.Context, db *store.DB, who access.Actor, a Ask, text string) (Result, error) {
	if err := a.check(); err != nil {
		return Result{}, err
	}
	kept, err := r.VerifyPassword(ctx, db, who, "password", text)
	if err != nil {
		return Result{}, err
	}
	return r.act(ctx, db, who, a, true, func(tx *store.Tx, s row, p profile.Profile) (Result, *problem.Error, error) {
		if now, err := password.Of(tx, string(p.ID)); err != nil || now.Hash != kept.Hash {
			return Result{}, changed("password"), err
		}
		s.password = true
		if err := s.save(tx, who, a); err != nil {
			return Result{}, nil, err
		}
		return r.first(tx, who, a, s, p)
	})
}

func changed(field string) *problem.Error {
	return problem.AtField(field, "password_wrong", "That password is not right.")
}

// VerifyPassword checks the password of somebody who is logged in, at the given field. Tries are reserved before the
// hash (decisions 3); many wrong ones wait, and in the end the session ends: whoever holds it does not know the
// password. The stored password is returned, for comparing in the transaction that acts on it.
func (r *Room) VerifyPassword(ctx context.Context, db *store.DB, who access.Actor, field, text string) (password.Kept, error) {
	if err := who.MustBePerson(); err != nil {
		return password.Kept{}, err
	}
	if text == "" {
		return password.Kept{}, problem.AtField(field, "password_missing", "Enter your password.")
	}
	var kept password.Kept
	var no *problem.Error
	err := db.Write(ctx, func(tx *store.Tx) error {
		kept, no = password.Kept{}, nil
		if _, err := r.Sessions.Of(tx, who); err != nil {
			return err
		}
		n, next, err := lockTries(tx, who.Profile)
		if err != nil {
			return err
		}
		if next > tx.Now {
			wait := time.Duration(next-tx.Now) * time.Microsecond
			no = problem.TooMany("password_wait", "There were too many wrong passwords. Try again in "+guard.Words(wait)+".", wait)
			no.At(field, no.Code, no.Message)
			return nil
		}
		if kept, err = password.Of(tx, string(who.Profile)); err != nil {
			return err
		}
		return setTries(tx, who.Profile, n+1, r.nextAt(tx.Now, n+1))
	})
	if err == nil && no != nil {
		err = no
	}
	if err != nil {
		return kept, unavailable(err)
	}
	ok, _, fault := r.Hasher.Verify(ctx, text, kept.Hash)
	err = db.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return r.decide(tx, who, ok, fault != nil) })
	switch {
	case fault != nil:
		return kept, unavailable(fault)
	case err != nil:
		return kept, unavailable(err)
	case !ok:
		return kept, changed(field)
	}
	return kept, nil
}

func (r *Room) nextAt(now, failures int64) int64 {
	over := failures - r.Settings.Free
	if over < 0 {
		return 0
	}
	return now + store.Micros(min(r.Settings.MaxWait, time.Minute<<min(over, 20)))
}

// decide gives a try back, clears the row of failures, or writes the failure down.
func (r *Room) decide(tx *store.Tx, who access.Actor, ok, fault bool) error {
	n, _, err := lockTries(tx, who.Profile)
	if err != nil {
		return err
	}
	if fault {
		return setTries(tx, who.Profile, max(0, n-1), 0)
	}
	if ok {
		return setTries(tx, who.Profile, 0, 0)
	}
	if err := r.Log.Record(tx, who, audit.Event{Kind: "stepup.password", Outcome: audit.Failed, Reason: "wrong"}, string(who.Profile)); err != nil {
		return err
	}
	if n < r.Settings.End {
		return nil
	}
	return r.Sessions.Drop(tx, who, "wrong_passwords")
}
