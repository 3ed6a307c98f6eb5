package look

import "fmt"

func clock(seconds int) string { return fmt.Sprintf("%d:%02d", seconds/60, seconds%60) }

// Code is the one field for a code of six digits. Typed or pasted whole, it
// posts its form by itself; put a Button below it all the same.
type Code struct {
	ID, Name, Label, Error string
	Hint                   any
	// Digits is 6 when left out.
	Digits int
	// GoodUntil is a time of day: "08:51".
	GoodUntil string
	// Left of Of tries are shown as a tally when Of is above nought.
	Left, Of int
	// Right shows the green state before going on, with Value in the field.
	Right bool
	Value string
	// Window makes it 64 high, for a dialog.
	Window bool
	// Wait keeps it from posting by itself, where more is asked in the form.
	Wait      bool
	Autofocus bool
}

func (Code) template() string { return "code" }

// Places gives the number of digits.
func (c Code) Places() int {
	if c.Digits > 0 {
		return c.Digits
	}
	return 6
}

// Tries is the tally of the tries left.
func (c Code) Tries() Tally {
	word := "tries"
	if c.Left == 1 {
		word = "try"
	}
	return Tally{Left: c.Left, Of: c.Of, Spent: true, Words: fmt.Sprintf("%d %s left", c.Left, word)}
}

// State of a Step of the delivery rail.
const (
	StepWaiting = "waiting" // not yet
	StepNow     = "now"     // in progress
	StepDone    = "done"
	StepFailed  = "failed"
)

// Delivery is the rail Queued, Sent, Delivered. Changes are read out politely.
type Delivery struct {
	Steps []Step
	// Words say what to do, or that nothing is to be done.
	Words any
	// Poll is the address of this rail as a Fragment, asked every 2 seconds
	// and more slowly later. "" ends the asking: the state is final. An answer
	// 204 means that nothing changed.
	Poll string
}

func (Delivery) template() string { return "delivery" }

// Step is one of the three strokes: a word, a time (or "Waiting…"), a state.
type Step struct {
	Word, Time, State string
}

// Ways lists other ways to prove it.
type Ways struct {
	Title string
	Items []Way
}

func (Ways) template() string { return "ways" }

// Way leads to another way, or posts when Action is set.
type Way struct {
	Icon, Title, Note, Href string
	// Action makes it a button that posts Name=Value to that address.
	Action, Name, Value string
	// Mark stands at the right, as "Weak".
	Mark *Mark
}
