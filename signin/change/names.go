package change

import (
	"context"
	"strings"
	"time"

	"watchword/account/count"
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/wording"
	"watchword/signin/session"
)

// Details edits what needs no proof: name, language, time zone, formats (RP12, RP19).
func (r *Room) Details(ctx context.Context, db *store.DB, who access.Actor, d profile.Details) error {
	if _, err := d.Check(); err != nil {
		return err
	}
	_, err := r.act(ctx, db, who, anybody, stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		if err := profile.Edit(tx, p.ID, d); err != nil {
			return nil, err
		}
		return nil, r.record(tx, who, "profile.edited", string(p.ID), nil)
	})
	return err
}

// Password sets a new password; the current one is needed beside the fresh proof (C7, RP14). Other sessions end, open
// reset links die (C31). Fields: "current", "password".
func (r *Room) Password(ctx context.Context, db *store.DB, who access.Actor, current, text string) (Kept, error) {
	p, err := r.ready(ctx, db, who, wording.ChangePassword)
	if err != nil && !problem.Is(err, problem.KindNeedsCode) {
		return Kept{}, err
	}
	if f := r.Policy.Check(text, p.Username, p.Email, p.Name); f != nil {
		return Kept{}, problem.AtField(f.Name, f.Code, f.Message)
	}
	if err != nil {
		return Kept{}, err
	}
	kept, err := r.StepUp.VerifyPassword(ctx, db, who, "current", current)
	if err != nil {
		return Kept{}, err
	}
	if text == current {
		return Kept{}, problem.AtField("password", "password_same", "Choose another password: this is the one you have.")
	}
	hash, err := r.Hasher.Hash(ctx, text)
	if err != nil {
		return Kept{}, unavailable(err)
	}
	return r.act(ctx, db, who, proved(wording.ChangePassword), end, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		now, err := password.Of(tx, string(p.ID))
		if err != nil {
			return nil, err
		}
		if now.Hash != kept.Hash { // a parallel change was first
			return problem.AtField("current", "password_wrong", "That password is not right: it was changed a moment ago."), nil
		}
		if err := password.Set(tx, string(p.ID), hash, password.Count(text)); err != nil {
			return nil, err
		}
		if err := r.Recovery.CancelResets(tx, p.ID); err != nil {
			return nil, err
		}
		if err := r.Post.Tell(tx, who, p, wording.PasswordChanged, wording.Params{}); err != nil {
			return nil, err
		}
		return nil, r.record(tx, who, "password.changed", string(p.ID), nil)
	})
}

// Username changes the username (RP3). One that cannot be had is told before a code is asked for. Field: "username".
func (r *Room) Username(ctx context.Context, db *store.DB, who access.Actor, username string) (Kept, error) {
	may := func(tx *store.Tx, who access.Actor, info session.Info) error {
		p, err := profile.ByID(tx, who.Profile)
		if err != nil {
			return err
		}
		if f := profile.CheckUsername(username, p.Email); f != nil {
			return problem.AtField(f.Name, f.Code, f.Message)
		}
		free, err := profile.UsernameFree(tx, username, string(p.ID))
		if err == nil && !free {
			f := profile.Taken()
			err = problem.AtField(f.Name, f.Code, f.Message)
		}
		if err != nil {
			return err
		}
		return proved(wording.ChangeUsername)(tx, who, info)
	}
	return r.act(ctx, db, who, may, stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		if username == p.Username {
			return nil, nil
		}
		if err := profile.SetUsername(tx, p.ID, username); err != nil {
			return nil, err
		}
		if err := r.Post.Tell(tx, who, p, wording.UsernameChanged, wording.Params{Detail: username}); err != nil {
			return nil, err
		}
		return nil, r.record(tx, who, "username.changed", string(p.ID), map[string]string{"from": p.Username, "to": username})
	})
}

// mails limits what one person or one address may have sent by asking for links.
var mails = []count.Limit{{Most: 5, Within: time.Hour}, {Most: 10, Within: 24 * time.Hour}}

// AskEmail mails a link to the new address; nothing changes before it is opened and confirmed (RP13). The answer is the
// same when the address belongs to another profile, whose owner is told instead (C11). Field: "email".
func (r *Room) AskEmail(ctx context.Context, db *store.DB, who access.Actor, address string) (Kept, error) {
	a, bad := profile.ParseAddress("email", address)
	if bad != nil {
		return Kept{}, problem.AtField(bad.Name, bad.Code, bad.Message)
	}
	return r.act(ctx, db, who, proved(wording.ChangeEmailAddress), stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		if a.Spelling == p.Email {
			return problem.AtField("email", "email_same", "Enter another email address: this is the one you have."), nil
		}
		for _, bucket := range []string{"mail/" + challenge.LimitKey(a.Key), "change_email/" + string(p.ID)} {
			wait, err := count.Take(tx, bucket, mails...)
			if err != nil {
				return nil, err
			}
			if wait > 0 {
				no := problem.TooMany("mails_many", "Too many emails were asked for. Try again later.", wait)
				return no.At("email", no.Code, no.Message), nil
			}
		}
		taken, err := profile.EmailKnown(tx, a)
		if err != nil {
			return nil, err
		}
		if err := r.record(tx, who, "email.asked", notice.Mask(a.Spelling), nil); err != nil {
			return nil, err
		}
		if taken && a.Key != p.EmailKey {
			return nil, r.Post.Link(tx, who, wording.AlreadyRegistered, a.Spelling, wording.Language(p.Language), nil,
				wording.Params{URL: strings.TrimSuffix(r.Links.BaseURL, "/") + "/login"}, 0)
		}
		made, err := r.Links.Make(tx, link.ChangeEmail, string(p.ID), string(who.Session)+" "+a.Spelling, r.Settings.EmailLink)
		if err != nil {
			return nil, err
		}
		return nil, r.Post.Link(tx, who, wording.ChangeEmail, a.Spelling, wording.Language(p.Language), p.Location(),
			wording.Params{URL: made.URL, Minutes: int(r.Settings.EmailLink.Minutes())}, 0)
	})
}

// LookEmail reads the page behind the link: the masked new address, or what is the matter with the link.
func (r *Room) LookEmail(ctx context.Context, db *store.DB, token string) (masked string, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		l, no, err := r.Links.Look(tx, link.ChangeEmail, token)
		if err == nil && no != nil {
			return no
		}
		_, address, _ := strings.Cut(l.Data, " ")
		masked = notice.Mask(address)
		return err
	})
	return masked, unavailable(err)
}

// ConfirmEmail uses the link: the address changes, the old one and all others are told, and every session ends except
// the one that asked. Field "email" when somebody else took the address meanwhile.
func (r *Room) ConfirmEmail(ctx context.Context, db *store.DB, o access.Origin, token string) error {
	return unavailable(db.Write(ctx, func(tx *store.Tx) error {
		l, no, err := r.Links.Use(tx, link.ChangeEmail, token)
		if err == nil && no != nil {
			err = no
		}
		if err != nil {
			return err
		}
		before, err := profile.Lock(tx, id.Profile(l.Subject))
		if err != nil {
			return err
		}
		asked, address, _ := strings.Cut(l.Data, " ")
		a, bad := profile.ParseAddress("email", address)
		if bad != nil || before.ClosedAt > 0 {
			return problem.Conflict("link_over", "This link no longer means anything. Log in and ask for a new one.")
		}
		if err := profile.SetEmail(tx, before.ID, a); err != nil {
			return err
		}
		v, err := profile.Bump(tx, before.ID)
		if err != nil {
			return err
		}
		if err := r.Sessions.Keep(tx, before.ID, id.Session(asked), v); err != nil {
			return err
		}
		if err := r.Recovery.CancelResets(tx, before.ID); err != nil {
			return err
		}
		now, err := profile.ByID(tx, before.ID)
		if err != nil {
			return err
		}
		who := visitor(o, now)
		x := wording.Params{Detail: notice.Mask(a.Spelling)}
		if err := r.Post.TellAt(tx, who, now, wording.EmailChanged, x, before.Email); err != nil {
			return err
		}
		if err := r.Post.Tell(tx, who, now, wording.EmailChanged, x); err != nil {
			return err
		}
		return r.record(tx, who, "email.changed", string(now.ID), map[string]string{"from": notice.Mask(before.Email), "to": notice.Mask(a.Spelling)})
	}))
}
