package house

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"watchword/base/audit"
	"watchword/base/config"
	"watchword/base/store"
)

// Chains says what became of the audit log in a copied database.
type Chains struct {
	Lines   int64
	Streams int
	Broken  []error // the chains that do not hold; they are the same in the source
}

// CopyDatabase moves a whole installation from one database to another of the other kind (store.Copy) and verifies the
// audit log in the new place. Neither may have a server running: a SQLite file is locked meanwhile, servers on
// PostgreSQL are known by their leases.
func CopyDatabase(ctx context.Context, c *config.Config, from, to string, tell func(store.CopyStep)) (Chains, error) {
	ring, err := openRing(c)
	if err != nil {
		return Chains{}, err
	}
	for _, database := range []string{from, to} {
		release, err := alone(database)
		if err != nil {
			return Chains{}, err
		}
		defer release()
	}
	if err := stopped(ctx, from); err != nil {
		return Chains{}, err
	}
	if err := ringFits(ctx, from, ring, c); err != nil {
		return Chains{}, err
	}
	if err := store.Copy(ctx, from, to, tell); err != nil {
		return Chains{}, err
	}
	return verify(ctx, to, &audit.Log{Ring: ring})
}

// stopped refuses a PostgreSQL database on which a server holds a lease.
func stopped(ctx context.Context, database string) error {
	if strings.HasPrefix(database, "sqlite:") {
		return nil
	}
	db, err := store.Open(ctx, store.Options{URL: database, NoMigrate: true, Connections: 1})
	if err != nil {
		return err
	}
	defer db.Close()
	var n int
	err = db.ReadOne(ctx, func(tx *store.Tx) error {
		return tx.QueryRow(`SELECT COUNT(*) FROM sms_process WHERE lease_until > $1`, tx.Now).Scan(&n)
	})
	if err != nil {
		return fmt.Errorf("the database cannot be read; is it one of Watchword? %w", err)
	}
	if n > 0 {
		return fmt.Errorf("a server runs on the database (%d of them), or was killed less than a minute ago: stop every server first", n)
	}
	return nil
}

func verify(ctx context.Context, database string, log *audit.Log) (out Chains, err error) {
	db, err := store.Open(ctx, store.Options{URL: database, NoMigrate: true, Connections: 2})
	if err != nil {
		return out, err
	}
	defer db.Close()
	var streams []string
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		streams, err = audit.Streams(tx)
		return err
	})
	if err != nil {
		return out, err
	}
	out.Streams = len(streams)
	for _, s := range streams {
		n, err := log.Verify(ctx, db, s)
		var broken audit.Broken
		switch {
		case errors.As(err, &broken):
			out.Broken = append(out.Broken, err)
		case err != nil:
			return out, err
		}
		out.Lines += n
	}
	return out, nil
}
