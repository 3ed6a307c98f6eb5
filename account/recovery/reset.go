package recovery

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"time"

	"watchword/account/count"
	"watchword/account/link"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/challenge"
	"watchword/code/wording"
)

// Reset is an open link to choose a new password.
type Reset struct {
	Profile   profile.Profile
	Mailbox   string // the address it was sent to
	ExpiresAt int64  // micros
}

// topic wakes the loop that answers requests.
const topic = "account.reset"

const maxAsk = 1024 // octets of a typed name that are kept; no name is longer

// AskReset notes that somebody asks for a link to choose a new password (RP15). It does the same whether or not there
// is such a person: one row, which Run answers (C11). Refused is told only about the asker's own network address.
func (m *Room) AskReset(tx *store.Tx, who access.Actor, name string) (refused *problem.Error, err error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return problem.AtField("name", "name_missing", "Enter your username or email address."), nil
	}
	wait, err := count.Take(tx, "reset/"+who.Origin.Bucket(), count.Limit{Most: m.Settings.Asks, Within: time.Hour})
	if err != nil {
		return nil, err
	}
	if wait > 0 {
		return problem.TooMany("asks_many", "Too many links were asked for from your network. Try again later.", wait), nil
	}
	if len(name) > maxAsk {
		name = name[:maxAsk]
	}
	origin, err := json.Marshal(who.Origin)
	if err != nil {
		return nil, err
	}
	ask := id.New("RA", tx.Now)
	_, err = tx.Exec(`INSERT INTO account_reset_ask (id, name, origin, at) VALUES ($1, $2, $3, $4)`, ask,
		m.Ring.Seal("reset.ask", ask, []byte(name)), string(origin), tx.Now)
	tx.Wake(topic)
	return nil, err
}

// Run answers requests for links until ctx ends.
func (m *Room) Run(ctx context.Context, db *store.DB, log *slog.Logger) {
	woken := db.Wait(topic)
	poll := time.NewTicker(30 * time.Second) // what another process noted, or was left when this one ended
	defer poll.Stop()
	for {
		if err := m.Answer(ctx, db); err != nil && ctx.Err() == nil {
			log.Error("a request for a new password was not answered; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-woken:
		case <-poll.C:
		}
	}
}

// Answer answers every waiting request, each in a transaction of its own.
func (m *Room) Answer(ctx context.Context, db *store.DB) error {
	for {
		more := false
		err := db.Write(ctx, func(tx *store.Tx) error {
			var ask, origin string
			var name []byte
			more = false
			err := tx.QueryRow(`SELECT id, name, origin FROM account_reset_ask ORDER BY id LIMIT 1`+tx.SkipLocked()).Scan(&ask, &name, &origin)
			if store.IsNoRows(err) {
				return nil
			}
			if err != nil {
				return err
			}
			more = true
			if _, err := tx.Exec(`DELETE FROM account_reset_ask WHERE id = $1`, ask); err != nil {
				return err
			}
			var from access.Origin
			plain, err := m.Ring.Open("reset.ask", ask, name)
			if err != nil || json.Unmarshal([]byte(origin), &from) != nil {
				return nil // a row that cannot be read (its key is gone) must not hold up the others
			}
			return m.answer(tx, access.Visitor(from), string(plain))
		})
		if err != nil || !more {
			return err
		}
	}
}

func (m *Room) answer(tx *store.Tx, who access.Actor, name string) error {
	pr, err := profile.ByLogin(tx, name)
	to := pr.Email
	if problem.Is(err, problem.KindNotFound) {
		// A confirmed recovery address opens the way too: the mailbox of the log-in address may be what was lost (C34).
		if a, bad := profile.ParseAddress("name", name); bad == nil {
			pr, err = profile.ByExtra(tx, a)
			to = a.Spelling
		}
	}
	if problem.Is(err, problem.KindNotFound) {
		return m.Log.Unknown(tx, "recovery.reset_asked", who.Origin)
	}
	if err != nil {
		return err
	}
	e := audit.Event{Kind: "recovery.reset_asked"}
	late, err := m.limit(tx, to, m.Settings.Mails, m.Settings.MailsDay)
	if err != nil {
		return err
	}
	if late {
		e.Outcome, e.Reason = audit.Refused, "mails_many"
		return m.Log.Record(tx, who, e, string(pr.ID))
	}
	made, err := m.Links.Make(tx, link.ResetPassword, string(pr.ID), to, m.Settings.ResetLife)
	if err != nil {
		return err
	}
	if err := m.Post.Link(tx, who, wording.ResetPassword, to, wording.Language(pr.Language), pr.Location(),
		wording.Params{Person: pr.LoginName(), URL: made.URL, Minutes: int(m.Settings.ResetLife.Minutes())}, 0); err != nil {
		return err
	}
	return m.Log.Record(tx, who, e, string(pr.ID))
}

// LookReset reads an open reset link (B11: looking uses nothing up).
func (m *Room) LookReset(tx *store.Tx, token string) (Reset, *problem.Error, error) {
	l, refused, err := m.Links.Look(tx, link.ResetPassword, token)
	if refused != nil || err != nil {
		return Reset{}, refused, err
	}
	return m.reset(tx, l)
}

// UseReset spends a reset link; every other one of the person dies with it (C31). Call it in the transaction that sets
// the password, after the second proof was right (C32, C33).
func (m *Room) UseReset(tx *store.Tx, token string) (Reset, *problem.Error, error) {
	l, refused, err := m.Links.Use(tx, link.ResetPassword, token)
	if refused != nil || err != nil {
		return Reset{}, refused, err
	}
	if err := m.Links.Cancel(tx, l.Subject, link.ResetPassword); err != nil {
		return Reset{}, nil, err
	}
	return m.reset(tx, l)
}

func (m *Room) reset(tx *store.Tx, l link.Link) (Reset, *problem.Error, error) {
	pr, err := profile.ByID(tx, id.Profile(l.Subject))
	if err == nil && pr.ClosedAt > 0 {
		return Reset{}, problem.NotFound("profile"), nil
	}
	return Reset{Profile: pr, Mailbox: l.Data, ExpiresAt: l.ExpiresAt}, nil, err
}

// CancelResets ends the open reset links of a person: the password was changed (C31).
func (m *Room) CancelResets(tx *store.Tx, p id.Profile) error {
	return m.Links.Cancel(tx, string(p), link.ResetPassword)
}

// limit says whether an address got too many mails; otherwise it counts one. Spellings with a +tag share a bucket (B18).
func (m *Room) limit(tx *store.Tx, key string, hour, day int) (bool, error) {
	wait, err := count.Take(tx, "mail/"+challenge.LimitKey(strings.ToLower(key)), count.Limit{Most: hour, Within: time.Hour},
		count.Limit{Most: day, Within: 24 * time.Hour})
	return wait > 0, err
}
