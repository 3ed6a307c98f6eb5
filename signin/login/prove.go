package login

import (
	"context"
	"strings"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/signin/proof"
)

// occasion binds codes to this very log-in (C19).
func (l row) occasion() proof.Occasion {
	return proof.Occasion{Purpose: wording.Login, Binding: string(l.id)}
}

// start begins a way and notes it in l, which the caller stores. A refusal leaves the former way in place.
func (r *Room) start(tx *store.Tx, who access.Actor, l *row, p profile.Profile, ways proof.Options, w proof.Way) (*problem.Error, error) {
	o, ok := ways.Find(w)
	if !ok {
		return problem.AtField("way", "way_not_offered", "Choose one of the ways on the page: this one cannot be used now."), nil
	}
	c, no, err := r.Proofs.Start(tx, who, p, l.occasion(), o)
	if err != nil || no != nil {
		return no, err
	}
	if c != "" {
		l.challenge = c
	}
	l.way = string(w)
	return nil, nil
}

// pending reads and locks a log-in by its cookie. It ends with the profile's security version (C42), and when a
// membership of the person began, changed or ended meanwhile (OU8).
func (r *Room) pending(tx *store.Tx, lock, token string) (row, profile.Profile, error) {
	if len(token) != 43 {
		return row{}, profile.Profile{}, problem.SignedOut()
	}
	for _, h := range r.Ring.Hashes(pendingPurpose, token) {
		l, err := byHash(tx, lock, h)
		if store.IsNoRows(err) {
			continue
		}
		if err != nil {
			return l, profile.Profile{}, err
		}
		p, err := profile.ByID(tx, l.profile)
		if err != nil {
			return l, p, err
		}
		if l.endedAt > 0 || tx.Now >= l.expiresAt || p.SecurityVersion != l.version || p.ClosedAt > 0 {
			return l, p, problem.SignedOut()
		}
		begun := l.memberships
		if err := l.measure(tx); err != nil {
			return l, p, err
		}
		if l.memberships != begun {
			return l, p, problem.SignedOut()
		}
		return l, p, nil
	}
	return row{}, profile.Profile{}, problem.SignedOut()
}

// act runs one step of a pending log-in in a transaction of its own. What f returns as problem is a verdict: it commits.
func (r *Room) act(ctx context.Context, db *store.DB, o access.Origin, token string, f func(tx *store.Tx, who access.Actor, l row, p profile.Profile) (Result, *problem.Error, error)) (Result, error) {
	var out Result
	var no *problem.Error
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		out, no = Result{}, nil
		l, p, err := r.pending(tx, tx.ForUpdate(), token)
		if err != nil {
			return err
		}
		out, no, err = f(tx, person(o, p), l, p)
		return err
	})
	if err != nil || no != nil {
		return Result{}, unavailable(either(err, no))
	}
	return out, nil
}

// Look reads a pending log-in for its page, by the token of its cookie. SignedOut when there is none any more.
func (r *Room) Look(ctx context.Context, db *store.DB, token string) (v Pending, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		l, p, err := r.pending(tx, "", token)
		if err != nil {
			return err
		}
		out, err := r.result(tx, l, p, "", nil)
		if err == nil {
			v = *out.Pending
		}
		return err
	})
	return v, unavailable(err)
}

// Choose takes another way and starts it: a fresh code goes out, the former one dies (LF7).
func (r *Room) Choose(ctx context.Context, db *store.DB, o access.Origin, token string, w proof.Way) (Result, error) {
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l row, p profile.Profile) (Result, *problem.Error, error) {
		if l.step != StepProve {
			out, err := r.result(tx, l, p, "", nil)
			return out, nil, err
		}
		ways, bound, err := r.Proofs.AtLogin(tx, p, l.demands)
		if err != nil {
			return Result{}, nil, err
		}
		no, err := r.start(tx, who, &l, p, ways, w)
		if err != nil {
			return Result{}, nil, err
		}
		if err := l.save(tx); err != nil {
			return Result{}, nil, err
		}
		out, err := r.proving(tx, l, ways, bound, "", no)
		return out, nil, err
	})
}

// Resend sends the same code again (LF9), or the link of StepWake. Inside the cool-down Notice says how long to wait.
func (r *Room) Resend(ctx context.Context, db *store.DB, o access.Origin, token string) (Result, error) {
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l row, p profile.Profile) (Result, *problem.Error, error) {
		var no *problem.Error
		var err error
		switch l.step {
		case StepProve:
			no, err = r.Proofs.Resend(tx, who, l.occasion(), l.challenge)
		case StepWake:
			no, err = r.sendWake(tx, who, l, p)
		}
		if problem.Is(err, problem.KindConflict) { // the code is over: a verdict, not a fault
			no, err = problem.As(err), nil
		}
		if err != nil {
			return Result{}, nil, err
		}
		out, err := r.result(tx, l, p, "", no)
		return out, nil, err
	})
}

// Enter takes a code of any way but the passkey: SMS, email, authenticator app or recovery code. The problem of a
// wrong one stands at the field "code".
func (r *Room) Enter(ctx context.Context, db *store.DB, o access.Origin, token string, w proof.Way, code string) (Result, error) {
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l row, p profile.Profile) (Result, *problem.Error, error) {
		if l.step != StepProve {
			out, err := r.result(tx, l, p, "", nil)
			return out, nil, err
		}
		if no, err := r.codesFailed(tx, o, false); no != nil || err != nil {
			return Result{}, no, err
		}
		if w == proof.SMS {
			var err error
			if l.stale, err = r.Proofs.Factors.StaleNumber(tx, p.ID); err != nil {
				return Result{}, nil, err
			}
		}
		// Whether the way may be used was decided when its code was sent; what is switched off says so itself.
		v, err := r.Proofs.Check(tx, who, p, l.occasion(), proof.Option{Way: w}, l.challenge, code)
		if err != nil {
			return Result{}, nil, err
		}
		if !v.OK {
			_, err := r.codesFailed(tx, o, true)
			return Result{}, v.Problem, err
		}
		return r.proved(tx, who, l, p, v)
	})
}

func (r *Room) proved(tx *store.Tx, who access.Actor, l row, p profile.Profile, v proof.Verdict) (Result, *problem.Error, error) {
	if v.Way != proof.SMS && v.Way != proof.Email {
		if err := r.Proofs.Drop(tx, l.occasion(), l.challenge); err != nil {
			return Result{}, nil, err
		}
	}
	l.level = max(l.level, int64(v.Level))
	l.methods = strings.TrimSpace(l.methods + " " + string(v.Way))
	out, err := r.advance(tx, who, l, p, "", StepProve)
	return out, nil, err
}

// Cancel ends a pending log-in and its code. It is no error when it ended already.
func (r *Room) Cancel(ctx context.Context, db *store.DB, o access.Origin, token string) error {
	_, err := r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l row, p profile.Profile) (Result, *problem.Error, error) {
		l.endedAt = tx.Now
		if err := l.save(tx); err != nil {
			return Result{}, nil, err
		}
		if err := r.Proofs.Drop(tx, l.occasion(), l.challenge); err != nil {
			return Result{}, nil, err
		}
		return Result{}, nil, r.Log.Record(tx, who, audit.Event{Kind: "login.cancelled", Target: string(l.id)}, string(p.ID))
	})
	if problem.Is(err, problem.KindSignedOut) {
		return nil
	}
	return err
}

// PasskeyOptions begins a passkey ceremony: with the token of a pending log-in for its second proof, without one as the
// first factor of a log-in that needs no name and no password. The options are JSON for navigator.credentials.get; the
// ceremony's id comes back with the answer. It lasts five minutes and works once (C62).
func (r *Room) PasskeyOptions(ctx context.Context, db *store.DB, o access.Origin, token string) (options []byte, ceremony string, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		whose := id.Profile("")
		if token != "" {
			l, _, err := r.pending(tx, "", token)
			if err != nil {
				return err
			}
			whose = l.profile
		}
		options, ceremony, err = r.Proofs.PasskeyOptions(tx, whose)
		return err
	})
	return options, ceremony, unavailable(err)
}

// Passkey finishes the ceremony with the browser's answer (JSON). token and browser as in PasskeyOptions and Attempt.
func (r *Room) Passkey(ctx context.Context, db *store.DB, o access.Origin, browser, token, ceremony string, answer []byte) (Result, error) {
	if token == "" {
		return r.passkeyFirst(ctx, db, o, browser, ceremony, answer)
	}
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l row, p profile.Profile) (Result, *problem.Error, error) {
		if l.step != StepProve {
			out, err := r.result(tx, l, p, "", nil)
			return out, nil, err
		}
		_, v, err := r.Proofs.Passkey(tx, who, p.ID, ceremony, answer)
		if err != nil || !v.OK {
			return Result{}, v.Problem, err
		}
		return r.proved(tx, who, l, p, v)
	})
}

// passkeyFirst logs in by a passkey alone: with user verification it is two factors in one.
func (r *Room) passkeyFirst(ctx context.Context, db *store.DB, o access.Origin, browserToken, ceremony string, answer []byte) (Result, error) {
	var out Result
	var no *problem.Error
	err := db.Write(ctx, func(tx *store.Tx) error {
		out, no = Result{}, nil
		whose, v, err := r.Proofs.Passkey(tx, access.Visitor(o), "", ceremony, answer)
		if err != nil || !v.OK {
			no = v.Problem
			return err
		}
		p, err := profile.Lock(tx, whose)
		if err != nil {
			return err
		}
		if p.ClosedAt > 0 {
			return problem.SignedOut()
		}
		b, hash, err := loadBrowser(tx, p.ID, r.Ring.Hashes(browserPurpose, browserToken))
		if err != nil {
			return err
		}
		kept, err := r.codePoints(tx, p)
		if err != nil {
			return err
		}
		l := row{id: id.Login(id.New("LG", tx.Now)), profile: p.ID, version: p.SecurityVersion, level: int64(v.Level), methods: string(v.Way),
			codePoints: kept, browser: hash, recognised: b.recognised, createdAt: tx.Now, expiresAt: tx.Now + store.Micros(r.Settings.Pending)}
		if err := l.measure(tx); err != nil {
			return err
		}
		out, err = r.advance(tx, person(o, p), l, p, id.Token(32), StepProve)
		return err
	})
	if err != nil || no != nil {
		return Result{}, unavailable(either(err, no))
	}
	return out, nil
}
