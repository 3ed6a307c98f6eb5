package cli

import (
	"context"
	"fmt"
	"os/user"
	"strings"
	"time"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/store"
	"watchword/house"
	"watchword/organisation"
)

// onHost runs one act of an operator as the host: whoever may run commands here could change the database anyway, so it
// takes effect at once; it is written down and told to the owners like any other (SO9).
func (w withConfig) onHost(ctx context.Context, act func(h *house.Host, who access.Actor) error) error {
	c, err := w.load()
	if err != nil {
		return err
	}
	h, err := house.OpenHost(ctx, c)
	if err != nil {
		return err
	}
	defer h.Close()
	return act(h, access.System("command on the host"))
}

// because is why an act is done: in the customer's audit log and in the mails to the owners.
type because struct {
	Reason string `help:"Why; the owners read it." default:"Done by the host on request" placeholder:"TEXT"`
}

// checkedBy is how it was made sure who asks.
type checkedBy struct {
	Identity string `help:"How you made sure who asks; only operators read it. Default: your name on this host." placeholder:"TEXT"`
	Ticket   string `help:"Reference of the conversation, where you keep one elsewhere." placeholder:"TEXT"`
}

func (c checkedBy) note() string {
	if c.Identity != "" {
		return c.Identity
	}
	name := "somebody"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return "No note; done on the host by " + name
}

// the finds an organisation by its id or its whole name, where only one has it.
func the(ctx context.Context, h *house.Host, who access.Actor, named string) (id.Organisation, error) {
	if id.Valid("AC", named) {
		return id.Organisation(named), nil
	}
	var found []organisation.Listed
	after := id.Organisation("")
	for {
		page, next, err := h.Rooms.Console.Find(ctx, h.DB, who, named, after)
		if err != nil {
			return "", err
		}
		for _, o := range page {
			if o.DeletedAt == 0 && strings.EqualFold(o.Name, strings.TrimSpace(named)) {
				found = append(found, o)
			}
		}
		if after = next; next == "" {
			break
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("there is no organisation %q; \"watchword organisation list\" shows them", named)
	case 1:
		return found[0].ID, nil
	}
	return "", fmt.Errorf("%d organisations are called %q; name the one by its id", len(found), named)
}

func moment(micros int64) string {
	if micros == 0 {
		return "never"
	}
	return store.Time(micros).UTC().Format(time.DateTime) + " UTC"
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
