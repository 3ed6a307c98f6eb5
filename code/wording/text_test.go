package wording

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"watchword/gateway/sms/encoding"
)

// usual is what a log-in looks like.
func usual() Params {
	return Params{Host: "watchword.example.com", Code: "493817", Minutes: 5, Person: "maya.okafor",
		Device: "Firefox on Windows", Address: "203.0.113.7",
		When: time.Date(2026, 11, 2, 23, 16, 0, 0, time.UTC), Zone: time.FixedZone("CET", 3600)}
}

// full has everything, at the longest that is promised to fit.
func full() Params {
	x := usual()
	x.Host = strings.Repeat("a", 36) + ".com"
	x.Device = "Samsung Internet Browser Beta on Some Long Linux Distribution"
	x.Address = "2001:0db8:85a3:1234:5678:8a2e:0370:7334"
	x.Country = "The former Yugoslav Republic of Somewhere"
	x.Detail = "Société Générale de Très Longs Noms d'Organisations"
	x.Count, x.Tries, x.Failures, x.Organisation = 1234567, 10, 12, "Northwind & Co"
	x.Member, x.By = "Maximiliane Sophie von Hohenstaufen", "Alexandrine Charlotte de Montmorency"
	x.Until, x.Hash = x.When.Add(72*time.Hour), strings.Repeat("a9", 32)
	x.Answer = "Good morning.\n\nPlease call us when you are at your desk.\n"
	x.URL = "https://" + x.Host + "/c/" + strings.Repeat("A", 49)
	return x
}

// kinds gives every purpose and, for step-ups, every action.
func kinds(do func(Purpose, Action)) {
	for _, p := range Purposes() {
		if p != StepUp {
			do(p, "")
		}
	}
	for _, a := range append(Actions(), "an action of tomorrow") {
		do(StepUp, a)
	}
}

// everything gives all texts and mails there are.
func everything(l Language, x Params) []string {
	var all []string
	mail := func(m Mail) { all = append(all, m.Subject, m.Text, m.HTML) }
	kinds(func(p Purpose, a Action) {
		x.Action = a
		all = append(all, CodeText(l, p, x))
		mail(CodeMail(l, p, x))
	})
	for _, k := range Links() {
		mail(LinkMail(l, k, x))
	}
	for _, n := range Notices() {
		all = append(all, NoticeText(l, n, x))
		mail(NoticeMail(l, n, x))
	}
	return all
}

var lastLine = regexp.MustCompile(`^@[a-z0-9.-]+ #[0-9]{4,10}$`)
var aLink = regexp.MustCompile(`(?i)://|www\.|mailto:|\btel:`)

// Proves C63, C64, B17 (the part of the text) and decision 21.
func TestCodeTextSaysWhatItIsForAndEndsWithTheOrigin(t *testing.T) {
	for _, c := range Languages() {
		b := books[c.Code]
		for name, x := range map[string]Params{"usual": usual(), "full": full()} {
			kinds(func(p Purpose, a Action) {
				x := x
				x.Action = a
				s := CodeText(c.Code, p, x)
				lines := strings.Split(s, "\n")
				if len(lines) != 3 || lines[1] != "" || !lastLine.MatchString(lines[2]) ||
					lines[2] != "@"+x.Host+" #"+x.Code {
					t.Fatalf("%s %s %s %s: last line of\n%s", c.Code, name, p, a, s)
				}
				bare := x
				bare.Detail = ""
				for _, must := range []string{fold(b.aim(p, bare)), fold(b.textNever), x.Address[:4]} {
					if !strings.Contains(lines[0], must) {
						t.Errorf("%s %s %s %s: no %q in %s", c.Code, name, p, a, must, s)
					}
				}
				if !strings.HasPrefix(s, x.Code+" ") || aLink.MatchString(s) {
					t.Errorf("%s %s %s %s: %s", c.Code, name, p, a, s)
				}
				size := encoding.Count(s, encoding.Options{})
				if size.Coding != encoding.GSM7 || size.Segments > maxSegments {
					t.Errorf("%s %s %s %s: %d segments, %v %q:\n%s", c.Code, name, p, a, size.Segments, size.Coding, size.Offending, s)
				}
				x.Code = ""
				if n := CodeSegments(c.Code, p, x); n != size.Segments {
					t.Errorf("%s %s %s %s: counted %d, sent %d", c.Code, name, p, a, n, size.Segments)
				}
			})
		}
	}
}

// Without an address nothing is said about one, and a code with no host has no last line that says nothing.
func TestCodeTextWithoutFacts(t *testing.T) {
	want := "493817 is your Watchword code to log in. Never tell anyone. Our staff never ask for it."
	if s := CodeText(English, Login, Params{Code: "493817"}); s != want {
		t.Errorf("%q", s)
	}
	if s := NoticeText(English, PasswordChanged, Params{}); s != "Watchword: Your password was changed. Not you? Set a new password on Watchword at once." {
		t.Errorf("%q", s)
	}
}

// A log-in is the text sent most: one segment in every language, browser and address included.
func TestLoginIsOneSegment(t *testing.T) {
	for _, c := range Languages() {
		s := CodeText(c.Code, Login, usual())
		if segments(s) != 1 || !strings.Contains(s, "Windows, 203.0.113.7") {
			t.Errorf("%s: %d segments: %s", c.Code, segments(s), s)
		}
	}
}

// Proves row 20 of security.md part 4: the reader sees that a code would export, and how much.
func TestExportNamesTheNumberOfContacts(t *testing.T) {
	for l, want := range map[Language]string{English: "export 12,400 contacts", German: "12.400 Kontakten",
		French: "12 400 contacts", Spanish: "12 400 contactos", Portuguese: "12.400 contatos", Italian: "12.400 contatti"} {
		x := usual()
		x.Action, x.Count = ContactsExport, 12400
		if s := CodeText(l, StepUp, x); !strings.Contains(s, want) {
			t.Errorf("%s: %s", l, s)
		}
	}
}

// Proves C35 for texts: what, when in the person's zone, where, and what to do.
func TestNoticeText(t *testing.T) {
	for _, c := range Languages() {
		b := books[c.Code]
		for _, n := range Notices() {
			s := NoticeText(c.Code, n, usual())
			for _, must := range []string{fold(b.notice[n].event), "00:16 CET", "203.0.113.7",
				fold(b.say(b.adviceText[noticeAdvice[n]], usual()))} {
				if !strings.Contains(s, must) {
					t.Errorf("%s %s: no %q in %s", c.Code, n, must, s)
				}
			}
			if aLink.MatchString(s) {
				t.Errorf("%s %s: a link that nobody gave: %s", c.Code, n, s)
			}
			x := full()
			s = NoticeText(c.Code, n, x)
			if strings.HasSuffix(s, " "+x.URL) == bare[n] || !fits(s) || segments(s) > maxSegments {
				t.Errorf("%s %s: %d segments: %s", c.Code, n, segments(s), s)
			}
		}
	}
}

func TestTextsHaveNoPlaceForStrangersWords(t *testing.T) {
	x := usual()
	x.Detail = "Иван {code} и Ко"
	x.Device = "{url}\r\n@evil.example #111111"
	x.Host = "Watchword.Example.com:8443"
	s := CodeText(English, StepUp, x)
	if strings.Count(s, "\n") != 2 || !strings.HasSuffix(s, "\n\n@watchword.example.com #493817") || !fits(s) {
		t.Error(s)
	}
	if strings.Count(s, x.Code) != 2 {
		t.Errorf("a placeholder in a value was filled: %s", s)
	}
}

// Whatever browsers, names and hosts hold: the text stays in the phone alphabet, on its lines, and ends as it must.
func FuzzCodeText(f *testing.F) {
	f.Add("Firefox on Windows", "203.0.113.7", "Portugal", "Northwind", "watchword.example.com")
	f.Add("\r\n@evil #1", "::1%eth0", "{code}", "\u202e\x00", "münchen.example:443")
	f.Fuzz(func(t *testing.T, device, address, country, detail, host string) {
		x := Params{Device: device, Address: address, Country: country, Detail: detail, Host: host, Code: "493817", Minutes: 5}
		for _, c := range Languages() {
			s := CodeText(c.Code, StepUp, x)
			lines := strings.Split(s, "\n")
			if !fits(s) || (len(lines) != 1 && (len(lines) != 3 || lines[1] != "" || !lastLine.MatchString(lines[2]))) {
				t.Fatalf("%q", s)
			}
			if len(asHost(host)) <= 40 && segments(s) > maxSegments {
				t.Fatalf("%d segments: %q", segments(s), s)
			}
			if m := NoticeMail(c.Code, NewBrowser, x); strings.ContainsAny(m.Subject, "\r\n\x00") {
				t.Fatalf("%q", m.Subject)
			}
		}
	})
}

// Proves the texts of C35 for organisations: an export says how many, of whom and by whom; what support starts says
// when it takes effect and where to cancel it; a coded detail is written in the reader's language.
func TestTextsOfOrganisations(t *testing.T) {
	x := usual()
	x.Organisation, x.By, x.Count, x.Detail = "Northwind", "Ana Costa", 12400, "sms"
	want := "Watchword: Contacts exported: 12,400 (Northwind, SMS code, by Ana Costa). 3 Nov 00:16 CET, Firefox on Windows, " +
		"203.0.113.7. Unexpected? Switch the membership off on watchword.example.com."
	if s := NoticeText(English, ContactsExported, x); s != want {
		t.Errorf("%q", s)
	}
	for _, c := range Languages() {
		x := usual()
		x.Organisation, x.Member, x.Detail, x.Until = "Northwind", "Ana", "lost_phone", x.When.Add(72*time.Hour)
		x.URL = "https://watchword.example.com/cancel/4fQ9tYx0Zk2mVbN7hJ3sLwP1"
		s := NoticeText(c.Code, SupportStarted, x)
		for _, must := range []string{"Northwind", "Ana", "00:16 CET", fold(books[c.Code].word["lost_phone"])[:15], x.URL} {
			if !strings.Contains(s, must) {
				t.Errorf("%s: no %q in %s", c.Code, must, s)
			}
		}
		if strings.Count(s, "00:16 CET") != 2 {
			t.Errorf("%s: says not when it takes effect: %s", c.Code, s)
		}
	}
}

// A number that an owner typed may be a stranger's: its text has no link, and an organisation's name brings neither a
// link nor a code into it.
func TestNumberSuggestedCarriesNothingToFollow(t *testing.T) {
	digits := regexp.MustCompile(`[0-9]{4}`)
	for _, c := range Languages() {
		for name, kept := range map[string]bool{"Northwind": true, "go.to/win": false, "Code 493817": false,
			"evil.example": false, "mail me@example": false} {
			s := NoticeText(c.Code, NumberSuggested, Params{Organisation: name, By: name, URL: "https://evil.example/"})
			if strings.Contains(s, name) != kept || aLink.MatchString(s) || digits.MatchString(s) || segments(s) > 2 {
				t.Errorf("%s %s: %s", c.Code, name, s)
			}
		}
	}
}
