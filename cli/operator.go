package cli

import (
	"context"

	"watchword/account/operator"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/house"
)

type operatorCommand struct {
	Create operatorCreate `cmd:"" help:"Print a token that makes one operator, once, within 24 hours."`
}

type operatorCreate struct{ withConfig }

// Run makes a token; older ones stop working.
func (o *operatorCreate) Run(ctx context.Context, t *Terminal) error {
	c, err := o.load()
	if err != nil {
		return err
	}
	ring, err := secret.Load(c.KeyRing)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{URL: c.Database, Connections: 2})
	if err != nil {
		return err
	}
	defer db.Close()
	d := &operator.Desk{Ring: ring, Log: &audit.Log{Ring: ring}, Settings: operator.Defaults()}
	token, err := d.Token(ctx, db, access.System("command on the host"))
	if err != nil {
		return err
	}
	sayToken(t, c.BaseURL, token)
	return nil
}

func sayToken(t *Terminal, base, token string) {
	t.say("Make an operator at %s/setup with this token. It works once, for 24 hours:\n\n  %s\n", base, token)
}

// firstOperator prints a token when nobody could log in as an operator yet.
func firstOperator(ctx context.Context, t *Terminal, h *house.House) error {
	var exists bool
	err := h.DB.Read(ctx, func(tx *store.Tx) (err error) {
		exists, err = operator.Exists(tx)
		return err
	})
	if err != nil || exists {
		return err
	}
	token, err := h.Rooms.Operators.Token(ctx, h.DB, access.System("watchword serve"))
	if err != nil {
		return err
	}
	sayToken(t, h.Config.BaseURL, token)
	return nil
}
