// Package stepup is the fresh proof before one action. It leaves a grant that the action spends (code/grant), and gives
// the session a new token (C38). A session's age never replaces it, a trusted device never does (C45-C47).
package stepup

import (
	"time"

	"watchword/account/notice"
	"watchword/account/password"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/code/wording"
	"watchword/signin/proof"
	"watchword/signin/session"
)

// Settings of step-up.
type Settings struct {
	Life      time.Duration // of one undertaking, default 10 minutes
	ExactLife time.Duration // of a grant that is bound to data, default 10 minutes
	// Free wrong passwords in a row pass before waits begin at a minute and double, up to MaxWait; default 5 and 1 hour.
	Free    int64
	MaxWait time.Duration
	// End is the wrong password in a row that ends the session: whoever holds it does not know the password; default 10.
	End int64
}

// Defaults are those of security.md part 3.
func Defaults() Settings {
	return Settings{Life: 10 * time.Minute, ExactLife: 10 * time.Minute, Free: 5, MaxWait: time.Hour, End: 10}
}

// Ask names what is to be proved: the Action and Digest of problem.NeedsCode, and the number that the text names with
// the action ("export 12,400 contacts"); 0 for none. Of a step-up under way the number it began with counts.
type Ask struct {
	Action string
	Digest string
	Count  int64
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

// Room is put together once, at the start.
type Room struct {
	Log      *audit.Log
	Hasher   *password.Hasher
	Proofs   *proof.Desk
	Sessions *session.Book
	Post     *notice.Post
	Settings Settings
}

// light are the actions that a fresh code alone opens. Everything else wants the password as well: full
// re-authentication before the address, the number, factors and recovery change (C46). So does everybody without a
// second factor.
var light = map[wording.Action]bool{
	wording.ChangeUsername: true, wording.EndSessions: true, wording.ContactsExport: true, wording.APIKeys: true, wording.ManageUsers: true,
	wording.EnterOrganisation: true, wording.BusinessDetails: true,
	// Changing the password asks for the current one in its own form (C7).
	wording.ChangePassword: true,
}

// check refuses an action that nobody words, and data that no action has.
func (a Ask) check() error {
	for _, k := range wording.Actions() {
		if string(k) == a.Action && len(a.Digest) <= 200 && a.Count >= 0 {
			return nil
		}
	}
	return problem.NotFound("action")
}

// occasion binds codes to the session, the action and its data (C19, TD9).
func (a Ask) occasion(who access.Actor) proof.Occasion {
	return proof.Occasion{Purpose: wording.StepUp, Action: wording.Action(a.Action), Count: int(a.Count),
		Binding: string(who.Session) + " " + a.Action + " " + a.Digest}
}
