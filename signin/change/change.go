// Package change holds what a person does to the own profile while staying logged in: password, username, address,
// number, factors, recovery. Each operation wants a fresh proof of its class (problem.NeedsCode otherwise), tells all
// confirmed addresses, ends the other sessions where the proofs changed, and gives the acting session a new token.
package change

import (
	"context"
	"slices"
	"time"

	"watchword/account/factor"
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/signin/proof"
	"watchword/signin/session"
	"watchword/signin/stepup"
)

// Settings of changes.
type Settings struct {
	EmailLink   time.Duration // life of the link to a new address, default 24 hours
	CancelLink  time.Duration // life of the link that takes a change of number back, default 72 hours (B12)
	NumberLife  time.Duration // how long a number may wait for its code, default 15 minutes
	FirstFactor time.Duration // how long after the registration its session may bind the first factor, default 15 minutes
}

// Defaults are those of security.md part 3 and decisions 35.
func Defaults() Settings {
	return Settings{EmailLink: 24 * time.Hour, CancelLink: 72 * time.Hour, NumberLife: 15 * time.Minute, FirstFactor: 15 * time.Minute}
}

// Room is put together once, at the start.
type Room struct {
	Ring          *secret.Ring
	Log           *audit.Log
	Hasher        *password.Hasher
	Policy        password.Policy
	Codes         *challenge.Engine
	Factors       *factor.Room
	Recovery      *recovery.Room
	Links         link.Book
	Post          *notice.Post
	Organisations *organisation.Rooms
	Sessions      *session.Book
	StepUp        *stepup.Room
	Home          string // country for numbers where the person has none
	Settings      Settings
}

// Kept is the acting session after a change: the door replaces the cookie when Session is set. RecoveryCodes are shown
// once, after the first factor was bound or codes were made anew.
type Kept struct {
	Session       *session.Made
	RecoveryCodes []string
	proved        proof.Way // by binding it; empty for none
}

// effect is what a change means for other sessions.
type effect int

const (
	stay effect = iota // they live on
	end                // the proofs changed: they end (C42), the acting one gets a new token (C38)
)

// act runs one change in a transaction: the session is alive, may passes, the profile is locked. What f returns as
// problem is a verdict: it commits.
func (r *Room) act(ctx context.Context, db *store.DB, who access.Actor, may check, e effect, f func(tx *store.Tx, p profile.Profile, k *Kept) (*problem.Error, error)) (Kept, error) {
	if err := who.MustBePerson(); err != nil {
		return Kept{}, err
	}
	var k Kept
	var no *problem.Error
	err := db.Write(ctx, func(tx *store.Tx) error {
		k, no = Kept{}, nil
		p, err := profile.Lock(tx, who.Profile)
		if err != nil {
			return err
		}
		info, err := r.Sessions.Of(tx, who)
		if err != nil {
			return err
		}
		if err := may(tx, who, info); err != nil {
			return err
		}
		if no, err = f(tx, p, &k); err != nil || no != nil || e == stay {
			return err
		}
		v, err := profile.Bump(tx, p.ID)
		if err != nil {
			return err
		}
		made, err := r.renew(tx, who, v, k.proved)
		k.Session = &made
		return err
	})
	if err == nil && no != nil {
		err = no
	}
	if err != nil {
		return Kept{}, unavailable(err)
	}
	return k, nil
}

// renew keeps the acting session. Whoever binds a factor has proved it, so that the session opens what asks for it.
func (r *Room) renew(tx *store.Tx, who access.Actor, version int64, w proof.Way) (session.Made, error) {
	if w == "" {
		return r.Sessions.Renew(tx, who, version, access.LevelNone, "")
	}
	return r.Sessions.Renew(tx, who, version, proof.LevelOf(w), string(w))
}

// unavailable says in plain words that something of ours failed; a problem stays as it is (C58).
func unavailable(err error) error {
	if err == nil || problem.As(err) != nil {
		return err
	}
	return problem.Unavailable("change_unavailable", "This cannot be changed at the moment, through no fault of yours. Nothing was changed. Try again in a minute.", err)
}

// check is what a change needs beforehand.
type check func(tx *store.Tx, who access.Actor, info session.Info) error

func anybody(*store.Tx, access.Actor, session.Info) error { return nil }

// proved wants a fresh proof of a class of action.
func proved(a wording.Action) check {
	return func(tx *store.Tx, who access.Actor, _ session.Info) error { return grant.Must(tx, who, string(a), "") }
}

// mayAddFactor wants a fresh proof of the highest level the person reaches (C26), except for the first factor in two
// fresh sessions that have just given all there is to give: that of a registration (RP9), and that of a log-in by
// password and emailed code whose person an organisation waits for (decisions 25).
func (r *Room) mayAddFactor(tx *store.Tx, who access.Actor, info session.Info) error {
	if info.Source == session.Registration && tx.Now-info.CreatedAt < store.Micros(r.Settings.FirstFactor) {
		ever, err := r.Factors.History(tx, who.Profile)
		if err != nil || len(ever) == 0 {
			return err
		}
	}
	if slices.Contains(info.Methods, string(proof.Email)) && tx.Now-info.ProvedAt < store.Micros(r.Settings.FirstFactor) {
		waits, err := r.awaited(tx, who.Profile)
		if err != nil || waits {
			return err
		}
	}
	return grant.Must(tx, who, string(wording.AddFactor), "")
}

// ready says early, before anything costly, whether a proof is at hand; it is spent later. Beside NeedsCode it still says
// whose session it is, so that a mistake can be told before anybody fetches a code for it.
func (r *Room) ready(ctx context.Context, db *store.DB, who access.Actor, a wording.Action) (p profile.Profile, err error) {
	if err := who.MustBePerson(); err != nil {
		return p, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		if _, err := r.Sessions.Of(tx, who); err != nil {
			return err
		}
		if p, err = profile.ByID(tx, who.Profile); err != nil {
			return err
		}
		has, err := grant.Has(tx, who, string(a), "")
		if err == nil && !has {
			err = problem.NeedsCode(string(a), "")
		}
		return err
	})
	return p, unavailable(err)
}

func (r *Room) record(tx *store.Tx, who access.Actor, kind, target string, detail map[string]string) error {
	return r.Log.Record(tx, who, audit.Event{Kind: kind, Target: target, Detail: detail}, string(who.Profile))
}

// visitor is somebody who holds a link of a profile and is not logged in here.
func visitor(o access.Origin, p profile.Profile) access.Actor {
	return access.Actor{Kind: access.KindVisitor, Profile: p.ID, Name: p.LoginName(), Origin: o}
}
