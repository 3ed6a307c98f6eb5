package console

import (
	"context"
	"io"

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

// Report is what the guard against fraud let through and refused.
type Report struct {
	guard.Report
	Confirmed, Unconfirmed guard.Day       // the pots of today
	Refusals               []guard.Refusal // newest first, at most 50
	Now                    int64           // micros
}

// GuardReport reads it, for so many days, today included (1 to 400).
func (m *Room) GuardReport(ctx context.Context, db *store.DB, who access.Actor, days int) (r Report, err error) {
	if err := operator.MustOperate(who); err != nil {
		return r, err
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		r = Report{Now: tx.Now}
		if r.Report, err = guard.Read(tx, days); err != nil {
			return err
		}
		if r.Confirmed, err = guard.Today(tx, "confirmed"); err != nil {
			return err
		}
		if r.Unconfirmed, err = guard.Today(tx, "unconfirmed"); err != nil {
			return err
		}
		r.Refusals, err = guard.Refusals(tx, r.From, 50)
		return err
	})
	return r, err
}
