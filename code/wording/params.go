package wording

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Longest values, in characters. A text cuts harder than a mail, so that two segments always suffice.
const (
	mailValue = 100
	textValue = 36
)

// tidy gives the parameters cleaned, with every typed value cut to limit characters.
func (x Params) tidy(limit int) Params {
	x.Product = clean(x.Product, 20)
	if x.Product == "" {
		x.Product = "Watchword"
	}
	x.Host, x.Code, x.URL = asHost(x.Host), asCode(x.Code), asURL(x.URL)
	x.Site = strings.TrimSuffix(asURL(x.Site), "/")
	x.Person, x.Organisation = clean(x.Person, limit), clean(x.Organisation, limit)
	x.Device, x.Address = clean(x.Device, min(limit, 40)), asAddress(x.Address)
	x.Country, x.Detail = clean(x.Country, limit), clean(x.Detail, limit)
	x.Member, x.By, x.Hash = clean(x.Member, limit), clean(x.By, limit), asHash(x.Hash)
	return x
}

// site is how a sentence calls the place to log in: by its address in a letter without a code, else by its name, for
// what carries a code carries no link (decision 21).
func (x Params) site() string {
	switch {
	case x.Site != "":
		return x.Site
	case x.Host != "":
		return x.Host
	}
	return x.Product
}

// support stands behind "the support of {product}" and says where that is.
func (x Params) support() string {
	if x.Site == "" {
		return ""
	}
	return " (" + x.Site + "/support)"
}

// say fills the placeholders of a sentence, and those in more (name, value, ...). One pass: a brace in a value is no
// placeholder.
func (b *book) say(sentence string, x Params, more ...string) string {
	pairs := append([]string{"{product}", x.Product, "{site}", x.site(), "{support}", x.support(), "{code}", x.Code, "{url}", x.URL,
		"{life}", b.life(x.Minutes), "{count}", b.number(x.Count)}, more...)
	var out strings.Builder
	out.Grow(len(sentence) + 100)
next:
	for {
		at := strings.IndexByte(sentence, '{')
		if at < 0 {
			out.WriteString(sentence)
			return out.String()
		}
		out.WriteString(sentence[:at])
		sentence = sentence[at:]
		for i := 0; i < len(pairs); i += 2 {
			if rest, ok := strings.CutPrefix(sentence, pairs[i]); ok {
				out.WriteString(pairs[i+1])
				sentence = rest
				continue next
			}
		}
		out.WriteByte('{')
		sentence = sentence[1:]
	}
}

// aim says what a code is for: "export 12,400 contacts (Northwind)".
func (b *book) aim(p Purpose, x Params) string {
	words, ok := b.purpose[p]
	if !ok {
		action := x.Action
		switch {
		case action == ContactsExport && x.Count == 1:
			action = exportOne
		case action == ContactsExport && x.Count > 1:
			action = exportMany
		}
		if words, ok = b.action[action]; !ok {
			words = b.action[unknownAction]
		}
	}
	words = b.say(words, x)
	if x.Detail != "" {
		words += " (" + x.Detail + ")"
	}
	return words
}

// event is what a notice tells, as one sentence without its full stop.
func (b *book) event(n Notice, x Params) string {
	if words := b.notice[n]; words.counted != "" && x.Count > 0 {
		return b.say(words.counted, x)
	}
	return b.notice[n].event
}

// worded writes a Detail that is one of Words in the language; others stay as they are.
func (b *book) worded(detail string) string {
	if word, ok := b.word[detail]; ok {
		return word
	}
	return detail
}

// life writes a number of minutes, in hours where those are whole.
func (b *book) life(minutes int) string {
	unit, n := b.minutes, minutes
	if minutes >= 60 && minutes%60 == 0 {
		unit, n = b.hours, minutes/60
	}
	if n == 1 {
		return unit[0]
	}
	return strings.Replace(unit[1], "{n}", strconv.Itoa(n), 1)
}

// number writes a count with the language's thousands separator.
func (b *book) number(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + b.thousands + s[at:]
	}
	return s
}

// device says "Firefox on Windows" in the language: the parts are names, the word between them is not.
func (b *book) device(name string) string {
	if browser, system, ok := strings.Cut(name, " on "); ok {
		return strings.NewReplacer("{browser}", browser, "{system}", system).Replace(b.on)
	}
	return name
}

// moment writes a time in the person's zone, which it names: a reader abroad must not guess.
func (b *book) moment(pattern string, at time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	t := at.In(zone)
	month := b.months[t.Month()-1]
	return strings.NewReplacer("{day}", strconv.Itoa(t.Day()), "{month}", month, "{mon}", string([]rune(month)[:3]),
		"{year}", strconv.Itoa(t.Year()), "{dd}", fmt.Sprintf("%02d", t.Day()), "{mm}", fmt.Sprintf("%02d", t.Month()),
		"{time}", t.Format("15:04")).Replace(pattern) + " " + zoneName(t)
}

// zoneName is the zone's short name; one that is only digits gets UTC before it ("UTC+03", "UTC+0530").
func zoneName(t time.Time) string {
	name := t.Format("MST")
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		return "UTC" + name
	}
	return name
}
