package recovery

import (
	"crypto/rand"
	"strconv"
	"strings"

	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/budget"
	"watchword/code/challenge"
)

const (
	codeCount   = 10
	codeLetters = 13 // of 5 bits: 65 bits (NIST SP 800-63B-4 §4.2.1.1 asks for 64; C30)
	alphabet    = "abcdefghjkmnpqrstvwxyz0123456789"
)

// Codes is what pages say about a person's recovery codes.
type Codes struct {
	Made    int   // 0 when there are none
	Left    int   // not used yet
	MadeAt  int64 // micros
	SavedAt int64 // micros; 0 until the person said "I have saved them"
}

// Make replaces all recovery codes of a person by ten new ones (LF21, C30). They are shown once: only keyed hashes are
// stored. Written "abcd-efgh-jkmnp".
func (m *Room) Make(tx *store.Tx, who access.Actor, p id.Profile) ([]string, error) {
	if err := forget(tx, p); err != nil {
		return nil, err
	}
	codes := make([]string, codeCount)
	for i := range codes {
		c := newCode()
		codes[i] = c[:4] + "-" + c[4:8] + "-" + c[8:]
		if _, err := tx.Exec(`INSERT INTO account_recovery_code (profile_id, hash, made_at, used_at) VALUES ($1, $2, $3, 0)`,
			p, m.Ring.Hash("recovery", string(p)+" "+c), tx.Now); err != nil {
			return nil, err
		}
	}
	if _, err := tx.Exec(`INSERT INTO account_recovery_set (profile_id, made_at, saved_at) VALUES ($1, $2, 0)
		ON CONFLICT (profile_id) DO UPDATE SET made_at = excluded.made_at, saved_at = 0`, p, tx.Now); err != nil {
		return nil, err
	}
	if err := m.Budget.Rebound(tx, id.System, string(p), budget.Recovery); err != nil {
		return nil, err
	}
	return codes, m.Log.Record(tx, who, audit.Event{Kind: "recovery.codes_made"}, string(p))
}

// newCode draws from 32 letters and digits without i, l, o and u.
func newCode() string {
	b := make([]byte, codeLetters)
	rand.Read(b)
	for i := range b {
		b[i] = alphabet[b[i]&31]
	}
	return string(b)
}

// Saved records that the person has kept the codes; setting up goes on after it (decisions 35).
func (m *Room) Saved(tx *store.Tx, p id.Profile) error {
	_, err := tx.Exec(`UPDATE account_recovery_set SET saved_at = $2 WHERE profile_id = $1 AND saved_at = 0`, p, tx.Now)
	return err
}

// Codes tells how many are left.
func (m *Room) Codes(tx *store.Tx, p id.Profile) (Codes, error) {
	var c Codes
	if err := tx.QueryRow(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN used_at = 0 THEN 1 ELSE 0 END), 0) FROM account_recovery_code
		WHERE profile_id = $1`, p).Scan(&c.Made, &c.Left); err != nil {
		return c, err
	}
	err := tx.QueryRow(`SELECT made_at, saved_at FROM account_recovery_set WHERE profile_id = $1`, p).Scan(&c.MadeAt, &c.SavedAt)
	if store.IsNoRows(err) {
		return c, nil
	}
	return c, err
}

// Forget deletes all recovery codes: two-factor was turned off, or the profile closed.
func (m *Room) Forget(tx *store.Tx, who access.Actor, p id.Profile) error {
	if err := forget(tx, p); err != nil {
		return err
	}
	return m.Log.Record(tx, who, audit.Event{Kind: "recovery.codes_forgotten"}, string(p))
}

func forget(tx *store.Tx, p id.Profile) error {
	if _, err := tx.Exec(`DELETE FROM account_recovery_code WHERE profile_id = $1`, p); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM account_recovery_set WHERE profile_id = $1`, p)
	return err
}

// Use spends a recovery code (C30). Each works once, also under parallel use (B15); wrong ones count in a budget of
// their own. On success the caller sends the notice RecoveryCodeUsed; TriesLeft is then how many codes are left.
func (m *Room) Use(tx *store.Tx, who access.Actor, p id.Profile, code string) (challenge.Verdict, error) {
	c, ok := normalise(code)
	if !ok {
		return challenge.Verdict{Reason: challenge.NotWellMade}, nil
	}
	b, err := m.Budget.Look(tx, id.System, string(p), budget.Recovery)
	if err != nil {
		return challenge.Verdict{}, err
	}
	switch {
	case b.Off:
		return challenge.Verdict{Reason: challenge.SwitchedOff}, nil
	case b.NextAt > tx.Now:
		return challenge.Verdict{Reason: challenge.Wait, RetryAt: b.NextAt}, nil
	}
	known := false
	for _, h := range m.Ring.Hashes("recovery", string(p)+" "+c) {
		n, err := tx.Exec(`UPDATE account_recovery_code SET used_at = $3 WHERE profile_id = $1 AND hash = $2 AND used_at = 0`, p, h, tx.Now)
		if err != nil {
			return challenge.Verdict{}, err
		}
		if n == 1 {
			return m.used(tx, who, p, b)
		}
		var count int
		if err := tx.QueryRow(`SELECT COUNT(*) FROM account_recovery_code WHERE profile_id = $1 AND hash = $2`, p, h).Scan(&count); err != nil {
			return challenge.Verdict{}, err
		}
		known = known || count > 0
	}
	after, err := m.Budget.Fail(tx, id.System, string(p), b)
	if err != nil {
		return challenge.Verdict{}, err
	}
	v := challenge.Verdict{Reason: challenge.Wrong, TriesLeft: int(after.Left), JustSwitchedOff: after.Off}
	switch {
	case after.Off:
		v.Reason = challenge.SwitchedOff
	case known:
		v.Reason = challenge.Used
	}
	return v, m.Log.Record(tx, who, audit.Event{Kind: "recovery.code", Outcome: audit.Failed, Reason: string(v.Reason),
		Detail: map[string]string{"in_a_row": strconv.FormatInt(after.Failures, 10)}}, string(p))
}

func (m *Room) used(tx *store.Tx, who access.Actor, p id.Profile, b budget.Status) (challenge.Verdict, error) {
	if err := m.Budget.Succeed(tx, id.System, string(p), b); err != nil {
		return challenge.Verdict{}, err
	}
	c, err := m.Codes(tx, p)
	if err != nil {
		return challenge.Verdict{}, err
	}
	return challenge.Verdict{OK: true, TriesLeft: c.Left}, m.Log.Record(tx, who, audit.Event{Kind: "recovery.code",
		Detail: map[string]string{"left": strconv.Itoa(c.Left)}}, string(p))
}

// normalise reads a code as people type it: any case, with or without dashes and spaces, i and l for 1, o for 0.
func normalise(code string) (string, bool) {
	if len(code) > 64 {
		return "", false
	}
	var b strings.Builder
	for _, r := range strings.ToLower(code) {
		switch {
		case r == ' ' || r == '-' || r == '\t' || r == '\u2011' || r == '\u2013' || r == '\u00a0':
		case r == 'i' || r == 'l':
			b.WriteByte('1')
		case r == 'o':
			b.WriteByte('0')
		case strings.ContainsRune(alphabet, r):
			b.WriteRune(r)
		default:
			return "", false
		}
	}
	return b.String(), b.Len() == codeLetters
}

// Problem puts a verdict on a recovery code into words at the field "code".
func Problem(v challenge.Verdict, now int64) *problem.Error {
	switch v.Reason {
	case challenge.Right:
		return nil
	case challenge.Wrong:
		return problem.AtField("code", "code_wrong", "That recovery code is not right. Check it against your list.")
	case challenge.Used:
		return problem.AtField("code", "code_used", "That recovery code was used already. Each one works once.")
	case challenge.NotWellMade:
		return problem.AtField("code", "code_malformed", "Enter a recovery code as it stands on your list, like abcd-efgh-jkmnp.")
	case challenge.SwitchedOff:
		return problem.AtField("code", "recovery_off", "Your recovery codes are switched off after 100 wrong ones. Log in another way and make new ones.")
	}
	return v.Problem(now)
}
