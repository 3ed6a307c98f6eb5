package cli

import (
	"context"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/house"
	"watchword/support/request"
)

type organisationCommand struct {
	List         organisationList         `cmd:"" help:"List organisations, newest first."`
	Show         organisationShow         `cmd:"" help:"Show one organisation: users, owners, policy, requests."`
	Suspend      organisationSuspend      `cmd:"" help:"Let its people read only; nothing is sent or changed."`
	Restore      organisationRestore      `cmd:"" help:"End a suspension."`
	TwoFactorOff organisationTwoFactorOff `cmd:"" name:"two-factor-off" help:"Break-glass: no longer require a second factor, at once."`
}

type organisationList struct {
	withConfig
	Search string `help:"Part of a name, an id or an owner's address." placeholder:"WORDS"`
}

// Run lists.
func (o *organisationList) Run(ctx context.Context, t *Terminal) error {
	return o.onHost(ctx, func(h *house.Host, who access.Actor) error {
		n := 0
		for after := id.Organisation(""); ; {
			page, next, err := h.Rooms.Console.Find(ctx, h.DB, who, o.Search, after)
			if err != nil {
				return err
			}
			for _, x := range page {
				state := "in use"
				switch {
				case x.DeletedAt > 0:
					state = "deleted"
				case x.Suspended:
					state = "suspended"
				}
				t.say("%s  %-9s  %-12s  two-factor required: %-3s  %s", x.ID, state, counted(x.Members, "user"), yes(x.Required), x.Name)
			}
			if n += len(page); next == "" {
				break
			}
			after = next
		}
		t.say("%s", counted(n, "organisation"))
		return nil
	})
}

type organisationNamed struct {
	withConfig
	Organisation string `arg:"" help:"Its id, or its whole name."`
}

type organisationShow struct{ organisationNamed }

// Run shows one.
func (o *organisationShow) Run(ctx context.Context, t *Terminal) error {
	return o.onHost(ctx, func(h *house.Host, who access.Actor) error {
		org, err := the(ctx, h, who, o.Organisation)
		if err != nil {
			return err
		}
		c, err := h.Rooms.Console.Customer(ctx, h.DB, who, org)
		if err != nil {
			return err
		}
		t.say("%s\nid                   %s\ncreated              %s\nsuspended            %s\nusers                %d", c.Name, c.ID, moment(c.CreatedAt), yes(c.Suspended), c.Members)
		t.say("two-factor required  %s", yes(c.Policy.Required))
		for _, m := range c.Owners {
			t.say("owner                %s <%s>", m.Username, m.Email)
		}
		for _, r := range c.Requests {
			sayRequest(t, r)
		}
		return nil
	})
}

type organisationSuspend struct {
	organisationNamed
	because
}

// Run suspends.
func (o *organisationSuspend) Run(ctx context.Context, t *Terminal) error {
	return o.onHost(ctx, func(h *house.Host, who access.Actor) error {
		org, err := the(ctx, h, who, o.Organisation)
		if err == nil {
			err = h.Rooms.Console.Suspend(ctx, h.DB, who, org, o.Reason)
		}
		if err == nil {
			t.say("%s is suspended. Its people can read; the owners are told.", org)
		}
		return err
	})
}

type organisationRestore struct {
	organisationNamed
	because
}

// Run restores.
func (o *organisationRestore) Run(ctx context.Context, t *Terminal) error {
	return o.onHost(ctx, func(h *house.Host, who access.Actor) error {
		org, err := the(ctx, h, who, o.Organisation)
		if err == nil {
			err = h.Rooms.Console.Restore(ctx, h.DB, who, org, o.Reason)
		}
		if err == nil {
			t.say("%s is in use again. The owners are told.", org)
		}
		return err
	})
}

type organisationTwoFactorOff struct {
	organisationNamed
	because
	checkedBy
}

// Run does at once what otherwise takes two operators or 72 hours (SO9).
func (o *organisationTwoFactorOff) Run(ctx context.Context, t *Terminal) error {
	return o.onHost(ctx, func(h *house.Host, who access.Actor) error {
		org, err := the(ctx, h, who, o.Organisation)
		if err != nil {
			return err
		}
		r, err := h.Rooms.Requests.BreakGlass(ctx, h.DB, who, request.Start{Kind: request.TwoFactorOff, Organisation: org, Identity: o.note(), Ticket: o.Ticket, Reason: o.Reason})
		if err == nil {
			t.say("%s no longer requires a second factor (%s). Its people are told, and it stands in its audit log.", r.Subject, r.ID)
		}
		return err
	})
}
