package request

import (
	"context"
	"strings"

	"watchword/account/link"
	"watchword/account/operator"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
)

// Take says that an operator looks after a request. Another one may take it over.
func (m *Room) Take(ctx context.Context, db *store.DB, who access.Actor, i ID) (r Request, err error) {
	if err := operator.MustOperate(who); err != nil {
		return r, err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if r, err = find(tx, i, tx.ForUpdate()); err != nil {
			return err
		}
		if r.State != Open && r.State != Taken {
			return problem.Conflict("not_open", "This request is no longer open: it is "+string(r.State)+".")
		}
		r.State, r.TakenBy, r.TakenName, r.TakenAt = Taken, who.Operator, who.Name, tx.Now
		if err := take(tx, r); err != nil {
			return err
		}
		return m.record(tx, who, r, audit.Event{Kind: "support.taken"})
	})
	return r, err
}

// Cancel ends a request without any effect. Operators only; owners have their links (CancelByLink).
func (m *Room) Cancel(ctx context.Context, db *store.DB, who access.Actor, i ID, why string) (r Request, err error) {
	if err := operator.MustOperate(who); err != nil {
		return r, err
	}
	e := problem.Invalid("invalid", "Check what you entered.")
	if why = line(e, "why", "the reason", why); why == "" {
		e.At("why", "why_missing", "Write why it is cancelled.")
	}
	if err := e.OrNil(); err != nil {
		return r, err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if r, err = find(tx, i, tx.ForUpdate()); err != nil {
			return err
		}
		return m.cancel(tx, who, &r, why)
	})
	return r, err
}

func (m *Room) cancel(tx *store.Tx, who access.Actor, r *Request, why string) error {
	from := r.State
	if from != Open && from != Taken && from != Started {
		return problem.Conflict("not_open", "There is nothing to cancel: this request is "+string(r.State)+".")
	}
	by := string(who.Operator)
	if who.Profile != "" {
		by = string(who.Profile)
	}
	r.State, r.EndedBy, r.EndedName, r.EndedAt, r.EndedWhy = Cancelled, by, who.Name, tx.Now, why
	if ok, err := end(tx, *r, from); err != nil || !ok {
		if err == nil {
			err = problem.Conflict("not_open", "This request ended a moment ago.")
		}
		return err
	}
	if err := m.record(tx, who, *r, audit.Event{Kind: "support.cancelled", Reason: why}); err != nil || from != Started {
		return err
	}
	return m.tell(tx, who, *r, wording.SupportCancelled)
}

// LookLink reads the request behind a cancelling link; looking changes nothing (C51, B11). The problem is a verdict.
func (m *Room) LookLink(ctx context.Context, db *store.DB, token string) (r Request, refused *problem.Error, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		var l link.Link
		if l, refused, err = m.Links.Look(tx, link.CancelSupport, token); refused != nil || err != nil {
			return err
		}
		r, err = find(tx, ID(l.Data), "")
		return err
	})
	return r, refused, err
}

// CancelByLink cancels what was started, by the link that an owner or the person was sent. It can do nothing else, and
// works from any browser, logged in or not (part 4 row 3).
func (m *Room) CancelByLink(ctx context.Context, db *store.DB, who access.Actor, token string) (r Request, refused *problem.Error, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		var l link.Link
		if l, refused, err = m.Links.Look(tx, link.CancelSupport, token); refused != nil || err != nil {
			return err
		}
		if r, err = find(tx, ID(l.Data), tx.ForUpdate()); err != nil {
			return err
		}
		if r.State != Started {
			refused = problem.Conflict("not_started", "There is nothing left to cancel: this request is "+string(r.State)+".")
			return nil
		}
		if _, refused, err = m.Links.Use(tx, link.CancelSupport, token); refused != nil || err != nil {
			return err
		}
		_, holder, _ := strings.Cut(l.Subject, " ")
		p, err := profile.ByID(tx, id.Profile(holder))
		if err != nil {
			return err
		}
		// Whoever opens the link acts for the person it was sent to.
		by := access.Actor{Kind: access.KindPerson, Profile: p.ID, Name: p.LoginName(), Origin: who.Origin}
		return m.cancel(tx, by, &r, "by_link")
	})
	return r, refused, err
}

// Answer writes back and closes the request. It goes to the confirmed addresses of whoever the typed name belongs to,
// so that nobody has answers about somebody else sent to an address of his own; only where nobody is known, to the
// address that was typed.
func (m *Room) Answer(ctx context.Context, db *store.DB, who access.Actor, i ID, words string) (r Request, err error) {
	if err := operator.MustOperate(who); err != nil {
		return r, err
	}
	e := problem.Invalid("invalid", "Check what you entered.")
	if words = text(e, "answer", "the answer", words); words == "" {
		e.At("answer", "answer_missing", "Write the answer.")
	}
	if err := e.OrNil(); err != nil {
		return r, err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if r, err = find(tx, i, tx.ForUpdate()); err != nil {
			return err
		}
		from := r.State
		if from != Open && from != Taken {
			return problem.Conflict("not_open", "This request can no longer be answered: it is "+string(r.State)+".")
		}
		r.State, r.EndedBy, r.EndedName, r.EndedAt, r.EndedWhy, r.Answer = Answered, string(who.Operator), who.Name, tx.Now, "answered", words
		if _, err := end(tx, r, from); err != nil {
			return err
		}
		if err := m.send(tx, who, r); err != nil {
			return err
		}
		return m.record(tx, who, r, audit.Event{Kind: "support.answered"})
	})
	return r, err
}

func (m *Room) send(tx *store.Tx, who access.Actor, r Request) error {
	x := wording.Params{Answer: r.Answer, By: who.Name}
	who.Origin = access.Origin{}
	p, known, err := asker(tx, r)
	if err != nil {
		return err
	}
	if known {
		return m.Post.Tell(tx, who, p, wording.SupportAnswered, x)
	}
	a, bad := profile.ParseAddress("email", r.TypedEmail)
	if bad != nil {
		return problem.AtField("answer", "answer_nowhere", "There is no address to write to: cancel the request instead.")
	}
	return m.Post.TellAt(tx, who, profile.Profile{Language: r.Language}, wording.SupportAnswered, x, a.Spelling)
}

// asker finds who asked: the person who was logged in, otherwise whose name or address was typed.
func asker(tx *store.Tx, r Request) (profile.Profile, bool, error) {
	if id.Valid("PR", r.OpenedBy) {
		p, err := profile.ByID(tx, id.Profile(r.OpenedBy))
		return p, err == nil && p.ClosedAt == 0, ignoreMissing(err)
	}
	for _, name := range []string{r.TypedName, r.TypedEmail} {
		p, err := profile.ByLogin(tx, name)
		if err == nil {
			return p, true, nil
		}
		if !problem.Is(err, problem.KindNotFound) {
			return p, false, err
		}
	}
	return profile.Profile{}, false, nil
}
