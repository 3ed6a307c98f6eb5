package factor

import (
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/phone"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/budget"
)

// Number is a mobile number of a person in the clear: only for sending to it, never for pages (they have Masked).
type Number struct {
	Factor  id.Factor
	Number  phone.Number
	Masked  string
	BoundAt int64 // micros
	EndedAt int64 // micros, 0 while bound
}

func (m *Room) number(r row) (Number, error) {
	e164, err := r.open(m.Ring)
	return Number{Factor: r.id, Number: phone.Number{E164: string(e164), Country: r.country}, Masked: r.masked, BoundAt: r.boundAt, EndedAt: r.removedAt}, err
}

// Number reads the bound number of a person; ok is false when there is none.
func (m *Room) Number(tx *store.Tx, p id.Profile) (n Number, ok bool, err error) {
	all, err := rows(tx, p, "", stateBound)
	for _, r := range all {
		if r.kind == SMS {
			n, err = m.number(r)
			return n, err == nil, err
		}
	}
	return n, false, err
}

// Replaced reads the number that the bound one replaced less than 72 hours ago: it may complete a password reset, which
// the new one may not (B12, decisions 35).
func (m *Room) Replaced(tx *store.Tx, p id.Profile) (n Number, ok bool, err error) {
	all, err := rows(tx, p, "", stateRemoved)
	for _, r := range all {
		if r.kind == SMS && r.removedFor == "replaced" && r.secret != nil && tx.Now-r.removedAt < store.Micros(m.Settings.RecoveryDelay) {
			if n, err = m.number(r); err != nil {
				return n, false, err
			}
			// The one that was in use before all changes of these 72 hours: an attacker may change it twice.
			return n, true, nil
		}
	}
	return n, false, err
}

// BindNumber binds a proved mobile number, in place of the former one if there is one (RP10, RP11, C22, C25): the code to
// it was right, in the same transaction. The number is sealed; equal numbers are found by keyed hash. A profile has one
// number; the same one again is confirmed anew (B13).
func (m *Room) BindNumber(tx *store.Tx, who access.Actor, p id.Profile, n phone.Number) (f Factor, replaced Number, had bool, err error) {
	all, err := rows(tx, p, tx.ForUpdate(), stateBound)
	if err != nil {
		return f, replaced, false, err
	}
	r := fresh(tx, who, p, SMS)
	r.label, r.masked, r.country, r.match = SMS.Name(), n.Masked(m.Home), n.Country, m.Ring.Hash("number", n.E164)
	r.seal(m.Ring, []byte(n.E164))
	preferred := false
	for _, old := range all {
		if old.kind != SMS {
			continue
		}
		if replaced, err = m.number(old); err != nil {
			return f, replaced, false, err
		}
		if replaced.Number.E164 == n.E164 {
			if err := m.Used(tx, p, old.id); err != nil {
				return f, replaced, false, err
			}
			err = m.Budget.Rebound(tx, id.System, string(p), budget.SMS)
			old.lastUsedAt = tx.Now
			return m.show(tx, old, budget.Status{}), Number{}, false, err
		}
		had, preferred = true, old.preferred
		replaced.EndedAt = tx.Now
		if err := m.end(tx, p, old.id, "replaced"); err != nil {
			return f, replaced, had, err
		}
	}
	// Profiles that bind one number at once come one after the other, so that each counts the others (B13).
	if err := tx.Lock("account_factor/number/" + r.match); err != nil {
		return f, replaced, had, err
	}
	// Whoever is here has proved the number, so this tells nothing about a stranger's (decisions 19).
	holders, err := m.Holders(tx, n.E164)
	if err != nil {
		return f, replaced, had, err
	}
	if len(holders) >= m.Settings.PerNumber {
		return f, replaced, had, problem.AtField(phone.Field, "phone_shared", "Enter another number: this one is bound to too many profiles already.")
	}
	if f, err = m.bind(tx, who, r); err != nil {
		return f, replaced, had, err
	}
	if preferred && !f.Preferred {
		f.Preferred = true
		_, err = tx.Exec(`UPDATE account_factor SET preferred = (id = $2) WHERE profile_id = $1 AND state = 'bound'`, p, r.id)
	}
	return f, replaced, had, err
}

// RestoreNumber undoes a change of number within 72 hours, from the link that its notices carry (B12): the new number
// is revoked and the one before all changes of that time is bound again.
func (m *Room) RestoreNumber(tx *store.Tx, who access.Actor, p id.Profile) (Number, error) {
	all, err := rows(tx, p, tx.ForUpdate())
	if err != nil {
		return Number{}, err
	}
	var back *row
	for i, r := range all {
		if r.kind == SMS && r.removedFor == "replaced" && r.secret != nil && tx.Now-r.removedAt < store.Micros(m.Settings.RecoveryDelay) {
			back = &all[i]
			break
		}
	}
	if back == nil {
		return Number{}, problem.Conflict("number_settled", "The number can no longer be restored: more than 72 hours have passed, or it was restored already.")
	}
	n, err := m.number(*back)
	if err != nil {
		return n, err
	}
	preferred := false
	for _, r := range all {
		if r.kind == SMS && (r.state == stateBound || r.removedFor == "replaced" && r.id != back.id && r.secret != nil) {
			preferred = preferred || r.preferred
			if _, err := tx.Exec(`UPDATE account_factor SET state = 'removed', removed_at = $3, removed_for = 'cancelled', preferred = $4,
				secret = NULL, match = '' WHERE profile_id = $1 AND id = $2`, p, r.id, tx.Now, false); err != nil {
				return n, err
			}
		}
	}
	if _, err := tx.Exec(`UPDATE account_factor SET state = 'bound', removed_at = 0, removed_for = '', preferred = $3 WHERE profile_id = $1
		AND id = $2`, p, back.id, preferred); err != nil {
		return n, err
	}
	if err := m.Budget.Rebound(tx, id.System, string(p), budget.SMS); err != nil {
		return n, err
	}
	return n, m.record(tx, who, p, "factor.number_restored", back.id, nil)
}

// Confirmed says whether this very person has bound this number (decisions 19: confirmed means by this profile).
func (m *Room) Confirmed(tx *store.Tx, p id.Profile, e164 string) (bool, error) {
	n, ok, err := m.Number(tx, p)
	return ok && n.Number.E164 == e164, err
}

// Holders lists everybody who has bound this number: for STOP to the security sender (decisions 20) and for the number
// of profiles that share one (B13).
func (m *Room) Holders(tx *store.Tx, e164 string) ([]id.Profile, error) {
	var out []id.Profile
	for _, h := range m.Ring.Hashes("number", e164) {
		q, err := tx.Query(`SELECT DISTINCT profile_id FROM account_factor WHERE match = $1 AND state = 'bound' ORDER BY profile_id`, h)
		if err != nil {
			return nil, err
		}
		for q.Next() {
			var p id.Profile
			if err := q.Scan(&p); err != nil {
				q.Close()
				return nil, err
			}
			out = append(out, p)
		}
		q.Close()
		if err := q.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Sharing is how many other profiles have bound the person's number: shown to them, because whoever holds the phone gets
// the codes of all (B13).
func (m *Room) Sharing(tx *store.Tx, p id.Profile) (int, error) {
	n, ok, err := m.Number(tx, p)
	if err != nil || !ok {
		return 0, err
	}
	all, err := m.Holders(tx, n.Number.E164)
	return max(0, len(all)-1), err
}

// BindEmail binds the weak factor: codes to the log-in address (C23). masked is the address with its middle hidden.
func (m *Room) BindEmail(tx *store.Tx, who access.Actor, p id.Profile, masked string) (Factor, error) {
	all, err := rows(tx, p, tx.ForUpdate(), stateBound)
	if err != nil {
		return Factor{}, err
	}
	for _, r := range all {
		if r.kind == Email {
			err := m.Budget.Rebound(tx, id.System, string(p), budget.Email)
			return m.show(tx, r, budget.Status{}), err
		}
	}
	r := fresh(tx, who, p, Email)
	r.label, r.masked = Email.Name(), masked
	return m.bind(tx, who, r)
}
