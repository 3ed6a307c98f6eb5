package operator

import (
	"context"
	"time"

	"watchword/account/count"
	"watchword/account/link"
	"watchword/account/notice"
	"watchword/account/profile"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
	"watchword/code/wording"
)

// An address that an operator types counts for nothing until the link sent to it was used (C34): alerts name limits and
// requests for help, and a slip of the hand would send them to a stranger.

// SetAddress asks for the actor's alerts to go to another address, or, when it is empty, to none. It needs a fresh proof;
// the address before is told, and stays until the new one is confirmed.
func (d *Desk) SetAddress(ctx context.Context, db *store.DB, who access.Actor, address string) error {
	if who.Operator == "" {
		return problem.SignedOut()
	}
	var a profile.Address
	if address != "" {
		var bad *problem.Field
		if a, bad = profile.ParseAddress("email", address); bad != nil {
			return problem.AtField(bad.Name, bad.Code, bad.Message)
		}
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		o, err := Find(tx, who.Operator)
		if err != nil {
			return err
		}
		if err := MustProve(tx.Now, who); err != nil {
			return err
		}
		if address != "" {
			return d.askAddress(tx, who, o, a.Spelling)
		}
		if err := d.Links.Cancel(tx, string(o.ID), link.ConfirmOperatorAddress); err != nil {
			return err
		}
		return d.address(tx, who, o, "")
	})
}

// askAddress sends the link.
func (d *Desk) askAddress(tx *store.Tx, who access.Actor, o Operator, address string) error {
	wait, err := count.Take(tx, "operator-mail/"+string(o.ID), count.Limit{Most: d.Settings.Mails, Within: time.Hour})
	if err != nil {
		return err
	}
	if wait > 0 {
		return problem.TooMany("mails_many", "Too many emails were sent to confirm an address. Try again in an hour.", wait)
	}
	made, err := d.Links.Make(tx, link.ConfirmOperatorAddress, string(o.ID), address, d.Settings.AddressLife)
	if err != nil {
		return err
	}
	if err := d.Post.Link(tx, who, wording.ConfirmOperatorAddress, address, wording.English, time.UTC,
		wording.Params{URL: made.URL, Minutes: int(d.Settings.AddressLife.Minutes())}, 0); err != nil {
		return err
	}
	return d.Log.Record(tx, who, audit.Event{Kind: "operator.address_asked", Target: string(o.ID), Detail: map[string]string{"to": notice.Mask(address)}},
		audit.System, string(o.ID))
}

// LookAddress reads the link without using it: the masked address. The problem is a verdict.
func (d *Desk) LookAddress(ctx context.Context, db *store.DB, token string) (masked string, err error) {
	err = db.Read(ctx, func(tx *store.Tx) error {
		l, refused, err := d.Links.Look(tx, link.ConfirmOperatorAddress, token)
		if masked = notice.Mask(l.Data); err == nil && refused != nil {
			err = refused
		}
		return err
	})
	return masked, err
}

// ConfirmAddress uses the link: from now on alerts go there. Of parallel uses one succeeds (B15).
func (d *Desk) ConfirmAddress(ctx context.Context, db *store.DB, who access.Actor, token string) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		l, refused, err := d.Links.Use(tx, link.ConfirmOperatorAddress, token)
		if err != nil {
			return err
		}
		if refused != nil {
			return refused
		}
		o, err := Find(tx, id.Operator(l.Subject))
		if err != nil {
			return err
		}
		who.Name = o.Username
		return d.address(tx, who, o, l.Data)
	})
}

// address sets where alerts go, and tells where they went before.
func (d *Desk) address(tx *store.Tx, who access.Actor, o Operator, to string) error {
	if o.Email == to {
		return nil
	}
	if _, err := tx.Exec(`UPDATE account_operator SET email = $2 WHERE id = $1`, o.ID, to); err != nil {
		return err
	}
	if o.Email != "" {
		x := wording.Params{By: o.Username, Detail: "email", URL: d.Links.BaseURL + "/operator/operators"}
		if err := d.Post.TellOperator(tx, who, wording.OperatorProofs, x, o.Email); err != nil {
			return err
		}
	}
	return d.Log.Record(tx, who, audit.Event{Kind: "operator.address_changed", Target: string(o.ID), Detail: map[string]string{"to": notice.Mask(to)}},
		audit.System, string(o.ID))
}

// waiting is the address whose link can still be used.
func (d *Desk) waiting(tx *store.Tx, o Operator) (string, error) {
	return link.Open(tx, link.ConfirmOperatorAddress, string(o.ID))
}
