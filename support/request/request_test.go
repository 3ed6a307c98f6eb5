package request_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"watchword/account/accounttest"
	"watchword/account/link"
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
	"watchword/support/request"
)

var (
	ctx     = context.Background()
	visitor = access.Visitor(signintest.Here)
	host    = access.System("command on the host")
)

// desk is an installation with an organisation that requires two-factor: maya owns it, ben is in it.
type desk struct {
	*signintest.Kit
	*testing.T
	room      *request.Room
	maya, ben profile.Profile
	org       id.Organisation
}

func each(t *testing.T, f func(d *desk)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := signintest.New(t, db)
		d := &desk{Kit: k, T: t, room: &request.Room{Log: k.Log, Links: k.Links, Post: k.Post, Factors: k.Factors, Recovery: k.Recovery,
			Organisations: k.Organisations, Login: k.Login, Settings: request.Defaults()}}
		d.maya, d.ben = k.Person(t, "maya"), k.Person(t, "ben")
		k.Number(t, d.maya, signintest.Mobile)
		k.Number(t, d.ben, signintest.Other)
		who := access.Actor{Kind: access.KindPerson, Profile: d.maya.ID, Name: "maya"}
		o, err := k.Organisations.Create(ctx, db, who, organisation.Form{Name: "Harbour Dental"})
		if err != nil {
			t.Fatal(err)
		}
		d.org = o.ID
		k.Write(t, func(tx *store.Tx) error {
			if err := k.Organisations.Add(tx, who, o.ID, d.ben.ID, organisation.Joining{Role: organisation.FullMember}); err != nil {
				return err
			}
			return k.Organisations.SetRequired(tx, who, o.ID, true, 0)
		})
		f(d)
	})
}

// operator makes one the way a person does, with a token of by (the host, or another operator).
func (d *desk) operator(name string, by access.Actor) access.Actor {
	d.Helper()
	token, err := d.Operators.Token(ctx, d.DB, by)
	if err != nil {
		d.Fatal(err)
	}
	t, err := d.Operators.Create(ctx, d.DB, visitor, operator.Form{Token: token, Username: name, Name: name, Password: accounttest.Password})
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
	t, _, refused, err := d.Operators.FinishTOTP(ctx, d.DB, visitor, t.Token, code)
	if err != nil || refused != nil {
		d.Fatal(err, refused)
	}
	return d.as(t)
}

func (d *desk) as(t operator.Ticket) access.Actor {
	d.Helper()
	who, _, err := d.Operators.Check(ctx, d.DB, t.Token, signintest.Here)
	if err != nil {
		d.Fatal(err)
	}
	return who
}

// afresh is the operator who has just proved once more that it is them.
func (d *desk) afresh(who access.Actor) access.Actor {
	who.ProvedAt = d.DB.Now()
	return who
}

const checked = "Called back on the number in the contract and compared the last invoice."

func (d *desk) lost(person string) request.Start {
	return request.Start{Kind: request.LostPhone, Person: person, Identity: checked, Reason: "Phone stolen, ticket 4711"}
}

func (d *desk) begin(who access.Actor, s request.Start) request.Request {
	d.Helper()
	r, err := d.room.Begin(ctx, d.DB, d.afresh(who), s)
	if err != nil {
		d.Fatal(err)
	}
	return r
}

func (d *desk) factors(p profile.Profile) (n int) {
	d.Helper()
	d.Write(d.T, func(tx *store.Tx) error {
		all, err := d.Factors.List(tx, p.ID)
		n = len(all)
		return err
	})
	return n
}

func (d *desk) required() bool {
	d.Helper()
	var p organisation.Policy
	d.Write(d.T, func(tx *store.Tx) (err error) { p, err = organisation.PolicyOf(tx, d.org); return err })
	return p.Required
}

// events counts the lines of a stream of one kind.
func (d *desk) events(stream, kind string) (n int) {
	d.Helper()
	d.Write(d.T, func(tx *store.Tx) error {
		rows, err := audit.List(tx, stream, audit.Filter{Kind: kind}, 100)
		n = len(rows)
		return err
	})
	return n
}

func (d *desk) must(err error, code string) {
	d.Helper()
	if !problem.HasCode(err, code) {
		d.Fatalf("want %s, got %v", code, err)
	}
}

// Proves B20, SO1, SO2, LF18 and security.md part 4 row 3: one operator alone cannot, nor one inside the delay; every
// owner and the person are told on every channel; a second operator's word does it at once; it all stands in the
// customer's own audit log.
func TestTwoOperators(t *testing.T) {
	each(t, func(d *desk) {
		olga, oscar := d.operator("olga", host), d.operator("oscar", host)
		texts := d.Texts(d.T)
		r := d.begin(olga, d.lost("ben"))
		if d.factors(d.ben) == 0 {
			d.Fatal("the factors went at once")
		}
		for _, to := range []string{"maya@example.com", "ben@example.com"} {
			if d.Kinds(d.T, to)["support_started"] != 1 {
				d.Errorf("%s was not told: %v", to, d.Kinds(d.T, to))
			}
		}
		if n := d.Texts(d.T) - texts; n != 2 {
			d.Errorf("%d texts, want one to each proved number", n)
		}
		_, err := d.room.Confirm(ctx, d.DB, olga, r.ID)
		d.must(err, "same_operator")
		d.Later(71 * time.Hour)
		if err := d.room.Due(ctx, d.DB); err != nil {
			d.Fatal(err)
		}
		if d.factors(d.ben) == 0 {
			d.Fatal("it took effect inside the delay")
		}
		if _, err := d.room.Begin(ctx, d.DB, oscar, d.lost("ben")); !problem.HasCode(err, "started_already") {
			d.Errorf("a second request about the same person: %v", err)
		}
		_, err = d.room.Confirm(ctx, d.DB, oscar, r.ID)
		d.must(err, "step_up_required")
		if r, err = d.room.Confirm(ctx, d.DB, d.afresh(oscar), r.ID); err != nil || r.State != request.Done {
			d.Fatal(r.State, err)
		}
		if d.factors(d.ben) != 0 || d.factors(d.maya) != 1 {
			d.Error("the second operator's word did not take ben's factors, or took others")
		}
		_, err = d.room.Confirm(ctx, d.DB, oscar, r.ID)
		d.must(err, "not_started")
		for _, stream := range []string{string(d.org), string(d.ben.ID), audit.System} {
			for kind, n := range map[string]int{"support.started": 1, "support.confirmed": 2, "support.done": 1} {
				if got := d.events(stream, kind); got != n && !(kind == "support.confirmed" && got == 3) {
					d.Errorf("%d %s in %s, want %d", got, kind, stream, n)
				}
			}
		}
		if d.Kinds(d.T, "maya@example.com")["support_factors_removed"] != 1 {
			d.Error("the owner was not told that it is done")
		}
	})
}

// Proves SO1, SO2 and part 4 row 3: without a second operator it takes effect after 72 hours.
func TestDelay(t *testing.T) {
	each(t, func(d *desk) {
		olga := d.operator("olga", host)
		d.begin(olga, request.Start{Kind: request.TwoFactorOff, Organisation: d.org, Identity: checked, Reason: "Contract ended"})
		d.Later(72*time.Hour - time.Minute)
		if err := d.room.Due(ctx, d.DB); err != nil || !d.required() {
			d.Fatal("too early", err)
		}
		d.Later(2 * time.Minute)
		if err := d.room.Due(ctx, d.DB); err != nil || d.required() {
			d.Fatal("not after 72 hours", err)
		}
		if d.Kinds(d.T, "ben@example.com")["two_factor_not_required"] != 1 {
			d.Error("a member was not told")
		}
		if k := d.Kinds(d.T, "maya@example.com"); k["support_two_factor_off"] != 1 || k["support_factors_removed"] != 0 {
			d.Error("the owner was told something else", k)
		}
		if d.events(string(d.org), "organisation.two_factor_not_required") != 1 {
			d.Error("the policy's own event lacks")
		}
		if err := d.room.Due(ctx, d.DB); err != nil || d.events(string(d.org), "support.done") != 1 {
			d.Error("it took effect twice", err)
		}
	})
}

// Proves B20: an operator who makes a second operator is still one person. Whichever of the two starts, the other's word
// does not count for 72 hours; a removed operator's request dies with him.
func TestYoungOperator(t *testing.T) {
	each(t, func(d *desk) {
		olga := d.operator("olga", host)
		puppet := d.operator("puppet", olga)
		r := d.begin(olga, d.lost("ben"))
		_, err := d.room.Confirm(ctx, d.DB, puppet, r.ID)
		d.must(err, "operator_young")
		if _, err := d.room.Cancel(ctx, d.DB, puppet, r.ID, "the other way round"); err != nil {
			d.Fatal(err)
		}
		r = d.begin(puppet, d.lost("ben"))
		_, err = d.room.Confirm(ctx, d.DB, olga, r.ID)
		d.must(err, "operator_young")
		if d.factors(d.ben) == 0 {
			d.Fatal("two accounts of one person were enough")
		}
		if d.events(string(d.org), "support.confirmed") != 2 {
			d.Error("the refusals are not in the customer's log")
		}
		d.Write(d.T, func(tx *store.Tx) error {
			if _, err := d.Operators.Remove(tx, olga, puppet.Operator); err != nil {
				return err
			}
			return d.room.Withdraw(tx, olga, puppet.Operator)
		})
		d.Later(73 * time.Hour)
		if err := d.room.Due(ctx, d.DB); err != nil || d.factors(d.ben) == 0 {
			d.Error("a removed operator's request took effect", err)
		}
		// An invited one who has been there for 72 hours counts.
		later := d.operator("later", d.afresh(olga))
		d.Later(72 * time.Hour)
		r = d.begin(olga, d.lost("ben"))
		if _, err := d.room.Confirm(ctx, d.DB, d.afresh(later), r.ID); err != nil || d.factors(d.ben) != 0 {
			d.Error("an operator of 72 hours does not count", err)
		}
	})
}

// Proves C36 and SO2: after a reset the person chooses nothing new and sees no code; sessions end, recognised browsers
// are forgotten, and the next log-in takes the password and a code by email.
func TestAfterLostPhone(t *testing.T) {
	each(t, func(d *desk) {
		browser := signintest.Browser()
		in := d.LogIn(d.T, "ben", browser)
		olga, oscar := d.operator("olga", host), d.operator("oscar", host)
		r := d.begin(olga, d.lost("ben"))
		if _, err := d.room.Confirm(ctx, d.DB, oscar, r.ID); err != nil {
			d.Fatal(err)
		}
		if d.Alive(d.T, in.Token) {
			d.Error("a session outlived the reset")
		}
		again, err := d.Login.Begin(ctx, d.DB, signintest.Attempt("ben", browser))
		if err != nil {
			d.Fatal(err)
		}
		if again.Session != nil || again.Pending == nil || again.Pending.Challenge == nil || again.Pending.Challenge.Channel != "email" {
			d.Fatalf("the next log-in does not ask for a code by email: %+v", again)
		}
	})
}

// Proves part 4 row 3, decisions 21, C51, B11 and B15: the link of a notice shows by GET, cancels by POST, once, and can
// do nothing else.
func TestCancelLink(t *testing.T) {
	each(t, func(d *desk) {
		olga, oscar := d.operator("olga", host), d.operator("oscar", host)
		r := d.begin(olga, d.lost("ben"))
		token := d.Newest(d.T, "maya@example.com").Token(d.T)
		if other := d.Newest(d.T, "ben@example.com").Token(d.T); other == token {
			d.Error("two people have the same link")
		}
		for range 3 {
			if got, no, err := d.room.LookLink(ctx, d.DB, token); err != nil || no != nil || got.State != request.Started {
				d.Fatal(got.State, no, err)
			}
		}
		if won := accounttest.Race(10, func() bool {
			_, no, err := d.room.CancelByLink(ctx, d.DB, visitor, token)
			return err == nil && no == nil
		}); won != 1 {
			d.Errorf("%d parallel presses cancelled", won)
		}
		_, err := d.room.Confirm(ctx, d.DB, oscar, r.ID)
		d.must(err, "not_started")
		d.Later(73 * time.Hour)
		if err := d.room.Due(ctx, d.DB); err != nil || d.factors(d.ben) == 0 {
			d.Error("a cancelled request took effect", err)
		}
		if d.Kinds(d.T, "ben@example.com")["support_cancelled"] != 1 || d.events(string(d.org), "support.cancelled") != 1 {
			d.Error("the cancellation was not told or not written down")
		}
		// A link of another kind is nothing here, nor the other way round.
		if _, no, _ := d.room.CancelByLink(ctx, d.DB, visitor, strings.Repeat("x", 43)); no == nil || no.Code != "link_unknown" {
			d.Error(no)
		}
		d.Write(d.T, func(tx *store.Tx) error {
			if _, no, err := d.Links.Look(tx, link.ResetPassword, token); err != nil || no == nil {
				d.Error("the cancelling link opens something else")
			}
			return nil
		})
	})
}

// Proves B15 and decisions 2: of a confirmation and a cancellation at the same moment one wins, and the effect fits.
func TestConfirmAgainstCancel(t *testing.T) {
	each(t, func(d *desk) {
		olga, oscar := d.operator("olga", host), d.operator("oscar", host)
		r := d.begin(olga, d.lost("ben"))
		turn := make(chan bool, 8)
		for i := range 8 {
			turn <- i%2 == 0
		}
		won := accounttest.Race(8, func() bool {
			if <-turn {
				_, err := d.room.Confirm(ctx, d.DB, oscar, r.ID)
				return err == nil
			}
			_, err := d.room.Cancel(ctx, d.DB, olga, r.ID, "not them")
			return err == nil
		})
		detail, err := d.room.Get(ctx, d.DB, olga, r.ID)
		if err != nil || won != 1 {
			d.Fatal(won, err)
		}
		if gone := d.factors(d.ben) == 0; gone != (detail.State == request.Done) {
			d.Errorf("%s, factors gone %v", detail.State, gone)
		}
	})
}

// Proves SO9: a command on the host does it at once, in the same streams, and tells the same people; nobody else can.
func TestBreakGlass(t *testing.T) {
	each(t, func(d *desk) {
		olga := d.operator("olga", host)
		_, err := d.room.BreakGlass(ctx, d.DB, olga, d.lost("ben"))
		d.must(err, "host_only")
		r, err := d.room.BreakGlass(ctx, d.DB, host, d.lost("ben"))
		if err != nil || r.State != request.Done || d.factors(d.ben) != 0 {
			d.Fatal(r.State, err)
		}
		if d.events(string(d.org), "support.done") != 1 || d.events(string(d.ben.ID), "support.done") != 1 {
			d.Error("not in the customer's own log")
		}
		if d.Kinds(d.T, "maya@example.com")["support_factors_removed"] != 1 {
			d.Error("the owner was not told")
		}
	})
}

// Proves SO8, C11 and C60: whoever asks is answered the same, known or not; limits count by network; nothing that was
// typed is believed.
func TestAsk(t *testing.T) {
	each(t, func(d *desk) {
		for i, name := range []string{"ben", "nobody-here", "BEN", "x", "maya@example.com"} {
			if _, err := d.room.Ask(ctx, d.DB, visitor, request.Form{Name: name, Kind: request.LostPhone}); err != nil {
				d.Fatal(i, err)
			}
		}
		if len(d.Kinds(d.T, "ben@example.com")) != 0 {
			d.Error("asking alone sends something")
		}
		_, err := d.room.Ask(ctx, d.DB, visitor, request.Form{Name: "ben", Kind: request.LostPhone})
		d.must(err, "requests_many")
		elsewhere := access.Visitor(signintest.At("198.51.100.9"))
		for _, x := range []struct {
			f    request.Form
			code string
		}{{request.Form{Kind: request.LostPhone}, "name_missing"}, {request.Form{Name: "a", Kind: "anything"}, "kind_missing"},
			{request.Form{Name: "a", Kind: request.TwoFactorOff}, "organisation_missing"}, {request.Form{Name: "a", Kind: request.Other}, "message_missing"},
			{request.Form{Name: "a\u202eb", Kind: request.LostPhone}, "name_invalid"}, {request.Form{Name: "a\x00", Kind: request.LostPhone}, "name_invalid"},
			{request.Form{Name: strings.Repeat("a", 201), Kind: request.LostPhone}, "name_too_long"},
			{request.Form{Name: "a", Message: strings.Repeat("é", 4001), Kind: request.Other}, "message_too_long"},
			{request.Form{Name: "a", Email: "no address", Kind: request.LostPhone}, "email"}} {
			_, err := d.room.Ask(ctx, d.DB, elsewhere, x.f)
			if x.code == "email" {
				if problem.As(err) == nil || problem.As(err).Fields[0].Name != "email" {
					d.Error(err)
				}
				continue
			}
			d.must(err, x.code)
		}
		if _, _, err := d.room.List(ctx, d.DB, visitor, true, ""); !problem.Is(err, problem.KindSignedOut) {
			d.Error("a visitor lists requests", err)
		}
		person := access.Actor{Kind: access.KindPerson, Profile: d.maya.ID}
		for name, err := range map[string]error{
			"take": second(d.room.Take(ctx, d.DB, person, "x")), "start": second(d.room.Begin(ctx, d.DB, person, d.lost("ben"))),
			"confirm": second(d.room.Confirm(ctx, d.DB, person, "x")), "cancel": second(d.room.Cancel(ctx, d.DB, person, "x", "y")),
			"answer": second(d.room.Answer(ctx, d.DB, person, "x", "y")), "get": second(d.room.Get(ctx, d.DB, person, "x"))} {
			if !problem.Is(err, problem.KindSignedOut) {
				d.Errorf("a person may %s: %v", name, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Proves C36 and SO8: an answer about somebody goes to that somebody's confirmed addresses, never to an address that a
// stranger typed beside the name; where nobody is known, to the typed one.
func TestAnswer(t *testing.T) {
	each(t, func(d *desk) {
		olga := d.operator("olga", host)
		for i, x := range []struct{ name, typed, to string }{{"ben", "thief@evil.example", "ben@example.com"}, {"nobody", "new@example.net", "new@example.net"}} {
			r, err := d.room.Ask(ctx, d.DB, access.Visitor(signintest.At(fmt.Sprintf("198.51.100.%d", i+1))), request.Form{Name: x.name, Email: x.typed, Kind: request.Other, Message: "help"})
			if err != nil {
				d.Fatal(err)
			}
			if _, err := d.room.Answer(ctx, d.DB, olga, r, "Log in with a recovery code.\n\nThen bind a new phone."); err != nil {
				d.Fatal(err)
			}
			if d.Kinds(d.T, x.to)["support_answered"] != 1 {
				d.Errorf("%s: %v", x.to, d.Kinds(d.T, x.to))
			}
			_, err = d.room.Answer(ctx, d.DB, olga, r, "again")
			d.must(err, "not_open")
		}
		if len(d.Kinds(d.T, "thief@evil.example")) != 0 {
			d.Error("a stranger's address got the answer")
		}
	})
}

// Proves C60 and part 4 row 3: owners are not told again and again; a start that is refused leaves nothing behind.
func TestStartsAreLimited(t *testing.T) {
	each(t, func(d *desk) {
		olga := d.operator("olga", host)
		for range request.Defaults().StartsDay {
			r := d.begin(olga, d.lost("ben"))
			if _, err := d.room.Cancel(ctx, d.DB, olga, r.ID, "not them"); err != nil {
				d.Fatal(err)
			}
		}
		_, err := d.room.Begin(ctx, d.DB, olga, d.lost("ben"))
		d.must(err, "starts_many")
		waiting, _, err := d.room.List(ctx, d.DB, olga, false, "")
		if err != nil || len(waiting) != 0 {
			d.Error(waiting, err)
		}
	})
}
