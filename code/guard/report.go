package guard

import (
	"watchword/base/id"
	"watchword/base/store"
)

// Report is what the guard let through and refused in some days, for operators.
type Report struct {
	From, Until int64  // micros; whole days UTC, the last one is today
	Countries   []Line // by country (ISO 3166-1), what was not answered dearest first
	Prefixes    []Line // of unconfirmed numbers, likewise, at most reportLines
	Days        []Line // newest first, "2026-01-31"
	Pots        []Line // "confirmed" and "unconfirmed"
	Reasons     []Reason
	Trials      []Trial
}

// Line is a sum over texts; costs in millionths of the currency.
type Line struct {
	Name                     string
	Sends, Answered, Refused int64
	Cost                     int64 // of all of them
	Unanswered               int64 // of those whose code was not entered
}

// Conversion is the part of the sends whose code was entered, 0 to 1; 1 where nothing was sent.
func (l Line) Conversion() float64 {
	if l.Sends <= 0 {
		return 1
	}
	return float64(l.Answered) / float64(l.Sends)
}

// Reason says how often texts and mails were refused for one reason: "prefix_limit", or "prefix_limit strict" where
// the rule named strict refused.
type Reason struct {
	Reason  string
	Refused int64
}

// Trial is what a rule on trial would have refused of what was sent. Answered of them turned out to be people: their
// code was entered. It goes by what was really sent, so a rule with long windows would have refused a little less.
type Trial struct {
	Rule, Reason string
	Would        int64
	Answered     int64
	Cost         int64 // of all of them
	Last         int64 // micros
}

const reportLines = 100

// Read makes the report of so many days, today included (1 to 400).
func Read(tx *store.Tx, days int) (r Report, err error) {
	today := tx.Now / day
	first := today - int64(min(max(days, 1), 400)) + 1
	r.From, r.Until = first*day, (today+1)*day
	for _, x := range []struct {
		into *[]Line
		kind string
	}{{&r.Countries, byCountry}, {&r.Prefixes, byPrefix}, {&r.Pots, byPot}} {
		*x.into, err = lines(tx, `SELECT name, `+sums+` FROM code_guard_day WHERE organisation_id = $1 AND kind = $2 AND day >= $3
			GROUP BY name ORDER BY 6 DESC, 4 DESC, 1 LIMIT $4`, id.System, x.kind, first, reportLines)
		if err != nil {
			return r, err
		}
	}
	if r.Days, err = perDay(tx, first); err != nil {
		return r, err
	}
	if r.Reasons, err = reasons(tx, first); err != nil {
		return r, err
	}
	r.Trials, err = trials(tx, r.From)
	return r, err
}

const sums = `CAST(SUM(sends) AS bigint), CAST(SUM(answered) AS bigint), CAST(SUM(refused) AS bigint), CAST(SUM(cost) AS bigint),
	CAST(SUM(cost - answered_cost) AS bigint)`

func lines(tx *store.Tx, query string, args ...any) ([]Line, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Line
	for rows.Next() {
		var l Line
		if err := rows.Scan(&l.Name, &l.Sends, &l.Answered, &l.Refused, &l.Cost, &l.Unanswered); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

func perDay(tx *store.Tx, first int64) ([]Line, error) {
	rows, err := tx.Query(`SELECT day, `+sums+` FROM code_guard_day WHERE organisation_id = $1 AND kind = 'pot' AND day >= $2
		GROUP BY day ORDER BY day DESC`, id.System, first)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Line
	for rows.Next() {
		var l Line
		var d int64
		if err := rows.Scan(&d, &l.Sends, &l.Answered, &l.Refused, &l.Cost, &l.Unanswered); err != nil {
			return nil, err
		}
		l.Name = store.Time(d * day).Format("2006-01-02")
		out = append(out, l)
	}
	return out, rows.Err()
}

func reasons(tx *store.Tx, first int64) ([]Reason, error) {
	rows, err := tx.Query(`SELECT name, CAST(SUM(refused) AS bigint) FROM code_guard_day WHERE organisation_id = $1 AND kind = 'reason'
		AND day >= $2 GROUP BY name ORDER BY 2 DESC, 1`, id.System, first)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Reason
	for rows.Next() {
		var r Reason
		if err := rows.Scan(&r.Reason, &r.Refused); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func trials(tx *store.Tx, from int64) ([]Trial, error) {
	rows, err := tx.Query(`SELECT rule, reason, COUNT(*), CAST(SUM(CASE WHEN answered THEN 1 ELSE 0 END) AS bigint),
		CAST(SUM(cost) AS bigint), MAX(at) FROM code_guard_trial WHERE organisation_id = $1 AND at >= $2
		GROUP BY rule, reason ORDER BY rule, reason`, id.System, from)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Trial
	for rows.Next() {
		var t Trial
		if err := rows.Scan(&t.Rule, &t.Reason, &t.Would, &t.Answered, &t.Cost, &t.Last); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// Today reads a pot ("confirmed" or "unconfirmed") for the operator and the metrics.
func Today(tx *store.Tx, name string) (d Day, err error) {
	err = tx.QueryRow(`SELECT sends, answered, cost, answered_cost, refused FROM code_guard_day
		WHERE organisation_id = $1 AND kind = 'pot' AND name = $2 AND day = $3`, id.System, name, tx.Now/day).
		Scan(&d.Sends, &d.Answered, &d.Cost, &d.AnsweredCost, &d.Refused)
	if store.IsNoRows(err) {
		err = nil
	}
	return d, err
}

// Refusal is one send that was refused, kept with its reason and the named rule that refused it, if one did.
type Refusal struct {
	At                                                       int64
	Reason, Rule, Channel, Purpose, Country, Prefix, Address string
}

// Refusals lists the newest refusals, for operators.
func Refusals(tx *store.Tx, since int64, limit int) ([]Refusal, error) {
	rows, err := tx.Query(`SELECT at, reason, rule, channel, purpose, country, prefix, address FROM code_guard_refusal
		WHERE organisation_id = $1 AND at >= $2 ORDER BY at DESC LIMIT $3`, id.System, since, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Refusal
	for rows.Next() {
		var r Refusal
		if err := rows.Scan(&r.At, &r.Reason, &r.Rule, &r.Channel, &r.Purpose, &r.Country, &r.Prefix, &r.Address); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Sweep removes sends older than a day, and refusals, trials and daily sums older than keep.
func Sweep(tx *store.Tx, keep int64) error {
	for _, x := range []struct {
		query  string
		before int64
	}{
		{`DELETE FROM code_guard_send WHERE organisation_id = $1 AND at < $2`, tx.Now - day},
		{`DELETE FROM code_guard_refusal WHERE organisation_id = $1 AND at < $2`, tx.Now - keep},
		{`DELETE FROM code_guard_trial WHERE organisation_id = $1 AND at < $2`, tx.Now - keep},
		{`DELETE FROM code_guard_day WHERE organisation_id = $1 AND day < $2`, (tx.Now - keep) / day},
	} {
		if _, err := tx.Exec(x.query, id.System, x.before); err != nil {
			return err
		}
	}
	return nil
}
