// Package reset is the forgotten password: a link by mail, then a factor that is still bound or a recovery code where
// the profile has a second factor, then a new password. It never logs in and never weakens the second factor (RP15,
// C31-C33).
package reset

import (
	"context"

	"watchword/account/notice"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/signin/proof"
	"watchword/signin/session"
)

// Form is the posted "forgotten password" form.
type Form struct {
	Origin access.Origin
	Name   string // username or email address
}

// State is a reset under way, as its page shows it.
type State struct {
	Name        string // log-in name, so that password managers save the right one
	NeedsProof  bool   // a bound factor or a recovery code comes before the new password
	MinPassword int    // code points
	proof.View
}

// Result is where a reset stands. Notice is a verdict to be shown beside State.
type Result struct {
	State  State
	Notice *problem.Error
}

// Room is put together once, at the start.
type Room struct {
	Ring     *secret.Ring
	Log      *audit.Log
	Hasher   *password.Hasher
	Policy   password.Policy
	Recovery *recovery.Room
	Proofs   *proof.Desk
	Sessions *session.Book
	Post     *notice.Post
}

// Ask has the link mailed to the address that was named, or to the log-in address of a username. The answer, its words
// and its time are the same for a name that nobody has: one row is written, and answered by another loop (C11).
func (r *Room) Ask(ctx context.Context, db *store.DB, f Form) error {
	var no *problem.Error
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		no, err = r.Recovery.AskReset(tx, access.Visitor(f.Origin), f.Name)
		return err
	})
	if err == nil && no != nil {
		err = no
	}
	return unavailable(err)
}

// unavailable says in plain words that something of ours failed; a problem stays as it is (C58).
func unavailable(err error) error {
	if err == nil || problem.As(err) != nil {
		return err
	}
	return problem.Unavailable("reset_unavailable", "We cannot change your password at the moment, through no fault of yours. Nothing was changed. Try again in a minute.", err)
}

// row is a reset under way. Its id is a keyed hash of the link's token.
type row struct {
	id        string
	way       proof.Way
	challenge id.Challenge
	proved    proof.Way // what was proved beside the link
}

func (l row) occasion() proof.Occasion {
	return proof.Occasion{Purpose: wording.RecoverAccount, Binding: "reset " + l.id}
}

// under reads a reset by the link's token. Nothing is used up (C51, B11).
func (r *Room) under(tx *store.Tx, lock, token string) (row, recovery.Reset, error) {
	open, no, err := r.Recovery.LookReset(tx, token)
	if err == nil && no != nil {
		err = no
	}
	if err != nil {
		return row{}, open, err
	}
	for _, h := range r.Ring.Hashes("reset", token) {
		l := row{id: h}
		err = tx.QueryRow(`SELECT way, challenge_id, proved FROM signin_reset WHERE id = $1 AND profile_version = $2`+lock, h, open.Profile.SecurityVersion).
			Scan(&l.way, &l.challenge, &l.proved)
		if err == nil || !store.IsNoRows(err) {
			return l, open, err
		}
	}
	return row{id: r.Ring.Hash("reset", token)}, open, nil
}

func (l row) save(tx *store.Tx, open recovery.Reset) error {
	_, err := tx.Exec(`INSERT INTO signin_reset (id, profile_id, profile_version, way, challenge_id, proved, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET profile_version = excluded.profile_version,
		way = excluded.way, challenge_id = excluded.challenge_id, proved = excluded.proved`,
		l.id, open.Profile.ID, open.Profile.SecurityVersion, l.way, l.challenge, l.proved, tx.Now, open.ExpiresAt)
	return err
}

// Sweep removes what is over.
func Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM signin_reset WHERE expires_at <= $1`, tx.Now)
	return err
}

func (r *Room) state(tx *store.Tx, l row, open recovery.Reset) (State, error) {
	p := open.Profile
	ways, needed, err := r.Proofs.AtReset(tx, p)
	if err != nil {
		return State{}, err
	}
	s := State{Name: p.LoginName(), MinPassword: r.Policy.Least(), NeedsProof: needed && l.proved == ""}
	s.View, err = r.Proofs.View(tx, l.occasion(), l.way, l.challenge, ways, open.ExpiresAt)
	return s, err
}

// Look reads the page behind the link: nothing is sent and nothing is used (C51, B11). The problem says whether the link
// is unknown, used, replaced or expired.
func (r *Room) Look(ctx context.Context, db *store.DB, token string) (s State, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		l, open, err := r.under(tx, "", token)
		if err != nil {
			return err
		}
		s, err = r.state(tx, l, open)
		return err
	})
	return s, unavailable(err)
}

// Finish sets the new password, ends every session, uses up the link and tells all confirmed addresses. It does not log
// in (C32). Problems of the password stand at the field "password".
func (r *Room) Finish(ctx context.Context, db *store.DB, o access.Origin, token, text string) error {
	var p profile.Profile
	err := db.Read(ctx, func(tx *store.Tx) error {
		l, open, err := r.under(tx, "", token)
		if err != nil {
			return err
		}
		p = open.Profile
		return r.mustBeProved(tx, l, p)
	})
	if err != nil {
		return unavailable(err)
	}
	if f := r.Policy.Check(text, p.Username, p.Email, p.Name); f != nil {
		return problem.AtField(f.Name, f.Code, f.Message)
	}
	hash, err := r.Hasher.Hash(ctx, text)
	if err != nil {
		return unavailable(err)
	}
	return unavailable(db.Write(ctx, func(tx *store.Tx) error { return r.set(tx, o, token, hash, password.Count(text)) }))
}

func (r *Room) mustBeProved(tx *store.Tx, l row, p profile.Profile) error {
	_, needed, err := r.Proofs.AtReset(tx, p)
	if err == nil && needed && l.proved == "" {
		err = problem.Forbidden("proof_needed", "Prove first that it is you: use one of your second factors or a recovery code.")
	}
	return err
}

// set does it all in one transaction: of parallel ones exactly one finds the link unused (B15).
func (r *Room) set(tx *store.Tx, o access.Origin, token, hash string, codePoints int) error {
	l, open, err := r.under(tx, tx.ForUpdate(), token)
	if err != nil {
		return err
	}
	p, err := profile.Lock(tx, open.Profile.ID)
	if err != nil {
		return err
	}
	if err := r.mustBeProved(tx, l, p); err != nil {
		return err
	}
	if _, no, err := r.Recovery.UseReset(tx, token); err != nil || no != nil {
		if err == nil {
			err = no
		}
		return err
	}
	if err := password.Set(tx, string(p.ID), hash, codePoints); err != nil {
		return err
	}
	if _, err := profile.Bump(tx, p.ID); err != nil {
		return err
	}
	who := access.Actor{Kind: access.KindVisitor, Profile: p.ID, Name: p.LoginName(), Origin: o}
	if _, err := r.Sessions.EndAllBut(tx, who, p.ID, ""); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM signin_reset WHERE profile_id = $1`, p.ID); err != nil {
		return err
	}
	if err := r.Post.Tell(tx, who, p, wording.PasswordReset, wording.Params{}); err != nil {
		return err
	}
	return r.Log.Record(tx, who, audit.Event{Kind: "password.reset", Target: string(p.ID), Detail: map[string]string{"beside_link": string(l.proved)}}, string(p.ID))
}
