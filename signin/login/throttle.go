package login

import (
	"hash/fnv"
	"strings"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/guard"
)

// A try is counted as a failure before the password is hashed, and given back when it was right: any number of parallel
// guesses each see the others' (decisions 3). Strangers' browsers are counted by the name as it was typed, known or not,
// so that waiting tells nobody whether a name exists (C11); a recognised browser is counted apart (C12, B19).

// try is one attempt as the throttle sees it.
type try struct {
	origin  access.Origin
	name    string // bucket of the typed name
	profile id.Profile
	browser browser
	hash    string // of the browser's cookie
	exempt  bool   // recognised, or allowed by an emailed link: the waits of strangers do not count here
	solved  bool   // a CAPTCHA was solved
}

// bucketOf is where failures of a typed name are counted. Spellings of one name are one bucket (B18).
func (r *Room) bucketOf(name string) string {
	key := strings.TrimSpace(name)
	if a, bad := profile.ParseAddress("name", key); bad == nil {
		key = a.Key
	} else {
		key = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(key)))
	}
	return "name " + r.Ring.Hash("login.name", key)
}

func profileBucket(p id.Profile) string        { return "profile " + string(p) }
func addressBucket(o access.Origin) string     { return "address " + o.Bucket() }
func codeAddressBucket(o access.Origin) string { return "codes " + o.Bucket() }
func (t try) stranger() bool                   { return !t.browser.recognised && !t.exempt }
func minutes(now int64) int64                  { return now / 60e6 }
func (r *Room) wait(failures int64) (w int64) {
	return store.Micros(growing(failures-r.Settings.Free, r.Settings.MaxWait))
}
func after(now, at int64) (until time.Duration) { return time.Duration(at-now) * time.Microsecond }

// growing is one minute, doubled for each further failure, up to most.
func growing(over int64, most time.Duration) time.Duration {
	if over < 0 {
		return 0
	}
	if over > 20 {
		return most
	}
	return min(most, time.Minute<<over)
}

// reserve counts the try, or refuses it. The refusal is a verdict.
func (r *Room) reserve(tx *store.Tx, t *try) (*problem.Error, error) {
	if t.browser.tries > 0 && !t.browser.recognised {
		t.exempt = true
	}
	if t.browser.recognised {
		return nil, r.reserveRecognised(tx, t)
	}
	a, err := lockFailures(tx, addressBucket(t.origin))
	if err != nil {
		return nil, err
	}
	if a.firstAt > 0 && tx.Now-a.firstAt >= store.Micros(r.Settings.AddressWindow) {
		a = failures{bucket: a.bucket}
	}
	if a.n >= r.Settings.Address {
		return tooMany("address_wait", "Too many log-ins from your network failed.", after(tx.Now, a.firstAt+store.Micros(r.Settings.AddressWindow))), nil
	}
	if no, err := r.alarm(tx, t); no != nil || err != nil {
		return no, err
	}
	n, err := lockFailures(tx, t.name)
	if err != nil {
		return nil, err
	}
	p, err := r.ofProfile(tx, t.profile)
	if err != nil {
		return nil, err
	}
	if !t.exempt {
		if no := r.strangers(tx.Now, n, p); no != nil {
			return no, nil
		}
	}
	n.add(tx.Now)
	n.nextAt = tx.Now + r.wait(n.n)
	a.add(tx.Now)
	for _, f := range []failures{a, n} {
		if err := f.save(tx); err != nil {
			return nil, err
		}
	}
	if t.profile != "" {
		p.add(tx.Now)
		if err := p.save(tx); err != nil {
			return nil, err
		}
	}
	if t.exempt {
		if err := t.browser.take(tx, t.profile, t.hash); err != nil {
			return nil, err
		}
	}
	return nil, countMinute(tx, shard(t.origin), 1, 1)
}

func (r *Room) ofProfile(tx *store.Tx, p id.Profile) (failures, error) {
	if p == "" {
		return failures{}, nil
	}
	return lockFailures(tx, profileBucket(p))
}

// strangers applies the growing waits and the gate.
func (r *Room) strangers(now int64, name, of failures) *problem.Error {
	if max(name.n, of.n) >= r.Settings.Gate {
		return &problem.Error{Kind: problem.KindForbidden, Code: "link_needed",
			Message: "There were too many wrong passwords for this name. Have a link sent to the email address of the profile and open it in this browser, then log in."}
	}
	if name.n >= r.Settings.Free && name.nextAt > now {
		return tooMany("login_wait", "There were too many wrong passwords for this name.", after(now, name.nextAt))
	}
	return nil
}

func tooMany(code, why string, wait time.Duration) *problem.Error {
	wait = max(wait, time.Second)
	return problem.TooMany(code, why+" Try again in "+guard.Words(wait)+", or have a link sent to your email address that lets you in sooner.", wait)
}

// reserveRecognised counts in the browser's own bucket; ten failures in a row cost its recognition.
func (r *Room) reserveRecognised(tx *store.Tx, t *try) error {
	return t.browser.fail(tx, t.profile, t.hash, r.Settings.Recognised)
}

// giveBack undoes the reservation of a try whose password was right.
func (r *Room) giveBack(tx *store.Tx, t try) error {
	if t.browser.recognised {
		return t.browser.right(tx, t.profile, t.hash)
	}
	for _, bucket := range []string{addressBucket(t.origin), t.name, profileBucket(t.profile)} {
		if err := takeOne(tx, bucket); err != nil {
			return err
		}
	}
	return countMinute(tx, shard(t.origin), 0, -1)
}

// alarm asks strangers for a CAPTCHA while too large a part of all log-ins fails (B4), and tells the operator once an
// hour.
func (r *Room) alarm(tx *store.Tx, t *try) (*problem.Error, error) {
	tries, failed, err := recent(tx, minutes(tx.Now-store.Micros(r.Settings.AlarmWindow)))
	if err != nil || failed < r.Settings.AlarmFailures || float64(failed) <= r.Settings.AlarmRatio*float64(tries) {
		return nil, err
	}
	if err := r.raise(tx, t.origin, "log-ins"); err != nil || t.solved || t.exempt {
		return nil, err
	}
	return &problem.Error{Kind: problem.KindForbidden, Code: "captcha_needed",
		Message: "Many log-ins are failing at the moment, so we check that you are not a program. Solve the check below, then log in."}, nil
}

// shard spreads the counters of a minute over eight rows.
func shard(o access.Origin) int64 {
	h := fnv.New32a()
	h.Write([]byte(o.Bucket()))
	return int64(h.Sum32() % 8)
}

// CodesFailed counts a wrong code of an address over all names and refuses further ones: one code tried on many
// profiles stops at the limit (B7). Call it before the check with failed false, after a wrong one with failed true.
func (r *Room) codesFailed(tx *store.Tx, o access.Origin, failed bool) (*problem.Error, error) {
	f, err := lockFailures(tx, codeAddressBucket(o))
	if err != nil {
		return nil, err
	}
	if f.firstAt > 0 && tx.Now-f.firstAt >= store.Micros(r.Settings.AddressWindow) {
		f = failures{bucket: f.bucket}
	}
	if !failed {
		if f.n < r.Settings.Address {
			return nil, nil
		}
		p := tooMany("address_wait", "Too many wrong codes came from your network.", after(tx.Now, f.firstAt+store.Micros(r.Settings.AddressWindow)))
		return p.At("code", p.Code, p.Message), nil
	}
	f.add(tx.Now)
	if f.n == r.Settings.Address {
		if err := r.raise(tx, o, "codes"); err != nil {
			return nil, err
		}
	}
	return nil, f.save(tx)
}
