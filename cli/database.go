package cli

import (
	"context"
	"fmt"
	"strings"

	"watchword/base/store"
	"watchword/house"
)

type databaseCommand struct {
	Copy databaseCopy `cmd:"" help:"Move a stopped installation from SQLite to PostgreSQL, or back, and verify every table."`
}

type databaseCopy struct {
	withConfig
	From string `help:"Database to copy. Default: the configured one." placeholder:"ADDRESS" env:"WATCHWORD_COPY_FROM"`
	To   string `help:"Empty database to copy into: postgres://… or sqlite:FILE. An address with a password is better given in the environment." required:"" placeholder:"ADDRESS" env:"WATCHWORD_COPY_TO"`
}

// Validate refuses what is no address of a database.
func (d *databaseCopy) Validate() error {
	for option, address := range map[string]string{"--from": d.From, "--to": d.To} {
		if scheme, rest, _ := strings.Cut(address, ":"); address != "" && (rest == "" || scheme != "sqlite" && scheme != "postgres" && scheme != "postgresql") {
			return fmt.Errorf("%s should be sqlite:FILE or postgres://user@host/name", option)
		}
	}
	return nil
}

// Run copies and verifies, telling each table as it comes.
func (d *databaseCopy) Run(ctx context.Context, t *Terminal) error {
	c, err := d.load()
	if err != nil {
		return err
	}
	from := d.From
	if from == "" {
		from = c.Database
	}
	tables, rows := 0, int64(0)
	chains, err := house.CopyDatabase(ctx, c, from, d.To, func(s store.CopyStep) {
		switch {
		case s.Verified:
			tables, rows = tables+1, rows+s.Rows
			t.say("verified  %-30s %12d rows, checksum %s", s.Table, s.Rows, s.Sum[:16])
		case s.Done:
			t.say("copied    %-30s %12d rows", s.Table, s.Rows)
		default:
			t.say("          %-30s %12d rows so far", s.Table, s.Rows)
		}
	})
	if err != nil {
		return err
	}
	t.say("%s in %s were copied, read back from both databases, and agree.", counted(rows, "row"), counted(tables, "table"))
	if len(chains.Broken) > 0 {
		for _, broken := range chains.Broken {
			t.say("BROKEN  %s", broken)
		}
		t.say("%d of %s of the audit log does not hold, here as in the source. Keep both databases and find out who changed it.", len(chains.Broken), counted(chains.Streams, "stream"))
		return failed
	}
	t.say("The audit log holds: %s in %s.", counted(chains.Lines, "line"), counted(chains.Streams, "stream"))
	t.say("Now name the new database as \"database\" in %s and start the server. The old one was not changed; keep it until you are sure, then delete it.", d.Config)
	return nil
}
