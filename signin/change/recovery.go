package change

import (
	"context"
	"strings"

	"watchword/account/factor"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/account/recovery"
	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/organisation"
)

// RecoveryCodes makes ten new ones; the old ones no longer work (LF21, C30).
func (r *Room) RecoveryCodes(ctx context.Context, db *store.DB, who access.Actor) (Kept, error) {
	return r.act(ctx, db, who, proved(wording.MakeRecoveryCodes), stay, func(tx *store.Tx, p profile.Profile, k *Kept) (*problem.Error, error) {
		all, err := r.Factors.List(tx, p.ID)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return nil, problem.Conflict("no_factor", "Recovery codes stand in for a second factor. Add one first.")
		}
		if k.RecoveryCodes, err = r.Recovery.Make(tx, who, p.ID); err != nil {
			return nil, err
		}
		return nil, r.Post.Tell(tx, who, p, wording.RecoveryCodesMade, wording.Params{})
	})
}

// RecoveryCodesSaved notes that the person has saved them (decisions 35).
func (r *Room) RecoveryCodesSaved(ctx context.Context, db *store.DB, who access.Actor) error {
	_, err := r.act(ctx, db, who, anybody, stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		return nil, r.Recovery.Saved(tx, p.ID)
	})
	return err
}

// AskRecoveryAddress mails a confirming link to a further address for recovery and notices (C34). What is no address is
// told before a code is asked for. Field: "email".
func (r *Room) AskRecoveryAddress(ctx context.Context, db *store.DB, who access.Actor, address string) (Kept, error) {
	if _, bad := profile.ParseAddress("email", address); bad != nil {
		return Kept{}, problem.AtField(bad.Name, bad.Code, bad.Message)
	}
	k, err := r.act(ctx, db, who, proved(wording.AddRecoveryAddress), stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		return nil, r.Recovery.AddAddress(tx, who, p.ID, address)
	})
	if p := problem.As(err); p != nil {
		for i := range p.Fields {
			p.Fields[i].Name = "email"
		}
	}
	return k, err
}

// LookRecoveryAddress is the page behind that link: the masked address.
func (r *Room) LookRecoveryAddress(ctx context.Context, db *store.DB, token string) (masked string, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		m, no, err := r.Recovery.LookAddress(tx, token)
		if err == nil && no != nil {
			return no
		}
		masked = m
		return err
	})
	return masked, unavailable(err)
}

// ConfirmRecoveryAddress is its button; all confirmed addresses are told.
func (r *Room) ConfirmRecoveryAddress(ctx context.Context, db *store.DB, o access.Origin, token string) error {
	var no *problem.Error
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		no, err = r.Recovery.ConfirmAddress(tx, access.Visitor(o), token)
		return err
	})
	if err == nil && no != nil {
		err = no
	}
	return unavailable(err)
}

// RemoveRecoveryAddress forgets a further address.
func (r *Room) RemoveRecoveryAddress(ctx context.Context, db *store.DB, who access.Actor, address string) (Kept, error) {
	a, bad := profile.ParseAddress("address", address)
	if bad != nil {
		return Kept{}, problem.NotFound("recovery address")
	}
	return r.act(ctx, db, who, proved(wording.AddRecoveryAddress), stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		return nil, r.Recovery.RemoveAddress(tx, who, p.ID, a.Key)
	})
}

// Close closes the profile for good (RP17): refused with the names while it is the only owner of an organisation.
func (r *Room) Close(ctx context.Context, db *store.DB, who access.Actor) error {
	_, err := r.act(ctx, db, who, proved(wording.CloseProfile), stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		alone, err := organisation.SoleOwner(tx, p.ID)
		if err != nil {
			return nil, err
		}
		if len(alone) > 0 {
			names := make([]string, len(alone))
			for i, o := range alone {
				names[i] = o.Name
			}
			return problem.Conflict("sole_owner", "You are the only owner of "+strings.Join(names, ", ")+". Transfer it to another user, or delete the organisation, then close your profile."), nil
		}
		return nil, r.close(tx, who, p)
	})
	return err
}

func (r *Room) close(tx *store.Tx, who access.Actor, p profile.Profile) error {
	told, err := profile.Confirmed(tx, p)
	if err != nil {
		return err
	}
	if err := r.Organisations.LeaveAll(tx, who, p.ID); err != nil {
		return err
	}
	if _, err := r.Factors.RemoveAll(tx, who, p.ID, "closed"); err != nil {
		return err
	}
	if err := r.Recovery.Forget(tx, who, p.ID); err != nil {
		return err
	}
	if err := r.forgetNumber(tx, p.ID); err != nil {
		return err
	}
	if err := password.Forget(tx, string(p.ID)); err != nil {
		return err
	}
	if err := r.Links.Cancel(tx, string(p.ID)); err != nil {
		return err
	}
	if err := profile.Close(tx, p.ID); err != nil {
		return err
	}
	if _, err := r.Sessions.EndAllBut(tx, who, p.ID, ""); err != nil {
		return err
	}
	if err := r.Post.TellAt(tx, who, p, wording.ProfileClosed, wording.Params{}, told...); err != nil {
		return err
	}
	return r.record(tx, who, "profile.closed", string(p.ID), nil)
}

// Overview is everything the security page shows, sessions apart.
type Overview struct {
	Profile   profile.Profile
	Factors   []factor.Factor
	History   []factor.Past // every factor ever bound (C27)
	Codes     recovery.Codes
	Addresses []profile.Extra
	Reach     access.Level // the highest level the factors reach
	// OneMailbox: the reset link and the second factor end in the same mailbox, so this is not two-factor (C23).
	OneMailbox bool
}

// Look reads the overview.
func (r *Room) Look(ctx context.Context, db *store.DB, who access.Actor) (v Overview, err error) {
	if err := who.MustBePerson(); err != nil {
		return v, err
	}
	err = db.Read(ctx, func(tx *store.Tx) error {
		v = Overview{}
		if v.Profile, err = profile.ByID(tx, who.Profile); err != nil {
			return err
		}
		if v.Factors, err = r.Factors.List(tx, who.Profile); err != nil {
			return err
		}
		if v.History, err = r.Factors.History(tx, who.Profile); err != nil {
			return err
		}
		if v.Codes, err = r.Recovery.Codes(tx, who.Profile); err != nil {
			return err
		}
		if v.Addresses, err = profile.Extras(tx, who.Profile); err != nil {
			return err
		}
		v.Reach, err = r.Factors.Reach(tx, who.Profile)
		v.OneMailbox = len(v.Factors) > 0 && v.Reach < access.LevelTwoFactor
		return err
	})
	return v, unavailable(err)
}
