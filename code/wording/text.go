package wording

import (
	"strings"

	"watchword/gateway/sms/encoding"
)

// maxSegments bounds a text: each segment is paid for.
const maxSegments = 2

// anyNotice is the key of the words that hold for every notice without its own.
const anyNotice Notice = ""

// CodeText is the text that carries a code. It begins with the code, names what the code is for (C64) and where the
// request came from, says never to tell it, carries no link (decision 21), and ends with an empty line and
// "@host #code" (WICG sms-one-time-codes; C63, B17). It is written in the phone alphabet; what else is worth saying is
// said when the segments that must be sent have room. At most two segments for hosts of up to 40 characters.
func CodeText(l Language, p Purpose, x Params) string {
	b := in(l)
	x = x.tidy(textValue)
	x.Site = "" // a name is shorter, and nobody learns to follow links of texts
	x.Detail, x.Country = writable(x.Detail), writable(x.Country)
	text := b.codeText(p, x, 0)
	// What a person needs least goes first.
	for _, drop := range []func(){
		func() { x.Country = "" },
		func() { x.Device = cut(x.Device, 20) },
		func() { x.Detail = cut(x.Detail, 20) },
		func() { x.Detail = "" },
		func() { x.Device = "" },
	} {
		if segments(text) <= maxSegments {
			break
		}
		drop()
		text = b.codeText(p, x, 0)
	}
	for extras := 1; extras <= 2; extras++ {
		if longer := b.codeText(p, x, extras); segments(longer) <= segments(text) {
			text = longer
		}
	}
	return text
}

// codeText puts the sentences together: with one extra the life of the code, with two also that staff never ask.
func (b *book) codeText(p Purpose, x Params, extras int) string {
	said := []string{b.textCode}
	place := b.place(x)
	if place != "" {
		said = append(said, b.textFrom)
	}
	if extras > 0 && x.Minutes > 0 {
		said = append(said, b.textLife)
	}
	said = append(said, b.textNever)
	if extras > 1 {
		said = append(said, b.textStaff)
	}
	text := fold(b.say(strings.Join(said, " "), x, "{purpose}", b.aim(p, x), "{place}", place))
	if x.Host == "" {
		return text
	}
	return text + "\n\n@" + x.Host + " #" + x.Code
}

// CodeSegments says how many segments CodeText will be, before the code is known: every code of a length counts alike.
func CodeSegments(l Language, p Purpose, x Params) int {
	if x.Code == "" {
		x.Code = "000000"
	}
	return segments(CodeText(l, p, x))
}

// bare are notices that go to numbers which somebody else typed: no link, and no word of a stranger that could be
// taken for a link or a code.
var bare = map[Notice]bool{NumberSuggested: true}

// NoticeText is a notice as a text: what happened, where and by whom, when, from which browser, and what to do if it was
// not you. It has a link only when x.URL is given, which must only be able to cancel (decision 21). At most two segments
// with an address of up to 100 characters.
func NoticeText(l Language, n Notice, x Params) string {
	b := in(l)
	x = x.tidy(textValue)
	x.Site = "" // a name is shorter, and nobody learns to follow links of texts
	x.Detail = b.worded(x.Detail)
	for _, s := range []*string{&x.Detail, &x.Country, &x.Organisation, &x.Member, &x.By} {
		*s = writable(*s)
		if bare[n] {
			*s = harmless(*s)
		}
	}
	if bare[n] {
		x.URL = ""
	}
	text := b.noticeText(n, x)
	for _, drop := range []func(){
		func() { x.Country = "" },
		func() { x.Device, x.Detail = cut(x.Device, 20), cut(x.Detail, 20) },
		func() { x.Member, x.By = cut(x.Member, 20), cut(x.By, 20) },
		func() { x.Organisation = cut(x.Organisation, 20) },
		func() { x.Device = "" },
		func() { x.By = "" },
		func() { x.Detail = "" },
		func() { x.Address = "" },
		func() { x.Member = "" },
		func() { x.Organisation = "" },
	} {
		if segments(text) <= maxSegments {
			break
		}
		drop()
		text = b.noticeText(n, x)
	}
	return text
}

func (b *book) noticeText(n Notice, x Params) string {
	event := b.event(n, x)
	var about []string
	for _, s := range []string{x.Organisation, x.Member, x.Detail} {
		if s != "" {
			about = append(about, s)
		}
	}
	if x.By != "" {
		about = append(about, b.say(b.textBy, x, "{by}", x.By))
	}
	if len(about) > 0 {
		event += " (" + strings.Join(about, ", ") + ")"
	}
	var facts []string
	if !x.When.IsZero() {
		facts = append(facts, b.moment(b.shortDate, x.When, x.Zone))
	}
	if place := b.place(x); place != "" {
		facts = append(facts, place)
	}
	said := []string{b.textEvent}
	if len(facts) > 0 {
		said = append(said, "{facts}.")
	}
	until := ""
	if !x.Until.IsZero() && n != DeviceTrusted {
		until = b.moment(b.shortDate, x.Until, x.Zone)
		said = append(said, b.textUntil)
	}
	if own, ok := b.cancelText[n]; ok && x.URL != "" {
		said = append(said, own)
	} else if x.URL != "" {
		said = append(said, b.cancelText[anyNotice])
	} else {
		said = append(said, b.adviceText[noticeAdvice[n]])
	}
	// An address is ASCII, which folding leaves alone.
	return fold(b.say(strings.Join(said, " "), x, "{event}", event, "{facts}", strings.Join(facts, ", "), "{until}", until))
}

// place says where a request came from: "Firefox on Windows, 203.0.113.7, Portugal". Empty when nothing is known.
func (b *book) place(x Params) string {
	var known []string
	if device := writable(x.Device); device != "" {
		known = append(known, b.device(device))
	}
	for _, s := range []string{x.Address, x.Country} {
		if s != "" {
			known = append(known, s)
		}
	}
	return strings.Join(known, ", ")
}

// writable leaves out what the phone alphabet cannot write at all, such as a name in another script: it would double
// the price of the text and push the sentences that matter out of it. The page and the mail show it.
func writable(s string) string {
	if s = fold(s); fits(s) {
		return s
	}
	return ""
}

func segments(text string) int { return encoding.Count(text, encoding.Options{}).Segments }
