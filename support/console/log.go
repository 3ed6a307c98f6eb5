package console

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"watchword/account/operator"
	"watchword/base/access"
	"watchword/base/audit"
	"watchword/base/store"
	"watchword/code/guard"
)

// AuditPage is how many lines Audit gives at most.
const AuditPage = 50

// Audit reads the log of the whole installation, newest first; next is the Filter.Before of the following page, 0 at the
// end.
func (m *Room) Audit(ctx context.Context, db *store.DB, who access.Actor, f audit.Filter) (rows []audit.Row, next int64, err error) {
	if err := operator.MustOperate(who); err != nil {
		return nil, 0, err
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		rows, err = audit.List(tx, audit.System, f, AuditPage+1)
		return err
	})
	if len(rows) > AuditPage {
		rows = rows[:AuditPage]
		next = rows[AuditPage-1].Seq
	}
	return rows, next, err
}

// ExportAudit writes the filtered log as CSV; that it was exported is a line of it, written first.
func (m *Room) ExportAudit(ctx context.Context, db *store.DB, who access.Actor, f audit.Filter, w io.Writer) error {
	if err := operator.MustOperate(who); err != nil {
		return err
	}
	err := db.Write(ctx, func(tx *store.Tx) error {
		return m.Log.Record(tx, who, audit.Event{Kind: "audit.exported", Target: audit.System}, audit.System)
	})
	if err != nil {
		return err
	}
	return audit.Export(ctx, db, audit.System, f, w)
}

// Report is what the guard against fraud did: the pots of today, and what was refused and why.
type Report struct {
	Confirmed, Unconfirmed guard.Day
	Refusals               []guard.Refusal // newest first, at most 50
	Reasons                []Reason        // of the last 30 days' newest 1,000, most frequent first
	Now                    int64           // micros
}

// Reason is why sends were refused, and how often.
type Reason struct {
	Code  string
	Count int
}

// GuardReport reads it.
func (m *Room) GuardReport(ctx context.Context, db *store.DB, who access.Actor) (r Report, err error) {
	if err := operator.MustOperate(who); err != nil {
		return r, err
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		r = Report{Now: tx.Now}
		if r.Confirmed, err = guard.Today(tx, "confirmed"); err != nil {
			return err
		}
		if r.Unconfirmed, err = guard.Today(tx, "unconfirmed"); err != nil {
			return err
		}
		r.Refusals, err = guard.Refusals(tx, tx.Now-30*24*3600e6, 1000)
		return err
	})
	r.Reasons = reasons(r.Refusals)
	r.Refusals = r.Refusals[:min(len(r.Refusals), 50)]
	return r, err
}

// reasons counts them, the most frequent first.
func reasons(all []guard.Refusal) (out []Reason) {
	n := map[string]int{}
	for _, x := range all {
		n[x.Reason]++
	}
	for code, count := range n {
		out = append(out, Reason{code, count})
	}
	slices.SortFunc(out, func(a, b Reason) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Code, b.Code)) })
	return out
}
