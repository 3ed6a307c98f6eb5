package look

import (
	"html/template"
	"slices"
)

// Every field has a Name (as posted), a Label, a Hint and an Error in words.
// ID is the name unless set; set it when two forms of a page share a name.

// Text is a field of one line.
type Text struct {
	ID, Name, Label, Hint, Error string
	Value                        string
	// Type is "text" unless set: "email", "tel", "url", "search", "date".
	Type string
	// Autocomplete and InputMode as in HTML: "username", "numeric".
	Autocomplete, InputMode string
	// Optional is said in the label.
	Optional bool
	// Width is "short" (8 characters), "medium" (20), or the whole width.
	Width string
	// Literal switches off spelling help and capital letters: usernames, keys.
	Literal   bool
	Autofocus bool
	ReadOnly  bool
	// Search draws a magnifying glass inside and hides the label from the eye.
	Search      bool
	Placeholder string
	// Quiet hides the label from the eye, for a field of one row among others.
	Quiet bool
	// HX makes a search act while it is typed: the address to fetch. The part
	// of the answer with the id Target replaces the one here.
	HX, Target string
}

func (Text) template() string { return "text" }

// Email is a Text for an address, with everything a browser wants to know.
func Email(name, value, problem string) Text {
	return Text{Name: name, Label: "Email address", Value: value, Error: problem,
		Type: "email", Autocomplete: "email", InputMode: "email", Literal: true}
}

// Password is a field with a Show button. What was typed is never sent back.
type Password struct {
	ID, Name, Label, Hint, Error string
	// New asks the browser for a new password; otherwise for the stored one.
	New       bool
	Autofocus bool
	// Rules are shown below a new password and ticked while it is typed.
	Rules []Rule
	// Meter shows the strength in words and strokes.
	Meter bool
}

func (Password) template() string { return "password" }

// Rule is one line below a new password. The server judges; the script only
// shows ahead of it what it can tell.
type Rule struct {
	Text string
	// Least is the number of characters (code points) that satisfies it.
	Least int
	// Without are ids of fields whose contents must not be in the password.
	Without string
}

// Mobile is a Text for somebody else's mobile number: the browser does not fill
// in the person's own.
func Mobile(name, label, value, problem string) Text {
	return Text{Name: name, Label: label, Value: value, Error: problem, Type: "tel", Autocomplete: "off", InputMode: "tel", Literal: true}
}

// TextArea is a field of several lines.
type TextArea struct {
	ID, Name, Label, Hint, Error string
	Value                        string
	Rows                         int
	Optional                     bool
}

func (TextArea) template() string { return "textarea" }

// Select is a choice from a long list.
type Select struct {
	ID, Name, Label, Hint, Error string
	Value                        string
	Options                      []Option
	Width                        string
	// Quiet hides the label from the eye, for a filter beside others.
	Quiet    bool
	Optional bool
}

func (Select) template() string { return "select" }

// Option of a Select or Radios.
type Option struct {
	Value, Label string
	// Note is a second line, in Radios only.
	Note string
	// Inside is shown below a chosen radio.
	Inside any
}

// Tick is one box. Label may hold links (template.HTML or string).
type Tick struct {
	ID, Name, Value string
	Label           any
	Note, Error     string
	Checked         bool
}

func (Tick) template() string { return "tick" }

// Ticks is a choice of any from a few, with buttons for all and none where
// JavaScript runs. An empty value is posted along, so that "none" differs from
// a form without the choice.
type Ticks struct {
	ID, Name, Label, Hint, Error string
	Values                       []string
	Options                      []Option
}

func (Ticks) template() string { return "ticks" }

// Has says whether a box is ticked.
func (t Ticks) Has(value string) bool { return slices.Contains(t.Values, value) }

// Radios is a choice of one from a few.
type Radios struct {
	ID, Name, Label, Hint, Error string
	Value                        string
	Options                      []Option
}

func (Radios) template() string { return "radios" }

// Phone is a country and a number. The country is posted as CountryName, the
// number as Name, as it was typed.
type Phone struct {
	ID, Name, Label, Hint, Error string
	Value                        string
	CountryName, Country         string
	Countries                    []Country
	Autofocus                    bool
}

func (Phone) template() string { return "phone" }

// Chosen gives the short form of the chosen country, as "GB +44".
func (p Phone) Chosen() string {
	for _, c := range p.Countries {
		if c.Code == p.Country {
			return c.Code + " +" + c.Dial
		}
	}
	if len(p.Countries) > 0 {
		return p.Countries[0].Code + " +" + p.Countries[0].Dial
	}
	return ""
}

// Country of a Phone: ISO 3166 code, name, and calling code without plus.
type Country struct {
	Code, Name, Dial string
}

// Date is asked as day, month and year; they are posted as Name-day,
// Name-month and Name-year.
type Date struct {
	ID, Name, Label, Hint, Error string
	Day, Month, Year             string
}

func (Date) template() string { return "date" }

// Group puts fields beside each other where there is room, with one legend.
type Group struct {
	Label, Hint string
	Fields      []Component
}

func (Group) template() string { return "group" }

// HTML marks words of the program (never of a stranger) that hold markup.
func HTML(words string) template.HTML { return template.HTML(words) }
