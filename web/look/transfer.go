package look

// File is a field for one file. Its form needs Multipart (enctype), and the
// field must be the last of the form: what follows a file is not read.
type File struct {
	ID, Name, Label, Hint, Error string
	// Accept tells the browser's chooser what fits: ".csv,.xlsx".
	Accept string
}

func (File) template() string { return "file" }

// Pick is the first cell of a row that can be chosen: a box, and what the row
// is. Form is the id of the form that the boxes belong to.
type Pick struct {
	Name, Value, Form string
	// About names the row for screen readers: "Abigail Norton".
	About   string
	Checked bool
	Body    any
}

func (Pick) template() string { return "pick" }

// Bulk is the bar above a table of Picks: what can be done with the rows that
// are chosen. Where JavaScript runs it counts them and offers to choose all.
type Bulk struct {
	// Form is the id of the form that Action belongs to.
	Form, Action string
	Fields       []Hidden
	// Words stand while nothing is chosen.
	Words string
	// Target is the id of the table.
	Target  string
	Actions []Component
}

func (Bulk) template() string { return "bulk" }

// Live is a part of a page that fetches itself anew every second or so, until
// it comes without Poll. Without JavaScript Reload leads to the page again.
type Live struct {
	ID     string
	Poll   string
	Reload string
	Body   []any
}

func (Live) template() string { return "live" }

// Choices is a column of places with their counts, one of which is current;
// on a phone it folds into a menu.
type Choices struct {
	Title   string
	Action  Component
	Items   []Choice
	Current string
}

func (Choices) template() string { return "choices" }

// Choice is one of Choices.
type Choice struct {
	Label, Href string
	Count       int
	Current     bool
}

// Points are three short facts beside each other, below an empty page.
type Points []Point

func (Points) template() string { return "points" }

// Point is one of Points.
type Point struct {
	Icon, Title, Words string
}
