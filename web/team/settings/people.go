package settings

import (
	"watchword/account/factor"
	"watchword/base/store"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// State of a user, as the list filters by it.
const (
	ready     = "ready"
	notProved = "not_proved" // an owner typed a number that its person has not proved
	lacking   = "lacking"
	off       = "off"
)

// user is a member with what the list shows of how the person logs in.
type user struct {
	organisation.Member
	best   factor.Factor // the strongest that works; Kind is empty for none
	number string        // proved, masked
	good   bool          // meets what the organisation asks of this member
}

func (p *pages) people(f *frame.Page, m organisation.Member) ([]user, error) {
	all, err := organisation.Members(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return nil, err
	}
	out := make([]user, len(all))
	err = f.Q.Door.DB.Read(f.Q.Context(), func(tx *store.Tx) error {
		for i, x := range all {
			list, err := p.Factors.List(tx, x.Profile)
			if err != nil {
				return err
			}
			out[i] = readUser(x, m.Demand.Policy, list)
		}
		return nil
	})
	return out, err
}

// readUser reads a list of factors that begins with the strongest.
func readUser(x organisation.Member, policy organisation.Policy, list []factor.Factor) user {
	u := user{Member: x}
	for _, one := range list {
		if one.Off || one.Stale {
			continue
		}
		if u.best.Kind == "" {
			u.best = one
		}
		if one.Kind == factor.SMS {
			u.number = one.Masked
		}
	}
	least := policy.Least(x.Role, x.Method)
	u.good = u.best.Kind != "" && organisation.Method(u.best.Kind).Rank() >= least.Rank()
	if x.Role == organisation.Owner && u.number == "" && policy.Required {
		u.good = false // an owner always has a proved number (LF4)
	}
	return u
}

func (u user) state() string {
	switch {
	case u.DisabledAt > 0:
		return off
	case u.good:
		return ready
	case u.number == "" && u.NumberMasked != "":
		return notProved
	}
	return lacking
}

// factorWords is what the person logs in with, in words.
func (u user) factorWords() string {
	switch u.best.Kind {
	case "":
		return "None"
	case factor.SMS:
		return "SMS"
	case factor.Email:
		return "Email"
	}
	return u.best.Kind.Name()
}

func (u user) numberWords() string {
	switch {
	case u.number != "":
		return u.number + ", proved"
	case u.NumberMasked != "":
		return u.NumberMasked + ", not proved yet"
	}
	return ""
}

// mark says how ready a user is: what is as usual is plain text.
func (u user) mark() look.Component {
	switch u.state() {
	case ready:
		return look.Fine("Ready")
	case off:
		return look.Mark{Tone: look.Grey, Icon: "ban", Label: "Switched off"}
	case notProved:
		return look.Mark{Tone: look.Warn, Icon: "clock", Label: "Number not proved"}
	}
	switch {
	case u.best.Kind == "":
		return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Password only"}
	case u.Role == organisation.Owner && u.number == "":
		return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "No number"}
	}
	return look.Mark{Tone: look.Warn, Icon: "triangle-alert", Label: "Too weak here"}
}
