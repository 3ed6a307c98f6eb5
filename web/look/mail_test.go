package look

import (
	"strings"
	"testing"
)

// Both bodies say the same; what strangers chose is escaped; a link of another
// kind than the web's is left out; the code is not in the preview.
func TestMail(t *testing.T) {
	m := MailText{Title: "Your code", Preview: "Good for 10 minutes", Lines: []string{"For <b>maya</b>."}, Code: "493017", Link: "https://w.example/x?a=1&b=2", LinkLabel: "Open",
		Facts: []MailFact{{"When", "Today 08:41"}}, Notes: []string{"Never read it out."}, Foot: "Sent to you."}
	html, plain := Mail(CodeMail, m)
	for _, want := range []string{"493017", "Today 08:41", "Never read it out.", "Sent to you.", `lang="en-GB"`, "For &lt;b&gt;maya", "https://w.example/x?a=1&amp;b=2"} {
		if !strings.Contains(html, want) {
			t.Errorf("HTML lacks %q", want)
		}
	}
	for _, want := range []string{"\n493017\n", "\nhttps://w.example/x?a=1&b=2\n", "When: Today 08:41\n", "For <b>maya</b>."} {
		if !strings.Contains(plain, want) {
			t.Errorf("plain lacks %q:\n%s", want, plain)
		}
	}
	for _, bad := range []string{"<b>maya", "http-equiv", "src=", "url("} {
		if strings.Contains(html, bad) {
			t.Errorf("HTML contains %q", bad)
		}
	}
	m.Link = "javascript:alert(1)"
	if html, plain = Mail(LinkMail, m); strings.Contains(html+plain, "javascript") {
		t.Error("a script's address came through")
	}
}
