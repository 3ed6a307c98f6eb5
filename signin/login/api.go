package login

import (
	"context"
	"errors"

	"watchword/base/access"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/signin/proof"
)

var errLater = errors.New("not built yet")

// Begin takes a posted log-in form: name and password (LF1). It answers with a session, with a pending log-in, or with
// a problem: "wrong_login" for a name or password that is not right, without telling which (LF12, C11); "login_wait"
// with RetryAfter while strangers' browsers wait; "link_needed" when this browser must first open an emailed link
// (AskUnlock sends it); "captcha_needed" while too many log-ins fail (decisions 16, B4).
func (r *Room) Begin(ctx context.Context, db *store.DB, a Attempt) (Result, error) {
	return Result{}, errLater
}

// Look reads a pending log-in for its page, by the token of its cookie. SignedOut when there is none any more.
func (r *Room) Look(ctx context.Context, db *store.DB, token string) (Pending, error) {
	return Pending{}, errLater
}

// Choose takes another way and starts it: a fresh code goes out, the former one dies (LF7).
func (r *Room) Choose(ctx context.Context, db *store.DB, o access.Origin, token string, w proof.Way) (Result, error) {
	return Result{}, errLater
}

// Resend sends the same code again (LF9). Inside the cool-down Notice says how long to wait.
func (r *Room) Resend(ctx context.Context, db *store.DB, o access.Origin, token string) (Result, error) {
	return Result{}, errLater
}

// Enter takes a code of any way but the passkey: SMS, email, authenticator app or recovery code. The problem of a
// wrong one stands at the field "code".
func (r *Room) Enter(ctx context.Context, db *store.DB, o access.Origin, token string, w proof.Way, code string) (Result, error) {
	return Result{}, errLater
}

// Cancel ends a pending log-in and its code. It is no error when it ended already.
func (r *Room) Cancel(ctx context.Context, db *store.DB, o access.Origin, token string) error {
	return errLater
}

// PasskeyOptions begins a passkey ceremony: with the token of a pending log-in for its second proof, without one as the
// first factor of a log-in that needs no name and no password. The options are JSON for navigator.credentials.get; the
// ceremony's id comes back with the answer. It lasts five minutes and works once (C62).
func (r *Room) PasskeyOptions(ctx context.Context, db *store.DB, o access.Origin, token string) (options []byte, ceremony string, err error) {
	return nil, "", errLater
}

// Passkey finishes the ceremony with the browser's answer (JSON). token and browser as in PasskeyOptions and Attempt.
func (r *Room) Passkey(ctx context.Context, db *store.DB, o access.Origin, browser, token, ceremony string, answer []byte) (Result, error) {
	return Result{}, errLater
}

// AcceptTerms goes on from StepTerms (decisions 13).
func (r *Room) AcceptTerms(ctx context.Context, db *store.DB, o access.Origin, token, version string) (Result, error) {
	return Result{}, errLater
}

// NewPassword goes on from StepPassword with a longer password (decisions 14). Problems stand at the field "password".
func (r *Room) NewPassword(ctx context.Context, db *store.DB, o access.Origin, token, password string) (Result, error) {
	return Result{}, errLater
}

// AskUnlock mails the person of this name a link that lets a browser try again; the answer is the same, and takes as
// long, whether there is such a person or not (C11). At most one link in ten minutes.
func (r *Room) AskUnlock(ctx context.Context, db *store.DB, o access.Origin, name string) error {
	return errLater
}

// LookUnlock says whether an unlock link still works, for its page; nothing is used up (C51).
func (r *Room) LookUnlock(ctx context.Context, db *store.DB, token string) error { return errLater }

// Unlock uses the link: the browser that pressed the button gets ten tries.
func (r *Room) Unlock(ctx context.Context, db *store.DB, o access.Origin, browser, token string) error {
	return errLater
}

// LookWake says whether a wake link still works, for its page.
func (r *Room) LookWake(ctx context.Context, db *store.DB, token string) error { return errLater }

// Wake uses the link of StepWake: the pending log-in that asked for it goes on, in whichever browser it runs (LF27).
func (r *Room) Wake(ctx context.Context, db *store.DB, o access.Origin, token string) error {
	return errLater
}

// Codes is the engine that login uses, for the state of delivery.
func (r *Room) Codes() *challenge.Engine { return r.Proofs.Codes }
