package client_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"watchword/attack/client"
)

const page = `<!doctype html><main><h1>Register</h1><a href="/terms">Terms of use</a>
<form method="post" action="/send"><input type="hidden" name="once" value="n1">
<div class="problems"><ul><li>Enter a username</li></ul></div>
<label for="u">Username</label><input id="u" name="username" value="kept" aria-describedby="u-hint u-error"><p id="u-error">Enter a username</p>
<label for="c">Country</label><select id="c" name="country"><option value="GB">United Kingdom</option><option value="DE" selected>Germany</option></select>
<label><input type="checkbox" name="terms" value="yes"> I agree to the terms</label>
<label><input type="radio" name="way" value="sms" checked> SMS</label><label><input type="radio" name="way" value="email"> Email</label>
<textarea name="note">words</textarea><button type="button">Show</button>
<button name="go" value="1">Register</button><button formaction="/cancel">Cancel</button></form></main>`

func TestForm(t *testing.T) {
	posted := map[string][]string{}
	path := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "watchword_session", Value: "abc", Path: "/"})
		if r.Method == http.MethodPost {
			_ = r.ParseForm()
			posted, path = r.PostForm, r.URL.Path
		}
		fmt.Fprint(w, page)
	}))
	defer s.Close()
	b, err := client.New(s.URL, "127.0.0.9")
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Get("/register")
	if err != nil {
		t.Fatal(err)
	}
	if p.Title() != "Register" || p.FieldProblem("Username") != "Enter a username" || len(p.Problems()) != 1 || p.Value("Username") != "kept" {
		t.Errorf("read %q %q %q %q", p.Title(), p.FieldProblem("Username"), p.Problems(), p.Value("Username"))
	}
	if _, err := b.Submit("Register", map[string]string{"Username": "maya", "I agree": "yes", "Email": "yes"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"once": "n1", "username": "maya", "country": "DE", "terms": "yes", "way": "email", "note": "words", "go": "1"}
	for name, v := range want {
		if len(posted[name]) != 1 || posted[name][0] != v {
			t.Errorf("%s = %q, want %q", name, posted[name], v)
		}
	}
	if path != "/send" || len(posted) != len(want) {
		t.Errorf("posted %v to %s", posted, path)
	}
	if _, err := b.Submit("Cancel", nil); err != nil || path != "/cancel" {
		t.Errorf("cancel went to %s: %v", path, err)
	}
	if _, err := b.Submit("Register", map[string]string{"Shoe size": "9"}); err == nil {
		t.Error("a field that is not there was filled")
	}
	if _, err := b.Submit("Show", nil); err == nil {
		t.Error("a button that sends nothing was pressed")
	}
	if c := b.Copy(); c.Cookie("session") != "abc" {
		t.Errorf("the copy has %v", c.Cookies())
	}
}

func TestMessage(t *testing.T) {
	for words, want := range map[string]string{
		"123456 is your code\n@localhost #123456":                "123456",
		"Call +447700900123. Your code: 004217.":                 "004217",
		"Order 1234567 is on its way, from +447700900123":        "",
		"999999 pounds were not asked for\n\n@localhost #000001": "000001",
	} {
		if got := (client.Message{Text: words}).Code(); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
	m := client.Message{Text: "See https://x.example/help or open\nhttps://x.example/register/confirm?token=abc\n"}
	if m.Link() != "https://x.example/register/confirm?token=abc" {
		t.Error(m.Link())
	}
}

// The last six digits of the vectors of RFC 6238, appendix B.
func TestTOTP(t *testing.T) {
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 20000000000: "353130"} {
		got, err := client.TOTP("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", time.Unix(at, 0))
		if err != nil || got != want {
			t.Errorf("%d: %s %v, want %s", at, got, err, want)
		}
	}
}
