package guard

import (
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

const day = int64(24 * 60 * 60 * 1e6)

func pot(confirmed bool) string {
	if confirmed {
		return "confirmed"
	}
	return "unconfirmed"
}

// money checks the prefix's daily budget (unconfirmed only) and the pot of the day.
func (g *Guard) money(tx *store.Tx, s Send) (*problem.Error, error) {
	today := tx.Now / day
	if !s.Confirmed {
		var open, best int64
		err := tx.QueryRow(`SELECT COALESCE(MAX(CASE WHEN day = $3 THEN sends - answered ELSE 0 END), 0),
			COALESCE(MAX(CASE WHEN day < $3 THEN answered ELSE 0 END), 0)
			FROM code_guard_day WHERE organisation_id = $1 AND kind = 'prefix' AND name = $2 AND day > $4 AND day <= $3`,
			id.System, s.Prefix, today, today-15).Scan(&open, &best)
		if err != nil {
			return nil, err
		}
		if open >= max(g.Settings.PrefixFloor, int64(g.Settings.PrefixShare*float64(best))) {
			return problem.TooMany("prefix_limit", "Too many codes to numbers like this one were not used today. Try again tomorrow, or use an authenticator app or a passkey.", 0), nil
		}
	}
	var spent int64
	err := tx.QueryRow(`SELECT COALESCE(MAX(cost - answered_cost), 0) FROM code_guard_day
		WHERE organisation_id = $1 AND kind = 'pot' AND name = $2 AND day = $3`, id.System, pot(s.Confirmed), today).Scan(&spent)
	if err != nil {
		return nil, err
	}
	ceiling := g.Settings.UnconfirmedPot
	if s.Confirmed {
		ceiling = g.Settings.ConfirmedPot
	}
	if spent+s.Cost > ceiling {
		if g.Alert != nil {
			if err := g.Alert(tx, "pot_empty", pot(s.Confirmed)); err != nil {
				return nil, err
			}
		}
		return problem.TooMany("spend_ceiling", "Today's allowance for texts is used up. Use an authenticator app, a passkey or a recovery code, or try again tomorrow.", 0), nil
	}
	if half := ceiling / 2; g.Alert != nil && s.Confirmed && spent < half && spent+s.Cost >= half {
		if err := g.Alert(tx, "pot_half", pot(true)); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// addDay counts sends made or answered for the prefix and the pot of today.
func (g *Guard) addDay(tx *store.Tx, s Send, sends, answered int64) error {
	for _, k := range [2][2]string{{"prefix", s.Prefix}, {"pot", pot(s.Confirmed)}} {
		if k[0] == "prefix" && s.Confirmed {
			continue
		}
		_, err := tx.Exec(`INSERT INTO code_guard_day (organisation_id, kind, name, day, sends, answered, cost, answered_cost)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organisation_id, kind, name, day) DO UPDATE SET
			sends = code_guard_day.sends + excluded.sends, answered = code_guard_day.answered + excluded.answered,
			cost = code_guard_day.cost + excluded.cost, answered_cost = code_guard_day.answered_cost + excluded.answered_cost`,
			id.System, k[0], k[1], tx.Now/day, sends, answered, sends*s.Cost, answered*s.Cost)
		if err != nil {
			return err
		}
	}
	return nil
}

// Day is what one pot saw on one day, in sends and millionths of the currency.
type Day struct {
	Sends, Answered, Cost, AnsweredCost int64
}

// Today reads a pot ("confirmed" or "unconfirmed") for the operator and the metrics.
func Today(tx *store.Tx, name string) (d Day, err error) {
	err = tx.QueryRow(`SELECT sends, answered, cost, answered_cost FROM code_guard_day
		WHERE organisation_id = $1 AND kind = 'pot' AND name = $2 AND day = $3`, id.System, name, tx.Now/day).
		Scan(&d.Sends, &d.Answered, &d.Cost, &d.AnsweredCost)
	if store.IsNoRows(err) {
		err = nil
	}
	return d, err
}
