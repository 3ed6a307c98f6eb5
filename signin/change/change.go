// Package change holds what a person does to the own profile while staying logged in: password, username, address,
// number, factors, recovery. Each operation wants a fresh proof of its class (problem.NeedsCode otherwise), tells all
// confirmed addresses, ends the other sessions where the proofs changed, and gives the acting session a new token.
package change

import (
	"context"
	"errors"
	"time"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/signin/session"
)

// Settings of changes.
type Settings struct {
	EmailLink   time.Duration // life of the link to a new address, default 24 hours
	CancelLink  time.Duration // life of the link that takes a change of number back, default 72 hours (B12)
	NumberLife  time.Duration // how long a number may wait for its code, default 15 minutes
	FirstFactor time.Duration // how long after the registration its session may bind the first factor, default 15 minutes
}

// Defaults are those of security.md part 3 and decisions 35.
func Defaults() Settings {
	return Settings{EmailLink: 24 * time.Hour, CancelLink: 72 * time.Hour, NumberLife: 15 * time.Minute, FirstFactor: 15 * time.Minute}
}

// Kept is the acting session after a change: the door replaces the cookie when Session is set. RecoveryCodes are shown
// once, after the first factor was bound or codes were made anew.
type Kept struct {
	Session       *session.Made
	RecoveryCodes []string
}

// NumberState is a number on its way to being bound, as its page shows it.
type NumberState struct {
	Masked    string
	Replaces  string // masked number that it will replace; empty for a first number
	Challenge challenge.Challenge
	ExpiresAt int64 // micros
}

// TOTPSetup is an authenticator app on its way to being bound. The secret is shown now and never again.
type TOTPSetup struct {
	Factor id.Factor
	Secret string // base32, for typing
	URL    string // otpauth://, for the QR code
}

var errLater = errors.New("not built yet")

// Password sets a new password; the current one is needed beside the fresh proof (C7, RP14). Fields: "current",
// "password".
func (r *Room) Password(ctx context.Context, db *store.DB, who access.Actor, current, password string) (Kept, error) {
	return Kept{}, errLater
}

// Username changes the username (RP3). Field: "username".
func (r *Room) Username(ctx context.Context, db *store.DB, who access.Actor, username string) (Kept, error) {
	return Kept{}, errLater
}

// AskEmail mails a link to the new address; nothing changes before it is opened and confirmed (RP13). The answer is the
// same when the address belongs to another profile (C11). Field: "email".
func (r *Room) AskEmail(ctx context.Context, db *store.DB, who access.Actor, address string) (Kept, error) {
	return Kept{}, errLater
}

// LookEmail reads the page behind the link: the masked new address, or what is the matter with the link.
func (r *Room) LookEmail(ctx context.Context, db *store.DB, token string) (masked string, err error) {
	return "", errLater
}

// ConfirmEmail uses the link: the address changes, the old one is told, sessions end except the one that asked.
func (r *Room) ConfirmEmail(ctx context.Context, db *store.DB, o access.Origin, token string) error {
	return errLater
}

// AskNumber sends a code to a mobile number that is to be bound, or to replace the bound one (RP10, RP11, C25). The old
// number stays valid until the code was entered. Field: "number". country helps to read national spellings.
func (r *Room) AskNumber(ctx context.Context, db *store.DB, who access.Actor, number, country string) (NumberState, *problem.Error, error) {
	return NumberState{}, nil, errLater
}

// LookNumber reads the number under way; NotFound when there is none.
func (r *Room) LookNumber(ctx context.Context, db *store.DB, who access.Actor) (NumberState, error) {
	return NumberState{}, errLater
}

// ResendNumber sends the same code again; the problem beside the state is a verdict to be shown.
func (r *Room) ResendNumber(ctx context.Context, db *store.DB, who access.Actor) (NumberState, *problem.Error, error) {
	return NumberState{}, nil, errLater
}

// EnterNumber takes the code: the number is bound, the one it replaces and the mailboxes are told with a link that
// takes it back for 72 hours (B12). Field: "code".
func (r *Room) EnterNumber(ctx context.Context, db *store.DB, who access.Actor, code string) (Kept, error) {
	return Kept{}, errLater
}

// CancelNumber forgets the number under way.
func (r *Room) CancelNumber(ctx context.Context, db *store.DB, who access.Actor) error {
	return errLater
}

// LookTakeBack reads the page behind the link of a changed number: the masked number that would return.
func (r *Room) LookTakeBack(ctx context.Context, db *store.DB, token string) (masked string, err error) {
	return "", errLater
}

// TakeBack uses that link: the former number is bound again, the new one removed, every session ends.
func (r *Room) TakeBack(ctx context.Context, db *store.DB, o access.Origin, token string) error {
	return errLater
}

// BeginTOTP makes a secret for an authenticator app; it counts once ConfirmTOTP saw a code of it (LF20). Field: "label".
func (r *Room) BeginTOTP(ctx context.Context, db *store.DB, who access.Actor, label string) (TOTPSetup, error) {
	return TOTPSetup{}, errLater
}

// ConfirmTOTP binds the app by its first code. Field: "code".
func (r *Room) ConfirmTOTP(ctx context.Context, db *store.DB, who access.Actor, f id.Factor, code string) (Kept, error) {
	return Kept{}, errLater
}

// PasskeyOptions begins the making of a passkey: JSON for navigator.credentials.create.
func (r *Room) PasskeyOptions(ctx context.Context, db *store.DB, who access.Actor) (options []byte, ceremony string, err error) {
	return nil, "", errLater
}

// AddPasskey binds the passkey that the browser made. Field: "label".
func (r *Room) AddPasskey(ctx context.Context, db *store.DB, who access.Actor, ceremony, label string, answer []byte) (Kept, error) {
	return Kept{}, errLater
}

// AddEmail makes codes by email a second factor: labelled weak, level 1 (C23).
func (r *Room) AddEmail(ctx context.Context, db *store.DB, who access.Actor) (Kept, error) {
	return Kept{}, errLater
}

// RemoveFactor revokes one factor (C27). Removing the last one is TwoFactorOff.
func (r *Room) RemoveFactor(ctx context.Context, db *store.DB, who access.Actor, f id.Factor) (Kept, error) {
	return Kept{}, errLater
}

// Prefer makes a factor the one that is offered first. No proof is needed.
func (r *Room) Prefer(ctx context.Context, db *store.DB, who access.Actor, f id.Factor) error {
	return errLater
}

// TwoFactorOff removes every factor and the recovery codes, after a fresh code.
func (r *Room) TwoFactorOff(ctx context.Context, db *store.DB, who access.Actor) (Kept, error) {
	return Kept{}, errLater
}

// RecoveryCodes makes ten new ones; the old ones no longer work (LF21, C30).
func (r *Room) RecoveryCodes(ctx context.Context, db *store.DB, who access.Actor) (Kept, error) {
	return Kept{}, errLater
}

// RecoveryCodesSaved notes that the person has saved them (decisions 35).
func (r *Room) RecoveryCodesSaved(ctx context.Context, db *store.DB, who access.Actor) error {
	return errLater
}

// AskRecoveryAddress mails a confirming link to a further address for recovery and notices (C34). Field: "email".
func (r *Room) AskRecoveryAddress(ctx context.Context, db *store.DB, who access.Actor, address string) (Kept, error) {
	return Kept{}, errLater
}

// LookRecoveryAddress and ConfirmRecoveryAddress are the page and the button behind that link.
func (r *Room) LookRecoveryAddress(ctx context.Context, db *store.DB, token string) (masked string, err error) {
	return "", errLater
}

// ConfirmRecoveryAddress uses the link.
func (r *Room) ConfirmRecoveryAddress(ctx context.Context, db *store.DB, o access.Origin, token string) error {
	return errLater
}

// RemoveRecoveryAddress forgets a further address.
func (r *Room) RemoveRecoveryAddress(ctx context.Context, db *store.DB, who access.Actor, address string) (Kept, error) {
	return Kept{}, errLater
}

// Close closes the profile for good (RP17): refused with the names while it is the only owner of an organisation.
func (r *Room) Close(ctx context.Context, db *store.DB, who access.Actor) error { return errLater }
