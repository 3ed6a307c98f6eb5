package join

import (
	"context"
	"strings"
	"time"

	"watchword/account/captcha"
	"watchword/account/count"
	"watchword/account/link"
	"watchword/account/password"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
)

const everybody = "signup"

func here(o access.Origin) string { return everybody + "/" + o.Bucket() }

// NeedsCaptcha says whether the form must show the CAPTCHA to this visitor now (RP6, decisions 15).
func (d *Desk) NeedsCaptcha(tx *store.Tx, who access.Actor) (bool, error) {
	n, err := count.In(tx, here(who.Origin), time.Hour)
	if err != nil || n >= d.Settings.CaptchaHere {
		return err == nil, err
	}
	n, err = count.In(tx, everybody, 10*time.Minute)
	return n >= d.Settings.CaptchaAll, err
}

// Register takes a newcomer's form (RP1-RP8). The error names every mistake at its field. Otherwise a sign-up waits for
// its link, which the mail carries; if the address belongs to somebody already, its owner is told instead, and the
// answer is the same.
func (d *Desk) Register(ctx context.Context, db *store.DB, who access.Actor, f Form) (Waiting, error) {
	e := problem.Invalid("invalid", "Check what you entered.")
	address := d.check(e, &f)
	var needs bool
	var now int64
	if err := db.Read(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now
		if !wrongAt(e, "username") {
			free, err := profile.UsernameFree(tx, f.Username, holder(address))
			if err != nil {
				return err
			}
			if !free {
				t := profile.Taken()
				e.Fields = append([]problem.Field{t}, e.Fields...)
			}
		}
		needs, err = d.NeedsCaptcha(tx, who)
		return err
	}); err != nil {
		return Waiting{}, err
	}
	var solved captcha.Solved
	if needs && f.Captcha != "" {
		var bad *problem.Field
		if solved, bad = d.Captcha.Check(f.Captcha, now); bad != nil {
			e.Fields = append(e.Fields, *bad)
		}
	}
	if err := e.OrNil(); err != nil {
		return Waiting{}, err
	}
	hash, err := d.Hasher.Hash(ctx, f.Password)
	if err != nil {
		return Waiting{}, err
	}
	var w Waiting
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if needs && f.Captcha != "" {
			if fresh, err := solved.Spend(tx); err != nil || !fresh {
				if err == nil {
					err = problem.AtField("captcha", "captcha_used", "Tick the box again: this answer was used already.")
				}
				return err
			}
		}
		w, err = d.signUp(tx, who, f, address, hash, needs && f.Captcha == "")
		return err
	})
	return w, err
}

// check names the mistakes in the order of the form, and tidies it.
func (d *Desk) check(e *problem.Error, f *Form) profile.Address {
	address, bad := profile.ParseAddress("email", f.Email)
	if u := profile.CheckUsername(f.Username, address.Spelling); u != nil {
		e.Fields = append(e.Fields, *u)
	}
	if bad != nil {
		e.Fields = append(e.Fields, *bad)
	}
	own := []string{f.Username, f.Email}
	if len(f.Username)+len(f.Email) > 4096 { // refused above already
		own = nil
	}
	if p := d.Policy.Check(f.Password, own...); p != nil {
		e.Fields = append(e.Fields, *p)
	}
	if !f.Terms {
		e.At("terms", "terms_missing", "Accept the terms of use to register.")
	}
	if !wording.Language(f.Language).Known() {
		f.Language = string(wording.English)
	}
	if !profile.ZoneKnown(f.Zone) {
		f.Zone = "UTC"
	}
	if f.Country = strings.ToUpper(f.Country); len(f.Country) != 2 {
		f.Country = ""
	}
	return address
}

func wrongAt(e *problem.Error, field string) bool {
	for _, f := range e.Fields {
		if f.Name == field {
			return true
		}
	}
	return false
}

// holder keeps a username for whoever proves this address: registering twice with one address is no clash.
func holder(a profile.Address) string { return "S:" + a.Key }

// signUp writes the same rows for a known and an unknown address.
func (d *Desk) signUp(tx *store.Tx, who access.Actor, f Form, a profile.Address, hash string, held bool) (Waiting, error) {
	s := signup{id: id.New("SU", tx.Now), username: f.Username, email: a.Spelling, emailKey: a.Key, hash: hash,
		codePoints: password.Count(f.Password), language: f.Language, zone: f.Zone, country: f.Country, terms: d.Settings.TermsVersion,
		bucket: who.Origin.Bucket(), held: held, sends: 1, sentAt: tx.Now, createdAt: tx.Now, expiresAt: tx.Now + store.Micros(d.Settings.LinkLife)}
	if who.Origin.Address.IsValid() {
		s.address = who.Origin.Address.String()
	}
	free, err := profile.ReserveUsername(tx, f.Username, holder(a), s.expiresAt)
	if err != nil {
		return Waiting{}, err
	}
	if !free {
		t := profile.Taken()
		return Waiting{}, problem.AtField(t.Name, t.Code, t.Message)
	}
	for _, bucket := range []string{here(who.Origin), everybody} {
		if err := count.Add(tx, bucket); err != nil {
			return Waiting{}, err
		}
	}
	if held {
		if s.sentAt, err = count.Queue(tx, everybody+"/held", d.Settings.HeldAnHour, time.Hour); err != nil {
			return Waiting{}, err
		}
	}
	if s.known, err = profile.EmailKnown(tx, a); err != nil {
		return Waiting{}, err
	}
	token := id.Token(32)
	s.browser = d.Ring.Hash("signup", token)
	if err := s.insert(tx); err != nil {
		return Waiting{}, err
	}
	if err := d.mail(tx, who, s); err != nil {
		return Waiting{}, err
	}
	if err := d.Log.Record(tx, who, audit.Event{Kind: "join.registered", Target: s.id}, audit.System); err != nil {
		return Waiting{}, err
	}
	w := d.waiting(s)
	w.Browser = token
	return w, nil
}

// mail sends the link, or tells the owner of a known address that somebody tried.
func (d *Desk) mail(tx *store.Tx, who access.Actor, s signup) error {
	made, err := d.Links.Make(tx, link.VerifyEmail, s.id, "", d.Settings.LinkLife)
	if err != nil {
		return err
	}
	late, err := d.late(tx, s.emailKey)
	if err != nil || late { // said to nobody: the address may be a stranger's
		return err
	}
	kind, to, lang, zone := wording.VerifyEmail, s.email, s.language, s.zone
	x := wording.Params{URL: made.URL, Minutes: int((s.expiresAt - tx.Now) / 60e6)}
	if s.known {
		p, err := profile.ByLogin(tx, s.email)
		if err != nil {
			return err
		}
		kind, to, lang, zone = wording.AlreadyRegistered, p.Email, p.Language, p.Zone
		x = wording.Params{URL: strings.TrimSuffix(d.Links.BaseURL, "/") + "/login", Person: p.LoginName()}
	}
	l, err := time.LoadLocation(zone)
	if err != nil {
		l = time.UTC
	}
	return d.Post.Link(tx, who, kind, to, wording.Language(lang), l, x, s.sentAt)
}
