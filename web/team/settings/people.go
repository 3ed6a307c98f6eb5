package settings

import (
	"watchword/account/factor"
	"watchword/account/require"
	"watchword/base/id"
	"watchword/organisation"
	"watchword/web/look"
	"watchword/web/person/frame"
)

// State of a user, as the list filters by it.
const (
	ready     = "ready"
	weak      = "weak"       // ready, by nothing but a code by email
	notProved = "not_proved" // an owner typed a number that its person has not proved
	lacking   = "lacking"
	off       = "off"
)

// byEmail says of a user that the door opens by a code by email, and what to think of it (C23).
const byEmail = "By email (weak)"

// user is a member with what the list shows of how the person logs in. Row is empty for those who are switched off.
type user struct {
	organisation.Member
	require.Row
}

// people lists all members, owners first, with how ready each is.
func (p *pages) people(f *frame.Page, m organisation.Member) ([]user, error) {
	all, err := organisation.Members(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return nil, err
	}
	rows, err := p.Require.Readiness(f.Q.Context(), f.Q.Door.DB, f.Q.Who, m.Organisation)
	if err != nil {
		return nil, err
	}
	by := make(map[id.Profile]require.Row, len(rows))
	for _, r := range rows {
		by[r.Member.Profile] = r
	}
	out := make([]user, len(all))
	for i, x := range all {
		out[i] = user{Member: x, Row: by[x.Profile]}
	}
	return out, nil
}

func (u user) state() string {
	switch {
	case u.DisabledAt > 0:
		return off
	case u.Weak:
		return weak
	case u.Ready:
		return ready
	case u.Number.State == require.Typed:
		return notProved
	}
	return lacking
}

// factorWords is the strongest that the person logs in with, in words.
func (u user) factorWords() string {
	if len(u.Factors) == 0 {
		if u.Ready {
			return "Email"
		}
		return "None"
	}
	switch u.Factors[0] {
	case factor.SMS:
		return "SMS"
	case factor.Email:
		return "Email"
	}
	return u.Factors[0].Name()
}

func (u user) numberWords() string {
	switch u.Number.State {
	case require.Proved:
		return u.Number.Masked + ", proved"
	case require.Typed:
		return u.Number.Masked + ", not proved yet"
	}
	return ""
}

// mark says how ready a user is: what is as usual is plain text.
func (u user) mark() look.Component {
	switch u.state() {
	case ready:
		return look.Fine("Ready")
	case weak:
		return look.Mark{Tone: look.Warn, Icon: "mail", Label: byEmail}
	case off:
		return look.Mark{Tone: look.Grey, Icon: "ban", Label: "Switched off"}
	case notProved:
		return look.Mark{Tone: look.Warn, Icon: "clock", Label: "Number not proved"}
	}
	if u.Number.State == require.Missing && (u.Row.Method == organisation.BySMS || u.Role == organisation.Owner) {
		return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "No number"}
	}
	return look.Mark{Tone: look.Bad, Icon: "circle-x", Label: "Not set up"}
}
