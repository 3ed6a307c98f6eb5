package join

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"watchword/account/link"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/base/store"
)

var errNone = errors.New("no such sign-up")

func over() *problem.Error {
	return problem.Conflict("signup_over", "This registration is over. Log in if you have confirmed your address, or register again.")
}

func (d *Desk) waiting(s signup) Waiting {
	w := Waiting{Username: s.username, Email: s.email, Held: s.held, SentAt: s.sentAt, ExpiresAt: s.expiresAt}
	if s.sends < d.Settings.Sends {
		w.ResendAt = s.sentAt + store.Micros(d.Settings.CoolDown)
	}
	return w
}

// Waiting reads the sign-up of this browser, for the page that says "check your mail"; refused when there is none.
func (d *Desk) Waiting(tx *store.Tx, browser string) (Waiting, *problem.Error, error) {
	s, err := d.byBrowser(tx, browser, "")
	if errors.Is(err, errNone) {
		return Waiting{}, over(), nil
	}
	return d.waiting(s), nil, err
}

// Resend sends the mail of this browser's sign-up again, after a cool-down (RP7). The link in it is new; the former one
// stops working.
func (d *Desk) Resend(ctx context.Context, db *store.DB, who access.Actor, browser string) (w Waiting, refused *problem.Error, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		refused = nil
		s, err := d.byBrowser(tx, browser, tx.ForUpdate())
		if errors.Is(err, errNone) {
			refused = over()
			return nil
		}
		if err != nil {
			return err
		}
		w = d.waiting(s)
		if w.ResendAt == 0 {
			refused = problem.TooMany("mails_many", "No more emails are sent for this registration. Look into the folder for spam, or register again.", 0)
			return nil
		}
		if wait := w.ResendAt - tx.Now; wait > 0 {
			refused = problem.TooMany("mail_wait", "An email was sent a moment ago. Look for it, or ask again in a minute.", time.Duration(wait)*time.Microsecond)
			return nil
		}
		s.sends++
		s.sentAt = tx.Now
		if _, err := tx.Exec(`UPDATE account_signup SET sends = $2, sent_at = $3 WHERE id = $1`, s.id, s.sends, s.sentAt); err != nil {
			return err
		}
		if err := d.mail(tx, who, s); err != nil {
			return err
		}
		w = d.waiting(s)
		return d.Log.Record(tx, who, audit.Event{Kind: "join.mail_again", Target: s.id}, audit.System)
	})
	return w, refused, err
}

// Look reads what the link of a sign-up shows, without using it (B11). browser is the cookie's token, if any.
func (d *Desk) Look(tx *store.Tx, token, browser string) (Confirmation, *problem.Error, error) {
	c, _, refused, err := d.look(tx, token, browser)
	return c, refused, err
}

func (d *Desk) look(tx *store.Tx, token, browser string) (Confirmation, signup, *problem.Error, error) {
	l, refused, err := d.Links.Look(tx, link.VerifyEmail, token)
	if refused != nil || err != nil {
		return Confirmation{}, signup{}, refused, err
	}
	s, err := scan(tx.QueryRow(`SELECT `+columns+` FROM account_signup WHERE id = $1 AND expires_at > $2`, l.Subject, tx.Now))
	if store.IsNoRows(err) {
		return Confirmation{}, s, over(), nil
	}
	return Confirmation{Username: s.username, Email: s.email, Same: d.same(s, browser)}, s, nil, err
}

func (d *Desk) same(s signup, browser string) bool {
	for _, h := range d.Ring.Hashes("signup", browser) {
		if subtle.ConstantTimeCompare([]byte(h), []byte(s.browser)) == 1 {
			return true
		}
	}
	return false
}

// Confirm makes the profile (RP7). In the browser that registered the link is enough, and the caller may log it in;
// elsewhere the password must be right first (decisions 17): a scanner, or the true owner of a mistyped address, has no
// account opened for them. Of parallel confirmations one succeeds.
func (d *Desk) Confirm(ctx context.Context, db *store.DB, who access.Actor, token, browser, pw string) (p profile.Profile, same bool, refused *problem.Error, err error) {
	var c Confirmation
	var s signup
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		c, s, refused, err = d.look(tx, token, browser)
		if refused != nil || err != nil || c.Same {
			return err
		}
		if pw == "" {
			refused = problem.AtField("password", "password_missing", "Enter the password you chose when you registered.")
			return nil
		}
		n, err := tx.Exec(`UPDATE account_signup SET tries = tries + 1 WHERE id = $1 AND tries < $2`, s.id, d.Settings.Tries)
		if err == nil && n == 0 {
			refused = problem.TooMany("tries_many", "There were too many wrong passwords for this registration. Register again.", 0)
		}
		return err
	})
	if refused != nil || err != nil {
		return p, c.Same, refused, err
	}
	if !c.Same {
		ok, _, err := d.Hasher.Verify(ctx, pw, s.hash)
		if err != nil {
			return p, false, nil, err
		}
		if !ok {
			return p, false, problem.AtField("password", "password_wrong", "That is not the password you chose when you registered. If you did not register, say so below."), nil
		}
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		p, refused, err = d.create(tx, who, token)
		return err
	})
	return p, c.Same, refused, err
}

func (d *Desk) create(tx *store.Tx, who access.Actor, token string) (p profile.Profile, refused *problem.Error, err error) {
	l, refused, err := d.Links.Use(tx, link.VerifyEmail, token)
	if refused != nil || err != nil {
		return p, refused, err
	}
	s, err := byID(tx, l.Subject)
	if store.IsNoRows(err) {
		return p, over(), nil
	}
	if err != nil {
		return p, nil, err
	}
	a, bad := profile.ParseAddress("email", s.email)
	if bad != nil {
		return p, nil, errors.New("stored address does not parse")
	}
	if known, err := profile.EmailKnown(tx, a); known || err != nil {
		return p, over(), err
	}
	p, err = profile.Create(tx, profile.New{Username: s.username, Email: s.email, Language: s.language, Zone: s.zone, Country: s.country,
		TermsVersion: s.terms, TermsAt: s.createdAt, TermsAddress: s.address, Holder: holder(a)})
	if err != nil {
		return p, nil, err
	}
	if err := password.Set(tx, string(p.ID), s.hash, s.codePoints); err != nil {
		return p, nil, err
	}
	if err := d.drop(tx, a); err != nil {
		return p, nil, err
	}
	who.Kind, who.Profile, who.Name = access.KindPerson, p.ID, p.LoginName()
	return p, nil, d.Log.Record(tx, who, audit.Event{Kind: "join.confirmed", Target: s.id, Detail: map[string]string{"terms": s.terms}}, string(p.ID))
}

// drop ends every sign-up of an address and gives back the usernames it held.
func (d *Desk) drop(tx *store.Tx, a profile.Address) error {
	if _, err := tx.Exec(`DELETE FROM account_signup WHERE email_key = $1`, a.Key); err != nil {
		return err
	}
	return profile.ReleaseUsername(tx, holder(a))
}

// Disown is "I did not register": the sign-up is deleted, whoever made it (decisions 17).
func (d *Desk) Disown(ctx context.Context, db *store.DB, who access.Actor, token string) (refused *problem.Error, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		var l link.Link
		var err error
		if l, refused, err = d.Links.Use(tx, link.VerifyEmail, token); refused != nil || err != nil {
			return err
		}
		s, err := byID(tx, l.Subject)
		if store.IsNoRows(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM account_signup WHERE id = $1`, s.id); err != nil {
			return err
		}
		var others int
		if err := tx.QueryRow(`SELECT COUNT(*) FROM account_signup WHERE email_key = $1`, s.emailKey).Scan(&others); err != nil {
			return err
		}
		if others == 0 {
			if err := profile.ReleaseUsername(tx, "S:"+s.emailKey); err != nil {
				return err
			}
		}
		return d.Log.Record(tx, who, audit.Event{Kind: "join.disowned", Target: s.id}, audit.System)
	})
	return refused, err
}

// Unconfirmed finds the password hash of a sign-up by its username or address, so that whoever logs in before confirming
// can be told to open the mail (only after the password was right). "" when there is none.
func (d *Desk) Unconfirmed(tx *store.Tx, name string) (hash string, err error) {
	key := ""
	if a, bad := profile.ParseAddress("name", name); bad == nil {
		key = a.Key
	}
	err = tx.QueryRow(`SELECT hash FROM account_signup WHERE (email_key = $1 OR username = $2) AND expires_at > $3 ORDER BY created_at DESC, id
		LIMIT 1`, key, name, tx.Now).Scan(&hash)
	if store.IsNoRows(err) {
		return "", nil
	}
	return hash, err
}
