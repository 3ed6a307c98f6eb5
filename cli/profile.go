package cli

import (
	"context"
	"strings"

	"watchword/base/access"
	"watchword/house"
	"watchword/support/request"
)

type profileCommand struct {
	Show           profileShow  `cmd:"" help:"Show a person: addresses, second factors without secrets, organisations."`
	ResetTwoFactor profileReset `cmd:"" name:"reset-two-factor" help:"Break-glass: remove all second factors of a person, at once."`
	EndSessions    profileEnd   `cmd:"" name:"end-sessions" help:"Log a person out everywhere and end trusted devices."`
}

type profileEnd struct {
	profileNamed
	because
}

// Run logs a person out everywhere.
func (p *profileEnd) Run(ctx context.Context, t *Terminal) error {
	return p.onHost(ctx, func(h *house.Host, who access.Actor) error {
		x, err := h.Rooms.Console.EndSessions(ctx, h.DB, who, p.Person, p.Reason)
		if err == nil {
			t.say("%s is logged out everywhere. The person is told.", x.LoginName())
		}
		return err
	})
}

type profileNamed struct {
	withConfig
	Person string `arg:"" help:"The exact username or email address."`
}

type profileShow struct{ profileNamed }

// Run shows one; that it was looked at stands in the log, also in the person's own.
func (p *profileShow) Run(ctx context.Context, t *Terminal) error {
	return p.onHost(ctx, func(h *house.Host, who access.Actor) error {
		x, err := h.Rooms.Console.Person(ctx, h.DB, who, p.Person)
		if err != nil {
			return err
		}
		t.say("%s\nid               %s\nname             %s\naddresses        %s\nlast log-in      %s\nrecovery codes   %d of %d left", x.LoginName(), x.ID, x.Name,
			strings.Join(x.Addresses, ", "), moment(x.LastLoginAt), x.Codes.Left, x.Codes.Made)
		for _, f := range x.Factors {
			t.say("second factor    %s %s", f.Kind, f.Masked)
		}
		for _, o := range x.Organisations {
			t.say("organisation     %s %s (%s)", o.ID, o.Name, o.Role)
		}
		for _, r := range x.Requests {
			sayRequest(t, r)
		}
		return nil
	})
}

type profileReset struct {
	profileNamed
	because
	checkedBy
}

// Run does at once what otherwise takes two operators or 72 hours (SO9). Nobody chooses a password here (C36).
func (p *profileReset) Run(ctx context.Context, t *Terminal) error {
	return p.onHost(ctx, func(h *house.Host, who access.Actor) error {
		r, err := h.Rooms.Requests.BreakGlass(ctx, h.DB, who, request.Start{Kind: request.LostPhone, Person: p.Person, Identity: p.note(), Ticket: p.Ticket, Reason: p.Reason})
		if err == nil {
			t.say("%s has no second factor any more (%s). The next log-in takes the password and a code by email; the person and every owner are told.", r.Subject, r.ID)
		}
		return err
	})
}
