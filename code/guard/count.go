package guard

import (
	"strconv"
	"strings"

	"watchword/base/id"
	"watchword/base/store"
)

// What a day is added up by.
const (
	byPrefix  = "prefix"  // texts to unconfirmed numbers
	byPot     = "pot"     // texts, "confirmed" or "unconfirmed"
	byCountry = "country" // texts
	byReason  = "reason"  // what was refused, texts and mails
	byAlert   = "alert"   // what the operators were told of
)

func (g *Guard) count(tx *store.Tx, s Send, at int64, would []refused) error {
	_, err := tx.Exec(`INSERT INTO code_guard_send (organisation_id, bucket, at, message_id, challenge_id, address)
		VALUES ($1, $2, $3, $4, $5, $6)`, id.System, s.Bucket, at, s.Message, s.Challenge, addressKey(s))
	if err != nil {
		return err
	}
	for _, w := range would {
		_, err := tx.Exec(`INSERT INTO code_guard_trial (organisation_id, challenge_id, message_id, rule, at, reason, channel, country,
			prefix, cost, answered) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
			id.System, s.Challenge, s.Message, w.rule, tx.Now, w.reason, s.Channel, s.Country, s.Prefix, s.Cost, false)
		if err != nil {
			return err
		}
	}
	if s.Channel != SMS {
		return nil
	}
	return addDay(tx, s, Day{Sends: 1, Cost: s.Cost}, byPot, byCountry, byPrefix)
}

// Answered returns every send of a challenge whose code was given correctly: it no longer counts anywhere, and the
// cool-down of the destination ends.
func (g *Guard) Answered(tx *store.Tx, s Send) error {
	n, err := tx.Exec(`DELETE FROM code_guard_send WHERE organisation_id = $1 AND bucket = $2 AND challenge_id = $3`,
		id.System, s.Bucket, s.Challenge)
	if err != nil || n == 0 {
		return err
	}
	if len(g.Settings.Rules) > 0 {
		if _, err := tx.Exec(`UPDATE code_guard_trial SET answered = $3 WHERE organisation_id = $1 AND challenge_id = $2`,
			id.System, s.Challenge, true); err != nil {
			return err
		}
	}
	if s.Channel != SMS {
		return nil
	}
	return addDay(tx, s, Day{Answered: n, AnsweredCost: n * s.Cost}, byPot, byCountry, byPrefix)
}

// Settle ends the cool-down of a destination whose person has proved who they are in another way: what was sent and not
// used no longer counts to the destination. It was paid for, so the sums of the day stay.
func (g *Guard) Settle(tx *store.Tx, bucket string) error {
	_, err := tx.Exec(`DELETE FROM code_guard_send WHERE organisation_id = $1 AND bucket = $2`, id.System, bucket)
	return err
}

// Withdraw takes back one send that never left.
func (g *Guard) Withdraw(tx *store.Tx, s Send) error {
	n, err := tx.Exec(`DELETE FROM code_guard_send WHERE organisation_id = $1 AND bucket = $2 AND message_id = $3`,
		id.System, s.Bucket, s.Message)
	if err != nil || n == 0 {
		return err
	}
	if len(g.Settings.Rules) > 0 {
		if _, err := tx.Exec(`DELETE FROM code_guard_trial WHERE organisation_id = $1 AND challenge_id = $2 AND message_id = $3`,
			id.System, s.Challenge, s.Message); err != nil {
			return err
		}
	}
	if s.Channel != SMS {
		return nil
	}
	return addDay(tx, s, Day{Sends: -1, Cost: -s.Cost}, byPot, byCountry, byPrefix)
}

// refuse keeps what was refused and why, and alarms the operators when a prefix or a pot is used up: once a day each.
func (g *Guard) refuse(tx *store.Tx, s Send, reason, rule string) error {
	_, err := tx.Exec(`INSERT INTO code_guard_refusal (organisation_id, at, id, reason, channel, purpose, country, prefix, address, bucket, rule)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		id.System, tx.Now, id.New("RF", tx.Now), reason, s.Channel, s.Purpose, s.Country, s.Prefix, s.Origin.Bucket(), s.Bucket, rule)
	if err != nil {
		return err
	}
	if s.Channel == SMS {
		err = addDay(tx, s, Day{Refused: 1}, byPot, byCountry, byPrefix)
	}
	if err == nil {
		err = addDays(tx, []string{byReason, strings.TrimSpace(reason + " " + rule)}, Day{Refused: 1})
	}
	if err != nil {
		return err
	}
	switch reason {
	case "prefix_limit":
		return g.alert(tx, reason, s.Prefix)
	case "spend_ceiling":
		return g.alert(tx, "pot_empty", pot(s.Confirmed))
	}
	return nil
}

// alert tells the operators, once a day of each.
func (g *Guard) alert(tx *store.Tx, kind, name string) error {
	if g.Alert == nil {
		return nil
	}
	n, err := tx.Exec(`INSERT INTO code_guard_day (organisation_id, kind, name, day, sends, answered, cost, answered_cost)
		VALUES ($1, $2, $3, $4, 0, 0, 0, 0) ON CONFLICT DO NOTHING`, id.System, byAlert, kind+" "+name, tx.Now/day)
	if err != nil || n == 0 {
		return err
	}
	return g.Alert(tx, kind, name)
}

// half alarms when a send takes a pot past its half.
func (g *Guard) half(tx *store.Tx, s Send, spent int64) error {
	ceiling := g.Settings.UnconfirmedPot
	if s.Confirmed {
		ceiling = g.Settings.ConfirmedPot
	}
	if s.Channel != SMS || spent+s.Cost < ceiling/2 || spent >= ceiling/2 {
		return nil
	}
	return g.alert(tx, "pot_half", pot(s.Confirmed))
}

// Day is what was sent and refused in a day, costs in millionths of the currency.
type Day struct {
	Sends, Answered, Cost, AnsweredCost, Refused int64
}

// addDay counts for what a text belongs to: the prefix only of unconfirmed numbers.
func addDay(tx *store.Tx, s Send, d Day, kinds ...string) error {
	var to []string
	for _, k := range kinds {
		switch {
		case k == byPot:
			to = append(to, k, pot(s.Confirmed))
		case k == byCountry:
			to = append(to, k, s.Country)
		case !s.Confirmed && s.Prefix != "":
			to = append(to, k, s.Prefix)
		}
	}
	return addDays(tx, to, d)
}

// addDays adds to the sums of today, named by kind and name in turns, in one statement.
func addDays(tx *store.Tx, to []string, d Day) error {
	args := []any{id.System, tx.Now / day, d.Sends, d.Answered, d.Cost, d.AnsweredCost, d.Refused}
	var values strings.Builder
	for i := range len(to) / 2 {
		if i > 0 {
			values.WriteString(", ")
		}
		n := len(args)
		values.WriteString("($1, $" + strconv.Itoa(n+1) + ", $" + strconv.Itoa(n+2) + ", $2, $3, $4, $5, $6, $7)")
		args = append(args, to[2*i], to[2*i+1])
	}
	_, err := tx.Exec(`INSERT INTO code_guard_day (organisation_id, kind, name, day, sends, answered, cost, answered_cost, refused)
		VALUES `+values.String()+` ON CONFLICT (organisation_id, kind, name, day) DO UPDATE SET
		sends = code_guard_day.sends + excluded.sends, answered = code_guard_day.answered + excluded.answered,
		cost = code_guard_day.cost + excluded.cost, answered_cost = code_guard_day.answered_cost + excluded.answered_cost,
		refused = code_guard_day.refused + excluded.refused`, args...)
	return err
}
