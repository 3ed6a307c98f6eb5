package accept

import (
	"watchword/account/notice"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/organisation/invite"
)

// create makes the newcomer's profile and joins with it. Everything is read again: the form was looked at before the
// password was hashed.
func (r *Room) create(tx *store.Tx, who access.Actor, f Form, number phone.Number, hash string) (a Accepted, err error) {
	v, o, err := r.look(tx, who, f.Token)
	if err != nil {
		return a, err
	}
	if !o.New { // registered meanwhile
		return a, problem.SignedOut()
	}
	p, err := profile.Create(tx, profile.New{Username: f.Username, Email: v.Email, Name: f.Name, Language: f.Language, Zone: f.Zone,
		Country: f.Country, TermsVersion: r.Terms, TermsAt: tx.Now, TermsAddress: who.Origin.Bucket(), Holder: "S:" + v.EmailKey()})
	if err != nil {
		return a, err
	}
	if err := password.Set(tx, string(p.ID), hash, password.Count(f.Password)); err != nil {
		return a, err
	}
	who.Kind, who.Profile, who.Name = access.KindPerson, p.ID, p.LoginName()
	if err := r.Log.Record(tx, who, audit.Event{Kind: "join.invited", Target: v.ID, Detail: map[string]string{"terms": r.Terms}}, string(p.ID)); err != nil {
		return a, err
	}
	if f.Method == organisation.ByEmail && o.offers(f.Method) {
		if _, err := r.Factors.BindEmail(tx, who, p.ID, notice.Mask(p.Email)); err != nil {
			return a, err
		}
	}
	if err := r.member(tx, who, v, o, p, number); err != nil {
		return a, err
	}
	return Accepted{Organisation: v.Organisation, Profile: p, New: true}, nil
}

// join makes the person who is logged in a member.
func (r *Room) join(tx *store.Tx, who access.Actor, token string) (a Accepted, err error) {
	v, o, err := r.look(tx, who, token)
	if err != nil {
		return a, err
	}
	p, err := profile.Lock(tx, who.Profile)
	if err != nil {
		return a, err
	}
	if p.EmailKey != v.EmailKey() { // changed meanwhile
		return a, problem.Forbidden("invitation_other", "This invitation is for another address than yours.")
	}
	return Accepted{Organisation: v.Organisation, Profile: p}, r.member(tx, who, v, o, p, phone.Number{})
}

// member uses the invitation up and makes the membership. A number that somebody typed stays a suggestion until its
// person proves it (decisions 24).
func (r *Room) member(tx *store.Tx, who access.Actor, v invite.Invitation, o Offer, p profile.Profile, number phone.Number) error {
	if number.E164 == "" {
		n, ok, err := r.Invitations.Number(v)
		if err != nil {
			return err
		}
		if ok {
			number = n
		}
	}
	refused, err := r.Invitations.Take(tx, v, p.ID)
	if err != nil {
		return err
	}
	if refused != nil {
		return refused
	}
	if _, err := organisation.MemberOf(tx, v.Organisation, p.ID); err == nil {
		return nil // a member already, by another way
	} else if !problem.Is(err, problem.KindNotFound) {
		return err
	}
	bound, proved, err := r.Factors.Number(tx, p.ID)
	if err != nil {
		return err
	}
	// Under a required second factor nobody becomes an owner without a proved number (LF4), whatever held when the
	// invitation was written.
	role := v.Role
	if role == organisation.Owner && o.Required && !proved {
		role = organisation.FullMember
	}
	if err := r.Organisations.Add(tx, who, v.Organisation, p.ID, organisation.Joining{Role: role, Method: v.Method, May: v.May}); err != nil {
		return err
	}
	if number.E164 != "" && (!proved || bound.Number.E164 != number.E164) {
		if err := r.Organisations.SuggestNumber(tx, v.Organisation, p.ID, organisation.SealNumber(r.Ring, v.Organisation, p.ID, number),
			number.Masked(r.Home), ""); err != nil {
			return err
		}
	}
	return r.tell(tx, who, v, p)
}

func (r *Room) tell(tx *store.Tx, who access.Actor, v invite.Invitation, p profile.Profile) error {
	owners, err := organisation.OwnersOf(tx, v.Organisation)
	if err != nil {
		return err
	}
	for _, m := range owners {
		if m.Profile == p.ID {
			continue
		}
		o, err := profile.ByID(tx, m.Profile)
		if err != nil {
			return err
		}
		if err := r.Post.Tell(tx, who, o, wording.MemberJoined, wording.Params{Organisation: v.OrgName, Member: p.Called()}); err != nil {
			return err
		}
	}
	return r.Post.Tell(tx, who, p, wording.InvitationAccepted, wording.Params{Organisation: v.OrgName})
}
