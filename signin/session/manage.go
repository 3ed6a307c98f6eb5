package session

import (
	"context"
	"slices"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/organisation"
)

// ActionEnd is the class of action that ending other sessions needs a fresh proof for (C43).
const ActionEnd = "end_sessions"

// Listed is one of a person's sessions as the security page shows it.
type Listed struct {
	ID        id.Session
	Current   bool
	Device    string // "Firefox on Windows"
	Address   string // of the newest request that was written down
	Country   string
	Level     access.Level
	Methods   []string
	CreatedAt int64 // micros
	SeenAt    int64 // micros, to the minute
	EndsAt    int64 // micros
}

// List gives the actor's living sessions, the current one first, then the newest (LF24).
func (b *Book) List(ctx context.Context, db *store.DB, who access.Actor) (out []Listed, err error) {
	if err := who.MustBePerson(); err != nil {
		return nil, err
	}
	err = db.ReadOne(ctx, func(tx *store.Tx) (err error) {
		out, err = list(tx, who.Profile, tx.Now-store.Micros(b.Settings.Idle))
		return err
	})
	slices.SortStableFunc(out, func(x, y Listed) int {
		if x.Current = x.ID == who.Session; x.Current {
			return -1
		}
		if y.ID == who.Session {
			return 1
		}
		return 0
	})
	for i := range out {
		out[i].Current = out[i].ID == who.Session
	}
	return out, err
}

// End ends one of the actor's sessions at once (C42). Another one than the current needs a fresh proof (C43). NotFound
// for a session that is not the actor's.
func (b *Book) End(ctx context.Context, db *store.DB, who access.Actor, s id.Session) error {
	if err := who.MustBePerson(); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		if s != who.Session {
			if err := grant.Must(tx, who, ActionEnd, ""); err != nil {
				return err
			}
		}
		n, err := remove(tx, who.Profile, s)
		if err != nil {
			return err
		}
		if n == 0 {
			return problem.NotFound("session")
		}
		kind := "session.ended"
		if s == who.Session {
			kind = "session.logged_out"
		}
		return b.Log.Record(tx, who, audit.Event{Kind: kind, Target: string(s)}, string(who.Profile))
	})
}

// EndOthers ends all of the actor's sessions but the current one, after a fresh proof, and says how many ended.
func (b *Book) EndOthers(ctx context.Context, db *store.DB, who access.Actor) (n int64, err error) {
	if err := who.MustBePerson(); err != nil {
		return 0, err
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		if err := grant.Must(tx, who, ActionEnd, ""); err != nil {
			return err
		}
		n, err = b.EndAllBut(tx, who, who.Profile, who.Session)
		return err
	})
	return n, err
}

// EndAllBut ends the profile's sessions except keep (which may be empty) in the caller's transaction.
func (b *Book) EndAllBut(tx *store.Tx, who access.Actor, p id.Profile, keep id.Session) (int64, error) {
	n, err := removeAllBut(tx, p, keep)
	if err != nil || n == 0 {
		return n, err
	}
	return n, b.Log.Record(tx, who, audit.Event{Kind: "session.others_ended", Target: string(p)}, string(p))
}

// Switch goes to another of the actor's organisations without logging in again, or to none with an empty id; NotFound
// where the actor is no member, Forbidden "organisation_needs_proof" where more proof is asked for (OU12, OU17). The next
// session begins there. Whoever leaves the organisation they are in switches to none first: the end of a membership ends
// the sessions in it.
func (b *Book) Switch(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) error {
	if err := who.MustBePerson(); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		var m organisation.Member
		if org != "" {
			var err error
			if m, err = organisation.Enter(tx, org, who, organisation.Anybody); err != nil {
				return err
			}
		}
		if err := setOrganisation(tx, who.Session, who.Profile, org, m.Version); err != nil {
			return err
		}
		return b.Log.Record(tx, who, audit.Event{Kind: "session.switched", Target: string(org)}, string(who.Profile), string(org))
	})
}

// Chosen says whether the actor has been in one of the own organisations before, so that a new session begins there
// without asking (LF23).
func (b *Book) Chosen(ctx context.Context, db *store.DB, who access.Actor) (ok bool, err error) {
	if err := who.MustBePerson(); err != nil {
		return false, err
	}
	err = db.ReadOne(ctx, func(tx *store.Tx) (err error) {
		ok, err = chosen(tx, who.Profile)
		return err
	})
	return ok, err
}

// Rotate gives the session a new token and lets the old one die (C38), after a step-up. The level rises to the given
// one and never falls; the method is added. SignedOut when the session ended meanwhile.
func (b *Book) Rotate(tx *store.Tx, who access.Actor, level access.Level, method string) (Made, error) {
	r, err := byID(tx, tx.ForUpdate(), who.Session)
	if store.IsNoRows(err) || err == nil && (r.Profile != who.Profile || !r.alive(tx.Now, b.Settings)) {
		return Made{}, problem.SignedOut()
	}
	if err != nil {
		return Made{}, err
	}
	if method != "" && !slices.Contains(r.Methods, method) {
		r.Methods = append(r.Methods, method)
	}
	m := Made{Token: id.Token(32), ID: r.ID, EndsAt: r.EndsAt}
	return m, rotate(tx, r.ID, b.Ring.Hash(purpose, m.Token), max(r.Level, level), r.Methods)
}

// Renew lets the acting session live on when its own act raised the profile's security version; every other session
// of the profile ends. The token changes as well. Level and method are what the act itself proved, as in Rotate: the
// binding of a factor proves it.
func (b *Book) Renew(tx *store.Tx, who access.Actor, version int64, level access.Level, method string) (Made, error) {
	r, err := byID(tx, tx.ForUpdate(), who.Session)
	if store.IsNoRows(err) || err == nil && (r.Profile != who.Profile || tx.Now >= r.EndsAt) {
		return Made{}, problem.SignedOut()
	}
	if err != nil {
		return Made{}, err
	}
	if err := setVersion(tx, r.ID, version); err != nil {
		return Made{}, err
	}
	if _, err := removeAllBut(tx, r.Profile, r.ID); err != nil {
		return Made{}, err
	}
	m := Made{Token: id.Token(32), ID: r.ID, EndsAt: r.EndsAt}
	if method != "" && !slices.Contains(r.Methods, method) {
		r.Methods = append(r.Methods, method)
	}
	return m, rotate(tx, r.ID, b.Ring.Hash(purpose, m.Token), max(r.Level, level), r.Methods)
}

// Of reads the acting session inside a transaction, with everything that would end it; SignedOut when it ended.
func (b *Book) Of(tx *store.Tx, who access.Actor) (Info, error) {
	r, err := byID(tx, "", who.Session)
	if store.IsNoRows(err) || err == nil && (r.Profile != who.Profile || !r.alive(tx.Now, b.Settings)) {
		return Info{}, problem.SignedOut()
	}
	return r.Info, err
}

// Sweep removes sessions that are over.
func (b *Book) Sweep(tx *store.Tx) (int64, error) {
	return sweep(tx, tx.Now, tx.Now-store.Micros(b.Settings.Idle))
}

// Drop ends the acting session in the caller's transaction: whoever holds it proved not to be its person.
func (b *Book) Drop(tx *store.Tx, who access.Actor, why string) error {
	n, err := remove(tx, who.Profile, who.Session)
	if err != nil || n == 0 {
		return err
	}
	return b.Log.Record(tx, who, audit.Event{Kind: "session.ended", Outcome: audit.Refused, Reason: why, Target: string(who.Session)}, string(who.Profile))
}

// Keep lets one session live on under a new security version when the change was made elsewhere (behind a link), and
// ends every other one. Its token stays: nobody is there to take a new one.
func (b *Book) Keep(tx *store.Tx, p id.Profile, s id.Session, version int64) error {
	r, err := byID(tx, tx.ForUpdate(), s)
	if err != nil && !store.IsNoRows(err) {
		return err
	}
	// It must have been alive until this very change.
	if err == nil && r.Profile == p && r.version == version-1 && tx.Now < r.EndsAt {
		if err := setVersion(tx, s, version); err != nil {
			return err
		}
	}
	_, err = removeAllBut(tx, p, s)
	return err
}
