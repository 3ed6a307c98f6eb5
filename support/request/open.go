package request

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"watchword/account/count"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// Longest values of the form, in code points.
const (
	maxLine    = 200
	MaxMessage = 4000
)

// allDay bounds what all strangers together may leave a day.
const allDay = 1000

// Form is what somebody who needs help fills in. Fields are named as on the page: name, email, kind, organisation,
// message.
type Form struct {
	Name         string // username, address or name; this or Email must be there
	Email        string // to write back to
	Kind         Kind
	Organisation string // as its people call it
	Message      string
	Language     string // of the answer; "en" when empty
}

// Ask leaves a request, also for people who are locked out (SO8). It looks nobody up, so that the answer and its time
// are the same for known and unknown names (C11); whom it is about is settled by the operator who starts it.
func (m *Room) Ask(ctx context.Context, db *store.DB, who access.Actor, f Form) (ID, error) {
	f, err := f.check()
	if err != nil {
		return "", err
	}
	var i ID
	var late time.Duration
	err = db.Write(ctx, func(tx *store.Tx) error {
		wait, err := count.Take(tx, "support/"+who.Origin.Bucket(), count.Limit{Most: m.Settings.PerHour, Within: time.Hour},
			count.Limit{Most: m.Settings.PerDay, Within: 24 * time.Hour})
		if err == nil && wait == 0 {
			wait, err = count.Take(tx, "support", count.Limit{Most: allDay, Within: 24 * time.Hour})
		}
		if late = wait; wait > 0 || err != nil {
			return err
		}
		r := m.fresh(tx, who, f.Kind)
		r.TypedName, r.TypedEmail, r.TypedOrganisation, r.Message, r.Language = f.Name, f.Email, f.Organisation, f.Message, f.Language
		i = r.ID
		if err := insert(tx, r); err != nil {
			return err
		}
		if err := m.tellOperators(tx, who, r); err != nil {
			return err
		}
		return m.Log.Record(tx, who, audit.Event{Kind: "support.asked", Target: string(r.ID), Detail: map[string]string{"kind": string(r.Kind)}},
			audit.System, string(who.Profile))
	})
	if err == nil && late > 0 {
		err = problem.TooMany("requests_many", "Too many requests came from your network. Try again later.", late)
	}
	return i, err
}

func (m *Room) fresh(tx *store.Tx, who access.Actor, k Kind) Request {
	r := Request{ID: ID(id.New("SR", tx.Now)), Kind: k, State: Open, OpenedBy: string(who.Profile), OpenedName: who.Name,
		Device: who.Origin.Device, CreatedAt: tx.Now, Language: "en"}
	if who.Operator != "" {
		r.OpenedBy = string(who.Operator)
	}
	if who.Origin.Address.IsValid() {
		r.Address = who.Origin.Address.String()
	}
	return r
}

func (f Form) check() (Form, error) {
	e := problem.Invalid("invalid", "Check what you entered.")
	f.Name = line(e, "name", "your name", f.Name)
	f.Email = line(e, "email", "the email address", f.Email)
	f.Organisation = line(e, "organisation", "the organisation", f.Organisation)
	f.Message = text(e, "message", "the message", f.Message)
	if f.Email != "" {
		if _, bad := profile.ParseAddress("email", f.Email); bad != nil {
			e.Fields = append(e.Fields, *bad)
		}
	}
	switch {
	case f.Name == "" && f.Email == "":
		e.At("name", "name_missing", "Enter your name, username or email address, so that we know who asks.")
	case f.Kind != LostPhone && f.Kind != TwoFactorOff && f.Kind != Other:
		e.At("kind", "kind_missing", "Choose what you need.")
	case f.Kind == TwoFactorOff && f.Organisation == "":
		e.At("organisation", "organisation_missing", "Enter the name of the organisation.")
	case f.Kind == Other && f.Message == "":
		e.At("message", "message_missing", "Write what you need help with.")
	}
	return f, e.OrNil()
}

// line tidies one line that somebody typed.
func line(e *problem.Error, field, what, s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return short(e, field, what, s, maxLine)
}

// text tidies several lines that somebody typed.
func text(e *problem.Error, field, what, s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	return short(e, field, what, s, MaxMessage)
}

func short(e *problem.Error, field, what, s string, most int) string {
	bad := func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError
	}
	switch {
	case !utf8.ValidString(s) || strings.ContainsFunc(s, bad):
		e.At(field, field+"_invalid", "Remove the invisible characters from "+what+".")
	case utf8.RuneCountInString(s) > most:
		e.At(field, field+"_too_long", "Shorten "+what+".")
	}
	return s
}
