package login

import (
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/store"
)

// ForgetBrowsers ends the recognition of every browser of a person, in somebody else's transaction: after support removed
// the second factors, the next log-in must take the mailbox too.
func (r *Room) ForgetBrowsers(tx *store.Tx, who access.Actor, p id.Profile) error {
	n, err := tx.Exec(`DELETE FROM signin_browser WHERE profile_id = $1`, p)
	if err != nil || n == 0 {
		return err
	}
	return r.Log.Record(tx, who, audit.Event{Kind: "login.browser_forgotten", Target: string(p), Reason: "support"}, string(p))
}
