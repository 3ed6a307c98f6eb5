package contact

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/grant"
	"watchword/code/wording"
	"watchword/organisation"
)

// allowances are contacts that sessions may read before the count in the database is asked again. What a process took
// and did not use when it ends counts as read.
type allowances struct {
	mu sync.Mutex
	of map[readKey]int64
}

type readKey struct {
	org     id.Organisation
	session string
	day     int64
}

// ahead is how many contacts are counted at once, so that not every page costs a commit.
const ahead = 4 * PageSize

// most sessions remembered; when it is full it begins anew.
const mostAllowances = 4096

func reader(who access.Actor) string {
	if who.Session == "" {
		return string(who.Operator)
	}
	return string(who.Session)
}

// reserve makes sure that a session may read n contacts (decisions 27).
func (r *Room) reserve(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, n int64) error {
	k := readKey{org, reader(who), day(db.Now())}
	r.reads.mu.Lock()
	have := r.reads.of[k]
	if have >= n {
		r.reads.of[k] -= n
	}
	r.reads.mu.Unlock()
	if have >= n {
		return nil
	}
	take := max(ahead, n)
	var got int64
	err := db.Write(ctx, func(tx *store.Tx) error {
		got = 0
		m, err := organisation.Enter(tx, org, who, organisation.Contacts)
		if err != nil {
			return err
		}
		var read, allowed int64
		if err := tx.QueryRow(`INSERT INTO contact_read (organisation_id, session_id, day, contacts, allowed) VALUES ($1, $2, $3, 0, $4)
			ON CONFLICT (organisation_id, session_id, day) DO UPDATE SET contacts = contact_read.contacts RETURNING contacts, allowed`,
			org, k.session, k.day, r.Settings.FreeReads).Scan(&read, &allowed); err != nil {
			return err
		}
		got = min(take, allowed-read)
		if have+got < n {
			if m.Looking {
				return problem.Forbidden("only_looking", "Support looks in here and has seen as many contacts as it may today.")
			}
			if !slices.Contains(m.May, organisation.Exports) {
				return problem.Forbidden("not_permitted", "Reading more contacts today counts as an export, which your membership does not include. An owner of the organisation can allow it.")
			}
			if err := grant.Must(tx, who, string(wording.ContactsExport), readDigest(org, k.day, allowed)); err != nil {
				return err
			}
			allowed += r.Settings.FreeReads
			got = min(take, allowed-read)
			count := map[string]string{"contacts": fmt.Sprint(read), "more": fmt.Sprint(r.Settings.FreeReads)}
			if err := r.record(tx, who, org, "contact.read_on", "", count); err != nil {
				return err
			}
			if err := r.tellOwners(tx, who, org, wording.Params{By: who.Name, Member: who.Name, Count: int(r.Settings.FreeReads)}); err != nil {
				return err
			}
		}
		_, err = tx.Exec(`UPDATE contact_read SET contacts = contacts + $4, allowed = $5 WHERE organisation_id = $1 AND session_id = $2 AND day = $3`,
			org, k.session, k.day, got, allowed)
		return err
	})
	if err != nil {
		return err
	}
	r.reads.mu.Lock()
	defer r.reads.mu.Unlock()
	if r.reads.of == nil || len(r.reads.of) > mostAllowances {
		r.reads.of = map[readKey]int64{}
	}
	r.reads.of[k] += got - n
	return nil
}

// giveBack returns what a page reserved and did not show.
func (r *Room) giveBack(db *store.DB, who access.Actor, org id.Organisation, n int64) {
	k := readKey{org, reader(who), day(db.Now())}
	r.reads.mu.Lock()
	defer r.reads.mu.Unlock()
	if r.reads.of != nil {
		r.reads.of[k] += n
	}
}

// readDigest binds the code to the organisation, the day, and how often it was asked for.
func readDigest(org id.Organisation, day, allowed int64) string {
	return "read-" + short(fmt.Sprintf("%s %d %d", org, day, allowed))
}

func short(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:16])
}
