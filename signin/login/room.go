package login

import (
	"strings"
	"time"

	"watchword/account/captcha"
	"watchword/account/device"
	"watchword/account/join"
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/organisation"
	"watchword/signin/proof"
	"watchword/signin/session"
)

// Room is put together once, at the start.
type Room struct {
	Ring     *secret.Ring
	Log      *audit.Log
	Hasher   *password.Hasher
	Policy   password.Policy
	Proofs   *proof.Desk
	Devices  *device.Room
	Sessions *session.Book
	Joining  *join.Desk
	Captcha  captcha.Maker
	Links    link.Book
	Post     *notice.Post
	Settings Settings
	// Alert is told, inside the transaction, when too many log-ins or codes fail; at most once an hour.
	Alert func(tx *store.Tx, kind, name string) error
}

// Keyed hashes: of the cookie of a pending log-in, and of the browser's.
const (
	pendingPurpose = "login.pending"
	browserPurpose = "login.browser"
)

// person is the actor of a log-in under way: named, and not yet proved.
func person(o access.Origin, p profile.Profile) access.Actor {
	return access.Actor{Kind: access.KindVisitor, Profile: p.ID, Name: p.LoginName(), Origin: o}
}

// streams are those of a person and of the person's organisations: owners read the log-ins into their own (decisions 6).
func streams(p profile.Profile, demands []organisation.Demand) []string {
	out := []string{string(p.ID)}
	for _, d := range demands {
		out = append(out, string(d.Organisation))
	}
	return out
}

// raise notes an alarm in the system's audit stream and tells the operator, at most once an hour.
func (r *Room) raise(tx *store.Tx, o access.Origin, kind string) error {
	f, err := lockFailures(tx, "alarm "+kind)
	if err != nil || tx.Now-f.toldAt < store.Micros(time.Hour) {
		return err
	}
	f.toldAt = tx.Now
	if err := f.save(tx); err != nil {
		return err
	}
	if r.Alert != nil {
		if err := r.Alert(tx, "login_alarm", kind); err != nil {
			return err
		}
	}
	return r.Log.Record(tx, access.Visitor(o), audit.Event{Kind: "login.alarm", Outcome: audit.Refused, Reason: kind}, audit.System)
}

// tell warns the person and the owners of the person's organisations of many wrong passwords, at most once a day (LF13).
func (r *Room) tell(tx *store.Tx, who access.Actor, p profile.Profile, failures int64) error {
	if failures < r.Settings.Tell {
		return nil
	}
	f, err := lockFailures(tx, profileBucket(p.ID))
	if err != nil || f.toldAt > 0 && tx.Now-f.toldAt < store.Micros(24*time.Hour) {
		return err
	}
	f.toldAt = tx.Now
	if err := f.save(tx); err != nil {
		return err
	}
	x := wording.Params{Failures: int(failures), URL: strings.TrimSuffix(r.Links.BaseURL, "/") + "/forgot"}
	if err := r.Post.Tell(tx, who, p, wording.ManyWrongPasswords, x); err != nil {
		return err
	}
	demands, err := organisation.Demands(tx, p.ID)
	for _, d := range demands {
		if err == nil {
			err = r.tellOwners(tx, who, p, d, failures)
		}
	}
	return err
}

func (r *Room) tellOwners(tx *store.Tx, who access.Actor, p profile.Profile, d organisation.Demand, failures int64) error {
	owners, err := organisation.OwnersOf(tx, d.Organisation)
	if err != nil {
		return err
	}
	for _, o := range owners {
		if o.Profile == p.ID {
			continue
		}
		of, err := profile.ByID(tx, o.Profile)
		if err != nil {
			return err
		}
		x := wording.Params{Failures: int(failures), Organisation: d.Name, Member: p.Called()}
		if err := r.Post.Tell(tx, who, of, wording.MemberGuessed, x); err != nil {
			return err
		}
	}
	return nil
}

// unavailable says in plain words that nobody can log in now, when something of ours failed; a problem stays as it is
// (C58).
func unavailable(err error) error {
	if err == nil || problem.As(err) != nil {
		return err
	}
	return problem.Unavailable("login_unavailable", "Logging in does not work at the moment, through no fault of yours. Nothing was changed. Try again in a minute.", err)
}

func wrong() *problem.Error {
	return problem.AtField("password", "wrong_login", "The username, email address or password is not right. Check them and try again.")
}
