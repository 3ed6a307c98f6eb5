package contact

import (
	"watchword/base/id"
)

// ExportState is where an export stands.
type ExportState string

const (
	Waiting ExportState = "waiting"
	Writing ExportState = "writing"
	Ready   ExportState = "ready"
	Gone    ExportState = "gone"   // its 30 days are over; the receipt stays
	Failed  ExportState = "failed" // Reason says why
)

// Filter says which contacts. Both empty: all of them.
type Filter struct {
	List   ListID
	Search string // as in Query
}

// Quote is what an export would hold, for the page that asks for the code.
type Quote struct {
	Rows   int64
	Digest string // what the code is bound to: session, filter, fields and rows
	Words  string // "12,400 contacts": the Detail of the step-up
}

// Export is one file taken out (CL15).
type Export struct {
	ID           string
	State        ExportState
	Filter       Filter
	ListName     string
	Fields       []Column
	By           id.Profile
	ByName       string
	Factor       string // how the person proved to be one: "sms", "email" …
	Rows         int64
	Size         int64  // octets
	SHA256       string // of the file, hexadecimal
	Receipt      string // the signed record, one line of text
	Created      int64  // micros
	Finished     int64
	Expires      int64
	Downloads    int64
	Percent      int
	Reason       string
	Mine         bool   // only who asked may download (TD10)
	Digest       string // what the code of a download is bound to
	FileName     string
	Downloadable bool
}
