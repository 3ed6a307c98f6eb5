package change_test

import (
	"testing"

	"watchword/account/accounttest"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/base/store/storetest"
	kit "watchword/signin/signintest"
)

// Proves RP1, RP2 and RP4 for changes: what cannot be had is told at its field before anybody fetches a code for it, and
// what can be had asks for the code first.
func TestMistakesComeBeforeTheCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := kit.New(t, db)
		_, who, _, _ := someone(t, k, "ana")
		k.Person(t, "bob")
		for username, want := range map[string]string{"": "username_missing", "an na": "username_space", "BОB": "username_taken", "x@example.com": "username_taken"} {
			if _, err := k.Change.Username(ctx, db, who, username); !problem.HasCode(err, want) {
				t.Errorf("username %q: %v, want %s", username, err, want)
			}
		}
		if _, err := k.Change.Username(ctx, db, who, "anna"); !problem.Is(err, problem.KindNeedsCode) {
			t.Errorf("a username without a fresh code: %v", err)
		}
		if _, err := k.Change.AskRecoveryAddress(ctx, db, who, "ana@@"); !problem.HasCode(err, "email_format") || problem.As(err).Fields[0].Name != "email" {
			t.Errorf("a recovery address that is none: %v", err)
		}
		if _, err := k.Change.Password(ctx, db, who, accounttest.Password, "short"); !problem.HasCode(err, "password_too_short") {
			t.Errorf("a short password: %v", err)
		}
		if _, err := k.Change.Password(ctx, db, who, "not the password", fresh); !problem.Is(err, problem.KindNeedsCode) {
			t.Errorf("the current password is looked at without a fresh code: %v", err)
		}
	})
}
