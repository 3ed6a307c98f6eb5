package cli

import (
	"context"
	"errors"
	"io"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/house"
	"watchword/support/request"
)

type supportCommand struct {
	List    supportList    `cmd:"" help:"List requests that wait for somebody."`
	Show    supportShow    `cmd:"" help:"Show one request."`
	Take    supportTake    `cmd:"" help:"Say that the host looks after it."`
	Start   supportStart   `cmd:"" help:"Start what was asked for: owners are told, and can cancel for 72 hours."`
	Confirm supportConfirm `cmd:"" help:"Let what was started take effect at once."`
	Cancel  supportCancel  `cmd:"" help:"End a request without any effect."`
	Answer  supportAnswer  `cmd:"" help:"Write back, and close it."`
}

func sayRequest(t *Terminal, r request.Request) {
	name := r.Subject
	if name == "" {
		name = r.TypedName
	}
	t.say("%s  %-9s  %-14s  %s  %s", r.ID, r.State, r.Kind, moment(r.CreatedAt), name)
}

type supportList struct {
	withConfig
	All bool `help:"Those that have ended too."`
}

// Run lists, newest first.
func (s *supportList) Run(ctx context.Context, t *Terminal) error {
	return s.onHost(ctx, func(h *house.Host, who access.Actor) error {
		n := 0
		for before := request.ID(""); ; {
			page, next, err := h.Rooms.Requests.List(ctx, h.DB, who, s.All, before)
			if err != nil {
				return err
			}
			for _, r := range page {
				sayRequest(t, r)
			}
			if n += len(page); next == "" {
				break
			}
			before = next
		}
		t.say("%s", counted(n, "request"))
		return nil
	})
}

type requestNamed struct {
	withConfig
	Request string `arg:"" help:"Its id; it begins with SR."`
}

type supportShow struct{ requestNamed }

// Run shows one.
func (s *supportShow) Run(ctx context.Context, t *Terminal) error {
	return s.onHost(ctx, func(h *house.Host, who access.Actor) error {
		d, err := h.Rooms.Requests.Get(ctx, h.DB, who, request.ID(s.Request))
		if err != nil {
			return err
		}
		sayRequest(t, d.Request)
		t.say("typed name       %s\ntyped address    %s\ntyped org.       %s\nmessage          %s", d.TypedName, d.TypedEmail, d.TypedOrganisation, d.Message)
		if d.Asker != nil {
			t.say("profile          %s (a claim until you made sure)", d.Asker.LoginName())
		}
		if d.StartedAt > 0 {
			t.say("about            %s\nstarted          %s by %s\nidentity         %s\nreason           %s\ntakes effect     %s", d.Subject, moment(d.StartedAt), d.StartedName, d.Identity, d.Reason, moment(d.DueAt))
		}
		if d.EndedAt > 0 {
			t.say("ended            %s by %s: %s", moment(d.EndedAt), d.EndedName, d.EndedWhy)
		}
		return nil
	})
}

type supportTake struct{ requestNamed }

// Run takes one.
func (s *supportTake) Run(ctx context.Context, t *Terminal) error {
	return s.onHost(ctx, func(h *house.Host, who access.Actor) error {
		r, err := h.Rooms.Requests.Take(ctx, h.DB, who, request.ID(s.Request))
		if err == nil {
			sayRequest(t, r)
		}
		return err
	})
}

type supportStart struct {
	requestNamed
	because
	checkedBy
	Person       string `help:"Exact username or address, for a lost phone." placeholder:"NAME"`
	Organisation string `help:"Id or whole name, to switch its two-factor off." placeholder:"ID"`
}

// Validate wants to know whom it is about.
func (s *supportStart) Validate() error {
	if (s.Person == "") == (s.Organisation == "") {
		return errors.New("name whom it is about with either --person or --organisation")
	}
	return nil
}

// Run starts it; from now on its owners can cancel.
func (s *supportStart) Run(ctx context.Context, t *Terminal) error {
	return s.onHost(ctx, func(h *house.Host, who access.Actor) error {
		st := request.Start{Request: request.ID(s.Request), Identity: s.note(), Ticket: s.Ticket, Reason: s.Reason}
		if s.Person != "" {
			st.Kind, st.Person = request.LostPhone, s.Person
		} else {
			org, err := the(ctx, h, who, s.Organisation)
			if err != nil {
				return err
			}
			st.Kind, st.Organisation = request.TwoFactorOff, id.Organisation(org)
		}
		r, err := h.Rooms.Requests.Begin(ctx, h.DB, who, st)
		if err == nil {
			t.say("Started. Every owner is told; it takes effect when it is confirmed, or on %s.", moment(r.DueAt))
		}
		return err
	})
}

type supportConfirm struct{ requestNamed }

// Run lets it take effect at once: the host's word always counts.
func (s *supportConfirm) Run(ctx context.Context, t *Terminal) error {
	return s.onHost(ctx, func(h *house.Host, who access.Actor) error {
		r, err := h.Rooms.Requests.Confirm(ctx, h.DB, who, request.ID(s.Request))
		if err == nil {
			sayRequest(t, r)
		}
		return err
	})
}

type supportCancel struct {
	requestNamed
	because
}

// Run cancels it.
func (s *supportCancel) Run(ctx context.Context, t *Terminal) error {
	return s.onHost(ctx, func(h *house.Host, who access.Actor) error {
		r, err := h.Rooms.Requests.Cancel(ctx, h.DB, who, request.ID(s.Request), s.Reason)
		if err == nil {
			sayRequest(t, r)
		}
		return err
	})
}

type supportAnswer struct {
	requestNamed
	Text string `help:"What to write; - reads standard input." default:"-" placeholder:"TEXT"`
}

// Run answers it.
func (s *supportAnswer) Run(ctx context.Context, t *Terminal) error {
	if s.Text == "-" {
		b, err := io.ReadAll(io.LimitReader(t.In, 4*request.MaxMessage+1))
		if err != nil {
			return err
		}
		s.Text = string(b)
	}
	return s.onHost(ctx, func(h *house.Host, who access.Actor) error {
		r, err := h.Rooms.Requests.Answer(ctx, h.DB, who, request.ID(s.Request), s.Text)
		if err == nil {
			sayRequest(t, r)
		}
		return err
	})
}
