package contact

import (
	"watchword/base/id"
)

// Topic wakes the workers of this process.
const (
	topicImport = "contact.import"
	topicExport = "contact.export"
)

// ImportState is where an import stands.
type ImportState string

const (
	Uploading ImportState = "uploading" // the file is being received
	Uploaded  ImportState = "uploaded"  // waits for its mapping and start
	Reading   ImportState = "reading"   // rows are read and sorted
	Merging   ImportState = "merging"   // contacts are made
	Indexing  ImportState = "indexing"  // names and addresses are made findable
	Closing   ImportState = "closing"   // the report is put together
	Done      ImportState = "done"
	Broken    ImportState = "broken" // Reason says why; what Counts tells was done
	Discarded ImportState = "discarded"
)

// Running says whether a worker has something to do.
func (s ImportState) Running() bool {
	return s == Reading || s == Merging || s == Indexing || s == Closing
}

// Column says what a column of the file holds. A further field is "field:" and its name.
type Column string

const (
	Ignored     Column = ""
	ColNumber   Column = "number"
	ColFirst    Column = "first_name"
	ColLast     Column = "last_name"
	ColName     Column = "name" // both names; cut at the last space, or at a comma when the last name comes first
	ColEmail    Column = "email"
	ColNotes    Column = "notes"
	ColOptOut   Column = "opted_out" // yes: said STOP, and stays opted out here too
	FieldPrefix        = "field:"
)

// Field is the column of a further field.
func Field(name string) Column { return Column(FieldPrefix + name) }

// Duplicates says what happens to a number that is a contact already (CL8). A number that stands twice in the file counts
// once, in its first row.
type Duplicates string

const (
	Skip      Duplicates = "skip"
	Overwrite Duplicates = "overwrite" // a blank cell keeps the old value (CL11)
)

// Mapping says how a file is to be read.
type Mapping struct {
	Columns    []Column // one for each column of the file; exactly one is the number
	Header     bool     // the first row names the columns
	Duplicates Duplicates
	List       ListID // to add everybody to; may be empty
	Country    string // two letters, of numbers without a country code
	Consent    bool   // the person states that these people agreed to be written to (CL7)
}

// Verdict is what became of one row (CL9). The counts of all verdicts add up to the rows.
type Verdict string

const (
	VerdictImported     Verdict = "imported"
	VerdictUpdated      Verdict = "updated"
	VerdictSkipped      Verdict = "skipped" // a contact already, or the number stands further up
	VerdictInvalid      Verdict = "invalid"
	VerdictUnsubscribed Verdict = "unsubscribed" // kept as a contact, but said STOP before and gets nothing (CL10)
)

// Verdicts lists all verdicts.
func Verdicts() []Verdict {
	return []Verdict{VerdictImported, VerdictUpdated, VerdictSkipped, VerdictInvalid, VerdictUnsubscribed}
}

// About is what was found out about a file.
type About struct {
	Format    string     // "CSV" or "Excel"
	Encoding  string     // "UTF-8", "UTF-16", "Windows-1252"
	Separator string     // of a CSV: ",", ";", "tab" or "|"
	Columns   []string   // the names of the header, or "Column A", …; doubled ones with a number behind
	Sample    [][]string // the first rows, without the header; at most SampleRows
	Notes     []string   // what is odd, in words: doubled columns, numbers shortened by a spreadsheet
	Guess     Mapping
}

// SampleRows is how many rows of a file are shown before the import begins.
const SampleRows = 5

// Import is one file brought in.
type Import struct {
	ID         string
	Name       string // of the file
	Size       int64  // octets
	State      ImportState
	About      About
	Mapping    Mapping
	By         id.Profile
	ByName     string
	Created    int64 // micros
	Started    int64
	Finished   int64
	Rows       int64             // of the file, without header and empty rows
	Handled    int64             // rows that have their verdict
	Percent    int               // of the work, 0 to 100
	Counts     map[Verdict]int64 // by verdict; add up to Handled
	Reason     string            // why it is Broken, or what it waits for
	ListName   string            // of Mapping.List; empty when there is none, or no longer
	Reportable bool              // Report has something to say
}
