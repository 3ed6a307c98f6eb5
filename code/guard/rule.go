package guard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"watchword/base/problem"
	"watchword/base/store"
)

// Limit is at most N in Window.
type Limit struct {
	N      int64
	Window time.Duration
}

// Settings are the named limits of [sending]. Only unanswered sends count: a correct code returns its send.
type Settings struct {
	// Countries that texts may go to (ISO 3166-1 alpha-2). Empty refuses every text.
	Countries []string
	// Destination limits one number or address. Default 5 in 10 minutes, 10 an hour, 20 a day.
	Destination []Limit
	// Address limits one network address over all unconfirmed destinations. Default 10 an hour.
	Address Limit
	// CoolDowns are the waits after the first, second and later unanswered sends. Default 30, 60, 120 seconds.
	CoolDowns []time.Duration
	// CoolDownMemory is how long an unanswered send lengthens the next wait. Default 10 minutes.
	CoolDownMemory time.Duration
	// PrefixFloor is how many unanswered texts a day a number prefix (country code and next digits, seven in all) may
	// get at least. Default 10.
	PrefixFloor int64
	// PrefixShare is the part of the prefix's best day in 14, in answered texts, that it may get otherwise. Default 0.2.
	PrefixShare float64
	// UnconfirmedPot and ConfirmedPot are the daily spend ceilings for unanswered texts, in millionths of the
	// currency. Default 20 and 200. Exhausting one never touches the other.
	UnconfirmedPot, ConfirmedPot int64
	// Rules are judged after these settings.
	Rules []Rule
}

// Rule is a named set of further limits; what is left at zero is not judged. On trial it refuses nothing, and Report
// tells what it would have refused.
type Rule struct {
	Name           string
	DryRun         bool
	Countries      []string
	Destination    []Limit
	Address        Limit
	PrefixFloor    int64
	PrefixShare    float64
	UnconfirmedPot int64
}

// Defaults are those of security.md part 3 and decisions 19. Countries is left to the operator's home country.
func Defaults() Settings {
	return Settings{
		Destination:    []Limit{{5, 10 * time.Minute}, {10, time.Hour}, {20, 24 * time.Hour}},
		Address:        Limit{10, time.Hour},
		CoolDowns:      []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute},
		CoolDownMemory: 10 * time.Minute,
		PrefixFloor:    10, PrefixShare: 0.2,
		UnconfirmedPot: 20e6, ConfirmedPot: 200e6,
	}
}

// longest is the time for which a destination's sends matter to any limit.
func (s *Settings) longest() time.Duration {
	d := s.CoolDownMemory
	for _, l := range s.Destination {
		d = max(d, l.Window)
	}
	for i := range s.Rules {
		for _, l := range s.Rules[i].Destination {
			d = max(d, l.Window)
		}
	}
	return d
}

// judge is the settings that always hold; then every rule. would are the rules on trial that would have refused.
func (g *Guard) judge(tx *store.Tx, s Send, f facts) (no *problem.Error, rule string, would []refused, err error) {
	c := &g.Settings
	if s.Channel == SMS && !contains(c.Countries, s.Country) {
		return countryClosed(), "", nil, nil
	}
	if s.Channel == SMS && !s.Confirmed {
		stopped, err := g.Stopped(tx, s.To)
		if err != nil {
			return nil, "", nil, err
		}
		if stopped {
			return problem.Forbidden("number_stopped", "This number answered STOP, so we send it no codes. Send START from that phone to allow them again."), "", nil, nil
		}
	}
	pot := c.UnconfirmedPot
	if s.Confirmed {
		pot = c.ConfirmedPot
	}
	if no := destination(c.Destination, f, tx.Now); no != nil {
		return no, "", nil, nil
	}
	if no, err := address(tx, s, c.Address); no != nil || err != nil {
		return no, "", nil, err
	}
	if s.Channel == SMS {
		if !s.Confirmed && s.Prefix != "" && f.open >= max(c.PrefixFloor, int64(c.PrefixShare*float64(f.best))) {
			return prefixFull(), "", nil, nil
		}
		if f.spent+s.Cost > pot {
			return potEmpty(), "", nil, nil
		}
	}
	for i := range c.Rules {
		r := &c.Rules[i]
		no, err := r.judge(tx, s, f)
		switch {
		case err != nil:
			return nil, "", nil, err
		case no == nil:
		case r.DryRun:
			would = append(would, refused{r.Name, no.Code})
		default:
			return no, r.Name, nil, nil
		}
	}
	return nil, "", would, nil
}

// refused is a verdict of a rule on trial.
type refused struct{ rule, reason string }

func (r *Rule) judge(tx *store.Tx, s Send, f facts) (*problem.Error, error) {
	if s.Channel == SMS && len(r.Countries) > 0 && !contains(r.Countries, s.Country) {
		return countryClosed(), nil
	}
	if no := destination(r.Destination, f, tx.Now); no != nil {
		return no, nil
	}
	if r.Address.N > 0 {
		if no, err := address(tx, s, r.Address); no != nil || err != nil {
			return no, err
		}
	}
	if s.Channel != SMS || s.Confirmed || s.Prefix == "" {
		return nil, nil
	}
	if r.PrefixFloor > 0 || r.PrefixShare > 0 {
		if f.open >= max(r.PrefixFloor, int64(r.PrefixShare*float64(f.best))) {
			return prefixFull(), nil
		}
	}
	if r.UnconfirmedPot > 0 && f.spent+s.Cost > r.UnconfirmedPot {
		return potEmpty(), nil
	}
	return nil, nil
}

func destination(limits []Limit, f facts, now int64) *problem.Error {
	for _, l := range limits {
		in := f.before.within(now, l.Window)
		if int64(len(in)) < l.N {
			continue
		}
		oldest := now
		if len(in) > 0 {
			oldest = in[0]
		}
		return tooMany("destination_limit", "Too many codes were asked for and not used.", now, oldest, l.Window)
	}
	return nil
}

func countryClosed() *problem.Error {
	return problem.Forbidden("country_not_allowed", "We do not send texts to this country. Choose an authenticator app or a passkey instead, or ask the operator to allow the country.")
}

func prefixFull() *problem.Error {
	return problem.TooMany("prefix_limit", "Too many codes to numbers like this one were not used today. Try again tomorrow, or use an authenticator app or a passkey.", 0)
}

func potEmpty() *problem.Error {
	return problem.TooMany("spend_ceiling", "Today's allowance for texts is used up. Use an authenticator app, a passkey or a recovery code, or try again tomorrow.", 0)
}

func tooMany(code, why string, now, oldest int64, window time.Duration) *problem.Error {
	wait := time.Duration(oldest+store.Micros(window)-now) * time.Microsecond
	wait = max(wait, time.Second)
	return problem.TooMany(code, fmt.Sprintf("%s Try again in %s, or use another way to prove it is you.", why, Words(wait)), wait)
}

func contains(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, s) })
}
