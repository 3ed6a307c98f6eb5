package look

import (
	"fmt"
	"html/template"
	"strings"
)

// Tally counts in small upright strokes: Left of Of are filled. Spent draws the
// rest in lantern yellow (tries used up), otherwise in grey (not reached).
type Tally struct {
	Left, Of int
	Spent    bool
	Words    string
	// Bold sets the words in the weight of a verdict: "Strong".
	Bold bool
	// Look draws the filled ones yellow: all in use.
	Look bool
}

func (Tally) template() string { return "tally" }

// Stroke is one line of a Tally in its drawing.
type Stroke struct {
	X, Y  int
	Class string
}

const (
	strokeWide, strokeHigh, strokeGap = 5, 16, 3
	// Fifty in a row is what a card of the security page holds.
	strokesInRow = 50
)

// Strokes lays the tally out, fifty in a row.
func (t Tally) Strokes() []Stroke {
	all := make([]Stroke, t.Of)
	for i := range all {
		all[i] = Stroke{X: i % strokesInRow * (strokeWide + strokeGap), Y: i / strokesInRow * (strokeHigh + strokeGap)}
		switch {
		case i < t.Left && t.Look:
			all[i].Class = "spent"
		case i < t.Left:
			all[i].Class = "full"
		case t.Spent:
			all[i].Class = "spent"
		default:
			all[i].Class = "rest"
		}
	}
	return all
}

// Wide and High give the drawing's size in CSS pixels.
func (t Tally) Wide() int {
	return max(1, min(t.Of, strokesInRow))*(strokeWide+strokeGap) - strokeGap
}

// High: see Wide.
func (t Tally) High() int {
	return max(1, (t.Of+strokesInRow-1)/strokesInRow)*(strokeHigh+strokeGap) - strokeGap
}

// Long tells a tally that fills its card.
func (t Tally) Long() bool { return t.Of > 20 }

// Bar is one bar of several parts, with the parts named below.
type Bar struct {
	// Title stands above, Note at its right.
	Title string
	Note  any
	Parts []Part
	// Thin is 10 high, otherwise 20.
	Thin bool
}

func (Bar) template() string { return "bar" }

// Part of a Bar. Colour is good, warn, bad, c2, c3, brand or idle.
type Part struct {
	Count         int
	Label, Colour string
}

// Slice is a part as drawn, in percent of the bar.
type Slice struct {
	X, Wide string
	Colour  string
}

// Slices lays the parts out. Empty parts are left out.
func (b Bar) Slices() []Slice {
	total := 0
	for _, p := range b.Parts {
		total += p.Count
	}
	var slices []Slice
	at := 0.0
	for _, p := range b.Parts {
		if p.Count <= 0 {
			continue
		}
		wide := 100 * float64(p.Count) / float64(total)
		slices = append(slices, Slice{fmt.Sprintf("%.2f", at), fmt.Sprintf("%.2f", wide), p.Colour})
		at += wide
	}
	return slices
}

// Sums is an equation that adds up on the page.
type Sums []Sum

func (Sums) template() string { return "sums" }

// Sum is one cell. Sign stands before it: "=", "+", "−"; the first has none.
type Sum struct {
	Number, Label, Sign, Colour string
}

// QR shows a drawing to be scanned, and the same as text. SVG is made by the
// server (as a data: address, "data:image/png;base64,…").
type QR struct {
	Picture string
	// Alt says what it is for: "QR code for your authenticator app".
	Alt string
	// Key is the same to be typed by hand.
	Key string
	// Open leads to the app on this device (an otpauth: address).
	Open string
}

func (QR) template() string { return "qr" }

// Source lets a picture through that the server drew itself, nothing else.
func (q QR) Source() template.URL {
	if !strings.HasPrefix(q.Picture, "data:image/") {
		return ""
	}
	return template.URL(q.Picture)
}

// App lets an otpauth address through, nothing else.
func (q QR) App() template.URL {
	if !strings.HasPrefix(q.Open, "otpauth://") {
		return ""
	}
	return template.URL(q.Open)
}

// Copy is the button beside the key.
func (QR) Copy() Button { return CopyButton("qr-key") }

// RecoveryCodes lists the codes, to be copied, printed or downloaded.
type RecoveryCodes struct {
	Codes []string
	// Download is an address that answers with a text file; "" leaves it out.
	Download string
}

func (RecoveryCodes) template() string { return "recovery" }

// Buttons are the ways to keep the codes.
func (c RecoveryCodes) Buttons() []Component {
	all := []Component{
		CopyButton("recovery-codes"),
		Button{Label: "Print", Icon: "printer", Small: true, Does: "print"},
	}
	if c.Download != "" {
		all = append(all, Button{Label: "Download", Icon: "download", Small: true, Href: c.Download})
	}
	return all
}

// Passkey asks the browser for a passkey. The script posts to Options (with
// the hidden Fields), expects the JSON of the options ({"publicKey": …}), asks
// the authenticator, writes its answer as JSON into the field "credential" and
// posts the form to Action like any other.
type Passkey struct {
	// Ceremony is "create" or "get".
	Ceremony        string
	Options, Action string
	Fields          []Hidden
	Inside          []Component
	Button          Button
	// Cancel stands beside the button, as on every other form.
	Cancel *Button
	// Conditional offers passkeys in the list of the username field; the
	// button stays for those whose browser cannot.
	Conditional bool
}

func (Passkey) template() string { return "passkey" }

// Captcha is the proof of work by which a browser shows that it is none of
// thousands. Challenge is the address of a challenge; the answer is posted as
// Name. The frame must be SignedOut with Captcha set.
type Captcha struct {
	Name, Challenge, Error string
}

func (Captcha) template() string { return "captcha" }
