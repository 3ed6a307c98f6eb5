package require

import (
	"context"
	"errors"

	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
	"watchword/organisation"
)

// heldTurn is how many held texts are read at once.
const heldTurn = 100

// Held sends the confirming texts that were held and whose time has come, one after the other: call it now and then. Of
// an organisation whose texts of the day are used up the rest waits for the next call. What is tried and what came of it
// commit together, so that several servers, or one that was killed in between, send no text twice.
func (r *Room) Held(ctx context.Context, db *store.DB) error {
	var after organisation.HeldNumber
	full := map[id.Organisation]bool{}
	var failed error
	for ctx.Err() == nil {
		var due []organisation.HeldNumber
		err := db.ReadOne(ctx, func(tx *store.Tx) (err error) {
			due, err = organisation.HeldNumbers(tx, after, heldTurn)
			return err
		})
		if err != nil {
			return errors.Join(failed, err)
		}
		for _, h := range due {
			if after = h; full[h.Organisation] {
				continue
			}
			var why string
			err := db.WriteBulk(ctx, func(tx *store.Tx) (err error) {
				why, err = r.retry(tx, h)
				return err
			})
			full[h.Organisation] = why == "organisation_limit"
			failed = errors.Join(failed, err) // the next is tried all the same
		}
		if len(due) < heldTurn {
			break
		}
	}
	return failed
}

// retry sends one held text, unless another server has, or it is not wanted any more; why says what still holds it.
func (r *Room) retry(tx *store.Tx, h organisation.HeldNumber) (why string, err error) {
	if err := organisation.Lock(tx, h.Organisation); err != nil {
		if problem.Is(err, problem.KindNotFound) { // the organisation was deleted
			err = r.Organisations.AnnounceNumber(tx, h.Organisation, h.Profile, "", 0)
		}
		return "", err
	}
	s, ok, err := organisation.SuggestedNumber(tx, r.Ring, h.Organisation, h.Profile)
	if err != nil {
		return "", err
	}
	policy, err := organisation.PolicyOf(tx, h.Organisation)
	if err != nil {
		return "", err
	}
	if !ok || !policy.Required { // it was proved or taken back, or support switched two-factor off
		return "", r.Organisations.AnnounceNumber(tx, h.Organisation, h.Profile, "", 0)
	}
	if s.Next != h.Next { // tried meanwhile
		return "", nil
	}
	m, err := organisation.MemberOf(tx, h.Organisation, h.Profile)
	if err != nil {
		return "", err
	}
	o, err := organisation.ByID(tx, h.Organisation)
	if err != nil {
		return "", err
	}
	if o.Suspended || m.DisabledAt > 0 { // nothing is sent for now (decisions 28)
		return "", r.Organisations.AnnounceNumber(tx, h.Organisation, h.Profile, s.Message, tx.Now+store.Micros(again))
	}
	p, err := profile.ByID(tx, h.Profile)
	if err != nil {
		return "", err
	}
	return r.announce(tx, access.System("watchword"), m, p, s.Number, wording.Params{Organisation: o.Name, Member: m.Called(), Detail: s.Masked})
}
