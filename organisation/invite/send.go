package invite

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"watchword/account/count"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/mailbox"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
)

// Invite sends a link to an address; owners only, with a fresh proof (OU4, TD12), a full one for an owner. An address that waits already gets a
// new link with what the form says now. Nobody learns here whether the address has a profile; only that it is a member of
// this very organisation.
func (r *Room) Invite(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, f Form) (v Invitation, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		m, err := organisation.Own(tx, who, org)
		if err != nil {
			return err
		}
		c, err := r.check(f, m)
		if err != nil {
			return err
		}
		if err := notMember(tx, org, c.address); err != nil {
			return err
		}
		if err := r.proved(tx, who, org, c); err != nil {
			return err
		}
		kind := "invitation.sent_again"
		v, err = waiting(tx, org, c.address)
		if store.IsNoRows(err) {
			kind = "invitation.sent"
			v, err = r.fresh(tx, who, org)
		}
		if err != nil {
			return err
		}
		r.fill(&v, c)
		if err := v.save(tx); err != nil {
			return err
		}
		return r.send(tx, who, &v, kind)
	})
	return v, err
}

// proved spends the proof that an invitation takes: that for managing users, or, where it makes an owner, the full one
// that making a member an owner takes, bound to this address.
func (r *Room) proved(tx *store.Tx, who access.Actor, org id.Organisation, c checked) error {
	if c.Role != organisation.Owner {
		return grant.Must(tx, who, organisation.ManageUsers, "")
	}
	return grant.Must(tx, who, organisation.Transfers, r.Ring.Hash("invited owner", string(org)+" "+c.address.Key))
}

// fresh is an invitation that is not stored yet, unless too many wait.
func (r *Room) fresh(tx *store.Tx, who access.Actor, org id.Organisation) (Invitation, error) {
	var n int
	err := tx.QueryRow(`SELECT COUNT(*) FROM organisation_invitation WHERE organisation_id = $1 AND accepted_at = 0 AND withdrawn_at = 0
		AND expires_at > $2`, org, tx.Now).Scan(&n)
	if err == nil && n >= r.Settings.Open {
		err = problem.TooMany("invitations_open", "Many invitations wait for an answer already. Withdraw some, or wait until they are accepted.", 0)
	}
	return Invitation{ID: id.New("IN", tx.Now), Organisation: org, InvitedBy: who.Profile, CreatedAt: tx.Now}, err
}

// Edit changes an invitation that was not accepted yet. Another address kills the old link and gets its own (B10).
func (r *Room) Edit(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, invitation string, f Form) (v Invitation, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		m, err := organisation.Own(tx, who, org)
		if err != nil {
			return err
		}
		if v, err = pending(tx, org, invitation); err != nil {
			return err
		}
		c, err := r.check(f, m)
		if err != nil {
			return err
		}
		moved := c.address.Key != v.emailKey
		if moved {
			if err := notMember(tx, org, c.address); err != nil {
				return err
			}
			if _, err := waiting(tx, org, c.address); err == nil {
				return problem.Conflict("already_invited", "This address has an invitation of its own. Edit that one, or withdraw it first.").
					At("email", "already_invited", "Enter another address: this one has an invitation of its own.")
			} else if !store.IsNoRows(err) {
				return err
			}
		}
		if err := r.proved(tx, who, org, c); err != nil {
			return err
		}
		r.fill(&v, c)
		if err := v.save(tx); err != nil {
			return err
		}
		if moved {
			return r.send(tx, who, &v, "invitation.readdressed")
		}
		return r.note(tx, who, v, "invitation.edited")
	})
	return v, err
}

// Resend sends a new link for the next 72 hours; the former one stops working.
func (r *Room) Resend(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, invitation string) (v Invitation, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Own(tx, who, org); err != nil {
			return err
		}
		if v, err = pending(tx, org, invitation); err != nil {
			return err
		}
		return r.send(tx, who, &v, "invitation.sent_again")
	})
	return v, err
}

// Withdraw ends an invitation: its link stops working at once.
func (r *Room) Withdraw(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, invitation string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		if _, err := organisation.Own(tx, who, org); err != nil {
			return err
		}
		v, err := pending(tx, org, invitation)
		if err != nil {
			return err
		}
		if err := v.end(tx); err != nil {
			return err
		}
		return r.note(tx, who, v, "invitation.withdrawn")
	})
}

// send makes a new token, the old one dies, and queues the mail within the limits (C60).
func (r *Room) send(tx *store.Tx, who access.Actor, v *Invitation, kind string) error {
	if wait := v.SentAt + store.Micros(r.Settings.CoolDown) - tx.Now; v.SentAt > 0 && wait > 0 && kind == "invitation.sent_again" {
		return problem.TooMany("invitation_wait", "An email was sent a moment ago. Wait a minute before you send it again.", time.Duration(wait)*time.Microsecond)
	}
	const day = 24 * time.Hour
	if wait, err := count.Take(tx, "invite/"+string(v.Organisation), count.Limit{Most: r.Settings.Day, Within: day}); err != nil || wait > 0 {
		return orMany(err, "invitations_many", "Many invitations were sent today. Send more tomorrow.", wait)
	}
	if wait, err := count.Take(tx, "invite/to/"+challenge.LimitKey(v.emailKey), count.Limit{Most: r.Settings.Address, Within: time.Hour},
		count.Limit{Most: r.Settings.AddressD, Within: day}); err != nil || wait > 0 {
		return orMany(err, "invitations_address", "This address got several invitations lately. Wait before you send another.", wait)
	}
	by, err := profile.ByID(tx, who.Profile)
	if err != nil {
		return err
	}
	org, err := organisation.ByID(tx, v.Organisation)
	if err != nil {
		return err
	}
	v.OrgName, v.InvitedBy, v.InviterName = org.Name, who.Profile, by.Called()
	if v.Language == "" {
		v.Language = wording.Language(by.Language)
	}
	v.SentAt, v.Sends, v.ExpiresAt, v.State = tx.Now, v.Sends+1, tx.Now+store.Micros(r.Settings.Life), Open
	v.ResendAt = v.SentAt + store.Micros(r.Settings.CoolDown)
	token := id.Token(32)
	if err := v.sent(tx, r.Ring.Hash(purpose, token)); err != nil {
		return err
	}
	if err := r.Post.Link(tx, who, wording.Invitation, v.Email, v.Language, by.Location(), wording.Params{URL: r.url(token),
		Minutes: int(r.Settings.Life / time.Minute), Person: v.InviterName, Organisation: v.OrgName}, 0); err != nil {
		return err
	}
	return r.note(tx, who, *v, kind)
}

func orMany(err error, code, message string, wait time.Duration) error {
	if err != nil {
		return err
	}
	return problem.TooMany(code, message, wait)
}

func (r *Room) url(token string) string {
	return strings.TrimSuffix(r.BaseURL, "/") + Path + "?token=" + url.QueryEscape(token)
}

func (r *Room) note(tx *store.Tx, who access.Actor, v Invitation, kind string) error {
	return r.Log.Record(tx, who, audit.Event{Kind: kind, Target: v.ID, Detail: map[string]string{"email": v.Email, "role": string(v.Role),
		"method": string(v.Method)}}, string(v.Organisation))
}

// checked is a form without mistakes.
type checked struct {
	Form
	address mailbox.Address
	number  phone.Number
	home    string // country for numbers in national spelling
}

// check names every mistake at its field and tidies the form. m is the owner who invites.
func (r *Room) check(f Form, m organisation.Member) (c checked, err error) {
	p := m.Demand.Policy
	e := problem.Invalid("invalid", "Check what you entered.")
	c.Form, c.home = f, m.Home(r.Home)
	c.Name = strings.Join(strings.Fields(f.Name), " ")
	if !utf8.ValidString(c.Name) || strings.ContainsFunc(c.Name, func(x rune) bool { return unicode.IsControl(x) || unicode.Is(unicode.Bidi_Control, x) }) {
		e.At("name", "name_characters", "Remove the invisible control characters from the name.")
	} else if utf8.RuneCountInString(c.Name) > profile.MaxName {
		e.At("name", "name_too_long", "Shorten the name to 200 characters or fewer.")
	}
	var bad *problem.Field
	if c.address, bad = mailbox.Parse("email", f.Email); bad != nil {
		e.Fields = append(e.Fields, *bad)
	}
	if c.Role == "" {
		c.Role = organisation.FullMember
	}
	switch {
	case c.Role != organisation.FullMember && c.Role != organisation.Owner:
		e.At("role", "role_unknown", "Choose a role from the list.")
	case c.Role == organisation.Owner && p.Required:
		e.At("role", "owner_number", "Invite this person as a member first: an owner needs a proved mobile number here.")
	case c.Method != "" && c.Method.Rank() < 1:
		e.At("method", "method_unknown", "Choose a method from the list.")
	case c.Method != "" && c.Method.Rank() < p.Least(c.Role, "").Rank():
		e.At("method", "method_weak", "Choose a stronger method: the organisation does not accept this one from "+string(c.Role)+"s.")
	}
	if c.Permissions == nil {
		c.Permissions = organisation.Permissions()
	}
	for _, x := range c.Permissions {
		if !slices.Contains(organisation.Permissions(), x) {
			e.At("permissions", "permission_unknown", "Choose permissions from the list.")
			break
		}
	}
	if strings.TrimSpace(f.Number) != "" {
		var err error
		if c.number, err = phone.ParseMobile(f.Number, c.home); err != nil {
			for _, x := range problem.As(err).Fields {
				e.At("number", x.Code, x.Message)
			}
		}
	}
	if c.Language != "" && !c.Language.Known() {
		e.At("language", "language_unknown", "Choose a language from the list.")
	}
	return c, e.OrNil()
}

// fill puts a form into an invitation.
func (r *Room) fill(v *Invitation, c checked) {
	v.Name, v.Email, v.emailKey, v.Role, v.Method, v.May, v.Language = c.Name, c.address.Spelling, c.address.Key, c.Role, c.Method, c.Permissions, c.Language
	v.NumberMasked, v.sealed = "", nil
	if c.number.E164 != "" {
		v.NumberMasked, v.sealed = c.number.Masked(c.home), r.Ring.Seal(purpose, v.ID, []byte(c.number.E164))
	}
}
