package frame

import (
	"time"

	"watchword/account/profile"
	"watchword/base/store"
)

// When writes a moment in the person's zone and format: "Today 08:41", "Yesterday 17:58", "19 November 08:41", and
// "Never" for none.
func (p *Page) When(micros int64) string {
	if micros == 0 {
		return "Never"
	}
	t, now := store.Time(micros).In(p.Zone), store.Time(p.Now).In(p.Zone)
	clock := t.Format("15:04")
	switch days(now, t) {
	case 0:
		return "Today " + clock
	case 1:
		return "Yesterday " + clock
	}
	return p.day(t, now) + " " + clock
}

// Day writes a date without the time of day.
func (p *Page) Day(micros int64) string {
	if micros == 0 {
		return "Never"
	}
	return p.day(store.Time(micros).In(p.Zone), store.Time(p.Now).In(p.Zone))
}

// Seen is When, but short for what is minutes ago.
func (p *Page) Seen(micros int64) string {
	switch ago := time.Duration(p.Now-micros) * time.Microsecond; {
	case micros == 0:
		return "Never"
	case ago < 2*time.Minute:
		return "Now"
	}
	return p.When(micros)
}

// Clock writes a time of day.
func (p *Page) Clock(micros int64) string { return store.Time(micros).In(p.Zone).Format("15:04") }

// day leaves the year out where it is this one and the format reads well without it.
func (p *Page) day(t, now time.Time) string {
	if p.Me.DateFormat == profile.DateFormats[0] && t.Year() == now.Year() {
		return t.Format("2 January")
	}
	layout := p.Me.DateFormat
	if layout == "" {
		layout = profile.DateFormats[0]
	}
	return t.Format(layout)
}

// days counts midnights between two moments of one zone.
func days(later, earlier time.Time) int {
	a := time.Date(later.Year(), later.Month(), later.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(earlier.Year(), earlier.Month(), earlier.Day(), 0, 0, 0, 0, time.UTC)
	return int(a.Sub(b).Hours() / 24)
}
