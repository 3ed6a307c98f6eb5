package look

// Problem is one thing to mend. Field is the id of the field it stands at (its
// name, unless the field has an ID); "" is about the form as a whole. Text
// begins with the verb that mends it: "Remove the space from your username".
type Problem struct {
	Field, Text string
}

// Problems is the summary "There is a problem" on top of a form, with a link
// to every field. Drawn, it is nothing when there are none.
type Problems []Problem

func (Problems) template() string { return "problems" }

// Add notes a problem with a field, or with the whole form when field is "".
func (p *Problems) Add(field, text string) { *p = append(*p, Problem{field, text}) }

// For gives the words for one field, "" when it is right: the Error of a field.
func (p Problems) For(field string) string {
	for _, one := range p {
		if one.Field == field {
			return one.Text
		}
	}
	return ""
}

// Kind of a Button.
const (
	Second            = "second"      // border; the usual one
	Filled            = "filled"      // the one act of a view
	Quiet             = "quiet"       // text only
	Destructive       = "destructive" // red border, in a page
	DestructiveFilled = "danger"      // red, only where it is asked once more
)

// Button posts its form, or leads somewhere when Href is set. Its label says
// the act and how many.
type Button struct {
	Label string
	// Kind is Second when left out.
	Kind        string
	Icon        string
	Href        string
	Name, Value string
	// FormAction posts the form to another address.
	FormAction string
	// Form is the id of the form, for a button outside of it.
	Form string
	// Small is 32 high, for tables and cards; Large 48, for signed-out cards.
	Small, Large bool
	// Full takes the whole width (and is Large).
	Full bool
	// Busy is the word while the form is on its way: "Saving". Default: the label.
	Busy string
	// Wait counts down: the button waits that many seconds and says so, as
	// "Send a new code in 0:24". Without JavaScript it can be pressed early,
	// so the server must say how long is left.
	Wait int
	// Off is a button for which it is not time yet.
	Off bool
	// Opens is the id of a Dialog on the page. Without JavaScript Href leads
	// to the same question as a page.
	Opens string
	// Does names an act of a script: "print", "copy" with Target, "close" of a
	// dialog. Such a button is shown only where JavaScript runs.
	Does, Target string
	// Told replaces the label after the act: "Copied".
	Told string
	// About completes a short label for screen readers: "Log out" about "Pixel 11, Chrome".
	About string
	// ID is needed only to be linked to.
	ID string
	// Plain keeps a button without validation by the browser, as "Cancel".
	Plain bool
}

func (Button) template() string { return "button" }

// Clock writes the seconds of Wait as 0:24.
func (b Button) Clock() string { return clock(b.Wait) }

// Post is a button in a form of its own, for one act in a row or a menu.
type Post struct {
	Action string
	Fields []Hidden
	Button Button
}

func (Post) template() string { return "post" }

// Hidden is a hidden field.
type Hidden struct {
	Name, Value string
}

func (Hidden) template() string { return "hidden" }

// Actions stand below a form, the filled one first.
type Actions []Component

func (Actions) template() string { return "actions" }

// CopyButton copies the text of the element with that id.
func CopyButton(target string) Button {
	return Button{Label: "Copy", Icon: "copy", Small: true, Does: "copy", Target: target, Told: "Copied"}
}

// Menu is a button with three dots that folds out further acts of a row.
type Menu struct {
	// About names the row: "More for Maya Okafor".
	About string
	Items []Component
}

func (Menu) template() string { return "menu" }

// Anchor is a link in a component's place.
type Anchor struct {
	Label, Href string
	Icon        string
	About       string
}

func (Anchor) template() string { return "anchor" }
