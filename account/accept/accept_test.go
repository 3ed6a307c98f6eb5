package accept_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"watchword/account/accept"
	"watchword/account/accounttest"
	"watchword/account/factor"
	"watchword/account/join"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/grant"
	"watchword/organisation"
	"watchword/organisation/invite"
)

var ctx = context.Background()

// house is an organisation with its owner, who has just proved to be it.
type house struct {
	*accounttest.Kit
	orgs    *organisation.Rooms
	invites *invite.Room
	accept  *accept.Room
	org     id.Organisation
	ana     access.Actor
}

func actor(p profile.Profile) access.Actor {
	return access.Actor{Kind: access.KindPerson, Profile: p.ID, Session: id.Session("SE" + p.Username), Name: p.Username, Level: access.LevelPassword,
		Origin: accounttest.From("192.0.2.1").Origin}
}

func open(t testing.TB, db *store.DB) *house {
	t.Helper()
	k := accounttest.New(t, db)
	h := &house{Kit: k, orgs: &organisation.Rooms{Log: k.Log}}
	h.invites = &invite.Room{Ring: k.Ring, Log: k.Log, Post: k.Post, BaseURL: accounttest.BaseURL, Home: "GB", Settings: invite.Defaults()}
	h.invites.Settings.CoolDown = 0
	h.accept = &accept.Room{Ring: k.Ring, Log: k.Log, Organisations: h.orgs, Invitations: h.invites, Factors: k.Factors, Hasher: k.Hasher,
		Policy: k.Policy, Post: k.Post, Terms: "1", Home: "GB"}
	h.ana = actor(k.Person(t, "ana"))
	o, err := h.orgs.Create(ctx, db, h.ana, organisation.Form{Name: "Harbour"})
	if err != nil {
		t.Fatal(err)
	}
	h.org = o.ID
	k.Write(t, func(tx *store.Tx) error { return grant.Give(tx, h.ana.Session, organisation.ManageUsers) })
	return h
}

func (h *house) invite(t testing.TB, f invite.Form) (invite.Invitation, string) {
	t.Helper()
	v, err := h.invites.Invite(ctx, h.DB, h.ana, h.org, f)
	if p := problem.As(err); f.Role == organisation.Owner && p != nil && p.Action == organisation.Transfers {
		h.Write(t, func(tx *store.Tx) error { return grant.GiveOnce(tx, h.ana.Session, p.Action, p.Digest, grant.Life) })
		v, err = h.invites.Invite(ctx, h.DB, h.ana, h.org, f)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v, h.Newest(t, v.Email).Token(t)
}

func (h *house) members(t testing.TB) []organisation.Member {
	t.Helper()
	all, err := organisation.Members(ctx, h.DB, h.ana, h.org)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var visitor = accounttest.From("198.51.100.4")

func newcomer(token string) accept.Form {
	return accept.Form{Token: token, Name: "Nia New", Password: accounttest.Password, Terms: true, Language: "de", Zone: "Europe/Berlin"}
}

// Proves OU4 and RP18: a number in national spelling is read as one of the organisation's own country, where its business
// details name one, and of the installation's otherwise.
func TestNumberOfTheOrganisationsCountry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		for country, want := range map[string]string{"": "+447700900123", "AU": "+61491570156"} {
			if _, err := h.orgs.SetDetails(ctx, db, h.ana, h.org, organisation.Details{Name: "Harbour", Country: country}); err != nil {
				t.Fatal(err)
			}
			typed := map[string]string{"": "07700 900123", "AU": "0491 570 156"}[country]
			v, _ := h.invite(t, invite.Form{Email: "nia" + country + "@example.com", Number: typed})
			v, err := h.invites.Get(ctx, db, h.ana, h.org, v.ID)
			n, ok, err2 := h.invites.Number(v)
			if err != nil || err2 != nil || !ok || n.E164 != want || v.NumberMasked != n.Masked(n.Country) {
				t.Errorf("in %q %q is read as %+v, shown as %q: %v %v", country, typed, n, v.NumberMasked, err, err2)
			}
		}
	})
}

// Proves OU4, OU5, C37, B10 and decisions 11, 14, 24, 26: a newcomer sets an own password, is verified at once, and is a
// member with what the owner chose; a typed number stays a suggestion.
func TestNewcomer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		_, token := h.invite(t, invite.Form{Name: "Nia", Email: "Nia@Example.com", Method: organisation.BySMS, Number: "07700 900123",
			Permissions: []organisation.Permission{organisation.Contacts}})
		if m := h.Newest(t, "Nia@example.com"); !strings.Contains(m.Text, accounttest.BaseURL+invite.Path+"?token=") || !strings.Contains(m.Text, "Harbour") {
			t.Fatalf("%+v", m)
		}
		o, err := h.accept.Look(ctx, db, visitor, token)
		if err != nil || !o.New || o.NeedsLogin || o.WrongProfile || o.InvitedBy != "ana" || o.NumberMasked == "" || len(o.Choices) != 3 || o.Choices[0].Method != organisation.ByPasskey {
			t.Fatalf("%+v %v", o, err)
		}
		for code, change := range map[string]func(f *accept.Form){
			"password_too_short": func(f *accept.Form) { f.Password = "short" },
			"password_own_word":  func(f *accept.Form) { f.Password = "Harbour20261122" },
			"terms_missing":      func(f *accept.Form) { f.Terms = false },
			"username_space":     func(f *accept.Form) { f.Username = "n i a" },
			"method_weak":        func(f *accept.Form) { f.Method = organisation.ByEmail },
			"phone_too_short":    func(f *accept.Form) { f.Method, f.Number, f.Country = organisation.BySMS, "077", "GB" },
		} {
			f := newcomer(token)
			change(&f)
			if _, err := h.accept.Accept(ctx, db, visitor, f); !problem.HasCode(err, code) {
				t.Errorf("%s: %v", code, err)
			}
		}
		if n := len(h.members(t)); n != 1 {
			t.Fatalf("%d members after refusals", n)
		}
		f := newcomer(token)
		f.Method = organisation.BySMS
		a, err := h.accept.Accept(ctx, db, visitor, f)
		if err != nil || !a.New || a.Profile.VerifiedAt == 0 || a.Profile.Username != "" || a.Profile.Language != "de" || a.Profile.TermsVersion != "1" {
			t.Fatalf("%+v %v", a, err)
		}
		all := h.members(t)
		if len(all) != 2 || all[1].Method != organisation.BySMS || len(all[1].May) != 1 || all[1].NumberMasked == "" || all[1].DisabledAt != 0 {
			t.Fatalf("%+v", all)
		}
		h.Write(t, func(tx *store.Tx) error {
			s, ok, err := organisation.SuggestedNumber(tx, h.Ring, h.org, a.Profile.ID)
			if !ok || s.Number.E164 != "+447700900123" {
				t.Errorf("the suggested number: %+v %v", s, ok)
			}
			if _, bound, _ := h.Factors.Number(tx, a.Profile.ID); bound {
				t.Error("a number that nobody proved is bound")
			}
			return err
		})
		for _, m := range h.Mails(t) {
			if m.Kind == "member_joined" && m.To != "ana@example.com" || m.Kind == "invitation_accepted" && m.To != "Nia@example.com" {
				t.Errorf("%s to %s", m.Kind, m.To)
			}
		}
		h.Newest(t, "ana@example.com")
		if _, err := h.accept.Accept(ctx, db, visitor, newcomer(token)); !problem.HasCode(err, "invitation_used") {
			t.Errorf("twice: %v", err)
		}
	})
}

// Proves B10 and B15: twenty acceptances at the same moment make one profile and one member.
func TestAcceptedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		_, token := h.invite(t, invite.Form{Email: "nia@example.com"})
		if won := accounttest.Race(20, func() bool {
			_, err := h.accept.Accept(ctx, db, visitor, newcomer(token))
			if err != nil && problem.As(err) == nil {
				t.Error(err)
			}
			return err == nil
		}); won != 1 {
			t.Fatalf("%d of 20 newcomers", won)
		}
		bob := h.Person(t, "bob")
		_, token = h.invite(t, invite.Form{Email: "bob@example.com"})
		if won := accounttest.Race(20, func() bool {
			_, err := h.accept.Accept(ctx, db, actor(bob), accept.Form{Token: token})
			return err == nil
		}); won != 1 {
			t.Fatalf("%d of 20 acceptances by one person", won)
		}
		if n := len(h.members(t)); n != 3 {
			t.Fatalf("%d members", n)
		}
	})
}

// Proves OU4, OU5, B10 and C11: who has a profile joins logged in as exactly that one; another profile is refused, and
// what the inviter sees is the same for a known and an unknown address.
func TestExistingProfile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		bob, eve := h.Person(t, "bob"), h.Person(t, "eve")
		known, token := h.invite(t, invite.Form{Email: "bob@example.com"})
		unknown, _ := h.invite(t, invite.Form{Email: "new@example.com"})
		unknown.ID, unknown.Email, unknown.CreatedAt, unknown.SentAt, unknown.ExpiresAt, unknown.ResendAt = known.ID, known.Email, known.CreatedAt, known.SentAt, known.ExpiresAt, known.ResendAt
		if known.State != unknown.State || known.InviterName != unknown.InviterName || known.Sends != unknown.Sends || known.NumberMasked != unknown.NumberMasked {
			t.Errorf("known %+v, unknown %+v", known, unknown)
		}
		if o, err := h.accept.Look(ctx, db, visitor, token); err != nil || !o.NeedsLogin || o.New {
			t.Fatalf("%+v %v", o, err)
		}
		if _, err := h.accept.Accept(ctx, db, visitor, newcomer(token)); !problem.Is(err, problem.KindSignedOut) {
			t.Fatalf("by nobody: %v", err)
		}
		if o, err := h.accept.Look(ctx, db, actor(eve), token); err != nil || !o.WrongProfile {
			t.Fatalf("%+v %v", o, err)
		}
		if _, err := h.accept.Accept(ctx, db, actor(eve), newcomer(token)); !problem.Is(err, problem.KindForbidden) {
			t.Fatalf("by another profile: %v", err)
		}
		if o, err := h.accept.Look(ctx, db, actor(bob), token); err != nil || o.New || o.NeedsLogin || o.WrongProfile {
			t.Fatalf("%+v %v", o, err)
		}
		if a, err := h.accept.Accept(ctx, db, actor(bob), accept.Form{Token: token}); err != nil || a.New || a.Profile.ID != bob.ID {
			t.Fatalf("%+v %v", a, err)
		}
		if _, err := h.invites.Invite(ctx, db, h.ana, h.org, invite.Form{Email: "BOB@example.com"}); !problem.HasCode(err, "already_member") {
			t.Fatalf("inviting a member: %v", err)
		}
		// Somebody who is logged in as another person cannot take a newcomer's link either.
		_, token = h.invite(t, invite.Form{Email: "third@example.com"})
		if _, err := h.accept.Accept(ctx, db, actor(eve), newcomer(token)); !problem.Is(err, problem.KindForbidden) {
			t.Fatalf("a newcomer's link in another's session: %v", err)
		}
	})
}

// Proves B10: sending again, changing the address, withdrawing and deleting the organisation each kill the link; 72 hours
// do too; registering the invited address elsewhere makes nobody a member.
func TestDeadLinks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		dead := func(what, token, code string) {
			t.Helper()
			if _, err := h.accept.Accept(ctx, db, visitor, newcomer(token)); !problem.HasCode(err, code) {
				t.Errorf("%s: %v", what, err)
			}
		}
		v, first := h.invite(t, invite.Form{Email: "nia@example.com"})
		if _, err := h.invites.Resend(ctx, db, h.ana, h.org, v.ID); err != nil {
			t.Fatal(err)
		}
		second := h.Newest(t, "nia@example.com").Token(t)
		dead("sent again", first, "invitation_unknown")
		again, third := h.invite(t, invite.Form{Email: "NIA@example.com", Method: organisation.ByTOTP})
		if again.ID != v.ID || again.Sends != 3 {
			t.Errorf("inviting a waiting address made %+v", again)
		}
		dead("invited again", second, "invitation_unknown")
		if _, err := h.invites.Edit(ctx, db, h.ana, h.org, v.ID, invite.Form{Email: "other@example.com"}); err != nil {
			t.Fatal(err)
		}
		dead("sent to another address", third, "invitation_unknown")
		fourth := h.Newest(t, "other@example.com").Token(t)
		if err := h.invites.Withdraw(ctx, db, h.ana, h.org, v.ID); err != nil {
			t.Fatal(err)
		}
		dead("withdrawn", fourth, "invitation_unknown")
		if _, err := h.invites.Resend(ctx, db, h.ana, h.org, v.ID); !problem.HasCode(err, "invitation_withdrawn") {
			t.Errorf("sending a withdrawn one: %v", err)
		}
		for _, token := range []string{"", "x", strings.Repeat("A", 43), first + "A", "\x00" + first[1:]} {
			dead("made up", token, "invitation_unknown")
		}
		late, fifth := h.invite(t, invite.Form{Email: "late@example.com"})
		db.Clock().Advance(72*time.Hour + time.Minute)
		dead("after 72 hours", fifth, "invitation_expired")
		h.Write(t, func(tx *store.Tx) error { return grant.Give(tx, h.ana.Session, organisation.ManageUsers) })
		if list, err := h.invites.List(ctx, db, h.ana, h.org); err != nil || len(list) != 1 || list[0].ID != late.ID || list[0].State != invite.Expired {
			t.Errorf("%+v %v", list, err)
		}
		if _, err := h.invites.Resend(ctx, db, h.ana, h.org, late.ID); err != nil {
			t.Fatal(err)
		}
		sixth := h.Newest(t, "late@example.com").Token(t)
		h.Write(t, func(tx *store.Tx) error { return h.orgs.Suspend(tx, access.System("test"), h.org, "unpaid") })
		dead("into a suspended organisation", sixth, "suspended")
		h.Write(t, func(tx *store.Tx) error { return h.orgs.Restore(tx, access.System("test"), h.org, "paid") })
		late2 := h.Person(t, "late") // the address was registered in another way
		if n := len(h.members(t)); n != 1 {
			t.Errorf("registering made %d members", n)
		}
		if _, err := h.accept.Accept(ctx, db, visitor, newcomer(sixth)); !problem.Is(err, problem.KindSignedOut) {
			t.Errorf("a second profile with one address: %v", err)
		}
		h.Write(t, func(tx *store.Tx) error {
			if err := grant.GiveOnce(tx, h.ana.Session, organisation.Deletes, string(h.org), grant.Life); err != nil {
				return err
			}
			_, err := h.orgs.Delete(tx, h.ana, h.org)
			return err
		})
		if _, err := h.accept.Accept(ctx, db, actor(late2), accept.Form{Token: sixth}); !problem.HasCode(err, "invitation_unknown") {
			t.Errorf("into a deleted organisation: %v", err)
		}
	})
}

// Proves OU10, C48, C50, C60 and TD12 for inviting: owners with a fresh proof only, nothing above the own role or below
// the floor, and not without end.
func TestWhoInvites(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		bob, eve := actor(h.Person(t, "bob")), actor(h.Person(t, "eve"))
		v, _ := h.invite(t, invite.Form{Email: "nia@example.com"})
		h.Write(t, func(tx *store.Tx) error {
			for _, s := range []id.Session{bob.Session, eve.Session} {
				if err := grant.Give(tx, s, organisation.ManageUsers); err != nil {
					return err
				}
			}
			return h.orgs.Add(tx, h.ana, h.org, bob.Profile, organisation.Joining{Role: organisation.FullMember})
		})
		for name, act := range map[string]func(who access.Actor) error{
			"invite": func(w access.Actor) error {
				_, err := h.invites.Invite(ctx, db, w, h.org, invite.Form{Email: "x@example.com"})
				return err
			},
			"edit": func(w access.Actor) error {
				_, err := h.invites.Edit(ctx, db, w, h.org, v.ID, invite.Form{Email: "x@example.com"})
				return err
			},
			"resend": func(w access.Actor) error {
				_, err := h.invites.Resend(ctx, db, w, h.org, v.ID)
				return err
			},
			"withdraw": func(w access.Actor) error { return h.invites.Withdraw(ctx, db, w, h.org, v.ID) },
			"list":     func(w access.Actor) error { _, err := h.invites.List(ctx, db, w, h.org); return err },
			"get":      func(w access.Actor) error { _, err := h.invites.Get(ctx, db, w, h.org, v.ID); return err },
		} {
			if err := act(bob); !problem.HasCode(err, "owner_only") {
				t.Errorf("%s by a member: %v", name, err)
			}
			if err := act(eve); !problem.Is(err, problem.KindNotFound) {
				t.Errorf("%s by a stranger: %v", name, err)
			}
		}
		if _, err := h.invites.Invite(ctx, db, h.ana, h.org, invite.Form{Email: "x@example.com", Role: organisation.Owner}); problem.As(err) == nil || problem.As(err).Action != organisation.Transfers {
			t.Errorf("an owner with the proof for managing users: %v", err)
		}
		unproved := h.ana
		unproved.Session = "SEother"
		if _, err := h.invites.Invite(ctx, db, unproved, h.org, invite.Form{Email: "x@example.com"}); !problem.Is(err, problem.KindNeedsCode) {
			t.Errorf("without a proof: %v", err)
		}
		for code, f := range map[string]invite.Form{"email_format": {Email: "nobody"}, "role_unknown": {Email: "x@example.com", Role: "king"},
			"method_weak": {Email: "x@example.com", Role: organisation.Owner, Method: organisation.ByEmail}, "method_unknown": {Email: "x@example.com", Method: "pigeon"},
			"permission_unknown": {Email: "x@example.com", Permissions: []organisation.Permission{"owner"}}, "language_unknown": {Email: "x@example.com", Language: "xx"},
			"phone_not_mobile": {Email: "x@example.com", Number: "020 7946 0123"}, "name_too_long": {Email: "x@example.com", Name: strings.Repeat("n", 201)}} {
			if _, err := h.invites.Invite(ctx, db, h.ana, h.org, f); !problem.HasCode(err, code) {
				t.Errorf("%s: %v", code, err)
			}
		}
		h.Write(t, func(tx *store.Tx) error {
			return h.orgs.SetRequired(tx, h.ana, h.org, true, tx.Now+store.Micros(time.Hour))
		})
		if _, err := h.invites.Invite(ctx, db, h.ana, h.org, invite.Form{Email: "x@example.com", Role: organisation.Owner}); !problem.HasCode(err, "owner_number") {
			t.Errorf("an owner without a number under required (LF4): %v", err)
		}
		var limited error
		for range h.invites.Settings.Address + 1 {
			_, limited = h.invites.Resend(ctx, db, h.ana, h.org, v.ID)
		}
		if !problem.HasCode(limited, "invitations_address") {
			t.Errorf("one address without end: %v", limited)
		}
		h.invites.Settings.Day = 6
		if _, err := h.invites.Invite(ctx, db, h.ana, h.org, invite.Form{Email: "y@example.com"}); err != nil {
			t.Error(err)
		}
		if _, err := h.invites.Invite(ctx, db, h.ana, h.org, invite.Form{Email: "z@example.com"}); !problem.HasCode(err, "invitations_many") {
			t.Errorf("one organisation without end: %v", err)
		}
		page, err := organisation.Audit(ctx, db, h.ana, h.org, audit.Filter{Kind: "invitation"})
		if err != nil || len(page.Rows) != 6 {
			t.Errorf("%d lines of the audit log, %v", len(page.Rows), err)
		}
	})
}

// Proves LF16, C23 and decisions 25 for who is invited by email: the method email is bound at acceptance, SMS without a
// number waits for the first log-in, and an owner's invitation under required gives a member.
func TestMethodsAtAcceptance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		_, token := h.invite(t, invite.Form{Email: "mail@example.com", Method: organisation.ByEmail})
		f := newcomer(token)
		f.Method = organisation.ByEmail
		a, err := h.accept.Accept(ctx, db, visitor, f)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(t, func(tx *store.Tx) error {
			all, err := h.Factors.List(tx, a.Profile.ID)
			if len(all) != 1 || all[0].Kind != factor.Email {
				t.Errorf("%+v", all)
			}
			return err
		})
		_, token = h.invite(t, invite.Form{Email: "sms@example.com", Method: organisation.BySMS})
		f = newcomer(token)
		f.Method = organisation.BySMS
		if _, err := h.accept.Accept(ctx, db, visitor, f); !problem.HasCode(err, "number_missing") {
			t.Errorf("SMS without a number: %v", err)
		}
		f.Method = ""
		if a, err = h.accept.Accept(ctx, db, visitor, f); err != nil {
			t.Fatal(err)
		}
		_, token = h.invite(t, invite.Form{Email: "boss@example.com", Role: organisation.Owner})
		boss := h.Person(t, "boss")
		h.Write(t, func(tx *store.Tx) error {
			n, err := phone.Parse("+447700900555", "")
			if err != nil {
				return err
			}
			if _, _, _, err := h.Factors.BindNumber(tx, h.ana, h.ana.Profile, n); err != nil {
				return err
			}
			return h.orgs.SetRequired(tx, h.ana, h.org, true, tx.Now+store.Micros(time.Hour))
		})
		if _, err := h.accept.Accept(ctx, db, actor(boss), accept.Form{Token: token}); err != nil {
			t.Fatal(err)
		}
		// A typed number without a method of its own: what the door would not take is not offered (decisions 25).
		for method, weakest := range map[organisation.Method]organisation.Method{"": organisation.BySMS, organisation.ByEmail: organisation.ByEmail} {
			_, token := h.invite(t, invite.Form{Email: "n" + string(method) + "@example.com", Number: "07700 900456", Method: method})
			o, err := h.accept.Look(ctx, db, visitor, token)
			if err != nil || len(o.Choices) == 0 || o.Choices[len(o.Choices)-1].Method != weakest {
				t.Errorf("with %q: %+v %v", method, o.Choices, err)
			}
		}
		for _, m := range h.members(t) {
			if m.Profile == boss.ID && m.Role != organisation.FullMember {
				t.Errorf("an owner without a proved number: %+v", m)
			}
		}
	})
}

// Proves C5 at invitation and RP8's other side: a pending registration of the same address keeps its username for the
// person who accepts, and its own link is over afterwards.
func TestPendingRegistration(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		if _, err := h.Join.Register(ctx, db, visitor, join.Form{Username: "nia", Email: "nia@example.com", Password: accounttest.Password, Terms: true}); err != nil {
			t.Fatal(err)
		}
		registered := h.Newest(t, "nia@example.com").Token(t)
		_, token := h.invite(t, invite.Form{Email: "nia@example.com"})
		f := newcomer(token)
		f.Username = "nia"
		a, err := h.accept.Accept(ctx, db, visitor, f)
		if err != nil || a.Profile.Username != "nia" {
			t.Fatalf("%+v %v", a, err)
		}
		if _, _, refused, err := h.Join.Confirm(ctx, db, visitor, registered, "", accounttest.Password); err != nil || refused == nil {
			t.Fatalf("the old registration: %v %v", refused, err)
		}
	})
}
