package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"watchword/base/audit"
	"watchword/base/config"
	"watchword/base/store"
	"watchword/house"
)

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Check that no line was changed, removed or cut off."`
	Export auditExport `cmd:"" help:"Write a stream as CSV."`
	Prune  auditPrune  `cmd:"" help:"Delete lines older than is to be kept, leaving signed checkpoints."`
}

// openAudit opens what the log needs, and nothing else.
func openAudit(ctx context.Context, w withConfig) (*store.DB, *audit.Log, *config.Config, error) {
	c, err := w.load()
	if err != nil {
		return nil, nil, nil, err
	}
	db, ring, err := house.OpenExisting(ctx, c)
	return db, &audit.Log{Ring: ring}, c, err
}

func streams(ctx context.Context, db *store.DB, only string) (out []string, err error) {
	if only != "" {
		return []string{only}, nil
	}
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = audit.Streams(tx)
		return err
	})
	return out, err
}

type auditVerify struct {
	withConfig
	Stream string `help:"One stream: \"system\", or the id of an organisation or profile. Default: all."`
}

// Run walks the chains and fails when one does not hold.
func (a *auditVerify) Run(ctx context.Context, t *Terminal) error {
	db, log, _, err := openAudit(ctx, a.withConfig)
	if err != nil {
		return err
	}
	defer db.Close()
	list, err := streams(ctx, db, a.Stream)
	if err != nil {
		return err
	}
	bad, lines := 0, int64(0)
	for _, s := range list {
		n, err := log.Verify(ctx, db, s)
		var broken audit.Broken
		switch {
		case errors.As(err, &broken):
			bad++
			t.say("BROKEN  %s", err)
		case store.IsNoRows(err):
			return fmt.Errorf("there is no stream %s", s)
		case err != nil:
			return err
		}
		lines += n
	}
	if bad > 0 {
		t.say("%d of %s does not hold. Keep the database as it is and find out who changed it.", bad, counted(len(list), "stream"))
		return failed
	}
	t.say("%s in %s hold.", counted(lines, "line"), counted(len(list), "stream"))
	return nil
}

type auditExport struct {
	withConfig
	Stream string `help:"\"system\", or the id of an organisation or profile." default:"system"`
	To     string `help:"File to write; - writes to standard output." default:"-" placeholder:"FILE"`
	Kind   string `help:"Only events whose name begins so."`
	From   string `help:"Only from this day (2026-01-31)."`
	Until  string `help:"Only before this day."`
}

// Validate refuses what is no day.
func (a *auditExport) Validate() error {
	_, err := a.filter()
	return err
}

func (a *auditExport) filter() (f audit.Filter, err error) {
	f.Kind = a.Kind
	for _, x := range []struct {
		text string
		into *int64
	}{{a.From, &f.From}, {a.Until, &f.Until}} {
		if x.text == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, x.text)
		if err != nil {
			return f, fmt.Errorf("%q is no day; write it like 2026-01-31", x.text)
		}
		*x.into = day.UnixMicro()
	}
	return f, nil
}

// Run writes the lines, newest first.
func (a *auditExport) Run(ctx context.Context, t *Terminal) error {
	f, err := a.filter()
	if err != nil {
		return err
	}
	db, _, _, err := openAudit(ctx, a.withConfig)
	if err != nil {
		return err
	}
	defer db.Close()
	known, err := streams(ctx, db, "")
	if err != nil {
		return err
	}
	if a.Stream != audit.System && !slices.Contains(known, a.Stream) {
		return fmt.Errorf("there is no stream %s", a.Stream)
	}
	var w io.Writer = t.Out
	if a.To != "-" {
		file, err := os.OpenFile(a.To, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("the file cannot be written: %w", err)
		}
		defer file.Close()
		w = file
	}
	return audit.Export(ctx, db, a.Stream, f, w)
}

type auditPrune struct {
	withConfig
	Days int `help:"Keep so many days. Default: audit.keep of the configuration; fewer than 30 are refused."`
}

// Validate refuses to keep too little.
func (a *auditPrune) Validate() error {
	if a.Days != 0 && a.Days < 30 {
		return errors.New("keep at least 30 days: the log is how an intrusion is understood")
	}
	return nil
}

// Run prunes every stream.
func (a *auditPrune) Run(ctx context.Context, t *Terminal) error {
	db, log, c, err := openAudit(ctx, a.withConfig)
	if err != nil {
		return err
	}
	defer db.Close()
	keep := c.Audit.Keep
	if a.Days > 0 {
		keep = time.Duration(a.Days) * 24 * time.Hour
	}
	list, err := streams(ctx, db, "")
	if err != nil {
		return err
	}
	total := int64(0)
	for _, s := range list {
		var n int64
		err := db.Write(ctx, func(tx *store.Tx) (err error) {
			n, err = log.Prune(tx, s, tx.Now-store.Micros(keep))
			return err
		})
		if err != nil {
			return err
		}
		total += n
	}
	t.say("%s deleted; what is left still verifies.", counted(total, "line"))
	return nil
}
