package factor

import (
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/budget"
)

// List gives the bound factors of a person, strongest first, the preferred one before others of its strength.
func (m *Room) List(tx *store.Tx, p id.Profile) ([]Factor, error) {
	all, err := rows(tx, p, "", stateBound)
	if err != nil {
		return nil, err
	}
	status := map[Kind]budget.Status{}
	var out []Factor
	for strength := 3; strength > 0; strength-- {
		for _, preferred := range []bool{true, false} {
			for _, r := range all {
				if r.kind.Strength() != strength || r.preferred != preferred {
					continue
				}
				st, ok := status[r.kind]
				if !ok {
					if st, err = m.Budget.Of(tx, id.System, string(p), r.kind.Budget()); err != nil {
						return nil, err
					}
					status[r.kind] = st
				}
				out = append(out, m.show(tx, r, st))
			}
		}
	}
	return out, nil
}

func (m *Room) show(tx *store.Tx, r row, st budget.Status) Factor {
	f := Factor{ID: r.id, Kind: r.kind, Label: r.label, Masked: r.masked, Country: r.country, Strength: r.kind.Strength(), AddedAt: r.boundAt,
		LastUsedAt: r.lastUsedAt, Preferred: r.preferred, Off: st.Off, Failures: st.Failures, NextAt: st.NextAt, FlaggedAt: r.flaggedAt}
	if r.kind == SMS {
		f.Stale = tx.Now-max(r.boundAt, r.lastUsedAt) > store.Micros(m.Settings.NumberFresh)
		f.RecoversAt = r.boundAt + store.Micros(m.Settings.RecoveryDelay)
	}
	return f
}

// StaleNumber says whether the bound number must be confirmed again, because no code by SMS succeeded for 12 months (B13).
func (m *Room) StaleNumber(tx *store.Tx, p id.Profile) (bool, error) {
	all, err := rows(tx, p, "", stateBound)
	for _, r := range all {
		if r.kind == SMS {
			return m.show(tx, r, budget.Status{}).Stale, err
		}
	}
	return false, err
}

// Usable lists the factors that can complete a log-in now.
func (m *Room) Usable(tx *store.Tx, p id.Profile) ([]Factor, error) {
	all, err := m.List(tx, p)
	return Usable(all), err
}

// Usable leaves out what cannot complete a log-in now: what is off, and a number that went stale, unless it is all there
// is: the log-in then asks for an emailed link too, and both together confirm it again (B13, LF27).
func Usable(all []Factor) (out []Factor) {
	var stale []Factor
	for _, f := range all {
		switch {
		case f.Off:
		case f.Stale:
			stale = append(stale, f)
		default:
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		return stale
	}
	return out
}

// Recovering lists the factors that can complete a password reset: usable, not the weak one by email (that and the
// reset link are one proof: C33), and no number younger than 72 hours (B12, decisions 35).
func (m *Room) Recovering(tx *store.Tx, p id.Profile) ([]Factor, error) {
	return m.filter(tx, p, func(f Factor) bool { return !f.Off && !f.Stale && f.Kind != Email && f.RecoversAt <= tx.Now })
}

func (m *Room) filter(tx *store.Tx, p id.Profile, keep func(Factor) bool) ([]Factor, error) {
	all, err := m.List(tx, p)
	var out []Factor
	for _, f := range all {
		if keep(f) {
			out = append(out, f)
		}
	}
	return out, err
}

// Preferred is the factor to ask for at log-in: the preferred one if it is usable, else the strongest. ok is false when
// no factor is bound and usable.
func (m *Room) Preferred(tx *store.Tx, p id.Profile) (Factor, bool, error) {
	all, err := m.Usable(tx, p)
	if err != nil || len(all) == 0 {
		return Factor{}, false, err
	}
	for _, f := range all {
		if f.Preferred {
			return f, true, nil
		}
	}
	return all[0], true, nil
}

// Reach is the highest level the person's factors reach: what binding a further one takes (C26).
func (m *Room) Reach(tx *store.Tx, p id.Profile) (access.Level, error) {
	all, err := rows(tx, p, "", stateBound)
	level := access.LevelPassword
	for _, r := range all {
		level = max(level, r.kind.Level())
	}
	return level, err
}

// Find reads one bound factor; problem.NotFound when it is not this person's or not bound.
func (m *Room) Find(tx *store.Tx, p id.Profile, f id.Factor) (Factor, error) {
	all, err := m.List(tx, p)
	if err != nil {
		return Factor{}, err
	}
	for _, x := range all {
		if x.ID == f {
			return x, nil
		}
	}
	return Factor{}, problem.NotFound("second factor")
}

// History lists every factor ever bound, newest first (C27).
func (m *Room) History(tx *store.Tx, p id.Profile) ([]Past, error) {
	all, err := rows(tx, p, "", stateBound, stateRemoved)
	out := make([]Past, 0, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		r := all[i]
		if r.boundAt == 0 {
			continue
		}
		out = append(out, Past{r.id, r.kind, r.label, r.masked, r.boundAt, r.removedAt, r.removedFor, r.address, r.device})
	}
	return out, err
}

// Prefer makes a factor the one that log-in asks for.
func (m *Room) Prefer(tx *store.Tx, who access.Actor, p id.Profile, f id.Factor) error {
	if _, err := m.Find(tx, p, f); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE account_factor SET preferred = (id = $2) WHERE profile_id = $1 AND state = 'bound'`, p, f); err != nil {
		return err
	}
	return m.record(tx, who, p, "factor.preferred", f, nil)
}

// Rename gives a factor another name.
func (m *Room) Rename(tx *store.Tx, who access.Actor, p id.Profile, f id.Factor, label string) error {
	x, err := m.Find(tx, p, f)
	if err != nil {
		return err
	}
	if label, err = checkLabel(label, x.Kind); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE account_factor SET label = $3 WHERE profile_id = $1 AND id = $2`, p, f, label); err != nil {
		return err
	}
	return m.record(tx, who, p, "factor.renamed", f, nil)
}

// Used records a success of a factor: it is what keeps a number fresh (B13).
func (m *Room) Used(tx *store.Tx, p id.Profile, f id.Factor) error {
	_, err := tx.Exec(`UPDATE account_factor SET last_used_at = $3 WHERE profile_id = $1 AND id = $2 AND state = 'bound'`, p, f, tx.Now)
	return err
}

// Remove revokes a factor at once (C27): its secret is wiped, the record stays. It returns what was removed.
func (m *Room) Remove(tx *store.Tx, who access.Actor, p id.Profile, f id.Factor) (Factor, error) {
	x, err := m.Find(tx, p, f)
	if err != nil {
		return x, err
	}
	if err := m.end(tx, p, f, "removed"); err != nil {
		return x, err
	}
	return x, m.record(tx, who, p, "factor.removed", f, map[string]string{"kind": string(x.Kind)})
}

// RemoveAll revokes every factor: two-factor is turned off, or the profile is closed. why is kept in the record.
func (m *Room) RemoveAll(tx *store.Tx, who access.Actor, p id.Profile, why string) ([]Factor, error) {
	all, err := m.List(tx, p)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if err := m.end(tx, p, f.ID, why); err != nil {
			return nil, err
		}
		if err := m.record(tx, who, p, "factor.removed", f.ID, map[string]string{"kind": string(f.Kind), "why": why}); err != nil {
			return nil, err
		}
	}
	_, err = tx.Exec(`DELETE FROM account_factor WHERE profile_id = $1 AND state = 'pending'`, p)
	return all, err
}

// end takes a factor out of use and wipes its secret, except the number that was replaced: that one is needed for
// another 72 hours (B12).
func (m *Room) end(tx *store.Tx, p id.Profile, f id.Factor, why string) error {
	q := `UPDATE account_factor SET state = 'removed', removed_at = $3, removed_for = $4, preferred = $5, secret = NULL, match = ''
		WHERE profile_id = $1 AND id = $2 AND state = 'bound'`
	if why == "replaced" {
		q = `UPDATE account_factor SET state = 'removed', removed_at = $3, removed_for = $4, preferred = $5
			WHERE profile_id = $1 AND id = $2 AND state = 'bound'`
	}
	_, err := tx.Exec(q, p, f, tx.Now, why, false)
	return err
}

// bind stores a new factor, clears its kind's failures and makes it preferred when it is the first.
func (m *Room) bind(tx *store.Tx, who access.Actor, r row) (Factor, error) {
	all, err := rows(tx, r.profile, tx.ForUpdate(), stateBound)
	if err != nil {
		return Factor{}, err
	}
	same := 0
	for _, x := range all {
		if x.kind == r.kind {
			same++
		}
	}
	if same >= m.Settings.Most {
		return Factor{}, problem.Conflict("factor_many", "Remove one of your second factors of this kind first: at most 10 are kept.")
	}
	// A kind that was switched off comes back with its new factor only (C13): the old ones are not trusted again.
	st, err := m.Budget.Of(tx, id.System, string(r.profile), r.kind.Budget())
	if err != nil {
		return Factor{}, err
	}
	r.preferred = len(all) == 0
	for _, x := range all {
		if st.Off && x.kind == r.kind {
			r.preferred = r.preferred || x.preferred
			if err := m.end(tx, x.profile, x.id, "rebound"); err != nil {
				return Factor{}, err
			}
		}
	}
	if err := r.insert(tx); err != nil {
		return Factor{}, err
	}
	if err := m.Budget.Rebound(tx, id.System, string(r.profile), r.kind.Budget()); err != nil {
		return Factor{}, err
	}
	err = m.record(tx, who, r.profile, "factor.added", r.id, map[string]string{"kind": string(r.kind)})
	return m.show(tx, r, budget.Status{Factor: r.kind.Budget()}), err
}

func (m *Room) record(tx *store.Tx, who access.Actor, p id.Profile, kind string, f id.Factor, detail map[string]string) error {
	return m.Log.Record(tx, who, audit.Event{Kind: kind, Target: string(f), Detail: detail}, string(p))
}

// Sweep wipes what is over: half-bound factors, replaced numbers after their 72 hours, spent passkey challenges.
func (m *Room) Sweep(tx *store.Tx) error {
	if _, err := tx.Exec(`DELETE FROM account_factor WHERE state = 'pending' AND made_at < $1`, tx.Now-store.Micros(m.Settings.SetupLife)); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE account_factor SET secret = NULL, match = '' WHERE state = 'removed' AND removed_for = 'replaced'
		AND removed_at < $1 AND secret IS NOT NULL`, tx.Now-store.Micros(m.Settings.RecoveryDelay)); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM account_ceremony WHERE expires_at < $1`, tx.Now)
	return err
}
