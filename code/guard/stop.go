package guard

import (
	"watchword/base/id"
	"watchword/base/store"
)

// Stop blocks codes to a number for everybody who has not confirmed it: its holder answered STOP to the security
// sender (decisions 20).
func (g *Guard) Stop(tx *store.Tx, number string) error {
	_, err := tx.Exec(`INSERT INTO code_guard_stop (organisation_id, number_hash, at) VALUES ($1, $2, $3)
		ON CONFLICT (organisation_id, number_hash) DO NOTHING`, id.System, g.Ring.Hash("guard.stop", number), tx.Now)
	return err
}

// Start undoes Stop.
func (g *Guard) Start(tx *store.Tx, number string) error {
	for _, h := range g.Ring.Hashes("guard.stop", number) {
		if _, err := tx.Exec(`DELETE FROM code_guard_stop WHERE organisation_id = $1 AND number_hash = $2`, id.System, h); err != nil {
			return err
		}
	}
	return nil
}

// Stopped says whether the number answered STOP, also when that was before a rotation of keys.
func (g *Guard) Stopped(tx *store.Tx, number string) (bool, error) {
	for _, h := range g.Ring.Hashes("guard.stop", number) {
		var n int
		err := tx.QueryRow(`SELECT COUNT(*) FROM code_guard_stop WHERE organisation_id = $1 AND number_hash = $2`, id.System, h).Scan(&n)
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}
