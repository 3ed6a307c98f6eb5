package wording

import "strconv"

// Mail is a finished letter: the subject is one line without control characters, Text and HTML say the same.
type Mail struct {
	Subject, Text, HTML string
}

// CodeMail is a code by mail. The code is not in the subject, which a locked screen shows.
func CodeMail(l Language, p Purpose, x Params) Mail {
	b := in(l)
	x = x.tidy(mailValue)
	x.Site = "" // what carries a code carries no link
	aim := b.aim(p, x)
	t := letter{
		Subject: b.say(b.codeSubject, x, "{purpose}", aim),
		Heading: b.codeHeading,
		Lead:    []string{b.say(b.codeLead, x, "{purpose}", aim)},
		Code:    x.Code,
		NotYou:  b.say(b.advice[codeAdvice[p]], x),
	}
	if x.Minutes > 0 {
		t.After = append(t.After, b.say(b.codeLife, x))
	}
	t.After = append(t.After, b.codeNever)
	t.fact(b.label[labelProfile], x.Person)
	t.Facts = append(t.Facts, b.origin(x)...)
	return b.finish(l, t, x)
}

// unasked are links that go to an address somebody merely typed: what the same person typed elsewhere stays out, so
// that nobody can have words of his own mailed to strangers.
var unasked = map[Link]bool{VerifyEmail: true, AlreadyRegistered: true, ChangeEmail: true, ConfirmRecoveryAddress: true,
	ConfirmOperatorAddress: true}

// LinkMail is a mail whose point is a link: what it does, how long it is good for, who asked, and what to do if it was
// not the reader.
func LinkMail(l Language, k Link, x Params) Mail {
	b := in(l)
	x = x.tidy(mailValue)
	words := b.link[k]
	subject := b.say(words.subject, x)
	t := letter{Subject: subject, Heading: subject, NotYou: b.say(words.notYou, x)}
	for _, s := range words.body {
		t.Lead = append(t.Lead, b.say(s, x))
	}
	if x.URL != "" {
		t.Button, t.URL = words.button, x.URL
	}
	if x.Minutes > 0 && k != AlreadyRegistered {
		t.After = append(t.After, b.say(b.linkLife, x))
	}
	switch {
	case k == Invitation:
		t.fact(b.label[labelOrganisation], x.Organisation)
		t.fact(b.label[labelInviter], x.Person)
	case !unasked[k]:
		t.fact(b.label[labelProfile], x.Person)
	}
	t.toStranger = unasked[k] || k == Invitation
	t.count(b.label[labelTries], x.Tries)
	t.Facts = append(t.Facts, b.origin(x)...)
	return b.finish(l, t, x)
}

// NoticeMail tells of a security event: what happened, when in the person's zone, from which browser, system and
// address, and what to do if it was not the reader (C35).
func NoticeMail(l Language, n Notice, x Params) Mail {
	b := in(l)
	x = x.tidy(mailValue)
	words := b.notice[n]
	event := b.event(n, x)
	t := letter{Subject: x.Product + ": " + event, Heading: event, NotYou: b.say(b.advice[noticeAdvice[n]], x),
		Quote: cleanText(x.Answer), byOthers: byOthers[noticeAdvice[n]]}
	if x.Organisation != "" {
		t.Subject += " (" + x.Organisation + ")"
	}
	for _, s := range words.body {
		t.Lead = append(t.Lead, b.say(s, x))
	}
	if x.URL != "" {
		t.Button, t.URL = words.button, x.URL
		if words.linked != "" {
			t.Lead = append(t.Lead, b.say(words.linked, x))
		}
	}
	t.fact(b.label[labelProfile], x.Person)
	t.fact(b.label[labelOrganisation], x.Organisation)
	member := labelMember
	if n == OwnershipTransferred {
		member = labelNewOwner
	}
	t.fact(b.label[member], x.Member)
	t.fact(b.label[labelBy], x.By)
	name, ok := detailLabel[n]
	if !ok {
		name = labelConcerns
	}
	t.fact(b.label[name], b.worded(x.Detail))
	if x.Count > 0 {
		t.fact(b.label[labelContacts], b.number(x.Count))
	}
	t.fact(b.label[labelHash], x.Hash)
	if !x.Until.IsZero() {
		until := labelUntil
		if n == DeviceTrusted {
			until = labelTrustedUntil
		}
		t.fact(b.label[until], b.moment(b.date, x.Until, x.Zone))
	}
	t.count(b.label[labelFailures], x.Failures)
	if n == RecoveryCodeUsed {
		t.fact(b.label[labelCodesLeft], strconv.Itoa(max(x.Tries, 0)))
	}
	t.Facts = append(t.Facts, b.origin(x)...)
	t.forOperator = forOperators[noticeAdvice[n]]
	return b.finish(l, t, x)
}

// origin says when something happened or was asked for, and from where.
func (b *book) origin(x Params) []fact {
	var t letter
	if !x.When.IsZero() {
		t.fact(b.label[labelWhen], b.moment(b.date, x.When, x.Zone))
	}
	t.fact(b.label[labelDevice], b.device(x.Device))
	t.fact(b.label[labelAddress], x.Address)
	t.fact(b.label[labelCountry], x.Country)
	return t.Facts
}

// finish adds what every letter has and writes it out.
func (b *book) finish(l Language, t letter, x Params) Mail {
	t.Lang, t.Product, t.site = string(l), x.Product, x.Site
	if !l.Known() {
		t.Lang = string(English)
	}
	t.ButtonHelp = b.buttonHelp
	if t.NotYou != "" {
		t.NotYouTitle = b.label[labelNotYou]
		if t.byOthers {
			t.NotYouTitle = b.label[labelUnexpected]
		}
	}
	switch {
	case t.forOperator:
		t.Foot, t.NotYouTitle = []string{b.say(b.footOperator, x)}, ""
	case t.toStranger:
		t.Foot = []string{b.footAll}
	default:
		t.Foot = []string{b.say(b.footProfile, x), b.footAll}
	}
	return Mail{Subject: clean(t.Subject, 150), Text: t.text(), HTML: t.html()}
}
