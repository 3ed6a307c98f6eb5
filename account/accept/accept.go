// Package accept is the page behind an invitation: somebody new makes a profile, somebody known joins with the own one.
// The invited address is proved by the link itself: there is no second one (decisions 26).
package accept

import (
	"context"

	"watchword/account/factor"
	"watchword/account/notice"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/organisation/invite"
)

// Room is put together once, at the start.
type Room struct {
	Ring          *secret.Ring
	Log           *audit.Log
	Organisations *organisation.Rooms
	Invitations   *invite.Room
	Factors       *factor.Room
	Hasher        *password.Hasher
	Policy        password.Policy
	Post          *notice.Post
	Terms         string // version of the text at /terms
	Home          string // country whose numbers are shown in national form
}

// Choice is a way to prove oneself that the organisation accepts of the newcomer.
type Choice struct {
	Method   organisation.Method
	Strength int // 1 weak to 4; email is weaker than SMS, SMS than an authenticator app, that than a passkey
}

// Offer is what the page of an invitation shows.
type Offer struct {
	Organisation organisation.Organisation
	InvitedBy    string
	Email, Name  string
	Role         organisation.Role
	Method       organisation.Method // what the owner asks for at least; may be empty
	Choices      []Choice            // strongest first
	Required     bool                // a second factor is required here
	NumberMasked string              // typed by the owner; may be empty
	Language     wording.Language
	ExpiresAt    int64 // micros
	// Exactly one of these is set, or none when the person who is logged in may join with one button.
	New          bool // nobody has this address: Accept makes a profile
	NeedsLogin   bool // somebody has it, and nobody is logged in
	WrongProfile bool // somebody else is logged in
}

// Form accepts. Of who has a profile already only Token is read.
type Form struct {
	Token          string
	Username       string // may be empty (decisions 11)
	Name           string // may be empty
	Password       string
	Method         organisation.Method // empty: chosen at the first log-in
	Number         string              // for SMS; empty: the one the owner typed
	Country        string              // two letters; how Number is read
	Terms          bool
	Language, Zone string // guessed from the browser; unknown ones become the invitation's and UTC
}

// Accepted is who joined what.
type Accepted struct {
	Organisation id.Organisation
	Profile      profile.Profile
	New          bool // a profile was made: go to /login
}

// Look reads an invitation without using it (B11).
func (r *Room) Look(ctx context.Context, db *store.DB, who access.Actor, token string) (o Offer, err error) {
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		_, o, err = r.look(tx, who, token)
		return err
	})
	return o, err
}

func (r *Room) look(tx *store.Tx, who access.Actor, token string) (v invite.Invitation, o Offer, err error) {
	v, refused, err := r.Invitations.Find(tx, token)
	if err != nil {
		return v, o, err
	}
	if refused != nil {
		return v, o, refused
	}
	p, err := organisation.PolicyOf(tx, v.Organisation)
	if err != nil {
		return v, o, err
	}
	org, err := organisation.ByID(tx, v.Organisation)
	if err != nil {
		return v, o, err
	}
	if org.Suspended { // nothing changes there (decisions 28)
		return v, o, problem.Forbidden("suspended", org.Name+" is suspended: nobody can join it now. Ask "+v.InviterName+".")
	}
	o = Offer{Organisation: org, InvitedBy: v.InviterName, Email: v.Email, Name: v.Name, Role: v.Role, Method: v.Method, Required: p.Required,
		NumberMasked: v.NumberMasked, Language: v.Language, ExpiresAt: v.ExpiresAt}
	least := p.Least(v.Role, v.Method)
	if p.Required { // the door asks for the number that the owner typed: what does not meet it is not offered
		least = p.LeastWith(v.Role, v.Method, v.NumberMasked != "")
	}
	for _, m := range []organisation.Method{organisation.ByPasskey, organisation.ByTOTP, organisation.BySMS, organisation.ByEmail} {
		if m.Rank() >= least.Rank() {
			o.Choices = append(o.Choices, Choice{m, m.Rank()})
		}
	}
	a, bad := profile.ParseAddress("email", v.Email)
	if bad != nil {
		return v, o, problem.NotFound("invitation")
	}
	known, err := profile.EmailKnown(tx, a)
	if err != nil {
		return v, o, err
	}
	if who.MustBePerson() != nil {
		o.New, o.NeedsLogin = !known, known
		return v, o, nil
	}
	me, err := profile.ByID(tx, who.Profile)
	if err != nil {
		return v, o, err
	}
	o.WrongProfile = me.EmailKey != v.EmailKey()
	return v, o, nil
}

// Accept joins the organisation. An address that has a profile must be logged in as exactly that one: anybody else is
// refused (OU5, B10). Of parallel acceptances one makes a member.
func (r *Room) Accept(ctx context.Context, db *store.DB, who access.Actor, f Form) (a Accepted, err error) {
	var o Offer
	var v invite.Invitation
	if err := db.Read(ctx, func(tx *store.Tx) (err error) { v, o, err = r.look(tx, who, f.Token); return err }); err != nil {
		return a, err
	}
	switch {
	case o.WrongProfile:
		return a, problem.Forbidden("invitation_other", "This invitation is for "+notice.Mask(o.Email)+", and you are logged in with another address. Log out, then open the link again.")
	case o.NeedsLogin:
		return a, problem.SignedOut()
	case !o.New:
		err = db.Write(ctx, func(tx *store.Tx) (err error) {
			a, err = r.join(tx, who, f.Token)
			return err
		})
		return a, err
	}
	number, err := r.check(&f, v, o)
	if err != nil {
		return a, err
	}
	hash, err := r.Hasher.Hash(ctx, f.Password)
	if err != nil {
		return a, err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		a, err = r.create(tx, who, f, number, hash)
		return err
	})
	return a, err
}

// check names the mistakes of a newcomer in the order of the form, and tidies it.
func (r *Room) check(f *Form, v invite.Invitation, o Offer) (number phone.Number, err error) {
	e := problem.Invalid("invalid", "Check what you entered.")
	if f.Username != "" {
		if u := profile.CheckUsername(f.Username, v.Email); u != nil {
			e.Fields = append(e.Fields, *u)
		}
	}
	f.Name = profile.CheckLine(e, "name", "your name", f.Name, profile.MaxName)
	own := []string{f.Username, v.Email, v.OrgName}
	if len(f.Username) > 4096 { // refused above already
		own = nil
	}
	if p := r.Policy.Check(f.Password, own...); p != nil {
		e.Fields = append(e.Fields, *p)
	}
	if f.Method != "" && !o.offers(f.Method) {
		e.At("method", "method_weak", "Choose one of the methods that the organisation accepts.")
	}
	if f.Method == organisation.BySMS && f.Number != "" {
		if number, err = phone.ParseMobile(f.Number, f.Country); err != nil {
			for _, x := range problem.As(err).Fields {
				e.At("number", x.Code, x.Message)
			}
		}
	}
	if f.Method == organisation.BySMS && f.Number == "" && o.NumberMasked == "" {
		e.At("number", "number_missing", "Enter your mobile number.")
	}
	if !f.Terms {
		e.At("terms", "terms_missing", "Accept the terms of use to go on.")
	}
	if !wording.Language(f.Language).Known() {
		f.Language = string(v.Language)
	}
	if !profile.ZoneKnown(f.Zone) {
		f.Zone = "UTC"
	}
	return number, e.OrNil()
}

func (o Offer) offers(m organisation.Method) bool {
	for _, c := range o.Choices {
		if c.Method == m {
			return true
		}
	}
	return false
}
