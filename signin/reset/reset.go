// Package reset is the forgotten password: a link by mail, then a factor that is still bound or a recovery code where
// the profile has a second factor, then a new password. It never logs in and never weakens the second factor (RP15,
// C31-C33).
package reset

import (
	"context"
	"errors"
	"time"

	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/signin/proof"
)

// Settings of resets.
type Settings struct {
	Life   time.Duration // of the link, default 30 minutes (C31)
	Answer time.Duration // the least time an answer to Ask takes, so that it does not tell who exists; default 60 ms (C11)
}

// Defaults are those of security.md part 3.
func Defaults() Settings { return Settings{Life: 30 * time.Minute, Answer: 60 * time.Millisecond} }

// Form is the posted "forgotten password" form.
type Form struct {
	Origin access.Origin
	Name   string // username or email address
}

// State is a reset under way, as its page shows it.
type State struct {
	Name        string // log-in name, so that password managers save the right one
	NeedsProof  bool   // a bound factor or a recovery code comes before the new password
	MinPassword int    // code points
	proof.View
}

// Result is where a reset stands. Notice is a verdict to be shown beside State.
type Result struct {
	State  State
	Notice *problem.Error
}

var errLater = errors.New("not built yet")

// Ask mails the link to every confirmed address of the person. The answer, its words and its time are the same for a
// name that nobody has (C11); only an empty name is complained about.
func (r *Room) Ask(ctx context.Context, db *store.DB, f Form) error { return errLater }

// Look reads the page behind the link: nothing is sent and nothing is used (C51, B11). The problem says whether the link
// is unknown, used, replaced or expired.
func (r *Room) Look(ctx context.Context, db *store.DB, token string) (State, error) {
	return State{}, errLater
}

// Choose takes a way of proof and starts it; a code goes out for SMS. A number that was bound less than 72 hours ago is
// not offered, the one it replaced is (B12, decisions 35).
func (r *Room) Choose(ctx context.Context, db *store.DB, o access.Origin, token string, w proof.Way) (Result, error) {
	return Result{}, errLater
}

// Resend sends the same code again.
func (r *Room) Resend(ctx context.Context, db *store.DB, o access.Origin, token string) (Result, error) {
	return Result{}, errLater
}

// Enter takes a code of any way but the passkey. A recovery code is used up by it.
func (r *Room) Enter(ctx context.Context, db *store.DB, o access.Origin, token string, w proof.Way, code string) (Result, error) {
	return Result{}, errLater
}

// PasskeyOptions begins a passkey ceremony.
func (r *Room) PasskeyOptions(ctx context.Context, db *store.DB, o access.Origin, token string) (options []byte, ceremony string, err error) {
	return nil, "", errLater
}

// Passkey finishes the ceremony with the browser's answer (JSON).
func (r *Room) Passkey(ctx context.Context, db *store.DB, o access.Origin, token, ceremony string, answer []byte) (Result, error) {
	return Result{}, errLater
}

// Finish sets the new password, ends every session, uses up the link and tells all confirmed addresses. It does not log
// in (C32). Problems of the password stand at the field "password".
func (r *Room) Finish(ctx context.Context, db *store.DB, o access.Origin, token, password string) error {
	return errLater
}
