package guard

import (
	"slices"
	"time"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

const day = int64(24 * 60 * 60 * 1e6)

// bestOf is how many days a prefix's best one is looked for in.
const bestOf = 14

// sends are the times (micros, rising) of a destination's unanswered sends: at most as many as its limits allow.
type sends []int64

// within are those of the last while.
func (s sends) within(now int64, d time.Duration) sends {
	from, _ := slices.BinarySearch(s, now-store.Micros(d)+1)
	return s[from:]
}

// facts are what the limits are judged by, read once.
type facts struct {
	before sends
	spent  int64 // from the pot today, unanswered
	open   int64 // unanswered texts to the prefix today
	best   int64 // answered texts to the prefix on its best day before
}

// What a row of the reading is.
const (
	aSend = iota
	aPot
	aPrefix
)

const (
	readSends = `SELECT 0, at, 0 FROM code_guard_send WHERE organisation_id = $1 AND bucket = $2 AND at > $3`
	readPot   = ` UNION ALL SELECT 1, cost - answered_cost, 0 FROM code_guard_day
		WHERE organisation_id = $1 AND kind = 'pot' AND name = $4 AND day = $5`
	readPrefix = ` UNION ALL SELECT 2, CASE WHEN day = $5 THEN sends - answered ELSE 0 END, CASE WHEN day < $5 THEN answered ELSE 0 END
		FROM code_guard_day WHERE organisation_id = $1 AND kind = 'prefix' AND name = $6 AND day > $7 AND day <= $5`
)

func (g *Guard) look(tx *store.Tx, s Send) (f facts, err error) {
	query, args := readSends, []any{id.System, s.Bucket, tx.Now - store.Micros(g.Settings.longest())}
	if s.Channel == SMS {
		today := tx.Now / day
		query, args = readSends+readPot, append(args, pot(s.Confirmed), today)
		if !s.Confirmed {
			query, args = readSends+readPot+readPrefix, append(args, s.Prefix, today-bestOf-1)
		}
	}
	rows, err := tx.Query(query, args...)
	if err != nil {
		return f, err
	}
	defer rows.Close()
	for rows.Next() {
		var what, a, b int64
		if err := rows.Scan(&what, &a, &b); err != nil {
			return f, err
		}
		switch what {
		case aSend:
			f.before = append(f.before, a)
		case aPot:
			f.spent = a
		case aPrefix:
			f.open, f.best = f.open+a, max(f.best, b)
		}
	}
	slices.Sort(f.before)
	return f, rows.Err()
}

// address judges how many codes a network address asked for.
func address(tx *store.Tx, s Send, l Limit) (*problem.Error, error) {
	key := addressKey(s)
	if key == "" {
		return nil, nil
	}
	var n, oldest int64
	err := tx.QueryRow(`SELECT COUNT(*), COALESCE(MIN(at), 0) FROM code_guard_send
		WHERE organisation_id = $1 AND address = $2 AND at > $3`, id.System, key, tx.Now-store.Micros(l.Window)).Scan(&n, &oldest)
	if err != nil || n < l.N {
		return nil, err
	}
	return tooMany("address_limit", "Too many codes were asked for from your network and not used.", tx.Now, oldest, l.Window), nil
}

// addressKey keeps texts and mails of one network address apart, so that a flood of one does not stop the other.
func addressKey(s Send) string {
	if s.Confirmed || !s.Origin.Address.IsValid() {
		return ""
	}
	return string(s.Channel) + " " + s.Origin.Bucket()
}

func pot(confirmed bool) string {
	if confirmed {
		return "confirmed"
	}
	return "unconfirmed"
}
