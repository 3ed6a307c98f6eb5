package contact

import (
	"context"
	"io"

	"watchword/base/access"
	"watchword/base/id"
	"watchword/base/problem"
	"watchword/base/store"
)

func unbuilt() error {
	return problem.Unavailable("not_built", "This does not work yet.", nil)
}

// Upload receives a file, CSV or Excel, without ever holding it in memory, and says what is in it. Nothing is imported
// until Start.
func (r *Room) Upload(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, name string, file io.Reader) (Import, error) {
	return Import{}, unbuilt()
}

// Start begins an import in the background (CL12). Errors name the fields column-N (from 0), duplicates, list, country
// and consent. Starting twice starts once.
func (r *Room) Start(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, im string, m Mapping) (Import, error) {
	return Import{}, unbuilt()
}

// Discard drops a file that was not started.
func (r *Room) Discard(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, im string) error {
	return unbuilt()
}

// Progress is where an import stands.
func (r *Room) Progress(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, im string) (Import, error) {
	return Import{}, unbuilt()
}

// Imports are the newest first, at most 100, without samples.
func (r *Room) Imports(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) ([]Import, error) {
	return nil, unbuilt()
}

// Report writes what became of each row of a finished import, as CSV: row, verdict, reason, and the cells of the rows that
// were not taken (CL9). Nothing is written when an error comes back.
func (r *Room) Report(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, im string, w io.Writer) error {
	return unbuilt()
}

// Quote counts what an export would hold.
func (r *Room) Quote(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, f Filter, fields []Column) (Quote, error) {
	return Quote{}, unbuilt()
}

// Ask asks for a file of contacts (CL15). It spends a grant for exactly these: session, filter, fields and number of rows
// (decisions 27, TD8, TD9); without one it answers problem.NeedsCode with the action "contacts_export" and the digest of
// Quote. The file is written in the background.
func (r *Room) Ask(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, f Filter, fields []Column) (Export, error) {
	return Export{}, unbuilt()
}

// ExportFields are the columns that can be taken out: the fixed ones, then the further fields that contacts have.
func (r *Room) ExportFields(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) ([]Column, error) {
	return nil, unbuilt()
}

// Exports are the organisation's, newest first, at most 100.
func (r *Room) Exports(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation) ([]Export, error) {
	return nil, unbuilt()
}

// ExportOf is one export. People other than who asked see it, but not its file.
func (r *Room) ExportOf(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, export string) (Export, error) {
	return Export{}, unbuilt()
}

// File is an exported file about to be sent.
type File struct {
	Name   string
	Size   int64
	SHA256 string
	write  func(io.Writer) error
}

// WriteTo sends the file, part by part.
func (f File) WriteTo(w io.Writer) (int64, error) { return f.Size, f.write(w) }

// Download opens an exported file for the person who asked for it; it spends a grant bound to this file (TD10). To
// everybody else it is not there.
func (r *Room) Download(ctx context.Context, db *store.DB, who access.Actor, org id.Organisation, export string) (File, error) {
	return File{}, unbuilt()
}

// Run works on imports and exports until ctx ends. Any number of processes may run it.
func (r *Room) Run(ctx context.Context, db *store.DB) error {
	<-ctx.Done()
	return nil
}
