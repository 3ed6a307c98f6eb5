package profile

import (
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// Extra is a further address of a person: for recovery and notices once it is confirmed (C34).
type Extra struct {
	Address
	AddedAt     int64 // micros
	ConfirmedAt int64 // micros, 0 until its link was used
}

// maxExtra bounds the further addresses of one person.
const maxExtra = 4

// Extras lists the further addresses, confirmed or not, oldest first.
func Extras(tx *store.Tx, p id.Profile) ([]Extra, error) {
	rows, err := tx.Query(`SELECT key, address, added_at, confirmed_at FROM account_address WHERE profile_id = $1 ORDER BY added_at, key`, p)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Extra
	for rows.Next() {
		var x Extra
		if err := rows.Scan(&x.Key, &x.Spelling, &x.AddedAt, &x.ConfirmedAt); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// Confirmed lists every confirmed address of a person, the log-in address first: where notices go (C34, C35).
func Confirmed(tx *store.Tx, p Profile) ([]string, error) {
	out := []string{}
	if p.Email != "" {
		out = append(out, p.Email)
	}
	extras, err := Extras(tx, p.ID)
	for _, x := range extras {
		if x.ConfirmedAt > 0 {
			out = append(out, x.Spelling)
		}
	}
	return out, err
}

// AddExtra stores a further address that is not yet confirmed. The log-in address is refused: two recovery ways into
// one mailbox are one (C33).
func AddExtra(tx *store.Tx, who id.Profile, a Address) error {
	p, err := Lock(tx, who)
	if err != nil {
		return err
	}
	if a.Key == p.EmailKey {
		return problem.AtField("address", "address_same", "Enter another address than the one you log in with.")
	}
	all, err := Extras(tx, who)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.Key == a.Key && x.ConfirmedAt > 0 {
			return problem.AtField("address", "address_known", "Enter another address: this one is confirmed already.")
		}
	}
	if len(all) >= maxExtra {
		return problem.AtField("address", "address_many", "Remove one of your recovery addresses first: at most 4 are kept.")
	}
	_, err = tx.Exec(`INSERT INTO account_address (profile_id, key, address, added_at, confirmed_at) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (profile_id, key) DO UPDATE SET address = excluded.address, added_at = excluded.added_at`, who, a.Key, a.Spelling, tx.Now)
	return err
}

// ConfirmExtra marks a further address as proved; false when it was removed meanwhile.
func ConfirmExtra(tx *store.Tx, who id.Profile, key string) (bool, error) {
	n, err := tx.Exec(`UPDATE account_address SET confirmed_at = $3 WHERE profile_id = $1 AND key = $2 AND confirmed_at = 0`, who, key, tx.Now)
	return n == 1, err
}

// RemoveExtra forgets a further address and returns it; problem.NotFound when it is not there.
func RemoveExtra(tx *store.Tx, who id.Profile, key string) (Extra, error) {
	var x Extra
	err := tx.QueryRow(`DELETE FROM account_address WHERE profile_id = $1 AND key = $2 RETURNING key, address, added_at, confirmed_at`, who, key).
		Scan(&x.Key, &x.Spelling, &x.AddedAt, &x.ConfirmedAt)
	if store.IsNoRows(err) {
		return x, problem.NotFound("recovery address")
	}
	return x, err
}

// ByExtra finds who confirmed an address as a further one, oldest first, when it is nobody's log-in address.
func ByExtra(tx *store.Tx, a Address) (Profile, error) {
	var p id.Profile
	err := tx.QueryRow(`SELECT profile_id FROM account_address WHERE key = $1 AND confirmed_at > 0 ORDER BY confirmed_at, profile_id LIMIT 1`, a.Key).Scan(&p)
	if store.IsNoRows(err) {
		return Profile{}, problem.NotFound("profile")
	}
	if err != nil {
		return Profile{}, err
	}
	return ByID(tx, p)
}
