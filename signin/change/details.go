package change

import (
	"context"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/store"
)

// Details stores what a person edits without proving anything: name, language, zone, formats, postal address (RP12,
// RP19). All mistakes are named at once, at the names of profile.Details in lower case.
func (r *Room) Details(ctx context.Context, db *store.DB, who access.Actor, d profile.Details) error {
	if err := who.MustBePerson(); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		if err := profile.Edit(tx, who.Profile, d); err != nil {
			return err
		}
		return r.Sessions.Log.Record(tx, who, audit.Event{Kind: "profile.edited", Target: string(who.Profile)}, string(who.Profile))
	})
}
