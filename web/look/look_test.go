package look

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func rendered(t *testing.T, frame Frame, data any, text string) string {
	t.Helper()
	page := New().Page(fstest.MapFS{"p.html": {Data: []byte(text)}}, "p.html")
	w := httptest.NewRecorder()
	if err := page.Render(w, httptest.NewRequest(http.MethodGet, "/p", nil), http.StatusOK, frame, data); err != nil {
		t.Fatal(err)
	}
	if w.Code != http.StatusOK {
		t.Fatalf("status %d", w.Code)
	}
	return w.Body.String()
}

// every holds one of each component with its rarer fields set.
func every() []Component {
	problems := Problems{{"username", "Remove the space from your username"}}
	return []Component{
		problems, Button{Label: "Save", Kind: Filled, Busy: "Saving"}, Button{Label: "Send a new code", Wait: 24}, CopyButton("x"),
		Button{Label: "Delete", Href: "/delete", Opens: "d"}, Post{Action: "/x", Fields: []Hidden{{"id", "1"}}, Button: Button{Label: "Log out", About: "Pixel"}},
		Actions{Button{Label: "A"}}, Menu{About: "More", Items: []Component{Button{Label: "A"}}}, Anchor{Label: "A", Href: "/a"},
		Text{Name: "username", Label: "Username", Hint: "Hint", Error: problems.For("username"), Literal: true}, Email("email", "a@b.example", ""),
		Text{Name: "q", Label: "Search", Search: true, HX: "/q", Target: "list"},
		Password{Name: "password", Label: "Password", New: true, Meter: true, Rules: []Rule{{Text: "At least 15", Least: 15}, {Text: "Own", Without: "username"}}},
		TextArea{Name: "t", Label: "T"}, Select{Name: "s", Label: "S", Value: "b", Options: []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}},
		Tick{Name: "terms", Label: HTML(`I agree to the <a href="/terms">terms</a>`), Error: "Agree"}, Radios{Name: "r", Label: "R", Value: "a", Options: []Option{{Value: "a", Label: "A", Note: "N", Inside: "x"}, {Value: "b", Label: "B"}}},
		Phone{Name: "phone", CountryName: "country", Label: "Mobile number", Country: "GB", Countries: []Country{{"GB", "United Kingdom", "44"}}},
		Date{Name: "d", Label: "D"}, Group{Label: "G", Fields: []Component{Text{Name: "g", Label: "G"}}},
		Code{Name: "code", Left: 4, Of: 5, GoodUntil: "08:51", Error: "That code is not right"}, Code{Name: "c2", Right: true},
		Delivery{Steps: []Step{{"Queued", "08:41:02", StepDone}, {"Sent", "08:41:03", StepNow}, {"Delivered", "Waiting…", StepWaiting}}, Words: "W", Poll: "/delivery"},
		Ways{Title: "Other ways", Items: []Way{{Icon: "mail", Title: "Email", Href: "/e"}, {Icon: "mail", Title: "Email", Action: "/e", Name: "n", Value: "v", Mark: &Mark{Label: "Weak", Tone: Warn}}}},
		Banner{Tone: Warn, Title: "T.", Words: "W", Action: Button{Label: "B"}}, Flash{Words: "Done"}, Toast{Words: "Done"}, Mark{Tone: Bad, Icon: "circle-x", Label: "Failed"}, Fine("Ready"),
		Empty{Title: "E", Words: "W", Actions: []Component{Button{Label: "B"}}}, Dialog{ID: "d", Title: "D", Icon: "lock", Body: []any{"x"}, Buttons: []Component{Button{Label: "B"}}},
		Table{Caption: "T", Columns: []Column{{Title: "A", Sort: "/a", Sorted: "up"}, {Title: "B", Quiet: true, Fit: true}}, Rows: []Row{{Cells: []any{Pair{Main: "M", Note: "N", Icon: "laptop"}, nil}}}, Foot: &Paging{Words: "First 10", Next: "/n"}},
		Table{Empty: &Empty{Title: "None"}}, Mono("x"), Muted("x"), Card{Title: "C", Body: []any{"x", Fine("y")}, Foot: "f"},
		Facts{Rows: []Fact{{Label: "L", Value: "V", Change: "/c"}}}, Entries{{Title: "E", Href: "/e"}, {Title: "E", Action: "/e"}, {Title: "E", Actions: []Component{Button{Label: "B"}}}},
		Tally{Left: 2, Of: 5, Spent: true, Words: "2 tries left"}, Tally{Left: 93, Of: 100}, Bar{Title: "B", Parts: []Part{{14, "ready", "good"}, {2, "not", "bad"}}},
		Sums{{Number: "1", Label: "A"}, {Number: "1", Label: "B", Sign: "=", Colour: "good"}}, QR{Picture: "data:image/png;base64,AA==", Alt: "QR", Key: "ABC", Open: "otpauth://totp/x"},
		RecoveryCodes{Codes: []string{"a-b"}, Download: "/d"}, Passkey{Ceremony: "get", Options: "/o", Action: "/a", Button: Button{Label: "Use a passkey"}}, Captcha{Name: "altcha", Challenge: "/challenge"},
	}
}

// Every component draws, escapes what strangers typed, and uses neither style
// attributes nor inline scripts, which the policy refuses.
func TestComponentsDraw(t *testing.T) {
	out := rendered(t, SignedIn{Title: "All", Nav: []NavItem{{Label: "Home", Href: "/", Icon: "house", Count: 2, Current: true}},
		Person: Person{Name: "Maya Okafor", LogOut: "/logout"}, Switch: Switcher{Current: "Harbour Dental", Others: []Organisation{{"AC1", "<b>"}}}}, every(), `{{show .}}`)
	for _, bad := range []string{" style=", "<script>", "javascript:", " onclick", "ZgotmplZ", "<no value>", "%!"} {
		if strings.Contains(out, bad) {
			t.Errorf("page contains %q: %.200s", bad, out[strings.Index(out, bad):])
		}
	}
	for _, want := range []string{`&lt;b&gt;`, `href="#username"`, `id="username-error"`, `aria-describedby="username-hint username-error"`, `aria-current="page"`,
		`autocomplete="one-time-code"`, `src="data:image/png;base64,AA=="`, `href="otpauth://totp/x"`, `Send a new code in 0:24`} {
		if !strings.Contains(out, want) {
			t.Errorf("page lacks %q", want)
		}
	}
}

// Proves RP12: an avatar holds letters and digits alone, whatever stands in a name.
func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"Maya Okafor": "MO", "maya": "MA", "S <script>": "SS", "S <": "S", "<b>": "B", "O'Neil-Smith": "ON",
		"🦊 7 Seas": "7S", "élan Ωmega": "ÉΩ", "ana@example.com": "AN", "+44 7700": "47", "": "?", " <> ": "?"} {
		if got := initials(name); got != want {
			t.Errorf("%q: %q, not %q", name, got, want)
		}
	}
}

// Proves C62: what ends the making of a passkey stands beside its button, and stays without scripts.
func TestPasskeyCancel(t *testing.T) {
	got := rendered(t, SignedOut{Title: "T"}, Passkey{Ceremony: "create", Button: Button{Label: "Create passkey"}, Cancel: &Button{Label: "Cancel", Kind: Quiet, Href: "/back"}}, `{{show .}}`)
	if !strings.Contains(got, `</button></div><a class="btn btn-quiet" href="/back"><span>Cancel</span></a></div>`) {
		t.Error(got)
	}
}
