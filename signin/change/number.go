package change

import (
	"context"

	"watchword/account/factor"
	"watchword/account/link"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/guard"
	"watchword/code/wording"
	"watchword/signin/proof"
	"watchword/signin/session"
)

// NumberState is a number on its way to being bound, as its page shows it.
type NumberState struct {
	Masked    string
	Replaces  string // masked number that it will replace; empty for a first number
	Challenge challenge.Challenge
	ExpiresAt int64 // micros
}

// pending is a number under way: one for each person, tied to the session that asked.
type pending struct {
	session   id.Session
	challenge id.Challenge
	number    phone.Number
	replaces  string
	expiresAt int64
}

func binding(s id.Session) string { return string(s) + " number" }

// AskNumber sends a code to a mobile number that is to be bound, or to replace the bound one (RP10, RP11, C25). The old
// number stays valid until the code was entered. Field: "number". country helps to read national spellings. The problem
// beside the state is a verdict to be shown: no code was sent.
func (r *Room) AskNumber(ctx context.Context, db *store.DB, who access.Actor, number, country string) (NumberState, *problem.Error, error) {
	if country == "" {
		country = r.Home
	}
	n, err := phone.ParseMobile(number, country)
	if err != nil {
		return NumberState{}, nil, err
	}
	var s NumberState
	var no *problem.Error
	_, err = r.act(ctx, db, who, r.mayBindNumber, stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		s, no = NumberState{}, nil
		old, had, err := r.Factors.Number(tx, p.ID)
		if err != nil {
			return nil, err
		}
		q := challenge.Request{Organisation: id.System, Purpose: wording.ProveNumber, Subject: string(p.ID), Binding: binding(who.Session),
			Channel: guard.SMS, Number: n, Confirmed: had && old.Number.E164 == n.E164, Language: wording.Language(p.Language), Zone: p.Zone,
			Name: p.LoginName(), Version: p.SecurityVersion}
		w := pending{session: who.Session, number: n, expiresAt: tx.Now + store.Micros(r.Settings.NumberLife)}
		if had && !q.Confirmed {
			q.Purpose, w.replaces = wording.ChangeNumber, old.Masked
		}
		started, err := r.Codes.Start(tx, who, q)
		if err != nil || started.Refused != nil {
			no = started.Refused
			return nil, err
		}
		w.challenge = started.Challenge.ID
		s = NumberState{Masked: started.Challenge.Masked, Replaces: w.replaces, Challenge: started.Challenge, ExpiresAt: w.expiresAt}
		return nil, r.saveNumber(tx, p.ID, w)
	})
	return s, no, err
}

// mayBindNumber is the class of action: a first number is a factor more, another one a change.
func (r *Room) mayBindNumber(tx *store.Tx, who access.Actor, info session.Info) error {
	_, had, err := r.Factors.Number(tx, who.Profile)
	if err != nil {
		return err
	}
	if had {
		return proved(wording.ChangeMobileNumber)(tx, who, info)
	}
	return r.mayAddFactor(tx, who, info)
}

func (r *Room) saveNumber(tx *store.Tx, p id.Profile, w pending) error {
	_, err := tx.Exec(`INSERT INTO signin_number (profile_id, session_id, challenge_id, sealed, replaces, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (profile_id) DO UPDATE SET session_id = excluded.session_id,
		challenge_id = excluded.challenge_id, sealed = excluded.sealed, replaces = excluded.replaces,
		created_at = excluded.created_at, expires_at = excluded.expires_at`,
		p, w.session, w.challenge, r.Ring.Seal("signin.number", string(p), []byte(w.number.Country+" "+w.number.E164)), w.replaces, tx.Now, w.expiresAt)
	return err
}

func (r *Room) loadNumber(tx *store.Tx, who access.Actor) (w pending, err error) {
	var sealed []byte
	err = tx.QueryRow(`SELECT session_id, challenge_id, sealed, replaces, expires_at FROM signin_number
		WHERE profile_id = $1 AND session_id = $2 AND expires_at > $3`, who.Profile, who.Session, tx.Now).
		Scan(&w.session, &w.challenge, &sealed, &w.replaces, &w.expiresAt)
	if store.IsNoRows(err) {
		return w, problem.NotFound("number to confirm")
	}
	if err != nil {
		return w, err
	}
	b, err := r.Ring.Open("signin.number", string(who.Profile), sealed)
	if err == nil && len(b) > 3 {
		w.number = phone.Number{Country: string(b[:2]), E164: string(b[3:])}
	}
	return w, err
}

func (r *Room) forgetNumber(tx *store.Tx, p id.Profile) error {
	_, err := tx.Exec(`DELETE FROM signin_number WHERE profile_id = $1`, p)
	return err
}

// LookNumber reads the number under way; NotFound when there is none.
func (r *Room) LookNumber(ctx context.Context, db *store.DB, who access.Actor) (s NumberState, err error) {
	if err := who.MustBePerson(); err != nil {
		return s, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		s, err = r.lookNumber(tx, who)
		return err
	})
	return s, unavailable(err)
}

func (r *Room) lookNumber(tx *store.Tx, who access.Actor) (NumberState, error) {
	w, err := r.loadNumber(tx, who)
	if err != nil {
		return NumberState{}, err
	}
	c, err := r.Codes.Look(tx, id.System, w.challenge, binding(who.Session))
	return NumberState{Masked: c.Masked, Replaces: w.replaces, Challenge: c, ExpiresAt: w.expiresAt}, err
}

// ResendNumber sends the same code again; the problem beside the state is a verdict to be shown.
func (r *Room) ResendNumber(ctx context.Context, db *store.DB, who access.Actor) (NumberState, *problem.Error, error) {
	var s NumberState
	var no *problem.Error
	_, err := r.act(ctx, db, who, anybody, stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		s, no = NumberState{}, nil
		w, err := r.loadNumber(tx, who)
		if err != nil {
			return nil, err
		}
		started, err := r.Codes.Resend(tx, who, id.System, w.challenge, binding(who.Session))
		no = started.Refused
		if problem.Is(err, problem.KindConflict) { // the code is over: a verdict, not a fault
			no, err = problem.As(err), nil
		}
		if err != nil {
			return nil, err
		}
		s, err = r.lookNumber(tx, who)
		return nil, err
	})
	return s, no, err
}

// CancelNumber forgets the number under way and its code.
func (r *Room) CancelNumber(ctx context.Context, db *store.DB, who access.Actor) error {
	_, err := r.act(ctx, db, who, anybody, stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		w, err := r.loadNumber(tx, who)
		if problem.Is(err, problem.KindNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if err := r.Codes.Cancel(tx, id.System, w.challenge, binding(who.Session)); err != nil {
			return nil, err
		}
		return nil, r.forgetNumber(tx, p.ID)
	})
	return err
}

// EnterNumber takes the code: the number is bound, the one it replaces and the mailboxes are told with a link that
// takes it back for 72 hours (B12). Other sessions end. Field: "code".
func (r *Room) EnterNumber(ctx context.Context, db *store.DB, who access.Actor, code string) (Kept, error) {
	return r.act(ctx, db, who, anybody, end, func(tx *store.Tx, p profile.Profile, k *Kept) (*problem.Error, error) {
		w, err := r.loadNumber(tx, who)
		if err != nil {
			return nil, err
		}
		v, err := r.Codes.Check(tx, who, id.System, w.challenge, binding(who.Session), code)
		if err != nil || !v.OK {
			return v.Problem(tx.Now), err
		}
		known, err := r.Factors.Confirmed(tx, p.ID, w.number.E164)
		if err != nil {
			return nil, err
		}
		f, old, had, err := r.Factors.BindNumber(tx, who, p.ID, w.number)
		if err != nil {
			return nil, err
		}
		if err := r.forgetNumber(tx, p.ID); err != nil {
			return nil, err
		}
		if err := r.settle(tx, p.ID); err != nil {
			return nil, err
		}
		k.proved = proof.SMS
		switch {
		case had:
			err = r.tellChanged(tx, who, p, f, old)
		case !known:
			err = r.Post.Tell(tx, who, p, wording.NumberAdded, wording.Params{Detail: f.Masked})
		}
		if err != nil {
			return nil, err
		}
		return nil, r.firstCodes(tx, who, p, k)
	})
}

// tellChanged tells the old number and every mailbox, each with the link that takes the change back.
func (r *Room) tellChanged(tx *store.Tx, who access.Actor, p profile.Profile, f factor.Factor, old factor.Number) error {
	made, err := r.Links.Make(tx, link.CancelNumber, string(p.ID), "", r.Settings.CancelLink)
	if err != nil {
		return err
	}
	x := wording.Params{Detail: f.Masked, URL: made.URL}
	if err := r.Post.Text(tx, who, p, wording.NumberChanged, x, old.Number); err != nil {
		return err
	}
	return r.Post.Tell(tx, who, p, wording.NumberChanged, x)
}

// LookTakeBack reads the page behind the link of a changed number: the masked number that would return.
func (r *Room) LookTakeBack(ctx context.Context, db *store.DB, token string) (masked string, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		l, no, err := r.Links.Look(tx, link.CancelNumber, token)
		if err == nil && no != nil {
			return no
		}
		if err != nil {
			return err
		}
		n, ok, err := r.Factors.Replaced(tx, id.Profile(l.Subject))
		if err == nil && !ok {
			return problem.Conflict("number_settled", "The number can no longer be restored: more than 72 hours have passed, or it was restored already.")
		}
		masked = n.Masked
		return err
	})
	return masked, unavailable(err)
}

// TakeBack uses that link: the former number is bound again, the new one removed, every session ends (B12).
func (r *Room) TakeBack(ctx context.Context, db *store.DB, o access.Origin, token string) error {
	return unavailable(db.Write(ctx, func(tx *store.Tx) error {
		l, no, err := r.Links.Use(tx, link.CancelNumber, token)
		if err == nil && no != nil {
			err = no
		}
		if err != nil {
			return err
		}
		p, err := profile.Lock(tx, id.Profile(l.Subject))
		if err != nil {
			return err
		}
		who := visitor(o, p)
		n, err := r.Factors.RestoreNumber(tx, who, p.ID)
		if err != nil {
			return err
		}
		if _, err := profile.Bump(tx, p.ID); err != nil {
			return err
		}
		if err := r.forgetNumber(tx, p.ID); err != nil {
			return err
		}
		if _, err := r.Sessions.EndAllBut(tx, who, p.ID, ""); err != nil {
			return err
		}
		return r.Post.Tell(tx, who, p, wording.NumberChanged, wording.Params{Detail: n.Masked})
	}))
}

// Sweep removes numbers whose time is over.
func Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM signin_number WHERE expires_at <= $1`, tx.Now)
	return err
}
