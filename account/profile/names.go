package profile

import (
	"strings"
	"time"
	"unicode/utf8"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

// reserve is how long a username that was given up stays with its former owner (decisions 11).
const reserve = 30 * 24 * time.Hour

func usernameKey(username string) string { return "u:" + skeleton(username) }
func emailKey(a Address) string          { return "e:" + a.Key }

// holderOf finds who holds a log-in name for good.
func holderOf(tx *store.Tx, name string) (string, error) {
	none := problem.NotFound("profile")
	if len(name) > maxLogin || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		return "", none
	}
	name = strings.TrimSpace(name)
	if name == "" {
		return "", none
	}
	if a, bad := ParseAddress("name", name); bad == nil {
		if h, err := holder(tx, emailKey(a), a.Key); err == nil || !store.IsNoRows(err) {
			return h, err
		}
	}
	if utf8.RuneCountInString(name) > MaxUsername {
		return "", none
	}
	h, err := holder(tx, usernameKey(name), foldName(name))
	if store.IsNoRows(err) {
		return "", none
	}
	return h, err
}

func holder(tx *store.Tx, key, fold string) (h string, err error) {
	err = tx.QueryRow(`SELECT holder FROM account_name WHERE key = $1 AND fold = $2 AND until = 0`, key, fold).Scan(&h)
	return h, err
}

// claim takes a name for a holder until a time (0: for good) unless somebody else has it. from is a second holder it
// may be taken over from. One statement, so that of parallel claims one wins (B15).
func claim(tx *store.Tx, key, fold, kind, who, from string, until int64) (bool, error) {
	var got string
	err := tx.QueryRow(`INSERT INTO account_name (key, fold, kind, holder, until) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (key) DO UPDATE SET fold = excluded.fold, kind = excluded.kind, holder = excluded.holder, until = excluded.until
		WHERE account_name.holder = excluded.holder OR account_name.holder = $6
			OR (account_name.until > 0 AND account_name.until <= $7)
		RETURNING holder`, key, fold, kind, who, until, from, tx.Now).Scan(&got)
	if store.IsNoRows(err) {
		return false, nil
	}
	return err == nil, err
}

// UsernameFree says whether a username may be taken by this holder (a profile or a sign-up; "" for anybody).
func UsernameFree(tx *store.Tx, username, who string) (bool, error) {
	var h string
	var until int64
	err := tx.QueryRow(`SELECT holder, until FROM account_name WHERE key = $1`, usernameKey(username)).Scan(&h, &until)
	if store.IsNoRows(err) {
		return true, nil
	}
	return h == who && who != "" || until > 0 && until <= tx.Now, err
}

// EmailKnown says whether an address is somebody's log-in name. Never show it to a visitor (C11).
func EmailKnown(tx *store.Tx, a Address) (bool, error) {
	_, err := holder(tx, emailKey(a), a.Key)
	if store.IsNoRows(err) {
		return false, nil
	}
	return err == nil, err
}

// ReserveUsername keeps a username for a sign-up until it is confirmed; false when somebody else has it.
func ReserveUsername(tx *store.Tx, username, signup string, until int64) (bool, error) {
	return claim(tx, usernameKey(username), foldName(username), "username", signup, "", until)
}

// ReleaseUsername gives back what ReserveUsername kept.
func ReleaseUsername(tx *store.Tx, signup string) error {
	_, err := tx.Exec(`DELETE FROM account_name WHERE holder = $1 AND until > 0`, signup)
	return err
}

// SetUsername changes a username (RP3). The old one stays reserved for 30 days for its owner, who may take it back.
func SetUsername(tx *store.Tx, who id.Profile, username string) error {
	p, err := Lock(tx, who)
	if err != nil {
		return err
	}
	if f := CheckUsername(username, p.Email); f != nil {
		return problem.AtField(f.Name, f.Code, f.Message)
	}
	return moveUsername(tx, p, username)
}

func moveUsername(tx *store.Tx, p Profile, username string) error {
	if p.Username != "" && usernameKey(p.Username) != usernameKey(username) {
		if _, err := tx.Exec(`UPDATE account_name SET until = $2 WHERE key = $1 AND holder = $3`, usernameKey(p.Username),
			tx.Now+store.Micros(reserve), string(p.ID)); err != nil {
			return err
		}
	}
	ok, err := claim(tx, usernameKey(username), foldName(username), "username", string(p.ID), "", 0)
	if err != nil || !ok {
		f := Taken()
		return orTaken(err, f.Name, f.Code, f.Message)
	}
	_, err = tx.Exec(`UPDATE account_profile SET username = $2 WHERE id = $1`, p.ID, username)
	return err
}

// SetEmail changes the address after the new one was proved (RP13). A username that was the old address follows.
func SetEmail(tx *store.Tx, who id.Profile, a Address) error {
	p, err := Lock(tx, who)
	if err != nil {
		return err
	}
	if p.EmailKey != a.Key {
		ok, err := claim(tx, emailKey(a), a.Key, "email", string(p.ID), "", 0)
		if err != nil || !ok {
			return orTaken(err, "email", "email_taken", "Enter another email address: this one belongs to a profile already.")
		}
		if _, err := tx.Exec(`DELETE FROM account_name WHERE key = $1 AND holder = $2`, "e:"+p.EmailKey, string(p.ID)); err != nil {
			return err
		}
	}
	if likeAddress(p.Username) {
		if err := moveUsername(tx, p, a.Spelling); err != nil {
			return err
		}
	}
	// A recovery address that became the log-in address is no second one.
	if _, err := tx.Exec(`DELETE FROM account_address WHERE profile_id = $1 AND key = $2`, p.ID, a.Key); err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE account_profile SET email = $2, email_key = $3, verified_at = $4 WHERE id = $1`, p.ID, a.Spelling, a.Key, tx.Now)
	return err
}

// Sweep frees the reservations that have run out.
func Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM account_name WHERE until > 0 AND until <= $1`, tx.Now)
	return err
}

// NameKey is under what a username is unique, for the rooms that keep names of their own.
func NameKey(username string) string { return usernameKey(username) }
