package change

import (
	"context"
	"strings"

	"watchword/account/factor"
	"watchword/account/notice"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/signin/proof"
)

// firstCodes makes recovery codes with the first factor (decisions 35).
func (r *Room) firstCodes(tx *store.Tx, who access.Actor, p profile.Profile, k *Kept) error {
	have, err := r.Recovery.Codes(tx, p.ID)
	if err != nil || have.Made > 0 {
		return err
	}
	k.RecoveryCodes, err = r.Recovery.Make(tx, who, p.ID)
	return err
}

func (r *Room) added(tx *store.Tx, who access.Actor, p profile.Profile, f factor.Factor, k *Kept) error {
	if err := r.Post.Tell(tx, who, p, wording.FactorAdded, wording.Params{Detail: string(f.Kind)}); err != nil {
		return err
	}
	return r.firstCodes(tx, who, p, k)
}

// TOTPSetup is an authenticator app on its way to being bound. The secret is shown now and never again.
type TOTPSetup struct {
	Factor id.Factor
	Secret string // base32, for typing
	URL    string // otpauth://, for the QR code
}

// BeginTOTP makes a secret for an authenticator app; it counts once ConfirmTOTP saw a code of it (LF20). The same one is
// given again for 15 minutes, so that a page loaded twice does not confuse the app.
func (r *Room) BeginTOTP(ctx context.Context, db *store.DB, who access.Actor) (s TOTPSetup, err error) {
	_, err = r.act(ctx, db, who, r.mayAddFactor, stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		x, err := r.Factors.BeginTOTP(tx, p.ID, p.LoginName())
		s = TOTPSetup{Factor: x.ID, Secret: strings.ReplaceAll(x.Secret, " ", ""), URL: x.URI}
		return nil, err
	})
	return s, err
}

// ConfirmTOTP binds the app by its first code: only who was shown the secret, after a fresh proof, can know it. Fields:
// "code", "label".
func (r *Room) ConfirmTOTP(ctx context.Context, db *store.DB, who access.Actor, f id.Factor, code, label string) (Kept, error) {
	return r.act(ctx, db, who, anybody, end, func(tx *store.Tx, p profile.Profile, k *Kept) (*problem.Error, error) {
		bound, no, err := r.Factors.FinishTOTP(tx, who, p.ID, f, code, label)
		if err != nil || no != nil {
			return no, err
		}
		k.proved = proof.TOTP
		return nil, r.added(tx, who, p, bound, k)
	})
}

// PasskeyOptions begins the making of a passkey: JSON for navigator.credentials.create.
func (r *Room) PasskeyOptions(ctx context.Context, db *store.DB, who access.Actor) (options []byte, ceremony string, err error) {
	_, err = r.act(ctx, db, who, r.mayAddFactor, stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		c, err := r.Factors.BeginPasskey(tx, p.ID, p.LoginName(), p.Called())
		options, ceremony = c.Options, c.ID
		return nil, err
	})
	return options, ceremony, err
}

// AddPasskey binds the passkey that the browser made. The ceremony was begun after a fresh proof and works once. Field:
// "label".
func (r *Room) AddPasskey(ctx context.Context, db *store.DB, who access.Actor, ceremony, label string, answer []byte) (Kept, error) {
	return r.act(ctx, db, who, anybody, end, func(tx *store.Tx, p profile.Profile, k *Kept) (*problem.Error, error) {
		bound, no, err := r.Factors.FinishPasskey(tx, who, p.ID, ceremony, answer, label)
		if err != nil || no != nil {
			return no, err
		}
		k.proved = proof.Passkey
		return nil, r.added(tx, who, p, bound, k)
	})
}

// AddEmail makes codes by email a second factor: labelled weak, level 1 (C23).
func (r *Room) AddEmail(ctx context.Context, db *store.DB, who access.Actor) (Kept, error) {
	return r.act(ctx, db, who, r.mayAddFactor, end, func(tx *store.Tx, p profile.Profile, k *Kept) (*problem.Error, error) {
		bound, err := r.Factors.BindEmail(tx, who, p.ID, notice.Mask(p.Email))
		if err != nil {
			return nil, err
		}
		return nil, r.added(tx, who, p, bound, k)
	})
}

// RemoveFactor revokes one factor at once (C27). The last one goes by TwoFactorOff, which says what that means; what an
// organisation of the person needs stays (LF4, LF17).
func (r *Room) RemoveFactor(ctx context.Context, db *store.DB, who access.Actor, f id.Factor) (Kept, error) {
	return r.act(ctx, db, who, proved(wording.RemoveFactor), end, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		all, err := r.Factors.List(tx, p.ID)
		if err != nil {
			return nil, err
		}
		if len(all) == 1 && all[0].ID == f {
			return nil, problem.Conflict("last_factor", "This is your only second factor. Add another one first, or turn two-factor off.")
		}
		if err := needed(tx, p.ID, all, without(all, f)); err != nil {
			return nil, err
		}
		gone, err := r.Factors.Remove(tx, who, p.ID, f)
		if err != nil {
			return nil, err
		}
		n, x := wording.FactorRemoved, wording.Params{Detail: string(gone.Kind)}
		if gone.Kind == factor.SMS {
			n, x.Detail = wording.NumberRemoved, gone.Masked
		}
		return nil, r.Post.Tell(tx, who, p, n, x)
	})
}

// RenameFactor gives a factor another name. Field: "label".
func (r *Room) RenameFactor(ctx context.Context, db *store.DB, who access.Actor, f id.Factor, label string) error {
	_, err := r.act(ctx, db, who, anybody, stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		return nil, r.Factors.Rename(tx, who, p.ID, f, label)
	})
	return err
}

// Prefer makes a factor the one that is offered first. No proof is needed: the others stay as they are.
func (r *Room) Prefer(ctx context.Context, db *store.DB, who access.Actor, f id.Factor) error {
	_, err := r.act(ctx, db, who, anybody, stay, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		return nil, r.Factors.Prefer(tx, who, p.ID, f)
	})
	return err
}

// TwoFactorOff removes every factor and the recovery codes, after a fresh code; refused while an organisation of the
// person requires two-factor (LF4, LF18).
func (r *Room) TwoFactorOff(ctx context.Context, db *store.DB, who access.Actor) (Kept, error) {
	return r.act(ctx, db, who, proved(wording.TurnOffTwoFactor), end, func(tx *store.Tx, p profile.Profile, _ *Kept) (*problem.Error, error) {
		if err := mayTurnOff(tx, p.ID); err != nil {
			return nil, err
		}
		all, err := r.Factors.RemoveAll(tx, who, p.ID, "turned_off")
		if err != nil || len(all) == 0 {
			return nil, err
		}
		if err := r.Recovery.Forget(tx, who, p.ID); err != nil {
			return nil, err
		}
		if err := r.forgetNumber(tx, p.ID); err != nil {
			return nil, err
		}
		if err := r.Post.Tell(tx, who, p, wording.TwoFactorOff, wording.Params{}); err != nil {
			return nil, err
		}
		return nil, r.record(tx, who, "two_factor.off", string(p.ID), nil)
	})
}
