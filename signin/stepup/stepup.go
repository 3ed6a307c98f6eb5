// Package stepup is the fresh proof before one action. It leaves a grant that the action spends (code/grant), and gives
// the session a new token (C38). A session's age never replaces it, a trusted device never does (C45-C47).
package stepup

import (
	"context"
	"errors"
	"time"

	"watchword/base/access"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/signin/proof"
	"watchword/signin/session"
)

// Settings of step-up.
type Settings struct {
	Life      time.Duration // of one undertaking, default 10 minutes
	ExactLife time.Duration // of a grant that is bound to data, default 10 minutes
}

// Defaults are those of security.md part 3.
func Defaults() Settings { return Settings{Life: 10 * time.Minute, ExactLife: 10 * time.Minute} }

// Ask names what is to be proved: the Action and Digest of problem.NeedsCode, and words for the text ("12,400
// contacts").
type Ask struct {
	Action string
	Digest string
	Detail string
}

// State is a step-up under way. While NeedsPassword, Password comes first and no code is sent.
type State struct {
	Action, Digest string
	NeedsPassword  bool
	NoFactor       bool // the person has no second factor: the code goes by email
	proof.View
}

// Result is where a step-up stands. Session is set when it succeeded: the door replaces the cookie and goes on with the
// action. Notice is a verdict to be shown beside State.
type Result struct {
	Session *session.Made
	State   *State
	Notice  *problem.Error
}

var errLater = errors.New("not built yet")

// Begin starts a step-up, or reads the one under way, for its page. Where no password is needed the code of the
// preferred way goes out at once.
func (r *Room) Begin(ctx context.Context, db *store.DB, who access.Actor, a Ask) (Result, error) {
	return Result{}, errLater
}

// Look reads a step-up under way without starting anything (pages poll it for the state of delivery).
func (r *Room) Look(ctx context.Context, db *store.DB, who access.Actor, a Ask) (State, error) {
	return State{}, errLater
}

// Password takes the password of a full re-authentication (C46); when it is right the code of the preferred way goes out.
func (r *Room) Password(ctx context.Context, db *store.DB, who access.Actor, a Ask, password string) (Result, error) {
	return Result{}, errLater
}

// Choose takes another way and starts it.
func (r *Room) Choose(ctx context.Context, db *store.DB, who access.Actor, a Ask, w proof.Way) (Result, error) {
	return Result{}, errLater
}

// Resend sends the same code again.
func (r *Room) Resend(ctx context.Context, db *store.DB, who access.Actor, a Ask) (Result, error) {
	return Result{}, errLater
}

// Enter takes a code of any way but the passkey.
func (r *Room) Enter(ctx context.Context, db *store.DB, who access.Actor, a Ask, w proof.Way, code string) (Result, error) {
	return Result{}, errLater
}

// PasskeyOptions begins a passkey ceremony. A passkey with user verification needs no password beside it.
func (r *Room) PasskeyOptions(ctx context.Context, db *store.DB, who access.Actor, a Ask) (options []byte, ceremony string, err error) {
	return nil, "", errLater
}

// Passkey finishes the ceremony with the browser's answer (JSON).
func (r *Room) Passkey(ctx context.Context, db *store.DB, who access.Actor, a Ask, ceremony string, answer []byte) (Result, error) {
	return Result{}, errLater
}

// Cancel ends a step-up and its code.
func (r *Room) Cancel(ctx context.Context, db *store.DB, who access.Actor, a Ask) error {
	return errLater
}
