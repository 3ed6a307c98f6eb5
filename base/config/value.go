package config

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Money is an amount in millionths of the installation's currency. Written as 0.10 or "0.10".
type Money int64

var decimal = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,6})?$`)

// UnmarshalText reads a decimal number with at most six places.
func (m *Money) UnmarshalText(b []byte) error {
	s := string(b)
	if !decimal.MatchString(s) {
		return errors.New(`an amount like 0.10, not negative, with at most six places`)
	}
	whole, part, _ := strings.Cut(s, ".")
	n, _ := strconv.ParseInt(whole+(part + "000000")[:6], 10, 64) // the pattern bounds it to 15 digits
	*m = Money(n)
	return nil
}

func (m Money) String() string {
	s := fmt.Sprintf("%d.%06d", m/1e6, m%1e6)
	whole, part, _ := strings.Cut(s, ".")
	part = strings.TrimRight(part, "0")
	return whole + "." + part + "00"[:max(0, 2-len(part))]
}

// Limit is so many in so long, written "10/1h".
type Limit struct {
	N      int64
	Window time.Duration
}

// UnmarshalText reads "10/1h"; "0/1h" allows none.
func (l *Limit) UnmarshalText(b []byte) error {
	how := errors.New(`a number, a stroke and a time, like "10/1h"`)
	n, window, ok := strings.Cut(string(b), "/")
	count, err := strconv.ParseInt(strings.TrimSpace(n), 10, 32)
	if !ok || err != nil || count < 0 {
		return how
	}
	d, err := parseDuration(strings.TrimSpace(window))
	if err != nil || d <= 0 {
		return how
	}
	*l = Limit{count, d}
	return nil
}

func (l Limit) String() string { return fmt.Sprintf("%d/%s", l.N, showDuration(l.Window)) }

// parseDuration is time.ParseDuration with days ("400d").
func parseDuration(s string) (time.Duration, error) {
	if d, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseInt(d, 10, 32)
		if err != nil || n < 0 || time.Duration(n) > math.MaxInt64/day {
			return 0, errors.New("no duration")
		}
		return time.Duration(n) * day, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, errors.New("no duration")
	}
	return d, nil
}

func showDuration(d time.Duration) string {
	if d >= 2*day && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	s := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}
