package recovery

import (
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
)

// AddAddress stores a further address for recovery and notices and sends a link to it; it counts for nothing until the
// link was used (C34). The grant for add_recovery_address is the caller's business.
func (m *Room) AddAddress(tx *store.Tx, who access.Actor, p id.Profile, address string) error {
	a, bad := profile.ParseAddress("address", address)
	if bad != nil {
		return problem.AtField(bad.Name, bad.Code, bad.Message)
	}
	pr, err := profile.Lock(tx, p)
	if err != nil {
		return err
	}
	if err := profile.AddExtra(tx, p, a); err != nil {
		return err
	}
	if late, err := m.limit(tx, a.Key, m.Settings.Mails, m.Settings.MailsDay); late || err != nil {
		if err == nil {
			err = problem.TooMany("mails_many", "Too many emails were sent to that address. Try again in an hour.", 0)
		}
		return err
	}
	made, err := m.Links.Make(tx, link.ConfirmRecoveryAddress, string(p)+" "+a.Key, a.Key, m.Settings.AddressLife)
	if err != nil {
		return err
	}
	if err := m.Post.Link(tx, who, wording.ConfirmRecoveryAddress, a.Spelling, wording.Language(pr.Language), pr.Location(),
		wording.Params{Person: pr.LoginName(), URL: made.URL, Minutes: int(m.Settings.AddressLife.Minutes())}, 0); err != nil {
		return err
	}
	return m.Log.Record(tx, who, audit.Event{Kind: "recovery.address_added", Target: notice.Mask(a.Spelling)}, string(p))
}

// ConfirmAddress spends the link sent to a recovery address and tells all confirmed addresses.
func (m *Room) ConfirmAddress(tx *store.Tx, who access.Actor, token string) (*problem.Error, error) {
	l, refused, err := m.Links.Use(tx, link.ConfirmRecoveryAddress, token)
	if refused != nil || err != nil {
		return refused, err
	}
	pr, err := profile.Lock(tx, owner(l))
	if err != nil {
		return nil, err
	}
	ok, err := profile.ConfirmExtra(tx, pr.ID, l.Data)
	if err != nil {
		return nil, err
	}
	if !ok {
		return problem.Conflict("address_gone", "This address was removed or confirmed meanwhile. Look at your security page."), nil
	}
	if err := m.Post.Tell(tx, who, pr, wording.RecoveryAddressAdded, wording.Params{Detail: notice.Mask(l.Data)}); err != nil {
		return nil, err
	}
	return nil, m.Log.Record(tx, who, audit.Event{Kind: "recovery.address_confirmed", Target: notice.Mask(l.Data)}, string(pr.ID))
}

// LookAddress reads the link of a recovery address without using it: the masked address.
func (m *Room) LookAddress(tx *store.Tx, token string) (masked string, refused *problem.Error, err error) {
	l, refused, err := m.Links.Look(tx, link.ConfirmRecoveryAddress, token)
	return notice.Mask(l.Data), refused, err
}

func owner(l link.Link) id.Profile { return id.Profile(l.Subject[:min(34, len(l.Subject))]) }

// RemoveAddress forgets a recovery address and tells it and all others.
func (m *Room) RemoveAddress(tx *store.Tx, who access.Actor, p id.Profile, key string) error {
	pr, err := profile.Lock(tx, p)
	if err != nil {
		return err
	}
	x, err := profile.RemoveExtra(tx, p, key)
	if err != nil {
		return err
	}
	if err := m.Links.Cancel(tx, string(p)+" "+key, link.ConfirmRecoveryAddress); err != nil {
		return err
	}
	if x.ConfirmedAt > 0 {
		params := wording.Params{Detail: notice.Mask(x.Spelling)}
		if err := m.Post.TellAt(tx, who, pr, wording.RecoveryAddressRemoved, params, x.Spelling); err != nil {
			return err
		}
		if err := m.Post.Tell(tx, who, pr, wording.RecoveryAddressRemoved, params); err != nil {
			return err
		}
	}
	return m.Log.Record(tx, who, audit.Event{Kind: "recovery.address_removed", Target: notice.Mask(x.Spelling)}, string(p))
}
