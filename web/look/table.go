package look

// What becomes of a cell when a row turns into a block on a phone.
const (
	PhoneLabel = ""     // a line with the column's name before it
	PhoneLine  = "line" // a line without
	PhoneSide  = "side" // top right, beside the first cell
	PhoneHide  = "hide" // not shown
	PhoneActs  = "acts" // buttons, over the whole width below
)

// Table is a list of rows in a card. Cells are strings, Components,
// template.HTML or nil. The first column is the one that matters most.
type Table struct {
	// ID is needed when a search replaces the table while one types.
	ID string
	// Caption tells screen readers what is listed.
	Caption string
	Columns []Column
	Rows    []Row
	Foot    *Paging
	// Empty is shown in place of rows.
	Empty *Empty
	// Inside a card it has no border of its own.
	Inside bool
}

func (Table) template() string { return "table" }

// Column of a Table.
type Column struct {
	Title string
	// Number sets the column to the right.
	Number bool
	// Quiet hides the title from the eye: a column of buttons.
	Quiet bool
	// Sort is where a click on the title leads; Sorted is "up" or "down".
	Sort, Sorted string
	Phone        string
	// Fit keeps the column as narrow as its contents.
	Fit bool
}

// Row of a Table.
type Row struct {
	// ID is needed only to be found: by a link, or by a test that names the row.
	ID    string
	Cells []any
	// Chosen turns it to the colour of a selection.
	Chosen bool
}

// Cell pairs a column with a cell, for the template.
type Cell struct {
	Column
	Value any
	First bool
}

// Zip pairs the cells of a row with the columns.
func (t Table) Zip(r Row) []Cell {
	cells := make([]Cell, len(r.Cells))
	for i, v := range r.Cells {
		cells[i].Value, cells[i].First = v, i == 0
		if i < len(t.Columns) {
			cells[i].Column = t.Columns[i]
		}
	}
	return cells
}

// Pair is a cell of two lines: Main is bold, Note below it. Icon draws a tile
// before it, Avatar the initials of a name.
type Pair struct {
	Main, Note any
	Icon       string
	// Plain draws the icon without its tile.
	Plain  bool
	Avatar string
	Href   string
}

func (Pair) template() string { return "pair" }

// Mono is a key, an id or a number to be read letter by letter.
type Mono string

func (Mono) template() string { return "mono" }

// Muted is a cell in the second ink.
type Muted string

func (Muted) template() string { return "muted" }

// Paging is the foot of a table: "First 10 of 12,430", Previous, Next. An
// empty address greys its button.
type Paging struct {
	Words          string
	Previous, Next string
}

func (Paging) template() string { return "paging" }

// Card is a sheet within the page. Body holds strings, Components or HTML; a
// Table with Inside set joins its edges.
type Card struct {
	ID, Title string
	Lead      any
	Mark      *Mark
	Actions   []Component
	Body      []any
	// Flush draws the body to the edges, for a table or rows.
	Flush bool
	Foot  any
	// Danger edges it red: closing a profile.
	Danger bool
}

func (Card) template() string { return "card" }

// Facts are names and values, one row each.
type Facts struct {
	Rows []Fact
	// Well sets them on a sunken ground, values right, for a summary.
	Well bool
}

func (Facts) template() string { return "facts" }

// Fact is one row of Facts.
type Fact struct {
	Label string
	Value any
	Note  string
	// Change leads to the page that changes it; its label is "Change" unless set.
	Change, ChangeLabel string
	Mark                *Mark
}

// Entries is a list of things with a line of notes and buttons, in a card:
// devices, sessions, organisations.
type Entries []Entry

func (Entries) template() string { return "entries" }

// Entry is one of Entries. Href makes the whole row lead somewhere.
type Entry struct {
	// ID is needed only to be found.
	ID           string
	Icon, Avatar string
	Title, Note  string
	Mark         *Mark
	Actions      []Component
	Href         string
	// Action makes the whole row a button that posts Name=Value there.
	Action, Name, Value string
}

// Roster asks something of each of several people: who it is, fields, and a mark
// that says how far it has come. Put it inside a form.
type Roster struct {
	// Caption tells screen readers what is asked.
	Caption string
	Rows    []RosterRow
}

func (Roster) template() string { return "roster" }

// RosterRow is one person of a Roster.
type RosterRow struct {
	ID         string
	Name, Note string
	Fields     []Component
	// Error stands above the fields where it belongs to none of them; ErrorID is what the summary links to.
	Error, ErrorID string
	Mark           Component
}

// Well sets what belongs together on a sunken ground.
type Well struct{ Body []any }

func (Well) template() string { return "well" }

// More folds away what is not needed at first: people who are ready, fine print.
type More struct {
	Label string
	Open  bool
	Body  []any
}

func (More) template() string { return "more" }
