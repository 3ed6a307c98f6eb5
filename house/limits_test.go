package house_test

import (
	"testing"
	"time"

	"watchword/account/operator"
	"watchword/account/recovery"
	"watchword/account/require"
	"watchword/base/config"
	"watchword/base/store/storetest"
	"watchword/organisation/invite"
	"watchword/signin/change"
	"watchword/support/request"
)

// Proves decisions 19: what the configuration says of two-factor for everybody, of invitations, of recovery, changes,
// operators and requests for help is what counts, and what it leaves out are the rooms' own defaults.
func TestLimitsComeFromTheConfiguration(t *testing.T) {
	c, _ := settings(t, storetest.SQLite(t))
	h := open(t, c)
	if got := h.Rooms.Require.Settings; got != require.Defaults() {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Invitations.Settings; got != invite.Defaults() {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Requests.Settings; got != request.Defaults() {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Operators.Settings; got != operator.Defaults() {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Recovery.Settings; got != recovery.Defaults() {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Change.Settings; got != change.Defaults() {
		t.Errorf("%+v", got)
	}
	h.Close()
	c.Limits.HelpDelay, c.Limits.HelpAnHour, c.Links.Help, c.Audit.Keep = 1*time.Hour, 2, 3*time.Hour, 4*time.Hour
	c.Limits.HelpADay, c.Limits.HelpMails, c.Limits.HelpStarts = 5, 6, 7
	c.Operator = config.Operator{Token: 1, Setup: 2, Pending: 3, Life: 4, Idle: 5, Tries: 6, TriesDay: 7, Young: 8, Mails: 9}
	c.Limits.ResetMails, c.Limits.ResetMailsADay, c.Limits.ResetAsks, c.Limits.NumberWaits, c.Limits.FirstFactor = 1, 2, 3, 4, 5
	c.Limits.TwoFactorGrace, c.Limits.ConfirmingTexts = 48*time.Hour, 7
	c.Limits.Invitations, c.Limits.InvitationsOpen, c.Limits.InvitedAnHour, c.Limits.InvitedADay = 1, 2, 3, 4
	h = open(t, c)
	if got := h.Rooms.Require.Settings; got != (require.Settings{Grace: 48 * time.Hour, Texts: 7}) {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Invitations.Settings; got.Day != 1 || got.Open != 2 || got.Address != 3 || got.AddressD != 4 {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Requests.Settings; got != (request.Settings{Delay: time.Hour, LinkLife: 3 * time.Hour, PerHour: 2, PerDay: 5, Told: 6, StartsDay: 7, Keep: 4 * time.Hour}) {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Operators.Settings; got != (operator.Settings{TokenLife: 1, SetupLife: 2, PendingLife: 3, Life: 4, Idle: 5, Tries: 6, TriesDay: 7, YoungFor: 8,
		AddressLife: c.Links.Verify, Mails: 9}) {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Recovery.Settings; got.Mails != 1 || got.MailsDay != 2 || got.Asks != 3 {
		t.Errorf("%+v", got)
	}
	if got := h.Rooms.Change.Settings; got.NumberLife != 4 || got.FirstFactor != 5 {
		t.Errorf("%+v", got)
	}
}
