package request_test

import (
	"strings"
	"testing"
	"time"

	"watchword/account/accounttest"
	"watchword/base/store"
	"watchword/support/request"
)

// Proves SO8: every operator who gave an address learns of a new request by mail, with the way to it and nothing of what
// was typed; a flood of requests is no flood of mails.
func TestOperatorsAreTold(t *testing.T) {
	each(t, func(d *desk) {
		d.operator("olga", host)
		d.operator("oscar", host)
		d.Write(d.T, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE account_operator SET email = 'olga@host.example' WHERE username = 'olga'`)
			return err
		})
		d.room.Settings.PerHour, d.room.Settings.Told = 100, 2
		ask := func(want int) {
			d.Helper()
			form := request.Form{Name: "Buy pills", Email: "x@evil.example", Kind: request.LostPhone, Message: "https://evil.example", Language: "en"}
			i, err := d.room.Ask(ctx, d.DB, accounttest.From("198.51.100.7"), form)
			if err != nil {
				d.Fatal(err)
			}
			if n := d.Kinds(d.T, "olga@host.example")["support_asked"]; n != want {
				d.Fatalf("%d mails, want %d", n, want)
			}
			m := d.Newest(d.T, "olga@host.example")
			if strings.Contains(m.Text, "evil") || strings.Contains(m.Text, "pills") {
				d.Errorf("what was typed is mailed: %s", m.Text)
			}
			if want == 1 && !strings.Contains(m.Text, accounttest.BaseURL+"/operator/requests/"+string(i)) {
				d.Errorf("no way to the request: %s", m.Text)
			}
		}
		for _, want := range []int{1, 2, 2, 2} {
			ask(want)
		}
		d.Later(61 * time.Minute)
		ask(3)
	})
}
