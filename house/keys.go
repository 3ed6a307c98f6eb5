package house

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"watchword/base/store"
)

// settingKeys holds the ids of all keys that were current while a server ran on this database.
const settingKeys = "keys"

// knowKeys refuses a key ring that lacks a key this database was used with: what is sealed with it could not be read, and
// nobody's password, number or session would be found any more.
func (h *House) knowKeys(ctx context.Context) error {
	var used []string
	read := func(tx *store.Tx) error {
		s, err := tx.Setting(settingKeys)
		used = strings.Fields(s)
		return err
	}
	if err := h.DB.Read(ctx, read); err != nil {
		return err
	}
	for _, key := range used {
		if !hasKey(h.Ring, key) {
			return fmt.Errorf("the key ring at %s has no key %s, which this database was used with: nothing sealed in it could be read. Put the right key ring there", h.Config.KeyRing, key)
		}
	}
	if slices.Contains(used, h.Ring.CurrentID()) {
		return nil
	}
	return h.DB.Write(ctx, func(tx *store.Tx) error {
		if err := read(tx); err != nil || slices.Contains(used, h.Ring.CurrentID()) {
			return err
		}
		return tx.SetSetting(settingKeys, strings.Join(append(slices.Clone(used), h.Ring.CurrentID()), " "))
	})
}
