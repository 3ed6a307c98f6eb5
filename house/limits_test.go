package house_test

import (
	"testing"
	"time"

	"watchword/account/require"
	"watchword/base/store/storetest"
	"watchword/organisation/invite"
)

// Proves decisions 19: what the configuration says of two-factor for everybody and of invitations is what counts, and
// what it leaves out are the rooms' own defaults.
func TestLimitsComeFromTheConfiguration(t *testing.T) {
	c, _ := settings(t, storetest.SQLite(t))
	h := open(t, c)
	if got := h.Rooms.Require.Settings; got != require.Defaults() {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Invitations.Settings; got != invite.Defaults() {
		t.Errorf("%+v", got)
	}
	h.Close()
	c.Limits.TwoFactorGrace, c.Limits.ConfirmingTexts = 48*time.Hour, 7
	c.Limits.Invitations, c.Limits.InvitationsOpen, c.Limits.InvitedAnHour, c.Limits.InvitedADay = 1, 2, 3, 4
	h = open(t, c)
	if got := h.Rooms.Require.Settings; got != (require.Settings{Grace: 48 * time.Hour, Texts: 7}) {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Invitations.Settings; got.Day != 1 || got.Open != 2 || got.Address != 3 || got.AddressD != 4 {
		t.Errorf("%+v", got)
	}
}
