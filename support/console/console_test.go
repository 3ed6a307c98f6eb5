package console_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"watchword/account/accounttest"
	"watchword/account/operator"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/organisation"
	"watchword/signin/signintest"
	"watchword/support/console"
	"watchword/support/request"
)

var (
	ctx  = context.Background()
	host = access.System("command on the host")
)

// desk is an installation with one organisation, maya's, and an operator who is logged in.
type desk struct {
	*signintest.Kit
	*testing.T
	room  *console.Room
	maya  profile.Profile
	org   id.Organisation
	token string // of the operator's session
	codes []string
}

func each(t *testing.T, f func(d *desk)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := signintest.New(t, db)
		requests := &request.Room{Log: k.Log, Links: k.Links, Post: k.Post, Factors: k.Factors, Recovery: k.Recovery,
			Organisations: k.Organisations, Login: k.Login, Settings: request.Defaults()}
		d := &desk{Kit: k, T: t, room: &console.Room{Log: k.Log, Post: k.Post, Operators: k.Operators, Organisations: k.Organisations,
			Factors: k.Factors, Recovery: k.Recovery, Requests: requests}}
		d.maya = k.Person(t, "maya")
		k.Number(t, d.maya, signintest.Mobile)
		o, err := k.Organisations.Create(ctx, db, d.owner(), organisation.Form{Name: "Harbour Dental"})
		if err != nil {
			t.Fatal(err)
		}
		d.org, d.token = o.ID, d.operator("olga", host)
		f(d)
	})
}

func (d *desk) owner() access.Actor {
	return access.Actor{Kind: access.KindPerson, Profile: d.maya.ID, Name: "maya", Level: access.LevelTwoFactor, Methods: []string{"password", "sms"}, ProvedAt: d.DB.Now()}
}

func (d *desk) operator(name string, by access.Actor) string {
	d.Helper()
	token, err := d.Operators.Token(ctx, d.DB, by)
	if err != nil {
		d.Fatal(err)
	}
	t, err := d.Operators.Create(ctx, d.DB, access.Visitor(signintest.Here), operator.Form{Token: token, Username: name, Password: accounttest.Password})
	if err != nil {
		d.Fatal(err)
	}
	_, s, err := d.Operators.Setup(ctx, d.DB, t.Token)
	if err != nil {
		d.Fatal(err)
	}
	code, err := totp.GenerateCode(strings.ReplaceAll(s.Secret, " ", ""), d.DB.Clock().Now())
	if err != nil {
		d.Fatal(err)
	}
	t, codes, refused, err := d.Operators.FinishTOTP(ctx, d.DB, access.Visitor(signintest.Here), t.Token, code)
	if err != nil || refused != nil {
		d.Fatal(err, refused)
	}
	d.codes = codes
	return t.Token
}

// who is the operator of a session, as the door finds him.
func (d *desk) who(token string) access.Actor {
	d.Helper()
	who, _, _, err := d.room.Check(ctx, d.DB, token, signintest.Here)
	if err != nil {
		d.Fatal(err)
	}
	return who
}

// enter opens an organisation by one of its two doors, organisation.Enter or Act, as its owner.
func (d *desk) enter(who access.Actor, org id.Organisation, door func(*store.Tx, id.Organisation, access.Actor, organisation.Permission) (organisation.Member, error)) (err error) {
	d.Helper()
	d.Write(d.T, func(tx *store.Tx) error { _, err = door(tx, org, who, organisation.Owns); return nil })
	return err
}

func (d *desk) events(stream, kind string) (n int) {
	d.Helper()
	d.Write(d.T, func(tx *store.Tx) error {
		rows, err := audit.List(tx, stream, audit.Filter{Kind: kind}, 100)
		n = len(rows)
		return err
	})
	return n
}

// Proves SO12: looking in is read-only, of one organisation, for 30 minutes; its begin and end stand in the customer's
// own audit log and its owners are told; it opens no other organisation.
func TestLookIn(t *testing.T) {
	each(t, func(d *desk) {
		other, err := d.Organisations.Create(ctx, d.DB, d.owner(), organisation.Form{Name: "Pennine Cycling"})
		if err != nil {
			d.Fatal(err)
		}
		if err := d.enter(d.who(d.token), d.org, organisation.Enter); err == nil {
			d.Fatal("an operator enters without looking")
		}
		if err := d.room.Look(ctx, d.DB, d.who(d.token), d.org, " "); !problem.HasCode(err, "reason_missing") {
			d.Error("without a reason:", err)
		}
		if err := d.room.Look(ctx, d.DB, host, d.org, "from the host"); !problem.Is(err, problem.KindSignedOut) {
			d.Error("the host has no session to look with:", err)
		}
		if err := d.room.Look(ctx, d.DB, d.who(d.token), d.org, "Ticket 12: cannot see users"); err != nil {
			d.Fatal(err)
		}
		looks := d.who(d.token)
		if err := d.enter(looks, d.org, organisation.Enter); err != nil {
			d.Error("reading:", err)
		}
		if err := d.enter(looks, d.org, organisation.Act); !problem.HasCode(err, "only_looking") {
			d.Error("changing:", err)
		}
		if err := d.enter(looks, other.ID, organisation.Enter); err == nil {
			d.Error("it opens another organisation too")
		}
		if d.Kinds(d.T, "maya@example.com")["support_looked_in"] != 1 || d.events(string(d.org), "support.looked_in") != 1 {
			d.Error("the owner was not told, or the log is silent")
		}
		d.Later(20 * time.Minute) // keep the session itself alive: it ends after 30 idle minutes
		d.who(d.token)
		d.Later(11 * time.Minute)
		if who := d.who(d.token); who.Looking || who.Organisation != "" {
			d.Error("still looking after 31 minutes")
		}
		for range 2 {
			if err := d.room.EndOverdue(ctx, d.DB); err != nil {
				d.Fatal(err)
			}
		}
		if d.events(string(d.org), "support.look_ended") != 1 {
			d.Error("the end is not in the customer's log, or twice")
		}
		if err := d.room.Look(ctx, d.DB, d.who(d.token), d.org, "Once more"); err != nil {
			d.Fatal(err)
		}
		if err := d.room.EndLook(ctx, d.DB, d.who(d.token)); err != nil {
			d.Fatal(err)
		}
		if d.who(d.token).Looking || d.events(string(d.org), "support.look_ended") != 2 {
			d.Error("it did not end on demand")
		}
	})
}

// Proves SO7, decisions 28 and SO3: suspended, an organisation can be read and not changed; owners are told, the reason
// stands in their log; nobody but operators and the host can do it.
func TestSuspend(t *testing.T) {
	each(t, func(d *desk) {
		who := d.who(d.token)
		if err := d.room.Suspend(ctx, d.DB, d.owner(), d.org, "myself"); !problem.Is(err, problem.KindSignedOut) {
			d.Error("an owner suspends:", err)
		}
		for range 2 {
			if err := d.room.Suspend(ctx, d.DB, who, d.org, "Unpaid since March"); err != nil {
				d.Fatal(err)
			}
		}
		if err := d.enter(d.owner(), d.org, organisation.Act); !problem.HasCode(err, "suspended") {
			d.Error("changing:", err)
		}
		if _, err := organisation.Members(ctx, d.DB, d.owner(), d.org); err != nil {
			d.Error("reading:", err)
		}
		if n := d.Kinds(d.T, "maya@example.com")["organisation_suspended"]; n != 1 || d.events(string(d.org), "organisation.suspended") != 1 {
			d.Errorf("%d mails, %d events", n, d.events(string(d.org), "organisation.suspended"))
		}
		c, err := d.room.Customer(ctx, d.DB, who, d.org)
		if err != nil || !c.Suspended || c.Members != 1 || len(c.Owners) != 1 {
			d.Errorf("%+v %v", c, err)
		}
		if err := d.room.Restore(ctx, d.DB, who, d.org, "Paid"); err != nil {
			d.Fatal(err)
		}
		if err := d.enter(d.owner(), d.org, organisation.Act); err != nil {
			d.Error("after restoring:", err)
		}
		if err := d.room.Suspend(ctx, d.DB, who, "AC00000000000000000000000000000001", "nobody"); !problem.Is(err, problem.KindNotFound) {
			d.Error(err)
		}
	})
}

// Proves SO3 and C36: people are found by the exact name only; factors are shown without secrets; that somebody looked
// stands in the person's own log.
func TestPerson(t *testing.T) {
	each(t, func(d *desk) {
		who := d.who(d.token)
		for _, name := range []string{"may", "maya%", "example.com", ""} {
			if _, err := d.room.Person(ctx, d.DB, who, name); !problem.HasCode(err, "person_unknown") {
				d.Errorf("%q: %v", name, err)
			}
		}
		x, err := d.room.Person(ctx, d.DB, who, "MAYA@example.com")
		if err != nil || len(x.Factors) != 1 || len(x.Organisations) != 1 {
			d.Fatalf("%+v %v", x, err)
		}
		if strings.Contains(x.Factors[0].Masked, "900123") || d.events(string(d.maya.ID), "support.person_viewed") != 1 {
			d.Error("a whole number is shown, or nobody is told that somebody looked")
		}
		if _, err := d.room.Person(ctx, d.DB, d.owner(), "maya"); !problem.Is(err, problem.KindSignedOut) {
			d.Error("a person finds people:", err)
		}
	})
}

// Proves SO3, SO9 and C59: the last operator stays; a removed one is out at once, and what he looked into ends.
func TestRemoveOperator(t *testing.T) {
	each(t, func(d *desk) {
		first := d.who(d.token)
		if _, err := d.room.Remove(ctx, d.DB, first, first.Operator); !problem.HasCode(err, "last_operator") {
			d.Fatal(err)
		}
		token := d.operator("oscar", first)
		second := d.who(token)
		if err := d.room.Look(ctx, d.DB, second, d.org, "Ticket 9"); err != nil {
			d.Fatal(err)
		}
		if _, err := d.room.Remove(ctx, d.DB, first, second.Operator); err != nil {
			d.Fatal(err)
		}
		if _, _, _, err := d.room.Check(ctx, d.DB, token, signintest.Here); !problem.Is(err, problem.KindSignedOut) {
			d.Error("the session lives:", err)
		}
		if d.events(string(d.org), "support.look_ended") != 1 || d.events(audit.System, "operator.removed") != 1 {
			d.Error("not written down")
		}
		won := accounttest.Race(4, func() bool { _, err := d.room.Remove(ctx, d.DB, first, first.Operator); return err == nil })
		if won != 0 {
			d.Error("the last operator was removed")
		}
	})
}

// Proves SO3: the log of the installation is read and exported by operators only, and exporting it is a line of it.
func TestSystemLog(t *testing.T) {
	each(t, func(d *desk) {
		var b bytes.Buffer
		if err := d.room.ExportAudit(ctx, d.DB, d.owner(), audit.Filter{}, &b); !problem.Is(err, problem.KindSignedOut) || b.Len() > 0 {
			d.Fatal(err)
		}
		if err := d.room.ExportAudit(ctx, d.DB, d.who(d.token), audit.Filter{Kind: "operator"}, &b); err != nil || !strings.Contains(b.String(), "operator.login") {
			d.Error(err, b.String())
		}
		rows, _, err := d.room.Audit(ctx, d.DB, d.who(d.token), audit.Filter{Kind: "audit.exported"})
		if err != nil || len(rows) != 1 {
			d.Error(rows, err)
		}
		if r, err := d.room.GuardReport(ctx, d.DB, d.who(d.token), 30); err != nil || len(r.Refusals) != 0 {
			d.Error(r, err)
		}
	})
}

// Proves C42, C43 (the operator's side): an operator ends all sessions of a person, alone, with a reason, and the person is
// told; he lists his own sessions and ends the others.
func TestEndSessions(t *testing.T) {
	each(t, func(d *desk) {
		in := d.LogIn(d.T, "maya", signintest.Browser())
		if _, err := d.room.EndSessions(ctx, d.DB, d.owner(), "maya", "mine"); !problem.Is(err, problem.KindSignedOut) {
			d.Error("a person does it:", err)
		}
		if _, err := d.room.EndSessions(ctx, d.DB, d.who(d.token), "maya", ""); !problem.HasCode(err, "reason_missing") {
			d.Error(err)
		}
		if _, err := d.room.EndSessions(ctx, d.DB, d.who(d.token), "maya", "Laptop stolen"); err != nil {
			d.Fatal(err)
		}
		if d.Alive(d.T, in.Token) || d.Kinds(d.T, "maya@example.com")["sessions_ended"] != 1 || d.events(string(d.maya.ID), "support.sessions_ended") != 1 {
			d.Error("the session lives, or nobody was told")
		}
		t, _, err := d.Operators.Login(ctx, d.DB, access.Visitor(signintest.Here), "olga", accounttest.Password)
		if err != nil {
			d.Fatal(err)
		}
		d.Later(time.Minute)
		other, refused, err := d.Operators.LoginRecovery(ctx, d.DB, access.Visitor(signintest.Here), t.Token, d.codes[0])
		if err != nil || refused != nil {
			d.Fatal(err, refused)
		}
		if all, err := d.Operators.Sessions(ctx, d.DB, d.who(d.token)); err != nil || len(all) != 2 {
			d.Fatal(all, err)
		}
		if n, err := d.Operators.EndOthers(ctx, d.DB, d.who(d.token)); err != nil || n != 1 {
			d.Error(n, err)
		}
		if _, _, _, err := d.room.Check(ctx, d.DB, other.Token, signintest.Here); !problem.Is(err, problem.KindSignedOut) {
			d.Error("the other session lives:", err)
		}
		d.who(d.token)
	})
}

// Proves decisions 27 and SO7: suspending, ending the sessions of a person and removing an operator need a fresh proof of
// the operator, and do nothing without; restoring takes nothing away and needs none; the host needs none.
func TestActsThatNeedAProof(t *testing.T) {
	each(t, func(d *desk) {
		olga, oscar := d.who(d.token), d.who(d.operator("oscar", host))
		d.Later(6 * time.Minute)
		in := d.LogIn(d.T, "maya", signintest.Browser())
		for name, act := range map[string]func(who access.Actor) error{
			"suspend": func(who access.Actor) error { return d.room.Suspend(ctx, d.DB, who, d.org, "Unpaid") },
			"end sessions": func(who access.Actor) error {
				_, err := d.room.EndSessions(ctx, d.DB, who, "maya", "Stolen")
				return err
			},
			"remove": func(who access.Actor) error { _, err := d.room.Remove(ctx, d.DB, who, oscar.Operator); return err },
		} {
			if err := act(olga); !problem.HasCode(err, "step_up_required") {
				d.Errorf("%s without a proof: %v", name, err)
			}
		}
		if !d.Alive(d.T, in.Token) || d.enter(d.owner(), d.org, organisation.Act) != nil {
			d.Error("something was done")
		}
		d.who(d.token)
		if err := d.room.Suspend(ctx, d.DB, host, d.org, "By the host"); err != nil {
			d.Error(err)
		}
		if err := d.room.Restore(ctx, d.DB, olga, d.org, "Paid"); err != nil {
			d.Error(err)
		}
		olga.ProvedAt = d.DB.Now()
		if _, err := d.room.Remove(ctx, d.DB, olga, oscar.Operator); err != nil {
			d.Error(err)
		}
	})
}
