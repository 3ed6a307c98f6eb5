package login

import (
	"context"
	"unicode/utf8"

	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// Begin takes a posted log-in form: name and password (LF1). It answers with a session, with a pending log-in, or with
// a problem: "wrong_login" for a name or password that is not right, without telling which (LF12, C11); "login_wait"
// and "address_wait" with RetryAfter while strangers' browsers wait; "link_needed" when this browser must first open an
// emailed link (AskUnlock sends it); "captcha_needed" while too many log-ins fail (decisions 16, B4).
//
// Two durable commits, with the hash between them: one reserves the try, one decides (decisions 3).
func (r *Room) Begin(ctx context.Context, db *store.DB, a Attempt) (Result, error) {
	if err := a.check(); err != nil {
		return Result{}, err
	}
	solved, err := r.solved(ctx, db, a.Captcha)
	if err != nil {
		return Result{}, unavailable(err)
	}
	var e entry
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		e, err = r.enter(tx, a, solved)
		return err
	})
	if err != nil || e.refused != nil {
		return Result{}, unavailable(either(err, e.refused))
	}
	ok, stale, err := r.Hasher.Verify(ctx, a.Password, e.kept.Hash)
	renewed := ""
	if ok && stale {
		renewed, err = r.Hasher.Hash(ctx, a.Password)
	}
	if err != nil { // nothing was tried: the reservation goes back
		undo := db.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return r.giveBack(tx, e.try) })
		return Result{}, unavailable(either(err, problem.As(undo)))
	}
	var out Result
	var no *problem.Error
	err = db.Write(context.WithoutCancel(ctx), func(tx *store.Tx) (err error) {
		out, no = Result{}, nil
		if ok && !e.known {
			no, err = unconfirmed(), r.giveBack(tx, e.try)
			return err
		}
		if ok {
			out, no, err = r.right(tx, e, a, renewed)
			return err
		}
		no = wrong()
		return r.wrong(tx, e)
	})
	if err != nil || no != nil {
		return Result{}, unavailable(either(err, no))
	}
	return out, nil
}

func either(err error, p *problem.Error) error {
	if err == nil && p != nil {
		return p
	}
	return err
}

func unconfirmed() *problem.Error {
	return problem.Forbidden("email_not_confirmed", "Confirm your email address first: open the link in the email we sent you when you registered, then log in.")
}

// check refuses what cannot be a log-in before anything costly (C10).
func (a Attempt) check() error {
	e := problem.Invalid("login_incomplete", "Enter your name and password.")
	switch {
	case len(a.Name) > 1024 || !utf8.ValidString(a.Name):
		e.At("name", "name_not_readable", "Enter your username or email address again: this is not one.")
	case a.Name == "":
		e.At("name", "name_missing", "Enter your username or email address.")
	}
	switch {
	case a.Password == "":
		e.At("password", "password_missing", "Enter your password.")
	case len(a.Password) > 4*password.Max:
		e.At("password", "password_too_long", "Enter your password again: it is longer than any password here.")
	}
	return e.OrNil()
}

// entry is a reserved try and what there is to compare with.
type entry struct {
	try     try
	known   bool
	profile profile.Profile
	kept    password.Kept
	refused *problem.Error
}

// enter finds the person and reserves the try; for a name that nobody has it does the same to the name's bucket.
func (r *Room) enter(tx *store.Tx, a Attempt, solved bool) (entry, error) {
	e := entry{try: try{origin: a.Origin, name: r.bucketOf(a.Name), hash: r.Ring.Hash(browserPurpose, a.Browser), solved: solved}}
	p, err := profile.ByLogin(tx, a.Name)
	if err != nil && !problem.Is(err, problem.KindNotFound) {
		return e, err
	}
	e.known = err == nil
	if e.known {
		e.profile, e.try.profile = p, p.ID
	}
	// Read for a stranger's name as well, so that both cases do the same.
	if e.try.browser, e.try.hash, err = loadBrowser(tx, p.ID, r.Ring.Hashes(browserPurpose, a.Browser)); err != nil {
		return e, err
	}
	if e.kept, err = password.Of(tx, string(p.ID)); err != nil {
		return e, err
	}
	if !e.known {
		// A registration whose link was not opened yet: whoever knows its password is told to open it.
		if e.kept.Hash, err = r.Joining.Unconfirmed(tx, a.Name); err != nil {
			return e, err
		}
	}
	if e.refused, err = r.reserve(tx, &e.try); err != nil || e.refused == nil {
		return e, err
	}
	// Added up by the minute: refusals may be a flood, and are the same for names that nobody has.
	return e, r.Log.Unknown(tx, "login."+e.refused.Code, a.Origin)
}

func (r *Room) wrong(tx *store.Tx, e entry) error {
	if !e.known {
		return r.Log.Unknown(tx, "login.password", e.try.origin)
	}
	who := person(e.try.origin, e.profile)
	err := r.Log.Record(tx, who, audit.Event{Kind: "login.password", Outcome: audit.Failed, Reason: "wrong", Target: string(e.profile.ID)}, string(e.profile.ID))
	if err != nil {
		return err
	}
	n := e.try.browser.failures + 1
	if !e.try.browser.recognised {
		f, err := lockFailures(tx, profileBucket(e.profile.ID))
		if err != nil {
			return err
		}
		n = f.n
	}
	return r.tell(tx, who, e.profile, n)
}

// right goes on after a right password: the second proof, or what else stands before a session.
func (r *Room) right(tx *store.Tx, e entry, a Attempt, renewed string) (Result, *problem.Error, error) {
	p, err := profile.Lock(tx, e.profile.ID)
	if err != nil {
		return Result{}, nil, err
	}
	now, err := password.Of(tx, string(p.ID))
	if err != nil {
		return Result{}, nil, err
	}
	if now.Hash != e.kept.Hash || p.ClosedAt > 0 { // changed or closed while we hashed
		return Result{}, wrong(), r.wrong(tx, e)
	}
	if renewed != "" {
		if err := password.Renew(tx, string(p.ID), e.kept.Hash, renewed); err != nil {
			return Result{}, nil, err
		}
	}
	if err := r.giveBack(tx, e.try); err != nil {
		return Result{}, nil, err
	}
	who := person(e.try.origin, p)
	err = r.Log.Record(tx, who, audit.Event{Kind: "login.password", Target: string(p.ID)}, string(p.ID))
	if err != nil {
		return Result{}, nil, err
	}
	l := row{id: id.Login(id.New("LG", tx.Now)), profile: p.ID, version: p.SecurityVersion, level: int64(access.LevelPassword),
		methods: "password", codePoints: now.CodePoints, browser: e.try.hash, recognised: e.try.browser.recognised, name: e.try.name,
		createdAt: tx.Now, expiresAt: tx.Now + store.Micros(r.Settings.Pending), shared: a.Shared}
	if err := l.measure(tx); err != nil {
		return Result{}, nil, err
	}
	out, err := r.second(tx, who, l, p, a.Devices)
	return out, nil, err
}

// second asks for the second proof. Without any factor a recognised browser needs none, and any other a code by email
// (decisions 17); where an organisation requires a second factor, any browser needs that code (decisions 25). A trusted
// device needs none, where the organisations allow it: it adds nothing to the level (C45).
func (r *Room) second(tx *store.Tx, who access.Actor, l row, p profile.Profile, devices map[string]string) (Result, error) {
	ways, bound, err := r.Proofs.AtLogin(tx, p, l.demands)
	if err != nil {
		return Result{}, err
	}
	token := id.Token(32)
	if !bound && !l.required(tx.Now) {
		if l.recognised {
			return r.advance(tx, who, l, p, token, StepProve)
		}
	} else if made, ok, err := r.device(tx, who, l, p, devices); err != nil {
		return Result{}, err
	} else if ok {
		l.methods += " " + byDevice
		out, err := r.advance(tx, who, l, p, token, StepProve)
		out.Device = &made
		return out, err
	}
	l.step = StepProve
	no := &problem.Error{Kind: problem.KindForbidden, Code: "no_way_left",
		Message: "None of your ways to prove it is you can be used now. Wait if one of them says so, or write to support."}
	if first, ok := ways.First(); ok {
		if no, err = r.start(tx, who, &l, p, ways, first); err != nil {
			return Result{}, err
		}
	}
	if err := insert(tx, l, r.Ring.Hash(pendingPurpose, token)); err != nil {
		return Result{}, err
	}
	return r.proving(tx, l, ways, bound, token, no)
}
