package link_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/account/link"
	"watchword/base/store"
	"watchword/base/store/storetest"
)

// Proves C31, C51, B11 (looking uses nothing up), C52 (the configured base URL), RP7 (single use, expiring).
func TestALinkWorksOnceAndLookingIsFree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		var old, made link.Made
		k.Write(t, func(tx *store.Tx) (err error) {
			if old, err = k.Links.Make(tx, link.ResetPassword, "PR1", "x", time.Hour); err != nil {
				return err
			}
			made, err = k.Links.Make(tx, link.ResetPassword, "PR1", "y", time.Hour)
			return err
		})
		if !strings.HasPrefix(made.URL, accounttest.BaseURL+link.ResetPassword.Path()+"?token=") {
			t.Fatal(made.URL)
		}
		look := func(kind link.Kind, token string) string {
			code := ""
			k.Write(t, func(tx *store.Tx) error {
				_, p, err := k.Links.Look(tx, kind, token)
				if p != nil {
					code = p.Code
				}
				return err
			})
			return code
		}
		for range 5 {
			if c := look(link.ResetPassword, made.Token); c != "" {
				t.Fatal(c)
			}
		}
		for _, c := range []struct{ kind, token, want string }{
			{"reset_password", old.Token, "link_replaced"}, {"verify_email", made.Token, "link_unknown"},
			{"reset_password", made.Token[:42], "link_unknown"}, {"reset_password", made.Token + "A", "link_unknown"},
			{"reset_password", strings.Repeat("A", 1<<20), "link_unknown"}, {"reset_password", "", "link_unknown"},
			{"reset_password", strings.Repeat("\x00", 43), "link_unknown"},
		} {
			if got := look(link.Kind(c.kind), c.token); got != c.want {
				t.Errorf("%s %.50q: %s, want %s", c.kind, c.token, got, c.want)
			}
		}
		db.Clock().Advance(time.Hour)
		if c := look(link.ResetPassword, made.Token); c != "link_expired" {
			t.Fatal(c)
		}
	})
}

// Proves B15, C18: of fifty parallel uses of one link exactly one succeeds.
func TestFiftyUsesOfALink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		var made link.Made
		k.Write(t, func(tx *store.Tx) (err error) {
			made, err = k.Links.Make(tx, link.VerifyEmail, "SU1", "", time.Hour)
			return err
		})
		won := accounttest.Race(50, func() bool {
			ok := false
			err := db.Write(context.Background(), func(tx *store.Tx) error {
				_, p, err := k.Links.Use(tx, link.VerifyEmail, made.Token)
				ok = p == nil && err == nil
				return err
			})
			return ok && err == nil
		})
		if won != 1 {
			t.Fatalf("%d succeeded", won)
		}
	})
}
