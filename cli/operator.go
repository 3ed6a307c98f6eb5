package cli

import (
	"context"
	"fmt"

	"watchword/account/operator"
	"watchword/base/access"
	"watchword/base/store"
	"watchword/house"
)

type operatorCommand struct {
	Create operatorCreate `cmd:"" help:"Print a token that makes one operator, once, within 24 hours."`
	List   operatorList   `cmd:"" help:"List the operators."`
	Remove operatorRemove `cmd:"" help:"Take an operator away at once; what he started and nobody confirmed is cancelled."`
}

type operatorList struct{ withConfig }

// Run lists, oldest first.
func (o *operatorList) Run(ctx context.Context, t *Terminal) error {
	return o.onHost(ctx, func(h *house.Host, who access.Actor) error {
		all, now, err := operator.All(ctx, h.DB, who)
		if err != nil {
			return err
		}
		for _, x := range all {
			note := ""
			switch {
			case !x.Active:
				note = "  setting up"
			case !x.Counts(now):
				note = "  confirms from " + moment(x.CountsAt)
			}
			t.say("%s  %-16s  %-30s  last log-in %s%s", x.ID, x.Username, x.Email, moment(x.LastLoginAt), note)
		}
		t.say("%s", counted(len(all), "operator"))
		return nil
	})
}

type operatorRemove struct {
	withConfig
	Operator string `arg:"" help:"The username, or the id."`
}

// Run removes one.
func (o *operatorRemove) Run(ctx context.Context, t *Terminal) error {
	return o.onHost(ctx, func(h *house.Host, who access.Actor) error {
		all, _, err := operator.All(ctx, h.DB, who)
		if err != nil {
			return err
		}
		for _, x := range all {
			if string(x.ID) == o.Operator || x.Username == o.Operator {
				if _, err = h.Rooms.Console.Remove(ctx, h.DB, who, x.ID); err == nil {
					t.say("%s is no operator any more.", x.Username)
				}
				return err
			}
		}
		return fmt.Errorf("there is no operator %q; \"watchword operator list\" shows them", o.Operator)
	})
}

type operatorCreate struct{ withConfig }

// Run makes a token; older ones stop working.
func (o *operatorCreate) Run(ctx context.Context, t *Terminal) error {
	c, err := o.load()
	if err != nil {
		return err
	}
	return o.onHost(ctx, func(h *house.Host, who access.Actor) error {
		token, err := h.Rooms.Operators.Token(ctx, h.DB, who)
		if err != nil {
			return err
		}
		sayToken(t, c.BaseURL, token)
		return nil
	})
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
