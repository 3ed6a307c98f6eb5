package login

import (
	"context"
	"time"

	"watchword/account/count"
	"watchword/account/link"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/guard"
	"watchword/code/wording"
)

// linkPause is the least time between two links to one person.
const linkPause = 2 * time.Minute

// unlockAsks is how many such links one network address may ask for in an hour (C60).
const unlockAsks = 20

// answerTime is the least time an answer takes whose work would tell whether a name exists (C11).
const answerTime = 60 * time.Millisecond

// paused says, and notes, whether a link of a kind was sent to somebody too short a time ago.
func paused(tx *store.Tx, bucket string) (wait time.Duration, err error) {
	f, err := lockFailures(tx, bucket)
	if err != nil {
		return 0, err
	}
	if wait = linkPause - time.Duration(tx.Now-f.toldAt)*time.Microsecond; wait > 0 && f.toldAt > 0 {
		return wait, nil
	}
	f.toldAt = tx.Now
	return 0, f.save(tx)
}

// sendWake mails the link of StepWake.
func (r *Room) sendWake(tx *store.Tx, who access.Actor, l row, p profile.Profile) (*problem.Error, error) {
	wait, err := paused(tx, "wake "+string(l.id))
	if err != nil {
		return nil, err
	}
	if wait > 0 {
		return problem.TooMany("too_soon", "The link was sent a moment ago. You can have it sent again in "+guard.Words(wait)+".", wait), nil
	}
	m, err := r.Links.Make(tx, link.WakeLogin, string(l.id), string(p.ID), r.Settings.WakeLife)
	if err != nil {
		return nil, err
	}
	return nil, r.Post.Link(tx, who, wording.WakeLogin, p.Email, wording.Language(p.Language), p.Location(),
		wording.Params{URL: m.URL, Minutes: int(r.Settings.WakeLife.Minutes()), Person: p.LoginName()}, 0)
}

// LookWake says whether a wake link still works, for its page.
func (r *Room) LookWake(ctx context.Context, db *store.DB, token string) error {
	return r.lookLink(ctx, db, link.WakeLogin, token)
}

func (r *Room) lookLink(ctx context.Context, db *store.DB, k link.Kind, token string) error {
	return unavailable(db.Read(ctx, func(tx *store.Tx) error {
		_, no, err := r.Links.Look(tx, k, token)
		return either(err, no)
	}))
}

// Wake uses the link of StepWake: the pending log-in that asked for it goes on, in whichever browser it runs (LF27).
func (r *Room) Wake(ctx context.Context, db *store.DB, o access.Origin, token string) error {
	return unavailable(db.Write(ctx, func(tx *store.Tx) error {
		k, no, err := r.Links.Use(tx, link.WakeLogin, token)
		if err != nil || no != nil {
			return either(err, no)
		}
		l, err := byID(tx, tx.ForUpdate(), id.Login(k.Subject))
		if err != nil && !store.IsNoRows(err) {
			return err
		}
		if err != nil || l.step != StepWake || l.endedAt > 0 || tx.Now >= l.expiresAt {
			return problem.Conflict("login_over", "The log-in that asked for this link is over. Log in again to get a new one.")
		}
		p, err := profile.ByID(tx, l.profile)
		if err != nil {
			return err
		}
		l.step = StepAwake
		if err := l.save(tx); err != nil {
			return err
		}
		return r.Log.Record(tx, person(o, p), audit.Event{Kind: "login.woken", Target: string(l.id)}, string(p.ID))
	}))
}

// Continue goes on with a log-in whose link was used meanwhile, perhaps in another browser; otherwise it stays where it
// is. The page behind StepWake posts it.
func (r *Room) Continue(ctx context.Context, db *store.DB, o access.Origin, token string) (Result, error) {
	return r.act(ctx, db, o, token, func(tx *store.Tx, who access.Actor, l row, p profile.Profile) (Result, *problem.Error, error) {
		if l.step == StepWake {
			out, err := r.result(tx, l, p, "", nil)
			return out, problem.AtField("link", "link_not_opened", "The link was not opened yet. Open it from the email, press the button there, then continue here."), err
		}
		if l.step != StepAwake {
			out, err := r.result(tx, l, p, "", nil)
			return out, nil, err
		}
		out, err := r.advance(tx, who, l, p, "", StepWake)
		return out, nil, err
	})
}

// AskUnlock mails the person of this name a link that lets a browser try again; the answer is the same, and takes as
// long, whether there is such a person or not (C11). At most one link in two minutes.
func (r *Room) AskUnlock(ctx context.Context, db *store.DB, o access.Origin, name string) error {
	if name == "" || len(name) > 1024 {
		return problem.AtField("name", "name_missing", "Enter your username or email address.")
	}
	floor := time.NewTimer(answerTime)
	defer floor.Stop()
	var no *problem.Error
	err := db.Write(ctx, func(tx *store.Tx) error {
		no = nil
		late, err := count.Take(tx, "unlock/"+o.Bucket(), count.Limit{Most: unlockAsks, Within: time.Hour})
		if err != nil {
			return err
		}
		if late > 0 { // said of the asker's own address, so it tells nothing of the name
			no = problem.TooMany("asks_many", "Too many links were asked for from your network. Try again in "+guard.Words(late)+".", late)
			return nil
		}
		p, err := profile.ByLogin(tx, name)
		known := err == nil
		if err != nil && !problem.Is(err, problem.KindNotFound) {
			return err
		}
		bucket := "unlock " + r.bucketOf(name)
		if known {
			bucket = "unlock " + string(p.ID)
		}
		wait, err := paused(tx, bucket)
		if err != nil || wait > 0 || !known {
			return err
		}
		m, err := r.Links.Make(tx, link.UnlockLogin, string(p.ID), "", r.Settings.UnlockLife)
		if err != nil {
			return err
		}
		who := person(o, p)
		if err := r.Log.Record(tx, who, audit.Event{Kind: "login.unlock_asked", Target: string(p.ID)}, string(p.ID)); err != nil {
			return err
		}
		return r.Post.Link(tx, who, wording.UnlockLogin, p.Email, wording.Language(p.Language), p.Location(),
			wording.Params{URL: m.URL, Minutes: int(r.Settings.UnlockLife.Minutes()), Person: p.LoginName(), Tries: int(r.Settings.UnlockTries)}, 0)
	})
	select {
	case <-floor.C:
	case <-ctx.Done():
	}
	return unavailable(either(err, no))
}

// LookUnlock says whether an unlock link still works, for its page; nothing is used up (C51).
func (r *Room) LookUnlock(ctx context.Context, db *store.DB, token string) error {
	return r.lookLink(ctx, db, link.UnlockLogin, token)
}

// Unlock uses the link: the browser that pressed the button gets ten tries.
func (r *Room) Unlock(ctx context.Context, db *store.DB, o access.Origin, browser, token string) error {
	return unavailable(db.Write(ctx, func(tx *store.Tx) error {
		k, no, err := r.Links.Use(tx, link.UnlockLogin, token)
		if err != nil || no != nil {
			return either(err, no)
		}
		p, err := profile.ByID(tx, id.Profile(k.Subject))
		if err != nil {
			return err
		}
		if err := grantTries(tx, p.ID, r.Ring.Hash(browserPurpose, browser), r.Settings.UnlockTries); err != nil {
			return err
		}
		return r.Log.Record(tx, person(o, p), audit.Event{Kind: "login.unlocked", Target: string(p.ID)}, string(p.ID))
	}))
}
