// Package link keeps the tokens that travel by mail: for whom, for what, until when, and whether they were used. Opening
// a link changes nothing; only the button on the page behind it does (C51, B11). A token is 256 random bits, stored as a
// keyed hash (C31), and works once (B15).
package link

import (
	"net/url"
	"strings"
	"time"

	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
)

// Kind is what a link is for. A token of one kind is unknown to every other.
type Kind string

const (
	VerifyEmail            Kind = "verify_email"
	ChangeEmail            Kind = "change_email"
	ResetPassword          Kind = "reset_password"
	ConfirmRecoveryAddress Kind = "confirm_recovery_address"
	UnlockLogin            Kind = "unlock_login"
	WakeLogin              Kind = "wake_login"
	CancelNumber           Kind = "cancel_number"
	CancelSupport          Kind = "cancel_support"
	ConfirmOperatorAddress Kind = "confirm_operator_address"
)

var paths = map[Kind]string{
	VerifyEmail: "/register/confirm", ChangeEmail: "/profile/email/confirm", ResetPassword: "/reset-password",
	ConfirmRecoveryAddress: "/profile/recovery-address/confirm", UnlockLogin: "/login/unlock", WakeLogin: "/login/wake",
	CancelNumber: "/profile/number/cancel", CancelSupport: "/support/cancel", ConfirmOperatorAddress: "/operator/address/confirm",
}

// Path is where the page of this kind stands; the token follows as the query parameter "token".
func (k Kind) Path() string { return paths[k] }

// Link is one row. Subject is a profile or a sign-up; Data what the kind needs (a new address).
type Link struct {
	Kind      Kind
	Subject   string
	Data      string
	CreatedAt int64 // micros
	ExpiresAt int64 // micros
	UsedAt    int64 // micros, 0 while it was not used
	Cancelled bool  // a newer one took its place
	hash      string
}

// Book makes and checks links.
type Book struct {
	Ring    *secret.Ring
	BaseURL string // configured, never taken from a request (C52)
}

// Made is a fresh link; nothing else ever holds the token.
type Made struct{ Token, URL string }

// Make makes a link that works once, for life. Older ones of the same subject and kind stop working (C31).
func (b Book) Make(tx *store.Tx, k Kind, subject, data string, life time.Duration) (Made, error) {
	if err := b.Cancel(tx, subject, k); err != nil {
		return Made{}, err
	}
	t := id.Token(32)
	_, err := tx.Exec(`INSERT INTO account_link (hash, kind, subject, data, created_at, expires_at, used_at, cancelled_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0)`, b.Ring.Hash("link", t), k, subject, data, tx.Now, tx.Now+store.Micros(life))
	return Made{Token: t, URL: b.URL(k, t)}, err
}

// URL is the address of a link's page.
func (b Book) URL(k Kind, token string) string {
	return strings.TrimSuffix(b.BaseURL, "/") + k.Path() + "?token=" + url.QueryEscape(token)
}

// Look reads a link without using it. The problem is a verdict: unknown, expired, used or replaced. A link that was
// used is returned beside the problem.
func (b Book) Look(tx *store.Tx, k Kind, token string) (Link, *problem.Error, error) {
	if len(token) != 43 { // 32 octets in base64url
		return Link{}, unknown(), nil
	}
	for _, h := range b.Ring.Hashes("link", token) {
		l := Link{hash: h}
		var cancelled int64
		err := tx.QueryRow(`SELECT kind, subject, data, created_at, expires_at, used_at, cancelled_at FROM account_link
			WHERE hash = $1 AND kind = $2`, h, k).Scan(&l.Kind, &l.Subject, &l.Data, &l.CreatedAt, &l.ExpiresAt, &l.UsedAt, &cancelled)
		if store.IsNoRows(err) {
			continue
		}
		if err != nil {
			return Link{}, nil, err
		}
		l.Cancelled = cancelled > 0
		return l, l.problem(tx.Now), nil
	}
	return Link{}, unknown(), nil
}

// Use spends a link: of any number of parallel calls exactly one has neither problem nor error (C18, B15).
func (b Book) Use(tx *store.Tx, k Kind, token string) (Link, *problem.Error, error) {
	l, p, err := b.Look(tx, k, token)
	if p != nil || err != nil {
		return l, p, err
	}
	n, err := tx.Exec(`UPDATE account_link SET used_at = $2 WHERE hash = $1 AND used_at = 0 AND cancelled_at = 0`, l.hash, tx.Now)
	if err != nil {
		return Link{}, nil, err
	}
	if n != 1 {
		l.UsedAt = tx.Now
		return l, l.problem(tx.Now), nil
	}
	return l, nil, nil
}

// Cancel ends the open links of a subject, of the given kinds or of all.
func (b Book) Cancel(tx *store.Tx, subject string, kinds ...Kind) error {
	if len(kinds) == 0 {
		_, err := tx.Exec(`UPDATE account_link SET cancelled_at = $2 WHERE subject = $1 AND used_at = 0 AND cancelled_at = 0`, subject, tx.Now)
		return err
	}
	for _, k := range kinds {
		if _, err := tx.Exec(`UPDATE account_link SET cancelled_at = $3 WHERE subject = $1 AND kind = $2 AND used_at = 0
			AND cancelled_at = 0`, subject, k, tx.Now); err != nil {
			return err
		}
	}
	return nil
}

// Open is the data of a subject's newest link of a kind that can still be used, empty for none.
func Open(tx *store.Tx, k Kind, subject string) (data string, err error) {
	err = tx.QueryRow(`SELECT data FROM account_link WHERE subject = $1 AND kind = $2 AND used_at = 0 AND cancelled_at = 0 AND expires_at > $3
		ORDER BY created_at DESC LIMIT 1`, subject, k, tx.Now).Scan(&data)
	if store.IsNoRows(err) {
		return "", nil
	}
	return data, err
}

// Sweep deletes links that ended more than 30 days ago: until then a late click is told what happened to it.
func Sweep(tx *store.Tx) error {
	_, err := tx.Exec(`DELETE FROM account_link WHERE expires_at < $1`, tx.Now-store.Micros(30*24*time.Hour))
	return err
}

func (l Link) problem(now int64) *problem.Error {
	switch {
	case l.UsedAt > 0:
		return &problem.Error{Kind: problem.KindConflict, Code: "link_used", Message: "This link was used already. Each link works once."}
	case l.Cancelled:
		return &problem.Error{Kind: problem.KindConflict, Code: "link_replaced", Message: "This link was replaced by a newer one. Use the link in the newest email."}
	case now >= l.ExpiresAt:
		return &problem.Error{Kind: problem.KindConflict, Code: "link_expired", Message: "This link has expired. Ask for a new one."}
	}
	return nil
}

func unknown() *problem.Error {
	return &problem.Error{Kind: problem.KindNotFound, Code: "link_unknown",
		Message: "This link is not complete or does not exist. Open it from the email again, or copy all of it."}
}
