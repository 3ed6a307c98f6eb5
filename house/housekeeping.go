package house

import (
	"context"
	"time"

	"watchword/account/captcha"
	"watchword/account/count"
	"watchword/account/device"
	"watchword/account/join"
	"watchword/account/link"
	"watchword/account/profile"
	"watchword/base/audit"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/grant"
	"watchword/code/guard"
	"watchword/organisation/invite"
	"watchword/signin/change"
	"watchword/signin/kept"
	"watchword/signin/login"
	"watchword/signin/reset"
	"watchword/signin/stepup"
	"watchword/support/console"
)

// every is how often the house is swept; refusals and daily sums of the guard are kept as long as the audit log.
const every = 10 * time.Minute

// keepChallenges is how long finished challenges are kept for questions about them.
const keepChallenges = 30 * 24 * time.Hour

// keepTexts is how long it is known what became of a text.
const keepTexts = 90 * 24 * time.Hour

// housekeeping removes what has served its time. Each room sweeps its own tables, in small transactions of the
// background lane.
func (h *House) housekeeping(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for name, sweep := range h.sweeps() {
			if err := h.DB.WriteBulk(ctx, sweep); err != nil && ctx.Err() == nil {
				h.Log.Error("sweeping failed", "what", name, "error", err)
			}
		}
		if err := h.Texts.Sweep(ctx, keepTexts); err != nil && ctx.Err() == nil {
			h.Log.Error("sweeping failed", "what", "texts", "error", err)
		}
		if err := h.Mails.Sweep(ctx, h.Config.Mail.Keep); err != nil && ctx.Err() == nil {
			h.Log.Error("sweeping failed", "what", "mails", "error", err)
		}
		if err := h.Rooms.Require.Held(ctx, h.DB); err != nil && ctx.Err() == nil {
			h.Log.Error("texts about numbers that were held could not all be tried again; the next turn does", "error", err)
		}
		h.prune(ctx)
	}
}

func (h *House) sweeps() map[string]func(*store.Tx) error {
	keep := store.Micros(h.Config.Audit.Keep)
	return map[string]func(*store.Tx) error{
		"guard":      func(tx *store.Tx) error { return guard.Sweep(tx, keep) },
		"grants":     func(tx *store.Tx) error { _, err := grant.Sweep(tx); return err },
		"challenges": func(tx *store.Tx) error { _, err := challenge.Sweep(tx, store.Micros(keepChallenges)); return err },
		"links":      link.Sweep,
		"profiles":   profile.Sweep,
		"sign-ups":   join.Sweep,
		"captchas":   captcha.Sweep,
		"counts":     count.Sweep,
		"factors":    h.Rooms.Factors.Sweep,
		"invites":    invite.Sweep,
		"operators":  h.Rooms.Operators.Sweep,
		"devices":    device.Sweep,
		"sessions":   func(tx *store.Tx) error { _, err := h.Sessions.Sweep(tx); return err },
		"log-ins":    login.Sweep,
		"step-ups":   stepup.Sweep,
		"changes":    change.Sweep,
		"resets":     reset.Sweep,
		"forms":      kept.Sweep,
		"support":    func(tx *store.Tx) error { return console.Sweep(tx, tx.Now-keep) },
		"requests":   h.Rooms.Requests.Sweep,
	}
}

// prune cuts the audit log to what is to be kept, stream by stream, leaving signed checkpoints.
func (h *House) prune(ctx context.Context) {
	var streams []string
	err := h.DB.ReadOne(ctx, func(tx *store.Tx) (err error) {
		streams, err = audit.Streams(tx)
		return err
	})
	for _, s := range streams {
		if ctx.Err() != nil || err != nil {
			break
		}
		err = h.DB.WriteBulk(ctx, func(tx *store.Tx) error {
			_, err := h.Audit.Prune(tx, s, tx.Now-store.Micros(h.Config.Audit.Keep))
			return err
		})
	}
	if err != nil && ctx.Err() == nil {
		h.Log.Error("pruning the audit log failed", "error", err)
	}
}
