package login

import (
	"context"
	"strings"
	"time"

	"watchword/account/notice"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/signin/proof"
	"watchword/signin/session"
)

// order of what stands before a session. A step that is not needed is passed over.
var order = []Step{StepProve, StepWake, StepTerms, StepPassword}

// advance goes on from a step that is done: to the next one that is needed, or to a session. token is set when the row
// is not stored yet.
func (r *Room) advance(tx *store.Tx, who access.Actor, l row, p profile.Profile, token string, done Step) (Result, error) {
	passed := false
	for _, s := range order {
		if s == done {
			passed = true
			continue
		}
		if !passed || !r.needs(tx.Now, s, l, p) {
			continue
		}
		return r.stop(tx, who, l, p, token, s)
	}
	return r.finish(tx, who, l, p, token == "")
}

func (r *Room) needs(now int64, s Step, l row, p profile.Profile) bool {
	switch s {
	case StepWake:
		return l.stale || now-max(p.LastLoginAt, p.CreatedAt) > store.Micros(r.Settings.Asleep)
	case StepTerms:
		return r.Settings.Terms != "" && p.TermsVersion != r.Settings.Terms
	case StepPassword:
		return l.codePoints > 0 && l.codePoints < r.Policy.Least()
	}
	return false
}

// stop leaves the log-in at a step.
func (r *Room) stop(tx *store.Tx, who access.Actor, l row, p profile.Profile, token string, s Step) (Result, error) {
	l.step = s
	var err error
	if token != "" {
		err = insert(tx, l, r.Ring.Hash(pendingPurpose, token))
	} else {
		err = l.save(tx)
	}
	if err != nil {
		return Result{}, err
	}
	var no *problem.Error
	if s == StepWake {
		if no, err = r.sendWake(tx, who, l, p); err != nil {
			return Result{}, err
		}
	}
	return r.result(tx, l, p, token, no)
}

// finish makes the session (C38), remembers the browser and tells the person of a new one (LF26, decisions 16).
func (r *Room) finish(tx *store.Tx, who access.Actor, l row, p profile.Profile, stored bool) (Result, error) {
	if stored {
		l.endedAt = tx.Now
		if err := l.save(tx); err != nil {
			return Result{}, err
		}
	}
	made, err := r.Sessions.Create(tx, who.Origin, session.Proof{Profile: p.ID, Version: p.SecurityVersion, Level: access.Level(l.level),
		Methods: strings.Fields(l.methods), Source: session.LogIn})
	if err != nil {
		return Result{}, err
	}
	if err := recognise(tx, p.ID, l.browser, who.Origin.Device); err != nil {
		return Result{}, err
	}
	trusted, err := r.trust(tx, who, l, p)
	if err != nil {
		return Result{}, err
	}
	if !l.recognised {
		for _, bucket := range []string{l.name, profileBucket(p.ID)} { // success ends the row of failures (C13)
			if err := forget(tx, bucket); err != nil {
				return Result{}, err
			}
		}
		if p.LastLoginAt > 0 {
			if err := r.Post.Tell(tx, who, p, wording.NewBrowser, wording.Params{}); err != nil {
				return Result{}, err
			}
		}
	}
	if err := profile.Seen(tx, p.ID); err != nil {
		return Result{}, err
	}
	err = r.Log.Record(tx, who, audit.Event{Kind: "login.completed", Target: string(made.ID), Detail: map[string]string{"methods": l.methods}},
		streams(p, l.demands)...)
	return Result{Session: &made, Device: trusted}, err
}

// result describes a pending log-in.
func (r *Room) result(tx *store.Tx, l row, p profile.Profile, token string, no *problem.Error) (Result, error) {
	if l.step == StepProve {
		ways, bound, err := r.Proofs.AtLogin(tx, p, l.demands)
		if err != nil {
			return Result{}, err
		}
		return r.proving(tx, l, ways, bound, token, no)
	}
	v := r.describe(l, token)
	if l.step == StepWake {
		v.WakeTo = notice.Mask(p.Email)
	}
	return Result{Pending: &v, Notice: no}, nil
}

func (r *Room) describe(l row, token string) Pending {
	v := Pending{ID: l.id, Token: token, Step: l.step, MinPassword: r.Policy.Least(), Terms: r.Settings.Terms}
	v.ExpiresAt = l.expiresAt
	return v
}

// proving describes one that waits for its second proof.
func (r *Room) proving(tx *store.Tx, l row, ways proof.Options, bound bool, token string, no *problem.Error) (Result, error) {
	v := r.describe(l, token)
	view, err := r.Proofs.View(tx, l.occasion(), proof.Way(l.way), l.challenge, ways, l.expiresAt)
	v.View, v.NoFactor, v.Weak = view, !bound, view.Way == proof.Email
	return Result{Pending: &v, Notice: no}, err
}

// AcceptTerms goes on from StepTerms (decisions 13).
func (r *Room) AcceptTerms(ctx context.Context, db *store.DB, o access.Origin, token, version string) (Result, error) {
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l row, p profile.Profile) (Result, *problem.Error, error) {
		if l.step != StepTerms {
			out, err := r.result(tx, l, p, "", nil)
			return out, nil, err
		}
		if version != r.Settings.Terms {
			return Result{}, problem.AtField("terms", "terms_changed", "The terms have changed meanwhile. Read the new ones and accept them to go on."), nil
		}
		address := ""
		if o.Address.IsValid() {
			address = o.Address.String()
		}
		if err := profile.AcceptTerms(tx, p.ID, version, address); err != nil {
			return Result{}, nil, err
		}
		err := r.Log.Record(tx, who, audit.Event{Kind: "terms.accepted", Target: string(p.ID), Detail: map[string]string{"version": version}}, string(p.ID))
		if err != nil {
			return Result{}, nil, err
		}
		p.TermsVersion = version
		out, err := r.advance(tx, who, l, p, "", StepTerms)
		return out, nil, err
	})
}

// NewPassword goes on from StepPassword with a longer password (decisions 14). Problems stand at the field "password".
func (r *Room) NewPassword(ctx context.Context, db *store.DB, o access.Origin, token, text string) (Result, error) {
	var p profile.Profile
	err := db.Read(ctx, func(tx *store.Tx) error {
		l, of, err := r.pending(tx, "", token)
		if err == nil && l.step != StepPassword {
			err = problem.Conflict("not_now", "Your password need not be changed now. Go on with logging in.")
		}
		p = of
		return err
	})
	if err != nil {
		return Result{}, unavailable(err)
	}
	if f := r.Policy.Check(text, p.Username, p.Email, p.Name); f != nil {
		return Result{}, problem.AtField(f.Name, f.Code, f.Message)
	}
	hash, err := r.Hasher.Hash(ctx, text)
	if err != nil {
		return Result{}, unavailable(err)
	}
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l row, p profile.Profile) (Result, *problem.Error, error) {
		if l.step != StepPassword {
			out, err := r.result(tx, l, p, "", nil)
			return out, nil, err
		}
		if err := password.Set(tx, string(p.ID), hash, password.Count(text)); err != nil {
			return Result{}, nil, err
		}
		v, err := profile.Bump(tx, p.ID) // other sessions were made with the short one
		if err != nil {
			return Result{}, nil, err
		}
		p.SecurityVersion, l.version, l.codePoints = v, v, password.Count(text)
		if err := r.Post.Tell(tx, who, p, wording.PasswordChanged, wording.Params{}); err != nil {
			return Result{}, nil, err
		}
		if err := r.Log.Record(tx, who, audit.Event{Kind: "password.changed", Target: string(p.ID)}, string(p.ID)); err != nil {
			return Result{}, nil, err
		}
		out, err := r.advance(tx, who, l, p, "", StepPassword)
		return out, nil, err
	})
}

// Registered makes the session of somebody who has just confirmed a registration in the browser that registered
// (decisions 17): the link proved the mailbox, and the password was chosen there. Only once, and only within a minute;
// later the person logs in.
func (r *Room) Registered(ctx context.Context, db *store.DB, o access.Origin, browser string, p id.Profile) (made session.Made, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		pr, err := profile.Lock(tx, p)
		if err != nil {
			return err
		}
		if pr.LastLoginAt > 0 || pr.ClosedAt > 0 || tx.Now-pr.VerifiedAt > store.Micros(time.Minute) {
			return problem.SignedOut()
		}
		made, err = r.signIn(tx, o, browser, pr)
		return err
	})
	return made, unavailable(err)
}

func (r *Room) signIn(tx *store.Tx, o access.Origin, browser string, p profile.Profile) (session.Made, error) {
	who := person(o, p)
	made, err := r.Sessions.Create(tx, o, session.Proof{Profile: p.ID, Version: p.SecurityVersion, Level: access.LevelPassword,
		Methods: []string{"password", "email"}, Source: session.Registration})
	if err != nil {
		return made, err
	}
	if err := recognise(tx, p.ID, r.Ring.Hash(browserPurpose, browser), o.Device); err != nil {
		return made, err
	}
	if err := profile.Seen(tx, p.ID); err != nil {
		return made, err
	}
	return made, r.Log.Record(tx, who, audit.Event{Kind: "login.completed", Target: string(made.ID), Detail: map[string]string{"methods": "registration"}}, string(p.ID))
}

func (r *Room) codePoints(tx *store.Tx, p profile.Profile) (int, error) {
	k, err := password.Of(tx, string(p.ID))
	return k.CodePoints, err
}
