package notice_test

import (
	"strings"
	"testing"

	"watchword/account/accounttest"
	"watchword/account/profile"
	"watchword/base/phone"
	"watchword/base/store"
	"watchword/base/store/storetest"
	"watchword/code/wording"
)

// Proves C35: a notice goes to every confirmed address and to no other, and names the browser and the address it came
// from; B12: the number that was replaced is told by text.
func TestNotices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := accounttest.New(t, db)
		ana := k.Person(t, "ana")
		second, _ := profile.ParseAddress("address", "ana@second.example")
		third, _ := profile.ParseAddress("address", "ana@third.example")
		who := accounttest.From("192.0.2.7")
		old, err := phone.ParseMobile("07700900123", "GB")
		if err != nil {
			t.Fatal(err)
		}
		k.Write(t, func(tx *store.Tx) error {
			for _, a := range []profile.Address{second, third} {
				if err := profile.AddExtra(tx, ana.ID, a); err != nil {
					return err
				}
			}
			if _, err := profile.ConfirmExtra(tx, ana.ID, second.Key); err != nil {
				return err
			}
			if err := k.Post.Tell(tx, who, ana, wording.NumberChanged, wording.Params{Detail: "07700 ••• 456"}); err != nil {
				return err
			}
			return k.Post.Text(tx, who, ana, wording.NumberChanged, wording.Params{}, old)
		})
		to := ""
		for _, m := range k.Mails(t) {
			to += m.To + " "
			if !strings.Contains(m.Text, "Firefox on Windows") || !strings.Contains(m.Text, "192.0.2.7") || !strings.Contains(m.Text, "07700 ••• 456") {
				t.Error(m.Text)
			}
		}
		if to != "ana@example.com ana@second.example " {
			t.Fatal(to)
		}
		k.Write(t, func(tx *store.Tx) error {
			var n int
			err := tx.QueryRow(`SELECT COUNT(*) FROM sms_message WHERE lane = 'system' AND dest = '' AND body = ''`).Scan(&n)
			if n != 1 {
				t.Error("texts:", n)
			}
			return err
		})
	})
}
