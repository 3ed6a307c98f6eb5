// Package problem holds the errors that reach a person or a program: what happened, why, and what to do.
//
// Every operation returns either nil, a *problem.Error, or a fault (any other error). The doors have one adapter each
// that turns the first kind into a page or problem+json (RFC 9457) and the second into "unavailable" with a request id.
package problem

import (
	"errors"
	"fmt"
	"time"
)

// Kind is one of about seven families; it decides the HTTP status.
type Kind int

const (
	// KindInvalid: something in the input must be mended (422).
	KindInvalid Kind = iota + 1
	// KindNotFound: there is nothing there, or it is none of the caller's business (404).
	KindNotFound
	// KindConflict: it clashes with what is there (409).
	KindConflict
	// KindForbidden: known, but not allowed (403).
	KindForbidden
	// KindNeedsCode: a fresh code must be given first (403 step_up_required).
	KindNeedsCode
	// KindTooMany: a limit was reached; RetryAfter says when to come back, if ever (429).
	KindTooMany
	// KindUnavailable: something of ours is down; nothing was lost (503).
	KindUnavailable
	// KindSignedOut: nobody is logged in (401).
	KindSignedOut
)

// Error is a problem with words for a person and a stable code for programs.
type Error struct {
	Kind       Kind
	Code       string        // stable, lower case with underscores, e.g. "username_taken"
	Message    string        // one sentence for a person: what happened and what to do
	Fields     []Field       // field errors, in the order of the form
	RetryAfter time.Duration // for KindTooMany and KindUnavailable; 0 when unknown
	Action     string        // for KindNeedsCode: the class of action to prove, e.g. "change_email"
	Digest     string        // for KindNeedsCode: what exactly is bound to the code, when the action has data
	Cause      error         // for the log only
}

// Field is one mistake at one field of a form.
type Field struct {
	Name    string // the form's field name
	Code    string
	Message string // begins with the verb that mends it
}

func (e *Error) Error() string {
	s := e.Code + ": " + e.Message
	for _, f := range e.Fields {
		s += "; " + f.Name + ": " + f.Message
	}
	if e.Cause != nil {
		s += " (" + e.Cause.Error() + ")"
	}
	return s
}

func (e *Error) Unwrap() error { return e.Cause }

// Invalid starts a problem of input; add the fields with At.
func Invalid(code, message string) *Error {
	return &Error{Kind: KindInvalid, Code: code, Message: message}
}

// At adds a mistake at one field and returns the same problem.
func (e *Error) At(field, code, message string) *Error {
	e.Fields = append(e.Fields, Field{field, code, message})
	return e
}

// OrNil returns nil when no field was complained about, so that validation reads as a list.
func (e *Error) OrNil() error {
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}

// AtField is a problem with exactly one field.
func AtField(field, code, message string) *Error {
	return Invalid(code, message).At(field, code, message)
}

// NotFound says that the thing is not there, or not the caller's.
func NotFound(what string) *Error {
	return &Error{Kind: KindNotFound, Code: "not_found", Message: "There is no such " + what + ", or it is not yours."}
}

// Conflict says that it clashes with what is there.
func Conflict(code, message string) *Error {
	return &Error{Kind: KindConflict, Code: code, Message: message}
}

// Forbidden says that the actor may not do it.
func Forbidden(code, message string) *Error {
	return &Error{Kind: KindForbidden, Code: code, Message: message}
}

// NeedsCode asks for a fresh code for one class of action, bound to digest when it is not empty.
func NeedsCode(action, digest string) *Error {
	return &Error{Kind: KindNeedsCode, Code: "step_up_required", Action: action, Digest: digest,
		Message: "Prove that it is you first: this needs a fresh code."}
}

// TooMany says that a limit was reached.
func TooMany(code, message string, retryAfter time.Duration) *Error {
	return &Error{Kind: KindTooMany, Code: code, Message: message, RetryAfter: retryAfter}
}

// Unavailable says that something of ours does not work now.
func Unavailable(code, message string, cause error) *Error {
	return &Error{Kind: KindUnavailable, Code: code, Message: message, Cause: cause}
}

// SignedOut says that nobody is logged in, or no longer.
func SignedOut() *Error {
	return &Error{Kind: KindSignedOut, Code: "signed_out", Message: "Log in to go on."}
}

// As returns the problem inside err, or nil when err is nil or a fault.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Is says whether err is a problem of this kind.
func Is(err error, k Kind) bool {
	e := As(err)
	return e != nil && e.Kind == k
}

// HasCode says whether err is a problem with this stable code, its own or one of its fields'.
func HasCode(err error, code string) bool {
	e := As(err)
	if e == nil {
		return false
	}
	for _, f := range e.Fields {
		if f.Code == code {
			return true
		}
	}
	return e.Code == code
}

// Status is the HTTP status of the kind.
func (k Kind) Status() int {
	switch k {
	case KindInvalid:
		return 422
	case KindNotFound:
		return 404
	case KindConflict:
		return 409
	case KindForbidden, KindNeedsCode:
		return 403
	case KindTooMany:
		return 429
	case KindUnavailable:
		return 503
	case KindSignedOut:
		return 401
	}
	return 500
}

func (k Kind) String() string { return fmt.Sprintf("problem %d", k.Status()) }
