package organisation

import (
	"context"
	"time"
	"unicode"
	"unicode/utf8"

	"strings"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// Form is what a person fills in to make an organisation.
type Form struct {
	// ID is made by NewID when the form is shown, so that a double click makes one organisation, not two. Empty is
	// allowed.
	ID   id.Organisation
	Name string // 1 to 200 code points
}

// NewID is an id for a form that is about to be shown.
func NewID(db *store.DB) id.Organisation { return id.Organisation(id.New("AC", db.Now())) }

// Create makes an organisation whose owner is the actor (OU1, OU2). The profile's address must be confirmed (RP7).
// Posting the same form again returns the same organisation.
func (r *Rooms) Create(ctx context.Context, db *store.DB, who access.Actor, f Form) (Organisation, error) {
	if err := who.MustBePerson(); err != nil {
		return Organisation{}, err
	}
	name, err := cleanName(f.Name)
	if err != nil {
		return Organisation{}, err
	}
	var o Organisation
	err = db.Write(ctx, func(tx *store.Tx) error {
		if err := mayCreate(tx, who.Profile); err != nil {
			return err
		}
		o = Organisation{ID: f.ID, Name: name, CreatedAt: tx.Now}
		if !fresh(f.ID, tx.Now) {
			o.ID = id.Organisation(id.New("AC", tx.Now))
		}
		made, err := insert(tx, o, who.Profile)
		if err != nil {
			return err
		}
		if !made {
			m, err := ofProfile(tx, who.Profile, o.ID)
			if store.IsNoRows(err) {
				return problem.Conflict("form_used", "This form was used already. Open it again to make another organisation.")
			}
			o = m.Organisation
			return err
		}
		if err := insertMember(tx, Member{Organisation: o.ID, Profile: who.Profile, Role: Owner, May: Permissions(), JoinedAt: tx.Now, Version: tx.Now}); err != nil {
			return err
		}
		return r.Log.Record(tx, who, audit.Event{Kind: "organisation.created", Target: string(o.ID), Detail: map[string]string{"name": name}},
			string(o.ID), string(who.Profile))
	})
	return o, err
}

// fresh accepts an id that a form of the last day was shown with, and nothing else that a stranger could think up.
func fresh(o id.Organisation, now int64) bool {
	if !id.Valid("AC", string(o)) {
		return false
	}
	age := store.Time(now).Sub(id.Time(string(o)))
	return age > -time.Minute && age < 24*time.Hour
}

func mayCreate(tx *store.Tx, p id.Profile) error {
	confirmed, n, err := standing(tx, p)
	switch {
	case store.IsNoRows(err):
		return problem.SignedOut()
	case err != nil:
		return err
	case !confirmed:
		return problem.Forbidden("email_not_confirmed", "Confirm your email address first: open the link in the email we sent you.")
	case n >= Limit:
		return problem.Forbidden("too_many_organisations", "You are in 100 organisations already. Leave or delete one before you make another.")
	}
	return nil
}

// cleanName trims a name and refuses what cannot be shown or stored.
func cleanName(s string) (string, error) {
	refuse := func(code, message string) (string, error) { return "", problem.AtField("name", code, message) }
	if len(s) > 4000 {
		return refuse("name_too_long", "Shorten the name to 200 characters or fewer.")
	}
	if !utf8.ValidString(s) {
		return refuse("name_not_text", "Enter the name again: it contains bytes that are not text.")
	}
	s = strings.Join(strings.Fields(s), " ")
	for _, c := range s {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == utf8.RuneError {
			return refuse("name_characters", "Remove the invisible control characters from the name.")
		}
	}
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return refuse("name_missing", "Enter the name of the organisation.")
	case n > 200:
		return refuse("name_too_long", "Shorten the name to 200 characters or fewer.")
	}
	return s, nil
}
