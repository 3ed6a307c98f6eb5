// Package contact is the people an organisation writes to: contacts and their lists, files brought in and taken out
// (features.md section 7). It is made for a million contacts in one organisation: every page is read by its place in a
// sorted order, files are handled in sorted batches, and no write holds up the people who wait for theirs.
package contact

import (
	"fmt"
	"log/slog"
	"strconv"

	"watchword/account/notice"
	"watchword/base/audit"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/secret"
	"watchword/base/store"
	"watchword/messaging/optout"
)

// ID is a contact's: CT and 32 hex digits, the first half of them the organisation's.
type ID string

// ListID is a list's: CL and 32 hex digits, the first half of them the organisation's.
type ListID string

// Contact is one person to write to (CL1).
type Contact struct {
	ID       ID
	Number   string // E.164, "+447700900123"; each stands once in an organisation (CL2)
	First    string
	Last     string
	Email    string
	Fields   map[string]string // further fields by name
	Notes    string
	Lists    []ListID
	OptedOut bool  // said STOP to the organisation; no change to the contact undoes it (CL10)
	Created  int64 // micros
	Updated  int64 // micros
}

// Name is both names, or the empty string.
func (c Contact) Name() string { return joined(c.First, c.Last) }

// List is a list of contacts (CL4). A contact may be in many.
type List struct {
	ID       ListID
	Name     string
	Contacts int64
	Created  int64 // micros
}

// Limits.
const (
	MaxNumberOfLists = 1000 // in an organisation
	MaxListsOf       = 50   // of one contact
	MaxName          = 100  // code points of a first name, a last name, or a list's name
	MaxEmail         = 254  // octets (RFC 5321 §4.5.3.1.3)
	MaxNotes         = 2000 // code points
	MaxFields        = 30   // further fields of one contact
	MaxFieldName     = 50   // code points
	MaxFieldValue    = 500  // code points
	MaxAtOnce        = 1000 // contacts in one change
)

// Room keeps contacts. Make it with New; safe for concurrent use.
type Room struct {
	Ring     *secret.Ring
	Log      *audit.Log
	Optouts  *optout.List
	Post     *notice.Post
	Product  string // names the product in receipts
	Faults   *slog.Logger
	Settings Settings

	reads   allowances
	process string
	bounds  bounds
}

// bounds are what is sorted in memory at once.
type bounds struct{ runRows, runOctets, sortOps, sortOctets, piece int }

// Options of a room. Faults may be nil.
type Options struct {
	Ring     *secret.Ring
	Log      *audit.Log
	Post     *notice.Post
	Product  string
	Faults   *slog.Logger
	Settings Settings
}

// Settings bound what is kept and read.
type Settings struct {
	FreeReads int64 // contacts a session may read through pages in a day before it must prove itself as for an export
	KeepFile  int64 // micros that an exported file can be downloaded
	KeepAsked int64 // micros that an uploaded file waits for its start
	MaxFile   int64 // octets of a file that is brought in
	MaxRows   int64 // rows of one; no more than fit into 32 bits
}

// Defaults: 1,000 contacts (decisions 27), 30 days (CL15), one day, 2 GB and 20,000,000 rows.
func Defaults() Settings {
	const day = 24 * 3600 * 1e6
	return Settings{FreeReads: 1000, KeepFile: 30 * day, KeepAsked: day, MaxFile: 2 << 30, MaxRows: 20_000_000}
}

// New makes a room.
func New(o Options) *Room {
	if o.Faults == nil {
		o.Faults = slog.New(slog.DiscardHandler)
	}
	return &Room{Ring: o.Ring, Log: o.Log, Optouts: &optout.List{Ring: o.Ring}, Post: o.Post, Product: o.Product, Faults: o.Faults,
		Settings: o.Settings, process: id.Token(12), bounds: bounds{runRows: 80_000, runOctets: 6 << 20, sortOps: 100_000, sortOctets: 5 << 20, piece: pieceSize}}
}

// half is the part of an organisation's id that the ids of its contacts and lists carry.
func half(org id.Organisation) string {
	if len(org) != 34 {
		return fmt.Sprintf("%016x", 0)
	}
	return string(org[18:])
}

func contactID(org id.Organisation, n int64) ID { return ID(fmt.Sprintf("CT%s%016x", half(org), n)) }
func listID(org id.Organisation, n int64) ListID {
	return ListID(fmt.Sprintf("CL%s%016x", half(org), n))
}

// ordinal is the number behind an id; another organisation's id is no id here (404).
func ordinal(letters, what string, org id.Organisation, s string) (int64, error) {
	if !id.Valid(letters, s) || s[2:18] != half(org) {
		return 0, problem.NotFound(what)
	}
	n, err := strconv.ParseInt(s[18:], 16, 64)
	if err != nil || n <= 0 {
		return 0, problem.NotFound(what)
	}
	return n, nil
}

func contactNumber(org id.Organisation, c ID) (int64, error) {
	return ordinal("CT", "contact", org, string(c))
}
func listNumber(org id.Organisation, l ListID) (int64, error) {
	return ordinal("CL", "list", org, string(l))
}

func joined(first, last string) string {
	switch {
	case first == "":
		return last
	case last == "":
		return first
	}
	return first + " " + last
}

// day of a time.
func day(now int64) int64 { return now / store.Micros(24*3600*1e9) }
