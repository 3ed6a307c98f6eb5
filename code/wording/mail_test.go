package wording

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
)

// Proves C35 for mails: every notice says what happened, when in the person's zone, from which browser, system and
// address, and what to do if it was not the reader; in both forms.
func TestNoticeMail(t *testing.T) {
	for _, c := range Languages() {
		b := books[c.Code]
		for _, n := range Notices() {
			x := usual()
			m := NoticeMail(c.Code, n, x)
			if !strings.Contains(m.Subject, b.notice[n].event) {
				t.Errorf("%s %s: subject %q", c.Code, n, m.Subject)
			}
			must := append([]string{b.notice[n].event, "2026", "00:16", "CET", b.device(x.Device), x.Address, x.Person,
				b.advice[noticeAdvice[n]]}, b.notice[n].body...)
			for _, s := range must {
				contains(t, string(c.Code)+" "+string(n), m, b.say(s, x.tidy(mailValue)))
			}
		}
	}
}

// adviceLink is an address within a sentence.
var adviceLink = regexp.MustCompile(`<a class="link" href="[^"]*" style="[^"]*word-break:break-word;">([^<]*)</a>`)

// Proves C35 and decision 21: a notice by mail leads to the configured address, port and all, and to the support there;
// what carries a code names the host alone.
func TestNoticesLeadToTheSite(t *testing.T) {
	const site = "http://localhost:8080"
	for _, c := range Languages() {
		x := usual()
		x.Host, x.Site = "localhost", site+"/"
		for n, a := range noticeAdvice {
			m := NoticeMail(c.Code, n, x)
			for placeholder, address := range map[string]string{"{site}": site, "{support}": site + "/support"} {
				if !strings.Contains(books[c.Code].advice[a], placeholder) {
					continue
				}
				if !strings.Contains(m.Text, address) || !strings.Contains(m.HTML, `<a class="link" href="`+address+`"`) {
					t.Errorf("%s %s: no link to %s:\n%s", c.Code, n, address, m.HTML)
				}
			}
			if s := NoticeText(c.Code, n, x); strings.Contains(s, "://") {
				t.Errorf("%s %s: a link in a text: %s", c.Code, n, s)
			}
		}
		for _, p := range Purposes() {
			if m := CodeMail(c.Code, p, x); strings.Contains(m.Text+m.HTML, "://localhost") {
				t.Errorf("%s %s: a link beside a code", c.Code, p)
			}
		}
		for _, a := range []advice{adviceReset, adviceSupport, adviceCancel, adviceAsk} {
			if !strings.Contains(books[c.Code].advice[a], "{support}") {
				t.Errorf("%s: %s does not say where the support is", c.Code, a)
			}
		}
	}
}

// Proves RP3, C35 and OU3: a mail calls a factor in the reader's language, gives the new username and names the new owner as
// such.
func TestNoticeFacts(t *testing.T) {
	for _, c := range Languages() {
		b := books[c.Code]
		for _, key := range []string{"sms", "email", "totp", "passkey", "recovery"} {
			m := NoticeMail(c.Code, FactorAdded, Params{Detail: key})
			contains(t, string(c.Code), m, b.word[key])
			if !strings.Contains(m.Text, b.label[labelFactor]+": "+b.word[key]+"\n") {
				t.Error(m.Text)
			}
		}
		if m := NoticeMail(c.Code, UsernameChanged, Params{Detail: "anna"}); !strings.Contains(m.Text, b.label[labelUsername]+": anna\n") {
			t.Error(m.Text)
		}
		m := NoticeMail(c.Code, OwnershipTransferred, Params{Member: "Ana Costa"})
		if !strings.Contains(m.Text, b.label[labelNewOwner]+": Ana Costa\n") || strings.Contains(m.Text, b.label[labelMember]+": ") {
			t.Error(m.Text)
		}
	}
}

// contains looks into both forms, so that they cannot say different things.
func contains(t *testing.T, what string, m Mail, s string) {
	t.Helper()
	if !strings.Contains(m.Text, s) {
		t.Errorf("%s: the text lacks %q:\n%s", what, s, m.Text)
	}
	if page := html.UnescapeString(m.HTML); !strings.Contains(page, s) && !strings.Contains(adviceLink.ReplaceAllString(page, "$1"), s) {
		t.Errorf("%s: the HTML lacks %q:\n%s", what, s, m.HTML)
	}
}

// The code is large in the mail and not in the subject, which a locked screen shows. Proves C64 for mails.
func TestCodeMail(t *testing.T) {
	for _, c := range Languages() {
		kinds(func(p Purpose, a Action) {
			x := usual()
			x.Action = a
			m := CodeMail(c.Code, p, x)
			what := string(c.Code) + " " + string(p) + " " + string(a)
			if strings.Contains(m.Subject, x.Code) || !strings.Contains(m.Subject, books[c.Code].aim(p, x)) {
				t.Errorf("%s: subject %q", what, m.Subject)
			}
			if strings.Contains(m.HTML, "<title>"+x.Code) || strings.Contains(m.Text, "http") {
				t.Error(what)
			}
			for _, s := range []string{x.Code, books[c.Code].codeNever, books[c.Code].life(5), x.Address, x.Person} {
				contains(t, what, m, s)
			}
		})
	}
}

func TestLinkMail(t *testing.T) {
	for _, c := range Languages() {
		for _, k := range Links() {
			x := usual()
			x.URL, x.Minutes, x.Organisation, x.Tries = "https://watchword.example.com/l/abc?x=1&y=2", 1440, "Northwind", 10
			m := LinkMail(c.Code, k, x)
			what := string(c.Code) + " " + string(k)
			contains(t, what, m, x.URL)
			contains(t, what, m, books[c.Code].link[k].button)
			if !strings.Contains(m.HTML, `href="https://watchword.example.com/l/abc?x=1&amp;y=2"`) {
				t.Errorf("%s: the button leads elsewhere: %s", what, m.HTML)
			}
			if k != AlreadyRegistered {
				contains(t, what, m, "24 ")
			}
			if named := strings.Contains(m.Text+m.HTML, x.Person); named == unasked[k] {
				t.Errorf("%s: names the person: %v", what, named)
			}
			if k == UnlockLogin {
				contains(t, what, m, "10")
			}
		}
	}
}

// hostile is what a stranger might type into every field.
const hostile = "Eve\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>\u2028\u0085\u202e\x00\" onload=x {code}{url}"

// No name makes a header, an element or a direction of its own, in any mail.
func TestNamesCannotInject(t *testing.T) {
	x := Params{Product: hostile, Host: hostile, Code: hostile, Person: hostile, Device: hostile, Address: hostile,
		Country: hostile, Detail: hostile, Organisation: hostile, Member: hostile, By: hostile, Hash: hostile, Answer: hostile, URL: "javascript:alert(1)//" + hostile}
	check := func(m Mail) {
		t.Helper()
		for _, r := range m.Subject {
			if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Cf) {
				t.Fatalf("subject holds %U: %q", r, m.Subject)
			}
		}
		if n := len([]rune(m.Subject)); n == 0 || n > 150 {
			t.Errorf("subject of %d characters", n)
		}
		for _, bad := range []string{"<script", "javascript:", "\u202e", "\x00", "\r"} {
			if strings.Contains(m.HTML, bad) || bad != "<script" && strings.Contains(m.Text, bad) {
				t.Errorf("%q got through:\n%s\n%s", bad, m.Text, m.HTML)
			}
		}
		if strings.Contains(m.Text, "\nBcc:") {
			t.Errorf("a line of its own:\n%s", m.Text)
		}
	}
	for _, c := range Languages() {
		kinds(func(p Purpose, a Action) { x.Action = a; check(CodeMail(c.Code, p, x)) })
		for _, k := range Links() {
			check(LinkMail(c.Code, k, x))
		}
		for _, n := range Notices() {
			check(NoticeMail(c.Code, n, x))
		}
	}
}

// What is not known is left out: no empty fact, no "0 minutes", no button without an address.
func TestMissingFactsLeaveNoTrace(t *testing.T) {
	for _, c := range Languages() {
		for _, s := range everything(c.Code, Params{Code: "493817"}) {
			page := strings.HasPrefix(s, "<!DOCTYPE")
			if strings.Contains(s, ": \n") || !page && strings.Contains(s, " 0 ") || strings.Contains(s, "()") ||
				!page && strings.Contains(s, "0001") || strings.Contains(s, `href=""`) {
				t.Errorf("%s: %s", c.Code, s)
			}
		}
	}
}

// Proves C47 for the receipt (who, factor, rows, hash) and that a person's own words are told apart from ours.
func TestMailsOfOrganisations(t *testing.T) {
	hash := strings.Repeat("a9", 32)
	for _, c := range Languages() {
		b := books[c.Code]
		x := usual()
		x.Organisation, x.By, x.Count, x.Detail, x.Hash = "Northwind", "Ana Costa", 12400, "sms", hash
		m := NoticeMail(c.Code, ContactsExported, x)
		for _, s := range []string{"Northwind", "Ana Costa", b.number(12400), b.word["sms"], hash, b.label[labelUnexpected]} {
			contains(t, string(c.Code), m, s)
		}
		if !strings.Contains(m.Subject, clean(b.number(12400), 20)) || !strings.HasSuffix(m.Subject, "(Northwind)") {
			t.Error(m.Subject)
		}
		x = usual()
		x.Until = x.When.Add(72 * time.Hour)
		m = NoticeMail(c.Code, SupportStarted, x)
		contains(t, string(c.Code), m, b.label[labelUntil])
		contains(t, string(c.Code), m, b.moment(b.date, x.Until, x.Zone))
		m = NoticeMail(c.Code, SupportAnswered, Params{Answer: "One.\r\n\r\nTwo\x00 <b>bold</b>.\nThree."})
		if !strings.Contains(m.Text, "\n\n> One.\n\n> Two <b>bold</b>.\n\n> Three.\n\n") || !strings.Contains(m.HTML, "Two &lt;b&gt;bold") {
			t.Error(m.Text, m.HTML)
		}
	}
}

// WATCHWORD_LETTERS names a folder to write some mails to, for looking at.
func TestWriteLetters(t *testing.T) {
	folder := os.Getenv("WATCHWORD_LETTERS")
	if folder == "" {
		t.Skip("WATCHWORD_LETTERS is not set")
	}
	x := usual()
	x.URL, x.Minutes, x.Detail = "https://watchword.example.com/l/4fQ9tYx0Zk2mVbN7hJ3sLwP1", 1440, ""
	y := usual()
	y.URL, y.Detail, y.Country = x.URL, "07700 ••• 123", "Portugal"
	z := usual()
	z.Action, z.Count = ContactsExport, 12400
	for name, m := range map[string]Mail{"verify-en": LinkMail(English, VerifyEmail, x), "code-de": CodeMail(German, StepUp, z),
		"number-fr": NoticeMail(French, NumberChanged, y), "code-en": CodeMail(English, Login, z)} {
		if err := os.WriteFile(filepath.Join(folder, name+".html"), []byte(m.HTML), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
