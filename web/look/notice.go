package look

// Tone of a banner, mark or flash.
const (
	Note = "note" // blue: good to know, going on
	Good = "good" // green: done, newly good
	Warn = "warn" // yellow: look before you go on
	Bad  = "bad"  // red: failed, something has to be done
	Grey = "grey" // blocked or skipped
)

// Banner is one notice. Title is the bold first sentence.
type Banner struct {
	Tone, Icon string
	Title      string
	Words      any
	Action     Component
	// Alert has it read out at once.
	Alert bool
}

func (Banner) template() string { return "banner" }

// Sign is the icon of the tone unless another was given.
func (b Banner) Sign() string { return sign(b.Tone, b.Icon) }

// Flash tells once, on the page after, what was done. It is a banner that is
// read out.
type Flash struct {
	Tone  string
	Words any
}

func (Flash) template() string { return "flash" }

// Sign is the icon of the tone, that of Good unless one was given.
func (f Flash) Sign() string {
	if f.Tone == "" {
		return sign(Good, "")
	}
	return sign(f.Tone, "")
}

// Toast goes away by itself after 8 s (20 s with an action, none while under
// focus or pointer). Never for errors.
type Toast struct {
	Words  string
	Action Component
}

func (Toast) template() string { return "toast" }

// Mark shows what is not as usual, in one or two words.
type Mark struct {
	Tone, Icon, Label string
}

func (Mark) template() string { return "mark" }

// Fine is the plain text with a green tick for a usual state: "Ready".
type Fine string

func (Fine) template() string { return "fine" }

// Empty says what is not there yet and what to do next.
type Empty struct {
	Title, Words string
	Actions      []Component
	More         Component
	// Inside a card it has no border of its own.
	Inside bool
}

func (Empty) template() string { return "empty" }

// Dialog is a window that asks. It opens by a Button with Opens. Write the same
// question as a page for those without JavaScript.
type Dialog struct {
	ID, Title string
	Icon      string
	Lead      any
	// Action is where it posts to; Body stands inside that form.
	Action  string
	Body    []any
	Buttons []Component
	// Note stands right of the buttons.
	Note any
	// Wide is 760, otherwise 500.
	Wide bool
}

func (Dialog) template() string { return "dialog" }

func sign(tone, icon string) string {
	if icon != "" {
		return icon
	}
	switch tone {
	case Good:
		return "circle-check"
	case Warn:
		return "triangle-alert"
	case Bad:
		return "circle-alert"
	}
	return "info"
}
