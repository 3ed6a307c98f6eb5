package stepup

import (
	"context"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/signin/proof"
)

// Begin starts a step-up, or reads the one under way, for its page. Where no password is needed the code of the
// preferred way goes out at once.
func (r *Room) Begin(ctx context.Context, db *store.DB, who access.Actor, a Ask) (Result, error) {
	return r.act(ctx, db, who, a, true, func(tx *store.Tx, s row, p profile.Profile) (Result, *problem.Error, error) {
		if s.way != "" || r.needsPassword(tx, s, p, a) {
			return r.state(tx, who, a, s, p, nil)
		}
		return r.first(tx, who, a, s, p)
	})
}

// act runs one step in a transaction of its own, for a session that is still alive. What f returns as problem is a
// verdict: it commits. begin makes the row; without it a step-up that is over answers NotFound.
func (r *Room) act(ctx context.Context, db *store.DB, who access.Actor, a Ask, begin bool, f func(tx *store.Tx, s row, p profile.Profile) (Result, *problem.Error, error)) (Result, error) {
	if err := a.check(); err != nil {
		return Result{}, err
	}
	var out Result
	var no *problem.Error
	err := db.Write(ctx, func(tx *store.Tx) error {
		out, no = Result{}, nil
		s, p, err := r.under(tx, tx.ForUpdate(), who, a, begin)
		if err != nil {
			return err
		}
		out, no, err = f(tx, s, p)
		return err
	})
	if err == nil && no != nil {
		err = no
	}
	if err != nil {
		return Result{}, unavailable(err)
	}
	return out, nil
}

// unavailable says in plain words that something of ours failed; a problem stays as it is (C58).
func unavailable(err error) error {
	if err == nil || problem.As(err) != nil {
		return err
	}
	return problem.Unavailable("proof_unavailable", "We cannot check who you are at the moment, through no fault of yours. Nothing was changed. Try again in a minute.", err)
}

func (r *Room) under(tx *store.Tx, lock string, who access.Actor, a Ask, begin bool) (row, profile.Profile, error) {
	if err := who.MustBePerson(); err != nil {
		return row{}, profile.Profile{}, err
	}
	if _, err := r.Sessions.Of(tx, who); err != nil {
		return row{}, profile.Profile{}, err
	}
	p, err := profile.ByID(tx, who.Profile)
	if err != nil {
		return row{}, p, err
	}
	s, err := load(tx, lock, who, a)
	if store.IsNoRows(err) {
		if !begin {
			return s, p, problem.NotFound("request to prove who you are")
		}
		s = row{count: a.Count, createdAt: tx.Now, expiresAt: tx.Now + store.Micros(r.Settings.Life)}
		return s, p, s.save(tx, who, a)
	}
	return s, p, err
}

func (r *Room) needsPassword(tx *store.Tx, s row, p profile.Profile, a Ask) bool {
	if s.password {
		return false
	}
	if !light[wording.Action(a.Action)] {
		return true
	}
	_, bound, err := r.ways(tx, p, a)
	return err != nil || !bound
}

// ways are those that may prove this: for the door of an organisation only what it accepts.
func (r *Room) ways(tx *store.Tx, p profile.Profile, a Ask) (ways proof.Options, bound bool, err error) {
	if wording.Action(a.Action) != wording.EnterOrganisation {
		return r.Proofs.AtStepUp(tx, p)
	}
	d, err := organisation.DemandOf(tx, id.Organisation(a.Digest), p.ID)
	if store.IsNoRows(err) {
		return nil, false, problem.NotFound("organisation")
	}
	if err != nil {
		return nil, false, err
	}
	return r.Proofs.AtDoor(tx, p, d)
}

// first starts the preferred way.
func (r *Room) first(tx *store.Tx, who access.Actor, a Ask, s row, p profile.Profile) (Result, *problem.Error, error) {
	ways, _, err := r.ways(tx, p, a)
	if err != nil {
		return Result{}, nil, err
	}
	w, ok := ways.First()
	if !ok {
		return r.state(tx, who, a, s, p, &problem.Error{Kind: problem.KindForbidden, Code: "no_way_left",
			Message: "None of your ways to prove it is you can be used now. Wait if one of them says so, or write to support."})
	}
	return r.start(tx, who, a, s, p, ways, w)
}

func (r *Room) start(tx *store.Tx, who access.Actor, a Ask, s row, p profile.Profile, ways proof.Options, w proof.Way) (Result, *problem.Error, error) {
	o, ok := ways.Find(w)
	if !ok {
		return r.state(tx, who, a, s, p, problem.AtField("way", "way_not_offered", "Choose one of the ways on the page: this one cannot be used here."))
	}
	a.Count = s.count
	c, no, err := r.Proofs.Start(tx, who, p, a.occasion(who), o)
	if err != nil {
		return Result{}, nil, err
	}
	if no == nil {
		s.way = w
		if c != "" {
			s.challenge = c
		}
		if err := s.save(tx, who, a); err != nil {
			return Result{}, nil, err
		}
	}
	return r.state(tx, who, a, s, p, no)
}

func (r *Room) state(tx *store.Tx, who access.Actor, a Ask, s row, p profile.Profile, notice *problem.Error) (Result, *problem.Error, error) {
	ways, bound, err := r.ways(tx, p, a)
	if err != nil {
		return Result{}, nil, err
	}
	st := State{Action: a.Action, Digest: a.Digest, NeedsPassword: r.needsPassword(tx, s, p, a), NoFactor: !bound}
	st.View, err = r.Proofs.View(tx, a.occasion(who), s.way, s.challenge, ways, s.expiresAt)
	return Result{State: &st, Notice: notice}, nil, err
}

// Look reads a step-up under way without starting anything (pages poll it for the state of delivery).
func (r *Room) Look(ctx context.Context, db *store.DB, who access.Actor, a Ask) (v State, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		s, p, err := r.under(tx, "", who, a, false)
		if err != nil {
			return err
		}
		out, _, err := r.state(tx, who, a, s, p, nil)
		if err == nil {
			v = *out.State
		}
		return err
	})
	return v, unavailable(err)
}

// Choose takes another way and starts it.
func (r *Room) Choose(ctx context.Context, db *store.DB, who access.Actor, a Ask, w proof.Way) (Result, error) {
	return r.act(ctx, db, who, a, false, func(tx *store.Tx, s row, p profile.Profile) (Result, *problem.Error, error) {
		if w != proof.Passkey && r.needsPassword(tx, s, p, a) {
			return r.state(tx, who, a, s, p, nil)
		}
		ways, _, err := r.ways(tx, p, a)
		if err != nil {
			return Result{}, nil, err
		}
		return r.start(tx, who, a, s, p, ways, w)
	})
}

// Resend sends the same code again.
func (r *Room) Resend(ctx context.Context, db *store.DB, who access.Actor, a Ask) (Result, error) {
	return r.act(ctx, db, who, a, false, func(tx *store.Tx, s row, p profile.Profile) (Result, *problem.Error, error) {
		no, err := r.Proofs.Resend(tx, who, a.occasion(who), s.challenge)
		if problem.Is(err, problem.KindConflict) { // the code is over: a verdict, not a fault
			no, err = problem.As(err), nil
		}
		if err != nil {
			return Result{}, nil, err
		}
		return r.state(tx, who, a, s, p, no)
	})
}

// Enter takes a code of any way but the passkey.
func (r *Room) Enter(ctx context.Context, db *store.DB, who access.Actor, a Ask, w proof.Way, code string) (Result, error) {
	return r.act(ctx, db, who, a, false, func(tx *store.Tx, s row, p profile.Profile) (Result, *problem.Error, error) {
		if r.needsPassword(tx, s, p, a) {
			return r.state(tx, who, a, s, p, nil)
		}
		ways, _, err := r.ways(tx, p, a)
		if err != nil {
			return Result{}, nil, err
		}
		o, ok := ways.Find(w)
		if !ok {
			const words = "Choose another way: this one cannot be used here."
			return Result{}, problem.AtField("code", "way_not_offered", words), nil
		}
		v, err := r.Proofs.Check(tx, who, p, a.occasion(who), o, s.challenge, code)
		if err != nil || !v.OK {
			return Result{}, v.Problem, err
		}
		return r.finish(tx, who, a, v)
	})
}

// PasskeyOptions begins a passkey ceremony. A passkey with user verification needs no password beside it.
func (r *Room) PasskeyOptions(ctx context.Context, db *store.DB, who access.Actor, a Ask) (options []byte, ceremony string, err error) {
	_, err = r.act(ctx, db, who, a, true, func(tx *store.Tx, s row, p profile.Profile) (Result, *problem.Error, error) {
		options, ceremony, err = r.Proofs.PasskeyOptions(tx, p.ID)
		return Result{}, nil, err
	})
	return options, ceremony, err
}

// Passkey finishes the ceremony with the browser's answer (JSON).
func (r *Room) Passkey(ctx context.Context, db *store.DB, who access.Actor, a Ask, ceremony string, answer []byte) (Result, error) {
	return r.act(ctx, db, who, a, false, func(tx *store.Tx, s row, p profile.Profile) (Result, *problem.Error, error) {
		_, v, err := r.Proofs.Passkey(tx, who, p.ID, ceremony, answer)
		if err != nil || !v.OK {
			return Result{}, v.Problem, err
		}
		return r.finish(tx, who, a, v)
	})
}

// finish leaves the grant and gives the session a new token (C38). Of parallel proofs exactly one finds the row.
func (r *Room) finish(tx *store.Tx, who access.Actor, a Ask, v proof.Verdict) (Result, *problem.Error, error) {
	n, err := remove(tx, who, a)
	if err != nil {
		return Result{}, nil, err
	}
	if n != 1 {
		return Result{}, nil, problem.NotFound("request to prove who you are")
	}
	if a.Digest == "" {
		err = grant.Give(tx, who.Session, a.Action)
	} else {
		err = grant.GiveOnce(tx, who.Session, a.Action, a.Digest, r.Settings.ExactLife)
	}
	if err != nil {
		return Result{}, nil, err
	}
	made, err := r.Sessions.Rotate(tx, who, v.Level, string(v.Way))
	if err != nil {
		return Result{}, nil, err
	}
	err = r.Log.Record(tx, who, audit.Event{Kind: "stepup.passed", Target: a.Action, Detail: map[string]string{"method": string(v.Way)}}, streams(who, a)...)
	return Result{Session: &made}, nil, err
}

// streams: what a member does in an organisation is in its log too, and so is entering one.
func streams(who access.Actor, a Ask) []string {
	if wording.Action(a.Action) == wording.EnterOrganisation {
		return []string{string(who.Profile), a.Digest}
	}
	return []string{string(who.Profile), string(who.Organisation)}
}

// Cancel ends a step-up and its code.
func (r *Room) Cancel(ctx context.Context, db *store.DB, who access.Actor, a Ask) error {
	_, err := r.act(ctx, db, who, a, false, func(tx *store.Tx, s row, p profile.Profile) (Result, *problem.Error, error) {
		if _, err := remove(tx, who, a); err != nil {
			return Result{}, nil, err
		}
		return Result{}, nil, r.Proofs.Drop(tx, a.occasion(who), s.challenge)
	})
	if problem.Is(err, problem.KindNotFound) {
		return nil
	}
	return err
}
